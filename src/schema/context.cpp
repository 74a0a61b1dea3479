#include "schema/context.h"

#include <fmt/format.h>

#include "support/text.h"

namespace ddbplan::schema {

void Context::report(support::Diagnostic diagnostic) {
  const bool about_types = diagnostic.code == info(Code::type_mismatch).id ||
                           diagnostic.code == info(Code::unknown_value).id;
  if (!(uncertain_types && about_types)) diagnostics_.add(std::move(diagnostic));
}

std::optional<model::EntityId> Context::entity(std::string_view name, support::Span span) {
  if (const auto found = workload.find_entity(name)) return found;
  if (!entities_broken && !broken_entities.contains(name)) {
    report(Code::unknown_entity, span, fmt::format("there is no entity `{}`", name),
           suggestion(name, entity_names(), "entities"));
  }
  return std::nullopt;
}

std::vector<std::string> Context::entity_names() const {
  std::vector<std::string> names;
  for (const model::Entity& known : workload.entities) names.push_back(known.name);
  return names;
}

const Node* child(const Node& map, std::string_view key) {
  const Entry* entry = map.find(key);
  return entry == nullptr || entry->value.is_broken() ? nullptr : &entry->value;
}

bool has(const Node& map, std::string_view key) {
  return map.find(key) != nullptr;
}

std::optional<std::string> text(const Node& map, std::string_view key) {
  const Node* node = child(map, key);
  if (node == nullptr || !node->is_scalar()) return std::nullopt;
  return node->text;
}

std::optional<bool> flag(const Node& map, std::string_view key) {
  const std::optional<std::string> word = text(map, key);
  if (!word) return std::nullopt;
  return *word == "true";
}

std::vector<const Node*> scalars(const Node* node) {
  std::vector<const Node*> result;
  if (node == nullptr) return result;
  if (node->is_scalar()) result.push_back(node);
  for (const Node& item : node->items) {
    if (item.is_scalar()) result.push_back(&item);
  }
  return result;
}

std::string quoted(std::string_view name) {
  return fmt::format("`{}`", name);
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::vector<std::string> parts;
  parts.reserve(names.size());
  for (const std::string& name : names) parts.push_back(quoted(name));
  return support::join_list(parts);
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates,
                       std::string_view plural_noun) {
  if (const auto near = support::nearest(name, candidates))
    return fmt::format("Did you mean `{}`?", *near);
  // A long list would bury the message.
  constexpr std::size_t kListedMax = 12;
  if (candidates.empty()) return fmt::format("There are no {}.", plural_noun);
  if (candidates.size() > kListedMax) return {};
  return fmt::format("The {} are {}.", plural_noun, quoted_list(candidates));
}

}  // namespace ddbplan::schema
