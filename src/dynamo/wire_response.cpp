#include "dynamo/wire_response.h"

#include <iterator>

#include <fmt/format.h>

#include "dynamo/fetch_ahead.h"
#include "dynamo/json_lines.h"
#include "dynamo/json_text.h"

namespace ddbplan::dynamo {
namespace {

/// Writes the members of an object, with commas where they belong.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;
  ~Members() { out_ += '}'; }

  /// The member's value is to be appended next.
  std::string& begin(std::string_view name) {
    if (!is_first_) out_ += ',';
    is_first_ = false;
    append_json_string(out_, name);
    out_ += ':';
    return out_;
  }
  void text(std::string_view name, std::string_view value) {
    append_json_string(begin(name), value);
  }
  void item(std::string_view name, const Item& value) { append_item_json(begin(name), value); }
  void item(std::string_view name, const std::optional<Item>& value) {
    if (value) item(name, *value);
  }
  void item(std::string_view name, const ReadItem& value) {
    if (value) item(name, *value);
  }
  void integer(std::string_view name, int value) {
    fmt::format_to(std::back_inserter(begin(name)), "{}", value);
  }
  /// With a decimal point, as the service's Java prints doubles.
  void units(std::string_view name, HalfUnits value) {
    fmt::format_to(std::back_inserter(begin(name)), "{:.1f}", value.units());
  }

 private:
  std::string& out_;
  bool is_first_ = true;
};

template <class Elements, class Append>
void append_list(std::string& out, const Elements& elements, const Append& append) {
  out += '[';
  bool is_first = true;
  for (const auto& element : elements) {
    if (!is_first) out += ',';
    is_first = false;
    append(element);
  }
  out += ']';
}

void append_indexes(Members& members, std::string_view name,
                    const std::map<std::string, HalfUnits>& indexes) {
  if (indexes.empty()) return;
  Members all(members.begin(name));
  for (const auto& [index, units] : indexes) {
    Members one(all.begin(index));
    one.units("CapacityUnits", units);
  }
}

enum class CapacityForm { single, transactional };

void append_capacity(std::string& out, const ConsumedCapacity& consumed,
                     ReturnConsumedCapacity shown, CapacityForm form) {
  const auto put_units = [&](Members& members, HalfUnits units) {
    members.units("CapacityUnits", units);
    // Only transactions tell reads from writes.
    if (form == CapacityForm::transactional) {
      members.units(consumed.is_write ? "WriteCapacityUnits" : "ReadCapacityUnits", units);
    }
  };
  Members members(out);
  members.text("TableName", consumed.table);
  put_units(members, consumed.total());
  if (shown != ReturnConsumedCapacity::indexes) return;
  {
    Members table(members.begin("Table"));
    put_units(table, consumed.table_units);
  }
  append_indexes(members, "LocalSecondaryIndexes", consumed.local_indexes);
  append_indexes(members, "GlobalSecondaryIndexes", consumed.global_indexes);
}

void append_one_capacity(Members& members, const Response& response, ReturnConsumedCapacity shown) {
  if (shown == ReturnConsumedCapacity::none || response.consumed.empty()) return;
  append_capacity(members.begin("ConsumedCapacity"), response.consumed.front(), shown,
                  CapacityForm::single);
}

void append_all_capacity(Members& members, const Response& response, ReturnConsumedCapacity shown,
                         CapacityForm form) {
  if (shown == ReturnConsumedCapacity::none) return;
  std::string& out = members.begin("ConsumedCapacity");
  append_list(out, response.consumed, [&](const ConsumedCapacity& consumed) {
    append_capacity(out, consumed, shown, form);
  });
}

void append_metrics(std::string& out, const ItemCollectionMetrics& metrics) {
  Members members(out);
  members.item("ItemCollectionKey", metrics.partition_key);
  fmt::format_to(std::back_inserter(members.begin("SizeEstimateRangeGB")), "[{:.1f},{:.1f}]",
                 metrics.gigabytes_min, metrics.gigabytes_max);
}

void append_metrics_by_table(Members& members, const Response& response, bool wanted) {
  if (!wanted) return;
  std::map<std::string_view, std::vector<const ItemCollectionMetrics*>> tables;
  for (const ItemCollectionMetrics& one : response.collection_metrics) {
    tables[one.table].push_back(&one);
  }
  Members all(members.begin("ItemCollectionMetrics"));
  for (const auto& table : tables) {
    std::string& out = all.begin(table.first);
    append_list(out, table.second,
                [&](const ItemCollectionMetrics* one) { append_metrics(out, *one); });
  }
}

void append_keys(std::string& out, const BatchGetKeys& keys) {
  Members members(out);
  append_list(members.begin("Keys"), keys.keys,
              [&](const Item& key) { append_item_json(out, key); });
  if (keys.consistent_read) members.begin("ConsistentRead") += "true";
  if (keys.projection) members.text("ProjectionExpression", *keys.projection);
  if (!keys.expression.names.empty()) {
    Members names(members.begin("ExpressionAttributeNames"));
    for (const auto& [placeholder, name] : keys.expression.names) names.text(placeholder, name);
  }
  if (keys.legacy != nullptr && keys.legacy->attributes_to_get) {
    append_list(members.begin("AttributesToGet"), *keys.legacy->attributes_to_get,
                [&](const std::string& name) { append_json_string(out, name); });
  }
}

/// The items of a page. REQUIRES: each is there.
void append_items(std::string& out, const std::vector<ReadItem>& items) {
  FetchAhead ahead(items);
  append_list(out, items, [&](const ReadItem& item) {
    ahead.step();
    append_item_json(out, item.value());
  });
}

/// One object with an Item for each, as transactions answer.
void append_item_responses(Members& members, const Response& response) {
  std::string& out = members.begin("Responses");
  append_list(out, response.items, [&](const ReadItem& item) {
    Members one(out);
    one.item("Item", item);
  });
}

void append_statement(std::string& out, const StatementOutcome& outcome) {
  Members members(out);
  if (outcome.error_code) {
    Members error(members.begin("Error"));
    error.text("Code", *outcome.error_code);
    error.text("Message", outcome.error_message);
    error.item("Item", outcome.item);
  } else {
    members.item("Item", outcome.item);
  }
  if (!outcome.table.empty()) members.text("TableName", outcome.table);
}

struct Body {
  std::string& out;
  const Response& response;

  void operator()(const GetItemRequest& request) const {
    Members members(out);
    append_one_capacity(members, response, request.return_capacity);
    if (!response.items.empty()) members.item("Item", response.items.front());
  }
  void operator()(const QueryRequest& request) const {
    page(request.select == Select::count, request.return_capacity);
  }
  void operator()(const ScanRequest& request) const {
    page(request.select == Select::count, request.return_capacity);
  }
  void operator()(const BatchGetItemRequest& request) const {
    Members members(out);
    append_all_capacity(members, response, request.return_capacity, CapacityForm::single);
    {
      Members tables(members.begin("Responses"));
      for (const auto& [table, gets] : request.tables) {
        const auto found = response.batch_items.find(table);
        static const std::vector<ReadItem> kNone;
        append_items(tables.begin(table),
                     found == response.batch_items.end() ? kNone : found->second);
      }
    }
    Members unprocessed(members.begin("UnprocessedKeys"));
    for (const auto& [table, keys] : response.unprocessed_keys) {
      append_keys(unprocessed.begin(table), keys);
    }
  }
  void operator()(const BatchWriteItemRequest& request) const {
    Members members(out);
    append_all_capacity(members, response, request.return_capacity, CapacityForm::single);
    append_metrics_by_table(members, response, request.return_collection_metrics);
    members.begin("UnprocessedItems") += "{}";
  }
  void operator()(const TransactWriteItemsRequest& request) const {
    Members members(out);
    append_all_capacity(members, response, request.return_capacity, CapacityForm::transactional);
    append_metrics_by_table(members, response, request.return_collection_metrics);
  }
  void operator()(const TransactGetItemsRequest& request) const {
    Members members(out);
    append_all_capacity(members, response, request.return_capacity, CapacityForm::transactional);
    append_item_responses(members, response);
  }
  void operator()(const ExecuteStatementRequest& request) const {
    Members members(out);
    append_one_capacity(members, response, request.return_capacity);
    append_items(members.begin("Items"), response.items);
    members.item("LastEvaluatedKey", response.last_evaluated_key);
    if (response.next_token) members.text("NextToken", *response.next_token);
  }
  void operator()(const BatchExecuteStatementRequest& request) const {
    Members members(out);
    append_all_capacity(members, response, request.return_capacity, CapacityForm::single);
    append_list(members.begin("Responses"), response.statements,
                [&](const StatementOutcome& outcome) { append_statement(out, outcome); });
  }
  void operator()(const ExecuteTransactionRequest& request) const {
    Members members(out);
    append_all_capacity(members, response, request.return_capacity, CapacityForm::transactional);
    append_item_responses(members, response);
  }
  /// Single writes.
  template <class Write>
  void operator()(const Write& request) const {
    Members members(out);
    members.item("Attributes", response.attributes);
    append_one_capacity(members, response, request.return_capacity);
    if (request.return_collection_metrics && !response.collection_metrics.empty()) {
      append_metrics(members.begin("ItemCollectionMetrics"), response.collection_metrics.front());
    }
  }

 private:
  void page(bool count_only, ReturnConsumedCapacity shown) const {
    Members members(out);
    append_one_capacity(members, response, shown);
    members.integer("Count", response.count);
    if (!count_only) append_items(members.begin("Items"), response.items);
    members.item("LastEvaluatedKey", response.last_evaluated_key);
    members.integer("ScannedCount", response.scanned_count);
  }
};

std::string_view name_space(std::string_view type) {
  if (type == "ValidationException") return "com.amazon.coral.validate#";
  if (type == "SerializationException" || type == "UnknownOperationException" ||
      type == "AccessDeniedException" || type == "UnrecognizedClientException" ||
      type == "InvalidSignatureException" || type == "MissingAuthenticationTokenException" ||
      type == "IncompleteSignatureException") {
    return "com.amazon.coral.service#";
  }
  return "com.amazonaws.dynamodb.v20120810#";
}

}  // namespace

void append_response(std::string& out, const Request& request, const Response& response) {
  std::visit(Body{out, response}, request);
}

void append_error(std::string& out, const ApiError& error) {
  Members members(out);
  members.begin("__type");
  append_json_string(out, std::string(name_space(error.type)) + error.type);
  const bool is_cancelled = !error.cancellation_reasons.empty();
  if (is_cancelled) {
    append_list(members.begin("CancellationReasons"), error.cancellation_reasons,
                [&](const CancellationReason& reason) {
                  Members one(out);
                  one.text("Code", reason.code);
                  one.item("Item", reason.item);
                  if (!reason.message.empty()) one.text("Message", reason.message);
                });
  }
  members.item("Item", error.item);
  if (error.message.empty()) return;
  // The service spells it both ways.
  const bool is_large = is_cancelled || error.type == "SerializationException";
  members.text(is_large ? "Message" : "message", error.message);
}

}  // namespace ddbplan::dynamo
