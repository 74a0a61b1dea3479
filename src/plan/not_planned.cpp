#include "plan/not_planned.h"

#include <algorithm>
#include <vector>

#include "model/expression.h"
#include "model/upkeep.h"
#include "support/text.h"

namespace ddbplan::plan {
namespace {

std::vector<std::string> attributes_in(const model::Expression& expression) {
  std::vector<std::string> names;
  model::collect_attributes(expression, names);
  return names;
}

/// Whether a write that may replace a row, or make one, can keep what a parent counts: the row is read first, and what it
/// was counted by goes.
std::optional<std::string> uncounted(const model::Workload& workload, const model::Write& write,
                                     const model::Entity& parent,
                                     const model::Attribute& attribute) {
  const model::Upkeep& upkeep = *attribute.upkeep;
  const std::string name = parent.name + "." + attribute.name;
  const std::string what = write.kind == model::WriteKind::put ? "a put" : "an upsert";
  const model::Entity& rows = workload.entity(write.entities.front());
  if (upkeep.kind == model::Upkeep::Kind::newest_of)
    return what + " of rows that " + name + " is the newest of";
  const bool is_said =
      write.kind == model::WriteKind::put || rows.is_identity(upkeep.source_attribute) ||
      std::any_of(write.set.begin(), write.set.end(),
                  [&](const auto& one) { return one.attribute == upkeep.source_attribute; });
  if (upkeep.kind == model::Upkeep::Kind::sum_of && (!is_said || write.set_is_default))
    return what + " that does not set " + upkeep.source_attribute + ", which " + name + " sums up";
  return std::nullopt;
}

/// Of counts, sums and newest values that rows of other entities keep in the same transaction.
Unplanned uncounted(const model::Workload& workload, const model::Write& write) {
  for (const model::KeptCount& count : model::counts_of(workload, write.entities.front())) {
    const model::Entity& owner = workload.entity(count.owner);
    const std::string name = owner.name + "." + count.attribute->name;
    if (write.for_each || write.batch || write.times.max > 1)
      return {"puts of several rows that " + name + " counts",
              "Say `kept: stream` at " + name +
                  ", which a consumer of the table's stream then keeps, or `create` the rows."};
    if (auto what = uncounted(workload, write, owner, *count.attribute))
      return {*what, "Say `kept: stream` at " + name +
                         ", which a consumer of the table's stream then keeps."};
  }
  return {};
}

const model::Relation* way_between(const model::Entity& child, model::EntityId parent) {
  for (const model::Relation& relation : child.relations) {
    if (std::find(relation.parents.begin(), relation.parents.end(), parent) !=
        relation.parents.end())
      return &relation;
  }
  return nullptr;
}

}  // namespace

std::optional<std::string> unplanned_read(const model::Read& read) {
  const bool several = read.entities.size() > 1;
  if (several && (!read.with_children.empty() || !read.with_parents.empty()))
    return "related rows of several entities";
  if (several && read.kind == model::ReadKind::count && read.limit)
    return "a limited count of several entities";
  if (!read.limit_per.empty() && read.kind != model::ReadKind::list)
    return "a limit per " + read.limit_per + " of what is no list";
  for (const model::NarrowBy& narrow : read.narrow_by) {
    if (narrow.attribute.via)
      return "an optional equality on " + narrow.attribute.name + " of another entity";
    if (read.where != nullptr &&
        support::contains(attributes_in(*read.where), narrow.attribute.name))
      return "an optional equality on " + narrow.attribute.name + ", which `where` restricts too";
  }
  if (!read.aggregates.empty() && read.kind != model::ReadKind::count)
    return to_string(read.aggregates.front()) + " of what is no count";
  if (!model::only_counts(read) && read.limit)
    return to_string(read.aggregates.back()) + " of a limited count";
  if (read.range && read.range->attribute.via) return "a range over an attribute of another entity";
  return std::nullopt;
}

Unplanned unrelated(const model::Workload& workload, model::EntityId entity,
                    const model::AttributeRef& by) {
  const model::Entity& rows = workload.entity(entity);
  const model::Entity& other = workload.entity(*by.via);
  const std::string what = "an equality on " + by.name + " of " + other.name;
  if (const auto* way = way_between(rows, *by.via)) {
    const std::string name = model::Entity::way_of(*way);
    if (way->parents.size() > 1)
      return {what + ", which is one of the kinds that " + rows.name + " belongs to",
              "Ask for " + rows.name + " `by: " + name +
                  "` in an access pattern of its own: there " + name + " is the " + other.name +
                  "'s."};
    return {
        what + ", which only the tenant joins to " + rows.name,
        "Get the " + other.name + " first, and ask for " + rows.name + " within its " + name + "."};
  }
  if (const auto* way = way_between(other, entity)) {
    const std::string why = way->parents.size() > 1
                                ? ", which " + rows.name + " is one of the kinds of parents of"
                                : ", which only the tenant joins to " + rows.name;
    return {what + why, "Ask for " + other.name + " `by: " + by.name + "` instead, `with: [" +
                            model::Entity::way_of(*way) + "]` to have each one's " + rows.name +
                            "."};
  }
  return {what + ", which " + rows.name + " neither belongs to nor has rows of",
          "Find the " + other.name + " rows in an access pattern of their own, and ask for " +
              rows.name + " by what they say; or declare the relation with `belongs_to`."};
}

Unplanned unplanned_write(const model::Workload& workload, const model::Write& write) {
  const bool is_put = write.kind == model::WriteKind::put;
  const bool is_upsert = write.kind == model::WriteKind::upsert;
  if (!is_put && !is_upsert) return {};
  const model::EntityId id = write.entities.front();
  const model::Entity& entity = workload.entity(id);
  if (!entity.unique.empty() && (write.for_each || write.batch || write.times.max > 1))
    return {"puts of several rows with unique attributes",
            "`create` them, which is a transaction with their guards."};
  if (Unplanned found = uncounted(workload, write); !found.empty()) return found;
  if (is_put && write.replaces > 0) {
    for (const model::KeptCopy& copy : model::copies_of(workload, id))
      return {"a put that changes " + copy.original + ", of which " +
                  workload.entity(copy.holder).name + " keeps a copy in a transaction",
              "`update` the row, or say `kept: stream` at the copy."};
  }
  for (const model::Attribute& attribute : entity.attributes) {
    const bool is_copy = attribute.upkeep && attribute.upkeep->kept != model::Kept::never &&
                         attribute.upkeep->kind == model::Upkeep::Kind::copy_of;
    if (is_upsert && is_copy)
      return {"an upsert of rows that hold the copy " + attribute.name,
              "`put` the row, which takes the copy along."};
  }
  return {};
}

std::string changed_original(const model::Workload& workload,
                             const model::Transaction& transaction) {
  for (const model::Write& create : transaction.writes) {
    if (create.kind != model::WriteKind::create || create.entities.empty()) continue;
    for (const model::KeptCopy& copy : model::copies_in(workload, create.entities.front())) {
      if (copy.relation == nullptr) continue;
      const model::EntityId original = copy.relation->parents.front();
      for (const model::Write& change : transaction.writes) {
        if (change.entities.empty() || !(change.entities.front() == original) ||
            !model::may_change(workload.entity(original), change, copy.original))
          continue;
        return "a new " + workload.entity(create.entities.front()).name + " that copies " +
               copy.original + " of the " + workload.entity(original).name +
               " which the same transaction changes";
      }
    }
  }
  return {};
}

}  // namespace ddbplan::plan
