// The resources of a design as an AWS CloudFormation template: one AWS::DynamoDB::Table for each table (or
// GlobalTable with more than one region), Application Auto Scaling where they are provisioned, a parameter for
// each table's name and outputs for what other stacks need. Tables survive their stack: DeletionPolicy and
// UpdateReplacePolicy are Retain.
#pragma once

#include <string>

#include "emit/document.h"
#include "emit/resources.h"

namespace ddbplan::emit {

/// Whether each table and index says which access patterns need it, and how: a comment is lost in JSON.
enum class Remarks { comments, metadata };

Document cloudformation_template(const Resources& resources, Remarks remarks);

std::string cloudformation_yaml(const Resources& resources);
std::string cloudformation_json(const Resources& resources);

}  // namespace ddbplan::emit
