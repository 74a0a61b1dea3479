#include "dynamo/wire_members.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "dynamo/wire_values.h"

namespace ddbplan::dynamo {
namespace {

constexpr std::size_t kTextsMax = 255;

std::string quoted(std::string_view text) {
  return fmt::format("'{}'", text);
}

bool is_resource_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

/// As Java converts a JSON number to an int: towards minus infinity, and cut off at its ends.
int to_int(const JsonNode& number) {
  double value = 0;
  std::from_chars(number.text.data(), number.text.data() + number.text.size(), value);
  constexpr double kMax = std::numeric_limits<int>::max();
  constexpr double kMin = std::numeric_limits<int>::min();
  return static_cast<int>(std::clamp(std::floor(value), kMin, kMax));
}

}  // namespace

void check_resource_name(std::string_view name, const WirePath& path, WireProblems& problems) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_resource_character)) {
    problems.constraint(quoted(name), path, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  }
  if (name.size() < limits::kNameLengthMin) {
    problems.constraint(quoted(name), path, "have length greater than or equal to 3");
  }
  if (name.size() > limits::kNameLengthMax) {
    problems.constraint(quoted(name), path, "have length less than or equal to 255");
  }
}

const JsonNode* WireMembers::find(std::string_view name) const {
  if (!in_.is(JsonKind::object)) return nullptr;
  const JsonNode* found = in_.find(name);
  return found == nullptr || found->is(JsonKind::null) ? nullptr : found;
}

const JsonNode* WireMembers::require(std::string_view name) const {
  const JsonNode* found = find(name);
  if (found == nullptr) problems_.constraint("null", path_to(name), "not be null");
  return found;
}

void WireMembers::text(std::string_view name, std::string& out) const {
  const JsonNode* member = find(name);
  if (member != nullptr && expect_string(*member, problems_)) out = member->text;
}

void WireMembers::text(std::string_view name, std::optional<std::string>& out) const {
  const JsonNode* member = find(name);
  if (member != nullptr && expect_string(*member, problems_)) out.emplace(member->text);
}

void WireMembers::boolean(std::string_view name, bool& out) const {
  const JsonNode* member = find(name);
  if (member != nullptr) static_cast<void>(expect_boolean(*member, out, problems_));
}

void WireMembers::boolean(std::string_view name, std::optional<bool>& out) const {
  if (has(name)) boolean(name, out.emplace());
}

void WireMembers::integer(std::string_view name, std::optional<int>& out, int min, int max) const {
  const JsonNode* member = find(name);
  if (member == nullptr) return;
  switch (member->kind) {
    case JsonKind::integer:
    case JsonKind::decimal:
      break;
    case JsonKind::boolean:
      return problems_.shape(fmt::format("{} cannot be converted to Integer",
                                         member->flag ? "TRUE_VALUE" : "FALSE_VALUE"));
    case JsonKind::string:
      return problems_.shape("STRING_VALUE cannot be converted to Integer");
    case JsonKind::array:
      return problems_.shape("Unrecognized collection type class java.lang.Integer");
    default:
      return problems_.shape("Start of structure or map found where not expected");
  }
  const int value = to_int(*member);
  out = value;
  const std::string shown = quoted(std::to_string(value));
  if (value < min) {
    problems_.constraint(shown, path_to(name),
                         fmt::format("have value greater than or equal to {}", min));
  }
  if (value > max) {
    problems_.constraint(shown, path_to(name),
                         fmt::format("have value less than or equal to {}", max));
  }
}

void WireMembers::resource(std::string_view name, std::optional<std::string>& out) const {
  text(name, out);
  if (out) check_resource_name(*out, path_to(name), problems_);
}

void WireMembers::required_resource(std::string_view name, std::string& out) const {
  if (require(name) == nullptr) return;
  std::optional<std::string> given;
  resource(name, given);
  if (given) out = *std::move(given);
}

void WireMembers::texts(std::string_view name, std::optional<std::vector<std::string>>& out) const {
  const JsonNode* member = find(name);
  if (member == nullptr || !expect_array(*member, problems_)) return;
  std::vector<std::string>& all = out.emplace();
  member->for_each_element([&](const JsonNode& element) {
    if (expect_string(element, problems_)) all.emplace_back(element.text);
  });
  const std::string shown = fmt::format("'[{}]'", fmt::join(all, ", "));
  if (all.empty()) {
    problems_.constraint(shown, path_to(name), "have length greater than or equal to 1");
  } else if (all.size() > kTextsMax) {
    problems_.constraint(shown, path_to(name), "have length less than or equal to 255");
  }
}

void WireMembers::item(std::string_view name, Item& out) const {
  const JsonNode* member = find(name);
  if (member != nullptr) ValueReader(problems_).item(*member, out);
}

void WireMembers::required_item(std::string_view name, Item& out) const {
  if (require(name) != nullptr) item(name, out);
}

void WireMembers::item(std::string_view name, std::optional<Item>& out) const {
  if (has(name)) item(name, out.emplace());
}

void WireMembers::values(std::string_view name, std::vector<AttributeValue>& out) const {
  const JsonNode* member = find(name);
  if (member == nullptr || !expect_array(*member, problems_)) return;
  ValueReader reader(problems_);
  out.reserve(member->size);
  member->for_each_element(
      [&](const JsonNode& element) { reader.value(element, out.emplace_back()); });
}

void WireMembers::names(ExpressionNames& out) const {
  if (const JsonNode* names = find("ExpressionAttributeNames")) {
    if (!expect_map(*names, "java.lang.String", problems_)) return;
    names->for_each_member([&](std::string_view placeholder, const JsonNode& name) {
      if (expect_string(name, problems_))
        out.names.insert_or_assign(std::string(placeholder), std::string(name.text));
    });
    if (names->size == 0) problems_.value("ExpressionAttributeNames must not be empty");
  }
}

void WireMembers::expression(ExpressionNames& out) const {
  names(out);
  if (const JsonNode* values = find("ExpressionAttributeValues")) {
    if (!expect_map(*values, "AttributeValue", problems_)) return;
    ValueReader reader(problems_);
    values->for_each_member([&](std::string_view placeholder, const JsonNode& value) {
      reader.set_context("ExpressionAttributeValues contains invalid value: ",
                         fmt::format(" for key {}", placeholder));
      reader.value(value, out.values[std::string(placeholder)]);
    });
    if (values->size == 0) problems_.value("ExpressionAttributeValues must not be empty");
  }
}

void WireMembers::return_capacity(ReturnConsumedCapacity& out) const {
  static constexpr std::array<WireName<ReturnConsumedCapacity>, 3> kNames = {{
      {"INDEXES", ReturnConsumedCapacity::indexes},
      {"TOTAL", ReturnConsumedCapacity::total},
      {"NONE", ReturnConsumedCapacity::none},
  }};
  enumeration("ReturnConsumedCapacity", kNames, out);
}

void WireMembers::switched(std::string_view name, std::string_view yes, bool& out) const {
  const std::array<WireName<bool>, 2> names = {{{yes, true}, {"NONE", false}}};
  enumeration(name, names, out);
}

void check_parameter_styles(const WireMembers& members,
                            std::initializer_list<std::string_view> expressions,
                            std::initializer_list<std::string_view> legacy) {
  std::vector<std::string_view> modern;
  std::vector<std::string_view> old;
  for (const std::string_view name : expressions) {
    if (members.has(name)) modern.push_back(name);
  }
  for (const std::string_view name : legacy) {
    if (!members.has(name)) continue;
    // A legacy key condition goes with expressions for the rest.
    if (name == "KeyConditions" && !members.has("KeyConditionExpression")) continue;
    old.push_back(name);
  }
  if (!modern.empty() && !old.empty()) {
    return members.problems().parameters(fmt::format(
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {{{}}} Expression parameters: {{{}}}",
        fmt::join(old, ", "), fmt::join(modern, ", ")));
  }
  if (modern.empty() && members.has("ExpressionAttributeNames")) {
    return members.problems().parameters(
        "ExpressionAttributeNames can only be specified when using expressions");
  }
  std::vector<std::string_view> with_values(expressions);
  std::erase(with_values, "ProjectionExpression");
  const bool any = std::any_of(with_values.begin(), with_values.end(),
                               [&](std::string_view name) { return members.has(name); });
  if (!any && !with_values.empty() && members.has("ExpressionAttributeValues")) {
    members.problems().parameters(fmt::format(
        "ExpressionAttributeValues can only be specified when using expressions: {} {} null",
        fmt::join(with_values, " and "), with_values.size() > 1 ? "are" : "is"));
  }
}

}  // namespace ddbplan::dynamo
