#include "dynamo/value.h"

#include <algorithm>
#include <utility>

#include "support/check.h"

namespace ddbplan::dynamo {

using support::Bytes;

namespace {

template <class T>
void sort_and_drop_repeats(std::vector<T>& elements) {
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
}

}  // namespace

StringSet make_string_set(std::vector<std::string> elements) {
  sort_and_drop_repeats(elements);
  return {std::move(elements)};
}

NumberSet make_number_set(std::vector<Decimal> elements) {
  sort_and_drop_repeats(elements);
  return {std::move(elements)};
}

BinarySet make_binary_set(std::vector<Binary> elements) {
  sort_and_drop_repeats(elements);
  return {std::move(elements)};
}

AttributeValue::AttributeValue() : data(Null{}) {}
AttributeValue::AttributeValue(Variant v) : data(std::move(v)) {}
AttributeValue::AttributeValue(const AttributeValue&) = default;
AttributeValue::AttributeValue(AttributeValue&&) noexcept = default;
AttributeValue& AttributeValue::operator=(const AttributeValue&) = default;
AttributeValue& AttributeValue::operator=(AttributeValue&&) noexcept = default;
AttributeValue::~AttributeValue() = default;

AttributeValue AttributeValue::string(std::string text) {
  return AttributeValue(Variant(std::move(text)));
}
AttributeValue AttributeValue::number(Decimal value) {
  return AttributeValue(Variant(std::move(value)));
}
AttributeValue AttributeValue::number(std::int64_t value) {
  return number(Decimal::from_int(value));
}
AttributeValue AttributeValue::boolean(bool value) {
  return AttributeValue(Variant(value));
}

const std::string* AttributeValue::as_string() const {
  return std::get_if<std::string>(&data);
}
const Decimal* AttributeValue::as_number() const {
  return std::get_if<Decimal>(&data);
}
const Binary* AttributeValue::as_binary() const {
  return std::get_if<Binary>(&data);
}

std::string_view AttributeValue::type_name() const {
  struct Name {
    std::string_view operator()(const std::string&) const { return "S"; }
    std::string_view operator()(const Decimal&) const { return "N"; }
    std::string_view operator()(const Binary&) const { return "B"; }
    std::string_view operator()(bool) const { return "BOOL"; }
    std::string_view operator()(const Null&) const { return "NULL"; }
    std::string_view operator()(const List&) const { return "L"; }
    std::string_view operator()(const Map&) const { return "M"; }
    std::string_view operator()(const StringSet&) const { return "SS"; }
    std::string_view operator()(const NumberSet&) const { return "NS"; }
    std::string_view operator()(const BinarySet&) const { return "BS"; }
  };
  return std::visit(Name{}, data);
}

bool AttributeValue::operator==(const AttributeValue& other) const {
  return data == other.data;
}

std::string_view scalar_type_name(ScalarType type) {
  switch (type) {
    case ScalarType::S:
      return "S";
    case ScalarType::N:
      return "N";
    case ScalarType::B:
      return "B";
  }
  return "S";
}

std::strong_ordering compare_keys(const AttributeValue& a, const AttributeValue& b) {
  DDBPLAN_CHECK(a.data.index() == b.data.index());
  if (const Decimal* number = a.as_number()) return *number <=> *b.as_number();
  // std::string compares its characters as unsigned bytes, which is DynamoDB's order.
  if (const std::string* text = a.as_string()) return text->compare(*b.as_string()) <=> 0;
  const Binary* binary = a.as_binary();
  DDBPLAN_CHECK(binary != nullptr);
  return binary->bytes.compare(b.as_binary()->bytes) <=> 0;
}

namespace {

Bytes length(const std::string& text) {
  return {static_cast<std::int64_t>(text.size())};
}
Bytes number_bytes(const Decimal& number) {
  return {number.stored_bytes()};
}

/// What a list or map costs by itself, and what it adds for each child.
constexpr Bytes kCollectionBytes{3};
constexpr Bytes kChildBytes{1};

struct ValueBytes {
  Bytes operator()(const std::string& text) const { return length(text); }
  Bytes operator()(const Decimal& number) const { return number_bytes(number); }
  Bytes operator()(const Binary& binary) const { return length(binary.bytes); }
  Bytes operator()(bool) const { return {1}; }
  Bytes operator()(const Null&) const { return {1}; }
  Bytes operator()(const List& list) const {
    Bytes total = kCollectionBytes;
    for (const AttributeValue& element : list) total += kChildBytes + value_bytes(element);
    return total;
  }
  Bytes operator()(const Map& map) const {
    Bytes total = kCollectionBytes;
    for (const auto& [key, value] : map) total += length(key) + kChildBytes + value_bytes(value);
    return total;
  }
  // A set is charged for its elements alone: emulators that measured the service agree, the
  // Developer Guide is silent.
  Bytes operator()(const StringSet& set) const {
    Bytes total;
    for (const std::string& element : set.elements) total += length(element);
    return total;
  }
  Bytes operator()(const NumberSet& set) const {
    Bytes total;
    for (const Decimal& element : set.elements) total += number_bytes(element);
    return total;
  }
  Bytes operator()(const BinarySet& set) const {
    Bytes total;
    for (const Binary& element : set.elements) total += length(element.bytes);
    return total;
  }
};

}  // namespace

Bytes value_bytes(const AttributeValue& value) {
  return std::visit(ValueBytes{}, value.data);
}

int nesting_depth(const AttributeValue& value) {
  int deepest = 0;
  if (const List* list = std::get_if<List>(&value.data)) {
    for (const AttributeValue& element : *list) deepest = std::max(deepest, nesting_depth(element));
  } else if (const Map* map = std::get_if<Map>(&value.data)) {
    for (const auto& [key, child] : *map) deepest = std::max(deepest, nesting_depth(child));
  }
  return deepest + 1;
}

Bytes item_bytes(const Item& item) {
  Bytes total;
  for (const auto& [name, value] : item) total += length(name) + value_bytes(value);
  return total;
}

Bytes storage_bytes(Bytes item) {
  // Developer Guide, "DynamoDB item sizes and formats": 100 bytes of overhead for each item.
  return item + Bytes{100};
}

}  // namespace ddbplan::dynamo
