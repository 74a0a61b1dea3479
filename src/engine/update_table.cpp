// UpdateTable: one kind of change after another, each checked on a copy of the table's definition
// before anything is done.

#include <algorithm>

#include <fmt/format.h>

#include "engine/account_state.h"
#include "engine/table_definition.h"
#include "engine/table_record_json.h"
#include "engine/validation.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::BillingMode;
using dynamo::IndexDefinition;
using dynamo::IndexUpdate;
using dynamo::TableDefinition;
using dynamo::UpdateTableRequest;

namespace {

using Problem = std::optional<ApiError>;

Problem check_asks_something(const UpdateTableRequest& request) {
  if (request.billing || request.throughput || !request.indexes.empty() || request.stream ||
      request.deletion_protection || request.table_class) {
    return std::nullopt;
  }
  return validation_error(
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
      "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required");
}

Problem change_billing(TableDefinition& table, const UpdateTableRequest& request) {
  const BillingMode mode = request.billing.value_or(table.billing);
  if (mode == BillingMode::pay_per_request) {
    table.throughput = request.throughput;
    if (request.billing && table.billing != mode) {
      for (IndexDefinition& index : table.global_indexes) index.throughput.reset();
    }
  } else if (request.throughput) {
    const bool is_same = table.billing == mode && table.throughput == request.throughput;
    if (is_same && !request.stream && request.indexes.empty() && !request.deletion_protection) {
      return validation_error(fmt::format(
          "The provisioned throughput for the table will not change. The requested value equals "
          "the current value. Current ReadCapacityUnits provisioned for the table: {0}. Requested "
          "ReadCapacityUnits: {0}. Current WriteCapacityUnits provisioned for the table: {1}. "
          "Requested WriteCapacityUnits: {1}. Refer to the Amazon DynamoDB Developer Guide for "
          "current limits and how to request higher limits.",
          table.throughput->read_units, table.throughput->write_units));
    }
    table.throughput = request.throughput;
  }
  // Indexes of a table that was on demand start with what the table gets, unless they are told.
  if (table.billing != mode && mode == BillingMode::provisioned) {
    for (IndexDefinition& index : table.global_indexes) index.throughput = table.throughput;
  }
  table.billing = mode;
  return std::nullopt;
}

auto find_index(TableDefinition& table, const std::string& name) {
  return std::find_if(table.global_indexes.begin(), table.global_indexes.end(),
                      [&name](const IndexDefinition& index) { return index.name == name; });
}

ApiError index_not_found(const TableDefinition& table, const std::string& index) {
  return {"ResourceNotFoundException",
          fmt::format("Requested resource not found: Table: {}, Index: {} not found", table.name,
                      index),
          {},
          {}};
}

Problem change_index(TableDefinition& table, const IndexUpdate& update) {
  const auto found = find_index(table, update.index.name);
  const bool exists = found != table.global_indexes.end();
  switch (update.kind) {
    case IndexUpdate::Kind::create:
      if (exists) {
        return validation_error(fmt::format(
            "Attempting to create an index which already exists: {}", update.index.name));
      }
      table.global_indexes.push_back(update.index);
      return std::nullopt;
    case IndexUpdate::Kind::update:
      if (!exists) return index_not_found(table, update.index.name);
      found->throughput = update.index.throughput;
      return std::nullopt;
    case IndexUpdate::Kind::erase:
      if (!exists) return index_not_found(table, update.index.name);
      table.global_indexes.erase(found);
      return std::nullopt;
  }
  return std::nullopt;
}

Problem change_indexes(TableDefinition& table, const UpdateTableRequest& request) {
  const auto builds = std::count_if(
      request.indexes.begin(), request.indexes.end(),
      [](const IndexUpdate& update) { return update.kind != IndexUpdate::Kind::update; });
  if (builds > 1) {
    return ApiError{
        "LimitExceededException",
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously "
        "per table",
        {},
        {}};
  }
  for (const dynamo::KeyAttribute& attribute : request.attributes) {
    const auto known =
        std::find_if(table.attributes.begin(), table.attributes.end(),
                     [&](const dynamo::KeyAttribute& one) { return one.name == attribute.name; });
    if (known == table.attributes.end()) {
      table.attributes.push_back(attribute);
    } else if (known->type != attribute.type) {
      return invalid_parameter(fmt::format(
          "Attributes cannot be redefined. Please check that your attribute has the same type as "
          "previously defined. Existing schema: Schema:[SchemaElement: key{{{0}:{1}}}] New schema: "
          "Schema:[SchemaElement: key{{{0}:{2}}}]",
          attribute.name, dynamo::scalar_type_name(known->type),
          dynamo::scalar_type_name(attribute.type)));
    }
  }
  for (const IndexUpdate& update : request.indexes) {
    if (Problem problem = change_index(table, update)) return problem;
  }
  // A deleted index leaves definitions behind that nothing uses.
  table.attributes = used_attributes(table);
  return std::nullopt;
}

Problem check_stream(const TableRecord& record, const UpdateTableRequest& request) {
  if (!request.stream) return std::nullopt;
  const std::string& name = record.definition.name;
  if (request.stream->enabled && record.stream_arn) {
    return validation_error(
        fmt::format("Table already has an enabled stream: TableName: {}", name));
  }
  if (!request.stream->enabled && !record.stream_arn) {
    return validation_error(fmt::format("Table is already stream disabled: TableName: {}", name));
  }
  if (request.stream->enabled && !request.stream->view) {
    return invalid_parameter("StreamViewType is required when stream is enabled");
  }
  return std::nullopt;
}

/// Everything is known to be right.
void build_indexes(TableStore& store, const TableDefinition& table,
                   const UpdateTableRequest& request) {
  for (const IndexUpdate& update : request.indexes) {
    if (update.kind == IndexUpdate::Kind::erase) store.remove_global_index(update.index.name);
    if (update.kind != IndexUpdate::Kind::create) continue;
    ApiResult<dynamo::IndexDescription> index = describe(update.index, table.attributes);
    store.add_global_index(*std::move(index));
  }
}

}  // namespace

ControlResponse execute(AccountState& state, const UpdateTableRequest& request) {
  if (Problem problem = check_asks_something(request)) return *std::move(problem);
  const ApiResult<TableRecord*> found = state.find_table(request.table);
  if (!found) return found.error();
  TableRecord& record = **found;
  TableDefinition table = record.definition;
  if (Problem problem = change_billing(table, request)) return *std::move(problem);
  if (Problem problem = change_indexes(table, request)) return *std::move(problem);
  if (Problem problem = check_stream(record, request)) return *std::move(problem);
  const ApiResult<dynamo::TableDescription> description = describe(table);
  if (!description) return description.error();
  if (Problem problem = check_table(*description)) return *std::move(problem);
  if (Problem problem = check_billing(table)) return *std::move(problem);

  table.deletion_protection = request.deletion_protection.value_or(table.deletion_protection);
  table.table_class = request.table_class.value_or(table.table_class);
  if (request.stream) table.stream = request.stream->enabled ? request.stream->view : std::nullopt;
  record.definition = std::move(table);
  build_indexes(state.store(record.definition.name), record.definition, request);
  if (request.stream && request.stream->enabled) {
    state.open_stream(record, *request.stream->view, state.now_ms());
  } else if (request.stream) {
    state.close_stream(record);
  }
  state.note_table(record);
  std::string out;
  dynamo::JsonWriter json(out);
  json.begin_object();
  json.name("TableDescription");
  append_table_description(json, state, record, "UPDATING");
  json.end_object();
  return out;
}

}  // namespace ddbplan::engine
