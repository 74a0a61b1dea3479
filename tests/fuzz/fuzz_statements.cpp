// PartiQL: whatever the bytes are, the statement ends in an answer or an error.
#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/database.h"

namespace dynamo = ddbplan::dynamo;
namespace engine = ddbplan::engine;

namespace {

engine::Database made() {
  engine::Database database;
  dynamo::TableDescription table;
  table.name = "tab";
  table.key = {{{"p", dynamo::ScalarType::S}}, {{"s", dynamo::ScalarType::N}}};
  static_cast<void>(database.create_table(table));
  dynamo::PutItemRequest put;
  put.table = "tab";
  put.item = {{"p", dynamo::AttributeValue::string("a")},
              {"s", dynamo::AttributeValue::number(1)},
              {"l", dynamo::AttributeValue(dynamo::AttributeValue::Variant(
                        dynamo::List{dynamo::AttributeValue::number(1)}))}};
  static_cast<void>(database.execute(put));
  return database;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const engine::Database kStart = made();
  engine::Database database(kStart);
  dynamo::ExecuteStatementRequest request;
  request.statement.text.assign(reinterpret_cast<const char*>(data), size);
  request.statement.parameters = {dynamo::AttributeValue::string("a"),
                                  dynamo::AttributeValue::number(1)};
  static_cast<void>(database.execute(request));
  dynamo::ExecuteTransactionRequest transaction;
  transaction.statements.push_back(request.statement);
  static_cast<void>(database.execute(transaction));
  return 0;
}
