// A JSON text as one flat array of nodes, for requests: parsed in one pass, strings left where they
// are in the text unless they contain escapes. A tree can be used again for the next text without
// asking for memory.
//
// Refuses what RFC 8259 refuses, invalid UTF-8, and texts nested deeper than any request can be.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ddbplan::dynamo {

enum class JsonKind : std::uint8_t { null, boolean, integer, decimal, string, array, object };

/// In an object each value follows its name, a node of kind string.
struct JsonNode {
  JsonKind kind = JsonKind::null;
  bool flag = false;       ///< a boolean's value
  std::uint32_t size = 0;  ///< elements of an array, members of an object
  std::uint32_t span = 1;  ///< nodes of this value, itself included
  std::string_view text;   ///< a string's value, a number as written

  [[nodiscard]] bool is(JsonKind other) const { return kind == other; }
  [[nodiscard]] const JsonNode& next() const { return *(this + span); }

  /// The last member of this name; nullptr when there is none. REQUIRES: an object.
  [[nodiscard]] const JsonNode* find(std::string_view name) const;
  /// Calls `f(name, value)` in order. REQUIRES: an object.
  template <class F>
  void for_each_member(const F& f) const {
    const JsonNode* name = this + 1;
    for (std::uint32_t i = 0; i < size; ++i) {
      const JsonNode& value = *(name + 1);
      f(name->text, value);
      name = &value.next();
    }
  }
  /// Calls `f(element)` in order. REQUIRES: an array.
  template <class F>
  void for_each_element(const F& f) const {
    const JsonNode* element = this + 1;
    for (std::uint32_t i = 0; i < size; ++i) {
      f(*element);
      element = &element->next();
    }
  }
};

class JsonTree {
 public:
  /// False when the text is not JSON. The tree views into `text`, which must outlive its use.
  [[nodiscard]] bool parse(std::string_view text);
  /// REQUIRES: parse returned true.
  [[nodiscard]] const JsonNode& root() const { return nodes_.front(); }

 private:
  class Parser;
  std::vector<JsonNode> nodes_;
  /// Strings that had escapes, without them. Never grows beyond what it reserved.
  std::string unescaped_;
};

}  // namespace ddbplan::dynamo
