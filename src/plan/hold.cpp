#include "plan/hold.h"

#include <algorithm>

#include "plan/base_key.h"
#include "plan/held_key.h"
#include "plan/layouts.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::contains;

/// Bits of HeldUse.
constexpr std::size_t kHeldIndexesMost = 64;

class Holder {
 public:
  Holder(Problem& problem, const design::EarlierDesign& earlier)
      : problem_(problem), workload_(problem.workload), earlier_(earlier) {}

  std::vector<design::Continuity::Loss> run() {
    const design::Table& table = earlier_.tables.front();
    held_.table = table.name;
    held_.table_key = table.key;
    for (const design::Index& index : table.indexes)
      held_.indexes.push_back({index, index.local, {}});
    for (std::size_t e = 0; e < workload_.entities.size(); ++e) hold_entity(e);
    problem_.held = held_;
    list_options();
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) pin(n);
    problem_.held = held_;
    for (std::size_t e = 0; e < workload_.entities.size(); ++e) let_join(e);
    return std::move(losses_);
  }

 private:
  void lose(std::size_t entity, std::string subject, std::string what, std::string why) {
    losses_.push_back(
        {workload_.entities[entity].name, std::move(subject), std::move(what), std::move(why)});
  }

  [[nodiscard]] const design::EarlierItem* earlier_row(std::size_t entity) const {
    const auto found = earlier_.entities.find(workload_.entities[entity].name);
    if (found == earlier_.entities.end()) return nullptr;
    for (const design::EarlierItem& item : found->second) {
      if (item.role == "row") return &item;
    }
    return nullptr;
  }

  void hold_entity(std::size_t e) {
    EntityCandidates& keys = problem_.candidates.entities[e];
    // A local index is made with its table or never.
    std::erase_if(keys.entries, [](const KeySpec& key) { return key.local; });
    const design::EarlierItem* row = earlier_row(e);
    if (row == nullptr) return;
    if (row->type) held_.typed.insert(e);
    hold_base(e, row->keys.front());
    for (std::size_t k = 1; k < row->keys.size(); ++k) hold_entry(e, row->keys[k]);
  }

  void hold_base(std::size_t e, const design::EarlierKey& key) {
    const model::EntityId id{e};
    ReadBack read = base_read_back(workload_, id, key);
    if (read.spec && read.why_not.empty())
      read.why_not = BaseKeyRule(workload_, id).judge(*read.spec);
    if (!read.why_not.empty())
      return lose(e, "entity:" + workload_.entities[e].name,
                  "the key " + key.partition.front() + " / " + support::join(key.sort, ", "),
                  read.why_not);
    problem_.candidates.entities[e].bases = {*std::move(read.spec)};
    held_.sort_literals[e] = read.sort_literal;
    held_.shards[{e, kBaseKey}] = key.shards;
  }

  void hold_entry(std::size_t e, const design::EarlierKey& key) {
    const auto place = std::find_if(
        held_.indexes.begin(), held_.indexes.end(),
        [&](const HeldIndex& one) { return key.index && one.index.name == *key.index; });
    if (place == held_.indexes.end()) return;
    place->entities.insert(e);
    EntityCandidates& keys = problem_.candidates.entities[e];
    const bool has_base = held_.sort_literals.contains(e);
    ReadBack read =
        entry_read_back(workload_, model::EntityId{e}, key, keys.bases.front(), place->index.local);
    if (place->index.local && !has_base) read.why_not = "the key of its table is not held";
    if (!read.why_not.empty())
      return lose(e, "index:" + *key.index,
                  "the key " + key.partition.front() + " / " + support::join(key.sort, ", ") +
                      " of " + workload_.entities[e].name,
                  read.why_not);
    KeySpec spec = *std::move(read.spec);
    spec.held = static_cast<std::size_t>(place - held_.indexes.begin());
    held_.shards[{e, keys.entries.size()}] = key.shards;
    keys.entries.push_back(std::move(spec));
  }

  void list_options() {
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
      const Need& need = problem_.needs[n];
      const EntityCandidates& keys = problem_.candidates.entities[need.entity.index];
      std::vector<Option>& options = problem_.candidates.options[n];
      options = options_of(workload_, need, keys);
      std::erase_if(options, [&](const Option& option) { return !projects_enough(need, option); });
    }
  }

  /// What the answer needs is in the index, whatever the base key.
  [[nodiscard]] bool projects_enough(const Need& need, const Option& option) const {
    if (option.kind != Option::Kind::entry) return true;
    const HeldIndex* held = problem_.held_index(problem_.entry(need.entity, option.candidate));
    if (held == nullptr || held->index.projection.type == dynamo::ProjectionType::all) return true;
    State state;
    state.base.assign(workload_.entities.size(), 0);
    const std::size_t bases = problem_.candidates.entities[need.entity.index].bases.size();
    for (std::size_t b = 0; b < bases; ++b) {
      state.base[need.entity.index] = b;
      const auto needed = needed_in_index(problem_, state, need, option);
      const bool is_there =
          needed && std::all_of(needed->begin(), needed->end(), [&](const std::string& name) {
            return contains(held->index.projection.attributes, name) ||
                   held->index.key.sort.front().name == name;
          });
      if (!is_there) return false;
    }
    return true;
  }

  /// A pattern that read an index still does, unless it asks for more now than the index has.
  void pin(std::size_t n) {
    const Need& need = problem_.needs[n];
    const auto found = earlier_.patterns.find(workload_.pattern(need.pattern).name);
    if (found == earlier_.patterns.end()) return;
    std::vector<Option>& options = problem_.candidates.options[n];
    std::vector<Option> kept;
    std::set<std::size_t> indexes;
    for (const design::EarlierQuery& query : found->second) {
      if (!contains(query.entities, workload_.entity(need.entity).name)) continue;
      std::vector<Option> ways;
      bool is_as_before = query.fetches;
      for (const Option& option : options) {
        const HeldIndex* held = held_by(need, option);
        if (held == nullptr || held->index.name != query.index) continue;
        ways.push_back(option);
        is_as_before = is_as_before || !option.fetch;
        indexes.insert(*problem_.entry(need.entity, option.candidate).held);
      }
      if (is_as_before) kept.insert(kept.end(), ways.begin(), ways.end());
    }
    if (kept.empty()) {
      if (!indexes.empty()) refuse_narrower(need, options, indexes);
      return;
    }
    options = std::move(kept);
    if (indexes.size() == 1) held_.indexes[*indexes.begin()].stays = true;
  }

  /// The index has not all that is asked for now. Another one is made to have it, not to have less and be fetched
  /// from as well.
  void refuse_narrower(const Need& need, std::vector<Option>& options,
                       const std::set<std::size_t>& indexes) const {
    std::erase_if(options, [&](const Option& option) {
      if (option.kind != Option::Kind::entry || !option.fetch) return false;
      const auto& held = problem_.entry(need.entity, option.candidate).held;
      return !held || !indexes.contains(*held);
    });
  }

  [[nodiscard]] const HeldIndex* held_by(const Need& need, const Option& option) const {
    if (option.kind != Option::Kind::entry) return nullptr;
    return problem_.held_index(problem_.entry(need.entity, option.candidate));
  }

  /// New entries in indexes that stay. Where the entity's items have had the index's key attributes for something
  /// else, readers would see both until every item is written anew.
  void let_join(std::size_t e) {
    EntityCandidates& keys = problem_.candidates.entities[e];
    const std::size_t count = keys.entries.size();
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t h = 0; h < held_.indexes.size(); ++h) {
        const HeldIndex& held = held_.indexes[h];
        const bool is_open = held.stays && !held.index.local && !held.entities.contains(e) &&
                             held.index.key.sort.front().type == dynamo::ScalarType::S;
        const KeySpec& spec = keys.entries[i];
        if (!is_open || spec.held || sorts_by_number(workload_, spec)) continue;
        KeySpec joining = spec;
        joining.held = h;
        offer(e, std::move(joining));
      }
    }
  }

  void offer(std::size_t e, KeySpec joining) {
    EntityCandidates alone;
    alone.entries = {joining};
    EntityCandidates& keys = problem_.candidates.entities[e];
    const std::size_t position = keys.entries.size();
    keys.entries.push_back(std::move(joining));
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
      const Need& need = problem_.needs[n];
      if (need.entity.index != e || is_pinned(n)) continue;
      for (Option option : options_of(workload_, need, alone)) {
        if (option.kind != Option::Kind::entry) continue;
        option.candidate = position;
        if (projects_enough(need, option)) problem_.candidates.options[n].push_back(option);
      }
    }
  }

  [[nodiscard]] bool is_pinned(std::size_t n) const {
    const std::vector<Option>& options = problem_.candidates.options[n];
    return !options.empty() && std::all_of(options.begin(), options.end(), [&](const Option& one) {
      const HeldIndex* held = held_by(problem_.needs[n], one);
      return held != nullptr && held->entities.contains(problem_.needs[n].entity.index);
    });
  }

  Problem& problem_;
  const model::Workload& workload_;
  const design::EarlierDesign& earlier_;
  Held held_;
  std::vector<design::Continuity::Loss> losses_;
};

}  // namespace

std::string why_not_holdable(const design::EarlierDesign& earlier) {
  if (earlier.tables.size() > 1) return "a design of several tables cannot be held yet";
  const design::Table& table = earlier.tables.front();
  const dynamo::KeySchema generic{{{"PK", dynamo::ScalarType::S}}, {{"SK", dynamo::ScalarType::S}}};
  if (!(table.key == generic))
    return "the table " + table.name +
           " has other key attributes than PK and SK, which cannot be held yet";
  if (table.indexes.size() > kHeldIndexesMost) return "no table has so many indexes";
  for (const design::Index& index : table.indexes) {
    if (index.key.partition.size() != 1 || index.key.sort.size() != 1)
      return "the index " + index.name +
             " has a key of several attributes, which cannot be held yet";
  }
  return {};
}

std::vector<design::Continuity::Loss> hold(Problem& problem, const design::EarlierDesign& earlier) {
  return Holder(problem, earlier).run();
}

}  // namespace ddbplan::plan
