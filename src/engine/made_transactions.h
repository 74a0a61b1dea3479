// Transactions by their client request tokens, so that a repeated request writes nothing again.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dynamo/request.h"

namespace ddbplan::engine {

/// A transaction that was made under a ClientRequestToken.
struct MadeTransaction {
  /// The request as text: a token serves one request only.
  std::string request;
  /// What its repetition is charged: reads of tables.
  std::vector<dynamo::ConsumedCapacity> replay;
  std::int64_t made_ms = 0;
};

/// Those of the last ten minutes. (API Reference, TransactWriteItems.)
class MadeTransactions {
 public:
  static constexpr std::int64_t kRememberedMs = 10LL * 60 * 1000;

  /// nullptr when the token is new, or forgotten.
  [[nodiscard]] const MadeTransaction* find(const std::string& token, std::int64_t now_ms) {
    forget(now_ms);
    const auto found = made_.find(token);
    return found == made_.end() ? nullptr : &found->second;
  }
  /// In the order of their times. REQUIRES: the token is new.
  void add(const std::string& token, MadeTransaction made) {
    order_.emplace_back(made.made_ms, token);
    made_.emplace(token, std::move(made));
  }
  void forget(std::int64_t now_ms) {
    while (!order_.empty() && order_.front().first + kRememberedMs <= now_ms) {
      made_.erase(order_.front().second);
      order_.pop_front();
      has_forgotten_ = true;
    }
  }
  /// Whether any were forgotten, by forget or find, since this was last asked.
  [[nodiscard]] bool take_forgotten() { return std::exchange(has_forgotten_, false); }

 private:
  std::map<std::string, MadeTransaction> made_;
  std::deque<std::pair<std::int64_t, std::string>> order_;
  bool has_forgotten_ = false;
};

}  // namespace ddbplan::engine
