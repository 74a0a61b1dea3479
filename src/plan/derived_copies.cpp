#include "plan/derived_copies.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dynamo/limits.h"
#include "pricing/cost.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using model::EntityId;
using model::PatternId;
using support::add_once;
using support::contains;

/// Rows that only single creates bring: a put or a batch knows nothing of the parent.
bool is_created_singly(const model::Workload& workload, EntityId entity) {
  for (const model::Pattern& pattern : workload.patterns) {
    for (const model::Write* write : writes_of(pattern)) {
      if (!is_about(*write, entity) || !may_insert(*write)) continue;
      if (write->kind != model::WriteKind::create || write->batch || write->times.max > 1 ||
          write->for_each)
        return false;
    }
  }
  return true;
}

/// A change of a parent with more children than this is a job of its own, and its copies are stale for as long
/// as that takes: nothing that a planner should begin unasked. (Our judgement; a declared copy has no such bound.)
constexpr double kChildrenToFollow = 10'000;

bool can_be_copied(const model::Entity& parent, const model::Relation& relation,
                   const std::string& name) {
  const model::Attribute* attribute = parent.find(name);
  return attribute != nullptr && !attribute->upkeep && !attribute->lock && !attribute->derive &&
         !attribute->sequence_per && attribute->origin == model::Origin::declared &&
         (attribute->immutable || relation.children.max <= kChildrenToFollow);
}

class Choices {
 public:
  explicit Choices(const model::Workload& workload) : workload_(workload) {}

  std::vector<CopyChoice> collect() {
    for (std::size_t i = 0; i < workload_.patterns.size(); ++i) {
      const auto* read = std::get_if<model::Read>(&workload_.patterns[i].action);
      if (read != nullptr) consider(PatternId{i}, *read);
    }
    return std::move(out_);
  }

 private:
  void consider(PatternId pattern, const model::Read& read) {
    const bool by_keys = read.kind == model::ReadKind::list || read.kind == model::ReadKind::get ||
                         read.kind == model::ReadKind::count;
    if (!by_keys || read.strong || read.entities.size() != 1) return;
    const EntityId child = read.entities.front();
    const model::Entity& entity = workload_.entity(child);
    if (entity.rollup || !is_created_singly(workload_, child)) return;
    for (std::size_t r = 0; r < entity.relations.size(); ++r) {
      const model::Relation& relation = entity.relations[r];
      if (!is_steady(entity, relation)) continue;
      std::vector<std::string> wanted;
      for (const std::string& name : asked(read, relation)) {
        if (!own_name_of(workload_, child, relation, name, false)) add_once(wanted, name);
      }
      const model::Entity& parent = workload_.entity(relation.parents.front());
      const bool all = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
        return can_be_copied(parent, relation, name);
      });
      if (all && !wanted.empty()) add(pattern, {child, r, wanted, workload_.pattern(pattern).span});
    }
  }

  /// Every child has its one parent, and keeps it.
  static bool is_steady(const model::Entity& entity, const model::Relation& relation) {
    const auto never_changes = [&](const std::string& name) {
      const model::Attribute* attribute = entity.find(name);
      return entity.is_identity(name) || (attribute != nullptr && attribute->immutable);
    };
    return relation.parents.size() == 1 && relation.present >= 1 && !relation.optional &&
           std::all_of(relation.attributes.begin(), relation.attributes.end(), never_changes);
  }

  /// What the read uses of the relation's parent.
  [[nodiscard]] std::vector<std::string> asked(const model::Read& read,
                                               const model::Relation& relation) const {
    std::vector<std::string> out;
    for (const model::WithParent& with : read.with_parents) {
      if (!contains(relation.attributes, with.relation_attribute)) continue;
      for (const std::string& name : asked_of_parent(workload_, with)) add_once(out, name);
    }
    const auto add_via = [&](const model::AttributeRef& reference) {
      if (reference.via && *reference.via == relation.parents.front())
        add_once(out, reference.name);
    };
    for (const model::AttributeRef& by : read.by) add_via(by);
    for (const model::OrderBy& by : read.order) add_via(by.attribute);
    return out;
  }

  void add(PatternId pattern, model::CopyPlan copies) {
    for (CopyChoice& choice : out_) {
      if (!(choice.copies.child == copies.child) || choice.copies.relation != copies.relation ||
          choice.copies.attributes != copies.attributes)
        continue;
      choice.readers.push_back(pattern);
      return;
    }
    out_.push_back({std::move(copies), {pattern}});
  }

  const model::Workload& workload_;
  std::vector<CopyChoice> out_;
};

/// Positions of the choices that are taken, ascending.
using Taken = std::vector<std::size_t>;

struct Outcome {
  std::size_t errors = 0;
  /// Partition keys above what they can take, and above the share of it that is planned for: heavier rows
  /// heat them.
  std::pair<std::size_t, std::size_t> hot_keys;
  support::Money objective;
};

std::size_t keys_above(const design::Design& design, double share_of_ceiling) {
  return static_cast<std::size_t>(
      std::count_if(design.hot_keys.begin(), design.hot_keys.end(), [&](const design::HotKey& hot) {
        const double shards = std::max(hot.shards, 1);
        return hot.peak_read_units / shards >
                   share_of_ceiling * dynamo::limits::kPartitionReadUnitsPerSecond ||
               hot.peak_write_units / shards >
                   share_of_ceiling * dynamo::limits::kPartitionWriteUnitsPerSecond;
      }));
}

std::pair<std::size_t, std::size_t> overheated(const model::Workload& workload,
                                               const design::Design& design) {
  return {keys_above(design, 1), keys_above(design, workload.settings.capacity_target)};
}

class CopySearch {
 public:
  CopySearch(const model::Workload& workload, const pricing::PriceBook& book,
             const PlanOptions& options)
      : workload_(workload), book_(book), options_(options), choices_(copy_choices(workload)) {}

  [[nodiscard]] const std::vector<CopyChoice>& choices() const { return choices_; }

  /// `design`: without any derived copy.
  Taken choose(const design::Design& design, std::size_t errors) {
    outcomes_[{}] = Outcome{errors, overheated(workload_, design), design.optimality.objective};
    drop_what_cannot_pay(design);
    constexpr std::size_t kAllSetsTried = 3;
    return choices_.size() <= kAllSetsTried ? best_of_all() : best_one_by_one();
  }

  [[nodiscard]] model::Workload workload_with(const Taken& taken) const {
    model::Workload out = workload_;
    for (const std::size_t position : taken)
      out = with_copies(std::move(out), choices_[position].copies);
    return out;
  }

  /// `other` beside `taken`, as `why` shows it; nullopt when it was not tried.
  [[nodiscard]] std::optional<design::Decision::Alternative> compare(const Taken& taken,
                                                                     const Taken& other,
                                                                     std::string what) const {
    const auto a = outcomes_.find(taken);
    const auto b = outcomes_.find(other);
    if (a == outcomes_.end() || b == outcomes_.end()) return std::nullopt;
    if (b->second.errors > a->second.errors)
      return design::Decision::Alternative{std::move(what), std::nullopt,
                                           "not every access pattern can be served then"};
    if (b->second.hot_keys > a->second.hot_keys)
      return design::Decision::Alternative{std::move(what), std::nullopt,
                                           "a partition key would take more than is planned for"};
    return design::Decision::Alternative{std::move(what), b->second.objective - a->second.objective,
                                         ""};
  }

 private:
  /// The readers' own dollars are the most that a copy can save, but for the index that it may spare.
  void drop_what_cannot_pay(const design::Design& design) {
    const pricing::CostReport cost = pricing::price(workload_, design, book_);
    std::erase_if(choices_, [&](const CopyChoice& choice) {
      support::Money readers;
      for (const PatternId reader : choice.readers) {
        if (design.plans[reader.index].served == design::Served::no) return false;
        readers += cost.patterns[reader.index];
      }
      return readers <= hurdle(1);
    });
  }

  [[nodiscard]] support::Money hurdle(std::size_t choices) const {
    return {workload_.settings.complexity_index.micro_usd * static_cast<std::int64_t>(choices)};
  }

  /// Fewer errors, fewer hot keys, or as many and cheaper by more than the copies have to save.
  [[nodiscard]] bool is_better(const Taken& taken, const Taken& than) {
    const Outcome& a = outcome(taken);
    const Outcome& b = outcome(than);
    if (a.errors != b.errors) return a.errors < b.errors;
    if (a.hot_keys != b.hot_keys) return a.hot_keys < b.hot_keys;
    return a.objective + hurdle(taken.size()) < b.objective + hurdle(than.size());
  }

  const Outcome& outcome(const Taken& taken) {
    const auto [place, is_new] = outcomes_.try_emplace(taken);
    if (!is_new) return place->second;
    PlanOptions quick = options_;
    quick.explain = false;
    quick.alternatives = 0;
    quick.frontier = false;
    support::Diagnostics found;
    const model::Workload workload = workload_with(taken);
    const auto design = plan(workload, book_, quick, found);
    place->second.errors = design ? found.count(support::Severity::error) : kImpossible;
    if (design) {
      place->second.hot_keys = overheated(workload, *design);
      place->second.objective = design->optimality.objective;
      nodes_ += design->optimality.nodes;
    }
    return place->second;
  }

  Taken best_of_all() {
    Taken best;
    for (std::size_t set = 1; set < (std::size_t{1} << choices_.size()); ++set) {
      Taken taken;
      for (std::size_t i = 0; i < choices_.size(); ++i) {
        if ((set >> i & 1) != 0) taken.push_back(i);
      }
      if (is_better(taken, best)) best = std::move(taken);
    }
    return best;
  }

  Taken best_one_by_one() {
    std::vector<std::size_t> single;
    for (std::size_t i = 0; i < choices_.size() && nodes_ < options_.effort; ++i) {
      if (is_better({i}, {})) single.push_back(i);
    }
    std::stable_sort(single.begin(), single.end(), [&](std::size_t a, std::size_t b) {
      return outcome({a}).objective < outcome({b}).objective;
    });
    Taken best;
    for (const std::size_t next : single) {
      if (!best.empty() && nodes_ >= options_.effort) break;
      Taken taken = best;
      taken.insert(std::upper_bound(taken.begin(), taken.end(), next), next);
      if (is_better(taken, best)) best = std::move(taken);
    }
    return best;
  }

  static constexpr std::size_t kImpossible = static_cast<std::size_t>(-1);

  const model::Workload& workload_;
  const pricing::PriceBook& book_;
  const PlanOptions& options_;
  std::vector<CopyChoice> choices_;
  std::map<Taken, Outcome> outcomes_;
  std::int64_t nodes_ = 0;
};

/// The decision about one choice, told under every pattern that it is about.
void explain(const model::Workload& workload, const CopySearch& search, const Taken& taken,
             std::size_t position, std::vector<design::Decision>& out) {
  const CopyChoice& choice = search.choices()[position];
  const model::Entity& child = workload.entity(choice.copies.child);
  const model::Relation& relation = child.relations[choice.copies.relation];
  const std::string& parent = workload.entity(relation.parents.front()).name;
  const std::string copies = "copies of " + parent + "'s " +
                             support::join_list(choice.copies.attributes) + " in every " +
                             child.name;
  const std::string fetch = "reading " + parent + " as well";
  const bool is_taken = std::binary_search(taken.begin(), taken.end(), position);
  Taken other = taken;
  if (is_taken) {
    std::erase(other, position);
  } else {
    other.insert(std::upper_bound(other.begin(), other.end(), position), position);
  }
  design::Decision decision;
  decision.chosen = is_taken ? copies : fetch;
  decision.reason = is_taken
                        ? "a copy is read with the row, and written once and when it changes"
                        : "a copy would have to be written too, and save more than an index costs";
  if (auto alternative = search.compare(taken, other, is_taken ? fetch : copies))
    decision.alternatives.push_back(*std::move(alternative));
  for (const PatternId reader : choice.readers) {
    decision.subject = "pattern:" + workload.pattern(reader).name;
    out.push_back(decision);
  }
}

}  // namespace

std::vector<CopyChoice> copy_choices(const model::Workload& workload) {
  return Choices(workload).collect();
}

Planned plan_with_copies(const model::Workload& workload, const pricing::PriceBook& book,
                         const PlanOptions& options, support::Diagnostics& diagnostics) {
  support::Diagnostics found;
  Planned out{workload, plan(workload, book, options, found)};
  CopySearch search(workload, book, options);
  if (!out.design || search.choices().empty()) {
    for (const support::Diagnostic& one : found.items()) diagnostics.add(one);
    return out;
  }
  const Taken taken = search.choose(*out.design, found.count(support::Severity::error));
  if (!taken.empty()) {
    found = {};
    out.workload = search.workload_with(taken);
    out.design = plan(out.workload, book, options, found);
  }
  if (out.design && options.explain) {
    for (std::size_t i = 0; i < search.choices().size(); ++i)
      explain(workload, search, taken, i, out.design->decisions);
  }
  for (const support::Diagnostic& one : found.items()) diagnostics.add(one);
  return out;
}

}  // namespace ddbplan::plan
