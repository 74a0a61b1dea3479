#include <nlohmann/json.hpp>

#include "dynamo/json.h"
#include "emit/exchanges.h"
#include "emit/json_parts.h"

namespace ddbplan::emit {
namespace {

Json units_json(dynamo::HalfUnits units) {
  return {{"CapacityUnits", json_number(units.units())}};
}

Json indexes_json(const std::map<std::string, dynamo::HalfUnits>& indexes) {
  Json out = Json::object();
  for (const auto& index : indexes) out[index.first] = units_json(index.second);
  return out;
}

Json consumed_json(const dynamo::ConsumedCapacity& consumed) {
  Json out = {{"TableName", consumed.table},
              {"CapacityUnits", json_number(consumed.total().units())},
              {"Table", units_json(consumed.table_units)}};
  if (!consumed.local_indexes.empty()) {
    out["LocalSecondaryIndexes"] = indexes_json(consumed.local_indexes);
  }
  if (!consumed.global_indexes.empty()) {
    out["GlobalSecondaryIndexes"] = indexes_json(consumed.global_indexes);
  }
  return out;
}

Json items_json(const std::vector<dynamo::ReadItem>& items) {
  Json out = Json::array();
  for (const dynamo::ReadItem& item : items) out.push_back(dynamo::to_json(*item));
  return out;
}

/// Query and Scan.
Json page_json(const dynamo::Response& response, bool count_only) {
  Json out = Json::object();
  if (!count_only) {
    Json items = Json::array();
    for (const dynamo::ReadItem& item : response.items) {
      items.push_back(dynamo::to_json(item.value()));
    }
    out["Items"] = std::move(items);
  }
  out["Count"] = response.count;
  out["ScannedCount"] = response.scanned_count;
  if (response.last_evaluated_key) {
    out["LastEvaluatedKey"] = dynamo::to_json(*response.last_evaluated_key);
  }
  return out;
}

struct Body {
  const dynamo::Response& response;

  Json operator()(const dynamo::GetItemRequest&) const {
    Json out = Json::object();
    const bool found = !response.items.empty() && response.items.front().has_value();
    if (found) out["Item"] = dynamo::to_json(*response.items.front());
    return out;
  }
  Json operator()(const dynamo::QueryRequest& request) const {
    return page_json(response, request.select == dynamo::Select::count);
  }
  Json operator()(const dynamo::ScanRequest& request) const {
    return page_json(response, request.select == dynamo::Select::count);
  }
  Json operator()(const dynamo::BatchGetItemRequest&) const {
    Json tables = Json::object();
    for (const auto& table : response.batch_items) tables[table.first] = items_json(table.second);
    return {{"Responses", std::move(tables)}, {"UnprocessedKeys", Json::object()}};
  }
  Json operator()(const dynamo::BatchWriteItemRequest&) const {
    return {{"UnprocessedItems", Json::object()}};
  }
  Json operator()(const dynamo::TransactGetItemsRequest&) const {
    Json items = Json::array();
    for (const dynamo::ReadItem& item : response.items) {
      Json entry = Json::object();
      if (item) entry["Item"] = dynamo::to_json(*item);
      items.push_back(std::move(entry));
    }
    return {{"Responses", std::move(items)}};
  }
  Json operator()(const dynamo::TransactWriteItemsRequest&) const { return Json::object(); }
  /// Single writes answer with the attributes that ReturnValues asks for.
  template <class Write>
  Json operator()(const Write&) const {
    Json out = Json::object();
    if (response.attributes) out["Attributes"] = dynamo::to_json(*response.attributes);
    return out;
  }
};

/// Operations on several items answer with a list of tables.
bool is_on_several(const dynamo::Request& request) {
  return std::holds_alternative<dynamo::BatchGetItemRequest>(request) ||
         std::holds_alternative<dynamo::BatchWriteItemRequest>(request) ||
         std::holds_alternative<dynamo::TransactWriteItemsRequest>(request) ||
         std::holds_alternative<dynamo::TransactGetItemsRequest>(request);
}

}  // namespace

nlohmann::ordered_json response_to_json(const dynamo::Request& request,
                                        const dynamo::Response& response) {
  Json out = std::visit(Body{response}, request);
  if (is_on_several(request)) {
    Json consumed = Json::array();
    for (const dynamo::ConsumedCapacity& of_table : response.consumed) {
      consumed.push_back(consumed_json(of_table));
    }
    out["ConsumedCapacity"] = std::move(consumed);
  } else if (!response.consumed.empty()) {
    out["ConsumedCapacity"] = consumed_json(response.consumed.front());
  }
  return out;
}

}  // namespace ddbplan::emit
