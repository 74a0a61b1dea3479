// Requests and responses of the data plane, as values: what the plan's recipes produce, what the
// engine answers, what goes over a wire as JSON. Names follow the API Reference.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dynamo/units.h"
#include "dynamo/value.h"

namespace ddbplan::dynamo {

/// Expression texts with their placeholders.
struct ExpressionNames {
  std::map<std::string, std::string> names;      ///< "#status" -> "status"
  std::map<std::string, AttributeValue> values;  ///< ":open" -> {"S": "OPEN"}
  bool operator==(const ExpressionNames&) const = default;
};

enum class ReturnValues { none, all_old, updated_old, all_new, updated_new };

struct PutItemRequest {
  std::string table;
  Item item;
  std::optional<std::string> condition;
  ExpressionNames expression;
  ReturnValues return_values = ReturnValues::none;
};
struct GetItemRequest {
  std::string table;
  Item key;
  bool consistent_read = false;
  std::optional<std::string> projection;
  ExpressionNames expression;
};
struct UpdateItemRequest {
  std::string table;
  Item key;
  std::optional<std::string> update;
  std::optional<std::string> condition;
  ExpressionNames expression;
  ReturnValues return_values = ReturnValues::none;
};
struct DeleteItemRequest {
  std::string table;
  Item key;
  std::optional<std::string> condition;
  ExpressionNames expression;
  ReturnValues return_values = ReturnValues::none;
};
enum class Select { all_attributes, all_projected, specific, count };
struct QueryRequest {
  std::string table;
  std::optional<std::string> index;
  std::string key_condition;
  std::optional<std::string> filter;
  std::optional<std::string> projection;
  ExpressionNames expression;
  bool consistent_read = false;
  bool scan_index_forward = true;
  std::optional<int> limit;
  std::optional<Item> exclusive_start_key;
  std::optional<Select> select;
};
struct ScanRequest {
  std::string table;
  std::optional<std::string> index;
  std::optional<std::string> filter;
  std::optional<std::string> projection;
  ExpressionNames expression;
  bool consistent_read = false;
  std::optional<int> limit;
  std::optional<Item> exclusive_start_key;
  std::optional<Select> select;
};
struct BatchGetKeys {
  std::vector<Item> keys;
  bool consistent_read = false;
  std::optional<std::string> projection;
  ExpressionNames expression;
};
struct BatchGetItemRequest {
  std::map<std::string, BatchGetKeys> tables;
};
struct BatchWrite {
  std::variant<Item, Item> data;  ///< index 0: put this item; index 1: delete this key
};
struct BatchWriteItemRequest {
  std::map<std::string, std::vector<BatchWrite>> tables;
};
struct ConditionCheck {
  std::string table;
  Item key;
  std::string condition;
  ExpressionNames expression;
};
using TransactWrite =
    std::variant<PutItemRequest, UpdateItemRequest, DeleteItemRequest, ConditionCheck>;
struct TransactWriteItemsRequest {
  std::vector<TransactWrite> actions;
  std::optional<std::string> client_request_token;
};
struct TransactGetItemsRequest {
  std::vector<GetItemRequest> gets;
};

using Request = std::variant<GetItemRequest, PutItemRequest, UpdateItemRequest, DeleteItemRequest,
                             QueryRequest, ScanRequest, BatchGetItemRequest, BatchWriteItemRequest,
                             TransactWriteItemsRequest, TransactGetItemsRequest>;

/// Consumed capacity of one table in one request, always with its index parts
/// (ReturnConsumedCapacity INDEXES). An index that consumed nothing is absent.
struct ConsumedCapacity {
  std::string table;
  bool is_write = false;
  HalfUnits table_units;
  std::map<std::string, HalfUnits> global_indexes;
  std::map<std::string, HalfUnits> local_indexes;
  [[nodiscard]] HalfUnits total() const;
  bool operator==(const ConsumedCapacity&) const = default;
};

/// One shape for every operation; what an operation does not have stays empty.
struct Response {
  std::vector<std::optional<Item>>
      items;  ///< Get: one; Query, Scan: the page; TransactGet: in request order
  std::map<std::string, std::vector<Item>> batch_items;  ///< BatchGetItem: found items by table
  /// BatchGetItem: what a response of 16 MB had no room for.
  std::map<std::string, BatchGetKeys> unprocessed_keys;
  std::optional<Item> attributes;  ///< ReturnValues
  int count = 0;
  int scanned_count = 0;
  std::optional<Item> last_evaluated_key;
  std::vector<ConsumedCapacity> consumed;
};

/// The service's error types, e.g. "ConditionalCheckFailedException", with its message.
struct ApiError {
  std::string type;
  std::string message;
  /// TransactionCanceledException: one code per action ("None", "ConditionalCheckFailed", ...).
  std::vector<std::string> cancellation_reasons;
  /// What the failed request is charged.
  std::vector<ConsumedCapacity> consumed;
};

}  // namespace ddbplan::dynamo
