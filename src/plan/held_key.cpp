#include "plan/held_key.h"

#include <algorithm>

#include "plan/expressions.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

/// A template's written form, taken apart.
struct Written {
  std::string literal;  ///< before the first field, without the delimiter
  std::vector<std::string> fields;
  std::vector<std::string> inverted;
  std::string bucket_attribute;
  model::TimeUnit bucket = model::TimeUnit::day;
  bool sharded = false;
};

std::optional<model::TimeUnit> bucket_unit(std::string_view modifier) {
  using model::TimeUnit;
  if (modifier == "truncate:hour") return TimeUnit::hour;
  if (modifier == "truncate:day") return TimeUnit::day;
  if (modifier == "truncate:month") return TimeUnit::month;
  return std::nullopt;
}

constexpr std::string_view kInverted = "|invert:";

Written take_apart(const std::string& text) {
  Written out;
  const std::size_t first = std::min(text.find('{'), text.size());
  out.literal = text.substr(0, first);
  if (first < text.size() && out.literal.ends_with('#')) out.literal.pop_back();
  for (std::size_t at = first; at < text.size();) {
    const std::size_t end = std::min(text.find('}', at), text.size());
    const std::string field = text.substr(at + 1, end - at - 1);
    const std::size_t bar = std::min(field.find('|'), field.size());
    const std::string name = field.substr(0, bar);
    const auto unit =
        bar < field.size() ? bucket_unit(std::string_view(field).substr(bar + 1)) : std::nullopt;
    if (field == "shard") {
      out.sharded = true;
    } else if (unit) {
      out.bucket_attribute = name;
      out.bucket = *unit;
    } else {
      out.fields.push_back(name);
      if (field.compare(bar, kInverted.size(), kInverted) == 0) out.inverted.push_back(name);
    }
    at = std::min(text.find('{', end), text.size());
  }
  return out;
}

/// One text per key attribute: a design in generic style has no more.
const std::string* only(const std::vector<std::string>& templates) {
  return templates.size() == 1 ? &templates.front() : nullptr;
}

std::string missing_attribute(const model::Entity& entity, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (entity.find(name) == nullptr) return entity.name + " has no " + name + " any more";
  }
  return {};
}

/// The ranks that a template writes by are not in its text.
bool same_ranks(const design::EarlierKey& earlier, const KeyTemplates& now) {
  std::vector<design::KeyTemplate> all = now.partition;
  all.insert(all.end(), now.sort.begin(), now.sort.end());
  return ranks_of(all) == earlier.ranks;
}

/// The text of a key of one attribute on this side; "" when there is none.
std::string side_text(const std::vector<design::KeyTemplate>& keys) {
  return keys.empty() ? std::string() : design::to_string(keys.front());
}

std::string written(const KeyTemplates& keys) {
  return side_text(keys.partition) + (keys.sort.empty() ? "" : " / " + side_text(keys.sort));
}

/// A value of a sparse index as its `when` prints it.
std::optional<dynamo::AttributeValue> value_of(const model::Attribute& attribute,
                                               std::string text) {
  using model::ValueType;
  switch (attribute.type) {
    case ValueType::integer:
    case ValueType::number:
    case ValueType::epoch_s:
    case ValueType::epoch_ms: {
      auto number = dynamo::Decimal::parse(text);
      if (!number) return std::nullopt;
      return dynamo::AttributeValue::number(*number);
    }
    case ValueType::boolean:
      return dynamo::AttributeValue::boolean(text == "true");
    default:
      break;
  }
  const bool is_quoted = text.size() > 1 && text.front() == '\'' && text.back() == '\'';
  return dynamo::AttributeValue::string(is_quoted ? text.substr(1, text.size() - 2) : text);
}

/// "a = 1 | 2" and "exists(b)", joined by and: what `membership` prints. Splits outside quotes.
std::vector<std::string> split_outside_quotes(const std::string& text, std::string_view by) {
  std::vector<std::string> out(1);
  bool is_quoted = false;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_quoted && text.compare(at, by.size(), by) == 0) {
      out.emplace_back();
      at += by.size();
      continue;
    }
    if (text[at] == '\'') is_quoted = !is_quoted;
    out.back() += text[at++];
  }
  return out;
}

/// Fills `fixed`, `required` and `lacking`; false when the text is something else.
bool read_membership(const model::Entity& entity, const std::string& when, KeySpec& spec) {
  if (when.empty()) return true;
  for (const std::string& term : split_outside_quotes(when, " and ")) {
    if (term.starts_with("exists(") && term.ends_with(')')) {
      spec.required.push_back(term.substr(7, term.size() - 8));
      continue;
    }
    if (term.starts_with("missing(") && term.ends_with(')')) {
      spec.lacking.push_back(term.substr(8, term.size() - 9));
      continue;
    }
    const std::size_t sign = term.find(" = ");
    if (sign == std::string::npos) return false;
    Equality fixed{term.substr(0, sign), {}};
    const model::Attribute* attribute = entity.find(fixed.attribute);
    if (attribute == nullptr) return false;
    for (const std::string& text : split_outside_quotes(term.substr(sign + 3), " | ")) {
      auto value = value_of(*attribute, text);
      if (!value) return false;
      fixed.values.push_back(*std::move(value));
    }
    spec.fixed.push_back(std::move(fixed));
  }
  const model::ExpressionPtr again = membership(spec);
  return again && model::to_string(*again) == when;
}

/// The partition's attributes with those of a single value, which stand in it as literals, at every place.
void place_literals(const std::vector<std::string>& names, const std::vector<std::string>& single,
                    std::size_t next, std::vector<std::vector<std::string>>& out) {
  if (next == single.size()) {
    out.push_back(names);
    return;
  }
  for (std::size_t back = 0; back <= names.size(); ++back) {
    std::vector<std::string> more = names;
    more.insert(more.end() - static_cast<std::ptrdiff_t>(back), single[next]);
    place_literals(more, single, next + 1, out);
  }
}

bool is_written_so(const model::Workload& workload, const KeySpec& spec, bool sharded,
                   const design::EarlierKey& key) {
  const KeyTemplates now = templates_of(workload, spec, sharded, entry_literal(workload, spec));
  return !now.sort.empty() && (spec.local || side_text(now.partition) == key.partition.front()) &&
         side_text(now.sort) == key.sort.front() && same_ranks(key, now);
}

/// The literal if it stands the entity's entries beside those of their parent (see assemble.h); else empty.
std::string beside_parent(const model::Entity& entity, const std::string& literal) {
  return literal.ends_with("#" + literal_of(entity.name)) ? literal : std::string();
}

/// Whether the key's text of an enum is explained by its ranks reversed, and not by them as they are.
bool has_reversed_ranks(const model::Entity& entity, const std::string& name,
                        const design::EarlierKey& key) {
  const auto found = key.ranks.find(name);
  const std::vector<std::string> written =
      found == key.ranks.end() ? std::vector<std::string>() : found->second;
  return can_be_inverted(entity, name) && key_field_in_order(entity, name).ranks != written &&
         key_field_in_order(entity, name, true).ranks == written;
}

/// Both sides of an earlier key, taken apart. `why_not`: it is no key of this schema's attributes.
struct Sides {
  Written partition;
  Written sort;
  std::string why_not;
};

Sides sides_of(const model::Entity& entity, const design::EarlierKey& key) {
  const std::string* partition = only(key.partition);
  const std::string* sort = only(key.sort);
  if (partition == nullptr || sort == nullptr) return {{}, {}, "it is no key of one text each"};
  Sides out{take_apart(*partition), take_apart(*sort), {}};
  std::vector<std::string> all = out.partition.fields;
  all.insert(all.end(), out.sort.fields.begin(), out.sort.fields.end());
  if (!out.partition.bucket_attribute.empty()) all.push_back(out.partition.bucket_attribute);
  out.why_not = missing_attribute(entity, all);
  if (!out.why_not.empty()) return out;
  for (const std::string& name : out.sort.fields) {
    if (has_reversed_ranks(entity, name, key)) out.sort.inverted.push_back(name);
  }
  return out;
}

}  // namespace

ReadBack base_read_back(const model::Workload& workload, model::EntityId id,
                        const design::EarlierKey& key) {
  const Sides sides = sides_of(workload.entity(id), key);
  if (!sides.why_not.empty()) return {{}, {}, sides.why_not};
  ReadBack out;
  out.sort_literal = sides.sort.literal;
  KeySpec spec;
  spec.entity = id;
  spec.partition = sides.partition.fields;
  spec.sort = sides.sort.fields;
  spec.inverted = sides.sort.inverted;
  spec.is_base = true;
  for (const bool is_apart : {false, true}) {
    spec.is_apart = is_apart;
    const KeyTemplates now =
        templates_of(workload, spec, sides.partition.sharded, sides.sort.literal);
    const bool is_same = side_text(now.partition) == key.partition.front() &&
                         side_text(now.sort) == key.sort.front() && same_ranks(key, now);
    if (!is_apart) out.why_not = "with this schema it would be " + written(now);
    if (!is_same) continue;
    out.why_not.clear();
    out.spec = std::move(spec);
    break;
  }
  return out;
}

ReadBack entry_read_back(const model::Workload& workload, model::EntityId id,
                         const design::EarlierKey& key, const KeySpec& base, bool local) {
  const model::Entity& entity = workload.entity(id);
  const Sides sides = sides_of(entity, key);
  if (!sides.why_not.empty()) return {{}, {}, sides.why_not};
  const Written& first = sides.partition;
  ReadBack out;
  KeySpec spec;
  spec.entity = id;
  spec.sort = sides.sort.fields;
  spec.inverted = sides.sort.inverted;
  spec.local = local;
  spec.bucket_attribute = first.bucket_attribute;
  spec.bucket = first.bucket;
  if (!read_membership(entity, key.when, spec)) {
    out.why_not = "with this schema no rows are told apart by " + key.when;
    return out;
  }
  std::vector<std::string> single;
  for (const Equality& fixed : spec.fixed) {
    if (fixed.values.size() == 1) single.push_back(fixed.attribute);
  }
  std::vector<std::vector<std::string>> partitions{first.fields};
  place_literals(first.fields, single, 0, partitions);
  for (const std::string& literal : {std::string(), beside_parent(entity, sides.sort.literal)}) {
    spec.sort_literal = literal;
    for (const std::vector<std::string>& names : partitions) {
      spec.partition = local ? base.partition : names;
      if (!is_written_so(workload, spec, first.sharded, key)) continue;
      out.spec = std::move(spec);
      return out;
    }
  }
  out.why_not = "with this schema it would be written another way";
  return out;
}

}  // namespace ddbplan::plan
