#include "plan/table_plan.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "dynamo/limits.h"

namespace ddbplan::plan {

namespace {

/// A text as a table name: what DynamoDB does not allow becomes '-'.
std::string legal_table_name(std::string name) {
  for (char& c : name) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    if (!allowed) c = '-';
  }
  while (name.size() < dynamo::limits::kNameLengthMin) name += '-';
  if (name.size() > dynamo::limits::kNameLengthMax) name.resize(dynamo::limits::kNameLengthMax);
  return name;
}

/// The first table of several entities is the service's; one that is not is named after its first entity.
std::vector<std::string> table_names(const model::Workload& workload, const TablePlan& tables) {
  const std::string service = workload.service.empty() ? "table" : workload.service;
  std::vector<std::string> names;
  bool is_taken = false;
  for (std::size_t table = 0; table < tables.count; ++table) {
    const std::vector<model::EntityId> members = tables.members(table);
    const bool is_main = !is_taken && (tables.count == 1 || members.size() > 1);
    is_taken = is_taken || is_main;
    names.push_back(legal_table_name(
        is_main ? service : service + "-" + workload.entity(members.front()).name));
  }
  return names;
}

/// The entities whose changes someone consumes from their table's stream.
std::set<std::size_t> consumed_entities(const model::Workload& workload) {
  std::set<std::size_t> out;
  for (const model::EntityId fed : workload.feeds) out.insert(fed.index);
  for (std::size_t e = 0; e < workload.entities.size(); ++e) {
    const model::Entity& entity = workload.entities[e];
    if (entity.archive) out.insert(e);
    if (entity.rollup && entity.rollup->kept == model::Kept::stream)
      out.insert(entity.rollup->of.index);
  }
  for (const model::Pattern& pattern : workload.patterns) {
    if (!pattern.after) continue;
    for (const model::Write* write : writes_of(workload.pattern(*pattern.after))) {
      for (const model::EntityId written : write->entities) out.insert(written.index);
    }
  }
  return out;
}

/// What reads outside DynamoDB ask of the tables of their entities.
struct OffloadDemand {
  std::set<std::size_t> streams;
  std::set<std::size_t> recovery;
};
OffloadDemand offload_demand(const model::Workload& workload) {
  OffloadDemand out;
  for (const model::Pattern& pattern : workload.patterns) {
    const auto* read = std::get_if<model::Read>(&pattern.action);
    if (read == nullptr) continue;
    const bool search =
        read->kind == model::ReadKind::search || read->kind == model::ReadKind::similar;
    for (const model::EntityId entity : read->entities) {
      if (search) out.streams.insert(entity.index);
      if (search || read->kind == model::ReadKind::analyse) out.recovery.insert(entity.index);
    }
  }
  return out;
}

}  // namespace

std::vector<model::EntityId> TablePlan::members(std::size_t table) const {
  std::vector<model::EntityId> out;
  for (std::size_t e = 0; e < table_of.size(); ++e) {
    if (table_of[e] == table) out.push_back(model::EntityId{e});
  }
  return out;
}

bool TablePlan::is_alone(model::EntityId entity) const {
  return std::count(table_of.begin(), table_of.end(), table_of[entity.index]) == 1;
}

TablePlan single_table(const model::Workload& workload) {
  return {std::vector<std::size_t>(workload.entities.size(), 0), 1,
          workload.settings.key_style == model::KeyStyle::natural};
}

TablePlan table_per_entity(const model::Workload& workload) {
  TablePlan out{std::vector<std::size_t>(workload.entities.size()),
                std::max<std::size_t>(1, workload.entities.size()),
                workload.settings.key_style == model::KeyStyle::natural};
  std::iota(out.table_of.begin(), out.table_of.end(), std::size_t{0});
  return out;
}

TablePlan renumbered(const std::vector<std::size_t>& table_of) {
  TablePlan out;
  std::map<std::size_t, std::size_t> numbers;
  for (const std::size_t table : table_of)
    out.table_of.push_back(numbers.try_emplace(table, numbers.size()).first->second);
  out.count = std::max<std::size_t>(1, numbers.size());
  return out;
}

std::optional<TtlConflict> ttl_conflict(const model::Workload& workload, const TablePlan& tables) {
  std::map<std::size_t, std::size_t> first;
  for (std::size_t e = 0; e < workload.entities.size(); ++e) {
    const model::Entity& entity = workload.entities[e];
    if (!entity.retention) continue;
    std::set<std::size_t> holding{tables.table_of[e]};
    for (const model::Unique& unique : entity.unique)
      holding.insert(guard_table(workload, tables, model::EntityId{e}, unique));
    for (const std::size_t table : holding) {
      const auto [place, is_new] = first.try_emplace(table, e);
      if (is_new) continue;
      if (workload.entities[place->second].retention->attribute != entity.retention->attribute)
        return TtlConflict{model::EntityId{place->second}, model::EntityId{e}};
    }
  }
  return std::nullopt;
}

std::vector<design::Table> bare_tables(const model::Workload& workload, const TablePlan& tables) {
  const model::Settings& settings = workload.settings;
  const bool replicated =
      settings.regions.size() > 1 && settings.replication == model::Replication::eventual;
  const std::set<std::size_t> consumed = consumed_entities(workload);
  const OffloadDemand offload = offload_demand(workload);
  const std::vector<std::string> names = table_names(workload, tables);
  std::vector<design::Table> out;
  for (std::size_t number = 0; number < tables.count; ++number) {
    const std::vector<model::EntityId> members = tables.members(number);
    const auto some_in = [&](const std::set<std::size_t>& entities) {
      return std::any_of(members.begin(), members.end(),
                         [&](model::EntityId e) { return entities.contains(e.index); });
    };
    design::Table table;
    table.name = names[number];
    table.key.partition = {{"PK", dynamo::ScalarType::S}};
    table.key.sort = {{"SK", dynamo::ScalarType::S}};
    for (const model::EntityId member : members) {
      const auto& retention = workload.entity(member).retention;
      if (retention && !table.ttl_attribute) table.ttl_attribute = retention->attribute;
    }
    if (settings.backup) {
      table.point_in_time_recovery = settings.backup->point_in_time_recovery;
      table.recovery_days = settings.backup->recovery_days;
    }
    if (settings.streams) {
      table.stream_view = *settings.streams == "on" ? "NEW_AND_OLD_IMAGES" : *settings.streams;
    } else if (replicated || some_in(consumed)) {
      table.stream_view = "NEW_AND_OLD_IMAGES";
    }
    if (some_in(offload.streams) && !table.stream_view) table.stream_view = "NEW_AND_OLD_IMAGES";
    if (some_in(offload.recovery)) table.point_in_time_recovery = true;
    out.push_back(std::move(table));
  }
  return out;
}

std::size_t guard_table(const model::Workload& workload, const TablePlan& tables,
                        model::EntityId entity, const model::Unique& unique) {
  const std::vector<model::EntityId> owners = model::name_space(entity, unique);
  const auto expiring = std::find_if(owners.begin(), owners.end(), [&](model::EntityId owner) {
    return workload.entity(owner).retention.has_value();
  });
  return tables.table_of[(expiring == owners.end() ? owners.front() : *expiring).index];
}

std::size_t item_kinds(const model::Workload& workload, const TablePlan& tables,
                       std::size_t table) {
  std::size_t kinds = tables.members(table).size();
  for (const model::EntityId member : tables.members(table)) {
    if (!workload.entity(member).facet.empty()) ++kinds;
    if (workload.entity(member).read_copies > 0) ++kinds;
  }
  for (std::size_t e = 0; e < workload.entities.size(); ++e) {
    for (const model::Unique& unique : workload.entities[e].unique) {
      if (guard_table(workload, tables, model::EntityId{e}, unique) == table) ++kinds;
    }
  }
  return kinds;
}

}  // namespace ddbplan::plan
