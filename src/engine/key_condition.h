// A Query's key condition: one item collection and a range of bytes in it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "dynamo/table.h"
#include "engine/collections.h"
#include "engine/errors.h"
#include "engine/request_expressions.h"

namespace ddbplan::engine {

struct KeyCondition {
  std::string partition;
  ByteRange range;
};

/// Every partition attribute with `=`; sort attributes from the left, none skipped, `=` on all but
/// the last. (Developer Guide, "Key condition expressions for the Query operation";
/// "Multi-attribute keys", 2026-04-13.)
ApiResult<KeyCondition> resolve_key_condition(const BoundCondition& condition,
                                              const dynamo::KeySchema& key);

}  // namespace ddbplan::engine
