#include <string>

#include "emit/cloudformation_parts.h"
#include "support/text.h"

namespace ddbplan::emit {
namespace {

Document key_schema(const dynamo::KeySchema& key) {
  Document list = Document::list();
  const auto add = [&list](const dynamo::KeyAttribute& attribute, const char* type) {
    list.add(Document::map().set("AttributeName", attribute.name).set("KeyType", type));
  };
  for (const dynamo::KeyAttribute& attribute : key.partition) add(attribute, "HASH");
  for (const dynamo::KeyAttribute& attribute : key.sort) add(attribute, "RANGE");
  return list;
}

Document projection_properties(const dynamo::Projection& projection) {
  Document out = Document::map();
  switch (projection.type) {
    case dynamo::ProjectionType::all:
      return out.set("ProjectionType", "ALL");
    case dynamo::ProjectionType::keys_only:
      return out.set("ProjectionType", "KEYS_ONLY");
    case dynamo::ProjectionType::include:
      break;
  }
  Document names = Document::list();
  for (const std::string& attribute : projection.attributes) names.add(attribute);
  return out.set("ProjectionType", "INCLUDE").set("NonKeyAttributes", std::move(names));
}

Document provisioned(const Throughput& throughput) {
  return Document::map()
      .set("ReadCapacityUnits", throughput.read.initial)
      .set("WriteCapacityUnits", throughput.write.initial);
}

Document warm_properties(const WarmThroughput& warm) {
  Document out = Document::map();
  if (warm.read_units) out.set("ReadUnitsPerSecond", *warm.read_units);
  if (warm.write_units) out.set("WriteUnitsPerSecond", *warm.write_units);
  return out;
}

Document table_class(const TableResource& table) {
  return table.infrequent_access ? "STANDARD_INFREQUENT_ACCESS" : "STANDARD";
}

Document capacity_scaling(const Scaling& scaling, int target_percent) {
  Document tracking = Document::map().set("TargetValue", target_percent);
  return Document::map()
      .set("MinCapacity", scaling.min)
      .set("MaxCapacity", scaling.max)
      .set("SeedCapacity", scaling.initial)
      .set("TargetTrackingScalingPolicyConfiguration", std::move(tracking));
}

Document write_settings(const Throughput& throughput, int target_percent) {
  return Document::map().set("WriteCapacityAutoScalingSettings",
                             capacity_scaling(throughput.write, target_percent));
}

Document read_settings(const Throughput& throughput, int target_percent) {
  return Document::map().set("ReadCapacityAutoScalingSettings",
                             capacity_scaling(throughput.read, target_percent));
}

/// A replica's key: an alias is the same word everywhere; an ARN names its region.
std::string replica_key(const std::string& key, const std::string& region) {
  if (!key.starts_with("arn:")) return key;
  std::size_t at = 0;
  for (int colons = 0; colons < 3; ++colons) {
    at = key.find(':', at);
    if (at == std::string::npos) return key;
    ++at;
  }
  const std::size_t end = key.find(':', at);
  if (end == std::string::npos) return key;
  return key.substr(0, at) + region + key.substr(end);
}

Document replica_properties(const TableResource& table, const std::string& region) {
  Document out = Document::map().set("Region", region).set("TableClass", table_class(table));
  if (table.deletion_protection) out.set("DeletionProtectionEnabled", true);
  out.set("PointInTimeRecoverySpecification", recovery_properties(table));
  if (table.encryption && table.encryption->kms_key) {
    Document sse = Document::map();
    sse.set("KMSMasterKeyId", replica_key(*table.encryption->kms_key, region));
    out.set("SSESpecification", std::move(sse));
  }
  if (table.throughput) {
    out.set("ReadProvisionedThroughputSettings",
            read_settings(*table.throughput, table.target_percent));
    Document indexes = Document::list();
    for (const IndexResource& index : table.global_indexes) {
      indexes.add(Document::map()
                      .set("IndexName", index.name)
                      .set("ReadProvisionedThroughputSettings",
                           read_settings(*index.throughput, table.target_percent)));
    }
    if (!indexes.empty()) out.set("GlobalSecondaryIndexes", std::move(indexes));
  }
  if (!table.tags.empty()) out.set("Tags", tag_list(table.tags));
  return out;
}

/// Indexes, TTL and stream, which both kinds of table write alike but for capacity.
void add_indexes(Document& out, const TableResource& table, Remarks remarks, bool global_table) {
  Document local = Document::list();
  for (const IndexResource& index : table.local_indexes)
    local.add(index_properties(index, remarks));
  if (!local.empty()) out.set("LocalSecondaryIndexes", std::move(local));

  Document global = Document::list();
  for (const IndexResource& index : table.global_indexes) {
    Document properties = index_properties(index, remarks);
    if (index.throughput && global_table) {
      properties.set("WriteProvisionedThroughputSettings",
                     write_settings(*index.throughput, table.target_percent));
    } else if (index.throughput) {
      properties.set("ProvisionedThroughput", provisioned(*index.throughput));
    }
    global.add(std::move(properties));
  }
  if (!global.empty()) out.set("GlobalSecondaryIndexes", std::move(global));
}

void add_time_to_live(Document& out, const TableResource& table) {
  if (!table.ttl_attribute) return;
  Document ttl = Document::map();
  out.set("TimeToLiveSpecification",
          ttl.set("AttributeName", *table.ttl_attribute).set("Enabled", true));
}

}  // namespace

Document reference(std::string_view id) {
  return Document::map().set("Ref", id);
}

Document attribute_of(std::string_view id, std::string_view attribute) {
  return Document::map().set("Fn::GetAtt", Document::list().add(id).add(attribute));
}

std::string needed_by_text(const std::vector<std::string>& patterns) {
  return patterns.empty() ? "needed by no access pattern"
                          : "needed by: " + support::join(patterns, ", ");
}

Document tag_list(const std::map<std::string, std::string>& tags) {
  Document list = Document::list();
  for (const auto& tag : tags) {
    list.add(Document::map().set("Key", tag.first).set("Value", tag.second));
  }
  return list;
}

Document recovery_properties(const TableResource& table) {
  Document out = Document::map();
  out.set("PointInTimeRecoveryEnabled", table.point_in_time_recovery);
  if (table.recovery_days) out.set("RecoveryPeriodInDays", *table.recovery_days);
  return out;
}

Document index_properties(const IndexResource& index, Remarks remarks) {
  Document out = Document::map()
                     .set("IndexName", index.name)
                     .set("KeySchema", key_schema(index.key))
                     .set("Projection", projection_properties(index.projection));
  if (remarks == Remarks::comments) out.comment({needed_by_text(index.needed_by)});
  return out;
}

Document shared_properties(const TableResource& table, std::string_view name_parameter) {
  Document attributes = Document::list();
  for (const dynamo::KeyAttribute& attribute : table.attributes) {
    attributes.add(Document::map()
                       .set("AttributeName", attribute.name)
                       .set("AttributeType", dynamo::scalar_type_name(attribute.type)));
  }
  return Document::map()
      .set("TableName", reference(name_parameter))
      .set("AttributeDefinitions", std::move(attributes))
      .set("KeySchema", key_schema(table.key))
      .set("BillingMode", table.throughput ? "PROVISIONED" : "PAY_PER_REQUEST");
}

Document table_properties(const TableResource& table, std::string_view name_parameter,
                          Remarks remarks) {
  Document out = shared_properties(table, name_parameter);
  if (table.throughput) out.set("ProvisionedThroughput", provisioned(*table.throughput));
  if (table.warm) out.set("WarmThroughput", warm_properties(*table.warm));
  out.set("TableClass", table_class(table));
  add_indexes(out, table, remarks, false);
  add_time_to_live(out, table);
  out.set("PointInTimeRecoverySpecification", recovery_properties(table));
  if (table.stream_view) {
    Document stream = Document::map();
    out.set("StreamSpecification", stream.set("StreamViewType", *table.stream_view));
  }
  if (table.encryption) {
    Document sse = Document::map().set("SSEEnabled", true).set("SSEType", "KMS");
    if (table.encryption->kms_key) sse.set("KMSMasterKeyId", *table.encryption->kms_key);
    out.set("SSESpecification", std::move(sse));
  }
  if (table.deletion_protection) out.set("DeletionProtectionEnabled", true);
  if (!table.tags.empty()) out.set("Tags", tag_list(table.tags));
  return out;
}

Document global_table_properties(const Resources& resources, const TableResource& table,
                                 std::string_view name_parameter, Remarks remarks) {
  Document out = shared_properties(table, name_parameter);
  if (table.throughput) {
    out.set("WriteProvisionedThroughputSettings",
            write_settings(*table.throughput, table.target_percent));
  }
  if (table.warm) out.set("WarmThroughput", warm_properties(*table.warm));
  add_indexes(out, table, remarks, true);
  add_time_to_live(out, table);
  if (table.stream_view) {
    Document stream = Document::map();
    out.set("StreamSpecification", stream.set("StreamViewType", *table.stream_view));
  }
  if (table.encryption) {
    out.set("SSESpecification", Document::map().set("SSEEnabled", true).set("SSEType", "KMS"));
  }
  if (resources.strong) out.set("MultiRegionConsistency", "STRONG");
  if (resources.witness) {
    Document witness = Document::map().set("Region", *resources.witness);
    out.set("GlobalTableWitnesses", Document::list().add(std::move(witness)));
  }
  Document replicas = Document::list();
  for (const std::string& region : resources.regions) {
    replicas.add(replica_properties(table, region));
  }
  return out.set("Replicas", std::move(replicas));
}

}  // namespace ddbplan::emit
