// A Design: how DynamoDB holds a Workload, and how each access pattern runs on it. A value; the planner makes
// it, everything behind reads it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "design/access_plan.h"

namespace ddbplan::design {

/// Why something is as it is.
struct Decision {
  /// "pattern:recent_orders", "entity:Order", "index:GSI1", "shards:ORDERS#OPEN", "projection:GSI1".
  std::string subject;
  std::string chosen;
  std::string reason;
  struct Alternative {
    std::string what;
    /// Dollars a month more than the chosen one; nullopt when it was ruled out.
    std::optional<support::Money> extra;
    std::string
        ruled_out;  ///< the constraint, in words; empty when only the price spoke against it
  };
  std::vector<Alternative> alternatives;
};

/// A partition key value and its load at the peak.
struct HotKey {
  std::size_t table = 0;
  std::optional<std::string> index;
  std::string key;              ///< template text of the logical key, without its shard
  std::string when;             ///< "peak" or an event's name
  double peak_write_units = 0;  ///< per second, all shards together
  double peak_read_units = 0;
  int shards = 1;
};

struct Optimality {
  support::Money objective;
  support::Money complexity;
  std::optional<support::Money> lower_bound;
  std::optional<double> gap;
  bool proven = false;
  std::int64_t nodes = 0;
};

/// Another design than this one, as far as a comparison goes.
struct OtherDesign {
  std::size_t indexes = 0;
  /// Without them nothing can be had with so few indexes.
  std::optional<support::Money> objective;
  support::Money complexity;
  std::vector<std::string> differences;  ///< in words, against this design
};

/// How a design relates to an earlier one that it was planned around.
struct Continuity {
  struct Change {
    std::string subject;  ///< as of a Decision
    std::string what;
  };
  struct Loss {
    std::string entity;  ///< whose items would have to be written anew
    std::string subject;
    std::string what;
    std::string why;
  };
  std::string earlier;  ///< the file that it was read from
  support::Money cost;  ///< of a month, this design
  support::Money objective;
  /// Of the design that the schema would have if nothing were there yet; nullopt when there is none.
  std::optional<support::Money> fresh_cost;
  std::optional<support::Money> fresh_objective;
  std::vector<Change> added;
  std::vector<Change> unused;  ///< what nothing needs any more
  std::vector<Loss> lost;      ///< what could not stay
};

struct Design {
  std::vector<Table> tables;
  std::vector<ItemLayout> items;
  /// One per pattern, in the Workload's order.
  std::vector<AccessPlan> plans;
  std::vector<HotKey> hot_keys;
  std::vector<Decision> decisions;
  Optimality optimality;
  /// The next best designs, cheapest first; only when asked for.
  std::vector<OtherDesign> alternatives;
  /// The cheapest design with at most 0, 1, 2, ... indexes, up to this one's number; only when asked for.
  std::vector<OtherDesign> frontier;
  /// Only when it was planned around an earlier design.
  std::optional<Continuity> continuity;

  /// Indexes of all tables.
  [[nodiscard]] std::size_t index_count() const;
  /// Position in `items` of an entity's row.
  [[nodiscard]] std::size_t row_layout(model::EntityId entity) const;
};

}  // namespace ddbplan::design
