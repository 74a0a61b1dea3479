// What a Database is made of, for the operations, which are functions over it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/database.h"
#include "engine/request_expressions.h"
#include "engine/table_store.h"

namespace ddbplan::engine {

/// A transaction that was made under a ClientRequestToken.
struct MadeTransaction {
  /// The request as text: a token serves one request only.
  std::string request;
  /// What its repetition is charged.
  std::vector<dynamo::ConsumedCapacity> replay;
};

struct EngineState {
  Options options;
  std::map<std::string, TableStore> tables;
  ExpressionCache expressions;
  /// By token. The service forgets after ten minutes; here there is no clock, and nothing is
  /// forgotten.
  std::map<std::string, MadeTransaction> transactions;

  [[nodiscard]] ApiResult<TableStore*> find_table(const std::string& name) {
    const auto found = tables.find(name);
    if (found == tables.end()) return table_not_found();
    return &found->second;
  }
};

struct Database::State : EngineState {};

}  // namespace ddbplan::engine
