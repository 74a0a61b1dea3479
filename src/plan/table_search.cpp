#include "plan/table_search.h"

#include <algorithm>
#include <limits>
#include <map>

#include "support/text.h"

namespace ddbplan::plan {

namespace {

class TableSearch {
 public:
  TableSearch(const model::Workload& workload, const pricing::PriceBook& book,
              const SearchOptions& options, const Pose& pose)
      : workload_(workload), book_(book), options_(options), pose_(pose) {}

  TableSearchResult run() {
    const model::Layout layout = workload_.settings.layout;
    const bool one_style = workload_.settings.key_style != model::KeyStyle::automatic;
    if (layout == model::Layout::automatic) {
      consider(fewest_tables());
      consider(table_per_entity(workload_));
      improve();
      return finish();
    }
    const TablePlan tables = layout == model::Layout::table_per_entity ? table_per_entity(workload_)
                                                                       : single_table(workload_);
    if (one_style) return only(tables);
    is_forced_ = true;
    is_complete_ = true;
    consider(tables);
    return finish();
  }

 private:
  struct Searched {
    TablePlan tables;
    std::optional<support::Money> objective;  ///< with its penalty
    std::optional<support::Money> lower_bound;
    std::int64_t nodes = 0;
    std::string ruled_out;
  };

  TableSearchResult only(const TablePlan& tables) const {
    auto problem = std::make_shared<const Problem>(pose_(tables));
    SearchResult found = search(*problem, book_, options_);
    return {std::move(problem), std::move(found), {}};
  }

  /// One table, or one for each attribute that drives TTL.
  [[nodiscard]] TablePlan fewest_tables() const {
    std::map<std::string, std::size_t> by_attribute;
    std::vector<std::size_t> table_of;
    for (const model::Entity& entity : workload_.entities) {
      const std::size_t next = by_attribute.size();
      table_of.push_back(
          entity.retention
              ? by_attribute.try_emplace(entity.retention->attribute, next).first->second
              : 0);
    }
    return renumbered(table_of);
  }

  [[nodiscard]] bool is_allowed(const TablePlan& tables) const {
    if (is_forced_) return true;  // and reported
    const std::optional<int>& most = workload_.limits.tables;
    return (!most || tables.count <= static_cast<std::size_t>(std::max(1, *most))) &&
           !ttl_conflict(workload_, tables);
  }

  /// The grouping in each style of keys that the settings leave open.
  [[nodiscard]] std::vector<TablePlan> in_styles(TablePlan tables) const {
    const model::KeyStyle style = workload_.settings.key_style;
    tables.natural = style == model::KeyStyle::natural;
    std::vector<TablePlan> out{tables};
    if (style != model::KeyStyle::automatic) return out;
    tables.natural = true;
    out.push_back(std::move(tables));
    return out;
  }

  void consider(const TablePlan& tables) {
    for (const TablePlan& styled : in_styles(tables)) consider_styled(styled);
  }

  /// Searches a grouping once. The best is kept by its place in `searched_`.
  void consider_styled(const TablePlan& tables) {
    const bool is_known = std::any_of(searched_.begin(), searched_.end(),
                                      [&](const Searched& one) { return one.tables == tables; });
    if (is_known) return;
    Searched out;
    out.tables = tables;
    if (!is_allowed(tables)) {
      out.ruled_out = ttl_conflict(workload_, tables)
                          ? "a table has one TTL attribute"
                          : "limits.tables allows " + std::to_string(*workload_.limits.tables);
      searched_.push_back(std::move(out));
      return;
    }
    // What each costs is reported, and so searched to its end.
    SearchOptions options = options_;
    options.alternatives = 0;
    options.below.reset();
    auto problem = std::make_shared<const Problem>(pose_(tables));
    SearchResult found = search(*problem, book_, options);
    nodes_ += found.nodes;
    out.nodes = found.nodes;
    out.lower_bound = found.lower_bound;
    out.ruled_out = found.evaluation.infeasible;
    if (out.ruled_out.empty()) out.objective = found.evaluation.ranking();
    searched_.push_back(std::move(out));
    const Searched& last = searched_.back();
    const bool is_better =
        last.objective &&
        (!best_ || last.objective->usd() < searched_[*best_].objective->usd() - kTolerance);
    if (!is_better) return;
    best_ = searched_.size() - 1;
    of_best_ = {std::move(problem), std::move(found), {}};
  }

  [[nodiscard]] double best() const {
    return best_ ? searched_[*best_].objective->usd() : std::numeric_limits<double>::infinity();
  }

  /// Tables that another grouping may have and still cost less than the best.
  [[nodiscard]] bool may_be_better(std::size_t tables) const {
    const double price = workload_.settings.complexity_table.usd() * static_cast<double>(tables);
    return bound_ + price < best() - kTolerance;
  }

  void improve() {
    const std::size_t entities = workload_.entities.size();
    std::vector<Problem> extremes;
    for (const TablePlan& tables : {single_table(workload_), table_per_entity(workload_)}) {
      for (const TablePlan& styled : in_styles(tables)) extremes.push_back(pose_(styled));
    }
    bound_ = bound_of_groupings(extremes, book_, options_.effort);
    if (entities <= kAllGroupings) {
      std::vector<std::size_t> table_of(entities, 0);
      consider_all(table_of, 1, 1);
      is_complete_ = true;
      return;
    }
    is_complete_ = true;
    for (std::size_t tables = 2; tables < entities; ++tables)
      is_complete_ = is_complete_ && !may_be_better(tables);
    for (int round = 0; round < kRoundsMost && !is_complete_ && best_; ++round) {
      const std::size_t before = *best_;
      for (const TablePlan& tables : neighbours(searched_[before].tables)) {
        if (nodes_ >= options_.effort) return;
        if (may_be_better(tables.count)) consider(tables);
      }
      if (*best_ == before) break;
    }
  }

  /// Every grouping once: an entity joins a table that an earlier one is in, or opens the next.
  void consider_all(std::vector<std::size_t>& table_of, std::size_t entity, std::size_t tables) {
    if (entity >= table_of.size()) {
      if (may_be_better(tables)) consider({table_of, tables, false});
      return;
    }
    for (std::size_t table = 0; table <= tables; ++table) {
      table_of[entity] = table;
      consider_all(table_of, entity + 1, std::max(tables, table + 1));
    }
  }

  /// One entity moved to another table or a new one, or two tables joined.
  [[nodiscard]] static std::vector<TablePlan> neighbours(const TablePlan& tables) {
    std::vector<TablePlan> out;
    const auto offer = [&](const std::vector<std::size_t>& table_of) {
      TablePlan made = renumbered(table_of);
      if (!(made == tables) && std::find(out.begin(), out.end(), made) == out.end())
        out.push_back(std::move(made));
    };
    for (std::size_t entity = 0; entity < tables.table_of.size(); ++entity) {
      for (std::size_t table = 0; table <= tables.count; ++table) {
        std::vector<std::size_t> moved = tables.table_of;
        moved[entity] = table;
        offer(moved);
      }
    }
    for (std::size_t a = 0; a < tables.count; ++a) {
      for (std::size_t b = a + 1; b < tables.count; ++b) {
        std::vector<std::size_t> joined = tables.table_of;
        std::replace(joined.begin(), joined.end(), b, a);
        offer(joined);
      }
    }
    return out;
  }

  TableSearchResult finish() {
    // Where no grouping is possible, the one of the fewest tables shows why.
    TableSearchResult out = best_ && options_.alternatives == 0
                                ? std::move(of_best_)
                                : only(searched_[best_.value_or(0)].tables);
    for (const Searched& one : searched_) {
      if (!(one.tables == out.problem->tables)) {
        out.others.push_back({one.tables, one.objective, one.ruled_out});
        out.found.nodes += one.nodes;
      }
    }
    std::stable_sort(out.others.begin(), out.others.end(), [](const auto& a, const auto& b) {
      if (a.objective.has_value() != b.objective.has_value()) return a.objective.has_value();
      return a.objective && *a.objective < *b.objective;
    });
    settle_bound(out.found);
    return out;
  }

  /// The bound of the whole search: that of every grouping that was searched, and of all others together.
  void settle_bound(SearchResult& found) const {
    if (!best_) return;
    const double objective = found.evaluation.objective().usd();
    double bound = objective;
    for (const Searched& one : searched_) {
      if (one.lower_bound) bound = std::min(bound, one.lower_bound->usd());
    }
    if (!is_complete_)
      bound = std::min(bound, bound_ + 2 * workload_.settings.complexity_table.usd());
    found.proven = found.proven && bound >= objective - kTolerance;
    found.lower_bound = support::Money::from_usd(found.proven ? objective : std::max(0.0, bound));
  }

  /// So few entities that all of their groupings are looked at: 15 of four.
  static constexpr std::size_t kAllGroupings = 4;
  static constexpr int kRoundsMost = 4;

  const model::Workload& workload_;
  const pricing::PriceBook& book_;
  const SearchOptions& options_;
  const Pose& pose_;
  std::vector<Searched> searched_;
  std::optional<std::size_t> best_;
  TableSearchResult of_best_;
  std::int64_t nodes_ = 0;
  double bound_ = 0;
  bool is_complete_ = false;
  bool is_forced_ = false;  ///< the grouping is given, only the style is open
};

}  // namespace

std::string describe(const model::Workload& workload, const TablePlan& tables) {
  const bool open = workload.settings.key_style == model::KeyStyle::automatic;
  const std::string style = !open            ? std::string()
                            : tables.natural ? ", attributes as keys"
                                             : ", generic keys";
  if (tables.count == 1) return "one table" + style;
  if (tables.count == workload.entities.size()) return "a table for each entity" + style;
  std::vector<std::string> parts;
  for (std::size_t table = 0; table < tables.count; ++table) {
    std::vector<std::string> names;
    for (const model::EntityId member : tables.members(table))
      names.push_back(workload.entity(member).name);
    parts.push_back(support::join_list(names));
  }
  return std::to_string(tables.count) + " tables: " + support::join(parts, "; ") + style;
}

TableSearchResult search_tables(const model::Workload& workload, const pricing::PriceBook& book,
                                const SearchOptions& options, const Pose& pose) {
  return TableSearch(workload, book, options, pose).run();
}

}  // namespace ddbplan::plan
