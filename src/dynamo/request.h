// Requests and responses of the data plane, as values: what the plan's recipes produce, what the
// engine answers, what goes over a wire as JSON. Names follow the API Reference.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dynamo/legacy.h"
#include "dynamo/units.h"
#include "dynamo/value.h"
#include "support/check.h"

namespace ddbplan::dynamo {

/// Expression texts with their placeholders.
struct ExpressionNames {
  std::map<std::string, std::string> names;      ///< "#status" -> "status"
  std::map<std::string, AttributeValue> values;  ///< ":open" -> {"S": "OPEN"}
  bool operator==(const ExpressionNames&) const = default;
};

enum class ReturnValues { none, all_old, updated_old, all_new, updated_new };
/// The engine always meters; this says what a response over a wire shows of it.
enum class ReturnConsumedCapacity { none, total, indexes };

struct PutItemRequest {
  std::string table;
  Item item;
  std::optional<std::string> condition;
  ExpressionNames expression;
  ReturnValues return_values = ReturnValues::none;
  /// ReturnValuesOnConditionCheckFailure ALL_OLD.
  bool return_item_on_failure = false;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
  /// ReturnItemCollectionMetrics SIZE.
  bool return_collection_metrics = false;
  LegacyRef legacy = nullptr;
};
struct GetItemRequest {
  std::string table;
  Item key;
  bool consistent_read = false;
  std::optional<std::string> projection;
  ExpressionNames expression;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
  LegacyRef legacy = nullptr;
};
struct UpdateItemRequest {
  std::string table;
  Item key;
  std::optional<std::string> update;
  std::optional<std::string> condition;
  ExpressionNames expression;
  ReturnValues return_values = ReturnValues::none;
  bool return_item_on_failure = false;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
  bool return_collection_metrics = false;
  LegacyRef legacy = nullptr;
};
struct DeleteItemRequest {
  std::string table;
  Item key;
  std::optional<std::string> condition;
  ExpressionNames expression;
  ReturnValues return_values = ReturnValues::none;
  bool return_item_on_failure = false;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
  bool return_collection_metrics = false;
  LegacyRef legacy = nullptr;
};
enum class Select { all_attributes, all_projected, specific, count };
struct QueryRequest {
  std::string table;
  std::optional<std::string> index;
  /// Unless legacy key conditions stand in its place.
  std::string key_condition;
  std::optional<std::string> filter;
  std::optional<std::string> projection;
  ExpressionNames expression;
  bool consistent_read = false;
  bool scan_index_forward = true;
  std::optional<int> limit;
  std::optional<Item> exclusive_start_key;
  std::optional<Select> select;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
  LegacyRef legacy = nullptr;
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
  /// Parallel scan: this part, from 0, of so many.
  std::optional<int> segment = std::nullopt;
  std::optional<int> total_segments = std::nullopt;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
  LegacyRef legacy = nullptr;
};
struct BatchGetKeys {
  std::vector<Item> keys;
  bool consistent_read = false;
  std::optional<std::string> projection;
  ExpressionNames expression;
  LegacyRef legacy = nullptr;
};
struct BatchGetItemRequest {
  std::map<std::string, BatchGetKeys> tables;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
};
struct BatchWrite {
  std::variant<Item, Item> data;  ///< index 0: put this item; index 1: delete this key
};
struct BatchWriteItemRequest {
  std::map<std::string, std::vector<BatchWrite>> tables;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
  bool return_collection_metrics = false;
};
struct ConditionCheck {
  std::string table;
  Item key;
  std::string condition;
  ExpressionNames expression;
  bool return_item_on_failure = false;
};
using TransactWrite =
    std::variant<PutItemRequest, UpdateItemRequest, DeleteItemRequest, ConditionCheck>;
struct TransactWriteItemsRequest {
  std::vector<TransactWrite> actions;
  std::optional<std::string> client_request_token;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
  bool return_collection_metrics = false;
};
struct TransactGetItemsRequest {
  std::vector<GetItemRequest> gets;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
};

/// One PartiQL statement with the values of its question marks.
struct Statement {
  std::string text;
  std::vector<AttributeValue> parameters;
  bool consistent_read = false;
  bool return_item_on_failure = false;
};
struct ExecuteStatementRequest {
  Statement statement;
  std::optional<int> limit;
  std::optional<std::string> next_token;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
};
struct BatchExecuteStatementRequest {
  std::vector<Statement> statements;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
};
struct ExecuteTransactionRequest {
  std::vector<Statement> statements;
  std::optional<std::string> client_request_token;
  ReturnConsumedCapacity return_capacity = ReturnConsumedCapacity::none;
};

using Request =
    std::variant<GetItemRequest, PutItemRequest, UpdateItemRequest, DeleteItemRequest, QueryRequest,
                 ScanRequest, BatchGetItemRequest, BatchWriteItemRequest, TransactWriteItemsRequest,
                 TransactGetItemsRequest, ExecuteStatementRequest, BatchExecuteStatementRequest,
                 ExecuteTransactionRequest>;

/// Whether a request can change what is stored. PartiQL's are taken for writes.
[[nodiscard]] bool may_write(const Request& request);

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

/// One item collection that a write touched, of a table with local indexes.
struct ItemCollectionMetrics {
  std::string table;
  Item partition_key;
  /// SizeEstimateRangeGB: lower and upper bound.
  double gigabytes_min = 0;
  double gigabytes_max = 0;
};

/// An item that was read, or none: to its reader a std::optional<Item>. It is shared with the store
/// where the response has the whole of it, for items are large and answered more often than written.
class ReadItem {
 public:
  ReadItem() = default;
  // As with std::optional, an item is a response's item.
  // NOLINTBEGIN(google-explicit-constructor)
  ReadItem(std::nullopt_t) {}
  ReadItem(Item item) : item_(std::make_shared<const Item>(std::move(item))) {}
  ReadItem(std::shared_ptr<const Item> item) : item_(std::move(item)) {}
  ReadItem(std::optional<Item> item) {
    if (item) item_ = std::make_shared<const Item>(*std::move(item));
  }
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return item_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  /// REQUIRES: has_value().
  const Item& operator*() const { return value(); }
  const Item* operator->() const { return &value(); }
  [[nodiscard]] const Item& value() const {
    DDBPLAN_CHECK(has_value());
    return *item_;
  }
  bool operator==(const ReadItem& other) const {
    return has_value() == other.has_value() && (!has_value() || *item_ == *other.item_);
  }

 private:
  std::shared_ptr<const Item> item_;
};

/// What became of one statement of BatchExecuteStatement.
struct StatementOutcome {
  std::string table;
  ReadItem item;
  /// The code is the one of BatchStatementError ("ConditionalCheckFailed").
  std::optional<std::string> error_code;
  std::string error_message;
};

/// One shape for every operation; what an operation does not have stays empty.
struct Response {
  std::vector<ReadItem> items;  ///< Get: one; Query, Scan: the page; TransactGet: in request order
  std::map<std::string, std::vector<ReadItem>> batch_items;  ///< BatchGetItem: found items by table
  /// BatchGetItem: what a response of 16 MB had no room for.
  std::map<std::string, BatchGetKeys> unprocessed_keys;
  ReadItem attributes;  ///< ReturnValues
  int count = 0;
  int scanned_count = 0;
  std::optional<Item> last_evaluated_key;
  std::vector<ConsumedCapacity> consumed;
  std::vector<ItemCollectionMetrics> collection_metrics = {};
  std::vector<StatementOutcome> statements = {};
  std::optional<std::string> next_token = std::nullopt;
};

/// Why one action of a transaction let it fail: "None", "ConditionalCheckFailed", ...
struct CancellationReason {
  std::string code;
  std::string message = {};
  /// The item as it is, when the action asked for it.
  std::optional<Item> item = std::nullopt;
};

/// The service's error types, e.g. "ConditionalCheckFailedException", with its message.
struct ApiError {
  std::string type;
  std::string message;
  /// TransactionCanceledException: one for each action.
  std::vector<CancellationReason> cancellation_reasons;
  /// What the failed request is charged.
  std::vector<ConsumedCapacity> consumed;
  /// ConditionalCheckFailedException: the item as it is, when the request asked for it.
  std::optional<Item> item = std::nullopt;
};

}  // namespace ddbplan::dynamo
