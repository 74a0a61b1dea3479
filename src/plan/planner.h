// Workload -> Design: derives keys, indexes, projections, shards and access plans; compares alternatives by
// the objective (dollars of the average month plus the stated price of complexity) and keeps the reasons.
//
// The parts are separate on purpose: candidates (what could be), choices (what is decided), assemble (choices
// -> Design), the cost (capacity and pricing), constraints (verifier) and the search over choices.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "design/design.h"
#include "design/earlier_design.h"
#include "model/workload.h"
#include "pricing/price_book.h"
#include "support/diagnostics.h"

namespace ddbplan::plan {

struct PlanOptions {
  /// Bounds the search, in evaluations of a part of the design; the whole counts as many as it is larger.
  std::int64_t effort = 10000;
  /// Keep the reasons of every decision, with the prices of its runners-up (Derived::reasons).
  bool explain = true;
  /// How many of the next best designs to list (Design::alternatives).
  std::size_t alternatives = 0;
  /// The cheapest design for every number of indexes (Design::frontier).
  bool frontier = false;
  /// Only a design with a smaller objective is wanted: where there is none, the search ends as soon as that is known,
  /// with a design that need not be the cheapest, or with none.
  std::optional<support::Money> below = std::nullopt;
  /// A design to be planned around (plan/hold.h); null: nothing is there yet. REQUIRES: why_not_holdable is "".
  const design::EarlierDesign* earlier = nullptr;
};

/// The recorded reasons, for Design::decisions. To price the runners-up takes longer than to find the design, and
/// nothing else waits for it: a caller may ask on another thread meanwhile, once. REQUIRES: the price book and the
/// earlier design are still there.
using Reasons = std::function<std::vector<design::Decision>()>;

struct Derived {
  std::optional<design::Design> design;  ///< without its decisions
  Reasons reasons;  ///< nothing without PlanOptions::explain or without a design
};

/// A Design for every pattern that can be planned. Appends a diagnostic for each pattern that no key serves,
/// each constraint that cannot be met and each construct that is not planned yet; with errors among them the
/// Design is still returned when it is coherent without those patterns.
Derived derive(const model::Workload& workload, const pricing::PriceBook& book,
               const PlanOptions& options, support::Diagnostics& diagnostics);

/// The same with the decisions, at once.
std::optional<design::Design> plan(const model::Workload& workload, const pricing::PriceBook& book,
                                   const PlanOptions& options, support::Diagnostics& diagnostics);

/// The same problem for a solver of integer programs (plan/lp.h); nullopt when there is no design.
std::optional<std::string> linear_program(const model::Workload& workload,
                                          const pricing::PriceBook& book,
                                          const PlanOptions& options);

}  // namespace ddbplan::plan
