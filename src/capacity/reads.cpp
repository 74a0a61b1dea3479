// Steps that read items by their whole key, and scans.
#include <algorithm>
#include <cmath>
#include <set>

#include "capacity/distribution.h"
#include "capacity/matches.h"
#include "capacity/membership.h"
#include "capacity/narrowing.h"
#include "capacity/parents.h"
#include "capacity/steps.h"
#include "dynamo/limits.h"

namespace ddbplan::capacity {
namespace {

using design::ItemLayout;
using design::Operation;
using design::Step;

double units_per_block(const Step& step) {
  if (step.operation == Operation::transact_get_items) return 2;
  return step.consistent_read ? 1 : 0.5;
}

/// The share of found items that have all the attributes a key is made of.
double share_with_key(const StepContext& context, const Step& step, std::size_t feeder) {
  const std::vector<std::size_t>& layouts = context.plan.steps[feeder].layouts;
  if (layouts.empty()) return 1;
  const ItemLayout& layout = context.design.items[layouts.front()];
  const model::Entity& found = context.workload.entity(layout.entity);
  // One guard stands for all kinds that may hold the value.
  const double held =
      layout.role == design::ItemRole::guard ? share_that_holds(context, layout.entity) : 1;
  double present = 1;
  const auto look = [&](const design::KeyExpr& key) {
    for (const design::KeyExprPart& part : key.parts) {
      const auto* field = std::get_if<design::FieldFrom>(&part);
      const auto* source =
          field == nullptr ? nullptr : std::get_if<design::FromStep>(&field->source);
      const model::Attribute* attribute =
          source == nullptr ? nullptr : found.find(source->attribute);
      if (attribute != nullptr) present = std::min(present, attribute->present);
    }
  };
  for (const design::KeyExpr& key : step.partition) look(key);
  for (const design::KeyExpr& key : step.sort) look(key);
  return held * present;
}

/// The parents of the rows that a call brings.
double parents_read(const StepContext& context, const Step& step) {
  const model::EntityId parent = context.design.items[step.layouts.front()].entity;
  for (const model::Write* write : model::writes_of(context.pattern())) {
    const double parents = parents_of_new_rows(context, *write, parent, step.times.mean);
    if (parents < step.times.mean) return parents;
  }
  return step.times.mean;
}

/// Keys that one call asks for.
double keys_of(const StepContext& context, const Step& step) {
  const auto alternatives = static_cast<double>(std::max<std::size_t>(1, step.alternatives.size()));
  if (const auto feeder = feeding_step(step)) {
    // A Query that finds a row beside its children is about one row.
    const bool is_beside_children =
        step.finds == Step::Finds::parents && context.plan.steps[*feeder].layouts.size() > 1;
    const double rows = is_beside_children ? 1 : context.done[*feeder].items;
    const double calls = share_of_calls(context.pattern(), step);
    if (calls <= 0) return 0;
    const double items = rows / calls * share_with_key(context, step, *feeder);
    return calls * alternatives *
           (step.operation == Operation::batch_get_item
                ? distinct_parents(context, step, *feeder, items)
                : items);
  }
  if (step.times.max > 1) return alternatives * parents_read(context, step);
  return alternatives * asked_for(context, step);
}

/// The share of calls that give what the step is left out without: as many as rows have it.
double share_given(const StepContext& context, const Step& step) {
  double share = 1;
  for (const std::string& name : step.only_if_given) {
    for (const model::Write* write : model::writes_of(context.pattern())) {
      const model::Attribute* attribute =
          write->entities.empty() ? nullptr
                                  : context.workload.entity(write->entities.front()).find(name);
      if (attribute != nullptr) share = std::min(share, attribute->present);
    }
  }
  return share;
}

}  // namespace

double share_that_holds(const StepContext& context, model::EntityId entity) {
  const auto* read = std::get_if<model::Read>(&context.pattern().action);
  if (read == nullptr || !read->alternatives) return 1;
  double own = 0;
  double all = 0;
  for (const model::EntityId one : read->entities) {
    std::set<std::string> given;
    double rows = model::rows_after(context.workload, one, context.options.month);
    for (const model::AttributeRef& by : read->by) {
      given.insert(by.name);
      const model::Attribute* attribute = context.workload.entity(one).find(by.name);
      if (attribute != nullptr) rows *= attribute->present;
    }
    if (!context.workload.entity(one).is_one_row(given)) return 1;
    all += rows;
    if (one == entity) own = rows;
  }
  return own > 0 ? own / all : 1;
}

double asked_for(const StepContext& context, const Step& step) {
  const auto* read = std::get_if<model::Read>(&context.pattern().action);
  if (read == nullptr || !read->batch || step.layouts.empty()) return 1;
  const model::EntityId entity = context.design.items[step.layouts.front()].entity;
  const double rows = model::rows_after(context.workload, entity, context.options.month);
  // A caller names each row once.
  return std::max(1.0, std::min(rows, read->batch->mean));
}

namespace {

MeanMax requests_for(const Step& step, double keys) {
  if (step.operation == Operation::transact_get_items) return {1, 1};
  if (step.operation != Operation::batch_get_item) return {keys, std::max(1.0, keys)};
  constexpr double kKeys = dynamo::limits::kBatchGetItemsMax;
  return {keys <= kKeys ? std::min(1.0, keys) : keys / kKeys,
          std::max(1.0, std::ceil(keys / kKeys))};
}

/// A row in parts is all of its shards to a read; a write reads the one that it changes.
bool asks_all_parts(const StepContext& context, const Step& step) {
  return step.shards.by_request && context.pattern().is_read();
}

StepUsage get_usage(const StepContext& context, const Step& step) {
  StepUsage usage;
  const double given = share_given(context, step);
  const double keys = given * keys_of(context, step) *
                      (asks_all_parts(context, step) ? std::max(1, step.shards.count) : 1);
  usage.requests = requests_for(step, keys);
  for (const std::size_t position : step.layouts) {
    const ItemLayout& layout = context.design.items[position];
    const ItemSize& size = context.sizes.of(position, std::nullopt);
    // `get: User | Organization`: one of several; of a transaction every step is one get.
    const double each = keys / static_cast<double>(step.layouts.size());
    const double kept = share_of(context.workload, layout.entity, step.filter);
    usage.scanned_items += each;
    usage.scanned_bytes += each * size.mean;
    // What follows is done for every call.
    usage.items += given > 0 ? each * kept / given : 1;
    usage.bytes += each * kept * size.mean;
    add_units(usage.units, step.table, std::nullopt,
              each * size.blocks_of_one * units_per_block(step), 0);
  }
  return usage;
}

StepUsage scan_usage(const StepContext& context, const Step& step) {
  StepUsage usage;
  std::vector<ScannedKind> kinds;
  for (std::size_t position = 0; position < context.design.items.size(); ++position) {
    const ItemLayout& layout = context.design.items[position];
    const design::KeyEntry* entry =
        layout.table == step.table ? entry_of(layout, step.index) : nullptr;
    if (entry == nullptr) continue;
    const double items = entry_count(context.workload, layout, *entry, context.options);
    const ItemSize& size = context.sizes.of(position, entry->index);
    usage.scanned_items += items;
    usage.scanned_bytes += items * size.mean;
    kinds.push_back({items, size});
    if (std::find(step.layouts.begin(), step.layouts.end(), position) == step.layouts.end()) {
      continue;
    }
    const double kept = share_of(context.workload, layout.entity, step.filter);
    usage.items += items * kept;
    usage.bytes += items * kept * size.mean;
  }
  const auto page_bytes = static_cast<double>(context.options.page_bytes);
  ScanCost cost;
  if (kinds.size() == 1) {
    const PageCost pages(kinds.front().size, page_bytes);
    cost = {pages.blocks(usage.scanned_items), pages.pages(usage.scanned_items)};
  } else {
    cost = scan_cost(kinds, page_bytes);
  }
  usage.requests = {cost.pages, cost.pages};
  add_units(usage.units, step.table, step.index, cost.blocks * units_per_block(step), 0);
  return usage;
}

}  // namespace

bool depends_on_growth(const Step& step) {
  return step.operation == Operation::query || step.operation == Operation::scan ||
         step.operation == Operation::batch_get_item;
}

StepUsage read_usage(const StepContext& context, const Step& step) {
  switch (step.operation) {
    case Operation::query:
      return query_usage(context, step);
    case Operation::scan:
      return scan_usage(context, step);
    default:
      return get_usage(context, step);
  }
}

}  // namespace ddbplan::capacity
