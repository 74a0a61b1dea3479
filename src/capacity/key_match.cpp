// Reads a Query's key condition against a key template: which attributes it fixes, which one it
// ranges over, and how much of the rows the range keeps.
#include <algorithm>
#include <cmath>

#include "capacity/matches.h"
#include "capacity/traffic.h"
#include "model/evaluate.h"
#include "model/row_times.h"

namespace ddbplan::capacity {
namespace {

using design::FieldFrom;
using design::KeyExpr;
using design::KeyExprPart;
using design::KeyTemplate;
using design::Source;

/// The template's fields in order: a layout may name the attribute otherwise than the pattern does.
std::vector<const design::Field*> fields_of(const KeyTemplate* key) {
  std::vector<const design::Field*> fields;
  if (key == nullptr) return fields;
  for (const design::KeyPart& part : key->parts) {
    if (const auto* field = std::get_if<design::Field>(&part)) fields.push_back(field);
  }
  return fields;
}

const std::string* leading_literal(const KeyTemplate& key) {
  return key.parts.empty() ? nullptr
         : std::holds_alternative<design::Literal>(key.parts.front())
             ? &std::get<design::Literal>(key.parts.front()).text
             : nullptr;
}

const std::string* leading_literal(const KeyExpr& key) {
  return key.parts.empty() ? nullptr
         : std::holds_alternative<design::Literal>(key.parts.front())
             ? &std::get<design::Literal>(key.parts.front()).text
             : nullptr;
}

bool is_prefix(const std::string& prefix, const std::string& text) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

bool same_part(const KeyExprPart& a, const KeyExprPart& b) {
  if (a.index() != b.index()) return false;
  if (const auto* literal = std::get_if<design::Literal>(&a)) {
    return literal->text == std::get<design::Literal>(b).text;
  }
  if (const auto* field = std::get_if<FieldFrom>(&a)) {
    const auto& other = std::get<FieldFrom>(b);
    return field->field == other.field && field->source == other.source;
  }
  return true;
}

double unit_seconds(model::TimeUnit unit) {
  switch (unit) {
    case model::TimeUnit::second:
      return 1;
    case model::TimeUnit::minute:
      return 60;
    case model::TimeUnit::hour:
      return 3600;
    case model::TimeUnit::day:
      return support::kSecondsPerDay;
    case model::TimeUnit::week:
      return 7 * support::kSecondsPerDay;
    case model::TimeUnit::month:
      return support::kSecondsPerYear / 12;
    case model::TimeUnit::year:
      return support::kSecondsPerYear;
  }
  return support::kSecondsPerDay;
}

class Reader {
 public:
  Reader(const model::Entity& entity, const RunCase& run, KeyMatch& match)
      : entity_(entity), run_(run), match_(match) {}

  void equal(const KeyExpr& key, const KeyTemplate* against) {
    check_literal(key, against);
    const auto fields = fields_of(against);
    std::size_t position = 0;
    for (const KeyExprPart& part : key.parts) {
      const auto* field = std::get_if<FieldFrom>(&part);
      if (field != nullptr && !bind(*field, at(fields, position++))) return;
    }
  }

  void condition(const design::SortCondition& sort, const KeyTemplate* against) {
    using Op = design::SortCondition::Op;
    if (cut_) return;
    switch (sort.op) {
      case Op::equal:
        return equal(sort.low, against);
      case Op::begins_with:
        return begins_with(sort.low, against);
      case Op::between:
        if (sort.high) return between(sort.low, *sort.high, against);
        return;
      case Op::less:
      case Op::less_equal:
        return half(sort.low, against, false);
      case Op::greater:
      case Op::greater_equal:
        return half(sort.low, against, true);
    }
  }

 private:
  static const design::Field* at(const std::vector<const design::Field*>& fields,
                                 std::size_t position) {
    return position < fields.size() ? fields[position] : nullptr;
  }

  void check_literal(const KeyExpr& key, const KeyTemplate* against) {
    if (against == nullptr) return;
    const std::string* wanted = leading_literal(key);
    const std::string* held = leading_literal(*against);
    if (wanted == nullptr || held == nullptr) return;
    const bool fits = is_prefix(*wanted, *held) || is_prefix(*held, *wanted);
    if (!fits) match_.impossible = true;
  }

  /// The row's own attribute: the template's, unless it is encoded from another one (the time of a
  /// ULID).
  static std::string attribute_of(const FieldFrom& field, const design::Field* held) {
    if (held == nullptr || field.field.encoding == design::Encoding::ulid_time) {
      return field.field.attribute;
    }
    return held->attribute;
  }

  std::optional<dynamo::AttributeValue> constant_of(const Source& source) const {
    if (const auto* constant = std::get_if<design::FromConstant>(&source)) return constant->value;
    const auto* parameter = std::get_if<design::FromParameter>(&source);
    if (parameter == nullptr) return std::nullopt;
    if (run_.alternative == nullptr) return std::nullopt;
    const auto replaced = run_.alternative->find(parameter->name);
    if (replaced == run_.alternative->end()) return std::nullopt;
    return replaced->second;
  }

  /// False when the value is not given: the key's text ends before it.
  bool bind(const FieldFrom& field, const design::Field* held) {
    const auto* parameter = std::get_if<design::FromParameter>(&field.source);
    if (parameter != nullptr && run_.missing.contains(parameter->name)) {
      cut_ = true;
      return false;
    }
    if (field.field.encoding == design::Encoding::truncate) {
      const double span = std::max(1.0, model::age_span(entity_).seconds);
      match_.bucket_share = std::min(1.0, unit_seconds(field.field.unit) / span);
      return true;
    }
    Binding binding{attribute_of(field, held), constant_of(field.source), std::nullopt};
    if (const auto* step = std::get_if<design::FromStep>(&field.source)) {
      binding.from_step = step->step;
    }
    match_.equal.push_back(std::move(binding));
    return true;
  }

  void begins_with(const KeyExpr& key, const KeyTemplate* against) {
    check_literal(key, against);
    const auto fields = fields_of(against);
    std::size_t position = 0;
    for (std::size_t i = 0; i < key.parts.size(); ++i) {
      const auto* field = std::get_if<FieldFrom>(&key.parts[i]);
      if (field == nullptr) continue;
      const design::Field* held = at(fields, position++);
      // A prefix that fixes a value ends with the delimiter behind it; an open end is a text's
      // start.
      const bool open =
          i + 1 == key.parts.size() && !constant_of(field->source) &&
          (held == nullptr || held->encoding == design::Encoding::plain ||
           held->encoding == design::Encoding::escape || held->encoding == design::Encoding::lower);
      if (open) {
        range(attribute_of(*field, held), kPrefixShare);
        match_.range_has_row = std::holds_alternative<design::FromParameter>(field->source);
      } else if (!bind(*field, held)) {
        return;
      }
    }
  }

  void between(const KeyExpr& low, const KeyExpr& high, const KeyTemplate* against) {
    // Between two kinds of items every kind that sorts there is selected; under one literal only
    // one.
    if (!low.parts.empty() && !high.parts.empty() && same_part(low.parts[0], high.parts[0])) {
      check_literal(low, against);
    }
    const auto fields = fields_of(against);
    std::size_t position = 0;
    std::size_t i = 0;
    for (; i < low.parts.size() && i < high.parts.size(); ++i) {
      if (!same_part(low.parts[i], high.parts[i])) break;
      const auto* field = std::get_if<FieldFrom>(&low.parts[i]);
      if (field != nullptr && !bind(*field, at(fields, position++))) return;
    }
    const auto* from = i < low.parts.size() ? std::get_if<FieldFrom>(&low.parts[i]) : nullptr;
    const auto* to = i < high.parts.size() ? std::get_if<FieldFrom>(&high.parts[i]) : nullptr;
    if (from == nullptr && to == nullptr) return;
    const std::string attribute = attribute_of(from != nullptr ? *from : *to, at(fields, position));
    range(attribute, bounded_share(attribute, from == nullptr ? nullptr : &from->source,
                                   to == nullptr ? nullptr : &to->source));
  }

  void half(const KeyExpr& bound, const KeyTemplate* against, bool greater) {
    check_literal(bound, against);
    const auto fields = fields_of(against);
    std::size_t last = bound.parts.size();
    for (std::size_t i = 0; i < bound.parts.size(); ++i) {
      if (std::holds_alternative<FieldFrom>(bound.parts[i])) last = i;
    }
    std::size_t position = 0;
    for (std::size_t i = 0; i < bound.parts.size(); ++i) {
      const auto* field = std::get_if<FieldFrom>(&bound.parts[i]);
      if (field == nullptr) continue;
      const design::Field* held = at(fields, position++);
      if (i != last) {
        if (!bind(*field, held)) return;
        continue;
      }
      const std::string attribute = attribute_of(*field, held);
      range(attribute, greater ? bounded_share(attribute, &field->source, nullptr)
                               : bounded_share(attribute, nullptr, &field->source));
    }
  }

  void range(const std::string& attribute, double share) {
    match_.range_attribute = attribute;
    match_.range_share *= share;
  }

  /// Share of the rows between two bounds; a missing one is open.
  double bounded_share(const std::string& attribute, const Source* low, const Source* high) const {
    if (const auto declared = declared_share(attribute, low, high)) return *declared;
    const bool low_now = low != nullptr && std::holds_alternative<design::FromNow>(*low);
    const bool high_now = high != nullptr && std::holds_alternative<design::FromNow>(*high);
    const bool low_known = low == nullptr || low_now;
    const bool high_known = high == nullptr || high_now;
    if (low_known && high_known) return time_share(attribute, low, high);
    if (low_now != high_now)
      return std::min(kTwoBoundsShare,
                      time_share(attribute, low_now ? low : nullptr, high_now ? high : nullptr));
    return low != nullptr && high != nullptr ? kTwoBoundsShare : kOneBoundShare;
  }

  double time_share(const std::string& name, const Source* low, const Source* high) const {
    const model::Attribute* attribute = entity_.find(name);
    const auto after_now = [](const Source* bound) {
      return bound == nullptr ? std::nullopt
                              : std::optional(-std::get<design::FromNow>(*bound).ago_seconds);
    };
    static const model::Attribute kPast;
    return model::time_share(entity_, attribute == nullptr ? kPast : *attribute,
                             {after_now(low), after_now(high)});
  }

  /// Between constants among declared values: by rank, or by value where they are numbers.
  std::optional<double> declared_share(const std::string& name, const Source* low,
                                       const Source* high) const {
    const model::Attribute* attribute = entity_.find(name);
    if (attribute == nullptr || attribute->values.empty()) return std::nullopt;
    const auto least = bound_rank(*attribute, low, -1e9);
    const auto most = bound_rank(*attribute, high, 1e9);
    if (!least || !most) return std::nullopt;
    double share = 0;
    for (const model::EnumValue& value : attribute->values) {
      if (value.rank >= *least && value.rank <= *most) share += value.share;
    }
    return share;
  }
  std::optional<double> bound_rank(const model::Attribute& attribute, const Source* source,
                                   double open) const {
    if (source == nullptr) return open;
    const auto constant = constant_of(*source);
    if (!constant) return std::nullopt;
    const auto position = value_position(attribute, *constant);
    if (!position) return std::nullopt;
    return attribute.values[*position].rank;
  }

  const model::Entity& entity_;
  const RunCase& run_;
  KeyMatch& match_;
  bool cut_ = false;
};

const KeyTemplate* template_at(const std::vector<KeyTemplate>& templates, std::size_t position) {
  return position < templates.size() ? &templates[position] : nullptr;
}

}  // namespace

const design::KeyEntry* entry_of(const design::ItemLayout& layout,
                                 const std::optional<std::string>& index) {
  if (!index) return &layout.base;
  for (const design::KeyEntry& entry : layout.entries) {
    if (entry.index == index) return &entry;
  }
  return nullptr;
}

KeyMatch key_match(const model::Workload& workload, const design::ItemLayout& layout,
                   const design::KeyEntry& entry, const design::Step& step, const RunCase& run) {
  KeyMatch match;
  Reader reader(workload.entity(layout.entity), run, match);
  for (std::size_t i = 0; i < step.partition.size(); ++i) {
    reader.equal(step.partition[i], template_at(entry.partition, i));
  }
  for (std::size_t i = 0; i < step.sort.size(); ++i) {
    reader.equal(step.sort[i], template_at(entry.sort, i));
  }
  if (step.sort_condition) {
    reader.condition(*step.sort_condition, template_at(entry.sort, step.sort.size()));
  }
  return match;
}

}  // namespace ddbplan::capacity
