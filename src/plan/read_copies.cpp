#include "plan/read_copies.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "capacity/heat.h"
#include "dynamo/limits.h"
#include "plan/beside_rules.h"

namespace ddbplan::plan {

namespace {

using model::EntityId;

/// More items than this make every write a transaction that is rarely worth it; beyond it a cache is the answer.
/// (Our judgement; a transaction takes 100 actions.)
constexpr int kItemsMost = 20;

/// Only rows that nothing but their own writes changes.
bool can_be_copied(const model::Workload& workload, EntityId id) {
  const model::Entity& entity = workload.entity(id);
  // A size that is given for the whole row says nothing of an item with a longer key.
  return may_stand_beside(workload, id) && !entity.size &&
         std::none_of(entity.attributes.begin(), entity.attributes.end(),
                      [](const model::Attribute& a) { return a.upkeep.has_value(); });
}

/// Read units a second on the key of an entity's busiest row: by gets, which copies take a part of, and by others.
struct RowLoad {
  double gets = 0;
  double others = 0;
  [[nodiscard]] double all() const { return gets + others; }
};

/// Copies are asked by gets that need not see the newest write.
bool can_ask_copies(const model::Workload& workload, const design::AccessPlan& plan,
                    std::size_t row) {
  if (!std::holds_alternative<model::Read>(workload.pattern(plan.pattern).action)) return false;
  return std::all_of(plan.steps.begin(), plan.steps.end(), [&](const design::Step& step) {
    const bool is_get = step.operation == design::Operation::get_item ||
                        step.operation == design::Operation::batch_get_item;
    const bool is_of_row =
        std::find(step.layouts.begin(), step.layouts.end(), row) != step.layouts.end();
    return !is_of_row || (is_get && !step.consistent_read && step.after.empty());
  });
}

/// `heats`: of the design's plans.
RowLoad load_of(const model::Workload& workload, const design::Design& design,
                const std::vector<capacity::PlanHeat>& heats, EntityId id) {
  const std::size_t position = design.row_layout(id);
  const design::ItemLayout& row = design.items[position];
  const std::string key = to_string(row.base.partition.front());
  std::vector<std::map<std::string, RowLoad>> moments;  // by named value; "": all others
  for (std::size_t plan = 0; plan < heats.size(); ++plan) {
    const capacity::PlanHeat& heat = heats[plan];
    moments.resize(std::max(moments.size(), heat.size()));
    const bool is_divisible = can_ask_copies(workload, design.plans[plan], position);
    for (std::size_t moment = 0; moment < heat.size(); ++moment) {
      for (const capacity::KeyHeat& one : heat[moment]) {
        if (one.key.table != row.table || one.key.index || one.key.group != key) continue;
        const auto add = [&](const std::string& name, double reads) {
          RowLoad& load = moments[moment][name];
          (is_divisible && one.entity == id ? load.gets : load.others) += reads;
        };
        add("", one.load.unnamed.read);
        for (const auto& [name, named] : one.load.named) add(name, named.read);
      }
    }
  }
  RowLoad out;
  for (const auto& moment : moments) {
    for (const auto& [name, load] : moment) {
      if (load.all() > out.all()) out = load;
    }
  }
  return out;
}

/// The items that the busiest row needs; 1 where one will do, or where no number would.
int items_needed(const model::Workload& workload, const design::Design& design,
                 const std::vector<capacity::PlanHeat>& heats, EntityId id) {
  const design::ItemLayout& row = design.items[design.row_layout(id)];
  if (row.base.shards.sharded()) return 1;
  const RowLoad load = load_of(workload, design, heats, id);
  constexpr double kCeiling = dynamo::limits::kPartitionReadUnitsPerSecond;
  if (load.all() <= kCeiling) return 1;
  const auto items_for = [&](double share_of_ceiling) {
    const double left = kCeiling * share_of_ceiling - load.others;
    // The tolerance is for 2,100.0000001 / 2,100.
    return left > 0 ? std::ceil(load.gets / left - 1e-9) : kItemsMost + 1.0;
  };
  // Rather warm than refused: where the share that is planned for asks too many, under the ceiling.
  constexpr double kJustUnder = 0.95;
  double items = items_for(workload.settings.capacity_target);
  if (items > kItemsMost) items = items_for(kJustUnder);
  if (items > kItemsMost) return 1;
  const int out = std::max(1, static_cast<int>(items));
  return fit_transactions(workload, id, out, out * row.bytes.max) ? out : 1;
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
  const std::vector<capacity::PlanHeat> heats = capacity::plan_heats(workload, design);
  for (std::size_t e = 0; e < workload.entities.size(); ++e) {
    const EntityId id{e};
    const model::Entity& entity = workload.entity(id);
    // Copies of rows that are there would have to be written first: what there is stays, and no more comes.
    const bool is_there = earlier != nullptr && earlier->entities.contains(entity.name);
    const int held = copies_in(earlier, entity);
    int copies = held;
    if (!is_there && can_be_copied(workload, id))
      copies = items_needed(workload, design, heats, id) - 1;
    if (copies < 1) continue;
    Variant variant;
    variant.what = std::to_string(copies + 1) + " items of every " + entity.name +
                   ", of which a read asks one";
    variant.otherwise = "one item of every " + entity.name;
    variant.why =
        "one partition key value takes 3,000 read units a second; a write changes all of "
        "the items in a transaction";
    variant.why_not = "copies would not help, or would be too dear to write";
    for (const model::Pattern& pattern : workload.patterns) {
      const auto* read = std::get_if<model::Read>(&pattern.action);
      const bool is_gainer =
          read != nullptr && read->kind == model::ReadKind::get &&
          std::find(read->entities.begin(), read->entities.end(), id) != read->entities.end();
      if (is_gainer) variant.subjects.push_back("pattern:" + pattern.name);
    }
    variant.subjects.push_back("entity:" + entity.name);
    variant.is_needed = true;
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
