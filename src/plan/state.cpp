#include "plan/state.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "model/references.h"
#include "model/upkeep.h"

namespace ddbplan::plan {

namespace {

/// The parents that keep a count or a sum of an entity: its creates and deletes write them too.
void add_keepers(const model::Workload& workload, model::EntityId entity,
                 std::set<std::size_t>& out) {
  for (std::size_t p = 0; p < workload.entities.size(); ++p) {
    for (const model::Attribute& attribute : workload.entities[p].attributes) {
      if (attribute.upkeep && attribute.upkeep->source == entity) out.insert(p);
    }
  }
}

/// The related entities by which these are found.
void add_ways(const model::Workload& workload, const std::vector<model::EntityId>& entities,
              const std::vector<model::AttributeRef>& by, std::set<std::size_t>& out) {
  for (const model::EntityId entity : entities) {
    for (const model::AttributeRef& ref : by) {
      if (const auto via = model::seen_from(workload, entity, ref).via) out.insert(via->index);
    }
  }
}

void add_read(const model::Workload& workload, const model::Read& read,
              std::set<std::size_t>& out) {
  for (const model::EntityId entity : read.entities) out.insert(entity.index);
  for (const model::WithChildren& with : read.with_children) out.insert(with.child.index);
  for (const model::WithParent& with : read.with_parents) out.insert(with.parent.index);
  add_ways(workload, read.entities, read.by, out);
  for (const model::OrderBy& by : read.order) {
    if (by.attribute.via) out.insert(by.attribute.via->index);
  }
}

/// The rows that follow a change in its transaction: holders of copies, rollups.
void add_followers(const model::Workload& workload, model::EntityId entity,
                   std::set<std::size_t>& out) {
  for (const model::KeptCopy& copy : model::copies_of(workload, entity))
    out.insert(copy.holder.index);
  for (const model::EntityId rollup : model::rollups_of(workload, entity)) out.insert(rollup.index);
}

/// The parents that a new row copies from.
void add_copied(const model::Entity& entity, std::set<std::size_t>& out) {
  for (const model::Attribute& attribute : entity.attributes) {
    if (attribute.upkeep && attribute.upkeep->kind == model::Upkeep::Kind::copy_of)
      out.insert(attribute.upkeep->source.index);
  }
}

std::vector<std::size_t> entities_touched(const model::Workload& workload,
                                          const model::Pattern& pattern) {
  std::set<std::size_t> out;
  const auto add_write = [&](const model::Write& write) {
    for (const model::EntityId entity : write.entities) {
      out.insert(entity.index);
      add_keepers(workload, entity, out);
      add_copied(workload.entity(entity), out);
      add_followers(workload, entity, out);
    }
    if (write.for_each) out.insert(write.for_each->index);
    add_ways(workload, write.entities, write.by, out);
    if (write.for_each) add_ways(workload, {*write.for_each}, write.for_each_by, out);
  };
  if (const auto* read = std::get_if<model::Read>(&pattern.action)) add_read(workload, *read, out);
  if (const auto* write = std::get_if<model::Write>(&pattern.action)) add_write(*write);
  if (const auto* both = std::get_if<model::Transaction>(&pattern.action)) {
    for (const model::Write& write : both->writes) add_write(write);
    for (const model::Read& read : both->reads) add_read(workload, read, out);
  }
  return {out.begin(), out.end()};
}

std::vector<std::size_t> all_of(std::size_t count) {
  std::vector<std::size_t> out(count);
  std::iota(out.begin(), out.end(), std::size_t{0});
  return out;
}

}  // namespace

Problem pose_problem(const model::Workload& workload, std::vector<Need> needs,
                     Candidates candidates, std::vector<bool> planned,
                     std::optional<TablePlan> tables) {
  std::vector<std::vector<std::size_t>> needs_of_pattern(workload.patterns.size());
  for (std::size_t n = 0; n < needs.size(); ++n) {
    needs_of_pattern[needs[n].pattern.index].push_back(n);
    for (const std::size_t child : needs[n].children) needs[child].child_of = n;
  }
  std::vector<std::vector<std::size_t>> entities_of_pattern;
  for (const model::Pattern& pattern : workload.patterns)
    entities_of_pattern.push_back(entities_touched(workload, pattern));
  for (const Need& need : needs) {
    std::vector<std::size_t>& touched = entities_of_pattern[need.pattern.index];
    const auto place = std::lower_bound(touched.begin(), touched.end(), need.entity.index);
    if (place == touched.end() || *place != need.entity.index)
      touched.insert(place, need.entity.index);
  }
  Scope whole{all_of(workload.entities.size()), all_of(workload.patterns.size()),
              all_of(needs.size()), std::nullopt};
  TablePlan grouped = tables ? *std::move(tables) : single_table(workload);
  std::vector<design::Table> bare = bare_tables(workload, grouped);
  std::vector<std::size_t> kinds;
  for (std::size_t table = 0; table < grouped.count; ++table)
    kinds.push_back(item_kinds(workload, grouped, table));
  return {workload,
          std::move(needs),
          std::move(candidates),
          std::move(planned),
          std::move(needs_of_pattern),
          std::move(entities_of_pattern),
          std::move(whole),
          std::move(grouped),
          std::move(bare),
          std::move(kinds),
          std::nullopt};
}

}  // namespace ddbplan::plan
