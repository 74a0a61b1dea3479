// All or nothing over several writes: what TransactWriteItems and ExecuteTransaction share.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dynamo/request.h"
#include "engine/operations.h"
#include "engine/write.h"

namespace ddbplan::engine {

/// The items of a transaction, each once.
class DistinctItems {
 public:
  std::optional<dynamo::ApiError> add(const TableStore& table, const dynamo::Item& key);

 private:
  std::set<std::pair<const TableStore*, Position>> seen_;
};

/// An action and what became of it: prepared, or a reason that cancels the transaction.
struct Action {
  BoundWrite write;
  bool return_item_on_failure = false;
  /// What a condition that does not hold is called.
  dynamo::CancellationReason failure = {"ConditionalCheckFailed", "The conditional request failed"};
  std::optional<PreparedWrite> prepared = std::nullopt;
  dynamo::CancellationReason reason = {"None"};
  [[nodiscard]] bool is_good() const { return reason.code == "None"; }
};

/// The answer to a token that was used before; nullopt for a new one.
std::optional<ApiResponse> replay_transaction(EngineState& state,
                                              const std::optional<std::string>& token,
                                              const std::string& request);
/// Writes all actions or none, and remembers the token. `request` is the text that it stands for.
ApiResponse run_transaction(EngineState& state, std::vector<Action>& actions,
                            const std::optional<std::string>& token, const std::string& request,
                            bool return_collection_metrics);

}  // namespace ddbplan::engine
