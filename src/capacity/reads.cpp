// Steps that read: gets, batches of gets, queries over shards and alternatives, scans.
#include <algorithm>
#include <cmath>
#include <limits>

#include "capacity/distribution.h"
#include "capacity/matches.h"
#include "capacity/membership.h"
#include "capacity/steps.h"
#include "dynamo/limits.h"
#include "dynamo/units.h"

namespace ddbplan::capacity {
namespace {

using design::ItemLayout;
using design::Operation;
using design::Step;

constexpr double kBlock = static_cast<double>(dynamo::kReadBlockBytes);
constexpr double kUnlimited = std::numeric_limits<double>::infinity();

const model::Read* read_of(const model::Pattern& pattern) {
  return std::get_if<model::Read>(&pattern.action);
}

double units_per_block(const Step& step) {
  if (step.operation == Operation::transact_get_items) return 2;
  return step.consistent_read ? 1 : 0.5;
}

/// A case of `narrow_by`: which of the optional values are not given.
struct NarrowCase {
  double probability = 1;
  std::set<std::string> missing;
};

std::vector<NarrowCase> narrow_cases(const model::Pattern& pattern) {
  std::vector<NarrowCase> cases{{}};
  const model::Read* read = read_of(pattern);
  if (read == nullptr) return cases;
  for (const model::NarrowBy& narrow : read->narrow_by) {
    std::vector<NarrowCase> next;
    for (const NarrowCase& one : cases) {
      NarrowCase given = one;
      given.probability *= narrow.share;
      NarrowCase missing = one;
      missing.probability *= 1 - narrow.share;
      missing.missing.insert(narrow.attribute.name);
      if (given.probability > 0) next.push_back(std::move(given));
      if (missing.probability > 0) next.push_back(std::move(missing));
    }
    cases = std::move(next);
  }
  return cases;
}

bool speaks_of(const model::ExpressionPtr& term, const std::set<std::string>& names) {
  const std::set<std::string> spoken = attributes_in(term);
  return std::any_of(spoken.begin(), spoken.end(),
                     [&](const std::string& name) { return names.contains(name); });
}

/// The filter without the terms whose values are not given.
double filter_share(const model::Workload& workload, model::EntityId entity,
                    const model::ExpressionPtr& filter, const std::set<std::string>& missing,
                    const RowView& view) {
  if (filter == nullptr) return 1;
  if (missing.empty()) return share_of(workload, entity, filter, view);
  const auto* terms = std::get_if<model::And>(&filter->node);
  if (terms == nullptr) {
    return speaks_of(filter, missing) ? 1 : share_of(workload, entity, filter, view);
  }
  double share = 1;
  for (const model::ExpressionPtr& term : terms->terms) {
    if (!speaks_of(term, missing)) share *= share_of(workload, entity, term, view);
  }
  return share;
}

/// Shard counts with the share of the calls that meet them.
std::vector<std::pair<int, double>> shard_cases(const model::Workload& workload,
                                                const ItemLayout& layout,
                                                const design::ShardRule& rule) {
  std::vector<std::pair<int, double>> cases;
  double rest = 1;
  for (const auto& [name, count] : rule.per_key) {
    double share = 0;
    for (const model::Relation& relation : workload.entity(layout.entity).relations) {
      const auto named = relation.named_shares.find(name);
      const bool about = std::find(relation.attributes.begin(), relation.attributes.end(),
                                   rule.per_key_attribute) != relation.attributes.end();
      if (about && named != relation.named_shares.end()) share = named->second;
    }
    if (share <= 0) continue;
    cases.emplace_back(std::max(count, 1), share);
    rest -= share;
  }
  cases.emplace_back(std::max(rule.count, 1), std::max(0.0, rest));
  return cases;
}

/// One layout's part in a query.
struct Kind {
  const ItemLayout* layout = nullptr;
  std::size_t position = 0;  ///< in Design::items
  CountDistribution matched;
  double bytes = 0;
  double kept = 1;  ///< by the filter
};

class QueryUsage {
 public:
  QueryUsage(const StepContext& context, const Step& step) : context_(context), step_(step) {
    if (const auto feeder = feeding_step(step)) {
      times_ = context.done[*feeder].items;
      const auto& layouts = context.plan.steps[*feeder].layouts;
      if (!layouts.empty()) found_ = context.design.items[layouts.front()].entity;
    }
  }

  StepUsage usage() {
    static const std::vector<std::map<std::string, dynamo::AttributeValue>> kOne{{}};
    const auto& alternatives = step_.alternatives.empty() ? kOne : step_.alternatives;
    for (const NarrowCase& narrow : narrow_cases(context_.pattern())) {
      for (const auto& alternative : alternatives) {
        run_case({&alternative, narrow.missing}, narrow.probability);
      }
    }
    if (step_.limit && !step_.count_only) {
      // Streams are merged, and the client keeps the first of all.
      const double most = *step_.limit * pages() * (merges() ? 1 : times_);
      if (usage_.items > most) {
        usage_.bytes *= most / usage_.items;
        usage_.items = most;
      }
    }
    return std::move(usage_);
  }

 private:
  [[nodiscard]] bool merges() const {
    const model::Read* read = read_of(context_.pattern());
    return !step_.merge_order.empty() && (read == nullptr || read->limit_per.empty());
  }

  /// Pages of the limit that a call reads: those of the pattern's own list.
  [[nodiscard]] double pages() const {
    const model::Read* read = read_of(context_.pattern());
    if (read == nullptr || step_.layouts.empty() || !step_.limit) return 1;
    const model::EntityId entity = context_.design.items[step_.layouts.front()].entity;
    const bool answers = std::find(read->entities.begin(), read->entities.end(), entity) !=
                         read->entities.end();
    return answers ? std::max(1.0, read->pages.mean) : 1;
  }

  void run_case(const RunCase& run, double probability) {
    std::vector<Kind> kinds;
    for (const std::size_t position : step_.layouts) {
      const ItemLayout& layout = context_.design.items[position];
      const design::KeyEntry* entry = entry_of(layout, step_.index);
      if (entry == nullptr) continue;
      const KeyMatch match = key_match(context_.workload, layout, *entry, step_, run);
      Kind kind;
      kind.layout = &layout;
      kind.matched = match_count(context_.workload, layout, *entry, match, found_,
                                 context_.options.month);
      kind.bytes = context_.sizes.of(position, entry->index).mean;
      kind.position = position;
      kind.kept = filter_share(context_.workload, layout.entity, step_.filter, run.missing,
                               matched_view(context_.workload, layout, *entry, match));
      kinds.push_back(std::move(kind));
    }
    if (kinds.empty()) return;
    // One query for a parent and its children: the many are the law, the others a constant beside it.
    std::stable_sort(kinds.begin(), kinds.end(), [](const Kind& a, const Kind& b) {
      return a.matched.mean() > b.matched.mean();
    });
    for (const auto& [shards, share] :
         shard_cases(context_.workload, *kinds.front().layout, step_.shards)) {
      if (share > 0) add(kinds, shards, probability * share);
    }
  }

  void add(const std::vector<Kind>& kinds, int shards, double probability) {
    const Kind& main = kinds.front();
    double beside = 0;
    double beside_bytes = 0;
    for (std::size_t i = 1; i < kinds.size(); ++i) {
      beside += kinds[i].matched.mean() / shards;
      beside_bytes += kinds[i].matched.mean() / shards * kinds[i].bytes;
    }
    const CountDistribution matched =
        shards > 1 ? main.matched.filtered(1.0 / shards) : main.matched;
    const double wanted = step_.limit ? *step_.limit : kUnlimited;
    const double read_at_once =
        std::isinf(wanted) ? wanted : std::max(0.0, std::ceil(wanted / kept(main)) - beside);
    const double all_pages = pages();
    const double page_bytes = static_cast<double>(context_.options.page_bytes);
    const double weight = probability * shards * times_;
    for (double page = 0; page < all_pages; ++page) {
      const double share = std::min(1.0, all_pages - page);
      const double skip = page > 0 ? page * read_at_once : 0;
      const auto left = [&](double count) { return std::max(0.0, count - skip); };
      const double reach = skip + read_at_once;
      // Another page is asked for only where the one before was full.
      const auto asked = [&](double count) { return page == 0 || count > skip ? 1.0 : 0.0; };
      const double first_bytes = page == 0 ? beside_bytes : 0;
      const double blocks = matched.expectation(reach, [&](double count) {
        return asked(count) * blocks_of(left(count), main.bytes, first_bytes, page_bytes);
      });
      const double requests = matched.expectation(reach, [&](double count) {
        const double full = items_per_page(main.bytes, page_bytes);
        return asked(count) * std::max(1.0, std::ceil(left(count) / full));
      });
      const double read = matched.expectation(reach, left);
      account(main, weight * share, blocks, requests, read, page == 0 ? beside : 0, first_bytes);
    }
    max_requests(matched, main.bytes, read_at_once, shards);
  }

  [[nodiscard]] double kept(const Kind& kind) const { return std::max(kind.kept, 1e-6); }

  /// The parent's bytes come first, then the children's.
  static double blocks_of(double items, double item_bytes, double first_bytes,
                          double page_bytes) {
    if (first_bytes <= 0) return read_blocks(items, item_bytes, page_bytes);
    const double fits = std::max(0.0, std::floor((page_bytes - first_bytes) / item_bytes));
    if (items <= fits) {
      return std::max(1.0, std::ceil((first_bytes + items * item_bytes) / kBlock));
    }
    return std::ceil((first_bytes + fits * item_bytes) / kBlock) +
           read_blocks(items - fits, item_bytes, page_bytes);
  }

  void account(const Kind& main, double weight, double blocks, double requests, double read,
               double beside, double beside_bytes) {
    usage_.requests.mean += weight * requests;
    usage_.scanned_items += weight * (read + beside);
    usage_.scanned_bytes += weight * (read * main.bytes + beside_bytes);
    usage_.items += weight * (read * main.kept + beside);
    usage_.bytes += weight * (read * main.kept * main.bytes + beside_bytes);
    const double per_block = units_per_block(step_);
    add_units(usage_.units, step_.table, step_.index, weight * blocks * per_block, 0);
    if (const auto fetched = fetched_blocks(main)) {
      add_units(usage_.units, step_.table, std::nullopt, weight * read * *fetched * per_block, 0);
    }
  }

  /// At the declared maxima.
  void max_requests(const CountDistribution& matched, double bytes, double read_at_once,
                    int shards) {
    const double page_bytes = static_cast<double>(context_.options.page_bytes);
    const double items = std::min(matched.max(), read_at_once);
    const double each = std::max(1.0, std::ceil(items / items_per_page(bytes, page_bytes)));
    usage_.requests.max += each * shards * std::max(1.0, times_);
  }

  /// Blocks of the whole item that an LSI query fetches for each entry when the answer needs attributes
  /// that are not projected; nullopt: none is fetched.
  [[nodiscard]] std::optional<double> fetched_blocks(const Kind& kind) const {
    if (!step_.index) return std::nullopt;
    const ItemLayout& layout = *kind.layout;
    const design::Table& table = context_.design.tables[step_.table];
    const design::Index* index = table.find_index(*step_.index);
    if (index == nullptr || !index->local) return std::nullopt;
    std::vector<std::string> needed;
    if (!step_.count_only) {
      const model::Read* read = read_of(context_.pattern());
      needed = read == nullptr || read->returns.empty() ? layout.attributes : read->returns;
    }
    for (const std::string& name : attributes_in(step_.filter)) needed.push_back(name);
    const bool covered = std::all_of(needed.begin(), needed.end(), [&](const std::string& name) {
      return projects(table, *index, name);
    });
    if (covered) return std::nullopt;
    return context_.sizes.of(kind.position, std::nullopt).read_blocks;
  }

  const StepContext& context_;
  const Step& step_;
  double times_ = 1;
  std::optional<model::EntityId> found_;
  StepUsage usage_;
};

/// How many different parents `items` rows have: a batch asks for each once.
double distinct_parents(const StepContext& context, const Step& step, double items) {
  const auto feeder = feeding_step(step);
  if (!feeder || context.plan.steps[*feeder].layouts.empty() || step.layouts.empty()) return items;
  const model::EntityId child =
      context.design.items[context.plan.steps[*feeder].layouts.front()].entity;
  const model::EntityId parent = context.design.items[step.layouts.front()].entity;
  if (child == parent) return items;
  for (const model::Relation& relation : context.workload.entity(child).relations) {
    if (std::find(relation.parents.begin(), relation.parents.end(), parent) ==
        relation.parents.end()) {
      continue;
    }
    const double parents = parents_after(context.workload, relation, context.options.month);
    const double rows = model::rows_after(context.workload, child, context.options.month);
    if (parents < 1 || rows < 1) return items;
    const CountDistribution law =
        children_after(context.workload, child, relation, context.options.month);
    // A parent with k of all rows is missed by n rows with (1 - k / rows)^n.
    return std::min(items, parents * law.expectation(rows, [&](double k) {
      return 1 - std::pow(1 - std::min(1.0, k / rows), items);
    }));
  }
  return items;
}

StepUsage get_usage(const StepContext& context, const Step& step) {
  StepUsage usage;
  double keys = 1;
  const model::Read* read = read_of(context.pattern());
  if (const auto feeder = feeding_step(step)) {
    keys = context.done[*feeder].items;
    if (step.operation == Operation::batch_get_item) keys = distinct_parents(context, step, keys);
  } else if (read != nullptr && read->batch) {
    keys = std::max(1.0, read->batch->mean);
  }
  usage.requests = {keys, std::max(1.0, keys)};
  if (step.operation == Operation::batch_get_item) {
    constexpr double kKeys = dynamo::limits::kBatchGetItemsMax;
    usage.requests = {keys <= kKeys ? std::min(1.0, keys) : keys / kKeys,
                      std::max(1.0, std::ceil(keys / kKeys))};
  } else if (step.operation == Operation::transact_get_items) {
    usage.requests = {1, 1};
  }
  for (const std::size_t position : step.layouts) {
    const StockSizes::Size& size = context.sizes.of(position, std::nullopt);
    const double each =
        step.operation == Operation::transact_get_items || step.layouts.size() == 1
            ? keys
            : keys / static_cast<double>(step.layouts.size());
    usage.items += each;
    usage.bytes += each * size.mean;
    add_units(usage.units, step.table, std::nullopt,
              each * size.read_blocks * units_per_block(step), 0);
  }
  usage.scanned_items = usage.items;
  usage.scanned_bytes = usage.bytes;
  return usage;
}

StepUsage scan_usage(const StepContext& context, const Step& step) {
  StepUsage usage;
  double kept_items = 0;
  double kept_bytes = 0;
  for (std::size_t position = 0; position < context.design.items.size(); ++position) {
    const ItemLayout& layout = context.design.items[position];
    const design::KeyEntry* entry =
        layout.table == step.table ? entry_of(layout, step.index) : nullptr;
    if (entry == nullptr) continue;
    const double items = entry_count(context.workload, layout, *entry, context.options);
    const double bytes = context.sizes.of(position, entry->index).mean;
    usage.scanned_items += items;
    usage.scanned_bytes += items * bytes;
    if (std::find(step.layouts.begin(), step.layouts.end(), position) == step.layouts.end()) {
      continue;
    }
    const double share = share_of(context.workload, layout.entity, step.filter);
    kept_items += items * share;
    kept_bytes += items * share * bytes;
  }
  usage.items = kept_items;
  usage.bytes = kept_bytes;
  const double page_bytes = static_cast<double>(context.options.page_bytes);
  const double each = usage.scanned_items > 0 ? usage.scanned_bytes / usage.scanned_items : 0;
  const double pages =
      std::max(1.0, std::ceil(usage.scanned_items / items_per_page(each, page_bytes)));
  usage.requests = {pages, pages};
  add_units(usage.units, step.table, step.index,
            read_blocks(usage.scanned_items, each, page_bytes) * units_per_block(step), 0);
  return usage;
}

}  // namespace

bool depends_on_growth(const Step& step) {
  return step.operation == Operation::query || step.operation == Operation::scan ||
         step.operation == Operation::batch_get_item;
}

StepUsage read_usage(const StepContext& context, const Step& step) {
  switch (step.operation) {
    case Operation::query: return QueryUsage(context, step).usage();
    case Operation::scan: return scan_usage(context, step);
    default: return get_usage(context, step);
  }
}

}  // namespace ddbplan::capacity
