#include <optional>
#include <string>

#include "emit/cloudformation_parts.h"

namespace ddbplan::emit {
namespace {

struct Dimension {
  const char* word;    ///< in logical ids: ShopTableReadTarget
  const char* suffix;  ///< of dynamodb:table:ReadCapacityUnits
  const char* metric;
};
constexpr Dimension kRead{"Read", "ReadCapacityUnits", "DynamoDBReadCapacityUtilization"};
constexpr Dimension kWrite{"Write", "WriteCapacityUnits", "DynamoDBWriteCapacityUtilization"};

/// table/NAME or table/NAME/index/INDEX. The name is the table resource's, so that scaling waits for it.
Document resource_id(std::string_view table_id, const std::optional<std::string>& index) {
  Document parts = Document::list().add("table").add(reference(table_id));
  if (index) parts.add("index").add(*index);
  return Document::map().set("Fn::Join", Document::list().add("/").add(std::move(parts)));
}

void add_pair(std::vector<std::pair<std::string, Document>>& out, const std::string& prefix,
              const Dimension& dimension, const Scaling& scaling, std::string_view table_id,
              const std::optional<std::string>& index, int target_percent) {
  const std::string target_id = prefix + dimension.word + "Target";
  Document target =
      Document::map()
          .set("MinCapacity", scaling.min)
          .set("MaxCapacity", scaling.max)
          .set("ResourceId", resource_id(table_id, index))
          .set("ScalableDimension",
               std::string("dynamodb:") + (index ? "index:" : "table:") + dimension.suffix)
          .set("ServiceNamespace", "dynamodb");
  out.emplace_back(target_id, Document::map()
                                  .set("Type", "AWS::ApplicationAutoScaling::ScalableTarget")
                                  .set("Properties", std::move(target)));

  Document metric = Document::map().set("PredefinedMetricType", dimension.metric);
  Document tracking = Document::map()
                          .set("TargetValue", target_percent)
                          .set("PredefinedMetricSpecification", std::move(metric));
  const std::string policy_id = prefix + dimension.word + "Policy";
  Document policy = Document::map()
                        .set("PolicyName", policy_id)
                        .set("PolicyType", "TargetTrackingScaling")
                        .set("ScalingTargetId", reference(target_id))
                        .set("TargetTrackingScalingPolicyConfiguration", std::move(tracking));
  out.emplace_back(policy_id, Document::map()
                                  .set("Type", "AWS::ApplicationAutoScaling::ScalingPolicy")
                                  .set("Properties", std::move(policy)));
}

}  // namespace

std::vector<std::pair<std::string, Document>> scaling_resources(const TableResource& table,
                                                                std::string_view table_id) {
  std::vector<std::pair<std::string, Document>> out;
  if (!table.throughput) return out;
  const std::string prefix(table_id);
  add_pair(out, prefix, kRead, table.throughput->read, table_id, {}, table.target_percent);
  add_pair(out, prefix, kWrite, table.throughput->write, table_id, {}, table.target_percent);
  for (std::size_t i = 0; i < table.global_indexes.size(); ++i) {
    const IndexResource& index = table.global_indexes[i];
    // The position keeps "gsi-1" and "gsi_1" apart, which are one word as a logical name.
    const std::string name = prefix + "Index" + std::to_string(i + 1);
    add_pair(out, name, kRead, index.throughput->read, table_id, index.name, table.target_percent);
    add_pair(out, name, kWrite, index.throughput->write, table_id, index.name,
             table.target_percent);
  }
  return out;
}

}  // namespace ddbplan::emit
