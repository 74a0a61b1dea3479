#include "engine/table_record_json.h"

#include <array>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "dynamo/wire_control.h"

namespace ddbplan::engine {

using dynamo::BillingMode;
using dynamo::IndexDefinition;
using dynamo::JsonNode;
using dynamo::JsonWriter;
using dynamo::TableDefinition;
using dynamo::Throughput;

namespace {

void append_keys(JsonWriter& json, const std::vector<dynamo::KeyElement>& keys) {
  json.name("KeySchema");
  json.begin_array();
  for (const dynamo::KeyElement& key : keys) {
    json.begin_object();
    json.member("AttributeName", key.name);
    json.member("KeyType", key.is_partition ? "HASH" : "RANGE");
    json.end_object();
  }
  json.end_array();
}

void append_attributes(JsonWriter& json, const TableDefinition& table) {
  json.name("AttributeDefinitions");
  json.begin_array();
  for (const dynamo::KeyAttribute& attribute : table.attributes) {
    json.begin_object();
    json.member("AttributeName", attribute.name);
    json.member("AttributeType", dynamo::scalar_type_name(attribute.type));
    json.end_object();
  }
  json.end_array();
}

void append_projection(JsonWriter& json, const dynamo::Projection& projection) {
  constexpr std::array<const char*, 3> kNames = {"ALL", "KEYS_ONLY", "INCLUDE"};
  json.name("Projection");
  json.begin_object();
  if (!projection.attributes.empty()) {
    json.name("NonKeyAttributes");
    json.begin_array();
    for (const std::string& attribute : projection.attributes) json.string(attribute);
    json.end_array();
  }
  json.member("ProjectionType", kNames.at(static_cast<std::size_t>(projection.type)));
  json.end_object();
}

void append_units(JsonWriter& json, const Throughput& throughput) {
  json.member("ReadCapacityUnits", throughput.read_units);
  json.member("WriteCapacityUnits", throughput.write_units);
}

/// On-demand tables show zeros.
void append_described_throughput(JsonWriter& json, const std::optional<Throughput>& throughput) {
  json.name("ProvisionedThroughput");
  json.begin_object();
  json.member("NumberOfDecreasesToday", 0);
  append_units(json, throughput.value_or(Throughput{}));
  json.end_object();
}

struct EntrySums {
  std::size_t count = 0;
  std::int64_t bytes = 0;
};
EntrySums sums_of(const TableStore& store, const std::string& index) {
  EntrySums sums;
  const IndexStore* found = store.find_index(index);
  if (found == nullptr) return sums;
  const Collections& entries = found->entries;
  const Collections::Span all = entries.all();
  for (Collections::Cursor at = all.begin; at != all.end; at = entries.next(at)) {
    sums.bytes += entries.entry(at).item->bytes.count;
  }
  sums.count = entries.size();
  return sums;
}

void append_described_indexes(JsonWriter& json, AccountState& state, const TableRecord& record,
                              bool are_global) {
  const std::vector<IndexDefinition>& indexes =
      are_global ? record.definition.global_indexes : record.definition.local_indexes;
  if (indexes.empty()) return;
  json.name(are_global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes");
  json.begin_array();
  for (const IndexDefinition& index : indexes) {
    const EntrySums sums = sums_of(state.store(record.definition.name), index.name);
    json.begin_object();
    json.member("IndexArn", state.table_arn(record.definition.name) + "/index/" + index.name);
    json.member("IndexName", index.name);
    json.member("IndexSizeBytes", sums.bytes);
    if (are_global) json.member("IndexStatus", "ACTIVE");
    json.member("ItemCount", static_cast<std::int64_t>(sums.count));
    append_keys(json, index.keys);
    append_projection(json, index.projection);
    if (are_global) append_described_throughput(json, index.throughput);
    json.end_object();
  }
  json.end_array();
}

void append_stream_specification(JsonWriter& json, dynamo::StreamView view) {
  json.name("StreamSpecification");
  json.begin_object();
  json.member("StreamEnabled", true);
  json.member("StreamViewType", dynamo::stream_view_name(view));
  json.end_object();
}

std::string seconds_text(std::int64_t ms) {
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

void append_requested_indexes(JsonWriter& json, std::string_view name,
                              const std::vector<IndexDefinition>& indexes) {
  if (indexes.empty()) return;
  json.name(name);
  json.begin_array();
  for (const IndexDefinition& index : indexes) {
    json.begin_object();
    json.member("IndexName", index.name);
    append_keys(json, index.keys);
    append_projection(json, index.projection);
    if (index.throughput) {
      json.name("ProvisionedThroughput");
      json.begin_object();
      append_units(json, *index.throughput);
      json.end_object();
    }
    json.end_object();
  }
  json.end_array();
}

/// The request that makes the table as it is.
void append_definition(JsonWriter& json, const TableDefinition& table) {
  json.begin_object();
  json.member("TableName", table.name);
  append_attributes(json, table);
  append_keys(json, table.keys);
  append_requested_indexes(json, "GlobalSecondaryIndexes", table.global_indexes);
  append_requested_indexes(json, "LocalSecondaryIndexes", table.local_indexes);
  json.member("BillingMode",
              table.billing == BillingMode::provisioned ? "PROVISIONED" : "PAY_PER_REQUEST");
  if (table.throughput) {
    json.name("ProvisionedThroughput");
    json.begin_object();
    append_units(json, *table.throughput);
    json.end_object();
  }
  if (table.stream) append_stream_specification(json, *table.stream);
  json.member("DeletionProtectionEnabled", table.deletion_protection);
  json.member("TableClass", table.table_class);
  json.name("Tags");
  json.begin_array();
  for (const auto& [key, value] : table.tags) {
    json.begin_object();
    json.member("Key", key);
    json.member("Value", value);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

std::int64_t integer_of(const JsonNode& object, std::string_view name) {
  const JsonNode* found = object.find(name);
  return found == nullptr ? 0 : std::atoll(std::string(found->text).c_str());
}

std::string text_of(const JsonNode& object, std::string_view name) {
  const JsonNode* found = object.find(name);
  return found == nullptr ? std::string() : std::string(found->text);
}

}  // namespace

std::string timestamp_text(std::int64_t ms) {
  const std::time_t seconds = ms / 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}", fmt::gmtime(seconds), ms % 1000);
}

void append_table_description(JsonWriter& json, AccountState& state, const TableRecord& record,
                              std::string_view status) {
  const TableDefinition& table = record.definition;
  json.begin_object();
  append_attributes(json, table);
  if (table.billing == BillingMode::pay_per_request) {
    json.name("BillingModeSummary");
    json.begin_object();
    json.member("BillingMode", "PAY_PER_REQUEST");
    json.name("LastUpdateToPayPerRequestDateTime");
    json.raw(seconds_text(record.created_ms));
    json.end_object();
  }
  json.name("CreationDateTime");
  json.raw(seconds_text(record.created_ms));
  json.member("DeletionProtectionEnabled", table.deletion_protection);
  append_described_indexes(json, state, record, true);
  json.member("ItemCount", record.item_count);
  append_keys(json, table.keys);
  if (record.stream_arn) {
    const Stream& stream = state.streams.at(*record.stream_arn);
    json.member("LatestStreamArn", stream.arn);
    json.member("LatestStreamLabel", stream.label);
    append_stream_specification(json, stream.view);
  }
  append_described_indexes(json, state, record, false);
  append_described_throughput(json, table.throughput);
  json.member("TableArn", state.table_arn(table.name));
  if (table.table_class != "STANDARD") {
    json.name("TableClassSummary");
    json.begin_object();
    json.member("TableClass", table.table_class);
    json.end_object();
  }
  json.member("TableId", record.id);
  json.member("TableName", table.name);
  json.member("TableSizeBytes", record.item_bytes);
  json.member("TableStatus", status);
  json.end_object();
}

std::string table_record_json(const AccountState& state, const TableRecord& record) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.name("CreateTable");
  append_definition(json, record.definition);
  json.member("TableId", record.id);
  json.member("CreatedMs", record.created_ms);
  if (record.expiry) json.member("TimeToLiveAttribute", record.expiry->attribute());
  json.member("TimeToLiveChangedMs", record.expiry_changed_ms);
  if (record.recovery_since_ms) json.member("RecoverySinceMs", *record.recovery_since_ms);
  if (record.stream_arn) {
    json.member("StreamCreatedMs", state.streams.at(*record.stream_arn).created_ms);
  }
  json.end_object();
  return out;
}

std::optional<std::string> read_table_record(AccountState& state, std::string_view text) {
  dynamo::JsonTree tree;
  if (!tree.parse(text) || !tree.root().is(dynamo::JsonKind::object)) return "not a JSON object";
  const JsonNode& root = tree.root();
  const JsonNode* request = root.find("CreateTable");
  if (request == nullptr) return "CreateTable is missing";
  auto read = dynamo::read_control_request("CreateTable", *request);
  if (!read) return read.error().message;
  TableRecord record;
  record.definition = std::get<dynamo::CreateTableRequest>(*std::move(read)).table;
  const std::string name = record.definition.name;
  record.id = text_of(root, "TableId");
  record.created_ms = integer_of(root, "CreatedMs");
  record.expiry_changed_ms = integer_of(root, "TimeToLiveChangedMs");
  if (root.find("RecoverySinceMs") != nullptr) {
    record.recovery_since_ms = integer_of(root, "RecoverySinceMs");
  }
  const std::optional<dynamo::StreamView> view = record.definition.stream;
  if (auto error = state.add_table(std::move(record))) return error->message;
  TableRecord& added = state.tables.at(name);
  if (view) state.open_stream(added, *view, integer_of(root, "StreamCreatedMs"));
  if (root.find("TimeToLiveAttribute") != nullptr) {
    state.set_expiry(added, text_of(root, "TimeToLiveAttribute"));
  }
  return std::nullopt;
}

}  // namespace ddbplan::engine
