#include <fmt/format.h>

#include "emit/markdown.h"
#include "emit/markdown_report.h"
#include "support/units.h"

namespace ddbplan::emit {
namespace {

std::string_view type_word(model::ValueType type) {
  switch (type) {
    case model::ValueType::ulid:
      return "ulid";
    case model::ValueType::ksuid:
      return "ksuid";
    case model::ValueType::uuid:
      return "uuid";
    case model::ValueType::string:
      return "string";
    case model::ValueType::integer:
      return "integer";
    case model::ValueType::number:
      return "number";
    case model::ValueType::boolean:
      return "boolean";
    case model::ValueType::binary:
      return "binary";
    case model::ValueType::timestamp:
      return "timestamp";
    case model::ValueType::epoch_s:
      return "epoch_s";
    case model::ValueType::epoch_ms:
      return "epoch_ms";
    case model::ValueType::date:
      return "date";
    case model::ValueType::set:
      return "set";
    case model::ValueType::list:
      return "list";
    case model::ValueType::map:
      return "map";
  }
  return "string";
}

/// Entities are nodes e0, e1, ... with their names as labels, so that any name can be drawn.
std::string node(model::EntityId entity) {
  return "e" + std::to_string(entity.index);
}

std::string attribute_line(const model::Entity& entity, const model::Attribute& attribute) {
  std::string line =
      fmt::format("    {} {}", type_word(attribute.type), mermaid_word(attribute.name));
  const bool is_identity = entity.is_identity(attribute.name);
  const bool is_foreign = attribute.origin == model::Origin::relation;
  if (is_identity) line += is_foreign ? " PK, FK" : " PK";
  if (!is_identity && is_foreign) line += " FK";
  if (mermaid_word(attribute.name) != attribute.name) line += " " + mermaid_label(attribute.name);
  return line + "\n";
}

std::string relation_lines(model::EntityId child, const model::Relation& relation) {
  std::string out;
  const bool is_optional = relation.optional || relation.present < 1 || relation.parents.size() > 1;
  for (const model::EntityId parent : relation.parents) {
    const std::string count = support::format_count(relation.children.mean) + " .. " +
                              support::format_count(relation.children.max);
    out += fmt::format("  {} {}--o{{ {} : {}\n", node(parent), is_optional ? "|o" : "||",
                       node(child), mermaid_label(count));
  }
  return out;
}

}  // namespace

std::string mermaid_entities(const model::Workload& workload) {
  std::string out = "erDiagram\n";
  for (std::size_t i = 0; i < workload.entities.size(); ++i) {
    const model::Entity& entity = workload.entities[i];
    out += fmt::format("  {}[{}] {{\n", node({i}), mermaid_label(entity.name));
    for (const model::Attribute& attribute : entity.attributes) {
      out += attribute_line(entity, attribute);
    }
    out += "  }\n";
  }
  for (std::size_t i = 0; i < workload.entities.size(); ++i) {
    for (const model::Relation& relation : workload.entities[i].relations) {
      out += relation_lines({i}, relation);
    }
  }
  return out;
}

}  // namespace ddbplan::emit
