#include "plan/key_spec.h"

#include <algorithm>
#include <cctype>

#include "dynamo/limits.h"
#include "plan/expressions.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using model::ValueType;

const Equality* find_fixed(const KeySpec& spec, std::string_view attribute) {
  for (const Equality& equality : spec.fixed) {
    if (equality.attribute == attribute) return &equality;
  }
  return nullptr;
}

bool is_numeric(ValueType type) {
  return type == ValueType::integer || type == ValueType::number || type == ValueType::epoch_s ||
         type == ValueType::epoch_ms;
}

bool has_delimiter_or_below(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) <= 0x24; });
}

void append_literal(design::KeyTemplate& key, const std::string& text) {
  if (text.empty()) return;
  if (!key.parts.empty()) {
    if (auto* last = std::get_if<design::Literal>(&key.parts.back())) {
      last->text += text;
      return;
    }
  }
  key.parts.emplace_back(design::Literal{text});
}

std::string constant_text(const dynamo::AttributeValue& value) {
  if (const std::string* text = value.as_string()) return *text;
  if (const dynamo::Decimal* number = value.as_number()) return number->to_string();
  if (const bool* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  return {};
}

/// customer_id -> CUSTOMER.
std::string attribute_literal(std::string_view attribute) {
  if (attribute.size() > 3 && attribute.substr(attribute.size() - 3) == "_id")
    attribute.remove_suffix(3);
  return literal_of(attribute);
}

}  // namespace

bool same_key(const KeySpec& a, const KeySpec& b) {
  const auto same_fixed = [](const Equality& x, const Equality& y) {
    return x.attribute == y.attribute && x.values == y.values;
  };
  return a.entity == b.entity && a.partition == b.partition && a.sort == b.sort &&
         a.inverted == b.inverted && a.required == b.required && a.lacking == b.lacking &&
         a.is_base == b.is_base && a.is_apart == b.is_apart && a.local == b.local &&
         a.natural_partition == b.natural_partition && a.natural_sort == b.natural_sort &&
         a.bucket_attribute == b.bucket_attribute && a.held == b.held &&
         (a.bucket_attribute.empty() || a.bucket == b.bucket) &&
         std::equal(a.fixed.begin(), a.fixed.end(), b.fixed.begin(), b.fixed.end(), same_fixed);
}

void add_key(std::vector<KeySpec>& keys, KeySpec key) {
  const bool is_known =
      std::any_of(keys.begin(), keys.end(), [&](const KeySpec& k) { return same_key(k, key); });
  if (!is_known) keys.push_back(std::move(key));
}

std::string to_string(const KeySpec& spec) {
  std::vector<std::string> partition = spec.partition;
  if (!spec.bucket_attribute.empty()) partition.push_back(spec.bucket_attribute + " in buckets");
  std::string text = partition.empty() ? "one partition" : "by " + support::join_list(partition);
  std::vector<std::string> sort = spec.sort;
  for (std::string& name : sort) {
    if (support::contains(spec.inverted, name)) name += " descending";
  }
  if (spec.is_apart) text += " in collections of its own";
  if (!sort.empty()) text += ", sorted by " + support::join(sort, ", ");
  for (const Equality& fixed : spec.fixed) {
    std::vector<std::string> values;
    for (const auto& value : fixed.values) values.push_back(constant_text(value));
    text += ", only " + fixed.attribute + " = " + support::join(values, " | ");
  }
  for (const std::string& required : spec.required) text += ", only with " + required;
  for (const std::string& lacking : spec.lacking) text += ", only without " + lacking;
  if (spec.local) text += " (local)";
  return text;
}

KeyUse key_use(const model::Entity& entity, std::string_view name) {
  const model::Attribute* attribute = entity.find(name);
  if (attribute == nullptr) return KeyUse::never;
  switch (attribute->type) {
    case ValueType::number:
      return KeyUse::alone;  // a decimal without a declared scale has no padded text that orders
    case ValueType::binary:
    case ValueType::set:
    case ValueType::list:
    case ValueType::map:
      return KeyUse::never;
    default:
      return KeyUse::anywhere;
  }
}

bool can_be_inverted(const model::Entity& entity, std::string_view name) {
  const model::Attribute* attribute = entity.find(name);
  if (attribute == nullptr || attribute->absent) return false;
  switch (attribute->type) {
    case ValueType::integer:
    case ValueType::epoch_s:
    case ValueType::epoch_ms:
      return true;
    default:
      return attribute->type == ValueType::string && !attribute->values.empty();
  }
}

bool sorts_by_number(const model::Workload& workload, const KeySpec& spec) {
  if (spec.is_base || spec.sort.size() != 1 || !spec.inverted.empty()) return false;
  const std::string& name = spec.sort.front();
  const model::Attribute* attribute = workload.entity(spec.entity).find(name);
  if (attribute == nullptr || !is_numeric(attribute->type) || attribute->absent) return false;
  // An item whose attribute has another type than the key of an index is refused, whether it is in the index or not
  // (PutItem API, "Type mismatch for Index Key"), and in a local index stands whatever has the attribute.
  return std::all_of(workload.entities.begin(), workload.entities.end(),
                     [&](const model::Entity& entity) {
                       const model::Attribute* other = entity.find(name);
                       if (other == nullptr || other == attribute) return true;
                       return is_numeric(other->type) && !spec.local;
                     });
}

design::Field key_field(const model::Entity& entity, const std::string& name, bool last) {
  design::Field field;
  field.attribute = name;
  const model::Attribute* attribute = entity.find(name);
  if (attribute == nullptr) return field;
  field.absent = attribute->absent;
  switch (attribute->type) {
    case ValueType::integer:
      field.encoding = design::Encoding::pad;
      // A stored number of n bytes has at most 2 (n - 1) digits (see Decimal::stored_bytes).
      field.width = std::clamp(2 * (static_cast<int>(attribute->bytes.max) - 1), 4, 38);
      break;
    case ValueType::epoch_s:
      field.encoding = design::Encoding::pad;
      field.width = 10;
      break;
    case ValueType::epoch_ms:
      field.encoding = design::Encoding::pad;
      field.width = 13;
      break;
    case ValueType::string: {
      const bool safe =
          !attribute->values.empty() &&
          std::none_of(attribute->values.begin(), attribute->values.end(),
                       [](const model::EnumValue& v) { return has_delimiter_or_below(v.name); });
      if (!last && !safe) field.encoding = design::Encoding::escape;
      break;
    }
    default:
      break;  // fixed width, or text of letters and digits
  }
  return field;
}

std::string literal_of(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool starts_word =
        std::isupper(c) != 0 && i > 0 && std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
    if (starts_word) out += '_';
    out += std::isalnum(c) != 0 ? static_cast<char>(std::toupper(c)) : '_';
  }
  return out;
}

std::string entry_literal(const model::Workload& workload, const KeySpec& spec) {
  if (!spec.sort_literal.empty()) return spec.sort_literal;
  const bool shares_partition = spec.local || partition_owner(workload, spec).has_value();
  return shares_partition || spec.sort.empty() ? literal_of(workload.entity(spec.entity).name)
                                               : std::string();
}

model::ExpressionPtr membership(const KeySpec& spec) {
  model::ExpressionPtr when;
  for (const Equality& fixed : spec.fixed)
    when = conjunction(when, equals_any(fixed.attribute, fixed.values));
  for (const std::string& required : spec.required) when = conjunction(when, exists(required));
  for (const std::string& lacking : spec.lacking) when = conjunction(when, missing(lacking));
  return when;
}

std::optional<model::EntityId> partition_owner(const model::Workload& workload,
                                               const KeySpec& spec) {
  const model::Entity& entity = workload.entity(spec.entity);
  const auto without_tenant = [&](const std::vector<std::string>& names) {
    std::vector<std::string> rest;
    for (const std::string& name : names) {
      if (!workload.settings.tenant || name != *workload.settings.tenant) rest.push_back(name);
    }
    return rest;
  };
  if (spec.is_apart || !spec.fixed.empty() || !spec.bucket_attribute.empty()) return std::nullopt;
  const std::vector<std::string> wanted = without_tenant(spec.partition);
  if (wanted.empty()) return std::nullopt;
  if (wanted == without_tenant(entity.id)) return spec.entity;
  for (const model::Relation& relation : entity.relations) {
    if (relation.parents.size() == 1 && wanted == without_tenant(relation.attributes))
      return relation.parents.front();
  }
  return std::nullopt;
}

namespace {

design::KeyTemplate partition_template(const model::Workload& workload, const KeySpec& spec,
                                       bool sharded) {
  const model::Entity& entity = workload.entity(spec.entity);
  design::KeyTemplate key;
  std::vector<std::string> rest = spec.partition;
  const std::optional<std::string>& tenant = workload.settings.tenant;
  const bool has_tenant = tenant && !rest.empty() && rest.front() == *tenant;
  if (has_tenant) rest.erase(rest.begin());
  const bool more = !rest.empty() || !spec.bucket_attribute.empty() || sharded || !spec.is_base;
  if (has_tenant) {
    append_literal(key, attribute_literal(*tenant) + "#");
    key.parts.emplace_back(key_field(entity, *tenant, !more));
    if (more) append_literal(key, "#");
  }
  const auto owner = partition_owner(workload, spec);
  const bool tail = !spec.bucket_attribute.empty() || sharded;
  if (owner) {
    append_literal(key, literal_of(workload.entity(*owner).name));
  } else if (!(has_tenant && rest.empty() && spec.is_base)) {
    append_literal(key, literal_of(entity.name));
  }
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const Equality* fixed = find_fixed(spec, rest[i]);
    append_literal(key, "#");
    if (fixed != nullptr && fixed->values.size() == 1) {
      append_literal(key, constant_text(fixed->values.front()));
      continue;
    }
    if (!owner) append_literal(key, attribute_literal(rest[i]) + "#");
    key.parts.emplace_back(key_field(entity, rest[i], i + 1 == rest.size() && !tail));
  }
  if (!spec.bucket_attribute.empty()) {
    append_literal(key, "#");
    design::Field field = key_field(entity, spec.bucket_attribute, !sharded);
    field.encoding = design::Encoding::truncate;
    field.unit = spec.bucket;
    key.parts.emplace_back(std::move(field));
  }
  if (sharded) {
    append_literal(key, "#");
    key.parts.emplace_back(design::ShardField{});
  }
  return key;
}

/// An enum orders by its ranks; its names serve as they are when they happen to sort the same way.
void order_by_rank(const model::Entity& entity, bool inverted, design::Field& field) {
  const model::Attribute* attribute = entity.find(field.attribute);
  if (attribute == nullptr || attribute->type != ValueType::string || attribute->values.empty())
    return;
  std::vector<model::EnumValue> values = attribute->values;
  std::stable_sort(
      values.begin(), values.end(),
      [](const model::EnumValue& a, const model::EnumValue& b) { return a.rank < b.rank; });
  if (inverted) std::reverse(values.begin(), values.end());
  for (const model::EnumValue& value : values) field.ranks.push_back(value.name);
  if (std::is_sorted(field.ranks.begin(), field.ranks.end())) {
    field.ranks.clear();
    return;
  }
  field.encoding = design::Encoding::rank;
  field.width = static_cast<int>(std::to_string(values.size()).size());
}

/// A key attribute for each attribute, of its name and type.
std::vector<design::KeyTemplate> attributes_as_keys(const model::Entity& entity,
                                                    const std::vector<std::string>& names) {
  std::vector<design::KeyTemplate> out;
  for (const std::string& name : names) {
    const model::Attribute* attribute = entity.find(name);
    const bool number = attribute != nullptr && is_numeric(attribute->type);
    design::Field field;
    field.attribute = name;
    if (number) field.encoding = design::Encoding::number;
    out.push_back({{field}, number ? dynamo::ScalarType::N : dynamo::ScalarType::S});
  }
  return out;
}

design::KeyTemplate sort_template(const model::Workload& workload, const KeySpec& spec,
                                  const std::string& literal) {
  const model::Entity& entity = workload.entity(spec.entity);
  design::KeyTemplate key;
  append_literal(key, literal);
  for (std::size_t i = 0; i < spec.sort.size(); ++i) {
    if (!key.parts.empty()) append_literal(key, "#");
    const bool inverted = support::contains(spec.inverted, spec.sort[i]);
    design::Field field = key_field(entity, spec.sort[i], i + 1 == spec.sort.size());
    order_by_rank(entity, inverted, field);
    if (inverted && field.encoding == design::Encoding::pad)
      field.encoding = design::Encoding::invert;
    key.parts.emplace_back(std::move(field));
  }
  return key;
}

}  // namespace

design::Field key_field_in_order(const model::Entity& entity, const std::string& attribute,
                                 bool inverted) {
  design::Field field = key_field(entity, attribute, true);
  order_by_rank(entity, inverted, field);
  return field;
}

KeyTemplates templates_of(const model::Workload& workload, const KeySpec& spec, bool sharded,
                          const std::string& sort_literal) {
  KeyTemplates out;
  const model::Entity& entity = workload.entity(spec.entity);
  if (spec.made_partition) {
    design::KeyTemplate made = *spec.made_partition;
    if (sharded) {
      // What was last is followed by the shard now.
      if (auto* last = std::get_if<design::Field>(&made.parts.back()))
        *last = key_field(entity, last->attribute, false);
      append_literal(made, "#");
      made.parts.emplace_back(design::ShardField{});
    }
    out.partition = {std::move(made)};
  } else if (spec.natural_partition && !sharded) {
    out.partition = attributes_as_keys(entity, spec.partition);
  } else {
    out.partition = {partition_template(workload, spec, sharded)};
  }
  if (spec.made_sort) {
    out.sort = {*spec.made_sort};
    return out;
  }
  if (spec.natural_sort || sorts_by_number(workload, spec)) {
    out.sort = attributes_as_keys(entity, spec.sort);
    return out;
  }
  design::KeyTemplate sort = sort_template(workload, spec, sort_literal);
  if (!sort.parts.empty()) out.sort = {std::move(sort)};
  return out;
}

}  // namespace ddbplan::plan
