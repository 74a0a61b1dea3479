#include "plan/lp.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <limits>
#include <memory>
#include <set>

#include "dynamo/limits.h"
#include "plan/combine.h"
#include "plan/lp_names.h"
#include "plan/lp_shared.h"
#include "plan/search.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

/// Choices of one entity beyond which those that cannot matter are left out.
constexpr std::size_t kChoicesMost = 3000;
/// Evaluations that the enumeration of one entity's choices may take.
constexpr std::int64_t kEffort = 40000;
/// Dollars: less than the penalty's part for any one pattern.
constexpr double kPenaltyShareLeast = 1e6;

class Writer {
 public:
  Writer(const Problem& problem, const pricing::PriceBook& book, const SearchResult& best)
      : problem_(problem),
        workload_(problem.workload),
        best_(best),
        memo_(workload_, book),
        around_(problem, memo_) {}

  std::string write() {
    choose_modes();
    head();
    for (std::size_t j = 0; j < around_.joints().size(); ++j) add_joint(j);
    for (std::size_t e = 0; e < workload_.entities.size(); ++e) add_entity(e);
    for (std::size_t j = 0; j < around_.joints().size(); ++j) {
      if (around_.joints()[j].child) add_pairs(j);
    }
    for (std::size_t table = 0; table < problem_.tables.count; ++table) {
      add_indexes(table);
      add_sharing(table);
    }
    add_capacity();
    const double staying = problem_.held ? static_cast<double>(problem_.held->staying()) : 0;
    program_.charge("constant", static_cast<double>(problem_.tables.count) *
                                        workload_.settings.complexity_table.usd() +
                                    staying * workload_.settings.complexity_index.usd());
    program_.row("constant_is_one", {{1, "constant"}}, "=", 1);
    return program_.text();
  }

 private:
  /// Each table is paid for as is cheapest for the best design.
  void choose_modes() {
    modes_ = memo_.modes(best_.evaluation.assembly.design);
    const ProfileSpace& space = around_.space();
    // Provisioned capacity is in rows of its own, so the moments of a bound do not matter: the peak's.
    const ProfileSpace::Moments moments(4 * modes_.size(), 2);
    unit_prices_ = space.zero();
    for (std::size_t table = 0; table < modes_.size(); ++table) {
      const std::vector<double> prices = space.prices(modes_[table], moments);
      const auto from = static_cast<std::ptrdiff_t>(space.begin_of(table));
      const auto to = static_cast<std::ptrdiff_t>(space.begin_of(table + 1));
      std::copy(prices.begin() + from, prices.begin() + to, unit_prices_.begin() + from);
    }
    const std::vector<std::vector<std::size_t>> only(modes_.size(), {0});
    prices_ = Prices(space, {unit_prices_}, only);
  }

  [[nodiscard]] const std::string& table_name(std::size_t table) const {
    return best_.evaluation.assembly.design.tables[table].name;
  }
  /// What tells columns of several tables apart.
  [[nodiscard]] std::string suffix(std::size_t table) const {
    return modes_.size() == 1 ? std::string() : "_" + plain(table_name(table));
  }

  void head() {
    program_.comment("ddbplan: the cheapest design of " + plain(workload_.service) +
                     ", dollars a month with the price of complexity.");
    const std::string optimum =
        "The program's optimum: " + number(best_.evaluation.objective().usd()) + ".";
    if (modes_.size() == 1) {
      program_.comment("Billing: " + payment_text(modes_.front()) + ". " + optimum);
    } else {
      program_.comment(optimum);
      for (std::size_t table = 0; table < modes_.size(); ++table)
        program_.comment("Billing of " + plain(table_name(table)) + ": " +
                         payment_text(modes_[table]) + ".");
    }
    if (workload_.settings.free_tier) program_.comment("The free tier is not taken off here.");
  }

  void add_joint(std::size_t j) {
    const Joint& joint = around_.joints()[j];
    const std::string kind = joint.kind == Joint::Kind::together   ? "together_"
                             : joint.kind == Joint::Kind::in_index ? "in_index_"
                                                                   : "follows_";
    joints_.push_back(
        names_.unique(kind + plain(workload_.pattern(problem_.needs[joint.need].pattern).name)));
    program_.binary(joints_.back());
  }

  /// One way of deciding everything about an entity, and what it is made of.
  struct Choice {
    EntityChoice choice;
    Claims claims = 0;
    std::size_t layout = 0;
    ChoiceLoads loads;
  };
  struct Layout {
    std::size_t base = 0;
    Claims claims = 0;
    EntitySearch::Carried carried;
    std::string column;
    bool operator==(const Layout& other) const {
      return base == other.base && claims == other.claims && carried == other.carried;
    }
  };
  void add_entity(std::size_t entity) {
    const std::vector<Choice> choices = choices_of(entity);
    std::vector<Layout> layouts;
    std::vector<Choice> sorted = choices;
    for (Choice& choice : sorted) {
      Layout layout{
          choice.choice.base, choice.claims, search_->carried(choice.choice, choice.claims), {}};
      const auto found = std::find(layouts.begin(), layouts.end(), layout);
      choice.layout = static_cast<std::size_t>(found - layouts.begin());
      if (found == layouts.end()) layouts.push_back(std::move(layout));
    }
    add_layouts(entity, layouts, sorted);
    add_readings(entity, layouts, sorted);
    for (std::size_t l = 0; l < layouts.size(); ++l) {
      const auto found = std::find_if(sorted.begin(), sorted.end(),
                                      [&](const Choice& one) { return one.layout == l; });
      samples_[entity].push_back(
          {layouts[l].column, found->choice, layouts[l].claims, found->loads});
    }
    searches_[entity] = std::move(search_);
  }

  [[nodiscard]] bool claims(std::size_t entity, const SharingColumn& sample,
                            std::size_t joint) const {
    const std::vector<std::size_t>& joints = searches_.at(entity)->joints();
    const auto place = std::find(joints.begin(), joints.end(), joint) - joints.begin();
    return (sample.claims >> static_cast<std::size_t>(place) & 1U) != 0;
  }

  /// One Query for a parent and its children reads the items of two entities: what the parent's item is longer
  /// for its index keys is paid by the product of both layouts.
  void add_pairs(std::size_t joint) {
    const std::size_t need = around_.joints()[joint].need;
    const std::size_t parent = problem_.needs[need].entity.index;
    const std::size_t child = problem_.needs[*around_.joints()[joint].child].entity.index;
    const std::size_t pattern = problem_.needs[need].pattern.index;
    // All Needs of both entities: they decide which index keys the items carry.
    std::set<std::size_t> needs(problem_.needs_of_pattern[pattern].begin(),
                                problem_.needs_of_pattern[pattern].end());
    for (const std::size_t entity : {parent, child})
      needs.insert(around_.needs_of(entity).begin(), around_.needs_of(entity).end());
    const Scope scope{
        problem_.entities_of_pattern[pattern], {pattern}, {needs.begin(), needs.end()}, {}};
    for (const SharingColumn& below : samples_[child]) {
      if (!claims(child, below, joint)) continue;
      const double alone =
          query_dollars(searches_[child]->surrounded(below.choice, below.claims), scope);
      for (const SharingColumn& above : samples_[parent]) {
        if (!claims(parent, above, joint)) continue;
        State state = searches_[child]->surrounded(below.choice, below.claims);
        searches_[parent]->apply(above.choice, above.claims, state);
        const double more = query_dollars(state, scope) - alone;
        if (more < 1e-6) continue;
        const std::string column = names_.unique("pair_" + plain(workload_.patterns[pattern].name) +
                                                 "_" + std::to_string(++pairs_));
        program_.charge(column, more);
        program_.row("product_" + column, {{1, above.column}, {1, below.column}, {-1, column}},
                     "<=", 1);
      }
    }
  }

  /// On demand; provisioned, a pair's few units are left to the whole units of the table.
  double query_dollars(const State& state, const Scope& scope) {
    const Assembly assembly = assemble(problem_, state, {}, scope);
    if (!assembly.infeasible.empty()) return 0;
    LoadProfile load = around_.space().zero();
    const design::AccessPlan& plan = assembly.design.plans.front();
    if (plan.steps.empty() || modes_[plan.steps.front().table].provisioned) return 0;
    for (const PlanUnits::Part& part : memo_.units(assembly.design, plan).parts)
      around_.space().add(load, plan.pattern, part, assembly.design.tables,
                          ProfileSpace::Units::all);
    return prices_.of(load);
  }

  std::vector<Choice> choices_of(std::size_t entity) {
    search_ = std::make_unique<EntitySearch>(around_, entity);
    const double index = workload_.settings.complexity_index.usd();
    const double all = std::numeric_limits<double>::infinity();
    double slack = size_of(entity) <= kChoicesMost
                       ? all
                       : std::max(1.0, 0.1 * best_.evaluation.objective().usd());
    EntityParts parts;
    while (true) {
      around_.effort = around_.nodes + kEffort;
      parts = search_->search(prices_, {index, slack});
      std::size_t count = 0;
      for (const auto& one : parts.choices) count += one.second.size();
      if ((count <= kChoicesMost && !around_.exhausted()) || slack == 0) break;
      slack = slack == all ? std::max(1.0, 0.1 * best_.evaluation.objective().usd()) : slack / 4;
      if (slack < 0.01) slack = 0;
    }
    if (slack != all)
      program_.comment("Left out: choices for " + plain(workload_.entities[entity].name) +
                       " that are in no design within " + number(slack) +
                       " dollars of the cheapest.");
    double least = all;
    for (const auto& one : parts.choices) least = std::min(least, one.second.front().cost);
    std::vector<Choice> out;
    for (const auto& [claims, choices] : parts.choices) {
      for (const EntityChoice& choice : choices) {
        // Nothing is left unserved that can be served.
        if (choice.cost > least + kPenaltyShareLeast) continue;
        out.push_back({choice, claims, 0, search_->take_apart(choice, claims)});
      }
    }
    return out;
  }

  /// Combinations of base keys and ways to serve, roughly.
  [[nodiscard]] std::size_t size_of(std::size_t entity) const {
    std::size_t size = problem_.candidates.entities[entity].bases.size();
    for (const std::size_t n : around_.needs_of(entity)) {
      size *= std::max<std::size_t>(1, problem_.candidates.options[n].size());
      if (size > kChoicesMost) break;
    }
    return size;
  }

  void add_layouts(std::size_t entity, std::vector<Layout>& layouts,
                   const std::vector<Choice>& choices) {
    const std::string name = plain(workload_.entities[entity].name);
    const EntityCandidates& keys = problem_.candidates.entities[entity];
    Program::Terms one;
    std::map<std::string, Program::Terms> members;
    std::map<std::size_t, std::string> bases;
    std::map<std::size_t, std::string> entries;
    std::map<std::pair<std::size_t, std::string>, std::string> carries;
    const auto base_column = [&](std::size_t base) {
      auto [place, is_new] = bases.try_emplace(base);
      if (is_new) place->second = names_.unique("base_" + name + "__" + key_name(keys.bases[base]));
      return place->second;
    };
    const auto entry_column = [&](std::size_t entry) {
      auto [place, is_new] = entries.try_emplace(entry);
      if (is_new)
        place->second = names_.unique("open_" + name + "__" + key_name(keys.entries[entry]));
      return place->second;
    };
    const auto carry_column = [&](std::size_t entry, const std::string& attribute) {
      auto [place, is_new] = carries.try_emplace({entry, attribute});
      if (is_new)
        place->second =
            names_.unique("carry_" + entry_column(entry).substr(5) + "__" + plain(attribute));
      return place->second;
    };
    for (std::size_t l = 0; l < layouts.size(); ++l) {
      Layout& layout = layouts[l];
      layout.column = names_.unique("layout_" + name + "_" + std::to_string(l + 1));
      program_.binary(layout.column);
      one.emplace_back(1, layout.column);
      std::vector<std::string> parts{base_column(layout.base)};
      for (const auto& [entry, names] : layout.carried) {
        parts.push_back(entry_column(entry));
        if (!names) parts.push_back(carry_column(entry, "all"));
        for (const std::string& attribute : names.value_or(std::vector<std::string>()))
          parts.push_back(carry_column(entry, attribute));
      }
      const std::vector<std::size_t>& joints = search_->joints();
      for (std::size_t j = 0; j < joints.size(); ++j) {
        if ((layout.claims >> j & 1U) != 0) parts.push_back(joints_[joints[j]]);
      }
      program_.comment(layout.column + " = " + support::join(parts, " * "));
      for (const std::string& part : parts) members[part].emplace_back(1, layout.column);
      charge_layout(entity, layout.column, l, choices);
    }
    program_.row("one_layout_" + name, one, "=", 1);
    for (const std::size_t joint : search_->joints()) members.try_emplace(joints_[joint]);
    for (auto& [column, terms] : members) {
      const bool is_joint = std::find(joints_.begin(), joints_.end(), column) != joints_.end();
      if (!is_joint) program_.binary(column);
      terms.emplace_back(-1, column);
      program_.row("is_" + name + "_" + column, terms, "=", 0);
    }
  }

  void charge_layout(std::size_t entity, const std::string& column, std::size_t layout,
                     const std::vector<Choice>& choices) {
    const auto found = std::find_if(choices.begin(), choices.end(),
                                    [&](const Choice& one) { return one.layout == layout; });
    double dollars = prices_.of(found->loads.storage);
    for (const ChoiceLoads::Load& load : found->loads.loads) {
      if (!load.pattern) dollars += charge(column, load);
    }
    program_.charge(column, dollars);
    for (std::size_t kind = 0; kind < kSlotKinds; ++kind) {
      const double count = found->choice.slots[kind];
      if (count > 0) slots_[kind][entity].emplace_back(count, column);
    }
    for (HeldUse held = found->choice.held; held != 0; held &= held - 1)
      held_users_[static_cast<std::size_t>(std::countr_zero(held))].push_back(column);
  }

  /// What entities of the table make each other's entries carry.
  void add_sharing(std::size_t table) {
    std::vector<SharingEntity> sharing;
    for (const auto& [entity, layouts] : samples_) {
      if (problem_.tables.table_of[entity] != table) continue;
      SharingEntity one{entity, workload_.entities[entity].name, *searches_.at(entity), {}};
      for (std::size_t l = 0; l < layouts.size(); ++l)
        one.layouts.push_back({layouts[l], readings_in_[entity][l]});
      sharing.push_back(std::move(one));
    }
    const ChargeLoads charge_loads = [this](const std::string& column, const ChoiceLoads& more,
                                            std::optional<std::size_t> pattern) {
      double dollars = pattern ? 0 : prices_.of(more.storage);
      for (const ChoiceLoads::Load& load : more.loads) {
        if (load.pattern == pattern) dollars += charge(column, load);
      }
      program_.charge(column, dollars);
    };
    add_shared_projections(sharing, suffix(table), charge_loads, names_, program_);
  }

  /// Dollars on demand; provisioned the load goes into the rows of its resource.
  double charge(const std::string& column, const ChoiceLoads::Load& load) {
    double dollars = 0;
    for (const bool is_write : {false, true}) {
      const auto& units = is_write ? load.write : load.read;
      if (!modes_[load.table].provisioned) {
        for (const std::vector<double>& sample : units)
          dollars += sample[0] * unit_price(load.table, load.slot.has_value(), is_write);
        continue;
      }
      double sum = 0;
      for (const std::vector<double>& sample : units) {
        for (std::size_t moment = 1; moment < sample.size(); ++moment) sum += sample[moment];
      }
      if (sum > 0) capacity_[{load.table, load.slot, is_write}].emplace_back(column, units);
    }
    return dollars;
  }

  /// Of one unit a second.
  [[nodiscard]] double unit_price(std::size_t table, bool in_index, bool is_write) const {
    return around_.space().unit_price(unit_prices_, table, in_index, is_write);
  }

  void add_readings(std::size_t entity, const std::vector<Layout>& layouts,
                    const std::vector<Choice>& choices) {
    std::map<std::pair<std::size_t, std::vector<std::size_t>>, std::map<std::size_t, const Choice*>>
        ways;
    const std::vector<std::size_t>& needs = around_.needs_of(entity);
    std::set<std::size_t> patterns;
    for (const std::size_t n : needs) patterns.insert(problem_.needs[n].pattern.index);
    for (const Choice& choice : choices) {
      for (const std::size_t pattern : patterns) {
        std::vector<std::size_t> serve;
        for (std::size_t i = 0; i < needs.size(); ++i) {
          if (problem_.needs[needs[i]].pattern.index == pattern)
            serve.push_back(choice.choice.serve[i]);
        }
        ways[{pattern, serve}].try_emplace(choice.layout, &choice);
      }
    }
    std::map<std::size_t, Program::Terms> one_way;
    for (const auto& [way, in_layouts] : ways) {
      const std::string column = serve_column(entity, way.first, way.second);
      program_.binary(column);
      one_way[way.first].emplace_back(1, column);
      Program::Terms reads;
      for (const auto& [layout, choice] : in_layouts) {
        const std::string read = names_.unique("read_" + plain(workload_.patterns[way.first].name) +
                                               "_" + std::to_string(++readings_));
        program_.binary(read);
        reads.emplace_back(1, read);
        program_.row("layout_of_" + read, {{1, read}, {-1, layouts[layout].column}}, "<=", 0);
        double dollars = 0;
        for (const ChoiceLoads::Load& load : choice->loads.loads) {
          if (load.pattern == way.first) dollars += charge(read, load);
        }
        program_.charge(read, dollars);
        readings_in_[entity][layout].push_back(
            {read, choice->choice, choice->claims, choice->loads, way.first});
      }
      reads.emplace_back(-1, column);
      program_.row("reads_" + column, reads, "=", 0);
    }
    for (const auto& [pattern, terms] : one_way)
      program_.row("one_way_" + plain(workload_.patterns[pattern].name) + "_" +
                       plain(workload_.entities[entity].name),
                   terms, "=", 1);
  }

  std::string serve_column(std::size_t entity, std::size_t pattern,
                           const std::vector<std::size_t>& serve) {
    std::string name = "serve_" + plain(workload_.patterns[pattern].name);
    std::size_t at = 0;
    for (const std::size_t n : around_.needs_of(entity)) {
      if (problem_.needs[n].pattern.index != pattern) continue;
      const std::size_t chosen = serve[at++];
      if (chosen == kUnserved) {
        name += "__unserved";
        continue;
      }
      name +=
          way_name(problem_.candidates.entities[entity], problem_.candidates.options[n][chosen]);
    }
    return names_.unique(std::move(name));
  }

  void add_indexes(std::size_t table) {
    Program::Terms global;
    for (std::size_t kind = 0; kind < kSlotKinds; ++kind) {
      const std::map<std::size_t, Program::Terms> members =
          in_table(slots_[kind], problem_.tables, table);
      if (members.empty()) continue;
      const std::string column = std::string("indexes_") + kSlotNames[kind] + suffix(table);
      program_.integer(column);
      program_.charge(column, workload_.settings.complexity_index.usd());
      if (kind < 3 || kind == kUnshared) global.emplace_back(1, column);
      Program::Terms sum{{1, column}};
      for (const auto& [entity, terms] : members) {
        Program::Terms row{{1, column}};
        for (const auto& [count, layout] : terms) {
          row.emplace_back(-count, layout);
          sum.emplace_back(-count, layout);
        }
        if (kind != kUnshared)
          program_.row("enough_" + column + "_" + plain(workload_.entities[entity].name), row,
                       ">=", 0);
      }
      if (kind == kUnshared) program_.row("enough_" + column, sum, ">=", 0);
    }
    int most = dynamo::limits::kGlobalIndexesMax;
    if (workload_.limits.global_indexes) most = std::min(most, *workload_.limits.global_indexes);
    // What is held is in the one table.
    most -= add_held_indexes(global);
    program_.row("most_indexes" + suffix(table), global, "<=", most);
  }

  /// Those of an earlier design: a column each, but for those that stay in any case. Returns the number of global
  /// ones among the latter.
  int add_held_indexes(Program::Terms& global) {
    int staying = 0;
    const std::size_t count = problem_.held ? problem_.held->indexes.size() : 0;
    for (std::size_t i = 0; i < count; ++i) {
      const HeldIndex& held = problem_.held->indexes[i];
      if (held.stays) {
        staying += held.index.local ? 0 : 1;
        continue;
      }
      if (held_users_[i].empty()) continue;
      const std::string column = names_.unique("index_" + plain(held.index.name));
      program_.binary(column);
      program_.charge(column, workload_.settings.complexity_index.usd());
      if (!held.index.local) global.emplace_back(1, column);
      for (const std::string& layout : held_users_[i])
        program_.row("needs_" + column + "_" + layout, {{1, column}, {-1, layout}}, ">=", 0);
    }
    return staying;
  }

  /// Whole units of every table and index: enough for the mean with its room, the peak and each event, and at
  /// least one.
  void add_capacity() {
    for (std::size_t table = 0; table < modes_.size(); ++table) {
      if (!modes_[table].provisioned) continue;
      for (const bool is_write : {false, true}) capacity_[{table, std::nullopt, is_write}];
      for (std::size_t kind = 0; kind < kSlotKinds; ++kind) {
        for (const std::size_t ordinal : ordinals(kind, table)) {
          for (const bool is_write : {false, true}) capacity_[{table, {{kind, ordinal}}, is_write}];
        }
      }
    }
    const bool holds = problem_.held && modes_.front().provisioned;
    for (std::size_t i = 0; holds && i < problem_.held->indexes.size(); ++i) {
      const HeldIndex& held = problem_.held->indexes[i];
      const bool is_there = held.stays || !held_users_[i].empty();
      for (const bool is_write : {false, true}) {
        if (is_there && !held.index.local) capacity_[{0, {{kHeldSlot, i}}, is_write}];
      }
    }
    for (const auto& [resource, users] : capacity_) {
      for (std::size_t sample = 0; sample < memo_.samples().size(); ++sample)
        add_units(resource, users, sample);
    }
  }

  using Users = std::vector<std::pair<std::string, std::vector<std::vector<double>>>>;

  void add_units(const Resource& resource, const Users& users, std::size_t sample) {
    const double weight = memo_.samples()[sample].weight;
    const std::string column =
        names_.unique("units_" + resource_name(resource) + "_" + std::to_string(sample + 1));
    program_.integer(column);
    program_.charge(
        column, weight * unit_price(resource.table, resource.slot.has_value(), resource.is_write));
    std::map<std::size_t, Program::Terms> rows;
    for (const auto& [user, units] : users) {
      for (std::size_t moment = 1; moment < units[sample].size(); ++moment) {
        const double load = units[sample][moment] / weight;
        if (load > 1e-9) rows[moment].emplace_back(-load, user);
      }
    }
    for (auto& [moment, row] : rows) {
      row.emplace_back(1, column);
      program_.row("enough_" + column + "_at_" + std::to_string(moment), row, ">=", -1e-9);
    }
    const bool is_held = resource.slot && resource.slot->first == kHeldSlot;
    if (!resource.slot || (is_held && problem_.held->indexes[resource.slot->second].stays))
      return program_.row("least_" + column, {{1, column}}, ">=", 1);
    const auto [kind, ordinal] = *resource.slot;
    if (is_held) {
      for (const std::string& layout : held_users_[ordinal])
        program_.row("least_" + column + "_" + layout, {{1, column}, {-1, layout}}, ">=", 0);
      return;
    }
    for (const auto& [entity, terms] : in_table(slots_[kind], problem_.tables, resource.table)) {
      Program::Terms row{{1, column}};
      for (const auto& [count, layout] : terms) {
        const std::size_t own = kind == kUnshared ? ordinal % kSlotsOfEntity : ordinal;
        const bool is_here = kind != kUnshared || ordinal / kSlotsOfEntity == entity;
        if (is_here && count > static_cast<double>(own)) row.emplace_back(-1, layout);
      }
      if (row.size() > 1)
        program_.row("least_" + column + "_" + std::to_string(entity), row, ">=", 0);
    }
  }

  /// Indexes of a kind that there may be.
  [[nodiscard]] std::vector<std::size_t> ordinals(std::size_t kind, std::size_t table) const {
    std::set<std::size_t> out;
    const bool is_local = kind >= 3 && kind != kUnshared;
    for (const auto& [entity, terms] : in_table(slots_[kind], problem_.tables, table)) {
      for (const auto& [count, layout] : terms) {
        for (std::size_t i = 0; i < static_cast<std::size_t>(count) && !is_local; ++i)
          out.insert(kind == kUnshared ? entity * kSlotsOfEntity + i : i);
      }
    }
    return {out.begin(), out.end()};
  }

  [[nodiscard]] std::string resource_name(const Resource& resource) const {
    const std::string name = resource.is_write ? "write_" : "read_";
    if (!resource.slot) return name + "table" + suffix(resource.table);
    if (resource.slot->first == kHeldSlot)
      return name + plain(problem_.held->indexes[resource.slot->second].index.name);
    return name + kSlotNames[resource.slot->first] + "_" +
           std::to_string(resource.slot->second + 1) + suffix(resource.table);
  }

  const Problem& problem_;
  const model::Workload& workload_;
  const SearchResult& best_;
  CostMemo memo_;
  Surroundings around_;
  std::vector<pricing::PaymentMode> modes_;  ///< by table
  std::vector<double> unit_prices_;
  Prices prices_;
  Program program_;
  Names names_;
  std::vector<std::string> joints_;
  std::unique_ptr<EntitySearch> search_;
  std::map<std::size_t, std::unique_ptr<EntitySearch>> searches_;
  std::map<std::size_t, std::vector<SharingColumn>> samples_;  ///< by entity and layout
  std::map<std::size_t, std::map<std::size_t, std::vector<SharingColumn>>> readings_in_;
  std::size_t pairs_ = 0;
  std::array<std::map<std::size_t, Program::Terms>, kSlotKinds> slots_;
  std::map<std::size_t, std::vector<std::string>> held_users_;  ///< layouts, by held index
  std::map<Resource, Users> capacity_;
  std::size_t readings_ = 0;
};

}  // namespace

std::string linear_program(const Problem& problem, const pricing::PriceBook& book,
                           const SearchResult& best) {
  return Writer(problem, book, best).write();
}

}  // namespace ddbplan::plan
