// Attribute values from the nodes of a JSON text.
#pragma once

#include <string>
#include <vector>

#include "dynamo/json_tree.h"
#include "dynamo/value.h"
#include "dynamo/wire_problems.h"

namespace ddbplan::dynamo {

class ValueReader {
 public:
  explicit ValueReader(WireProblems& problems) : problems_(problems) {}

  /// After a problem the value is some value; reading goes on, since a wrong shape further on is
  /// told first.
  void value(const JsonNode& in, AttributeValue& out);
  void item(const JsonNode& in, Map& out);
  /// What is put before messages about the value ("ExpressionAttributeValues contains invalid
  /// value: "), and after them.
  void set_context(std::string before, std::string after);

 private:
  struct Place {
    const Place* parent = nullptr;
    std::string_view name;
    std::size_t index = 0;
    bool is_element = false;
  };

  void map(const JsonNode& in, Map& out, const Place* place, int depth);
  void value_at(const JsonNode& in, AttributeValue& out, const Place* place, int depth);
  void typed(std::string_view type, const JsonNode& in, AttributeValue& out, const Place* place,
             int depth);
  void list(const JsonNode& in, List& out, const Place* place, int depth);
  void number(const JsonNode& in, Decimal& out, const Place* place);
  void string_set(const JsonNode& in, AttributeValue& out, const Place* place);
  void number_set(const JsonNode& in, AttributeValue& out, const Place* place);
  void binary_set(const JsonNode& in, AttributeValue& out, const Place* place);
  void content(std::string message, const Place* place);
  static std::string text_of(const Place* place);

  WireProblems& problems_;
  std::string before_;
  std::string after_;
};

/// The JSON type that a node has to have, with the service's words where it has another.
bool expect_string(const JsonNode& in, WireProblems& problems);
bool expect_boolean(const JsonNode& in, bool& out, WireProblems& problems);
bool expect_binary(const JsonNode& in, std::string& out, WireProblems& problems);
bool expect_array(const JsonNode& in, WireProblems& problems);
/// `type` is what the map's values are, as the service's Java names it.
bool expect_map(const JsonNode& in, std::string_view type, WireProblems& problems);

}  // namespace ddbplan::dynamo
