// On-demand against provisioned, with the arithmetic of the scenarios. us-east-1: write 0.625 and
// read 0.125 per million, 0.00065 and 0.00013 an hour; a month has 730 hours.
#include <doctest/doctest.h>

#include "pricing/average_month.h"
#include "pricing/cost.h"
#include "tests/unit/capacity/sketch.h"

namespace ddbplan::test {
namespace {

using model::ValueType;
using pricing::CostReport;
using pricing::PriceBook;

/// One entity of items of up to 1 KB that is stored for next to nothing.
Sketch thing() {
  Sketch sketch;
  sketch.add_row(entity("Thing", {"id"}, 1, {attribute("id", ValueType::ulid, 26)}), "T#{id}");
  sketch.workload.settings.horizon_months = 1;
  return sketch;
}

Sketch writing(double mean, double peak) {
  Sketch sketch = thing();
  model::Pattern write = write_pattern(write_of(model::WriteKind::create, {0}), mean);
  write.load.peak = {peak};
  sketch.add_pattern("write", write, {write_step(put_action(0))});
  return sketch;
}

double line(const CostReport& report, const std::string& what) {
  double sum = 0;
  for (const pricing::CostLine& one : report.lines) {
    if (one.what == what) sum += one.usd.usd();
  }
  return sum;
}

CostReport priced(const Sketch& sketch) {
  return pricing::price(sketch.workload, sketch.design, PriceBook::built_in());
}

TEST_CASE("what is provisioned: the mean with room, or the declared peak") {
  CHECK(pricing::provisioned_units(1000, 1000, 0.7) == 1429);
  CHECK(pricing::provisioned_units(304, 5000, 0.7) == 5000);
  CHECK(pricing::provisioned_units(0, 0, 0.7) == 1);
  CHECK(pricing::provisioned_units(700, 700, 0.7) == 1000);
}

TEST_CASE("a constant 1,000 writes a second of 1 KB, scenario 6") {
  Sketch sketch = writing(1000, 1000);
  const CostReport report = priced(sketch);
  // 1,000 / 0.7 = 1,429 units x 0.00065 x 730 = 678.06; the table's one unit of reading 0.0949.
  CHECK(report.provisioned);
  CHECK(line(report, "write capacity") == doctest::Approx(678.06).epsilon(1e-5));
  CHECK(line(report, "read capacity") == doctest::Approx(0.0949));
  // 1,000 x 3,600 x 730 x 0.625e-6 = 1,642.50.
  REQUIRE(report.other_mode_total.has_value());
  CHECK(report.other_mode_total->usd() - line(report, "storage") ==
        doctest::Approx(1642.5).epsilon(1e-6));
  sketch.workload.settings.billing = model::Billing::on_demand;
  CHECK(line(priced(sketch), "write request units") == doctest::Approx(1642.5));
  CHECK_FALSE(priced(sketch).provisioned);
  CHECK_FALSE(priced(sketch).other_mode_total.has_value());
}

TEST_CASE("a flash sale, scenario 17") {
  // 200/s and, for 15 minutes, 20,000/s more.
  Sketch sketch = writing(200, 200);
  model::Pattern sale = write_pattern(write_of(model::WriteKind::create, {0}), 0);
  sketch.add_pattern("sale", sale, {write_step(put_action(0))});
  model::Event event;
  event.name = "flash_sale";
  event.length = {900};
  event.rates["sale"] = {20000};
  sketch.workload.events = {event};
  CostReport report = priced(sketch);
  // 200 x 3,600 x 730 x 0.625e-6 + 20,000 x 900 x 0.625e-6 = 328.50 + 11.25.
  CHECK_FALSE(report.provisioned);
  CHECK(line(report, "write request units") == doctest::Approx(339.75));
  // Provisioned for 20,200: 20,200 x 0.00065 x 730.
  REQUIRE(report.tables[0].provisioned.has_value());
  CHECK(report.tables[0].provisioned->usd() ==
        doctest::Approx(20200 * 0.00065 * 730 + 0.0949).epsilon(1e-6));
  CHECK_FALSE(report.tables[0].scheduled.has_value());

  // With a declared start a scheduled action holds 20,200 / 0.7 = 28,858 units for the hour:
  // 286 x 0.00065 x 730 + (28,858 - 286) x 0.00065.
  sketch.workload.events[0].from = "2026-11-27T18:00:00.000Z";
  report = priced(sketch);
  REQUIRE(report.tables[0].scheduled.has_value());
  CHECK(report.tables[0].scheduled->usd() ==
        doctest::Approx(286 * 0.00065 * 730 + 28572 * 0.00065 + 0.0949).epsilon(1e-5));
  CHECK(report.tables[0].scheduled->usd() == doctest::Approx(154.4).epsilon(1e-3));
}

TEST_CASE("spiky analytics, scenario 31") {
  // 100/s, 5,000/s for an hour a day: mean (23 x 100 + 5,000) / 24 = 304.1667.
  Sketch sketch = thing();
  model::Read read = read_of(model::ReadKind::get, {0});
  model::Pattern pattern = read_pattern(read, (23 * 100 + 5000) / 24.0);
  pattern.load.peak = {5000};
  design::Step step = get_step(0, "T#{id}");
  step.consistent_read = true;
  sketch.add_pattern("read", pattern, {step});
  const CostReport report = priced(sketch);
  CHECK_FALSE(report.provisioned);
  // 304.1667 x 3,600 x 730 x 0.125e-6 = 99.92; 5,000 x 0.00013 x 730 = 474.50; used 6 % of the
  // time.
  CHECK(line(report, "read request units") == doctest::Approx(99.92).epsilon(1e-4));
  REQUIRE(report.tables[0].provisioned.has_value());
  CHECK(report.tables[0].provisioned->usd() == doctest::Approx(474.5 + 0.4745).epsilon(1e-5));
  CHECK(report.tables[0].read_utilisation == doctest::Approx(0.0608).epsilon(1e-2));
}

TEST_CASE("units provisioned for 500 writes of 2 KB and their index, scenario 18") {
  Sketch sketch;
  model::Entity event = entity("Event", {"id"}, 1, {attribute("id", ValueType::ulid, 26)});
  event.size = model::Spread{2048, 2048};
  sketch.add_row(event, "E#{id}");
  sketch.add_index("GSI1");
  sketch.add_entry(0, "GSI1", "ALL", "{id}");
  sketch.add_pattern("record", write_pattern(write_of(model::WriteKind::create, {0}), 500),
                     {write_step(put_action(0))});
  const pricing::AverageMonth month = pricing::average_month(sketch.workload, sketch.design);
  REQUIRE(month.resources.size() == 2);
  for (const pricing::AverageResource& resource : month.resources) {
    CHECK(resource.write == doctest::Approx(1000));
    CHECK(resource.write_provisioned == 1429);
  }
}

TEST_CASE("the break-even of flat load is 28.9 percent of the provision") {
  // 0.00065 / (0.625e-6 x 3,600) = 0.2889: a peak of 3.46 times the mean.
  CHECK_FALSE(priced(writing(1000, 3500)).provisioned);
  CHECK(priced(writing(1000, 3400)).provisioned);
}

TEST_CASE("a pattern's money follows the mode") {
  Sketch sketch = writing(1000, 1000);
  const CostReport report = priced(sketch);
  REQUIRE(report.patterns.size() == 1);
  // Its own units, not rounded up: 1,000 / 0.7 x 0.00065 x 730.
  CHECK(report.patterns[0].usd() == doctest::Approx(1000 / 0.7 * 0.00065 * 730).epsilon(1e-6));
  const std::vector<capacity::ResourceUnits> units = sketch.units("write").units;
  const model::Pattern& pattern = sketch.workload.patterns[0];
  CHECK(pricing::request_money(sketch.workload, pattern, units, PriceBook::built_in()).usd() ==
        doctest::Approx(1642.5));
}

}  // namespace
}  // namespace ddbplan::test
