#include "dynamo/wire_values.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "dynamo/base64.h"
#include "dynamo/limits.h"

namespace ddbplan::dynamo {
namespace {

constexpr std::string_view kMapUnexpected = "Start of structure or map found where not expected";
constexpr std::string_view kModel = "com.amazonaws.dynamodb.v20120810.";
constexpr std::string_view kTooDeep =
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
    "beyond supported limit";

std::string_view token_name(const JsonNode& in) {
  switch (in.kind) {
    case JsonKind::boolean:
      return in.flag ? "TRUE_VALUE" : "FALSE_VALUE";
    case JsonKind::integer:
      return "NUMBER_VALUE";
    case JsonKind::decimal:
      return "DECIMAL_VALUE";
    default:
      return "STRING_VALUE";
  }
}

}  // namespace

bool expect_string(const JsonNode& in, WireProblems& problems) {
  if (in.is(JsonKind::string)) return true;
  if (in.is(JsonKind::array)) {
    problems.shape("Unrecognized collection type class java.lang.String");
  } else if (in.is(JsonKind::object)) {
    problems.shape(std::string(kMapUnexpected));
  } else {
    problems.shape(fmt::format("{} cannot be converted to String", token_name(in)));
  }
  return false;
}

bool expect_boolean(const JsonNode& in, bool& out, WireProblems& problems) {
  switch (in.kind) {
    case JsonKind::boolean:
      out = in.flag;
      return true;
    case JsonKind::string: {
      std::string text(in.text);
      std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      });
      // The service takes these, as older libraries send them.
      out = text == "TRUE" || text == "1" || text == "YES";
      if (out || text == "FALSE" || text == "0" || text == "NO") return true;
      problems.shape("Unexpected token received from parser");
      return false;
    }
    case JsonKind::array:
      problems.shape("Unrecognized collection type class java.lang.Boolean");
      return false;
    case JsonKind::object:
      problems.shape(std::string(kMapUnexpected));
      return false;
    default:
      problems.shape(fmt::format("{} cannot be converted to Boolean", token_name(in)));
      return false;
  }
}

bool expect_binary(const JsonNode& in, std::string& out, WireProblems& problems) {
  if (in.is(JsonKind::array)) {
    problems.shape("Unrecognized collection type class java.nio.ByteBuffer");
  } else if (in.is(JsonKind::object)) {
    problems.shape(std::string(kMapUnexpected));
  } else if (!in.is(JsonKind::string)) {
    problems.shape("only base-64-encoded strings are convertible to bytes");
  } else if (in.text.size() % 4 != 0) {
    problems.shape(fmt::format(
        "Base64 encoded length is expected a multiple of 4 bytes but found: {}", in.text.size()));
  } else if (std::optional<std::string> bytes = base64_decode(in.text)) {
    out = *std::move(bytes);
    return true;
  } else {
    // The service's spelling.
    problems.shape("Invalid last non-pad Base64 character dectected");
  }
  return false;
}

bool expect_array(const JsonNode& in, WireProblems& problems) {
  if (in.is(JsonKind::array)) return true;
  problems.shape(in.is(JsonKind::object) ? std::string(kMapUnexpected) : "Unexpected field type");
  return false;
}

bool expect_map(const JsonNode& in, std::string_view type, WireProblems& problems) {
  if (in.is(JsonKind::object)) return true;
  if (in.is(JsonKind::array)) {
    const bool is_java = type.starts_with("java.");
    problems.shape(fmt::format("Unrecognized collection type java.util.Map<java.lang.String, {}{}>",
                               is_java ? "" : kModel, type));
  } else {
    problems.shape("Unexpected field type");
  }
  return false;
}

void ValueReader::set_context(std::string before, std::string after) {
  before_ = std::move(before);
  after_ = std::move(after);
}

void ValueReader::value(const JsonNode& in, AttributeValue& out) {
  value_at(in, out, nullptr, 1);
}

void ValueReader::item(const JsonNode& in, Map& out) {
  map(in, out, nullptr, 1);
}

void ValueReader::content(std::string message, const Place* place) {
  problems_.value(before_ + std::move(message) + after_, text_of(place));
}

std::string ValueReader::text_of(const Place* place) {
  if (place == nullptr) return {};
  std::string text = text_of(place->parent);
  if (place->is_element) return text + fmt::format("[{}]", place->index);
  if (!text.empty()) text += '.';
  return text.append(place->name);
}

void ValueReader::map(const JsonNode& in, Map& out, const Place* place, int depth) {
  if (!expect_map(in, "AttributeValue", problems_)) return;
  in.for_each_member([&](std::string_view name, const JsonNode& child) {
    const Place here{place, name, 0, false};
    auto* slot = out.try_emplace(out.end(), std::string(name));
    value_at(child, slot->second, &here, depth);
  });
}

void ValueReader::value_at(const JsonNode& in, AttributeValue& out, const Place* place, int depth) {
  if (depth > limits::kNestingDepthMax) return content(std::string(kTooDeep), place);
  if (in.is(JsonKind::array)) {
    return problems_.shape(
        fmt::format("Unrecognized collection type class {}AttributeValue", kModel));
  }
  if (!in.is(JsonKind::object)) return problems_.shape("Unexpected value type in payload");
  int types = 0;
  in.for_each_member([&](std::string_view type, const JsonNode& child) {
    static constexpr std::array<std::string_view, 10> kTypes = {"S", "N", "B",  "BOOL", "NULL",
                                                                "M", "L", "SS", "NS",   "BS"};
    // What the service does not know, it does not see; nor a null.
    if (child.is(JsonKind::null)) return;
    if (std::find(std::begin(kTypes), std::end(kTypes), type) == std::end(kTypes)) return;
    ++types;
    typed(type, child, out, place, depth);
  });
  if (types == 0) {
    content("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
            place);
  } else if (types > 1) {
    content(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
        "supported datatypes",
        place);
  }
}

void ValueReader::typed(std::string_view type, const JsonNode& in, AttributeValue& out,
                        const Place* place, int depth) {
  if (type == "S") {
    if (expect_string(in, problems_)) out.data.emplace<std::string>(in.text);
  } else if (type == "N") {
    number(in, out.data.emplace<Decimal>(), place);
  } else if (type == "M") {
    map(in, out.data.emplace<Map>(), place, depth + 1);
  } else if (type == "L") {
    list(in, out.data.emplace<List>(), place, depth + 1);
  } else if (type == "B") {
    static_cast<void>(expect_binary(in, out.data.emplace<Binary>().bytes, problems_));
  } else if (type == "BOOL") {
    static_cast<void>(expect_boolean(in, out.data.emplace<bool>(), problems_));
  } else if (type == "NULL") {
    bool flag = true;
    const bool good = expect_boolean(in, flag, problems_);
    out.data.emplace<Null>();
    if (good && !flag) {
      content(
          "One or more parameter values were invalid: Null attribute value types must have the "
          "value of true",
          place);
    }
  } else if (type == "SS") {
    string_set(in, out, place);
  } else if (type == "NS") {
    number_set(in, out, place);
  } else {
    binary_set(in, out, place);
  }
}

void ValueReader::list(const JsonNode& in, List& out, const Place* place, int depth) {
  if (!expect_array(in, problems_)) return;
  out.reserve(in.size);
  in.for_each_element([&](const JsonNode& element) {
    const Place here{place, {}, out.size(), true};
    value_at(element, out.emplace_back(), &here, depth);
  });
}

void ValueReader::number(const JsonNode& in, Decimal& out, const Place* place) {
  if (!expect_string(in, problems_)) return;
  support::Result<Decimal, DecimalError> parsed = Decimal::parse(in.text);
  if (parsed) {
    out = *std::move(parsed);
    return;
  }
  std::string message(decimal_error_message(parsed.error()));
  if (parsed.error() == DecimalError::not_a_number && !in.text.empty()) {
    message.append(": ").append(in.text);
  }
  content(std::move(message), place);
}

void ValueReader::string_set(const JsonNode& in, AttributeValue& out, const Place* place) {
  if (!expect_array(in, problems_)) return;
  std::vector<std::string> elements;
  elements.reserve(in.size);
  in.for_each_element([&](const JsonNode& element) {
    if (expect_string(element, problems_)) elements.emplace_back(element.text);
  });
  if (in.size == 0) {
    content("One or more parameter values were invalid: An string set  may not be empty", place);
  }
  StringSet set = make_string_set(elements);
  if (set.elements.size() != elements.size()) {
    content(fmt::format("One or more parameter values were invalid: Input collection [{}] contains "
                        "duplicates.",
                        fmt::join(elements, ", ")),
            place);
  }
  out.data = std::move(set);
}

void ValueReader::number_set(const JsonNode& in, AttributeValue& out, const Place* place) {
  if (!expect_array(in, problems_)) return;
  std::vector<Decimal> elements;
  elements.reserve(in.size);
  in.for_each_element(
      [&](const JsonNode& element) { number(element, elements.emplace_back(), place); });
  if (in.size == 0) {
    content("One or more parameter values were invalid: An number set  may not be empty", place);
  }
  const std::size_t count = elements.size();
  NumberSet set = make_number_set(std::move(elements));
  if (set.elements.size() != count) content("Input collection contains duplicates", place);
  out.data = std::move(set);
}

void ValueReader::binary_set(const JsonNode& in, AttributeValue& out, const Place* place) {
  if (!expect_array(in, problems_)) return;
  std::vector<Binary> elements;
  std::vector<std::string_view> shown;
  in.for_each_element([&](const JsonNode& element) {
    if (!expect_binary(element, elements.emplace_back().bytes, problems_)) return;
    shown.push_back(element.text);
  });
  if (in.size == 0) {
    content("One or more parameter values were invalid: Binary sets should not be empty", place);
  }
  const std::size_t count = elements.size();
  BinarySet set = make_binary_set(std::move(elements));
  if (set.elements.size() != count) {
    content(
        fmt::format("One or more parameter values were invalid: Input collection [{}]of type BS "
                    "contains duplicates.",
                    fmt::join(shown, ", ")),
        place);
  }
  out.data = std::move(set);
}

}  // namespace ddbplan::dynamo
