#include "plan/read_copies.h"

#include <algorithm>
#include <cmath>

#include "dynamo/limits.h"
#include "plan/facets.h"
#include "plan/physical_keys.h"

namespace ddbplan::plan {

namespace {

using model::EntityId;

/// More items than this make every write a transaction that is rarely worth it; beyond it a cache is the answer.
/// (Our judgement; a transaction takes 100 actions.)
constexpr int kItemsMost = 20;

/// Only rows that are written one by one, whose own writes are all that changes them.
bool can_be_copied(const model::Workload& workload, EntityId id) {
  const model::Entity& entity = workload.entity(id);
  const model::Settings& settings = workload.settings;
  const bool is_kept = std::any_of(entity.attributes.begin(), entity.attributes.end(),
                                   [](const model::Attribute& a) { return a.upkeep.has_value(); });
  return settings.layout == model::Layout::single_table &&
         settings.key_style == model::KeyStyle::generic && !entity.rollup && !is_kept &&
         hand_made_key(workload, id) == nullptr && is_written_singly(workload, id);
}

/// Read units a second that the busiest row's own key takes beyond what it can; 0: none.
double excess_of(const design::Design& design, EntityId id) {
  const design::ItemLayout& row = design.items[design.row_layout(id)];
  if (row.base.shards.sharded()) return 0;
  for (const design::HotKey& hot : design.hot_keys) {
    const bool is_row =
        hot.table == row.table && !hot.index && hot.key == to_string(row.base.partition.front());
    if (!is_row || hot.peak_read_units <= dynamo::limits::kPartitionReadUnitsPerSecond) continue;
    return hot.peak_read_units;
  }
  return 0;
}

int copies_in(const design::EarlierDesign* earlier, const model::Entity& entity) {
  if (earlier == nullptr) return 0;
  const auto items = earlier->entities.find(entity.name);
  if (items == earlier->entities.end()) return 0;
  return static_cast<int>(std::count_if(
      items->second.begin(), items->second.end(),
      [](const auto& item) { return item.role == design::role_name(design::ItemRole::copy); }));
}

}  // namespace

std::vector<Variant> read_copy_variants(const model::Workload& workload,
                                        const design::Design& design,
                                        const design::EarlierDesign* earlier) {
  std::vector<Variant> out;
  for (std::size_t e = 0; e < workload.entities.size(); ++e) {
    const EntityId id{e};
    const model::Entity& entity = workload.entity(id);
    if (!can_be_copied(workload, id)) continue;
    const double one_takes =
        dynamo::limits::kPartitionReadUnitsPerSecond * workload.settings.capacity_target;
    const int needed = static_cast<int>(std::ceil(excess_of(design, id) / one_takes));
    const int held = copies_in(earlier, entity);
    const int copies = std::max(needed - 1, held);
    if (copies < 1 || copies >= kItemsMost) continue;
    Variant variant;
    variant.what = std::to_string(copies + 1) + " items of every " + entity.name +
                   ", of which a read asks one";
    variant.otherwise = "one item of every " + entity.name;
    variant.why =
        "one partition key value takes 3,000 read units a second; a write changes all of "
        "the items in a transaction";
    variant.why_not = "copies would not help, or would be too dear to write";
    for (std::size_t p = 0; p < workload.patterns.size(); ++p) {
      const auto* read = std::get_if<model::Read>(&workload.patterns[p].action);
      const bool is_gainer =
          read != nullptr && read->kind == model::ReadKind::get &&
          std::find(read->entities.begin(), read->entities.end(), id) != read->entities.end();
      if (is_gainer) variant.subjects.push_back("pattern:" + workload.patterns[p].name);
    }
    variant.subjects.push_back("entity:" + entity.name);
    variant.is_needed = needed > 1;
    variant.is_held = held > 0;
    variant.excludes = id;
    variant.apply = [id, copies](model::Workload given) {
      given.entities[id.index].read_copies = copies;
      return given;
    };
    out.push_back(std::move(variant));
  }
  return out;
}

}  // namespace ddbplan::plan
