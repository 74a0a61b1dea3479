// What a Database is made of, for the operations, which are functions over it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "engine/change_listener.h"
#include "engine/database.h"
#include "engine/made_transactions.h"
#include "engine/request_expressions.h"
#include "engine/table_store.h"

namespace ddbplan::engine {

struct EngineState {
  Options options;
  std::map<std::string, TableStore> tables;
  /// Copies of a Database go on with the same.
  std::shared_ptr<ExpressionCache> expressions = std::make_shared<ExpressionCache>();
  MadeTransactions transactions;
  /// Told of transactions; tables tell theirs of items.
  ChangeListener* listener = nullptr;

  [[nodiscard]] std::int64_t now_ms() const { return options.now_ms ? options.now_ms() : 0; }

  [[nodiscard]] ApiResult<TableStore*> find_table(const std::string& name) {
    const auto found = tables.find(name);
    if (found == tables.end()) return table_not_found();
    return &found->second;
  }
};

struct Database::State : EngineState {};

}  // namespace ddbplan::engine
