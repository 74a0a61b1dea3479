#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "capacity/traffic.h"
#include "seed/calls.h"
#include "seed/values.h"
#include "support/text.h"

namespace ddbplan::seed {

using dynamo::AttributeValue;
using dynamo::Item;
using model::CompareOp;
using model::EntityId;
using support::Prng;

namespace {

std::string shown(const AttributeValue& value) {
  constexpr std::size_t kShown = 40;
  std::string text;
  if (const std::string* string = value.as_string()) text = *string;
  if (const dynamo::Decimal* number = value.as_number()) text = number->to_string();
  if (const bool* flag = std::get_if<bool>(&value.data)) text = *flag ? "true" : "false";
  if (text.empty()) text = value.type_name();
  if (text.size() > kShown) text = text.substr(0, kShown) + "...";
  return support::escape_for_terminal(text);
}

/// The whole number below or above `mean`, with that mean.
int whole_count(double mean, Prng& prng) {
  const double floor = std::floor(mean);
  return static_cast<int>(floor) + (prng.unit() < mean - floor ? 1 : 0);
}

const model::ParameterRef* parameter_of(const model::OperandPtr& operand) {
  return std::get_if<model::ParameterRef>(&operand->node);
}
const model::AttributeRef* attribute_of(const model::OperandPtr& operand) {
  return std::get_if<model::AttributeRef>(&operand->node);
}

/// The value at a rank given as a share of the list.
const AttributeValue& at_share(const std::vector<AttributeValue>& sorted, double share) {
  const auto position = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(position, sorted.size() - 1)];
}

/// Gives every parameter of an expression over single attributes a value: bounds that keep a share
/// of the rows
/// (`wide`: nearly all), equalities the row's own value.
class ParameterFiller {
 public:
  using Sorted = std::function<std::vector<AttributeValue>(const model::AttributeRef&)>;
  ParameterFiller(const LogicalRows& rows, const Answered& row, Sorted sorted, bool wide,
                  Prng& prng, Item& values)
      : rows_(rows),
        row_(row),
        sorted_(std::move(sorted)),
        wide_(wide),
        prng_(prng),
        values_(values) {}

  void fill(const model::ExpressionPtr& expression) const {
    if (expression != nullptr) std::visit(*this, expression->node);
  }

  void operator()(const model::Compare& node) const {
    const model::AttributeRef* attribute = attribute_of(node.left);
    const model::ParameterRef* parameter = parameter_of(node.right);
    if (attribute == nullptr || parameter == nullptr || values_.contains(parameter->name)) return;
    if (node.op == CompareOp::eq || node.op == CompareOp::ne) {
      take_own(*attribute, parameter->name);
      return;
    }
    const std::vector<AttributeValue> sorted = sorted_(*attribute);
    if (sorted.empty()) return;
    const bool above = node.op == CompareOp::gt || node.op == CompareOp::ge;
    const double kept = wide_ ? 1 : capacity::kOneBoundShare;
    values_.insert_or_assign(parameter->name, at_share(sorted, above ? 1 - kept : kept));
  }
  void operator()(const model::Between& node) const {
    const model::AttributeRef* attribute = attribute_of(node.operand);
    const model::ParameterRef* low = parameter_of(node.low);
    const model::ParameterRef* high = parameter_of(node.high);
    if (attribute == nullptr || (low == nullptr && high == nullptr)) return;
    const std::vector<AttributeValue> sorted = sorted_(*attribute);
    if (sorted.empty()) return;
    const double kept = wide_ ? 1 : capacity::kTwoBoundsShare;
    if (low == nullptr || high == nullptr) {
      if (const auto given = bound_of(*attribute, low == nullptr ? *node.low : *node.high))
        end_range(sorted, *given, kept, low, high);
      return;
    }
    const double start = (1 - kept) * prng_.unit();
    values_.insert_or_assign(low->name, at_share(sorted, start));
    values_.insert_or_assign(high->name, at_share(sorted, start + kept));
  }
  void operator()(const model::BeginsWith& node) const {
    const model::ParameterRef* parameter = parameter_of(node.prefix);
    if (parameter == nullptr) return;
    const AttributeValue* value = rows_.value(row_.entity, *row_.row, node.attribute);
    const std::string* text = value == nullptr ? nullptr : value->as_string();
    // One of ten first letters keeps a tenth (capacity/traffic.h, law 4).
    const std::string prefix = text == nullptr || text->empty() ? "a" : text->substr(0, 1);
    values_.insert_or_assign(parameter->name, AttributeValue::string(prefix));
  }
  void operator()(const model::Contains& node) const {
    const model::ParameterRef* parameter = parameter_of(node.element);
    if (parameter == nullptr) return;
    const AttributeValue* value = rows_.value(row_.entity, *row_.row, node.attribute);
    if (value == nullptr) return;
    if (std::string word = sought_word_in(*value); !word.empty()) {
      values_.insert_or_assign(parameter->name, AttributeValue::string(std::move(word)));
    } else if (const auto* set = std::get_if<dynamo::StringSet>(&value->data)) {
      if (!set->elements.empty()) {
        values_.insert_or_assign(parameter->name, AttributeValue::string(set->elements.front()));
      }
    } else if (const std::string* text = value->as_string()) {
      values_.insert_or_assign(parameter->name, AttributeValue::string(text->substr(0, 1)));
    }
  }
  void operator()(const model::OneOf& node) const {
    for (const model::OperandPtr& alternative : node.alternatives) {
      if (const auto* parameter = parameter_of(alternative))
        take_own(node.attribute, parameter->name);
    }
  }
  void operator()(const model::Exists&) const {}
  void operator()(const model::Missing&) const {}
  void operator()(const model::And& node) const {
    for (const model::ExpressionPtr& term : node.terms) fill(term);
  }
  void operator()(const model::Or& node) const {
    for (const model::ExpressionPtr& term : node.terms) fill(term);
  }
  void operator()(const model::Not& node) const { fill(node.term); }

 private:
  [[nodiscard]] std::optional<AttributeValue> bound_of(const model::AttributeRef& attribute,
                                                       const model::Operand& given) const {
    const model::Entity& holder = rows_.workload().entity(attribute.via.value_or(row_.entity));
    const model::Attribute* compared = holder.find(attribute.name);
    if (compared == nullptr) return std::nullopt;
    return model::evaluate(given, rows_.scope(row_.entity, *row_.row, values_), compared->type);
  }
  /// One side is given: the other leaves the share between them, or what there is.
  void end_range(const std::vector<AttributeValue>& sorted, const AttributeValue& given,
                 double kept, const model::ParameterRef* low,
                 const model::ParameterRef* high) const {
    const auto is_below = [&](const AttributeValue& value) {
      return model::compare_in_order(nullptr, &value, &given) < 0;
    };
    const auto place = std::partition_point(sorted.begin(), sorted.end(), is_below);
    const double share =
        static_cast<double>(place - sorted.begin()) / static_cast<double>(sorted.size());
    if (high != nullptr) {
      const AttributeValue& end = at_share(sorted, share + kept);
      values_.insert_or_assign(high->name, is_below(end) ? given : end);
    } else {
      const AttributeValue& start = at_share(sorted, std::max(0.0, share - kept));
      values_.insert_or_assign(low->name, is_below(start) ? start : given);
    }
  }
  void take_own(const model::AttributeRef& attribute, const std::string& parameter) const {
    if (const AttributeValue* value = rows_.value(row_.entity, *row_.row, attribute)) {
      values_.insert_or_assign(parameter, *value);
    } else {
      values_.insert_or_assign(parameter, AttributeValue::string("none"));
    }
  }

  const LogicalRows& rows_;
  const Answered& row_;
  Sorted sorted_;
  bool wide_;
  Prng& prng_;
  Item& values_;
};

AttributeValue unknown_value(const AttributeValue& like, Prng& prng) {
  if (const std::string* text = like.as_string()) {
    return AttributeValue::string(random_word(prng, static_cast<std::int64_t>(text->size())));
  }
  if (like.as_number() != nullptr) return AttributeValue::number(prng.between(900'000, 999'999));
  return like;
}

}  // namespace

std::string describe_call(const design::Parameters& parameters) {
  std::vector<std::string> parts;
  for (const design::Call& call : parameters.calls) {
    const std::string action = parameters.calls.size() > 1 ? std::to_string(call.action) + "." : "";
    for (const auto& [name, value] : call.values) {
      std::string part = action;
      part += name;
      part += '=';
      part += shown(value);
      parts.push_back(std::move(part));
    }
  }
  if (parameters.pages != 1) parts.push_back("pages " + std::to_string(parameters.pages));
  return support::join(parts, ", ");
}

ReadCalls::ReadCalls(const ReadOracle& oracle, const model::Pattern& pattern, std::uint64_t seed)
    : oracle_(oracle), prng_(Prng(seed).fork(pattern.name)) {
  const LogicalRows& rows = oracle.all_rows();
  const model::Read& read = oracle.read();
  if (read.entities.empty()) return;
  for (const EntityId entity : read.entities) {
    for (const Item* row : rows.all(entity)) {
      if (rows.is_expired(entity, *row)) continue;
      const Answered one{entity, row};
      if (oracle.by_values(one)) pool_.push_back(one);
    }
    // Alternatives are asked for alike; otherwise the first entity's rows bring the calls.
    if (!read.alternatives) break;
  }
  if (read.range) range_values_ = sorted_values(read.range->attribute);
  find_busiest();
}

std::vector<AttributeValue> ReadCalls::sorted_values(const model::AttributeRef& attribute) const {
  const LogicalRows& rows = oracle_.all_rows();
  std::vector<AttributeValue> values;
  for (const EntityId entity : oracle_.read().entities) {
    for (const Item* row : rows.all(entity)) {
      if (rows.is_expired(entity, *row)) continue;
      if (const AttributeValue* value = rows.value(entity, *row, attribute))
        values.push_back(*value);
    }
  }
  std::sort(values.begin(), values.end(), [](const AttributeValue& a, const AttributeValue& b) {
    return model::compare_in_order(nullptr, &a, &b) < 0;
  });
  return values;
}

void ReadCalls::add_range(Item& values, Prng& prng) const {
  const model::Read& read = oracle_.read();
  if (!read.range || range_values_.empty()) return;
  if (read.range->condition == nullptr) {
    const double start = (1 - capacity::kTwoBoundsShare) * prng.unit();
    const std::string& name = read.range->attribute.name;
    values.insert_or_assign(name + "_from", at_share(range_values_, start));
    values.insert_or_assign(name + "_to",
                            at_share(range_values_, start + capacity::kTwoBoundsShare));
  }
}

void ReadCalls::add_where(const Answered& row, Item& values, Prng& prng) const {
  const model::Read& read = oracle_.read();
  const auto sorted = [this](const model::AttributeRef& attribute) {
    return sorted_values(attribute);
  };
  const ParameterFiller filler(oracle_.all_rows(), row, sorted, false, prng, values);
  if (read.range) filler.fill(read.range->condition);
  filler.fill(read.where);
}

void ReadCalls::add_declared_values(Item& values) {
  const model::Read& read = oracle_.read();
  // In turn, so that each is asked for as often as the others: two dozen throws of a coin are not half and half.
  std::size_t turn = turn_++;
  const auto next_of = [&turn](std::size_t count) {
    const std::size_t k = turn % count;
    turn /= count;
    return k;
  };
  const auto redraw = [&](const model::AttributeRef& reference) {
    const EntityId entity = reference.via.value_or(read.entities.front());
    const model::Attribute* attribute =
        oracle_.all_rows().workload().entity(entity).find(reference.name);
    auto* value = values.find(reference.name);
    if (attribute == nullptr || value == values.end()) return;
    if (!attribute->values.empty()) {
      const std::size_t k = next_of(attribute->values.size());
      value->second = enum_value(*attribute, attribute->values[k].name);
    } else if (attribute->type == model::ValueType::boolean) {
      value->second = AttributeValue::boolean(next_of(2) == 0);
    }
  };
  for (const model::AttributeRef& by : read.by) redraw(by);
  for (const model::NarrowBy& narrow : read.narrow_by) redraw(narrow.attribute);
}

std::optional<Item> ReadCalls::values_of(const Answered& row, Prng& prng) {
  std::optional<Item> values = oracle_.by_values(row);
  if (!values) return std::nullopt;
  for (const model::NarrowBy& narrow : oracle_.read().narrow_by) {
    if (prng.unit() >= narrow.share) continue;
    if (const AttributeValue* value =
            oracle_.all_rows().value(row.entity, *row.row, narrow.attribute))
      values->insert_or_assign(narrow.attribute.name, *value);
  }
  add_declared_values(*values);
  return values;
}

std::optional<DrawnCall> ReadCalls::typical_call(Prng& prng) {
  const model::Read& read = oracle_.read();
  if (pool_.empty()) return std::nullopt;
  DrawnCall call;
  call.kind = "typical";
  call.is_typical = true;
  call.parameters.now_ms = oracle_.all_rows().now_ms();
  call.parameters.pages = std::max(1, whole_count(read.pages.mean, prng));
  const int keys = read.batch ? std::max(1, whole_count(read.batch->mean, prng)) : 1;
  std::vector<std::size_t> chosen;
  for (int i = 0; i < keys && chosen.size() < pool_.size(); ++i) {
    std::size_t position = prng.below(pool_.size());
    while (std::find(chosen.begin(), chosen.end(), position) != chosen.end()) {
      position = (position + 1) % pool_.size();
    }
    chosen.push_back(position);
    std::optional<Item> values = values_of(pool_[position], prng);
    if (!values) continue;
    add_range(*values, prng);
    add_where(pool_[position], *values, prng);
    call.parameters.calls.push_back({0, *std::move(values)});
  }
  return call;
}

DrawnCall ReadCalls::wide_call(const Answered& row, Prng& prng, int pages) const {
  const model::Read& read = oracle_.read();
  DrawnCall call;
  call.parameters.now_ms = oracle_.all_rows().now_ms();
  call.parameters.pages = pages;
  Item values = *oracle_.by_values(row);
  if (read.range && !range_values_.empty() && read.range->condition == nullptr) {
    values.insert_or_assign(read.range->attribute.name + "_from", range_values_.front());
    values.insert_or_assign(read.range->attribute.name + "_to", range_values_.back());
  }
  const auto sorted = [this](const model::AttributeRef& attribute) {
    return sorted_values(attribute);
  };
  const ParameterFiller filler(oracle_.all_rows(), row, sorted, true, prng, values);
  if (read.range) filler.fill(read.range->condition);
  filler.fill(read.where);
  call.parameters.calls.push_back({0, std::move(values)});
  return call;
}

void ReadCalls::find_busiest() {
  std::unordered_map<std::string, std::pair<std::size_t, const Answered*>> groups;
  std::size_t most = 0;
  for (const Answered& row : oracle_.candidates()) {
    const std::optional<std::string> text = oracle_.by_text(row);
    if (!text) continue;
    const auto group = groups.try_emplace(*text, 0, &row).first;
    if (++group->second.first <= most) continue;
    most = group->second.first;
    busiest_ = *group->second.second;
  }
}

std::optional<DrawnCall> ReadCalls::hottest_call(Prng& prng, int pages) const {
  if (!busiest_) return std::nullopt;
  DrawnCall call = wide_call(*busiest_, prng, pages);
  call.kind = pages == 0 ? "all pages" : "hottest";
  return call;
}

std::optional<DrawnCall> ReadCalls::expired_call(Prng& prng) const {
  const LogicalRows& rows = oracle_.all_rows();
  for (const EntityId entity : oracle_.read().entities) {
    for (const Item* row : rows.all(entity)) {
      const Answered one{entity, row};
      if (!rows.is_expired(entity, *row) || !oracle_.by_values(one)) continue;
      DrawnCall call = wide_call(one, prng, 1);
      call.kind = "expired";
      return call;
    }
  }
  return std::nullopt;
}

std::optional<DrawnCall> ReadCalls::empty_call(Prng& prng) {
  std::optional<DrawnCall> call = typical_call(prng);
  if (!call || call->parameters.calls.empty() || oracle_.read().by.empty()) return std::nullopt;
  call->kind = "empty";
  call->is_typical = false;
  call->parameters.calls.resize(1);
  Item& values = call->parameters.calls.front().values;
  const model::AttributeRef& by = oracle_.read().by.back();
  const EntityId entity = by.via.value_or(oracle_.read().entities.front());
  const model::Attribute* attribute = oracle_.all_rows().workload().entity(entity).find(by.name);
  // Declared values and times have no others; there is nothing to miss.
  if (attribute == nullptr || !attribute->values.empty()) return std::nullopt;
  const bool is_text =
      attribute->type == model::ValueType::string || attribute->type == model::ValueType::ulid ||
      attribute->type == model::ValueType::ksuid || attribute->type == model::ValueType::uuid ||
      attribute->type == model::ValueType::integer;
  if (!is_text) return std::nullopt;
  AttributeValue& value = values.at(by.name);
  value = unknown_value(value, prng);
  return call;
}

std::vector<DrawnCall> ReadCalls::draw(int typical) {
  std::vector<DrawnCall> calls;
  const auto add = [&calls](std::optional<DrawnCall> call) {
    if (call && !call->parameters.calls.empty()) calls.push_back(*std::move(call));
  };
  Prng odd = prng_.fork("odd");
  add(hottest_call(odd, 1));
  if (oracle_.read().limit) add(hottest_call(odd, 0));
  add(expired_call(odd));
  add(empty_call(odd));
  Prng drawn = prng_.fork("typical");
  for (int i = 0; i < typical; ++i) add(typical_call(drawn));
  return calls;
}

}  // namespace ddbplan::seed
