#include "design/aggregate.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/evaluate.h"

namespace ddbplan::design {
namespace {

using dynamo::AttributeValue;
using dynamo::Decimal;
using Function = model::Aggregate::Function;

std::optional<AttributeValue> total(Function function,
                                    const std::vector<const AttributeValue*>& values) {
  Decimal sum;
  for (const AttributeValue* value : values) {
    const Decimal* number = value->as_number();
    if (number == nullptr) return std::nullopt;
    auto more = Decimal::add(sum, *number);
    if (!more) return std::nullopt;
    sum = *std::move(more);
  }
  if (function == Function::sum) return AttributeValue::number(sum);
  const double mean = sum.to_double() / static_cast<double>(values.size());
  const auto average = Decimal::parse(fmt::format("{:.15g}", mean));
  if (!average) return std::nullopt;
  return AttributeValue::number(*average);
}

}  // namespace

std::optional<AttributeValue> aggregate(const model::Aggregate& what, const model::Entity& entity,
                                        const std::vector<dynamo::Item>& rows) {
  if (what.function == Function::count)
    return AttributeValue::number(static_cast<std::int64_t>(rows.size()));
  std::vector<const AttributeValue*> values;
  for (const dynamo::Item& row : rows) {
    const auto* found = row.find(what.attribute);
    if (found != row.end() && !std::holds_alternative<dynamo::Null>(found->second.data))
      values.push_back(&found->second);
  }
  if (values.empty()) return std::nullopt;
  if (what.function == Function::sum || what.function == Function::average)
    return total(what.function, values);
  const model::Attribute* attribute = entity.find(what.attribute);
  const auto is_less = [attribute](const AttributeValue* a, const AttributeValue* b) {
    return model::compare_in_order(attribute, a, b) < 0;
  };
  return what.function == Function::min ? **std::min_element(values.begin(), values.end(), is_less)
                                        : **std::max_element(values.begin(), values.end(), is_less);
}

}  // namespace ddbplan::design
