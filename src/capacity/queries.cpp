// Query steps: pages of streams, one stream for every shard, alternative value and time bucket.
#include <algorithm>
#include <cmath>
#include <limits>

#include "capacity/limited_read.h"
#include "capacity/matches.h"
#include "capacity/narrowing.h"
#include "capacity/page_read.h"
#include "capacity/parents.h"
#include "capacity/steps.h"

namespace ddbplan::capacity {
namespace {

using design::ItemLayout;
using design::Step;

constexpr double kUnlimited = std::numeric_limits<double>::infinity();
/// More time buckets than this in one answer: their average is near enough, and quicker.
constexpr double kBucketsWalked = 50;

/// Requests that meet the same number of shards, with their share of all.
struct ShardCase {
  int shards = 1;
  double share = 1;
  ParentCase parents;
};

/// One case for each named value with a count of its own, and one for all others. `by_key`: each request
/// is for one of the keys that an earlier step found, and all keys are found alike; else named ones
/// are met as often as they have rows.
std::vector<ShardCase> shard_cases(const model::Workload& workload, const ItemLayout& layout,
                                   const design::ShardRule& rule, bool by_key, double month) {
  std::vector<ShardCase> cases;
  double rest = 1;
  ParentCase others{rule.per_key_attribute, {}, {}};
  for (const auto& [name, count] : rule.per_key) {
    for (const model::Relation& relation : workload.entity(layout.entity).relations) {
      const auto named = relation.named_shares.find(name);
      const bool about = std::find(relation.attributes.begin(), relation.attributes.end(),
                                   rule.per_key_attribute) != relation.attributes.end();
      if (!about || named == relation.named_shares.end()) continue;
      const double share =
          by_key ? 1 / std::max(1.0, parents_after(workload, relation, month)) : named->second;
      cases.push_back({std::max(count, 1), share, {rule.per_key_attribute, name, {}}});
      others.others.insert(name);
      rest -= share;
      break;
    }
  }
  cases.push_back({std::max(rule.count, 1), std::max(0.0, rest), std::move(others)});
  return cases;
}

/// One layout's part in a query.
struct Kind {
  std::size_t position = 0;  ///< in Design::items
  CountDistribution matched;
  ItemSize size;
  double kept = 1;  ///< by the filter
  /// What the caller takes for that when it says how many items a page is to have.
  double asked = 1;
  double bucket_share = 1;
};

class QueryUsage {
 public:
  QueryUsage(const StepContext& context, const Step& step)
      : context_(context), step_(step), read_(std::get_if<model::Read>(&context.pattern().action)) {
    if (const auto feeder = feeding_step(step)) {
      // Several leading rows may belong to one, which is asked for once.
      times_ = distinct_parents(context, step, *feeder, context.done[*feeder].items);
      const auto& layouts = context.plan.steps[*feeder].layouts;
      if (!layouts.empty()) found_ = context.design.items[layouts.front()].entity;
    } else {
      times_ = asked_for(context, step);
    }
  }

  StepUsage usage() {
    static const std::vector<std::map<std::string, dynamo::AttributeValue>> kOne{{}};
    const auto& alternatives = step_.alternatives.empty() ? kOne : step_.alternatives;
    streams_ = static_cast<double>(alternatives.size());
    for (const NarrowCase& narrow : narrow_cases(context_.pattern(), step_)) {
      for (const auto& alternative : alternatives) {
        run_case({&alternative, narrow.missing}, narrow.probability);
      }
    }
    find_own_row();
    keep_what_is_wanted();
    return std::move(usage_);
  }

 private:
  /// A filter that only says what the call says of its row finds that row at least: not where a value is drawn from
  /// those that there are, whether rows have it or not.
  void find_own_row() {
    if (step_.filter == nullptr || !is_answer() || step_.count_only || usage_.items <= 0) return;
    const model::Entity& entity = context_.workload.entity(read_->entities.front());
    if (range_share_ < 1 || !says_of_its_row(step_.filter, entity)) return;
    for (const model::AttributeRef& by : read_->by) {
      const model::Attribute* attribute = entity.find(by.name);
      if (attribute == nullptr || !attribute->values.empty() ||
          attribute->type == model::ValueType::boolean)
        return;
    }
    const double least = times_ * share_of_calls(context_.pattern(), step_);
    if (usage_.items >= least) return;
    usage_.bytes *= least / usage_.items;
    usage_.items = least;
    usage_.finds_some = 0;
  }

  /// Streams are merged, and the client keeps the first of all.
  void keep_what_is_wanted() {
    if (!step_.limit || step_.count_only) return;
    const bool merges = is_answer() && read_->limit_per.empty();
    const double most =
        *step_.limit * pages() * (merges ? 1 : times_) * share_of_calls(context_.pattern(), step_);
    if (usage_.items <= most) return;
    usage_.bytes *= most / usage_.items;
    usage_.items = most;
  }

  /// The step finds the pattern's own rows, not what leads to them or belongs to them.
  [[nodiscard]] bool is_answer() const {
    if (read_ == nullptr || step_.layouts.empty() || step_.finds != Step::Finds::rows) return false;
    const model::EntityId entity = context_.design.items[step_.layouts.front()].entity;
    return std::find(read_->entities.begin(), read_->entities.end(), entity) !=
           read_->entities.end();
  }

  [[nodiscard]] bool is_last() const { return &step_ == &context_.plan.steps.back(); }

  /// Pages of the limit that a call reads.
  [[nodiscard]] double pages() const {
    const bool is_of_answer = is_answer() || (read_ != nullptr && step_.leads_on);
    const bool pages_on = is_of_answer && step_.limit && read_->limit_per.empty();
    return pages_on ? std::max(1.0, read_->pages.mean) : 1;
  }

  [[nodiscard]] const ItemLayout& layout_of(const Kind& kind) const {
    return context_.design.items[kind.position];
  }

  void run_case(const RunCase& run, double probability) {
    const std::vector<Kind> kinds = kinds_of(run, nullptr);
    if (kinds.empty()) return;
    double most = 0;
    const std::vector<ShardCase> cases =
        shard_cases(context_.workload, layout_of(kinds.front()), step_.shards, found_.has_value(),
                    context_.options.month);
    for (const ShardCase& one : cases) {
      if (one.share <= 0) continue;
      const std::vector<Kind> met = cases.size() > 1 ? kinds_of(run, &one.parents) : kinds;
      for (const ValueCase& value : value_cases(run)) {
        std::vector<Kind> asked = met;
        for (Kind& kind : asked) kind.kept = std::min(1.0, kind.kept * value.factor);
        most = std::max(most, add(asked, one.shards, probability * one.share * value.weight));
      }
    }
    // A key that is named hot is asked for too, also where nobody says how often.
    for (const auto& [name, shards] : step_.shards.per_key) {
      if (shards > step_.shards.count) most = std::max(most, add(kinds, shards, 0));
    }
    usage_.requests.max += most;
  }

  /// What one stream meets: the many first, whose law is followed; the others are constants beside it.
  [[nodiscard]] std::vector<Kind> kinds_of(const RunCase& run, const ParentCase* parents) {
    std::vector<Kind> kinds;
    for (const std::size_t position : step_.layouts) {
      const ItemLayout& layout = context_.design.items[position];
      const design::KeyEntry* entry = entry_of(layout, step_.index);
      if (entry == nullptr) continue;
      const KeyMatch match = key_match(context_.workload, layout, *entry, step_, run);
      Kind kind;
      kind.position = position;
      kind.matched = rows_matched(layout, *entry, match, parents);
      if (layout.role == design::ItemRole::row && step_.layouts.size() == 1 && !feeding_step(step_))
        kind.matched = kind.matched.thinned(share_that_holds(context_, layout.entity));
      kind.size = context_.sizes.of(position, entry->index);
      kind.kept = filter_share(context_.workload, layout.entity, step_.filter, run.missing,
                               matched_view(context_.workload, layout, *entry, match));
      if (const auto share = share_said(layout, *entry, match, run, parents, kind))
        kind.kept = *share;
      kind.asked = share_asked(context_.workload, step_, layout.entity, step_.filter, run.missing);
      kind.bucket_share = match.bucket_share;
      range_share_ = match.range_share;
      kinds.push_back(std::move(kind));
    }
    std::stable_sort(kinds.begin(), kinds.end(), [](const Kind& a, const Kind& b) {
      return a.matched.mean() > b.matched.mean();
    });
    return kinds;
  }

  [[nodiscard]] CountDistribution rows_matched(const ItemLayout& layout,
                                               const design::KeyEntry& entry, const KeyMatch& match,
                                               const ParentCase* parents) const {
    const auto matched = [&](std::optional<model::EntityId> asked_for) {
      return match_count(context_.workload, layout, entry, match, asked_for, context_.options.month,
                         parents);
    };
    if (!found_) return matched(parent_asked_for(layout.entity, match));
    const bool is_of_call = is_answer() && times_ > 0 && layout.entity == read_->entities.front();
    if (!is_of_call) return matched(found_);
    // The call is about one of these rows (law 1), so that one of the leading rows is drawn by how many it has; the
    // others are as any are.
    return CountDistribution::either(1 / std::max(1.0, times_), matched(std::nullopt),
                                     matched(found_));
  }

  /// One value that calls ask a filter for, and how much more often rows have it than its equals on average.
  struct ValueCase {
    double weight = 1;
    double factor = 1;
  };

  /// Calls ask for each value of a few evenly (law 1), and to find rows with a rare one takes long.
  [[nodiscard]] std::vector<ValueCase> value_cases(const RunCase& run) const {
    std::vector<ValueCase> cases{{}};
    if (step_.layouts.empty() || (!step_.limit && is_last())) return cases;
    const model::Entity& entity =
        context_.workload.entity(context_.design.items[step_.layouts.front()].entity);
    for (const std::string& name : equalities_said(step_.filter, run.missing)) {
      const model::Attribute* attribute = entity.find(name);
      if (attribute == nullptr || attribute->values.empty()) continue;
      const std::vector<double> shares = stock_values(*attribute);
      const auto count = static_cast<double>(shares.size());
      std::vector<ValueCase> next;
      for (const ValueCase& one : cases) {
        for (const double share : shares)
          next.push_back({one.weight / count, one.factor * share * count});
      }
      cases = std::move(next);
    }
    return cases;
  }

  /// Of the matched rows, those that also agree in what the filter compares with values of the call: they are
  /// rows of one parent, say, and the row that the call is about is among them. nullopt: it compares none.
  [[nodiscard]] std::optional<double> share_said(const ItemLayout& layout,
                                                 const design::KeyEntry& entry,
                                                 const KeyMatch& match, const RunCase& run,
                                                 const ParentCase* parents,
                                                 const Kind& kind) const {
    const std::set<std::string> said = equalities_said(step_.filter, run.missing);
    if (said.empty() || kind.matched.mean() <= 0) return std::nullopt;
    KeyMatch whole = match;
    std::set<std::string> counted = run.missing;
    for (const std::string& name : said) {
      whole.equal.push_back({name, std::nullopt, std::nullopt});
      counted.insert(name);
    }
    const CountDistribution found = rows_matched(layout, entry, whole, parents);
    const double rest = filter_share(context_.workload, layout.entity, step_.filter, counted,
                                     matched_view(context_.workload, layout, entry, match));
    return std::clamp(found.mean() * rest / kind.matched.mean(), 0.0, 1.0);
  }

  /// A call takes its values from a row of the pattern's first entity (law 1), so rows of another one are as
  /// many as their parent has: nobody asks for the parents of many more often.
  [[nodiscard]] std::optional<model::EntityId> parent_asked_for(model::EntityId entity,
                                                                const KeyMatch& match) const {
    // What leads to the drawn row is found by that row.
    const bool beside_answer =
        read_ != nullptr && !read_->entities.empty() && !step_.leads_on &&
        (step_.finds != Step::Finds::rows || !(read_->entities.front() == entity));
    const std::optional<model::EntityId> written =
        beside_answer ? std::nullopt : written_beside(entity);
    if (!beside_answer && !written) return std::nullopt;
    std::optional<model::EntityId> parent;
    for (const model::Relation& relation : context_.workload.entity(entity).relations) {
      const auto is_bound = [&](const std::string& name) {
        return std::any_of(match.equal.begin(), match.equal.end(),
                           [&](const auto& binding) { return binding.attribute == name; });
      };
      if (relation.parents.empty() ||
          !std::all_of(relation.attributes.begin(), relation.attributes.end(), is_bound))
        continue;
      // Rather the row that is read or written than the tenant of both.
      const std::optional<model::EntityId> asked =
          beside_answer ? std::optional(read_->entities.front()) : written;
      if (relation.parents.front() == asked) return asked;
      if (!parent) parent = relation.parents.front();
    }
    return parent;
  }

  /// Rows of this entity are found to be written with those that the call is about, which are of the entity returned:
  /// children that change with their parent, further kinds that are deleted with the first. nullopt: they are not.
  [[nodiscard]] std::optional<model::EntityId> written_beside(model::EntityId entity) const {
    const auto position = static_cast<std::size_t>(&step_ - context_.plan.steps.data());
    for (const Step& later : context_.plan.steps) {
      for (const design::WriteAction& action : later.actions) {
        const model::Write* write = write_of(context_.pattern(), action.action);
        if (feeding_step(action) != position || write == nullptr || write->entities.empty())
          continue;
        const bool is_beside = !write->for_each && !(write->entities.front() == entity);
        return is_beside ? std::optional(write->entities.front()) : std::nullopt;
      }
    }
    return std::nullopt;
  }

  /// What stands beside the main kind in one stream.
  struct Beside {
    double items = 0;
    double bytes = 0;
  };

  /// Adds the expected part of one case; returns the requests that it takes at most.
  double add(const std::vector<Kind>& kinds, int shards, double probability) {
    const Kind& main = kinds.front();
    if (!is_last() && times_ <= 1 && kinds.size() == 1 && probability > 0)
      usage_.finds_some += probability * finds_some(main);
    Beside beside;
    // Of rows in parts every shard has all.
    parts_ = step_.shards.by_request ? shards : 1;
    const double spread = shards / parts_;
    for (std::size_t i = 1; i < kinds.size(); ++i) {
      beside.items += kinds[i].matched.mean() / spread;
      beside.bytes += kinds[i].matched.mean() / spread * kinds[i].size.mean;
    }
    const double buckets = bucket_count(main);
    const CountDistribution matched = main.matched.filtered(1.0 / spread / buckets);
    double visits = buckets;
    const double wanted = step_.limit ? std::max(0.0, *step_.limit - beside.items) : kUnlimited;
    if (buckets > 1 && step_.limit) {
      // Newest-N walks on until it has enough. A stretch of x buckets that begins anywhere in one
      // touches x + 1 of them on average.
      const double stretch = wanted / std::max(1e-9, rows_of_bucket(main) * main.kept);
      const bool alone = shards == 1 && streams_ == 1 && pages() <= 1 && beside.items == 0;
      if (alone && stretch < kBucketsWalked)
        return walk(main, matched, wanted, probability * times_);
      visits = std::min(buckets, 1 + stretch);
    }
    const double weight = probability * shards * times_ * visits;
    return read_pages(main, matched, beside, wanted, weight, shards);
  }

  [[nodiscard]] double finds_some(const Kind& main) const {
    PageReadMemo* memo = context_.options.memo;
    return memo == nullptr ? share_that_finds_some(main.matched, main.kept)
                           : memo->finds_some(main.matched, main.kept);
  }

  /// Rows of the range that a bucket holds that lies in it as a whole.
  [[nodiscard]] double rows_of_bucket(const Kind& main) const {
    return main.matched.mean() / std::max(range_share_, 1e-9) * main.bucket_share;
  }

  /// Buckets one after another until enough is found: the stretch begins anywhere in the first, and
  /// each request asks for what is still missing. Returns the requests at most.
  double walk(const Kind& main, const CountDistribution& matched, double wanted, double weight) {
    constexpr int kStarts = 16;  // places in the first bucket, as many as make steps of blocks even
    const auto page_bytes = static_cast<double>(context_.options.page_bytes);
    const double full = rows_of_bucket(main);
    ReadCost sum;
    for (int start = 0; start < kStarts; ++start) {
      double bucket = full * (start + 0.5) / kStarts;
      double left = main.matched.mean();
      for (double missing = wanted; missing > 0 && left > 0; bucket = full) {
        const double here = std::min(bucket, left);
        sum += LimitedRead(PageCost(main.size, page_bytes, 0), missing, main.kept, main.asked)
                   .cost(here);
        missing -= here * main.kept;
        left -= here;
      }
    }
    account(main, sum * (weight / kStarts), {}, 0);
    const LimitedRead read(PageCost(main.size, page_bytes, 0), wanted, main.kept, main.asked);
    return requests_at_most(main, matched, read.at_once(), page_bytes, 1);
  }

  /// Time buckets that the request may have to look at.
  [[nodiscard]] double bucket_count(const Kind& main) const {
    if (!step_.buckets || main.bucket_share >= 1) return 1;
    // A range that begins anywhere, as the life of the rows does, touches one bucket more than it fills.
    return std::max(1.0, range_share_ / main.bucket_share + 1);
  }

  /// Returns the requests of the first page at most.
  double read_pages(const Kind& main, const CountDistribution& matched, const Beside& beside,
                    double wanted, double weight, int shards) {
    const auto page_bytes = static_cast<double>(context_.options.page_bytes);
    const bool merged = shards > 1 || streams_ > 1;
    const double all_pages = pages();
    double before = 0;  // items that earlier pages have read
    double most = 0;
    for (double page = 0; page < all_pages; ++page) {
      // A later page of merged streams tops up what the earlier one took from each.
      const double share = std::min(1.0, all_pages - page);
      const double sharing = streams_ * (step_.shards.by_request ? 1 : shards);
      const double here = page > 0 && merged ? wanted / sharing : wanted;
      PageRead asked{matched, main.size, page_bytes, beside.bytes, here, main.kept, main.asked};
      if (page > 0) {
        asked.beside = 0;
        asked.skipped = before;
      }
      PageReadMemo* memo = context_.options.memo;
      const PageReadCost read = memo == nullptr ? page_read_cost(asked) : memo->cost(asked);
      account(main, read.expected * (weight * share), page > 0 ? Beside{} : beside, weight * share);
      before += read.at_once;
      if (page == 0) most = requests_at_most(main, matched, read.at_once, page_bytes, shards);
    }
    return most;
  }

  void account(const Kind& main, const ReadCost& cost, const Beside& beside, double weight) {
    usage_.requests.mean += cost.requests;
    usage_.scanned_items += cost.items + weight * beside.items;
    usage_.scanned_bytes += cost.items * main.size.mean + weight * beside.bytes;
    usage_.items += (cost.items * main.kept + weight * beside.items) / parts_;
    usage_.bytes += (cost.items * main.kept * main.size.mean + weight * beside.bytes) / parts_;
    const double per_block = step_.consistent_read ? 1 : 0.5;
    add_units(usage_.units, step_.table, step_.index, cost.blocks * per_block, 0);
    if (const auto fetched = fetched_blocks(main)) {
      add_units(usage_.units, step_.table, std::nullopt, cost.items * *fetched * per_block, 0);
    }
  }

  [[nodiscard]] double requests_at_most(const Kind& main, const CountDistribution& matched,
                                        double at_once, double page_bytes, int shards) const {
    const double items = std::min(matched.max(), at_once);
    const double each = PageCost(main.size, page_bytes).pages(items);
    return each * shards * std::max(1.0, times_) * std::ceil(bucket_count(main));
  }

  /// Blocks of the whole item that an LSI query fetches for each entry when the answer needs
  /// attributes that are not projected; nullopt: none is fetched.
  [[nodiscard]] std::optional<double> fetched_blocks(const Kind& kind) const {
    if (!step_.index) return std::nullopt;
    const design::Table& table = context_.design.tables[step_.table];
    const design::Index* index = table.find_index(*step_.index);
    if (index == nullptr || !index->local) return std::nullopt;
    std::vector<std::string> needed;
    if (!step_.count_only) {
      needed =
          read_ == nullptr || read_->returns.empty() ? layout_of(kind).attributes : read_->returns;
    }
    for (const std::string& name : attributes_in(step_.filter)) needed.push_back(name);
    const bool covered = std::all_of(needed.begin(), needed.end(), [&](const std::string& name) {
      return projects(table, *index, name);
    });
    if (covered) return std::nullopt;
    return context_.sizes.of(kind.position, std::nullopt).blocks_of_one;
  }

  const StepContext& context_;
  const Step& step_;
  const model::Read* read_;
  double times_ = 1;
  double streams_ = 1;
  double range_share_ = 1;
  double parts_ = 1;  ///< items of one row that the streams find
  std::optional<model::EntityId> found_;
  StepUsage usage_;
};

}  // namespace

StepUsage query_usage(const StepContext& context, const Step& step) {
  return QueryUsage(context, step).usage();
}

}  // namespace ddbplan::capacity
