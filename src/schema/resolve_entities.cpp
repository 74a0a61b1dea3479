#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "schema/checks.h"
#include "schema/resolve.h"
#include "schema/resolve_attribute.h"

namespace ddbplan::schema {
namespace {

using model::Entity;
using model::EntityId;

class EntityReader {
 public:
  EntityReader(Context& context, EntityId id)
      : context_(context),
        entity_(context.at(id)),
        draft_(context.draft(id)),
        node_(draft_.entry->value),
        path_("entities." + draft_.entry->key) {}

  void read() {
    if (const auto about = text(node_, "about")) entity_.about = *about;
    entity_.singleton = flag(node_, "singleton").value_or(false);
    entity_.shared = flag(node_, "shared").value_or(false);
    const auto& tenant = context_.workload.settings.tenant;
    if (tenant && !entity_.shared) entity_.tenant = *tenant;
    read_identity();
    read_attributes();
    read_numbers();
    read_unique();
    read_retention();
  }

 private:
  void read_identity() {
    for (const Node* name : scalars(child(node_, "id"))) {
      if (std::find(entity_.id.begin(), entity_.id.end(), name->text) != entity_.id.end()) {
        context_.report(
            Code::name_taken, name->span,
            fmt::format("`{}` stands twice in the identity of `{}`", name->text, entity_.name));
        continue;
      }
      entity_.id.push_back(name->text);
    }
    // A rollup is identified by what it groups by.
    if (const Node* rollup = child(node_, "rollup"); rollup != nullptr && entity_.id.empty()) {
      if (const Node* by = child(*rollup, "by")) {
        for (const Entry& entry : by->entries) entity_.id.push_back(entry.key);
        for (const Node* name : scalars(by)) entity_.id.push_back(name->text);
      }
    }
    const bool has_identity = !entity_.id.empty();
    if (entity_.singleton && has_identity) {
      context_.report(
          Code::does_not_apply, child(node_, "id")->span,
          fmt::format("`{}` is a singleton: its one row needs no identity", entity_.name),
          "Remove `id`, or `singleton: true`.");
    } else if (!entity_.singleton && !has_identity && !draft_.incomplete) {
      context_.report(Code::missing_key, draft_.entry->key_span,
                      fmt::format("`{}` has no identity", entity_.name),
                      "Add `id: ATTRIBUTE` (or a list of them), or `singleton: true` for an entity "
                      "of one row.");
    }
    if (!entity_.tenant.empty() && !entity_.is_identity(entity_.tenant)) {
      entity_.id.insert(entity_.id.begin(), entity_.tenant);
    }
  }

  void read_attributes() {
    const Node* attributes = child(node_, "attributes");
    if (attributes == nullptr) return;
    for (const Entry& entry : attributes->entries) {
      entity_.attributes.push_back(resolve_attribute(context_, path_ + "." + entry.key, entry));
      draft_.attribute_nodes[entry.key] = &entry.value;
    }
    // `attributes: [name, price]`: every detail at its default.
    for (const Node* name : scalars(attributes)) {
      const Entry entry{name->text, name->span, Node{}};
      entity_.attributes.push_back(resolve_attribute(context_, path_ + "." + name->text, entry));
    }
  }

  void read_numbers() {
    const Node* count = child(node_, "count");
    if (const auto rows = value(count, parse_count)) {
      if (check_between(context_, *count, *rows, kRowsBounds)) draft_.count = *rows;
      draft_.count_span = count->span;
    }
    const Node* growth = child(node_, "growth");
    if (const auto share = value(growth, parse_growth)) {
      if (check_between(context_, *growth, *share * 100,
                        {-100, 1000, "percent of growth a month"})) {
        entity_.growth_per_month = *share;
        draft_.growth_given = true;
      }
    }
    const Node* size = child(node_, "size");
    if (const auto spread = value(size, parse_size)) {
      if (check_spread(context_, *size, *spread,
                       {1, kItemBytes, "bytes of one item", Code::absurd})) {
        entity_.size = complete(*spread, 512);
      }
    }
  }

  void read_unique() {
    const Node* node = child(node_, "unique");
    if (node == nullptr) return;
    if (node->is_scalar()) add_unique(*node, {node});
    for (const Node& element : node->items) {
      if (element.is_scalar()) add_unique(element, {&element});
      if (element.is_list()) add_unique(element, scalars(&element));
      if (element.is_map()) add_unique(element, scalars(child(element, "of")));
    }
  }

  void add_unique(const Node& element, const std::vector<const Node*>& names) {
    model::Unique unique;
    unique.span = element.span;
    for (const Node* name : names) unique.attributes.push_back(name->text);
    if (element.is_map()) unique.ignore_case = flag(element, "ignore_case").value_or(false);
    if (!unique.attributes.empty()) entity_.unique.push_back(std::move(unique));
  }

  void read_retention() {
    const Node* node = child(node_, "retention");
    const auto phrase = value(node, parse_retention);
    if (!phrase) return;
    model::Retention retention;
    retention.span = node->span;
    retention.base_attribute = phrase->attribute.text;
    if (!phrase->after) {
      retention.attribute = phrase->attribute.text;
    } else {
      const double seconds = phrase->after->resolve(context_.calendar).seconds;
      if (!check_between(
              context_, *node, seconds,
              {1, 1000 * support::kSecondsPerYear, "seconds of retention", Code::absurd})) {
        return;
      }
      retention.after = support::Duration{seconds};
      retention.attribute = "expires_at";
    }
    entity_.retention = std::move(retention);
  }

  Context& context_;
  Entity& entity_;
  EntityDraft& draft_;
  const Node& node_;
  std::string path_;
};

/// Is anything in there broken or taken out?
bool is_damaged(const Node& node) {
  if (node.is_broken() || node.pruned) return true;
  const bool in_items = std::any_of(node.items.begin(), node.items.end(), is_damaged);
  return in_items || std::any_of(node.entries.begin(), node.entries.end(),
                                 [](const Entry& entry) { return is_damaged(entry.value); });
}

void refuse_foreign_parts(Context& context, EntityId id) {
  Entity& entity = context.at(id);
  const Entry& entry = *context.draft(id).entry;
  const Node* rollup = child(entry.value, "rollup");
  if (rollup == nullptr) return;
  for (const std::string_view key : {"belongs_to", "attributes"}) {
    if (const Entry* there = entry.value.find(key)) {
      context.report(
          Code::does_not_apply, there->key_span,
          fmt::format("`{}` is a rollup: its `by` and `keep` say what it holds", entity.name),
          fmt::format("Remove `{}`.", key));
    }
  }
}

}  // namespace

void resolve_entities(Context& context, const Node& root) {
  const Node* map = child(root, "entities");
  context.entities_broken = map == nullptr;
  if (map == nullptr) return;
  // A name that could not be read may be the one that a pattern means.
  context.entities_broken = map->pruned;
  for (const Entry& entry : map->entries) {
    Entity entity;
    entity.name = entry.key;
    entity.span = entry.key_span;
    EntityDraft draft;
    draft.entry = &entry;
    draft.incomplete = entry.value.is_broken() || entry.value.pruned;
    for (const std::string_view key : {"attributes", "belongs_to", "id", "rollup", "retention"}) {
      const Entry* part = entry.value.find(key);
      if (part == nullptr || !is_damaged(part->value)) continue;
      // A broken type is taken for text; what does not fit that is no finding.
      context.uncertain_types = true;
      draft.incomplete =
          draft.incomplete || part->value.is_broken() || part->value.pruned || key == "belongs_to";
    }
    context.workload.entities.push_back(std::move(entity));
    context.entities.push_back(std::move(draft));
  }
  for (std::size_t i = 0; i < context.workload.entities.size(); ++i) {
    EntityReader(context, EntityId{i}).read();
    refuse_foreign_parts(context, EntityId{i});
  }
}

}  // namespace ddbplan::schema
