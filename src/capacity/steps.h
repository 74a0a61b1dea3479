// The numbers of one step of an access plan, given those of the steps before it. Internal to
// capacity; usage.h is the way in.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "capacity/page_cost.h"
#include "capacity/sizes.h"
#include "capacity/usage.h"
#include "capacity/writes.h"
#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::capacity {

/// The sizes of a design's items and entries by stock, each worked out once however many patterns
/// read them.
class StockSizes {
 public:
  StockSizes(const model::Workload& workload, const design::Design& design)
      : workload_(workload),
        design_(design),
        items_(design.items.size()),
        entries_(design.items.size()) {}

  /// `layout` is a position in Design::items; `index` nullopt is the item itself.
  const ItemSize& of(std::size_t layout, const std::optional<std::string>& index);
  /// Units that writing or deleting one costs; `position` is one in ItemLayout::entries.
  double item_write_units(std::size_t layout);
  double entry_write_units(std::size_t layout, std::size_t position);

 private:
  struct Size {
    explicit Size(SizeLaw of_rows) : law(std::move(of_rows)) {}
    SizeLaw law;
    std::optional<ItemSize> read;
    std::optional<double> write_units;
  };
  Size& item(std::size_t layout);
  Size& entry(std::size_t layout, std::size_t position);
  static double write_units(Size& size);

  const model::Workload& workload_;
  const design::Design& design_;
  std::vector<std::optional<Size>> items_;
  std::vector<std::vector<std::optional<Size>>> entries_;
};

/// A write action's effect, and how often a call executes it.
struct ExecutedEffect {
  const design::WriteAction* action = nullptr;
  double times = 1;
  WriteEffect effect;
};

struct StepContext {
  const model::Workload& workload;
  const design::Design& design;
  const design::AccessPlan& plan;
  const Options& options;
  StockSizes& sizes;
  /// Of the steps before this one.
  const std::vector<StepUsage>& done;
  /// Where to leave the effects of the writes, when somebody wants them.
  std::vector<ExecutedEffect>* effects = nullptr;

  [[nodiscard]] const model::Pattern& pattern() const { return workload.pattern(plan.pattern); }
};

PatternUsage pattern_usage(const model::Workload& workload, const design::Design& design,
                           const design::AccessPlan& plan, const Options& options,
                           StockSizes& sizes, std::vector<ExecutedEffect>* effects = nullptr);

StepUsage read_usage(const StepContext& context, const design::Step& step);
StepUsage query_usage(const StepContext& context, const design::Step& step);
StepUsage write_usage(const StepContext& context, const design::Step& step);
/// The rows that an action writes, before and after; nothing else of its effect is filled.
WriteEffect views_of(const StepContext& context, const design::WriteAction& action);
/// The action is about the row that the write names, not about what keeps something of it elsewhere.
bool is_own_row(const model::Workload& workload, const design::Design& design,
                const model::Write& write, const design::WriteAction& action);

/// Of `get: Person | Team, by: handle` one kind has the row: how often it is this one, as all rows are asked for alike;
/// 1 where the pattern is another one.
double share_that_holds(const StepContext& context, model::EntityId entity);

/// How many rows one call of a `batch` read asks for; 1 where the pattern is none.
double asked_for(const StepContext& context, const design::Step& step);

/// False when the step's numbers are the same in every month of the horizon.
bool depends_on_growth(const design::Step& step);

/// Adds to the resource's entry, which is made when it is the first.
void add_units(std::vector<ResourceUnits>& units, std::size_t table,
               const std::optional<std::string>& index, double read, double write);

/// The step whose items the sources of a key or of an action name last; nullopt: none.
std::optional<std::size_t> feeding_step(const design::Step& step);
std::optional<std::size_t> feeding_step(const design::WriteAction& action);

}  // namespace ddbplan::capacity
