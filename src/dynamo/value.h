// DynamoDB attribute values and items: all ten types, exact numbers, byte order, byte sizes.
#pragma once

#include <compare>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dynamo/decimal.h"
#include "support/units.h"

namespace ddbplan::dynamo {

struct AttributeValue;

/// Raw bytes; base64 only in JSON.
struct Binary {
  std::string bytes;
  auto operator<=>(const Binary&) const = default;
};
struct Null {
  bool operator==(const Null&) const = default;
};
/// Sets are kept sorted and free of duplicates (strings and binaries by unsigned bytes, numbers by
/// value); the service does not promise an order, so equality ignores it.
struct StringSet {
  std::vector<std::string> elements;
  bool operator==(const StringSet&) const = default;
};
struct NumberSet {
  std::vector<Decimal> elements;
  bool operator==(const NumberSet&) const = default;
};
struct BinarySet {
  std::vector<Binary> elements;
  bool operator==(const BinarySet&) const = default;
};
/// Sorted and free of duplicates, whatever the order of `elements`.
StringSet make_string_set(std::vector<std::string> elements);
NumberSet make_number_set(std::vector<Decimal> elements);
BinarySet make_binary_set(std::vector<Binary> elements);

using List = std::vector<AttributeValue>;

/// A named value; the names are those of std::pair, so that `[name, value]` reads as with a map.
struct Attribute;

/// Values by name, in the order of the names' bytes, in one block of memory: items are small, are
/// copied often and are searched oftener. The interface is std::map's as far as items need it; but
/// inserting and erasing invalidate iterators and references.
class Map {
 public:
  using value_type = Attribute;
  using iterator = Attribute*;
  using const_iterator = const Attribute*;

  Map();
  Map(std::initializer_list<Attribute> attributes);
  Map(const Map&);
  Map(Map&&) noexcept;
  Map& operator=(const Map&);
  Map& operator=(Map&&) noexcept;
  ~Map();

  [[nodiscard]] iterator begin();
  [[nodiscard]] iterator end();
  [[nodiscard]] const_iterator begin() const;
  [[nodiscard]] const_iterator end() const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  void reserve(std::size_t attributes);
  void clear();

  [[nodiscard]] const_iterator find(std::string_view name) const;
  [[nodiscard]] iterator find(std::string_view name);
  [[nodiscard]] bool contains(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const { return contains(name) ? 1 : 0; }
  /// REQUIRES: contains(name).
  [[nodiscard]] const AttributeValue& at(std::string_view name) const;
  [[nodiscard]] AttributeValue& at(std::string_view name);

  /// The value of this name, made NULL when there is none yet.
  AttributeValue& operator[](std::string name);
  /// `hint` is where the name is looked for first: names often come in order.
  iterator try_emplace(const_iterator hint, std::string name);
  std::pair<iterator, bool> try_emplace(std::string name, AttributeValue value);
  std::pair<iterator, bool> emplace(std::string name, AttributeValue value);
  iterator emplace_hint(const_iterator hint, std::string name, AttributeValue value);
  std::pair<iterator, bool> insert(Attribute attribute);
  void insert(const_iterator first, const_iterator last);
  std::pair<iterator, bool> insert_or_assign(std::string name, AttributeValue value);
  iterator erase(const_iterator at);
  std::size_t erase(std::string_view name);

  bool operator==(const Map& other) const;

 private:
  [[nodiscard]] std::size_t place_of(std::string_view name) const;
  std::vector<Attribute> attributes_;
};

struct AttributeValue {
  using Variant = std::variant<std::string, Decimal, Binary, bool, Null, List, Map, StringSet,
                               NumberSet, BinarySet>;
  Variant data;

  AttributeValue();           // NULL
  AttributeValue(Variant v);  // NOLINT(google-explicit-constructor)
  AttributeValue(const AttributeValue&);
  AttributeValue(AttributeValue&&) noexcept;
  AttributeValue& operator=(const AttributeValue&);
  AttributeValue& operator=(AttributeValue&&) noexcept;
  ~AttributeValue();

  static AttributeValue string(std::string text);
  static AttributeValue number(Decimal value);
  static AttributeValue number(std::int64_t value);
  static AttributeValue boolean(bool value);

  [[nodiscard]] const std::string* as_string() const;
  [[nodiscard]] const Decimal* as_number() const;
  [[nodiscard]] const Binary* as_binary() const;
  /// "S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS".
  [[nodiscard]] std::string_view type_name() const;

  bool operator==(const AttributeValue& other) const;
};

struct Attribute {
  std::string first;
  AttributeValue second;
  bool operator==(const Attribute& other) const = default;
};

inline Map::iterator Map::begin() {
  return attributes_.data();
}
inline Map::iterator Map::end() {
  return attributes_.data() + attributes_.size();
}
inline Map::const_iterator Map::begin() const {
  return attributes_.data();
}
inline Map::const_iterator Map::end() const {
  return attributes_.data() + attributes_.size();
}
inline std::size_t Map::size() const {
  return attributes_.size();
}

/// Top-level attributes by name.
using Item = Map;

/// The three types that may be keys.
enum class ScalarType { S, N, B };
std::string_view scalar_type_name(ScalarType type);

/// Key order: numbers by value, strings and binaries by unsigned bytes. REQUIRES: both of one
/// scalar type.
std::strong_ordering compare_keys(const AttributeValue& a, const AttributeValue& b);

/// Bytes of a value, without its attribute's name. (Developer Guide, "DynamoDB item sizes and
/// formats".)
support::Bytes value_bytes(const AttributeValue& value);
/// Levels of lists and maps, the value itself counted: a string is 1, a list of strings 2.
int nesting_depth(const AttributeValue& value);

/// Bytes of an item: for each attribute, the name's UTF-8 bytes and the value's bytes. 100 bytes of
/// storage overhead are not part of it (see storage_bytes).
support::Bytes item_bytes(const Item& item);
/// What is billed as storage: item bytes + 100, for a table's item and for an index entry alike.
support::Bytes storage_bytes(support::Bytes item);

}  // namespace ddbplan::dynamo
