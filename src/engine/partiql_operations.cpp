// ExecuteStatement, BatchExecuteStatement, ExecuteTransaction.

#include <algorithm>
#include <array>
#include <utility>

#include "dynamo/json.h"
#include "engine/capacity.h"
#include "engine/operations.h"
#include "engine/partiql/bind.h"
#include "engine/partiql/select.h"
#include "engine/transaction.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::Response;
using partiql::ParsedStatement;
using partiql::StatementWrite;
using partiql::Verb;

namespace {

constexpr const char* kDuplicate = "Duplicate primary key exists in table";

ApiResult<ParsedStatement> parsed(const dynamo::Statement& statement) {
  support::Result<ParsedStatement, std::string> result = partiql::parse_statement(statement);
  if (!result) return validation_error(result.error());
  return *std::move(result);
}

bool is_read(const ParsedStatement& statement) {
  return statement.verb == Verb::select;
}

dynamo::ReadItem returned(const StatementWrite& write, const PreparedWrite& prepared) {
  if (!write.returning) return std::nullopt;
  const ItemRef& item = write.returning->after ? prepared.after : prepared.before;
  if (item == nullptr) return std::nullopt;
  return write.returning->all ? whole(item) : updated_parts(write.bound, item);
}

/// One INSERT, UPDATE or DELETE by itself.
ApiResponse write_one(EngineState& state, ParsedStatement statement, bool return_item_on_failure) {
  const bool is_insert = statement.verb == Verb::insert;
  const ApiResult<StatementWrite> write = bind_statement(state, std::move(statement));
  if (!write) return write.error();
  if (auto error = check_write(write->bound, ItemSource::put)) return *std::move(error);
  const ApiResult<PreparedWrite> prepared = prepare(write->bound);
  if (!prepared) return prepared.error();
  if (!prepared->condition_holds) {
    ApiError error = condition_failed(charge_without_writing(*prepared, false));
    if (is_insert) {
      error.type = "DuplicateItemException";
      error.message = kDuplicate;
    } else if (return_item_on_failure && prepared->before != nullptr) {
      error.item = prepared->before->item;
    }
    return error;
  }
  Response response;
  response.consumed.push_back(commit(*prepared, false));
  if (dynamo::ReadItem item = returned(*write, *prepared)) {
    response.items.push_back(std::move(item));
  }
  return response;
}

/// BatchStatementError's codes are the exceptions' names without their ends.
std::string error_code(const std::string& type) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kCodes = {{
      {"ConditionalCheckFailedException", "ConditionalCheckFailed"},
      {"ResourceNotFoundException", "ResourceNotFound"},
      {"DuplicateItemException", "DuplicateItem"},
      {"ValidationException", "ValidationError"},
  }};
  for (const auto& [exception, code] : kCodes) {
    if (type == exception) return std::string(code);
  }
  return "InternalServerError";
}

dynamo::StatementOutcome failed(const ApiError& error, std::string table) {
  return {std::move(table), error.item, error_code(error.type), error.message};
}

dynamo::StatementOutcome run_in_batch(EngineState& state, ParsedStatement statement,
                                      const dynamo::Statement& request, CapacityByTable& capacity) {
  const std::string table = statement.table;
  if (is_read(statement)) {
    ApiResult<partiql::SelectedItem> selected = select_item(state, std::move(statement));
    if (!selected) return failed(selected.error(), state.tables.contains(table) ? table : "");
    const support::Bytes bytes =
        selected->stored == nullptr ? support::Bytes{} : selected->stored->bytes;
    capacity.add(table_read(
        table, bytes,
        request.consistent_read ? dynamo::Consistency::strong : dynamo::Consistency::eventual));
    return {table, std::move(selected->item), std::nullopt, {}};
  }
  ApiResponse response = write_one(state, std::move(statement), request.return_item_on_failure);
  if (!response) return failed(response.error(), state.tables.contains(table) ? table : "");
  for (const dynamo::ConsumedCapacity& consumed : response->consumed) capacity.add(consumed);
  dynamo::StatementOutcome outcome{table, std::nullopt, std::nullopt, {}};
  if (!response->items.empty()) outcome.item = std::move(response->items.front());
  return outcome;
}

/// Every statement parsed; the error is the whole request's.
ApiResult<std::vector<ParsedStatement>> parse_all(const std::vector<dynamo::Statement>& statements,
                                                  const char* mixed) {
  std::vector<ParsedStatement> all;
  for (const dynamo::Statement& statement : statements) {
    ApiResult<ParsedStatement> one = parsed(statement);
    if (!one) return one.error();
    all.push_back(*std::move(one));
  }
  const auto reads = std::count_if(all.begin(), all.end(), is_read);
  if (reads != 0 && reads != static_cast<std::ptrdiff_t>(all.size())) {
    return validation_error(mixed);
  }
  return all;
}

ApiResponse read_all(EngineState& state, std::vector<ParsedStatement> statements) {
  Response response;
  CapacityByTable capacity;
  DistinctItems distinct;
  for (ParsedStatement& statement : statements) {
    const std::string table = statement.table;
    ApiResult<partiql::SelectedItem> selected = select_item(state, std::move(statement));
    if (!selected) return selected.error();
    if (auto error = distinct.add(*selected->table, selected->key)) return *std::move(error);
    const support::Bytes bytes =
        selected->stored == nullptr ? support::Bytes{} : selected->stored->bytes;
    capacity.add(table_read(table, bytes, dynamo::Consistency::transactional));
    response.items.push_back(std::move(selected->item));
  }
  response.consumed = capacity.list();
  return response;
}

std::string request_text(dynamo::ExecuteTransactionRequest request) {
  request.client_request_token.reset();
  return dynamo::request_to_json_text(request);
}

}  // namespace

ApiResponse execute(EngineState& state, const dynamo::ExecuteStatementRequest& request) {
  ApiResult<ParsedStatement> statement = parsed(request.statement);
  if (!statement) return statement.error();
  if (statement->verb == Verb::exists) {
    return validation_error("EXISTS can only be used in ExecuteTransaction write requests.");
  }
  if (is_read(*statement)) {
    return run_select(state, *std::move(statement), request.statement.text,
                      {request.statement.consistent_read, request.limit, request.next_token});
  }
  return write_one(state, *std::move(statement), request.statement.return_item_on_failure);
}

ApiResponse execute(EngineState& state, const dynamo::BatchExecuteStatementRequest& request) {
  ApiResult<std::vector<ParsedStatement>> statements = parse_all(
      request.statements, "Read and write requests together in the same batch is not supported.");
  if (!statements) return statements.error();
  Response response;
  CapacityByTable capacity;
  for (std::size_t i = 0; i < statements->size(); ++i) {
    ParsedStatement& statement = (*statements)[i];
    if (statement.verb == Verb::exists) {
      return validation_error("EXISTS can only be used in ExecuteTransaction write requests.");
    }
    response.statements.push_back(
        run_in_batch(state, std::move(statement), request.statements[i], capacity));
  }
  response.consumed = capacity.list();
  return response;
}

ApiResponse execute(EngineState& state, const dynamo::ExecuteTransactionRequest& request) {
  const std::optional<std::string>& token = request.client_request_token;
  const std::string text = token ? request_text(request) : std::string();
  if (std::optional<ApiResponse> replayed = replay_transaction(state, token, text)) {
    return *std::move(replayed);
  }
  ApiResult<std::vector<ParsedStatement>> statements =
      parse_all(request.statements,
                "Read and write requests together in the same transaction is not supported.");
  if (!statements) return statements.error();
  if (!statements->empty() && is_read(statements->front())) {
    return read_all(state, *std::move(statements));
  }
  std::vector<Action> actions;
  std::vector<StatementWrite> owners;
  for (std::size_t i = 0; i < statements->size(); ++i) {
    const bool is_insert = (*statements)[i].verb == Verb::insert;
    ApiResult<StatementWrite> write = bind_statement(state, std::move((*statements)[i]));
    if (!write) return write.error();
    Action& action = actions.emplace_back();
    action.write = write->bound;
    action.return_item_on_failure = request.statements[i].return_item_on_failure;
    if (is_insert) action.failure = {"DuplicateItem", kDuplicate};
    owners.push_back(*std::move(write));
  }
  return run_transaction(state, actions, token, text, false);
}

}  // namespace ddbplan::engine
