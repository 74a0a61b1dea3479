// From what CreateTable and UpdateTable say to what the engine builds: key schemas get the types of
// their attribute definitions, and what does not fit together is refused in the service's words.
#pragma once

#include <optional>

#include "dynamo/control.h"
#include "engine/errors.h"

namespace ddbplan::engine {

ApiResult<dynamo::TableDescription> describe(const dynamo::TableDefinition& table);
/// One index, with the table's attribute definitions.
ApiResult<dynamo::IndexDescription> describe(const dynamo::IndexDefinition& index,
                                             const std::vector<dynamo::KeyAttribute>& attributes);

/// Whether billing mode and throughput of table and indexes go together.
std::optional<dynamo::ApiError> check_billing(const dynamo::TableDefinition& table);
/// The definitions that the table's key schemas use, in the order in which they were given.
std::vector<dynamo::KeyAttribute> used_attributes(const dynamo::TableDefinition& table);

}  // namespace ddbplan::engine
