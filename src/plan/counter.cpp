#include "plan/counter.h"

#include <algorithm>

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

}  // namespace

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
