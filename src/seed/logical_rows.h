// The rows of a data set as an application sees them, with the changes of writes on top: found by
// identity or by attributes, never by key.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/evaluate.h"
#include "model/workload.h"
#include "seed/generator.h"

namespace ddbplan::seed {

/// A row, by entity and identity text.
struct RowId {
  model::EntityId entity;
  std::string identity;
  auto operator<=>(const RowId&) const = default;
};

/// What a write made of one row.
struct Change {
  RowId id;
  std::optional<dynamo::Item> before;
  std::optional<dynamo::Item> after;
};

/// A text that differs for different values of these attributes; nullopt when one is missing.
std::optional<std::string> text_of(const dynamo::Item& row,
                                   const std::vector<std::string>& attributes);
std::string text_of(const dynamo::AttributeValue& value);

class LogicalRows {
 public:
  LogicalRows(const model::Workload& workload, const Dataset& data);

  [[nodiscard]] const model::Workload& workload() const { return workload_; }
  [[nodiscard]] std::int64_t now_ms() const { return data_.now_ms; }
  [[nodiscard]] const std::vector<dynamo::Item>& base(model::EntityId entity) const {
    return data_.rows[entity.index];
  }

  [[nodiscard]] const std::vector<std::vector<dynamo::Item>>& all_base() const {
    return data_.rows;
  }

  [[nodiscard]] std::string identity(model::EntityId entity, const dynamo::Item& row) const;
  /// Null when there is no such row.
  [[nodiscard]] const dynamo::Item* find(const RowId& id) const;
  /// Every row of an entity whose attributes have these texts (see text_of), changes included.
  [[nodiscard]] std::vector<const dynamo::Item*> where_equal(
      model::EntityId entity, const std::vector<std::string>& attributes, const std::string& text,
      bool ignore_case) const;
  /// Every row of an entity, changes included.
  [[nodiscard]] std::vector<const dynamo::Item*> all(model::EntityId entity) const;
  void apply(const std::vector<Change>& changes);
  /// From here on, until `roll_back`, changes are kept apart. REQUIRES: they are not yet.
  void begin_trial();
  void roll_back();
  /// The row as it was at begin_trial.
  [[nodiscard]] const dynamo::Item* find_before_trial(const RowId& id) const;
  /// Rows that differ from the data set.
  [[nodiscard]] const std::map<RowId, std::optional<dynamo::Item>>& changed() const {
    return changed_;
  }

  /// Past its expiry at the data set's instant.
  [[nodiscard]] bool is_expired(model::EntityId entity, const dynamo::Item& row) const;
  /// The value of an attribute of the row or of an ancestor, as a reference names it: where it stands there,
  /// null when there is none.
  [[nodiscard]] const dynamo::AttributeValue* value(model::EntityId entity, const dynamo::Item& row,
                                                    const model::AttributeRef& reference) const;
  /// The reference is to an entity whose rows refer to this one (`Bid.user_id` of an Item).
  [[nodiscard]] bool is_below(model::EntityId entity, const model::AttributeRef& by) const;
  /// The relation by which rows of `below` lead to those of `entity`: of several the first, as the plan has it.
  [[nodiscard]] const model::Relation* way_from_below(model::EntityId below,
                                                      model::EntityId entity) const;
  /// As value(); of rows that refer to this one, the first one's.
  [[nodiscard]] const dynamo::AttributeValue* value_near(model::EntityId entity,
                                                         const dynamo::Item& row,
                                                         const model::AttributeRef& by) const;
  /// The row, its ancestor, or one of the rows that refer to it has this value.
  [[nodiscard]] bool agrees(model::EntityId entity, const dynamo::Item& row,
                            const model::AttributeRef& by,
                            const dynamo::AttributeValue& wanted) const;
  /// Evaluates expressions over the row, ancestors included.
  [[nodiscard]] model::Scope scope(model::EntityId entity, const dynamo::Item& row,
                                   const dynamo::Item& parameters) const;
  /// The row names a parent by all attributes of the relation, and that parent is not there.
  [[nodiscard]] bool misses_parent(model::EntityId entity, const dynamo::Item& row,
                                   const model::Relation& relation) const;
  /// The parent of a row on a relation; null when it has none.
  [[nodiscard]] const dynamo::Item* parent(model::EntityId entity, const dynamo::Item& row,
                                           const model::Relation& relation,
                                           model::EntityId* parent_entity) const;

 private:
  /// The value of an ancestor that is so many steps up.
  [[nodiscard]] const dynamo::AttributeValue* of_ancestor(model::EntityId entity,
                                                          const dynamo::Item& row,
                                                          const model::AttributeRef& reference,
                                                          int steps, bool is_first = true) const;

  const model::Workload& workload_;
  const Dataset& data_;
  using Positions = std::multimap<std::string, std::size_t>;
  struct Indexes {
    std::vector<std::map<std::string, std::size_t>> by_identity;
    /// By entity, attributes and whether case counts; made when first asked for.
    std::map<std::string, Positions> by_attributes;
  };
  /// Of the data set, which never changes: shared by all copies.
  std::shared_ptr<Indexes> indexes_;
  [[nodiscard]] const dynamo::Item* find_in_data_set(const RowId& id) const;
  using Changed = std::map<RowId, std::optional<dynamo::Item>>;
  Changed changed_;
  struct Displaced {
    RowId id;
    /// nullopt: the row was as in the data set.
    std::optional<Changed::mapped_type> change;
  };
  /// What `apply` displaced since begin_trial, in order.
  std::optional<std::vector<Displaced>> trial_;
};

}  // namespace ddbplan::seed
