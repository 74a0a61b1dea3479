#include "dynamo/wire_request.h"

#include <limits>
#include <utility>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "dynamo/wire_batch.h"
#include "dynamo/wire_members.h"

namespace ddbplan::dynamo {

using support::Result;

namespace {

constexpr std::array<WireName<ReturnValues>, 5> kReturnValues = {{
    {"ALL_NEW", ReturnValues::all_new},
    {"UPDATED_OLD", ReturnValues::updated_old},
    {"ALL_OLD", ReturnValues::all_old},
    {"NONE", ReturnValues::none},
    {"UPDATED_NEW", ReturnValues::updated_new},
}};

constexpr std::array<WireName<Select>, 4> kSelect = {{
    {"SPECIFIC_ATTRIBUTES", Select::specific},
    {"COUNT", Select::count},
    {"ALL_ATTRIBUTES", Select::all_attributes},
    {"ALL_PROJECTED_ATTRIBUTES", Select::all_projected},
}};

constexpr int kIntMax = std::numeric_limits<int>::max();
/// API Reference, Scan: TotalSegments.
constexpr int kSegmentsMax = 1'000'000;

/// What PutItem, UpdateItem and DeleteItem have in common.
template <class R>
void read_write_options(const WireMembers& in, R& out) {
  in.enumeration("ReturnValues", kReturnValues, out.return_values);
  in.switched("ReturnItemCollectionMetrics", "SIZE", out.return_collection_metrics);
  in.switched("ReturnValuesOnConditionCheckFailure", "ALL_OLD", out.return_item_on_failure);
  in.text("ConditionExpression", out.condition);
  in.expression(out.expression);
}

void read(const WireMembers& in, PutItemRequest& out) {
  in.return_capacity(out.return_capacity);
  in.required_resource("TableName", out.table);
  check_parameter_styles(in, {"ConditionExpression"}, {"Expected", "ConditionalOperator"});
  in.required_item("Item", out.item);
  out.legacy = read_legacy(in, "");
  read_write_options(in, out);
}

void read(const WireMembers& in, DeleteItemRequest& out) {
  in.return_capacity(out.return_capacity);
  in.required_resource("TableName", out.table);
  check_parameter_styles(in, {"ConditionExpression"}, {"Expected", "ConditionalOperator"});
  in.required_item("Key", out.key);
  out.legacy = read_legacy(in, "");
  read_write_options(in, out);
}

void read(const WireMembers& in, UpdateItemRequest& out) {
  in.return_capacity(out.return_capacity);
  in.required_resource("TableName", out.table);
  check_parameter_styles(in, {"UpdateExpression", "ConditionExpression"},
                         {"AttributeUpdates", "Expected", "ConditionalOperator"});
  in.required_item("Key", out.key);
  out.legacy = read_legacy(in, "");
  in.text("UpdateExpression", out.update);
  read_write_options(in, out);
}

/// What Query and Scan have in common.
template <class R>
void read_page(const WireMembers& in, R& out) {
  if (in.has("Select")) in.enumeration("Select", kSelect, out.select.emplace());
  in.resource("IndexName", out.index);
  in.return_capacity(out.return_capacity);
  in.required_resource("TableName", out.table);
  in.integer("Limit", out.limit, 1, kIntMax);
  in.item("ExclusiveStartKey", out.exclusive_start_key);
  in.boolean("ConsistentRead", out.consistent_read);
  in.text("FilterExpression", out.filter);
  in.text("ProjectionExpression", out.projection);
  in.expression(out.expression);
}

void read(const WireMembers& in, QueryRequest& out) {
  check_parameter_styles(
      in, {"ProjectionExpression", "FilterExpression", "KeyConditionExpression"},
      {"AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"});
  read_page(in, out);
  out.legacy = read_legacy(in, "QueryFilter");
  in.text("KeyConditionExpression", out.key_condition);
  in.boolean("ScanIndexForward", out.scan_index_forward);
  if (!in.has("KeyConditions") && !in.has("KeyConditionExpression")) {
    in.problems().parameters(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
        "request.");
  }
}

void read(const WireMembers& in, ScanRequest& out) {
  check_parameter_styles(in, {"ProjectionExpression", "FilterExpression"},
                         {"AttributesToGet", "ScanFilter", "ConditionalOperator"});
  in.integer("TotalSegments", out.total_segments, 1, kSegmentsMax);
  in.integer("Segment", out.segment, 0, kSegmentsMax - 1);
  read_page(in, out);
  out.legacy = read_legacy(in, "ScanFilter");
}

void read(const WireMembers& in, ExecuteStatementRequest& out) {
  if (in.require("Statement") != nullptr) in.text("Statement", out.statement.text);
  read_statement_options(in, out.statement);
  in.integer("Limit", out.limit, 1, kIntMax);
  in.text("NextToken", out.next_token);
  in.return_capacity(out.return_capacity);
}

template <class R>
Result<Request, JsonError> read_as(const JsonNode& body) {
  R request;
  WireProblems problems;
  if (!body.is(JsonKind::object)) {
    problems.shape(body.is(JsonKind::array)
                       ? "Unrecognized collection type class com.amazonaws.dynamodb"
                       : "Unexpected value type in payload");
  }
  const WirePath path;
  read(WireMembers(body, path, problems), request);
  if (std::optional<JsonError> problem = problems.first()) return *std::move(problem);
  return Request(std::move(request));
}

using Reader = Result<Request, JsonError> (*)(const JsonNode&);

constexpr std::array<std::pair<std::string_view, Reader>, 13> kReaders = {{
    {"GetItem", read_as<GetItemRequest>},
    {"PutItem", read_as<PutItemRequest>},
    {"UpdateItem", read_as<UpdateItemRequest>},
    {"DeleteItem", read_as<DeleteItemRequest>},
    {"Query", read_as<QueryRequest>},
    {"Scan", read_as<ScanRequest>},
    {"BatchGetItem", read_as<BatchGetItemRequest>},
    {"BatchWriteItem", read_as<BatchWriteItemRequest>},
    {"TransactWriteItems", read_as<TransactWriteItemsRequest>},
    {"TransactGetItems", read_as<TransactGetItemsRequest>},
    {"ExecuteStatement", read_as<ExecuteStatementRequest>},
    {"BatchExecuteStatement", read_as<BatchExecuteStatementRequest>},
    {"ExecuteTransaction", read_as<ExecuteTransactionRequest>},
}};

Reader reader_of(std::string_view operation) {
  for (const auto& [name, reader] : kReaders) {
    if (name == operation) return reader;
  }
  return nullptr;
}

}  // namespace

void read(const WireMembers& in, GetItemRequest& out) {
  in.return_capacity(out.return_capacity);
  in.required_resource("TableName", out.table);
  check_parameter_styles(in, {"ProjectionExpression"}, {"AttributesToGet"});
  in.required_item("Key", out.key);
  out.legacy = read_legacy(in, "");
  in.boolean("ConsistentRead", out.consistent_read);
  in.text("ProjectionExpression", out.projection);
  in.names(out.expression);
}

bool is_data_operation(std::string_view operation) {
  return reader_of(operation) != nullptr;
}

Result<Request, JsonError> read_request(std::string_view operation, const JsonNode& body) {
  const Reader reader = reader_of(operation);
  if (reader == nullptr) {
    return JsonError{"", fmt::format("'{}' is not an operation", operation), false};
  }
  return reader(body);
}

Result<Request, JsonError> read_request(std::string_view operation, std::string_view body,
                                        JsonTree& tree) {
  // The service's SerializationException has no message for a body that is not JSON.
  if (!tree.parse(body)) return JsonError{"", "", true};
  return read_request(operation, tree.root());
}

}  // namespace ddbplan::dynamo
