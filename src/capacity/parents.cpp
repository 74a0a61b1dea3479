#include "capacity/parents.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "capacity/distribution.h"
#include "capacity/matches.h"
#include "capacity/narrowing.h"

namespace ddbplan::capacity {

namespace {

using design::ItemLayout;
using design::Operation;
using design::Step;

/// What rows of a Query have in common, since the call gives it; also where an index of their own entity told their
/// keys.
std::set<std::string> given_by_call(const StepContext& context, const Step& feeder) {
  if (feeder.operation == Operation::batch_get_item) {
    const auto told = feeding_step(feeder);
    if (!told || context.plan.steps[*told].layouts != feeder.layouts) return {};
    return given_by_call(context, context.plan.steps[*told]);
  }
  if (feeder.operation != Operation::query || feeder.layouts.size() != 1) return {};
  const ItemLayout& layout = context.design.items[feeder.layouts.front()];
  const design::KeyEntry* entry = entry_of(layout, feeder.index);
  if (entry == nullptr) return {};
  std::set<std::string> given;
  for (const Binding& binding : key_match(context.workload, layout, *entry, feeder, {}).equal) {
    const bool is_alternative =
        !feeder.alternatives.empty() && feeder.alternatives.front().contains(binding.attribute);
    if (!binding.from_step && !is_alternative) given.insert(binding.attribute);
  }
  return given;
}

/// Their parent is given: they are a list of its children.
bool are_of_one(const model::Relation& relation, const std::set<std::string>& given) {
  return std::all_of(relation.attributes.begin(), relation.attributes.end(),
                     [&](const std::string& name) { return given.contains(name); });
}

/// Of two that have this in common each has a parent of its own: the likes of one post are of as many users.
bool are_of_different(const model::Entity& child, const model::Relation& relation,
                      std::set<std::string> given) {
  given.insert(relation.attributes.begin(), relation.attributes.end());
  return child.is_one_row(given);
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

/// The parents among which those of a Query's rows are, when it is about what stands above all of them (the boards
/// of one team), or about one tenant.
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
  const std::string& tenant = context.workload.entity(layout.entity).tenant;
  if (tenant.empty() || context.workload.entity(parent).tenant.empty() || !is_bound(tenant))
    return std::nullopt;
  return rows_of_tenant(context.workload, parent, context.options.month).mean();
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

/// The different parents of so many of the rows.
double different_among(double items, double parents, double rows, const CountDistribution& law) {
  if (rows < 1) return items;
  // Of a parent with k rows none is among n of all rows with (1 - n / rows)^k.
  return std::min(items, parents * law.expectation(rows, [&](double k) {
    return 1 - std::pow(1 - std::min(1.0, items / rows), k);
  }));
}

}  // namespace

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
    const std::set<std::string> given = given_by_call(context, context.plan.steps[feeder]);
    if (are_of_one(relation, given)) {
      const double calls = share_of_calls(context.pattern(), context.plan.steps[feeder]);
      const double some = calls > 0 ? context.done[feeder].finds_some / calls : 0;
      return std::min(items, some > 0 ? std::min(1.0, some) : 1.0);
    }
    if (are_of_different(context.workload.entity(child), relation, given)) return items;
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
    return different_among(items, parents, rows,
                           children_after(context.workload, child, relation, month));
  }
  return items;
}

double parents_of_new_rows(const StepContext& context, const model::Write& write,
                           model::EntityId parent, double items) {
  const model::EntityId child = write.entities.front();
  for (const model::Relation& relation : context.workload.entity(child).relations) {
    if (relation.parents.size() != 1 || !(relation.parents.front() == parent)) continue;
    const double month = context.options.month;
    const double parents = parents_after(context.workload, relation, month);
    const double rows = model::rows_after(context.workload, child, month) * relation.present;
    // New rows come where rows are.
    if (parents >= 1)
      return different_among(items, parents, rows,
                             children_after(context.workload, child, relation, month));
  }
  return items;
}

}  // namespace ddbplan::capacity
