// Workloads and designs sketched by hand, so that a test shows the few things that its arithmetic
// needs. Templates are written as they are printed: "CUSTOMER#{customer_id}", "{score|number}",
// "X#{shard}".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capacity/usage.h"
#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::test {

/// A value of exactly `mean` bytes unless a maximum is given.
model::Attribute attribute(const std::string& name, model::ValueType type, double mean,
                           double max = 0);
/// States in this order with these shares; the first is the initial one.
model::Attribute states(const std::string& name,
                        const std::vector<std::pair<std::string, double>>& shares);
model::Entity entity(const std::string& name, const std::vector<std::string>& id, double count,
                     std::vector<model::Attribute> attributes);
/// A relation to one parent by these attributes; `max` 0: every parent has exactly `mean`.
model::Relation relation(model::EntityId parent, const std::vector<std::string>& attributes,
                         double mean, double max = 0);

model::ExpressionPtr equals(const std::string& attribute, const std::string& value);
model::ExpressionPtr both(const model::ExpressionPtr& a, const model::ExpressionPtr& b);

design::KeyTemplate key_template(const std::string& text);
/// Fields are parameters of their names; `name=VALUE` in braces is a constant.
design::KeyExpr key_expr(const std::string& text);

/// One table "t" with PK and SK and a row layout for every entity, whose templates are given.
class Sketch {
 public:
  /// Sort key "A" where none is given: a constant, as of an item that is alone in its collection.
  std::size_t add_row(model::Entity made, const std::string& partition,
                      const std::string& sort = "A");
  /// An index with PK and SK named after it; every attribute projected unless told otherwise.
  void add_index(const std::string& name,
                 dynamo::ProjectionType projection = dynamo::ProjectionType::all,
                 const std::vector<std::string>& attributes = {}, bool local = false);
  /// The layout's entry in an index.
  void add_entry(std::size_t layout, const std::string& index, const std::string& partition,
                 const std::string& sort, const model::ExpressionPtr& when = nullptr);
  /// A pattern whose plan has these steps.
  model::Pattern& add_pattern(const std::string& name, model::Pattern pattern,
                              std::vector<design::Step> steps);

  [[nodiscard]] model::EntityId id(const std::string& name) const;
  [[nodiscard]] capacity::PatternUsage units(const std::string& pattern,
                                             const capacity::Options& options = {}) const;
  /// Read or write units of one call on the table ("") or an index.
  [[nodiscard]] double read_units(const std::string& pattern, const std::string& index = "",
                                  const capacity::Options& options = {}) const;
  [[nodiscard]] double write_units(const std::string& pattern, const std::string& index = "") const;

  model::Workload workload;
  design::Design design;
};

/// Rates equal at the mean and the peak.
model::Pattern read_pattern(const model::Read& read, double per_second);
model::Pattern write_pattern(const model::Write& write, double per_second);

model::Read read_of(model::ReadKind kind, model::EntityId entity);
model::Write write_of(model::WriteKind kind, model::EntityId entity);

design::Step get_step(std::size_t layout, const std::string& partition,
                      const std::string& sort = "A");
design::Step query_step(std::size_t layout, const std::string& partition);
design::Step write_step(design::WriteAction action);
design::Step transaction_step(std::vector<design::WriteAction> actions);
design::WriteAction put_action(std::size_t layout);
design::WriteAction delete_action(std::size_t layout);
/// Sets these attributes to run-time values.
design::WriteAction update_action(std::size_t layout, const std::vector<std::string>& set);

}  // namespace ddbplan::test
