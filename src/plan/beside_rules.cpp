#include "plan/beside_rules.h"

#include <algorithm>

#include "dynamo/limits.h"
#include "plan/physical_keys.h"

namespace ddbplan::plan {

namespace {

using model::EntityId;

bool is_written_singly(const model::Workload& workload, EntityId entity) {
  for (const model::Pattern& pattern : workload.patterns) {
    for (const model::Write* write : writes_of(pattern)) {
      if (!is_about(*write, entity) || write->kind == model::WriteKind::check) continue;
      if (write->kind == model::WriteKind::upsert || write->set_is_default || write->batch ||
          write->times.max > 1 || write->for_each || write->entities.size() > 1)
        return false;
    }
  }
  return true;
}

/// OpenSearch and Athena take each item for a document.
bool is_integrated(const model::Workload& workload, EntityId entity) {
  return std::any_of(
      workload.patterns.begin(), workload.patterns.end(), [&](const model::Pattern& pattern) {
        const auto* read = std::get_if<model::Read>(&pattern.action);
        const bool is_outside = read != nullptr && (read->kind == model::ReadKind::search ||
                                                    read->kind == model::ReadKind::similar ||
                                                    read->kind == model::ReadKind::analyse);
        return is_outside && std::find(read->entities.begin(), read->entities.end(), entity) !=
                                 read->entities.end();
      });
}

}  // namespace

bool may_stand_beside(const model::Workload& workload, EntityId entity) {
  const model::Settings& settings = workload.settings;
  // A table with strong replication takes no transactions (Developer Guide, "Global tables: how it works").
  const bool takes_transactions =
      settings.regions.size() < 2 || settings.replication != model::Replication::strong;
  return takes_transactions && settings.layout == model::Layout::single_table &&
         settings.key_style == model::KeyStyle::generic && !workload.entity(entity).rollup &&
         hand_made_key(workload, entity) == nullptr && is_written_singly(workload, entity) &&
         !is_integrated(workload, entity);
}

bool fit_transactions(const model::Workload& workload, EntityId entity, int items, double bytes) {
  const auto guards = [&](EntityId of) {
    return 2 * static_cast<double>(workload.entity(of).unique.size());
  };
  return std::all_of(
      workload.patterns.begin(), workload.patterns.end(), [&](const model::Pattern& pattern) {
        double actions = 0;
        double sent = 0;
        for (const model::Write* write : writes_of(pattern)) {
          if (write->entities.empty()) continue;
          const bool is_own = is_about(*write, entity) && write->kind != model::WriteKind::check;
          actions += write->times.max * ((is_own ? items : 1) + guards(write->entities.front()));
          if (is_own) sent += write->times.max * bytes;
        }
        return actions <= dynamo::limits::kTransactionActionsMax &&
               sent <= static_cast<double>(dynamo::limits::kTransactionBytesMax);
      });
}

}  // namespace ddbplan::plan
