#include "design/requests.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "design/aggregate.h"
#include "design/execution.h"
#include "model/conjuncts.h"
#include "model/evaluate.h"
#include "support/check.h"
#include "support/text.h"

namespace ddbplan::design {
namespace {

using dynamo::AttributeValue;
using dynamo::Item;

bool is_query(Operation operation) {
  return operation == Operation::query || operation == Operation::scan;
}
bool is_get(Operation operation) {
  return operation == Operation::get_item || operation == Operation::batch_get_item;
}
bool is_read(Operation operation) {
  return is_query(operation) || is_get(operation) || operation == Operation::transact_get_items;
}

/// Whether the step only leads to others, so that its items are no part of the answer.
bool only_leads_on(const Design& design, const AccessPlan& plan, std::size_t position) {
  const Step& step = plan.steps[position];
  if (step.leads_on || step.count_only || step.completes) return true;
  const bool is_helper =
      std::all_of(step.layouts.begin(), step.layouts.end(), [&](std::size_t layout) {
        return design.items[layout].role == ItemRole::guard ||
               design.items[layout].role == ItemRole::pointer;
      });
  if (is_helper) return true;
  const auto holds_entity = [&](const Step& later, std::size_t layout) {
    return std::any_of(later.layouts.begin(), later.layouts.end(), [&](std::size_t other) {
      return design.items[other].entity == design.items[layout].entity;
    });
  };
  for (std::size_t later = position + 1; later < plan.steps.size(); ++later) {
    const Step& next = plan.steps[later];
    const bool fetches = is_get(next.operation) && !next.completes && next.finds == step.finds;
    if (!fetches || !steps_used(next).contains(position)) continue;
    const bool fetches_all =
        std::all_of(step.layouts.begin(), step.layouts.end(),
                    [&](std::size_t layout) { return holds_entity(next, layout); });
    if (fetches_all) return true;
  }
  return false;
}

const model::Read* read_of(const Execution& execution) {
  return std::get_if<model::Read>(&execution.workload.pattern(execution.plan.pattern).action);
}

bool is_of_pattern(const model::Read& read, model::EntityId entity) {
  return std::find(read.entities.begin(), read.entities.end(), entity) != read.entities.end();
}

/// What an item of the answer is to it: in a tree rows, parents and children are of one kind.
Step::Finds part_of(const Execution& execution, const Found& found) {
  const Step::Finds finds = execution.plan.steps[found.step].finds;
  const model::Read* read = read_of(execution);
  if (finds != Step::Finds::rows || read == nullptr) return finds;
  const model::EntityId entity = execution.design.items[found.layout].entity;
  return is_of_pattern(*read, entity) ? Step::Finds::rows : Step::Finds::children;
}

bool is_child(const Execution& execution, const Found& found, model::EntityId child) {
  return execution.design.items[found.layout].entity == child &&
         part_of(execution, found) == Step::Finds::children;
}

/// The children of one kind in the order that no step has found them in; the other items stay where they are.
void order_children(const Execution& execution, model::EntityId child, std::vector<Found>& items) {
  const auto& children = execution.plan.client_children;
  const auto known = std::find_if(children.begin(), children.end(),
                                  [&](const ChildOrder& one) { return one.child == child; });
  if (known == children.end()) return;
  std::vector<std::size_t> places;
  std::vector<Found> ordered;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!is_child(execution, items[i], child)) continue;
    places.push_back(i);
    ordered.push_back(std::move(items[i]));
  }
  std::stable_sort(ordered.begin(), ordered.end(), [&](const Found& a, const Found& b) {
    return sorts_before(execution, known->order, a, b);
  });
  for (std::size_t i = 0; i < places.size(); ++i) items[places[i]] = std::move(ordered[i]);
}

/// A get that reads a row with its children in one Query: without the row there is no answer, and
/// without it the limit, which counts it, lets one child too many through.
void drop_children_without_parent(const Execution& execution, std::vector<Found>& items) {
  const model::Read* read = read_of(execution);
  if (read == nullptr || read->kind != model::ReadKind::get || read->with_children.empty()) return;
  const bool has_row = std::any_of(items.begin(), items.end(), [&](const Found& found) {
    return part_of(execution, found) == Step::Finds::rows;
  });
  if (!has_row) {
    items.clear();
    return;
  }
  for (const model::WithChildren& with : read->with_children) {
    order_children(execution, with.child, items);
    if (!with.limit) continue;
    int seen = 0;
    const auto beyond = [&](const Found& found) {
      return is_child(execution, found, with.child) && ++seen > *with.limit;
    };
    items.erase(std::remove_if(items.begin(), items.end(), beyond), items.end());
  }
}

/// Whether `parent` is the row that `child` belongs to.
bool belongs(const Execution& execution, const Found& child, const Found& parent) {
  const model::EntityId parents_entity = execution.design.items[parent.layout].entity;
  const model::Entity& entity =
      execution.workload.entity(execution.design.items[child.layout].entity);
  for (const model::Relation& relation : entity.relations) {
    if (std::find(relation.parents.begin(), relation.parents.end(), parents_entity) ==
        relation.parents.end())
      continue;
    const auto links = identity_links(
        execution.workload, execution.design.items[child.layout].entity, relation, parents_entity);
    const bool agrees = std::all_of(links.begin(), links.end(), [&](const auto& link) {
      const auto own = child.item.find(link.first);
      const auto theirs = parent.item.find(link.second);
      return own != child.item.end() && theirs != parent.item.end() &&
             own->second == theirs->second;
    });
    if (agrees) return true;
  }
  return false;
}

/// What the order looks at: an attribute of it may be of an item that a later step fetched.
std::vector<Found> with_order_attributes(const Execution& execution,
                                         const std::vector<Found>& items) {
  std::vector<Found> looked_at = items;
  for (const model::OrderBy& by : execution.plan.client_order) {
    if (!by.attribute.via) continue;
    for (std::size_t i = 0; i < items.size(); ++i) {
      looked_at[i].item.erase(by.attribute.name);
      for (const Found& related : items) {
        if (!(execution.design.items[related.layout].entity == *by.attribute.via)) continue;
        const auto* value = related.item.find(by.attribute.name);
        if (value == related.item.end() || !belongs(execution, items[i], related)) continue;
        looked_at[i].item.insert(*value);
        break;
      }
    }
  }
  return looked_at;
}

void sort_answer(const Execution& execution, std::vector<Found>& items) {
  const std::vector<Found> looked_at = with_order_attributes(execution, items);
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sorts_before(execution, execution.plan.client_order, looked_at[a], looked_at[b]);
  });
  std::vector<Found> sorted;
  sorted.reserve(items.size());
  for (const std::size_t position : order) sorted.push_back(std::move(items[position]));
  items = std::move(sorted);
}

/// Rows that do not belong to what the steps of client_keeps found are no answers.
void keep_related(const Execution& execution, std::vector<Found>& items) {
  for (const std::size_t step : execution.plan.client_keeps) {
    const std::vector<Found>& keepers = execution.found[step];
    std::erase_if(items, [&](const Found& row) {
      return std::none_of(keepers.begin(), keepers.end(), [&](const Found& keeper) {
        return belongs(execution, row, keeper) || belongs(execution, keeper, row);
      });
    });
  }
}

/// Of rows in their order, so many for each value of the attribute.
void keep_first_of_each(const std::string& attribute, int limit, std::vector<Found>& items) {
  std::vector<std::pair<const dynamo::AttributeValue*, int>> seen;
  std::vector<Found> kept;
  for (const Found& found : items) {
    const auto* value = found.item.find(attribute);
    const dynamo::AttributeValue* own = value == found.item.end() ? nullptr : &value->second;
    auto group = std::find_if(seen.begin(), seen.end(), [&](const auto& one) {
      return own == nullptr ? one.first == nullptr : one.first != nullptr && *one.first == *own;
    });
    if (group == seen.end()) group = seen.insert(seen.end(), {own, 0});
    if (++group->second <= limit) kept.push_back(found);
  }
  items = std::move(kept);
}

/// The client's part of the order and the limit, which is about the pattern's own rows; related ones come
/// after them, without those of rows that the limit has cut off.
void order_and_limit(const Execution& execution, std::vector<Found>& items) {
  const AccessPlan& plan = execution.plan;
  const bool cuts = plan.client_limit && execution.parameters.pages > 0;
  if (plan.client_order.empty() && !cuts) return;
  const model::Read* read = read_of(execution);
  if (!plan.client_order.empty()) sort_answer(execution, items);
  std::vector<Found> own;
  std::vector<Found> related;
  for (Found& found : items) {
    const bool is_own = part_of(execution, found) == Step::Finds::rows;
    (is_own ? own : related).push_back(std::move(found));
  }
  items = std::move(own);
  if (!plan.client_order.empty() && read != nullptr && !read->limit_per.empty() && read->limit)
    keep_first_of_each(read->limit_per, *read->limit, items);
  const std::size_t limit = cuts ? static_cast<std::size_t>(*plan.client_limit) *
                                       static_cast<std::size_t>(execution.parameters.pages)
                                 : items.size();
  const bool is_cut = items.size() > limit;
  if (is_cut) items.resize(limit);
  const std::size_t kept = items.size();
  for (Found& one : related) {
    const auto is_of = [&](const Found& row) {
      return belongs(execution, row, one) || belongs(execution, one, row);
    };
    const auto end = items.begin() + static_cast<std::ptrdiff_t>(kept);
    if (is_cut && std::none_of(items.begin(), end, is_of)) continue;
    items.push_back(std::move(one));
  }
}

void assemble_answer(Execution& execution) {
  std::vector<Found> items;
  for (std::size_t step = 0; step < execution.plan.steps.size(); ++step) {
    if (!is_read(execution.plan.steps[step].operation)) continue;
    if (only_leads_on(execution.design, execution.plan, step)) continue;
    for (Found& found : execution.found[step]) found.step = step;
    items.insert(items.end(), execution.found[step].begin(), execution.found[step].end());
  }
  drop_children_without_parent(execution, items);
  keep_related(execution, items);
  order_and_limit(execution, items);
  for (Found& found : items) {
    execution.answer.finds.push_back(part_of(execution, found));
    execution.answer.items.push_back(std::move(found.item));
    execution.answer.layouts.push_back(found.layout);
  }
}

/// The numbers that the row found holds; no row, no number.
void take_kept(Execution& execution, const model::Read& read) {
  Answer& answer = execution.answer;
  const auto number_in = [&](const std::string& name) -> std::optional<AttributeValue> {
    if (answer.items.empty()) return std::nullopt;
    const auto* found = answer.items.front().find(name);
    if (found == answer.items.front().end()) return std::nullopt;
    return found->second;
  };
  const std::vector<KeptAggregate>& kept = execution.plan.kept_in;
  const std::optional<AttributeValue> count = number_in(kept.front().attribute);
  const dynamo::Decimal* rows = count ? count->as_number() : nullptr;
  answer.count = rows == nullptr ? 0 : static_cast<std::int64_t>(rows->to_double());
  for (const model::Aggregate& one : read.aggregates) {
    if (model::only_counts(read)) break;
    const auto held = std::find_if(kept.begin(), kept.end(),
                                   [&](const KeptAggregate& other) { return other.what == one; });
    const bool is_count = one.function == model::Aggregate::Function::count;
    std::optional<AttributeValue> value;
    if (is_count) value = AttributeValue::number(*answer.count);
    if (!is_count && *answer.count > 0) value = number_in(held->attribute);
    answer.aggregates.push_back({one, std::move(value)});
  }
  answer.items.clear();
  answer.layouts.clear();
  answer.finds.clear();
}

void count_answer(Execution& execution) {
  const model::Read* read = read_of(execution);
  if (read == nullptr || read->kind != model::ReadKind::count) return;
  if (!execution.plan.kept_in.empty()) return take_kept(execution, *read);
  std::int64_t total = 0;
  bool is_counted = false;
  for (std::size_t step = 0; step < execution.plan.steps.size(); ++step) {
    if (!execution.plan.steps[step].count_only) continue;
    total += execution.counts[step];
    is_counted = true;
  }
  execution.answer.count =
      is_counted ? total : static_cast<std::int64_t>(execution.answer.items.size());
  if (execution.plan.client_aggregates.empty()) return;
  for (const model::Aggregate& one : execution.plan.client_aggregates)
    execution.answer.aggregates.push_back(
        {one, aggregate(one, execution.workload.entity(read->entities.front()),
                        execution.answer.items)});
  execution.answer.items.clear();
  execution.answer.layouts.clear();
  execution.answer.finds.clear();
}

/// Stands for every value: the text of a step does not depend on them.
KeyRange symbolic_range(const Step& step) {
  KeyRange range;
  range.partition.resize(step.partition.size());
  range.sort_equal.resize(step.sort.size());
  if (step.sort_condition) {
    range.op = step.sort_condition->op;
    if (step.sort_condition->high) range.high = AttributeValue();
  }
  return range;
}

/// Whether a row of which only these constants are known, that these attributes are set, and that others are gone,
/// may have the entry.
bool may_hold(const KeyEntry& entry, const Item& constants, const std::set<std::string>& set,
              const std::set<std::string>& removed) {
  for (const auto* part : {&entry.partition, &entry.sort}) {
    for (const KeyTemplate& key : *part) {
      for (const KeyPart& piece : key.parts) {
        const auto* field = std::get_if<Field>(&piece);
        if (field != nullptr && !field->absent && removed.contains(field->attribute)) return false;
      }
    }
  }
  if (entry.when == nullptr) return true;
  for (const std::string& name : model::lacking_attributes(entry.when)) {
    if (set.contains(name)) return false;
  }
  const std::vector<std::string> names = attributes_of(*entry.when);
  const bool is_known = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return constants.contains(name) || removed.contains(name);
  });
  model::Scope scope;
  scope.row = &constants;
  return !is_known || model::holds(entry.when, scope);
}

/// What becomes of an entry depends on the call's values: constants are known, others are taken as
/// there.
IndexKeys symbolic_index_keys(const ItemLayout& layout, const Table& table,
                              const WriteAction& action) {
  Item constants;
  std::set<std::string> set_attributes;
  std::set<std::string> removed;
  for (const auto& [name, source] : action.known) {
    if (const auto* constant = std::get_if<FromConstant>(&source))
      constants[name] = constant->value;
  }
  for (const UpdateClause& clause : action.update) {
    if (const auto* remove = std::get_if<RemoveAttribute>(&clause))
      removed.insert(remove->attribute);
    const auto* set = std::get_if<SetValue>(&clause);
    if (set != nullptr) set_attributes.insert(set->attribute);
    const auto* constant =
        set == nullptr ? nullptr : std::get_if<model::Constant>(&set->value->node);
    if (constant != nullptr) constants[set->attribute] = constant->value;
  }
  return index_keys(
      layout, table, action.maintains,
      [&](const KeyEntry& entry, const dynamo::KeySchema& schema) -> std::optional<Item> {
        if (!may_hold(entry, constants, set_attributes, removed)) return std::nullopt;
        Item key;
        for (const auto* part : {&schema.partition, &schema.sort}) {
          for (const dynamo::KeyAttribute& attribute : *part) key[attribute.name];
        }
        return key;
      });
}

}  // namespace

std::string write_key_condition(ExpressionWriter& writer, const dynamo::KeySchema& key,
                                const KeyRange& range) {
  using Op = SortCondition::Op;
  DDBPLAN_CHECK(range.partition.size() == key.partition.size());
  std::vector<std::string> terms;
  const auto equal = [&](const dynamo::KeyAttribute& attribute, const char* wish,
                         const AttributeValue& value) {
    const std::string name = writer.name(attribute.name);
    terms.push_back(name + " = " + writer.value(wish, value));
  };
  for (std::size_t i = 0; i < range.partition.size(); ++i)
    equal(key.partition[i], "pk", range.partition[i]);
  for (std::size_t i = 0; i < range.sort_equal.size(); ++i)
    equal(key.sort.at(i), "sk", range.sort_equal[i]);
  if (range.op) {
    const std::string name = writer.name(key.sort.at(range.sort_equal.size()).name);
    const auto compare = [&](const char* symbol) {
      terms.push_back(name + " " + symbol + " " + writer.value("sk", range.low));
    };
    switch (*range.op) {
      case Op::equal:
        compare("=");
        break;
      case Op::less:
        compare("<");
        break;
      case Op::less_equal:
        compare("<=");
        break;
      case Op::greater:
        compare(">");
        break;
      case Op::greater_equal:
        compare(">=");
        break;
      case Op::begins_with:
        terms.push_back("begins_with(" + name + ", " + writer.value("prefix", range.low) + ")");
        break;
      case Op::between: {
        const std::string from = writer.value("from", range.low);
        terms.push_back(name + " BETWEEN " + from + " AND " + writer.value("to", *range.high));
        break;
      }
    }
  }
  return support::join(terms, " AND ");
}

StepText describe(const Design& design, const model::Workload& workload, const Step& step) {
  if (step.actions.size() == 1) return describe(design, workload, step.actions.front());
  StepText text;
  ExpressionWriter writer;
  const bool has_key = !step.partition.empty() && step.operation != Operation::scan;
  if (has_key) {
    const Table& table = design.tables[step.table];
    const Index* index = step.index ? table.find_index(*step.index) : nullptr;
    const dynamo::KeySchema& key = index == nullptr ? table.key : index->key;
    text.key_condition = write_key_condition(writer, key, symbolic_range(step));
  }
  if (step.filter != nullptr) text.filter = writer.condition(*step.filter);
  text.names = writer.names();
  return text;
}

StepText describe(const Design& design, const model::Workload& workload,
                  const WriteAction& action) {
  StepText text;
  ExpressionWriter writer;
  const ItemLayout& layout = design.items[action.layout];
  const model::Entity& entity = workload.entity(layout.entity);
  if (action.operation == Operation::update_item) {
    const IndexKeys keys = symbolic_index_keys(layout, design.tables[layout.table], action);
    text.update = update_text(write_update(writer, entity, action.update, keys));
  }
  if (action.condition != nullptr) text.condition = writer.condition(*action.condition);
  text.names = writer.names();
  return text;
}

Answer run(const Design& design, const model::Workload& workload, model::PatternId pattern,
           const Parameters& parameters, const Executor& execute) {
  DDBPLAN_CHECK(pattern.index < design.plans.size());
  Execution execution(design, workload, design.plans[pattern.index], parameters, execute);
  bool has_transact_get = false;
  for (std::size_t i = 0; i < execution.plan.steps.size() && !execution.failed(); ++i) {
    const Operation operation = execution.plan.steps[i].operation;
    if (is_query(operation)) {
      run_query_step(execution, i);
    } else if (is_get(operation)) {
      run_get_step(execution, i);
    } else if (operation == Operation::transact_get_items) {
      if (!has_transact_get) run_transact_get(execution);
      has_transact_get = true;
    } else {
      run_write_step(execution, i);
    }
  }
  if (execution.failed()) return std::move(execution.answer);
  assemble_answer(execution);
  count_answer(execution);
  return std::move(execution.answer);
}

std::string_view operation_name(Operation operation) {
  switch (operation) {
    case Operation::get_item:
      return "GetItem";
    case Operation::batch_get_item:
      return "BatchGetItem";
    case Operation::query:
      return "Query";
    case Operation::scan:
      return "Scan";
    case Operation::put_item:
      return "PutItem";
    case Operation::update_item:
      return "UpdateItem";
    case Operation::delete_item:
      return "DeleteItem";
    case Operation::batch_write_item:
      return "BatchWriteItem";
    case Operation::transact_write_items:
      return "TransactWriteItems";
    case Operation::transact_get_items:
      return "TransactGetItems";
    case Operation::condition_check:
      return "ConditionCheck";
  }
  return "GetItem";
}

std::string_view served_name(Served served) {
  switch (served) {
    case Served::keys:
      return "keys";
    case Served::filter:
      return "filter";
    case Served::scan:
      return "scan";
    case Served::offload:
      return "offload";
    case Served::no:
      return "no";
  }
  return "no";
}

}  // namespace ddbplan::design
