#include "pricing/average_month.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/unit/capacity/sketch.h"

namespace ddbplan::test {
namespace {

using model::ValueType;

Sketch growing(double per_month, double months) {
  Sketch sketch;
  model::Entity thing = entity("Thing", {"id"}, 1000, {attribute("id", ValueType::ulid, 26)});
  thing.growth_per_month = per_month;
  sketch.add_row(thing, "T#{id}");
  sketch.workload.settings.horizon_months = months;
  model::Pattern get = read_pattern(read_of(model::ReadKind::get, {0}), 100);
  get.load.grows_with = model::EntityId{0};
  sketch.add_pattern("get", get, {get_step(0, "T#{id}")});
  return sketch;
}

TEST_CASE("nothing grows: one month is looked at") {
  CHECK(pricing::sampled_months(growing(0, 12).workload).size() == 1);
  double sum = 0;
  for (const pricing::SampledMonth& one : pricing::sampled_months(growing(0.1, 12).workload)) {
    sum += one.weight;
  }
  CHECK(sum == doctest::Approx(1));
}

TEST_CASE("growth is averaged over the horizon") {
  for (const auto& [rate, months] : {std::pair{0.03, 12.0}, {0.1, 12.0}, {0.02, 36.0}}) {
    const auto& shown = rate;  // clang 14 captures no structured binding
    CAPTURE(shown);
    const Sketch sketch = growing(rate, months);
    // The integral of (1 + g)^t.
    const double mean = (std::pow(1 + rate, months) - 1) / (months * std::log1p(rate));
    CHECK(pricing::average_calls(sketch.workload, sketch.workload.patterns[0]) ==
          doctest::Approx(100 * mean).epsilon(2e-3));
    const pricing::AverageMonth month = pricing::average_month(sketch.workload, sketch.design);
    CHECK(month.resources[0].read == doctest::Approx(50 * mean).epsilon(2e-3));
    CHECK(month.storage[0].items == doctest::Approx(1000 * mean).epsilon(2e-3));
  }
}

TEST_CASE("an event comes once in the horizon") {
  Sketch sketch = growing(0, 12);
  model::Event sale;
  sale.name = "sale";
  sale.length = {4 * 3600};
  sale.rates["get"] = {1100};
  sketch.workload.events = {sale};
  // 1,000/s more for four hours, a twelfth of that a month: 1,000 x 4 / (12 x 730).
  CHECK(pricing::average_calls(sketch.workload, sketch.workload.patterns[0]) ==
        doctest::Approx(100 + 1000 * 4 / (12 * 730.0)));
  const pricing::AverageMonth month = pricing::average_month(sketch.workload, sketch.design);
  CHECK(month.resources[0].read == doctest::Approx(50 + 500 * 4 / (12 * 730.0)));
  // Held all month for the event's 550 units; with a schedule 72 and a third of an hour's 786 - 72.
  CHECK(month.resources[0].read_provisioned == 550);
  CHECK(month.resources[0].read_ordinary == 72);
  CHECK(month.resources[0].read_event_hours == doctest::Approx((786 - 72) * 4 / 12.0));
  CHECK_FALSE(month.schedulable);
}

TEST_CASE("a cache's answers are not calls") {
  Sketch sketch = growing(0, 12);
  std::get<model::Read>(sketch.workload.patterns[0].action).cache_hits = 0.8;
  CHECK(pricing::average_calls(sketch.workload, sketch.workload.patterns[0]) ==
        doctest::Approx(20));
}

}  // namespace
}  // namespace ddbplan::test
