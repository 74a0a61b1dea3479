// The members of one JSON object of a request, read into what they are for. Problems are collected
// in WireProblems; a member that is missing, null or wrong leaves its target alone.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dynamo/json_tree.h"
#include "dynamo/request.h"
#include "dynamo/wire_problems.h"

namespace ddbplan::dynamo {

template <class Enum>
struct WireName {
  std::string_view name;
  Enum value;
};

class WireMembers {
 public:
  /// REQUIRES: `in` is an object, or problems have its shape already.
  WireMembers(const JsonNode& in, const WirePath& path, WireProblems& problems)
      : in_(in), path_(path), problems_(problems) {}

  [[nodiscard]] WireProblems& problems() const { return problems_; }
  [[nodiscard]] WirePath path_to(std::string_view name) const {
    return {path_.name.empty() && path_.parent == nullptr ? nullptr : &path_, name};
  }
  /// nullptr when missing or null.
  [[nodiscard]] const JsonNode* find(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  /// "Member must not be null" when it is not there.
  const JsonNode* require(std::string_view name) const;

  void text(std::string_view name, std::string& out) const;
  void text(std::string_view name, std::optional<std::string>& out) const;
  void boolean(std::string_view name, bool& out) const;
  void boolean(std::string_view name, std::optional<bool>& out) const;
  void integer(std::string_view name, std::optional<int>& out, int min, int max) const;
  /// A name of a table or index.
  void resource(std::string_view name, std::optional<std::string>& out) const;
  void required_resource(std::string_view name, std::string& out) const;
  void texts(std::string_view name, std::optional<std::vector<std::string>>& out) const;
  void item(std::string_view name, Item& out) const;
  void required_item(std::string_view name, Item& out) const;
  void item(std::string_view name, std::optional<Item>& out) const;
  void values(std::string_view name, std::vector<AttributeValue>& out) const;
  /// ExpressionAttributeNames; and ExpressionAttributeValues, where the operation has them.
  void names(ExpressionNames& out) const;
  void expression(ExpressionNames& out) const;

  /// `names` in the order in which the service lists them.
  template <class Enum, std::size_t N>
  void enumeration(std::string_view name, const std::array<WireName<Enum>, N>& names,
                   Enum& out) const {
    std::optional<std::string> given;
    text(name, given);
    if (!given) return;
    std::string all;
    for (const WireName<Enum>& one : names) {
      if (one.name == *given) {
        out = one.value;
        return;
      }
      all.append(all.empty() ? "" : ", ").append(one.name);
    }
    problems_.constraint("'" + *given + "'", path_to(name),
                         "satisfy enum value set: [" + all + "]");
  }

  void return_capacity(ReturnConsumedCapacity& out) const;
  /// A member whose value `size_name` (or "ALL_OLD") means yes, and "NONE" no.
  void switched(std::string_view name, std::string_view yes, bool& out) const;

 private:
  const JsonNode& in_;
  const WirePath& path_;
  WireProblems& problems_;
};

/// Whether a table's or index's name is one; else the constraints it breaks.
void check_resource_name(std::string_view name, const WirePath& path, WireProblems& problems);

/// Expressions and legacy parameters do not mix, and placeholders need expressions.
void check_parameter_styles(const WireMembers& members,
                            std::initializer_list<std::string_view> expressions,
                            std::initializer_list<std::string_view> legacy);

/// The legacy members of a request; nullptr when it has none of them.
LegacyRef read_legacy(const WireMembers& in, std::string_view filter_name);

}  // namespace ddbplan::dynamo
