// The legacy parameters of requests.

#include "dynamo/wire_members.h"
#include "dynamo/wire_values.h"

namespace ddbplan::dynamo {
namespace {

constexpr std::array<WireName<LegacyOperator>, 13> kOperators = {{
    {"IN", LegacyOperator::in},
    {"NULL", LegacyOperator::null},
    {"BETWEEN", LegacyOperator::between},
    {"LT", LegacyOperator::less},
    {"NOT_CONTAINS", LegacyOperator::not_contains},
    {"EQ", LegacyOperator::equal},
    {"GT", LegacyOperator::greater},
    {"NOT_NULL", LegacyOperator::not_null},
    {"NE", LegacyOperator::not_equal},
    {"LE", LegacyOperator::less_equal},
    {"BEGINS_WITH", LegacyOperator::begins_with},
    {"GE", LegacyOperator::greater_equal},
    {"CONTAINS", LegacyOperator::contains},
}};

/// Calls `read(members, value)` for each member of a map of structures of type `type`.
template <class T, class Read>
void read_map(const WireMembers& in, std::string_view name, std::string_view type,
              std::optional<std::map<std::string, T>>& out, const Read& read) {
  const JsonNode* member = in.find(name);
  if (member == nullptr || !expect_map(*member, type, in.problems())) return;
  std::map<std::string, T>& all = out.emplace();
  const WirePath map_path = in.path_to(name);
  member->for_each_member([&](std::string_view key, const JsonNode& child) {
    if (!child.is(JsonKind::object)) {
      return in.problems().shape("Unexpected value type in payload");
    }
    const WirePath key_path{&map_path, key, true};
    const WirePath path{&key_path, "member"};
    read(WireMembers(child, path, in.problems()), all[std::string(key)]);
  });
}

void read_condition(const WireMembers& in, LegacyCondition& out) {
  if (in.require("ComparisonOperator") != nullptr) {
    in.enumeration("ComparisonOperator", kOperators, out.op);
  }
  in.values("AttributeValueList", out.values);
}

void read_expected(const WireMembers& in, ExpectedAttribute& out) {
  if (in.has("AttributeValueList")) in.values("AttributeValueList", out.values.emplace());
  if (in.has("ComparisonOperator"))
    in.enumeration("ComparisonOperator", kOperators, out.op.emplace());
  in.boolean("Exists", out.exists);
  if (const JsonNode* value = in.find("Value")) {
    ValueReader(in.problems()).value(*value, out.value.emplace());
  }
}

void read_update(const WireMembers& in, AttributeUpdate& out) {
  static constexpr std::array<WireName<LegacyAction>, 3> kActions = {{
      {"ADD", LegacyAction::add},
      {"DELETE", LegacyAction::erase},
      {"PUT", LegacyAction::put},
  }};
  in.enumeration("Action", kActions, out.action);
  if (const JsonNode* value = in.find("Value")) {
    ValueReader(in.problems()).value(*value, out.value.emplace());
  }
}

}  // namespace

LegacyRef read_legacy(const WireMembers& in, std::string_view filter_name) {
  const auto has_any = [&](std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
      if (in.has(name)) return true;
    }
    return !filter_name.empty() && in.has(filter_name);
  };
  // Nearly no request has any: the common case is over here.
  if (!has_any({"AttributesToGet", "AttributeUpdates", "Expected", "KeyConditions",
                "ConditionalOperator"})) {
    return nullptr;
  }
  LegacyParameters legacy;
  in.texts("AttributesToGet", legacy.attributes_to_get);
  read_map(in, "AttributeUpdates", "AttributeValueUpdate", legacy.attribute_updates, read_update);
  read_map(in, "Expected", "ExpectedAttributeValue", legacy.expected, read_expected);
  read_map(in, "KeyConditions", "Condition", legacy.key_conditions, read_condition);
  if (!filter_name.empty()) {
    read_map(in, filter_name, "Condition", legacy.filter, read_condition);
  }
  if (in.has("ConditionalOperator")) {
    static constexpr std::array<WireName<bool>, 2> kNames = {{{"OR", true}, {"AND", false}}};
    in.enumeration("ConditionalOperator", kNames, legacy.any_of.emplace());
  }
  return std::make_shared<const LegacyParameters>(std::move(legacy));
}

}  // namespace ddbplan::dynamo
