#include "plan/counter.h"

#include <algorithm>

#include "dynamo/limits.h"

namespace ddbplan::plan {

namespace {

bool is_about(const std::vector<model::EntityId>& entities, model::EntityId entity) {
  return std::find(entities.begin(), entities.end(), entity) != entities.end();
}

bool adds_only(const model::Write& write) {
  return write.kind == model::WriteKind::upsert && !write.add.empty() && write.set.empty() &&
         !write.set_is_default && write.append.empty() && write.remove.empty() && !write.move &&
         write.condition == nullptr;
}

bool gets_by_identity(const model::Read& read, const model::Entity& entity) {
  const bool has_tenant = !entity.tenant.empty();
  return read.kind == model::ReadKind::get && read.with_children.empty() && read.where == nullptr &&
         read.by.size() + (has_tenant ? 1 : 0) >= entity.id.size();
}

bool leaves_it_a_sum(const model::Pattern& pattern, const model::Entity& entity,
                     model::EntityId id) {
  if (const auto* write = std::get_if<model::Write>(&pattern.action))
    return !is_about(write->entities, id) || adds_only(*write);
  if (const auto* read = std::get_if<model::Read>(&pattern.action)) {
    const bool follows =
        std::any_of(read->with_parents.begin(), read->with_parents.end(),
                    [&](const model::WithParent& with) { return with.parent == id; });
    return !follows && (!is_about(read->entities, id) || gets_by_identity(*read, entity));
  }
  const auto& both = std::get<model::Transaction>(pattern.action);
  return std::all_of(both.writes.begin(), both.writes.end(),
                     [&](const model::Write& write) {
                       return !is_about(write.entities, id) || adds_only(write);
                     }) &&
         std::none_of(both.reads.begin(), both.reads.end(),
                      [&](const model::Read& read) { return is_about(read.entities, id); });
}

/// Its writes give parts of what is kept: none looks whether the row is there, and none needs the other parts.
bool is_kept_in_parts(const model::Workload& workload, const model::Rollup& rollup) {
  const bool knows_all =
      std::any_of(rollup.keep.begin(), rollup.keep.end(),
                  [](const model::Rollup::Keep& keep) { return keep.function == "newest"; });
  if (knows_all) return false;
  if (rollup.kept == model::Kept::stream) return true;
  for (const model::Pattern& pattern : workload.patterns) {
    for (const model::Write* write : writes_of(pattern)) {
      if (is_about(write->entities, rollup.of) && write->kind != model::WriteKind::create)
        return false;
    }
  }
  return true;
}

/// Something else is kept of the rows, which would be kept of each part.
bool is_kept_of(const model::Workload& workload, model::EntityId id) {
  return std::any_of(
      workload.entities.begin(), workload.entities.end(), [&](const model::Entity& entity) {
        return (entity.rollup && entity.rollup->of == id) ||
               std::any_of(entity.attributes.begin(), entity.attributes.end(),
                           [&](const model::Attribute& attribute) {
                             return attribute.upkeep && attribute.upkeep->source == id;
                           });
      });
}

bool lists_rows(const model::Read& read) {
  const bool is_plain = read.kind == model::ReadKind::get || read.kind == model::ReadKind::list;
  return is_plain && read.entities.size() == 1 && read.where == nullptr && read.narrow_by.empty() &&
         read.aggregates.empty() && read.limit_per.empty() && read.with_children.empty();
}

/// What all reads name of the identity, which can be the partition key of all rows.
bool share_a_collection(const std::vector<const model::Read*>& reads, const model::Entity& entity) {
  return reads.empty() || std::any_of(entity.id.begin(), entity.id.end(), [&](const auto& name) {
           return name != entity.tenant &&
                  std::all_of(reads.begin(), reads.end(), [&](const model::Read* read) {
                    return std::any_of(
                        read->by.begin(), read->by.end(),
                        [&](const model::AttributeRef& by) { return by.name == name && !by.via; });
                  });
         });
}

bool is_asked_as_child(const model::Read& read, model::EntityId id) {
  return std::any_of(read.with_children.begin(), read.with_children.end(),
                     [&](const model::WithChildren& with) { return with.child == id; });
}

}  // namespace

bool is_rollup_in_parts(const model::Workload& workload, model::EntityId id) {
  const model::Entity& entity = workload.entity(id);
  if (!entity.rollup || !is_kept_in_parts(workload, *entity.rollup) || is_kept_of(workload, id))
    return false;
  std::vector<const model::Read*> reads;
  for (const model::Pattern& pattern : workload.patterns) {
    if (const auto* both = std::get_if<model::Transaction>(&pattern.action)) {
      for (const model::Read& read : both->reads) {
        if (is_about(read.entities, id)) return false;
      }
    }
    const auto* read = std::get_if<model::Read>(&pattern.action);
    if (read == nullptr) continue;
    const bool follows =
        std::any_of(read->with_parents.begin(), read->with_parents.end(),
                    [&](const model::WithParent& with) { return with.parent == id; });
    if (follows || is_asked_as_child(*read, id)) return false;
    if (!is_about(read->entities, id)) continue;
    if (!lists_rows(*read)) return false;
    reads.push_back(read);
  }
  return share_a_collection(reads, entity);
}

bool may_need_parts(const model::Workload& workload, model::EntityId id) {
  if (!is_rollup_in_parts(workload, id)) return false;
  const model::Rollup& rollup = *workload.entity(id).rollup;
  const model::EntityId written = rollup.kept == model::Kept::stream ? id : rollup.of;
  double writes = 0;
  for (const model::Pattern& pattern : workload.patterns) {
    for (const model::Write* write : writes_of(pattern)) {
      if (is_about(write->entities, written))
        writes += pattern.load.peak.per_second * write->times.mean;
    }
  }
  // A write in a transaction takes twice the units.
  const double each = rollup.kept == model::Kept::stream ? 1 : 2;
  return writes * each >
         dynamo::limits::kPartitionWriteUnitsPerSecond * workload.settings.capacity_target;
}

bool is_counter(const model::Workload& workload, model::EntityId id) {
  const model::Entity& entity = workload.entity(id);
  if (!entity.unique.empty() || entity.retention || !entity.relations.empty()) return false;
  bool is_written = false;
  for (const model::Pattern& pattern : workload.patterns) {
    if (!leaves_it_a_sum(pattern, entity, id)) return false;
    is_written = is_written || !pattern.is_read();
  }
  return is_written;
}

}  // namespace ddbplan::plan
