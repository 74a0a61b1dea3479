// Items and requests from DynamoDB JSON, so that a test shows what a client would send.
#pragma once

#include <string>
#include <string_view>

#include "dynamo/json.h"
#include "engine/database.h"

namespace ddbplan::engine::testing {

/// `{"PK":{"S":"a"}}`.
dynamo::Item item(std::string_view json);
dynamo::AttributeValue value(std::string_view json);
std::string text(const dynamo::Item& item);

/// Sends a request's body; the test fails when the service would refuse it.
dynamo::Response run(Database& database, std::string_view operation, std::string_view body);
/// Sends a request's body; the test fails when the service would accept it.
dynamo::ApiError refused(Database& database, std::string_view operation, std::string_view body);
/// The items of a response, each as JSON, in brackets.
std::string items_text(const dynamo::Response& response);
/// "t: 1.5 GSI1 0.5", an entry for each table.
std::string consumed_text(const std::vector<dynamo::ConsumedCapacity>& consumed);

/// A description of a table: partition key, sort key (or ""), all strings unless "name:N".
dynamo::TableDescription table(std::string name, std::string_view partition,
                               std::string_view sort = "");
dynamo::IndexDescription index(std::string name, std::initializer_list<std::string_view> partition,
                               std::initializer_list<std::string_view> sort,
                               dynamo::Projection projection = {});

}  // namespace ddbplan::engine::testing
