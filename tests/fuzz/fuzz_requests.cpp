// Requests as a client would send them: the first line names the operation, the rest is its body.
// Whatever it is, it ends in a response or an error, and both can be written.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dynamo/wire_request.h"
#include "dynamo/wire_response.h"
#include "engine/database.h"

namespace dynamo = ddbplan::dynamo;
namespace engine = ddbplan::engine;

namespace {

engine::Database made() {
  engine::Database database;
  dynamo::TableDescription table;
  table.name = "tab";
  table.key = {{{"p", dynamo::ScalarType::S}}, {{"s", dynamo::ScalarType::N}}};
  table.global_indexes.push_back({"gsi", {{{"g", dynamo::ScalarType::S}}, {}}, {}});
  table.local_indexes.push_back({"lsi",
                                 {{{"p", dynamo::ScalarType::S}}, {{"n", dynamo::ScalarType::N}}},
                                 {dynamo::ProjectionType::keys_only, {}}});
  static_cast<void>(database.create_table(table));
  for (int i = 0; i < 4; ++i) {
    dynamo::PutItemRequest put;
    put.table = "tab";
    put.item = {{"p", dynamo::AttributeValue::string("a")},
                {"s", dynamo::AttributeValue::number(i)},
                {"g", dynamo::AttributeValue::string("x")},
                {"n", dynamo::AttributeValue::number(-i)}};
    static_cast<void>(database.execute(put));
  }
  return database;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const engine::Database kStart = made();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  const std::string_view operation = text.substr(0, line);
  if (!dynamo::is_data_operation(operation)) return 0;
  dynamo::JsonTree tree;
  const auto request = dynamo::read_request(operation, text.substr(line + 1), tree);
  if (!request) return 0;
  engine::Database database(kStart);
  const auto response = database.execute(*request);
  std::string out;
  if (response) {
    dynamo::append_response(out, *request, *response);
  } else {
    dynamo::append_error(out, response.error());
  }
  return 0;
}
