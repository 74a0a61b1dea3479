// Values of attributes, row after row: drawn by the laws of capacity/traffic.h, so that what the
// proof measures can be compared with what capacity expects. A column of n rows takes the n
// quantiles of its law in random order, which keeps means and frequencies as declared even in a
// small sample.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/workload.h"
#include "seed/demands.h"
#include "seed/ranks.h"
#include "support/prng.h"

namespace ddbplan::seed {

class Columns {
 public:
  Columns(const model::Workload& workload, const Demands& demands, std::int64_t now_ms);

  /// Every attribute of the rows that does not follow from other rows: not relations, not upkeep.
  /// Rows come with their relations' attributes.
  void fill(model::EntityId entity, std::vector<dynamo::Item>& rows);
  /// Takes note of rows made before: their numbers, unique values and sequences.
  void know(const std::vector<std::vector<dynamo::Item>>& rows);
  /// One more row, as a create makes it: its states are initial, its times are now, it is not
  /// expired.
  void fill_new(model::EntityId entity, dynamo::Item& row, support::Prng& prng);
  /// Gives a new row the next later time at which it is not taken, where a time tells rows apart; false: none does.
  bool move_to_free_time(model::EntityId entity, dynamo::Item& row,
                         const std::function<bool(const dynamo::Item&)>& is_taken) const;
  /// Another value for an attribute, as an update draws it.
  dynamo::AttributeValue redraw(model::EntityId entity, const model::Attribute& attribute,
                                const dynamo::Item& row, support::Prng& prng);
  /// What follows from other attributes of the row: expiry, derived values.
  void complete(model::EntityId entity, dynamo::Item& row) const;

 private:
  /// What all draws for one attribute have in common.
  struct Column {
    model::EntityId entity;
    const model::Attribute* attribute = nullptr;
    const Demand* demand = nullptr;  ///< null: nothing is asked of it
    bool is_unique = false;
    bool is_pooled = false;  ///< takes few values
    bool decides_expiry = false;
    double span_seconds = 0;  ///< of the entity's rows, see model::age_span
    std::set<std::string>* taken = nullptr;
    std::vector<std::optional<dynamo::AttributeValue>> pool;
  };
  struct Draw {
    Column& column;
    const dynamo::Item& row;
    double u = 0;          ///< the quantile
    std::size_t rows = 1;  ///< of the entity
    bool is_new = false;
    std::int64_t ms = 0;  ///< the time, for what is one or sorts as one
  };
  Column& column(model::EntityId entity, const model::Attribute& attribute);
  void fill_column(model::EntityId entity, const model::Attribute& attribute,
                   std::vector<dynamo::Item>& rows);
  /// Rows whose identities came out the same get another time or value in it; what cannot differ goes.
  void tell_apart(model::EntityId entity, std::vector<dynamo::Item>& rows);
  [[nodiscard]] bool find_another(model::EntityId entity, const model::Attribute& attribute,
                                  const std::set<std::string>& taken, dynamo::Item& row,
                                  support::Prng& prng);
  [[nodiscard]] dynamo::AttributeValue draw(const Draw& one, support::Prng& prng);
  [[nodiscard]] dynamo::AttributeValue draw_once(const Draw& one, support::Prng& prng);
  [[nodiscard]] dynamo::AttributeValue plain_value(const Draw& one, support::Prng& prng) const;
  [[nodiscard]] const dynamo::AttributeValue& pooled_value(const Draw& one);
  [[nodiscard]] static std::int64_t age_ms(const Draw& draw);
  [[nodiscard]] bool is_unique(model::EntityId entity, const model::Attribute& attribute) const;
  /// Of a compound unique value: it has fewer values than there are rows, and the others tell them apart.
  [[nodiscard]] bool is_shared_part(model::EntityId entity, const model::Unique& unique,
                                    const model::Attribute& attribute) const;
  /// A unique value of several attributes, none of which differs by itself.
  struct Compound {
    const model::Unique* unique = nullptr;
    std::vector<const model::Attribute*> parts;  ///< that can be drawn again
    std::set<std::string> taken;
  };
  std::vector<Compound> compounds(model::EntityId entity);
  /// Compound values that came out the same get another value in one of their parts; what cannot differ goes.
  void tell_values_apart(model::EntityId entity, std::vector<dynamo::Item>& rows);
  void place_time(Draw& draw, support::Prng& prng) const;
  [[nodiscard]] dynamo::AttributeValue next_in_sequence(const Draw& one);

  const model::Workload& workload_;
  const Demands& demands_;
  std::int64_t now_ms_;
  std::map<std::pair<std::size_t, std::string>, std::set<std::string>> taken_;
  /// Last number given, by entity and the sequence's scope.
  std::map<std::pair<std::size_t, std::string>, std::int64_t> sequences_;
  std::map<std::size_t, std::size_t> row_counts_;
  std::map<const model::Attribute*, Column> columns_;
};

/// How many of `rows` rows are past their expiry but not yet deleted.
std::size_t expired_rows(const model::Entity& entity, std::size_t rows);

}  // namespace ddbplan::seed
