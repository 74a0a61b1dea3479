#include "model/workload.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace ddbplan::model {
namespace {

/// Parents of parents: deeper chains than this are cycles, which the schema stage refuses.
constexpr int kAncestorsMax = 64;

/// Creates and puts of new rows of `entity` a second after `months`, or nullopt where that rests on
/// a default.
std::optional<double> given_inflow(const Workload& workload, EntityId entity, double months,
                                   int depth);

double grown_rows(const Workload& workload, EntityId id, double months, int depth) {
  const Entity& entity = workload.entity(id);
  if (depth > kAncestorsMax || months <= 0) return entity.count;
  double factor = std::pow(1 + entity.growth_per_month, months);
  // Children grow with their parents. With several, the fastest one sets the pace: a membership
  // needs both sides, and new users join old rooms.
  double parents_factor = 1;
  for (const Relation& relation : entity.relations) {
    for (const EntityId parent : relation.parents) {
      if (parent == id) continue;
      const double before = workload.entity(parent).count;
      if (before <= 0) continue;
      parents_factor =
          std::max(parents_factor, grown_rows(workload, parent, months, depth + 1) / before);
    }
  }
  const double rows = entity.count * factor * parents_factor;
  if (!entity.retention || !entity.retention->after) return rows;
  const std::optional<double> inflow = given_inflow(workload, id, months, depth + 1);
  if (!inflow) return rows;
  // As many rows expire as come: rows beyond inflow x lifetime cannot stay.
  const double ceiling = *inflow * entity.retention->after->seconds;
  return std::min(rows, std::max(entity.count, ceiling));
}

double mean_after(const Workload& workload, const Load& load, double months, int depth) {
  if (!load.grows_with || months <= 0) return load.mean.per_second;
  const double before = workload.entity(*load.grows_with).count;
  if (before <= 0) return load.mean.per_second;
  return load.mean.per_second * grown_rows(workload, *load.grows_with, months, depth) / before;
}

double creates_per_call(const Write& write, EntityId entity) {
  if (write.entities.size() != 1 || write.entities.front() != entity) return 0;
  if (write.kind == WriteKind::create) return write.times.mean;
  if (write.kind == WriteKind::put) return write.times.mean * (1 - write.replaces);
  return 0;
}

std::optional<double> given_inflow(const Workload& workload, EntityId entity, double months,
                                   int depth) {
  if (depth > kAncestorsMax) return std::nullopt;
  double sum = 0;
  for (const Pattern& pattern : workload.patterns) {
    double per_call = 0;
    if (const Write* write = std::get_if<Write>(&pattern.action)) {
      per_call = write->for_each ? 0 : creates_per_call(*write, entity);
    } else if (const Transaction* transaction = std::get_if<Transaction>(&pattern.action)) {
      for (const Write& action : transaction->writes) per_call += creates_per_call(action, entity);
    }
    if (per_call <= 0) continue;
    if (pattern.load.mean_is_default || pattern.load.grows_with == entity) return std::nullopt;
    sum += per_call * mean_after(workload, pattern.load, months, depth);
  }
  if (sum <= 0) return std::nullopt;
  return sum;
}

}  // namespace

std::optional<EntityId> Workload::find_entity(std::string_view name) const {
  for (std::size_t i = 0; i < entities.size(); ++i) {
    if (entities[i].name == name) return EntityId{i};
  }
  return std::nullopt;
}

std::optional<PatternId> Workload::find_pattern(std::string_view name) const {
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (patterns[i].name == name) return PatternId{i};
  }
  return std::nullopt;
}

bool Pattern::is_read() const {
  if (const Transaction* transaction = std::get_if<Transaction>(&action)) {
    return transaction->writes.empty();
  }
  return std::holds_alternative<Read>(action);
}

std::vector<const Write*> writes_of(const Pattern& pattern) {
  std::vector<const Write*> writes;
  if (const auto* write = std::get_if<Write>(&pattern.action)) writes.push_back(write);
  if (const auto* transaction = std::get_if<Transaction>(&pattern.action)) {
    for (const Write& write : transaction->writes) writes.push_back(&write);
  }
  return writes;
}

bool follows(const Entity& earlier_rows, const Write& earlier, const Write& later) {
  return !(earlier.entities.front() == later.entities.front()) && !later.by.empty() &&
         std::all_of(later.by.begin(), later.by.end(),
                     [&](const AttributeRef& by) { return earlier_rows.find(by.name) != nullptr; });
}

std::optional<std::size_t> created_parent(const Workload& workload, const Transaction& transaction,
                                          std::size_t action, const Relation& relation) {
  const Write& write = transaction.writes[action];
  const EntityId child = write.entities.front();
  if (write.kind != WriteKind::create || write.for_each || relation.parents.size() != 1 ||
      relation.parents.front() == child)
    return std::nullopt;
  for (const Relation& other : workload.entity(child).relations) {
    if (other.parents != relation.parents) continue;
    if (other.attributes != relation.attributes) return std::nullopt;  // of two the first
    break;
  }
  for (std::size_t i = 0; i < transaction.writes.size(); ++i) {
    const Write& parent = transaction.writes[i];
    if (parent.kind == WriteKind::create && parent.entities.front() == relation.parents.front() &&
        !parent.for_each && parent.times.max <= 1)
      return i;
  }
  return std::nullopt;
}

std::vector<const Read*> reads_of(const Pattern& pattern) {
  std::vector<const Read*> out;
  if (const auto* read = std::get_if<Read>(&pattern.action)) out.push_back(read);
  if (const auto* transaction = std::get_if<Transaction>(&pattern.action)) {
    for (const Read& read : transaction->reads) out.push_back(&read);
  }
  return out;
}

bool names_identity(const Entity& entity, const std::vector<AttributeRef>& by) {
  return std::all_of(entity.id.begin(), entity.id.end(), [&](const std::string& id) {
    return id == entity.tenant || std::any_of(by.begin(), by.end(), [&](const AttributeRef& one) {
             return one.name == id;
           });
  });
}

bool is_about_many(const Entity& entity, const Write& write) {
  if (write.for_each || (write.kind != WriteKind::update && write.kind != WriteKind::delete_rows))
    return false;
  std::set<std::string> given{entity.tenant};
  for (const AttributeRef& by : write.by) {
    if (!by.via) given.insert(by.name);
  }
  return !names_identity(entity, write.by) && !entity.is_one_row(given);
}

double share_done(const Pattern& pattern) {
  const auto* transaction = std::get_if<Transaction>(&pattern.action);
  double share = transaction == nullptr ? 1 : 1 - transaction->fails;
  for (const Write* write : writes_of(pattern)) share *= 1 - write->fails;
  return share;
}

bool is_about(const Write& write, EntityId entity) {
  return std::find(write.entities.begin(), write.entities.end(), entity) != write.entities.end();
}

bool may_insert(const Write& write) {
  return write.kind == WriteKind::create || write.kind == WriteKind::put ||
         write.kind == WriteKind::upsert;
}

std::optional<EntityId> tenant_entity(const Workload& workload) {
  if (!workload.settings.tenant) return std::nullopt;
  for (std::size_t i = 0; i < workload.entities.size(); ++i) {
    const std::vector<std::string>& id = workload.entities[i].id;
    if (id.size() == 1 && id.front() == *workload.settings.tenant) return EntityId{i};
  }
  return std::nullopt;
}

double rows_after(const Workload& workload, EntityId entity, double months) {
  return grown_rows(workload, entity, months, 0);
}

support::Rate rate_after(const Workload& workload, const Load& load, double months) {
  return {mean_after(workload, load, months, 0)};
}

std::vector<std::pair<std::string, std::string>> identity_links(const Workload& workload,
                                                                EntityId child,
                                                                const Relation& relation,
                                                                EntityId parent) {
  const Entity& mine = workload.entity(child);
  const Entity& theirs = workload.entity(parent);
  std::vector<std::string> identity = theirs.id;
  std::vector<std::pair<std::string, std::string>> pairs;
  const bool shares_tenant =
      !mine.tenant.empty() && !identity.empty() && identity.front() == mine.tenant;
  const bool names_tenant = relation.attributes.size() == identity.size();
  if (shares_tenant && !names_tenant) {
    pairs.emplace_back(mine.tenant, mine.tenant);
    identity.erase(identity.begin());
  }
  for (std::size_t i = 0; i < identity.size() && i < relation.attributes.size(); ++i) {
    pairs.emplace_back(relation.attributes[i], identity[i]);
  }
  return pairs;
}

}  // namespace ddbplan::model
