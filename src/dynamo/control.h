// Requests of the control plane and of DynamoDB Streams, as values. Names follow the API Reference.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dynamo/table.h"

namespace ddbplan::dynamo {

struct Throughput {
  std::int64_t read_units = 0;
  std::int64_t write_units = 0;
  bool operator==(const Throughput&) const = default;
};
enum class BillingMode { provisioned, pay_per_request };
enum class StreamView { keys_only, new_image, old_image, new_and_old_images };
std::string_view stream_view_name(StreamView view);

struct KeyElement {
  std::string name;
  bool is_partition = true;
};

struct IndexDefinition {
  std::string name;
  std::vector<KeyElement> keys;
  Projection projection;
  std::optional<Throughput> throughput;
};

/// What CreateTable takes, as it was sent: whether key schemas and definitions fit is the engine's
/// to judge.
struct TableDefinition {
  std::string name;
  std::vector<KeyAttribute> attributes;
  std::vector<KeyElement> keys;
  std::vector<IndexDefinition> global_indexes;
  std::vector<IndexDefinition> local_indexes;
  BillingMode billing = BillingMode::provisioned;
  std::optional<Throughput> throughput;
  std::optional<StreamView> stream;
  bool deletion_protection = false;
  std::string table_class = "STANDARD";
  std::map<std::string, std::string> tags;
};

struct CreateTableRequest {
  TableDefinition table;
};

struct IndexUpdate {
  enum class Kind { create, update, erase } kind = Kind::create;
  /// Of update and erase only the name, and of update the throughput.
  IndexDefinition index;
};
struct StreamChange {
  bool enabled = false;
  std::optional<StreamView> view;
};
struct UpdateTableRequest {
  std::string table;
  std::vector<KeyAttribute> attributes;
  std::optional<BillingMode> billing;
  std::optional<Throughput> throughput;
  std::vector<IndexUpdate> indexes;
  std::optional<StreamChange> stream;
  std::optional<bool> deletion_protection;
  std::optional<std::string> table_class;
};
struct DeleteTableRequest {
  std::string table;
};
struct DescribeTableRequest {
  std::string table;
};
struct ListTablesRequest {
  std::optional<std::string> start_after;
  std::optional<int> limit;
};
struct UpdateTimeToLiveRequest {
  std::string table;
  std::string attribute;
  bool enabled = false;
};
struct DescribeTimeToLiveRequest {
  std::string table;
};
struct TagResourceRequest {
  std::string arn;
  std::map<std::string, std::string> tags;
};
struct UntagResourceRequest {
  std::string arn;
  std::vector<std::string> keys;
};
struct ListTagsOfResourceRequest {
  std::string arn;
  std::optional<std::string> next_token;
};
struct DescribeLimitsRequest {};
struct DescribeEndpointsRequest {};
struct DescribeContinuousBackupsRequest {
  std::string table;
};
struct UpdateContinuousBackupsRequest {
  std::string table;
  bool enabled = false;
};
struct ListStreamsRequest {
  std::optional<std::string> table;
  std::optional<std::string> start_after;
  std::optional<int> limit;
};
struct DescribeStreamRequest {
  std::string arn;
  std::optional<std::string> start_after;
  std::optional<int> limit;
};
enum class ShardIteratorType { at_sequence, after_sequence, trim_horizon, latest };
struct GetShardIteratorRequest {
  std::string arn;
  std::string shard;
  ShardIteratorType type = ShardIteratorType::trim_horizon;
  std::optional<std::string> sequence;
};
struct GetRecordsRequest {
  std::string iterator;
  std::optional<int> limit;
};

using ControlRequest =
    std::variant<CreateTableRequest, UpdateTableRequest, DeleteTableRequest, DescribeTableRequest,
                 ListTablesRequest, UpdateTimeToLiveRequest, DescribeTimeToLiveRequest,
                 TagResourceRequest, UntagResourceRequest, ListTagsOfResourceRequest,
                 DescribeLimitsRequest, DescribeEndpointsRequest, DescribeContinuousBackupsRequest,
                 UpdateContinuousBackupsRequest, ListStreamsRequest, DescribeStreamRequest,
                 GetShardIteratorRequest, GetRecordsRequest>;

}  // namespace ddbplan::dynamo
