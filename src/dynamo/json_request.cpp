#include <array>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "dynamo/json.h"
#include "dynamo/wire_request.h"

namespace ddbplan::dynamo {

using nlohmann::ordered_json;

namespace {

std::string_view return_values_name(ReturnValues value) {
  switch (value) {
    case ReturnValues::none:
      return "NONE";
    case ReturnValues::all_old:
      return "ALL_OLD";
    case ReturnValues::updated_old:
      return "UPDATED_OLD";
    case ReturnValues::all_new:
      return "ALL_NEW";
    case ReturnValues::updated_new:
      return "UPDATED_NEW";
  }
  return "NONE";
}

std::string_view select_name(Select value) {
  switch (value) {
    case Select::all_attributes:
      return "ALL_ATTRIBUTES";
    case Select::all_projected:
      return "ALL_PROJECTED_ATTRIBUTES";
    case Select::specific:
      return "SPECIFIC_ATTRIBUTES";
    case Select::count:
      return "COUNT";
  }
  return "ALL_ATTRIBUTES";
}

template <class T>
void put_if(ordered_json& out, const char* name, const std::optional<T>& value) {
  if (value) out[name] = *value;
}

void put_expression(ordered_json& out, const ExpressionNames& expression) {
  if (!expression.names.empty()) out["ExpressionAttributeNames"] = expression.names;
  if (expression.values.empty()) return;
  ordered_json& values = out["ExpressionAttributeValues"];
  for (const auto& [name, value] : expression.values) values[name] = to_json(value);
}

void put_return_values(ordered_json& out, ReturnValues value) {
  if (value != ReturnValues::none) out["ReturnValues"] = return_values_name(value);
}

ordered_json body(const GetItemRequest& get) {
  ordered_json out = {{"TableName", get.table}, {"Key", to_json(get.key)}};
  if (get.consistent_read) out["ConsistentRead"] = true;
  put_if(out, "ProjectionExpression", get.projection);
  put_expression(out, get.expression);
  return out;
}

ordered_json body(const PutItemRequest& put) {
  ordered_json out = {{"TableName", put.table}, {"Item", to_json(put.item)}};
  put_if(out, "ConditionExpression", put.condition);
  put_expression(out, put.expression);
  put_return_values(out, put.return_values);
  return out;
}

ordered_json body(const UpdateItemRequest& update) {
  ordered_json out = {{"TableName", update.table}, {"Key", to_json(update.key)}};
  put_if(out, "UpdateExpression", update.update);
  put_if(out, "ConditionExpression", update.condition);
  put_expression(out, update.expression);
  put_return_values(out, update.return_values);
  return out;
}

ordered_json body(const DeleteItemRequest& request) {
  ordered_json out = {{"TableName", request.table}, {"Key", to_json(request.key)}};
  put_if(out, "ConditionExpression", request.condition);
  put_expression(out, request.expression);
  put_return_values(out, request.return_values);
  return out;
}

/// What Query and Scan have in common.
template <class R>
void put_page(ordered_json& out, const R& request) {
  put_if(out, "FilterExpression", request.filter);
  put_if(out, "ProjectionExpression", request.projection);
  put_expression(out, request.expression);
  if (request.consistent_read) out["ConsistentRead"] = true;
  put_if(out, "Limit", request.limit);
  if (request.select) out["Select"] = select_name(*request.select);
  if (request.exclusive_start_key) {
    out["ExclusiveStartKey"] = to_json(*request.exclusive_start_key);
  }
}

ordered_json body(const QueryRequest& query) {
  ordered_json out = {{"TableName", query.table}};
  put_if(out, "IndexName", query.index);
  out["KeyConditionExpression"] = query.key_condition;
  put_page(out, query);
  if (!query.scan_index_forward) out["ScanIndexForward"] = false;
  return out;
}

ordered_json body(const ScanRequest& scan) {
  ordered_json out = {{"TableName", scan.table}};
  put_if(out, "IndexName", scan.index);
  put_page(out, scan);
  put_if(out, "Segment", scan.segment);
  put_if(out, "TotalSegments", scan.total_segments);
  return out;
}

ordered_json body(const BatchGetItemRequest& batch) {
  ordered_json tables = ordered_json::object();
  for (const auto& [name, gets] : batch.tables) {
    ordered_json& table = tables[name];
    ordered_json& keys = table["Keys"] = ordered_json::array();
    for (const Item& key : gets.keys) keys.push_back(to_json(key));
    if (gets.consistent_read) table["ConsistentRead"] = true;
    put_if(table, "ProjectionExpression", gets.projection);
    put_expression(table, gets.expression);
  }
  ordered_json out = ordered_json::object();
  out["RequestItems"] = std::move(tables);
  return out;
}

ordered_json body(const BatchWriteItemRequest& batch) {
  ordered_json tables = ordered_json::object();
  for (const auto& [name, writes] : batch.tables) {
    ordered_json& table = tables[name] = ordered_json::array();
    for (const BatchWrite& write : writes) {
      ordered_json entry = ordered_json::object();
      if (write.data.index() == 0) {
        entry["PutRequest"]["Item"] = to_json(std::get<0>(write.data));
      } else {
        entry["DeleteRequest"]["Key"] = to_json(std::get<1>(write.data));
      }
      table.push_back(std::move(entry));
    }
  }
  ordered_json out = ordered_json::object();
  out["RequestItems"] = std::move(tables);
  return out;
}

ordered_json body(const ConditionCheck& check) {
  ordered_json out = {{"TableName", check.table}, {"Key", to_json(check.key)}};
  out["ConditionExpression"] = check.condition;
  put_expression(out, check.expression);
  return out;
}

ordered_json body(const TransactWriteItemsRequest& transaction) {
  constexpr std::array<const char*, 4> kActionNames = {"Put", "Update", "Delete", "ConditionCheck"};
  ordered_json actions = ordered_json::array();
  for (const TransactWrite& action : transaction.actions) {
    ordered_json entry = ordered_json::object();
    entry[kActionNames.at(action.index())] =
        std::visit([](const auto& write) { return body(write); }, action);
    actions.push_back(std::move(entry));
  }
  ordered_json out = ordered_json::object();
  out["TransactItems"] = std::move(actions);
  put_if(out, "ClientRequestToken", transaction.client_request_token);
  return out;
}

ordered_json body(const TransactGetItemsRequest& transaction) {
  ordered_json gets = ordered_json::array();
  for (const GetItemRequest& get : transaction.gets) {
    ordered_json entry = ordered_json::object();
    entry["Get"] = body(get);
    // A transactional read is always consistent; the API has no such member there.
    entry["Get"].erase("ConsistentRead");
    gets.push_back(std::move(entry));
  }
  ordered_json out = ordered_json::object();
  out["TransactItems"] = std::move(gets);
  return out;
}

ordered_json body(const Statement& statement) {
  ordered_json out = {{"Statement", statement.text}};
  for (const AttributeValue& value : statement.parameters) {
    out["Parameters"].push_back(to_json(value));
  }
  if (statement.consistent_read) out["ConsistentRead"] = true;
  return out;
}

ordered_json body(const ExecuteStatementRequest& request) {
  ordered_json out = body(request.statement);
  put_if(out, "Limit", request.limit);
  put_if(out, "NextToken", request.next_token);
  return out;
}

ordered_json statement_list(const char* name, const std::vector<Statement>& statements) {
  ordered_json out = ordered_json::object();
  for (const Statement& statement : statements) out[name].push_back(body(statement));
  return out;
}

ordered_json body(const BatchExecuteStatementRequest& request) {
  return statement_list("Statements", request.statements);
}

ordered_json body(const ExecuteTransactionRequest& request) {
  ordered_json out = statement_list("TransactStatements", request.statements);
  put_if(out, "ClientRequestToken", request.client_request_token);
  return out;
}

}  // namespace

std::string_view operation_name(const Request& request) {
  constexpr std::array<std::string_view, 13> kNames = {"GetItem",
                                                       "PutItem",
                                                       "UpdateItem",
                                                       "DeleteItem",
                                                       "Query",
                                                       "Scan",
                                                       "BatchGetItem",
                                                       "BatchWriteItem",
                                                       "TransactWriteItems",
                                                       "TransactGetItems",
                                                       "ExecuteStatement",
                                                       "BatchExecuteStatement",
                                                       "ExecuteTransaction"};
  static_assert(std::variant_size_v<Request> == kNames.size());
  return kNames.at(request.index());
}

ordered_json request_to_json(const Request& request) {
  return std::visit([](const auto& operation) { return body(operation); }, request);
}

std::string request_to_json_text(const Request& request) {
  return request_to_json(request).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

support::Result<Request, JsonError> request_from_json(std::string_view operation,
                                                      const nlohmann::json& json) {
  const std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  JsonTree tree;
  return read_request(operation, text, tree);
}

}  // namespace ddbplan::dynamo
