// Which tables there shall be: the groupings of entities that settings.layout allows, each searched for its
// cheapest design, and compared with the price of their tables.
//
// With `key_style: auto` both styles of keys compete as well. With `layout: auto` one table and a table for each entity compete. A lower bound over all groupings says
// whether one between them could cost less; where it could, the neighbours of the better are searched, one
// entity moved or two tables joined at a time, while that saves anything.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plan/search.h"

namespace ddbplan::plan {

/// "one table", "a table for each entity", or whose tables there are; with the style of the keys where the settings
/// leave it open.
std::string describe(const model::Workload& workload, const TablePlan& tables);

struct TableSearchResult {
  std::shared_ptr<const Problem> problem;  ///< which SearchResult::hindsight refers to
  SearchResult found;
  /// Of layout auto: the other groupings that were searched, cheapest first; nothing where none is possible.
  struct Other {
    TablePlan tables;
    std::optional<support::Money> objective;
    std::string ruled_out;
  };
  std::vector<Other> others;
};

/// Asks for a Problem in which the entities are grouped so.
using Pose = std::function<Problem(const TablePlan&)>;

TableSearchResult search_tables(const model::Workload& workload, const pricing::PriceBook& book,
                                const SearchOptions& options, const Pose& pose);

/// No design of any grouping costs less than this and its tables' price. `extremes`, for each style of keys: all
/// entities in one table, and each in its own.
double bound_of_groupings(const std::vector<Problem>& extremes, const pricing::PriceBook& book,
                          std::int64_t effort);

}  // namespace ddbplan::plan
