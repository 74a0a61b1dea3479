// The AWS resources of a design as values: tables with every property that a template language may say. The
// emitters of infrastructure print this one model and decide nothing, so their outputs agree.
//
// What DynamoDB demands and templates get wrong is settled here: only key attributes are defined, throughput
// stands on the table and on every global index or on none, a global table has its stream, names are legal.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emit/bundle.h"

namespace ddbplan::emit {

/// Target tracking between two capacities, for one dimension (reads or writes).
struct Scaling {
  std::int64_t min = 1;
  std::int64_t max = 1;
  /// Where a table begins, and what it has until scaling first acts.
  std::int64_t initial = 1;
  bool operator==(const Scaling&) const = default;
};
struct Throughput {
  Scaling read;
  Scaling write;
  bool operator==(const Throughput&) const = default;
};

struct IndexResource {
  std::string name;
  dynamo::KeySchema key;
  dynamo::Projection projection;
  /// Global indexes of a provisioned table only.
  std::optional<Throughput> throughput;
  /// Names of the access patterns that read it, in the Workload's order.
  std::vector<std::string> needed_by;
};

struct WarmThroughput {
  std::optional<std::int64_t> read_units;
  std::optional<std::int64_t> write_units;
};

/// Nothing: AWS's own key. Without a key: the account's aws/dynamodb key in KMS.
struct Encryption {
  std::optional<std::string> kms_key;
  bool operator==(const Encryption&) const = default;
};

struct TableResource {
  /// Letters and digits, unique among the tables: "Shop".
  std::string logical_name;
  std::string name;
  std::string service;
  dynamo::KeySchema key;
  /// Exactly the key attributes of the table and its indexes, each once, in order of first use.
  std::vector<dynamo::KeyAttribute> attributes;
  std::vector<IndexResource> global_indexes;
  std::vector<IndexResource> local_indexes;
  /// Provisioned; nullopt is on-demand.
  std::optional<Throughput> throughput;
  /// Percent of the capacity that scaling aims at, 20 .. 90 (Application Auto Scaling's own range).
  int target_percent = 70;
  std::optional<WarmThroughput> warm;
  std::optional<std::string> ttl_attribute;
  /// NEW_AND_OLD_IMAGES, ...; always there with eventually consistent replicas, which need it.
  std::optional<std::string> stream_view;
  bool point_in_time_recovery = false;
  std::optional<int> recovery_days;
  std::optional<Encryption> encryption;
  bool infrequent_access = false;
  bool deletion_protection = false;
  std::map<std::string, std::string> tags;
  /// Names of the patterns that use the base table.
  std::vector<std::string> needed_by;
};

struct Resources {
  std::string service;
  /// The schema's file name, as given on the command line.
  std::string source_name;
  std::vector<TableResource> tables;
  /// More than one: global tables, one replica each.
  std::vector<std::string> regions;
  /// Multi-Region strong consistency.
  bool strong = false;
  /// With strong and two regions: where the witness stands.
  std::optional<std::string> witness;

  [[nodiscard]] bool is_global() const { return regions.size() > 1; }
};

Resources resources(const Bundle& bundle);

/// "my-shop_orders.2" -> "MyShopOrders2"; without a "Table" at the end; "Main" if nothing is left.
std::string logical_name(std::string_view name);

}  // namespace ddbplan::emit
