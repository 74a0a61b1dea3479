// The search's running cost: units of each access plan and bytes of each item and entry, remembered by what they
// depend on. A neighbouring State changes the plans of one entity or two; the others are looked up.
//
// `cost` is what pricing::price says of the same design, to its rounding: the sampled months of the horizon,
// every billing mode and table class that the settings leave open.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "capacity/heat.h"
#include "capacity/page_read.h"
#include "capacity/usage.h"
#include "design/design.h"
#include "pricing/average_month.h"
#include "pricing/cost.h"
#include "pricing/price_book.h"

namespace ddbplan::plan {

/// Units that one call of a plan uses, by step, and within a step by the kind of item that is written.
struct PlanUnits {
  struct Part {
    std::size_t step = 0;
    model::EntityId entity;  ///< whose items the step reads or the action writes
    /// At each sampled month.
    std::vector<std::vector<capacity::ResourceUnits>> units;
  };
  std::vector<Part> parts;
  /// Rows that each step finds, at the start of the horizon.
  std::vector<double> items;
  /// Share of each step's read units that is left when bytes are not rounded up to whole units.
  std::vector<double> unrounded;
};

/// What is remembered of a plan, each once it was asked for.
struct PlanNumbers {
  std::optional<PlanUnits> units;
  std::optional<capacity::PlanHeat> heat;
};
/// Of every plan of one design, by position in Design::plans; as long as the memo lives.
using DesignNumbers = std::vector<PlanNumbers*>;

/// Bytes at rest of one layout: at each sampled month its items, then its entries.
using LayoutStorage = std::vector<std::vector<capacity::ResourceStorage>>;

class CostMemo {
 public:
  CostMemo(const model::Workload& workload, const pricing::PriceBook& book);

  DesignNumbers look_up(const design::Design& design);
  /// Of the plan at this position. REQUIRES: `plans` is what look_up said of the design.
  const PlanUnits& units(const design::Design& design, const DesignNumbers& plans,
                         std::size_t plan) const;

  /// Requests and storage of a month, in `mode` or in the cheapest that the settings leave open.
  support::Money cost(const design::Design& design, const DesignNumbers& plans,
                      std::optional<pricing::PaymentMode> mode = std::nullopt);
  /// How each table is paid for when it costs that.
  std::vector<pricing::PaymentMode> modes(const design::Design& design);
  /// Load on single key values that may need shards: empty when no resource of the design has a peak that one
  /// key could not take alone.
  std::vector<design::HotKey> hot_keys(const design::Design& design, const DesignNumbers& plans,
                                       std::optional<model::EntityId> only = std::nullopt);

  /// References stay valid as long as the memo.
  const PlanUnits& units(const design::Design& design, const design::AccessPlan& plan);
  const LayoutStorage& storage(const design::Design& design, std::size_t layout);
  /// A text that two designs share only if plans, items and indexes cost the same.
  std::string fingerprint(const design::Design& design);

  [[nodiscard]] const std::vector<pricing::SampledMonth>& samples() const { return samples_; }
  [[nodiscard]] const model::Workload& workload() const { return workload_; }
  [[nodiscard]] const pricing::PriceBook& book() const { return book_; }

 private:
  pricing::AverageMonth month_of(const design::Design& design, const DesignNumbers& plans);
  const PlanUnits& measured(const design::Design& design, const design::AccessPlan& plan,
                            PlanNumbers& place) const;
  [[nodiscard]] bool some_key_may_be_hot(const design::Design& design, const DesignNumbers& plans,
                                         std::optional<model::EntityId> only) const;

  /// Different plans read the same pages.
  mutable capacity::PageReadMemo pages_;

  const model::Workload& workload_;
  const pricing::PriceBook& book_;
  std::vector<pricing::SampledMonth> samples_;
  PlanNumbers nothing_;  ///< of plans without steps
  std::unordered_map<std::string, PlanNumbers> plans_;
  std::unordered_map<std::string, LayoutStorage> storage_;
};

}  // namespace ddbplan::plan
