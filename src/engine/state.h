// What a Database is made of, for the operations, which are functions over it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
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
  std::int64_t made_ms = 0;
};

/// Those of the last ten minutes. (API Reference, TransactWriteItems.)
class MadeTransactions {
 public:
  static constexpr std::int64_t kRememberedMs = 10 * 60 * 1000;

  /// nullptr when the token is new, or forgotten.
  [[nodiscard]] const MadeTransaction* find(const std::string& token, std::int64_t now_ms) {
    while (!order_.empty() && order_.front().first + kRememberedMs <= now_ms) {
      made_.erase(order_.front().second);
      order_.pop_front();
    }
    const auto found = made_.find(token);
    return found == made_.end() ? nullptr : &found->second;
  }
  /// REQUIRES: find gave nullptr.
  void add(const std::string& token, MadeTransaction made) {
    order_.emplace_back(made.made_ms, token);
    made_.emplace(token, std::move(made));
  }

 private:
  std::map<std::string, MadeTransaction> made_;
  std::deque<std::pair<std::int64_t, std::string>> order_;
};

struct EngineState {
  Options options;
  std::map<std::string, TableStore> tables;
  ExpressionCache expressions;
  MadeTransactions transactions;

  [[nodiscard]] std::int64_t now_ms() const { return options.now_ms ? options.now_ms() : 0; }

  [[nodiscard]] ApiResult<TableStore*> find_table(const std::string& name) {
    const auto found = tables.find(name);
    if (found == tables.end()) return table_not_found();
    return &found->second;
  }
};

struct Database::State : EngineState {};

}  // namespace ddbplan::engine
