// The pieces of a CloudFormation template, for cloudformation.cpp alone: properties of a table, of a global
// table, and the scaling resources of a provisioned one.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emit/cloudformation.h"

namespace ddbplan::emit {

/// {"Ref": id} and its kin, in the long form that every YAML reader takes.
Document reference(std::string_view id);
Document attribute_of(std::string_view id, std::string_view attribute);

/// Properties of AWS::DynamoDB::Table. `name_parameter` is the parameter that holds the table's name.
Document table_properties(const TableResource& table, std::string_view name_parameter,
                          Remarks remarks);
/// Properties of AWS::DynamoDB::GlobalTable.
Document global_table_properties(const Resources& resources, const TableResource& table,
                                 std::string_view name_parameter, Remarks remarks);

/// What both kinds of table share: names, keys, billing mode, in AWS's usual order.
Document shared_properties(const TableResource& table, std::string_view name_parameter);
/// Secondary indexes without throughput. `add_capacity` sets what the kind of table has.
Document index_properties(const IndexResource& index, Remarks remarks);
Document tag_list(const std::map<std::string, std::string>& tags);
Document recovery_properties(const TableResource& table);

/// One line: "needed by: a, b".
std::string needed_by_text(const std::vector<std::string>& patterns);

/// ScalableTarget and ScalingPolicy resources of a provisioned table, by logical id.
std::vector<std::pair<std::string, Document>> scaling_resources(const TableResource& table,
                                                                std::string_view table_id);

}  // namespace ddbplan::emit
