#include "dynamo/wire_control.h"

#include <array>
#include <limits>
#include <utility>

#include "dynamo/wire_members.h"
#include "dynamo/wire_problems.h"
#include "dynamo/wire_values.h"
#include "support/check.h"

namespace ddbplan::dynamo {

using support::Result;

std::string_view stream_view_name(StreamView view) {
  constexpr std::array<std::string_view, 4> kNames = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE",
                                                      "NEW_AND_OLD_IMAGES"};
  return kNames.at(static_cast<std::size_t>(view));
}

namespace {

constexpr int kUnitsMax = std::numeric_limits<int>::max();

constexpr std::array<WireName<ScalarType>, 3> kScalarTypes = {{
    {"B", ScalarType::B},
    {"N", ScalarType::N},
    {"S", ScalarType::S},
}};
constexpr std::array<WireName<bool>, 2> kKeyTypes = {{{"HASH", true}, {"RANGE", false}}};
constexpr std::array<WireName<ProjectionType>, 3> kProjections = {{
    {"ALL", ProjectionType::all},
    {"INCLUDE", ProjectionType::include},
    {"KEYS_ONLY", ProjectionType::keys_only},
}};
constexpr std::array<WireName<BillingMode>, 2> kBillingModes = {{
    {"PROVISIONED", BillingMode::provisioned},
    {"PAY_PER_REQUEST", BillingMode::pay_per_request},
}};
constexpr std::array<WireName<StreamView>, 4> kStreamViews = {{
    {"NEW_IMAGE", StreamView::new_image},
    {"OLD_IMAGE", StreamView::old_image},
    {"NEW_AND_OLD_IMAGES", StreamView::new_and_old_images},
    {"KEYS_ONLY", StreamView::keys_only},
}};
constexpr std::array<WireName<ShardIteratorType>, 4> kIteratorTypes = {{
    {"TRIM_HORIZON", ShardIteratorType::trim_horizon},
    {"LATEST", ShardIteratorType::latest},
    {"AT_SEQUENCE_NUMBER", ShardIteratorType::at_sequence},
    {"AFTER_SEQUENCE_NUMBER", ShardIteratorType::after_sequence},
}};

/// Calls `f(members)` for the object that a member is, if it is there.
template <class F>
void with_object(const WireMembers& in, std::string_view name, const F& f) {
  const JsonNode* member = in.find(name);
  if (member == nullptr) return;
  if (!member->is(JsonKind::object)) {
    return in.problems().shape("Unexpected value type in payload");
  }
  const WirePath path = in.path_to(name);
  f(WireMembers(*member, path, in.problems()));
}

/// Calls `f(members)` for each object of a list.
template <class F>
void for_each_object(const WireMembers& in, std::string_view name, const F& f) {
  const JsonNode* list = in.find(name);
  if (list == nullptr || !expect_array(*list, in.problems())) return;
  int place = 0;
  const WirePath path = in.path_to(name);
  list->for_each_element([&](const JsonNode& element) {
    const std::string number = std::to_string(++place);
    const WirePath member{&path, number};
    const WirePath of_element{&member, "member"};
    if (!element.is(JsonKind::object)) {
      return in.problems().shape("Unexpected value type in payload");
    }
    f(WireMembers(element, of_element, in.problems()));
  });
}

template <class Enum, std::size_t N>
void required_enumeration(const WireMembers& in, std::string_view name,
                          const std::array<WireName<Enum>, N>& names, Enum& out) {
  if (in.require(name) != nullptr) in.enumeration(name, names, out);
}

void required_text(const WireMembers& in, std::string_view name, std::string& out) {
  if (in.require(name) != nullptr) in.text(name, out);
}

void read_attributes(const WireMembers& in, std::vector<KeyAttribute>& out) {
  for_each_object(in, "AttributeDefinitions", [&](const WireMembers& members) {
    KeyAttribute& attribute = out.emplace_back();
    required_text(members, "AttributeName", attribute.name);
    required_enumeration(members, "AttributeType", kScalarTypes, attribute.type);
  });
}

void read_keys(const WireMembers& in, std::vector<KeyElement>& out) {
  if (in.require("KeySchema") == nullptr) return;
  for_each_object(in, "KeySchema", [&](const WireMembers& members) {
    KeyElement& key = out.emplace_back();
    required_text(members, "AttributeName", key.name);
    required_enumeration(members, "KeyType", kKeyTypes, key.is_partition);
  });
}

void read_units(const WireMembers& in, std::string_view name, std::int64_t& out) {
  if (in.require(name) == nullptr) return;
  std::optional<int> units;
  in.integer(name, units, 1, kUnitsMax);
  if (units) out = *units;
}

void read_throughput(const WireMembers& in, std::optional<Throughput>& out) {
  with_object(in, "ProvisionedThroughput", [&](const WireMembers& members) {
    read_units(members, "ReadCapacityUnits", out.emplace().read_units);
    read_units(members, "WriteCapacityUnits", out->write_units);
  });
}

void read_index(const WireMembers& in, IndexDefinition& out) {
  in.required_resource("IndexName", out.name);
  read_keys(in, out.keys);
  if (in.require("Projection") != nullptr) {
    with_object(in, "Projection", [&](const WireMembers& members) {
      members.enumeration("ProjectionType", kProjections, out.projection.type);
      std::optional<std::vector<std::string>> names;
      members.texts("NonKeyAttributes", names);
      if (names) out.projection.attributes = *std::move(names);
    });
  }
  read_throughput(in, out.throughput);
}

void read_indexes(const WireMembers& in, std::string_view name, std::vector<IndexDefinition>& out) {
  for_each_object(in, name,
                  [&](const WireMembers& members) { read_index(members, out.emplace_back()); });
  const JsonNode* list = in.find(name);
  if (list != nullptr && list->is(JsonKind::array) && list->size == 0) {
    in.problems().value("One or more parameter values were invalid: List of " +
                        std::string(name).substr(0, name.size() - 2) + "es is empty");
  }
}

void read_stream(const WireMembers& in, std::optional<StreamChange>& out) {
  with_object(in, "StreamSpecification", [&](const WireMembers& members) {
    if (members.require("StreamEnabled") != nullptr) {
      members.boolean("StreamEnabled", out.emplace().enabled);
    }
    if (out && members.has("StreamViewType")) {
      members.enumeration("StreamViewType", kStreamViews, out->view.emplace());
    }
  });
}

void read_tags(const WireMembers& in, std::map<std::string, std::string>& out) {
  for_each_object(in, "Tags", [&](const WireMembers& members) {
    std::string key;
    std::string value;
    required_text(members, "Key", key);
    required_text(members, "Value", value);
    out.insert_or_assign(std::move(key), std::move(value));
  });
}

void read(const WireMembers& in, CreateTableRequest& out) {
  TableDefinition& table = out.table;
  in.required_resource("TableName", table.name);
  if (in.require("AttributeDefinitions") != nullptr) read_attributes(in, table.attributes);
  read_keys(in, table.keys);
  read_indexes(in, "LocalSecondaryIndexes", table.local_indexes);
  read_indexes(in, "GlobalSecondaryIndexes", table.global_indexes);
  in.enumeration("BillingMode", kBillingModes, table.billing);
  read_throughput(in, table.throughput);
  std::optional<StreamChange> stream;
  read_stream(in, stream);
  if (stream && stream->enabled) {
    if (!stream->view)
      in.problems().value(
          "One or more parameter values were invalid: StreamViewType is required when stream is "
          "enabled");
    table.stream = stream->view;
  }
  in.boolean("DeletionProtectionEnabled", table.deletion_protection);
  in.text("TableClass", table.table_class);
  read_tags(in, table.tags);
}

void read_index_update(const WireMembers& in, std::vector<IndexUpdate>& out) {
  with_object(in, "Create",
              [&](const WireMembers& members) { read_index(members, out.emplace_back().index); });
  with_object(in, "Update", [&](const WireMembers& members) {
    IndexUpdate& update = out.emplace_back();
    update.kind = IndexUpdate::Kind::update;
    members.required_resource("IndexName", update.index.name);
    read_throughput(members, update.index.throughput);
  });
  with_object(in, "Delete", [&](const WireMembers& members) {
    IndexUpdate& update = out.emplace_back();
    update.kind = IndexUpdate::Kind::erase;
    members.required_resource("IndexName", update.index.name);
  });
}

void read(const WireMembers& in, UpdateTableRequest& out) {
  in.required_resource("TableName", out.table);
  read_attributes(in, out.attributes);
  if (in.has("BillingMode")) in.enumeration("BillingMode", kBillingModes, out.billing.emplace());
  read_throughput(in, out.throughput);
  for_each_object(in, "GlobalSecondaryIndexUpdates",
                  [&](const WireMembers& members) { read_index_update(members, out.indexes); });
  read_stream(in, out.stream);
  in.boolean("DeletionProtectionEnabled", out.deletion_protection);
  in.text("TableClass", out.table_class);
}

void read(const WireMembers& in, DeleteTableRequest& out) {
  in.required_resource("TableName", out.table);
}
void read(const WireMembers& in, DescribeTableRequest& out) {
  in.required_resource("TableName", out.table);
}
void read(const WireMembers& in, ListTablesRequest& out) {
  in.resource("ExclusiveStartTableName", out.start_after);
  in.integer("Limit", out.limit, 1, 100);
}
void read(const WireMembers& in, UpdateTimeToLiveRequest& out) {
  in.required_resource("TableName", out.table);
  if (in.require("TimeToLiveSpecification") == nullptr) return;
  with_object(in, "TimeToLiveSpecification", [&](const WireMembers& members) {
    required_text(members, "AttributeName", out.attribute);
    if (members.require("Enabled") != nullptr) members.boolean("Enabled", out.enabled);
  });
}
void read(const WireMembers& in, DescribeTimeToLiveRequest& out) {
  in.required_resource("TableName", out.table);
}
void read(const WireMembers& in, TagResourceRequest& out) {
  required_text(in, "ResourceArn", out.arn);
  if (in.require("Tags") != nullptr) read_tags(in, out.tags);
}
void read(const WireMembers& in, UntagResourceRequest& out) {
  required_text(in, "ResourceArn", out.arn);
  std::optional<std::vector<std::string>> keys;
  if (in.require("TagKeys") != nullptr) in.texts("TagKeys", keys);
  if (keys) out.keys = *std::move(keys);
}
void read(const WireMembers& in, ListTagsOfResourceRequest& out) {
  required_text(in, "ResourceArn", out.arn);
  in.text("NextToken", out.next_token);
}
void read(const WireMembers&, DescribeLimitsRequest&) {}
void read(const WireMembers&, DescribeEndpointsRequest&) {}
void read(const WireMembers& in, DescribeContinuousBackupsRequest& out) {
  in.required_resource("TableName", out.table);
}
void read(const WireMembers& in, UpdateContinuousBackupsRequest& out) {
  in.required_resource("TableName", out.table);
  if (in.require("PointInTimeRecoverySpecification") == nullptr) return;
  with_object(in, "PointInTimeRecoverySpecification", [&](const WireMembers& members) {
    if (members.require("PointInTimeRecoveryEnabled") != nullptr) {
      members.boolean("PointInTimeRecoveryEnabled", out.enabled);
    }
  });
}
void read(const WireMembers& in, ListStreamsRequest& out) {
  in.resource("TableName", out.table);
  in.text("ExclusiveStartStreamArn", out.start_after);
  in.integer("Limit", out.limit, 1, 100);
}
void read(const WireMembers& in, DescribeStreamRequest& out) {
  required_text(in, "StreamArn", out.arn);
  in.text("ExclusiveStartShardId", out.start_after);
  in.integer("Limit", out.limit, 1, 100);
}
void read(const WireMembers& in, GetShardIteratorRequest& out) {
  required_text(in, "StreamArn", out.arn);
  required_text(in, "ShardId", out.shard);
  required_enumeration(in, "ShardIteratorType", kIteratorTypes, out.type);
  in.text("SequenceNumber", out.sequence);
}
void read(const WireMembers& in, GetRecordsRequest& out) {
  required_text(in, "ShardIterator", out.iterator);
  in.integer("Limit", out.limit, 1, 1000);
}

template <class R>
Result<ControlRequest, JsonError> read_as(const JsonNode& body) {
  WireProblems problems;
  const WirePath root;
  R request;
  read(WireMembers(body, root, problems), request);
  if (auto error = problems.first()) return *std::move(error);
  return ControlRequest(std::move(request));
}

using Read = Result<ControlRequest, JsonError> (*)(const JsonNode&);
struct Operation {
  std::string_view name;
  Read read;
  std::string_view api;
};
constexpr std::string_view kTables = "DynamoDB_20120810";
constexpr std::string_view kStreams = "DynamoDBStreams_20120810";
constexpr std::array<Operation, 18> kOperations = {{
    {"CreateTable", read_as<CreateTableRequest>, kTables},
    {"UpdateTable", read_as<UpdateTableRequest>, kTables},
    {"DeleteTable", read_as<DeleteTableRequest>, kTables},
    {"DescribeTable", read_as<DescribeTableRequest>, kTables},
    {"ListTables", read_as<ListTablesRequest>, kTables},
    {"UpdateTimeToLive", read_as<UpdateTimeToLiveRequest>, kTables},
    {"DescribeTimeToLive", read_as<DescribeTimeToLiveRequest>, kTables},
    {"TagResource", read_as<TagResourceRequest>, kTables},
    {"UntagResource", read_as<UntagResourceRequest>, kTables},
    {"ListTagsOfResource", read_as<ListTagsOfResourceRequest>, kTables},
    {"DescribeLimits", read_as<DescribeLimitsRequest>, kTables},
    {"DescribeEndpoints", read_as<DescribeEndpointsRequest>, kTables},
    {"DescribeContinuousBackups", read_as<DescribeContinuousBackupsRequest>, kTables},
    {"UpdateContinuousBackups", read_as<UpdateContinuousBackupsRequest>, kTables},
    {"ListStreams", read_as<ListStreamsRequest>, kStreams},
    {"DescribeStream", read_as<DescribeStreamRequest>, kStreams},
    {"GetShardIterator", read_as<GetShardIteratorRequest>, kStreams},
    {"GetRecords", read_as<GetRecordsRequest>, kStreams},
}};

const Operation* find_operation(std::string_view name) {
  for (const Operation& operation : kOperations) {
    if (operation.name == name) return &operation;
  }
  return nullptr;
}

}  // namespace

std::string_view control_operation_api(std::string_view operation) {
  const Operation* found = find_operation(operation);
  return found == nullptr ? std::string_view() : found->api;
}

Result<ControlRequest, JsonError> read_control_request(std::string_view operation,
                                                       const JsonNode& body) {
  const Operation* found = find_operation(operation);
  DDBPLAN_CHECK(found != nullptr);
  return found->read(body);
}

Result<ControlRequest, JsonError> read_control_request(std::string_view operation,
                                                       std::string_view body, JsonTree& tree) {
  // Some operations have no members at all, and some clients then send no body.
  if (!tree.parse(body.empty() ? "{}" : body) || !tree.root().is(JsonKind::object)) {
    return JsonError{"", "", true};
  }
  return read_control_request(operation, tree.root());
}

}  // namespace ddbplan::dynamo
