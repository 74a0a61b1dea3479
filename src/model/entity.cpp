#include "model/entity.h"

#include <algorithm>

#include "support/text.h"

namespace ddbplan::model {

const Attribute* Entity::find(std::string_view attribute) const {
  const auto found =
      std::find_if(attributes.begin(), attributes.end(),
                   [attribute](const Attribute& candidate) { return candidate.name == attribute; });
  return found == attributes.end() ? nullptr : &*found;
}

bool Entity::is_in_facet(std::string_view attribute) const {
  return std::find(facet.begin(), facet.end(), attribute) != facet.end();
}

bool is_time(ValueType type) {
  return type == ValueType::timestamp || type == ValueType::date || type == ValueType::epoch_s ||
         type == ValueType::epoch_ms;
}

bool is_id(ValueType type) {
  return type == ValueType::ulid || type == ValueType::ksuid || type == ValueType::uuid;
}

bool Entity::is_own_id(std::string_view attribute_name) const {
  const Attribute* attribute = find(attribute_name);
  if (attribute == nullptr || !is_id(attribute->type) || !is_identity(attribute_name)) return false;
  // A rollup's rows have ids of other rows.
  if ((attribute_name == tenant || rollup) && id.size() > 1) return false;
  return std::none_of(relations.begin(), relations.end(), [&](const Relation& relation) {
    const std::vector<std::string>& of = relation.attributes;
    return std::find(of.begin(), of.end(), attribute_name) != of.end();
  });
}

bool Entity::is_last_part(std::string_view attribute_name) const {
  const Attribute* attribute = find(attribute_name);
  if (attribute == nullptr || id.size() < 2 || id.back() != attribute_name) return false;
  return attribute->origin != Origin::relation && attribute->origin != Origin::tenant &&
         attribute->values.empty() && !attribute->sequence_per && !is_id(attribute->type) &&
         !is_time(attribute->type);
}

bool Entity::is_one_row(const std::set<std::string>& attributes_given) const {
  const auto covers = [&](const std::vector<std::string>& names) {
    return !names.empty() && std::all_of(names.begin(), names.end(), [&](const std::string& one) {
      return attributes_given.contains(one);
    });
  };
  return singleton || covers(id) ||
         std::any_of(unique.begin(), unique.end(),
                     [&](const Unique& one) { return covers(one.attributes); }) ||
         std::any_of(attributes_given.begin(), attributes_given.end(), [&](const std::string& one) {
           const Attribute* attribute = find(one);
           if (attribute == nullptr) return false;
           const auto& scope = attribute->sequence_per;
           return attribute->distinct_all || is_own_id(one) ||
                  (scope && attributes_given.contains(*scope));
         });
}

bool Entity::is_identity(std::string_view attribute) const {
  return std::find(id.begin(), id.end(), attribute) != id.end();
}

const Relation* Entity::relation_by(std::string_view attribute) const {
  for (const Relation& relation : relations) {
    if (way_of(relation) == attribute) return &relation;
  }
  for (const Relation& relation : relations) {
    if (support::contains(relation.attributes, attribute)) return &relation;
  }
  return nullptr;
}

const std::string& Entity::way_of(const Relation& relation) {
  static const std::string kNone;
  return relation.attributes.empty() ? kNone : relation.attributes.back();
}

std::vector<EntityId> name_space(EntityId entity, const Unique& unique) {
  std::vector<EntityId> out = unique.across;
  out.push_back(entity);
  std::sort(out.begin(), out.end());
  return out;
}

std::optional<TimeUnit> bucket_of(const Entity& entity, const std::string& attribute) {
  const Attribute* declared = entity.find(attribute);
  if (!entity.rollup || declared == nullptr || declared->type != ValueType::timestamp)
    return std::nullopt;
  for (const Rollup::By& by : entity.rollup->by) {
    const auto* cut = std::get_if<Truncate>(&by.from->node);
    if (by.name == attribute && cut != nullptr) return cut->unit;
  }
  return std::nullopt;
}

dynamo::AttributeValue enum_value(const Attribute& attribute, const std::string& name) {
  switch (attribute.type) {
    case ValueType::boolean:
      return dynamo::AttributeValue::boolean(name == "true");
    case ValueType::integer:
    case ValueType::number:
    case ValueType::epoch_s:
    case ValueType::epoch_ms: {
      const auto number = dynamo::Decimal::parse(name);
      return number ? dynamo::AttributeValue::number(*number)
                    : dynamo::AttributeValue::string(name);
    }
    default:
      return dynamo::AttributeValue::string(name);
  }
}

}  // namespace ddbplan::model
