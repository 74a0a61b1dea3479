// SELECT: a Query where WHERE fixes the partition key (`=` or IN), else a Scan; in both WHERE as a
// whole is the filter. (Developer Guide, "PartiQL select statements for DynamoDB".)
#pragma once

#include <optional>
#include <string>

#include "engine/operations.h"
#include "engine/partiql/parser.h"

namespace ddbplan::engine::partiql {

struct SelectOptions {
  bool consistent_read = false;
  std::optional<int> limit;
  std::optional<std::string> next_token;
};
/// `text` is the statement's: a token continues only the statement that gave it.
ApiResponse run_select(EngineState& state, ParsedStatement statement, const std::string& text,
                       const SelectOptions& options);

/// The one item that a SELECT names by its whole key, as batches and transactions read.
struct SelectedItem {
  const TableStore* table = nullptr;
  dynamo::Item key;
  ItemRef stored;         ///< what is charged
  dynamo::ReadItem item;  ///< what is answered
};
ApiResult<SelectedItem> select_item(EngineState& state, ParsedStatement statement);

}  // namespace ddbplan::engine::partiql
