// Events, shapes, hand-made physical choices and sample rows.
#include <utility>

#include <fmt/format.h>

#include "model/stream_upkeep.h"
#include "schema/checks.h"
#include "schema/resolve.h"
#include "schema/resolve_expression.h"

namespace ddbplan::schema {
namespace {

using model::EntityId;

class Events {
 public:
  explicit Events(Context& context) : context_(context) {}

  void read(const Entry& entry) {
    if (!entry.value.is_map()) return;
    model::Event event;
    event.name = entry.key;
    event.span = entry.key_span;
    if (const auto from = value(entry.value, "from", parse_instant)) event.from = *from;
    const Node* length = child(entry.value, "for");
    if (const auto duration = value(length, parse_duration)) {
      event.length = duration->resolve(context_.calendar);
      check_between(context_, *length, event.length.seconds,
                    {1, support::kSecondsPerYear, "seconds"});
    }
    if (const Node* rates = child(entry.value, "rates")) {
      for (const Entry& rate : rates->entries) add_rate(event, rate);
    }
    follow_causes(context_.workload, event);
    context_.workload.events.push_back(std::move(event));
  }

 private:
  void add_rate(model::Event& event, const Entry& entry) {
    const auto id = context_.workload.find_pattern(entry.key);
    if (!id) {
      if (context_.patterns_broken || context_.broken_patterns.contains(entry.key)) return;
      std::vector<std::string> names;
      for (const model::Pattern& pattern : context_.workload.patterns)
        names.push_back(pattern.name);
      context_.report(Code::unknown_pattern, entry.key_span,
                      fmt::format("there is no access pattern `{}`", entry.key),
                      suggestion(entry.key, names, "access patterns"));
      return;
    }
    const auto phrase = value(&entry.value, parse_event_rate);
    if (!phrase) return;
    double rate = 0;
    if (phrase->factor) {
      rate = context_.workload.pattern(*id).load.mean.per_second * *phrase->factor;
    } else {
      rate = phrase->rate->per_second(context_.calendar);
      if (!phrase->rate->per_entity.empty()) {
        const auto entity = context_.entity(phrase->rate->per_entity, entry.value.span);
        if (entity) rate *= context_.at(*entity).count;
      }
    }
    if (check_between(context_, entry.value, rate, kRateBounds)) event.rates[entry.key] = {rate};
  }

  Context& context_;
};

void read_shape(Context& context, const Entry& entry) {
  model::Shape shape;
  shape.name = entry.key;
  for (const Node* item : scalars(entry.value.is_list() ? &entry.value : nullptr)) {
    const auto number = value(item, parse_count);
    if (!number || !check_between(context, *item, *number, {0, 1e9, "as a relative load"})) return;
    shape.hours.push_back(*number);
  }
  const std::size_t hours = shape.hours.size();
  const std::size_t expected = shape.name == "daily" ? 24 : 168;
  if (shape.name == "weekly" && hours == 7) {
    // One number a day: the same for each of its hours.
    std::vector<double> spread;
    for (const double day : shape.hours) spread.insert(spread.end(), 24, day);
    shape.hours = std::move(spread);
  } else if (hours != expected) {
    context.report(
        Code::out_of_range, entry.key_span,
        fmt::format("`{}` has {} numbers; {} are expected", shape.name, hours,
                    expected == 24 ? "24 (one an hour)" : "168 (one an hour) or 7 (one a day)"));
    return;
  }
  double sum = 0;
  for (const double hour : shape.hours) sum += hour;
  if (sum <= 0) {
    context.report(Code::out_of_range, entry.key_span,
                   fmt::format("`{}` has no load at any hour", shape.name));
    return;
  }
  context.workload.shapes.push_back(std::move(shape));
}

/// `DEVICE#{device_id}`: what stands in braces is an attribute.
void check_template(Context& context, EntityId id, const Node* scalar) {
  if (scalar == nullptr || !scalar->is_scalar()) return;
  const std::string& text = scalar->text;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find_first_of("{}", at);
    if (open == std::string::npos) return;
    const std::size_t close = text[open] == '{' ? text.find('}', open) : std::string::npos;
    if (close == std::string::npos) {
      context.report(Code::malformed_expression, context.span_of(*scalar, open, open + 1),
                     "this brace has no partner", "Write `DEVICE#{device_id}`.");
      return;
    }
    const Word word{text.substr(open + 1, close - open - 1), open + 1, close};
    static_cast<void>(resolve_reference(context, {id, scalar, false}, word));
    at = close + 1;
  }
}

void read_physical(Context& context, const Entry& entry) {
  const auto id = context.entity(entry.key, entry.key_span);
  if (!id || !entry.value.is_map()) return;
  model::PhysicalOverride physical;
  physical.entity = *id;
  physical.span = entry.key_span;
  physical.partition_key = text(entry.value, "partition_key");
  physical.sort_key = text(entry.value, "sort_key");
  check_template(context, *id, child(entry.value, "partition_key"));
  check_template(context, *id, child(entry.value, "sort_key"));
  if (const Node* shards = child(entry.value, "shards")) {
    const auto add = [&](const std::string& name, const Node& node) {
      const auto count = value(&node, parse_integer);
      if (count && check_between(context, node, *count, {1, 10000, "shards"})) {
        physical.shards[name] = static_cast<int>(*count);
      }
    };
    if (shards->is_scalar()) add("others", *shards);
    for (const Entry& shard : shards->entries) add(shard.key, shard.value);
  }
  if (const Node* projections = child(entry.value, "projections")) {
    for (const Entry& index : projections->entries) {
      for (const Node* name : scalars(&index.value)) {
        const auto word = value(name, parse_name);
        if (!word || !resolve_reference(context, {*id, name, false}, *word)) continue;
        physical.projections[index.key].push_back(word->text);
      }
    }
  }
  context.workload.physical.push_back(std::move(physical));
}

/// A YAML value as the attribute's type has it; inner values by their look.
dynamo::AttributeValue sample_value(const Node& node) {
  if (node.is_list()) {
    dynamo::List list;
    for (const Node& item : node.items) list.push_back(sample_value(item));
    return dynamo::AttributeValue(dynamo::AttributeValue::Variant(std::move(list)));
  }
  if (node.is_map()) {
    dynamo::Map map;
    for (const Entry& entry : node.entries) map.emplace(entry.key, sample_value(entry.value));
    return dynamo::AttributeValue(dynamo::AttributeValue::Variant(std::move(map)));
  }
  if (node.is_null()) return {};
  if (!node.quoted && (node.text == "true" || node.text == "false")) {
    return dynamo::AttributeValue::boolean(node.text == "true");
  }
  if (!node.quoted) {
    if (const auto number = dynamo::Decimal::parse(node.text))
      return dynamo::AttributeValue::number(*number);
  }
  return dynamo::AttributeValue::string(node.text);
}

std::optional<dynamo::AttributeValue> sample_set(const Node& node, model::ValueType element) {
  const bool numbers = element == model::ValueType::integer || element == model::ValueType::number;
  dynamo::StringSet strings;
  dynamo::NumberSet values;
  for (const Node* item : scalars(&node)) {
    if (!numbers) strings.elements.push_back(item->text);
    const auto number = dynamo::Decimal::parse(item->text);
    if (numbers && !number) return std::nullopt;
    if (numbers) values.elements.push_back(*number);
  }
  if (numbers) return dynamo::AttributeValue(dynamo::AttributeValue::Variant(std::move(values)));
  return dynamo::AttributeValue(dynamo::AttributeValue::Variant(std::move(strings)));
}

void read_sample(Context& context, EntityId id, const Node& row) {
  if (!row.is_map()) return;
  model::SampleRow sample;
  sample.entity = id;
  sample.span = row.span;
  for (const Entry& entry : row.entries) {
    Node key;
    key.kind = Node::Kind::scalar;
    key.text = entry.key;
    key.span = entry.key_span;
    const auto found =
        resolve_reference(context, {id, &key, false}, {entry.key, 0, entry.key.size()});
    if (!found) continue;
    sample.spans.emplace(entry.key, entry.value.span);
    const model::Attribute& attribute = *context.at(id).find(found->name);
    // The sample's own look is kept (a text where a number is declared): comparing is what samples
    // are for, and the linter does it. Text that was declared as text stays text, though it may
    // read as a number.
    const bool is_text =
        attribute.type != model::ValueType::integer && attribute.type != model::ValueType::number &&
        attribute.type != model::ValueType::epoch_s &&
        attribute.type != model::ValueType::epoch_ms && attribute.type != model::ValueType::boolean;
    if (attribute.type == model::ValueType::set && entry.value.is_list()) {
      auto set = sample_set(entry.value, attribute.element.value_or(model::ValueType::string));
      sample.row.emplace(entry.key, set ? std::move(*set) : sample_value(entry.value));
    } else if (is_text && entry.value.is_scalar()) {
      sample.row.emplace(entry.key, dynamo::AttributeValue::string(entry.value.text));
    } else {
      sample.row.emplace(entry.key, sample_value(entry.value));
    }
  }
  context.workload.samples.push_back(std::move(sample));
}

}  // namespace

void resolve_rest(Context& context, const Node& root) {
  if (const Node* events = child(root, "events")) {
    for (const Entry& entry : events->entries) Events(context).read(entry);
  }
  if (const Node* shapes = child(root, "shapes")) {
    for (const Entry& entry : shapes->entries) read_shape(context, entry);
  }
  if (const Node* physical = child(root, "physical")) {
    for (const Entry& entry : physical->entries) read_physical(context, entry);
  }
  const Node* samples = child(root, "samples");
  if (samples == nullptr) return;
  for (const Entry& entry : samples->entries) {
    const auto id = context.entity(entry.key, entry.key_span);
    if (!id) continue;
    for (const Node& row : entry.value.items) read_sample(context, *id, row);
  }
}

}  // namespace ddbplan::schema
