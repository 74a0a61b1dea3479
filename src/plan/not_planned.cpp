#include "plan/not_planned.h"

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

/// Rows of other entities keep a count, a sum or a newest value of its rows in the same transaction.
bool is_counted(const model::Workload& workload, model::EntityId source) {
  for (const model::Entity& entity : workload.entities) {
    for (const model::Attribute& attribute : entity.attributes) {
      if (attribute.upkeep && attribute.upkeep->source == source &&
          attribute.upkeep->kind != model::Upkeep::Kind::copy_of &&
          attribute.upkeep->kept == model::Kept::transaction)
        return true;
    }
  }
  return false;
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

std::optional<std::string> unplanned_write(const model::Workload& workload,
                                           const model::Write& write) {
  const bool is_put = write.kind == model::WriteKind::put;
  const bool is_upsert = write.kind == model::WriteKind::upsert;
  if (!is_put && !is_upsert) return std::nullopt;
  const model::EntityId id = write.entities.front();
  const model::Entity& entity = workload.entity(id);
  if (is_put && !entity.unique.empty()) return "a put of an entity with unique attributes";
  if (is_put && is_counted(workload, id)) return "a put of an entity that another one counts";
  if (is_upsert && (!entity.unique.empty() || is_counted(workload, id)))
    return "an upsert of an entity with guards, counters or composed index keys";
  if (is_put && write.replaces > 0) {
    for (const model::KeptCopy& copy : model::copies_of(workload, id))
      return "a put that changes " + copy.original + ", of which " +
             workload.entity(copy.holder).name + " keeps a copy in a transaction";
  }
  for (const model::Attribute& attribute : entity.attributes) {
    const bool is_copy = attribute.upkeep && attribute.upkeep->kept != model::Kept::never &&
                         attribute.upkeep->kind == model::Upkeep::Kind::copy_of;
    if (is_upsert && is_copy) return "an upsert of rows that hold the copy " + attribute.name;
  }
  return std::nullopt;
}

}  // namespace ddbplan::plan
