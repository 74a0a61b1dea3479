#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dynamo/json.h"

namespace ddbplan::dynamo {

using nlohmann::json;
using support::Result;

namespace {

/// Reads the members of one JSON object. The first error is kept, and what follows it is not read.
class Members {
 public:
  Members(const json& in, std::string path) : in_(in), path_(std::move(path)) {
    if (!in_.is_object()) fail("", "expected an object", true);
  }

  [[nodiscard]] const std::optional<JsonError>& error() const { return error_; }
  void adopt(const std::optional<JsonError>& error) {
    if (!error_) error_ = error;
  }
  [[nodiscard]] std::string path_of(const std::string& name) const {
    return path_.empty() || name.empty() ? path_ + name : path_ + "." + name;
  }

  /// nullptr when the member is missing or null, or after an error.
  const json* find(const char* name) {
    if (error_) return nullptr;
    const auto found = in_.find(name);
    return found == in_.end() || found->is_null() ? nullptr : &*found;
  }

  const json* require(const char* name) {
    const json* found = find(name);
    if (found == nullptr) fail(name, fmt::format("'{}' is missing", name), false);
    return found;
  }

  void fail(const std::string& name, std::string message, bool is_shape) {
    if (!error_) error_ = JsonError{path_of(name), std::move(message), is_shape};
  }

  void text(const char* name, std::string& out, const json* member) {
    if (member == nullptr) return;
    if (!member->is_string()) return fail(name, "expected a string", true);
    out = member->get<std::string>();
  }
  void required(const char* name, std::string& out) { text(name, out, require(name)); }
  void optional(const char* name, std::optional<std::string>& out) {
    const json* member = find(name);
    if (member != nullptr) text(name, out.emplace(), member);
  }

  void optional(const char* name, bool& out) {
    const json* member = find(name);
    if (member == nullptr) return;
    if (!member->is_boolean()) return fail(name, "expected true or false", true);
    out = member->get<bool>();
  }

  void optional(const char* name, std::optional<int>& out) {
    const json* member = find(name);
    if (member == nullptr) return;
    if (!member->is_number_integer()) return fail(name, "expected a whole number", true);
    const std::int64_t value = member->get<std::int64_t>();
    if (value < 0 || value > std::numeric_limits<int>::max()) {
      return fail(name, "the number is out of range", true);
    }
    out = static_cast<int>(value);
  }

  void item(const char* name, Item& out, const json* member) {
    if (member == nullptr) return;
    Result<Item, JsonError> read = read_item(*member);
    if (read) {
      out = *std::move(read);
    } else {
      const std::string inner = read.error().path.empty() ? "" : "." + read.error().path;
      fail(name + inner, read.error().message, read.error().is_shape);
    }
  }
  void required(const char* name, Item& out) { item(name, out, require(name)); }
  void optional(const char* name, std::optional<Item>& out) {
    const json* member = find(name);
    if (member != nullptr) item(name, out.emplace(), member);
  }

  template <class Enum, std::size_t N>
  void enumeration(const char* name, const std::array<std::pair<const char*, Enum>, N>& values,
                   Enum& out) {
    std::string given;
    const json* member = find(name);
    text(name, given, member);
    if (member == nullptr || error_) return;
    for (const auto& [text, value] : values) {
      if (given == text) {
        out = value;
        return;
      }
    }
    fail(name, fmt::format("'{}' is not one of the values of {}", given, name), false);
  }

 private:
  const json& in_;
  std::string path_;
  std::optional<JsonError> error_;
};

constexpr std::array<std::pair<const char*, ReturnValues>, 5> kReturnValues = {{
    {"NONE", ReturnValues::none},
    {"ALL_OLD", ReturnValues::all_old},
    {"UPDATED_OLD", ReturnValues::updated_old},
    {"ALL_NEW", ReturnValues::all_new},
    {"UPDATED_NEW", ReturnValues::updated_new},
}};

constexpr std::array<std::pair<const char*, Select>, 4> kSelect = {{
    {"ALL_ATTRIBUTES", Select::all_attributes},
    {"ALL_PROJECTED_ATTRIBUTES", Select::all_projected},
    {"SPECIFIC_ATTRIBUTES", Select::specific},
    {"COUNT", Select::count},
}};

void read_expression(Members& in, ExpressionNames& out) {
  if (const json* names = in.find("ExpressionAttributeNames")) {
    Members members(*names, in.path_of("ExpressionAttributeNames"));
    for (const auto& [placeholder, name] : names->items()) {
      members.text(placeholder.c_str(), out.names[placeholder], &name);
    }
    in.adopt(members.error());
  }
  if (const json* values = in.find("ExpressionAttributeValues")) {
    Item read;
    in.item("ExpressionAttributeValues", read, values);
    for (auto& [placeholder, value] : read) out.values.emplace(placeholder, std::move(value));
  }
}

void read(Members& in, GetItemRequest& out) {
  in.required("TableName", out.table);
  in.required("Key", out.key);
  in.optional("ConsistentRead", out.consistent_read);
  in.optional("ProjectionExpression", out.projection);
  read_expression(in, out.expression);
}

/// What PutItem, UpdateItem and DeleteItem have in common.
template <class R>
void read_write(Members& in, R& out) {
  in.required("TableName", out.table);
  in.optional("ConditionExpression", out.condition);
  read_expression(in, out.expression);
  in.enumeration("ReturnValues", kReturnValues, out.return_values);
}

void read(Members& in, PutItemRequest& out) {
  read_write(in, out);
  in.required("Item", out.item);
}

void read(Members& in, UpdateItemRequest& out) {
  read_write(in, out);
  in.required("Key", out.key);
  in.optional("UpdateExpression", out.update);
}

void read(Members& in, DeleteItemRequest& out) {
  read_write(in, out);
  in.required("Key", out.key);
}

void read(Members& in, ConditionCheck& out) {
  in.required("TableName", out.table);
  in.required("Key", out.key);
  in.required("ConditionExpression", out.condition);
  read_expression(in, out.expression);
}

/// What Query and Scan have in common.
template <class R>
void read_page(Members& in, R& out) {
  in.required("TableName", out.table);
  in.optional("IndexName", out.index);
  in.optional("FilterExpression", out.filter);
  in.optional("ProjectionExpression", out.projection);
  read_expression(in, out.expression);
  in.optional("ConsistentRead", out.consistent_read);
  in.optional("Limit", out.limit);
  in.optional("ExclusiveStartKey", out.exclusive_start_key);
  if (in.find("Select") != nullptr) in.enumeration("Select", kSelect, out.select.emplace());
}

void read(Members& in, QueryRequest& out) {
  read_page(in, out);
  in.required("KeyConditionExpression", out.key_condition);
  in.optional("ScanIndexForward", out.scan_index_forward);
}

void read(Members& in, ScanRequest& out) {
  read_page(in, out);
}

/// Calls `f(element, path)` for each element of an array member.
template <class F>
void for_each_element(Members& in, const char* name, const json* array, const F& f) {
  if (array == nullptr) return;
  if (!array->is_array()) return in.fail(name, "expected a list", true);
  for (std::size_t i = 0; i < array->size(); ++i) {
    f((*array)[i], in.path_of(fmt::format("{}[{}]", name, i)));
  }
}

void read_keys(Members& in, const std::string& table, const json& keys, BatchGetKeys& out) {
  Members members(keys, in.path_of(table));
  for_each_element(members, "Keys", members.require("Keys"),
                   [&](const json& key, const std::string&) {
                     members.item("Keys", out.keys.emplace_back(), &key);
                   });
  members.optional("ConsistentRead", out.consistent_read);
  members.optional("ProjectionExpression", out.projection);
  read_expression(members, out.expression);
  in.adopt(members.error());
}

void read(Members& in, BatchGetItemRequest& out) {
  const json* tables = in.require("RequestItems");
  if (tables == nullptr) return;
  Members members(*tables, "RequestItems");
  if (!members.error()) {
    for (const auto& [table, keys] : tables->items()) {
      read_keys(members, table, keys, out.tables[table]);
    }
  }
  in.adopt(members.error());
}

BatchWrite read_batch_write(Members& in) {
  Item item;
  if (const json* put = in.find("PutRequest")) {
    Members members(*put, in.path_of("PutRequest"));
    members.required("Item", item);
    in.adopt(members.error());
    return {std::variant<Item, Item>(std::in_place_index<0>, std::move(item))};
  }
  if (const json* remove = in.require("DeleteRequest")) {
    Members members(*remove, in.path_of("DeleteRequest"));
    members.required("Key", item);
    in.adopt(members.error());
  }
  return {std::variant<Item, Item>(std::in_place_index<1>, std::move(item))};
}

void read(Members& in, BatchWriteItemRequest& out) {
  const json* tables = in.require("RequestItems");
  if (tables == nullptr) return;
  Members members(*tables, "RequestItems");
  if (!members.error()) {
    for (const auto& [table, writes] : tables->items()) {
      std::vector<BatchWrite>& list = out.tables[table];
      for_each_element(members, table.c_str(), &writes,
                       [&](const json& write, const std::string& path) {
                         Members one(write, path);
                         list.push_back(read_batch_write(one));
                         members.adopt(one.error());
                       });
    }
  }
  in.adopt(members.error());
}

template <class Action>
std::optional<TransactWrite> read_action(Members& in, const char* name) {
  const json* body = in.find(name);
  if (body == nullptr) return std::nullopt;
  Members members(*body, in.path_of(name));
  Action action;
  read(members, action);
  in.adopt(members.error());
  return action;
}

void read(Members& in, TransactWriteItemsRequest& out) {
  in.optional("ClientRequestToken", out.client_request_token);
  for_each_element(in, "TransactItems", in.require("TransactItems"),
                   [&](const json& element, const std::string& path) {
                     Members one(element, path);
                     auto action = read_action<PutItemRequest>(one, "Put");
                     if (!action) action = read_action<UpdateItemRequest>(one, "Update");
                     if (!action) action = read_action<DeleteItemRequest>(one, "Delete");
                     if (!action) action = read_action<ConditionCheck>(one, "ConditionCheck");
                     if (action) {
                       out.actions.push_back(*std::move(action));
                     } else {
                       one.fail("", "expected Put, Update, Delete or ConditionCheck", false);
                     }
                     in.adopt(one.error());
                   });
}

void read(Members& in, TransactGetItemsRequest& out) {
  for_each_element(in, "TransactItems", in.require("TransactItems"),
                   [&](const json& element, const std::string& path) {
                     Members one(element, path);
                     if (const json* get = one.require("Get")) {
                       Members members(*get, one.path_of("Get"));
                       read(members, out.gets.emplace_back());
                       one.adopt(members.error());
                     }
                     in.adopt(one.error());
                   });
}

template <class R>
Result<Request, JsonError> read_as(const json& in) {
  R request;
  Members members(in, "");
  read(members, request);
  if (members.error()) return *members.error();
  return Request(std::move(request));
}

}  // namespace

Result<Request, JsonError> request_from_json(std::string_view operation, const json& in) {
  if (operation == "GetItem") return read_as<GetItemRequest>(in);
  if (operation == "PutItem") return read_as<PutItemRequest>(in);
  if (operation == "UpdateItem") return read_as<UpdateItemRequest>(in);
  if (operation == "DeleteItem") return read_as<DeleteItemRequest>(in);
  if (operation == "Query") return read_as<QueryRequest>(in);
  if (operation == "Scan") return read_as<ScanRequest>(in);
  if (operation == "BatchGetItem") return read_as<BatchGetItemRequest>(in);
  if (operation == "BatchWriteItem") return read_as<BatchWriteItemRequest>(in);
  if (operation == "TransactWriteItems") return read_as<TransactWriteItemsRequest>(in);
  if (operation == "TransactGetItems") return read_as<TransactGetItemsRequest>(in);
  return JsonError{"", fmt::format("'{}' is not an operation", operation), false};
}

}  // namespace ddbplan::dynamo
