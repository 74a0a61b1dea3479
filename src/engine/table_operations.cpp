// CreateTable, DeleteTable, DescribeTable, ListTables.

#include <fmt/format.h>

#include "engine/account_state.h"
#include "engine/table_definition.h"
#include "engine/table_record_json.h"
#include "engine/validation.h"
#include "support/check.h"
#include "support/sha256.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::JsonWriter;

namespace {

constexpr int kTablesPerPage = 100;

/// {"Table": ...} or {"TableDescription": ...}.
std::string description_response(AccountState& state, const TableRecord& record,
                                 std::string_view member, std::string_view status) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.name(member);
  append_table_description(json, state, record, status);
  json.end_object();
  return out;
}

/// A UUID made of what is the table's own; no random numbers, so that the same run is the same.
std::string table_id(const AccountState& state, const std::string& table, std::int64_t created_ms) {
  const std::string hex =
      support::sha256_hex(fmt::format("{} {}", state.table_arn(table), created_ms));
  return fmt::format("{}-{}-4{}-8{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(13, 3),
                     hex.substr(17, 3), hex.substr(20, 12));
}

}  // namespace

std::optional<ApiError> AccountState::add_table(TableRecord record) {
  ApiResult<dynamo::TableDescription> description = describe(record.definition);
  if (!description) return description.error();
  if (auto error = check_billing(record.definition)) return error;
  if (auto error = database.create_table(*description)) return error;
  const std::string name = record.definition.name;
  tables.insert_or_assign(name, std::move(record));
  store(name).listen(this);
  return std::nullopt;
}

ControlResponse execute(AccountState& state, const dynamo::CreateTableRequest& request) {
  TableRecord record;
  record.definition = request.table;
  record.created_ms = state.now_ms();
  record.id = table_id(state, request.table.name, record.created_ms);
  if (auto error = state.add_table(std::move(record))) return *std::move(error);
  TableRecord& added = state.tables.at(request.table.name);
  if (request.table.stream) state.open_stream(added, *request.table.stream, added.created_ms);
  state.note_table(added);
  return description_response(state, added, "TableDescription", "CREATING");
}

ControlResponse execute(AccountState& state, const dynamo::DeleteTableRequest& request) {
  const ApiResult<TableRecord*> found = state.find_table(request.table);
  if (!found) return found.error();
  TableRecord& record = **found;
  if (record.definition.deletion_protection) {
    return validation_error(
        "Resource cannot be deleted as it is currently protected against deletion. Disable "
        "deletion protection first.");
  }
  std::string response = description_response(state, record, "TableDescription", "DELETING");
  state.close_stream(record);
  const std::string name = record.definition.name;
  state.engine().tables.erase(name);
  state.tables.erase(name);
  if (state.journal != nullptr) state.journal->table_dropped(name);
  return response;
}

ControlResponse execute(AccountState& state, const dynamo::DescribeTableRequest& request) {
  const ApiResult<TableRecord*> found = state.find_table(request.table);
  if (!found) return found.error();
  return description_response(state, **found, "Table", "ACTIVE");
}

ControlResponse execute(AccountState& state, const dynamo::ListTablesRequest& request) {
  const auto limit = static_cast<std::size_t>(request.limit.value_or(kTablesPerPage));
  auto at =
      request.start_after ? state.tables.upper_bound(*request.start_after) : state.tables.begin();
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.name("TableNames");
  json.begin_array();
  const std::string* last = nullptr;
  for (std::size_t count = 0; at != state.tables.end() && count < limit; ++at, ++count) {
    json.string(at->first);
    last = &at->first;
  }
  json.end_array();
  if (at != state.tables.end() && last != nullptr) json.member("LastEvaluatedTableName", *last);
  json.end_object();
  return out;
}

}  // namespace ddbplan::engine
