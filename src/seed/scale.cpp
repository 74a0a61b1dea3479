#include "seed/scale.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ddbplan::seed {
namespace {

using model::Entity;
using model::EntityId;
using model::Relation;
using model::Workload;

/// Fewer parents than this tell little about lists by parent.
constexpr double kParentsMin = 100;
/// Tenants have parents and children of their own, of which there should be some each: fewer tenants do.
constexpr double kTenantsMin = 20;

/// The relation that says how many children there are: one in the identity, else the first.
const Relation* leading_relation(const Entity& entity) {
  for (const Relation& relation : entity.relations) {
    const bool is_identity =
        !relation.attributes.empty() &&
        std::all_of(relation.attributes.begin(), relation.attributes.end(),
                    [&](const std::string& name) { return entity.is_identity(name); });
    if (is_identity) return &relation;
  }
  return entity.relations.empty() ? nullptr : &entity.relations.front();
}

bool is_own_parent(const Relation& relation, EntityId entity) {
  return std::find(relation.parents.begin(), relation.parents.end(), entity) !=
         relation.parents.end();
}

void visit(const Workload& workload, std::size_t entity, std::vector<int>& state,
           std::vector<EntityId>& order) {
  if (state[entity] != 0) return;
  state[entity] = 1;
  for (const Relation& relation : workload.entities[entity].relations) {
    for (const EntityId parent : relation.parents) visit(workload, parent.index, state, order);
  }
  if (const auto& rollup = workload.entities[entity].rollup)
    visit(workload, rollup->of.index, state, order);
  order.push_back(EntityId{entity});
}

/// No more tenants than rows that belong to one without a relation that leads there have tenants.
void bring_tenants_down(const Workload& workload, double cap, std::vector<double>& counts) {
  const auto owner = model::tenant_entity(workload);
  if (!owner) return;
  double& tenants = counts[owner->index];
  double wanted = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Entity& entity = workload.entities[i];
    if (entity.tenant.empty() || entity.rollup || *owner == EntityId{i}) continue;
    const auto& relations = entity.relations;
    const bool is_child = std::any_of(relations.begin(), relations.end(), [&](const Relation& one) {
      return one.parents == std::vector<EntityId>{*owner};
    });
    // Whose parents are counted already.
    if (is_child) return;
    if (!relations.empty() || entity.count <= 0) continue;
    wanted = std::max(
        {wanted, 1.0, std::round(counts[i] * workload.entity(*owner).count / entity.count)});
  }
  if (wanted <= 0) return;
  const double floor = std::min(tenants, std::min(kTenantsMin, cap / 4));
  tenants = std::max(floor, std::min(tenants, wanted));
}

/// Rows when no entity may have more than `cap`.
std::vector<double> counts_under(const Workload& workload, const std::vector<EntityId>& order,
                                 double cap) {
  std::vector<double> counts;
  for (const Entity& entity : workload.entities) {
    // Read copies count: it is items that a seed is made of.
    const double most = std::max(1.0, std::floor(cap / (1 + entity.read_copies)));
    counts.push_back(entity.singleton ? 1
                                      : std::min(std::max(1.0, std::round(entity.count)), most));
  }
  const auto owner = model::tenant_entity(workload);
  // Children first: a parent needs no more rows than its children have parents.
  for (auto child = order.rbegin(); child != order.rend(); ++child) {
    const Entity& entity = workload.entity(*child);
    if (entity.rollup) continue;
    const Relation* relation = leading_relation(entity);
    if (relation == nullptr || relation->children.mean <= 0 || is_own_parent(*relation, *child))
      continue;
    for (const EntityId parent : relation->parents) {
      double& parents = counts[parent.index];
      const double wanted = std::round(counts[child->index] / relation->children.mean);
      const double least = owner == parent ? kTenantsMin : kParentsMin;
      const double floor = std::min(parents, std::min(least, cap / 4));
      parents = std::max(floor, std::min(parents, wanted));
    }
  }
  bring_tenants_down(workload, cap, counts);
  // Then parents first: no more children than their parents have together.
  for (const EntityId id : order) {
    const Entity& entity = workload.entity(id);
    const Relation* relation = leading_relation(entity);
    if (entity.rollup || relation == nullptr || is_own_parent(*relation, id)) continue;
    double parents = 0;
    for (const EntityId parent : relation->parents) parents += counts[parent.index];
    const double children =
        std::round(parents * relation->children.mean / std::max(relation->present, 1e-9));
    counts[id.index] = std::max(1.0, std::min(counts[id.index], children));
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (workload.entities[i].rollup) counts[i] = 0;
  }
  return counts;
}

}  // namespace

std::vector<EntityId> parents_first(const Workload& workload) {
  std::vector<EntityId> order;
  std::vector<int> state(workload.entities.size(), 0);
  for (std::size_t i = 0; i < workload.entities.size(); ++i) visit(workload, i, state, order);
  return order;
}

std::vector<std::size_t> row_counts(const Workload& workload, const SeedOptions& options) {
  const std::vector<EntityId> order = parents_first(workload);
  const double most = std::min(options.rows_max, workload.settings.seed_rows);
  double cap = options.rows_per_entity_max;
  std::vector<double> counts = counts_under(workload, order, cap);
  double sum = std::accumulate(counts.begin(), counts.end(), 0.0);
  for (int i = 0; i < 20 && sum > most && cap > 1; ++i) {
    cap = std::max(1.0, std::floor(cap * std::min(0.97, most / sum)));
    counts = counts_under(workload, order, cap);
    sum = std::accumulate(counts.begin(), counts.end(), 0.0);
  }
  std::vector<std::size_t> rows;
  for (const double count : counts) rows.push_back(static_cast<std::size_t>(count));
  return rows;
}

}  // namespace ddbplan::seed
