#include "plan/counting.h"

#include <algorithm>
#include <optional>

#include "model/conjuncts.h"
#include "model/counting.h"
#include "plan/expressions.h"
#include "plan/need.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using model::Values;
using support::contains;

class KnownRow {
 public:
  KnownRow(const model::Entity& entity, const RowChange& change) : change_(change) {
    if (change.condition == nullptr) return;
    const model::ExpressionPtr condition = affirmed(entity, change.condition);
    before_ = split_where(condition).equal;
    lacking_ = model::lacking_attributes(condition);
  }

  [[nodiscard]] bool lacked(const std::string& name) const { return contains(lacking_, name); }

  [[nodiscard]] Values before(const std::string& name) const {
    if (lacked(name)) return std::vector<dynamo::AttributeValue>{};
    for (const Equality& one : before_) {
      if (one.attribute == name && !one.is_parameter()) return one.values;
    }
    return std::nullopt;
  }

  [[nodiscard]] Values after(const std::string& name) const {
    if (contains(change_.removed, name)) return std::vector<dynamo::AttributeValue>{};
    if (!contains(change_.changed, name)) return before(name);
    const auto known = change_.known.find(name);
    const auto* value =
        known == change_.known.end() ? nullptr : std::get_if<design::FromConstant>(&known->second);
    if (value == nullptr) return std::nullopt;
    return std::vector{value->value};
  }

 private:
  const RowChange& change_;
  std::vector<Equality> before_;
  std::vector<std::string> lacking_;
};

}  // namespace

Counting counting_of(const model::Workload& workload, model::EntityId child, const Counter& counter,
                     const RowChange& change) {
  Counting out;
  const model::Entity& rows = workload.entity(child);
  const KnownRow known(rows, change);
  const std::vector<std::string>& links = counter.relation->attributes;
  const std::string& summed = counter.upkeep.source_attribute;
  const auto before = model::counts(counter.upkeep.where,
                                    [&](const std::string& name) { return known.before(name); });
  const auto after = model::counts(counter.upkeep.where,
                                   [&](const std::string& name) { return known.after(name); });
  const auto changes = [&](const std::string& name) { return contains(change.changed, name); };
  const bool moves = std::any_of(links.begin(), links.end(), changes) || changes(summed);
  out.may_leave =
      before != false && std::none_of(links.begin(), links.end(),
                                      [&](const auto& name) { return known.lacked(name); });
  out.may_enter = after != false && std::none_of(links.begin(), links.end(), [&](const auto& name) {
                    return contains(change.removed, name);
                  });
  // It counted as it does.
  if (before == true && after == true && !moves) out.may_leave = out.may_enter = false;
  out.is_judged = (out.may_leave && !before) || (out.may_enter && !after);

  const auto read = [&](const std::string& name, bool is_of_new_row) {
    const bool is_known = is_of_new_row && change.known.contains(name);
    if (!name.empty() && !rows.is_identity(name) && !is_known) support::add_once(out.read, name);
  };
  for (const bool is_of_new_row : {false, true}) {
    if (!(is_of_new_row ? out.may_enter : out.may_leave)) continue;
    for (const std::string& name : links) read(name, is_of_new_row);
    std::vector<std::string> judged;
    if (out.is_judged && counter.upkeep.where) collect_attributes(*counter.upkeep.where, judged);
    for (const std::string& name : judged) read(name, is_of_new_row);
    read(summed, is_of_new_row);
  }
  return out;
}

}  // namespace ddbplan::plan
