// Steps that read items by their whole key, and scans.
#include <algorithm>
#include <cmath>
#include <set>

#include "capacity/distribution.h"
#include "capacity/matches.h"
#include "capacity/membership.h"
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

/// The rows that a Query finds have one parent, which the call names: they are a list of its children.
bool are_of_one(const StepContext& context, const Step& feeder, const model::Relation& relation) {
  if (feeder.operation == Operation::batch_get_item) {
    // Rows whose keys an index of their own entity told.
    const auto told = feeding_step(feeder);
    return told && context.plan.steps[*told].layouts == feeder.layouts &&
           are_of_one(context, context.plan.steps[*told], relation);
  }
  if (feeder.operation != Operation::query || feeder.layouts.size() != 1) return false;
  const auto is_alternative = [&](const std::string& name) {
    return !feeder.alternatives.empty() && feeder.alternatives.front().contains(name);
  };
  if (std::any_of(relation.attributes.begin(), relation.attributes.end(), is_alternative))
    return false;
  const ItemLayout& layout = context.design.items[feeder.layouts.front()];
  const design::KeyEntry* entry = entry_of(layout, feeder.index);
  if (entry == nullptr) return false;
  const KeyMatch match = key_match(context.workload, layout, *entry, feeder, {});
  return std::all_of(
      relation.attributes.begin(), relation.attributes.end(), [&](const std::string& name) {
        return std::any_of(match.equal.begin(), match.equal.end(), [&](const Binding& binding) {
          return binding.attribute == name && !binding.from_step;
        });
      });
}

/// The parents that an earlier step has found, when they lead to the rows of this one.
std::optional<double> parents_found(const StepContext& context, std::size_t feeder,
                                    model::EntityId parent) {
  const auto before = feeding_step(context.plan.steps[feeder]);
  if (!before) return std::nullopt;
  const std::vector<std::size_t>& layouts = context.plan.steps[*before].layouts;
  if (layouts.empty()) return std::nullopt;
  if (context.design.items[layouts.front()].entity == parent) return context.done[*before].items;
  // Rows whose keys an index told have the parents that led to the index's entries.
  return parents_found(context, *before, parent);
}

/// The parents among which those of a Query's rows are, when it is about what stands above all of them: the boards
/// of one team.
std::optional<double> parents_within(const StepContext& context, std::size_t feeder,
                                     const model::Relation& relation, model::EntityId parent) {
  const Step& step = context.plan.steps[feeder];
  if (step.operation == Operation::batch_get_item) {
    const auto told = feeding_step(step);
    return told ? parents_within(context, *told, relation, parent) : std::nullopt;
  }
  if (step.operation != Operation::query || step.layouts.size() != 1) return std::nullopt;
  const ItemLayout& layout = context.design.items[step.layouts.front()];
  const design::KeyEntry* entry = entry_of(layout, step.index);
  if (entry == nullptr) return std::nullopt;
  const KeyMatch match = key_match(context.workload, layout, *entry, step, {});
  const auto is_bound = [&](const std::string& name) {
    return std::any_of(match.equal.begin(), match.equal.end(), [&](const Binding& binding) {
      return binding.attribute == name && !binding.from_step;
    });
  };
  const auto links = identity_links(context.workload, layout.entity, relation, parent);
  for (const model::Relation& above : context.workload.entity(parent).relations) {
    const bool is_about =
        !above.attributes.empty() &&
        std::all_of(above.attributes.begin(), above.attributes.end(), [&](const std::string& name) {
          return std::any_of(links.begin(), links.end(), [&](const auto& link) {
            return link.second == name && is_bound(link.first);
          });
        });
    if (!is_about) continue;
    return children_after(context.workload, parent, above, context.options.month)
        .by_traffic()
        .mean();
  }
  return std::nullopt;
}

/// What a step's key takes from the rows of the one that feeds it: of two relations to one kind of parent that tells
/// which it follows.
std::set<std::string> attributes_asked_by(const Step& step, std::size_t feeder) {
  std::set<std::string> out;
  for (const auto* keys : {&step.partition, &step.sort}) {
    for (const design::KeyExpr& key : *keys) {
      for (const design::KeyExprPart& part : key.parts) {
        const auto* field = std::get_if<design::FieldFrom>(&part);
        const auto* from =
            field == nullptr ? nullptr : std::get_if<design::FromStep>(&field->source);
        if (from != nullptr && from->step == feeder) out.insert(from->attribute);
      }
    }
  }
  return out;
}

/// How many different parents `items` rows have: a batch asks for each once.
double distinct_parents(const StepContext& context, const Step& step, std::size_t feeder,
                        double items) {
  if (context.plan.steps[feeder].layouts.empty() || step.layouts.empty()) return items;
  const model::EntityId child =
      context.design.items[context.plan.steps[feeder].layouts.front()].entity;
  const model::EntityId parent = context.design.items[step.layouts.front()].entity;
  if (child == parent) return items;
  const std::set<std::string> asked_by = attributes_asked_by(step, feeder);
  for (const model::Relation& relation : context.workload.entity(child).relations) {
    const bool is_way = std::all_of(relation.attributes.begin(), relation.attributes.end(),
                                    [&](const auto& name) { return asked_by.contains(name); });
    if (!is_way || std::find(relation.parents.begin(), relation.parents.end(), parent) ==
                       relation.parents.end())
      continue;
    if (are_of_one(context, context.plan.steps[feeder], relation)) return std::min(items, 1.0);
    const double month = context.options.month;
    double parents = parents_after(context.workload, relation, month);
    double rows = model::rows_after(context.workload, child, month) * relation.present;
    if (parents < 1 || rows < 1) return items;
    if (const auto found = parents_found(context, feeder, parent)) {
      // They led to the children, so the parents of those are among them.
      rows *= std::min(1.0, *found / parents);
      parents = std::min(parents, *found);
    } else if (const auto within = parents_within(context, feeder, relation, parent)) {
      rows *= std::min(1.0, *within / parents);
      parents = std::min(parents, *within);
    }
    if (rows < 1) return items;
    // Of a parent with k rows none is among n of all rows with (1 - n / rows)^k.
    const CountDistribution law = children_after(context.workload, child, relation, month);
    return std::min(items, parents * law.expectation(rows, [&](double k) {
      return 1 - std::pow(1 - std::min(1.0, items / rows), k);
    }));
  }
  return items;
}

/// The share of found items that have all the attributes a key is made of.
double share_with_key(const StepContext& context, const Step& step, std::size_t feeder) {
  const std::vector<std::size_t>& layouts = context.plan.steps[feeder].layouts;
  if (layouts.empty()) return 1;
  const model::Entity& found =
      context.workload.entity(context.design.items[layouts.front()].entity);
  double share = 1;
  const auto look = [&](const design::KeyExpr& key) {
    for (const design::KeyExprPart& part : key.parts) {
      const auto* field = std::get_if<design::FieldFrom>(&part);
      const auto* source =
          field == nullptr ? nullptr : std::get_if<design::FromStep>(&field->source);
      const model::Attribute* attribute =
          source == nullptr ? nullptr : found.find(source->attribute);
      if (attribute != nullptr) share = std::min(share, attribute->present);
    }
  };
  for (const design::KeyExpr& key : step.partition) look(key);
  for (const design::KeyExpr& key : step.sort) look(key);
  return share;
}

/// Keys that one call asks for.
double keys_of(const StepContext& context, const Step& step) {
  const auto alternatives = static_cast<double>(std::max<std::size_t>(1, step.alternatives.size()));
  if (const auto feeder = feeding_step(step)) {
    const double items = context.done[*feeder].items * share_with_key(context, step, *feeder);
    return alternatives * (step.operation == Operation::batch_get_item
                               ? distinct_parents(context, step, *feeder, items)
                               : items);
  }
  return alternatives * asked_for(context, step);
}

}  // namespace

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

StepUsage get_usage(const StepContext& context, const Step& step) {
  StepUsage usage;
  const double keys =
      keys_of(context, step) * (step.shards.by_request ? std::max(1, step.shards.count) : 1);
  usage.requests = requests_for(step, keys);
  for (const std::size_t position : step.layouts) {
    const ItemLayout& layout = context.design.items[position];
    const ItemSize& size = context.sizes.of(position, std::nullopt);
    // `get: User | Organization`: one of several; of a transaction every step is one get.
    const double each = keys / static_cast<double>(step.layouts.size());
    const double kept = share_of(context.workload, layout.entity, step.filter);
    usage.scanned_items += each;
    usage.scanned_bytes += each * size.mean;
    usage.items += each * kept;
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
