// DynamoDB JSON ({"S": "text"}) for values, items, requests and responses. Only this library and
// the command line know nlohmann/json; everything else passes values.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "dynamo/request.h"
#include "dynamo/table.h"
#include "dynamo/value.h"
#include "support/result.h"

namespace ddbplan::dynamo {

/// Keys in attribute-name order: the same item is the same bytes.
nlohmann::ordered_json to_json(const AttributeValue& value);
nlohmann::ordered_json to_json(const Item& item);
/// One line, as seed files hold it inside {"Item": ...}.
std::string item_to_json_text(const Item& item);
/// Why a JSON text is not a value or an item.
struct JsonError {
  /// Where: "total", "lines[2].price"; empty for the whole.
  std::string path;
  /// What, in the service's words where it has them.
  std::string message;
  /// The service answers a wrong shape with SerializationException, a wrong content (an empty set,
  /// a bad number) with ValidationException.
  bool is_shape = false;
};
support::Result<AttributeValue, JsonError> read_value(const nlohmann::json& in);
support::Result<Item, JsonError> read_item(const nlohmann::json& in);

/// The error is "path: message".
support::Result<AttributeValue, std::string> value_from_json(const nlohmann::json& in);
support::Result<Item, std::string> item_from_json(const nlohmann::json& in);
support::Result<Item, std::string> item_from_json_text(std::string_view text);

/// The operation's name in X-Amz-Target ("GetItem") and its request body.
std::string_view operation_name(const Request& request);
/// Without ReturnConsumedCapacity, which is the sender's choice.
nlohmann::ordered_json request_to_json(const Request& request);
/// The same as one line of text.
std::string request_to_json_text(const Request& request);
/// Reads an operation's request body. Members that the operation does not have are ignored, as the
/// service ignores them. For the bytes of a body, see wire_request.h.
support::Result<Request, JsonError> request_from_json(std::string_view operation,
                                                      const nlohmann::json& json);
/// CreateTable's request body, billing mode PAY_PER_REQUEST.
nlohmann::ordered_json create_table_to_json(const TableDescription& table);

}  // namespace ddbplan::dynamo
