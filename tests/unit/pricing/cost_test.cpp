// Lines that add up: storage, regions, recovery, classes, the free tier, growth.
#include "pricing/cost.h"

#include <doctest/doctest.h>

#include "tests/unit/capacity/sketch.h"

namespace ddbplan::test {
namespace {

using model::ValueType;
using pricing::CostReport;
using pricing::PriceBook;

constexpr double kGigabyte = 1024.0 * 1024 * 1024;

/// Items whose stored size with the overhead is exactly 1 KB, so that a million of them are 0.9537
/// GB.
Sketch sized(double count, double bytes) {
  Sketch sketch;
  model::Entity thing = entity("Thing", {"id"}, count, {attribute("id", ValueType::ulid, 26)});
  thing.size = model::Spread{bytes, bytes};
  sketch.add_row(thing, "T#{id}");
  return sketch;
}

CostReport priced(const Sketch& sketch) {
  return pricing::price(sketch.workload, sketch.design, PriceBook::built_in());
}

double line(const CostReport& report, const std::string& what, const std::string& region = "") {
  double sum = 0;
  for (const pricing::CostLine& one : report.lines) {
    if (one.what == what && (region.empty() || one.region == region)) sum += one.usd.usd();
  }
  return sum;
}

TEST_CASE("storage is paid per GB of 1,024^3 bytes, 100 B an item included") {
  Sketch sketch = sized(1e6, 924);
  sketch.workload.settings.billing = model::Billing::on_demand;
  sketch.workload.settings.table_class = model::TableClass::standard;
  const CostReport report = priced(sketch);
  CHECK(line(report, "storage") == doctest::Approx(1e6 * 1024 / kGigabyte * 0.25).epsilon(1e-5));
  CHECK(report.total.usd() == doctest::Approx(line(report, "storage")).epsilon(1e-9));
  CHECK(pricing::storage_money(sketch.workload, 1e6, 924, PriceBook::built_in()).usd() ==
        doctest::Approx(line(report, "storage")).epsilon(1e-6));
}

TEST_CASE("the lines add up to the total, to the millionth") {
  Sketch sketch = sized(1e7, 1500);
  sketch.add_index("GSI1", dynamo::ProjectionType::keys_only);
  sketch.add_entry(0, "GSI1", "ALL", "{id}");
  sketch.add_pattern("put", write_pattern(write_of(model::WriteKind::create, {0}), 12.3),
                     {write_step(put_action(0))});
  sketch.add_pattern("get", read_pattern(read_of(model::ReadKind::get, {0}), 45.6),
                     {get_step(0, "T#{id}")});
  sketch.design.tables[0].point_in_time_recovery = true;
  sketch.workload.settings.billing = model::Billing::on_demand;
  const CostReport report = priced(sketch);
  support::Money sum;
  for (const pricing::CostLine& one : report.lines) sum += one.usd;
  CHECK(sum == report.total);
  CHECK(report.lines.size() == 6);
  // The patterns' requests are the request lines.
  CHECK((report.patterns[0] + report.patterns[1]).usd() ==
        doctest::Approx(line(report, "read request units") + line(report, "write request units"))
            .epsilon(1e-6));
}

TEST_CASE("a write of 1 KB in two regions is a replicated unit in each, scenario 8") {
  Sketch sketch = sized(1, 500);
  sketch.workload.settings.regions = {"us-east-1", "eu-west-1"};
  sketch.workload.settings.billing = model::Billing::on_demand;
  sketch.workload.settings.table_class = model::TableClass::standard;
  sketch.add_index("GSI1", dynamo::ProjectionType::keys_only);
  sketch.add_entry(0, "GSI1", "ALL", "{id}");
  sketch.add_pattern("put", write_pattern(write_of(model::WriteKind::create, {0}), 1),
                     {write_step(put_action(0))});
  sketch.add_pattern("get", read_pattern(read_of(model::ReadKind::get, {0}), 1),
                     {get_step(0, "T#{id}")});
  const CostReport report = priced(sketch);
  const double millions = 3600 * 730 / 1e6;
  const double ireland =
      PriceBook::built_in().find("eu-west-1")->standard.write_request_units_per_million;
  CHECK(line(report, "replicated write request units", "us-east-1") ==
        doctest::Approx(millions * 0.625).epsilon(1e-5));
  CHECK(line(report, "replicated write request units", "eu-west-1") ==
        doctest::Approx(millions * ireland).epsilon(1e-5));
  // Writes to indexes are ordinary ones in every region; reads are counted once, at home.
  CHECK(line(report, "write request units", "eu-west-1") ==
        doctest::Approx(millions * ireland).epsilon(1e-5));
  CHECK(line(report, "read request units", "us-east-1") ==
        doctest::Approx(millions * 0.5 * 0.125).epsilon(1e-4));
  CHECK(line(report, "read request units", "eu-west-1") == 0);
  CHECK(report.region == "us-east-1");
  CHECK(report.not_priced == std::vector<std::string>{"data transfer between regions"});
  sketch.workload.settings.home_region = "eu-west-1";
  CHECK(line(priced(sketch), "read request units", "us-east-1") == 0);
}

TEST_CASE("replicas hold 48 bytes more per item, in every region") {
  Sketch sketch = sized(1e9, 852);
  sketch.workload.settings.regions = {"us-east-1", "us-east-2"};
  sketch.workload.settings.table_class = model::TableClass::standard;
  // 852 + 100 + 48 = 1,000 B; both regions ask 0.25.
  CHECK(line(priced(sketch), "storage") ==
        doctest::Approx(2 * 1e12 / kGigabyte * 0.25).epsilon(1e-6));
}

TEST_CASE("point-in-time recovery is paid on the table and its local indexes") {
  Sketch sketch = sized(1e8, 900);
  sketch.add_index("LSI1", dynamo::ProjectionType::all, {}, true);
  sketch.add_entry(0, "LSI1", "T#{id}", "{id}");
  sketch.add_index("GSI1");
  sketch.add_entry(0, "GSI1", "ALL", "{id}");
  sketch.design.tables[0].point_in_time_recovery = true;
  // 1e8 x 1,000 B, twice, at 0.20.
  CHECK(line(priced(sketch), "point-in-time recovery") ==
        doctest::Approx(2e11 / kGigabyte * 0.2).epsilon(1e-6));
}

TEST_CASE("the table class is chosen by what it costs") {
  // Much storage, hardly a request.
  Sketch cold = sized(1e9, 924);
  cold.add_pattern("get", read_pattern(read_of(model::ReadKind::get, {0}), 1),
                   {get_step(0, "T#{id}")});
  const CostReport report = priced(cold);
  CHECK(report.tables[0].mode.infrequent_access);
  CHECK(line(report, "storage") == doctest::Approx(1e9 * 1024 / kGigabyte * 0.1).epsilon(1e-6));
  CHECK(report.tables[0].standard->usd() > report.tables[0].infrequent_access->usd());
  cold.workload.settings.table_class = model::TableClass::standard;
  CHECK_FALSE(priced(cold).tables[0].mode.infrequent_access);
  CHECK_FALSE(priced(cold).tables[0].infrequent_access.has_value());
  // Much traffic, hardly an item.
  Sketch busy = sized(1000, 924);
  busy.add_pattern("get", read_pattern(read_of(model::ReadKind::get, {0}), 1000),
                   {get_step(0, "T#{id}")});
  CHECK_FALSE(priced(busy).tables[0].mode.infrequent_access);
}

TEST_CASE("the free tier takes off 25 GB and 18,600 unit-hours") {
  Sketch sketch = sized(1e6, 924);
  sketch.workload.settings.table_class = model::TableClass::standard;
  sketch.workload.settings.billing = model::Billing::provisioned;
  sketch.workload.settings.free_tier = true;
  sketch.add_pattern("put", write_pattern(write_of(model::WriteKind::create, {0}), 70),
                     {write_step(put_action(0))});
  const CostReport report = priced(sketch);
  CHECK(line(report, "free tier: storage") == doctest::Approx(-line(report, "storage")));
  // 100 units are held, 73,000 unit-hours; 18,600 of them are free.
  CHECK(line(report, "write capacity") == doctest::Approx(73000 * 0.00065));
  CHECK(line(report, "free tier: write capacity") == doctest::Approx(-18600 * 0.00065));
  CHECK(line(report, "free tier: read capacity") ==
        doctest::Approx(-line(report, "read capacity")));
  support::Money sum;
  for (const pricing::CostLine& one : report.lines) sum += one.usd;
  CHECK(sum == report.total);
}

TEST_CASE("the average month of a year at 3 percent a month") {
  Sketch sketch = sized(1e9, 924);
  sketch.workload.settings.table_class = model::TableClass::standard;
  sketch.workload.entities[0].growth_per_month = 0.03;
  sketch.workload.settings.horizon_months = 12;
  // The mean of 1.03^t over twelve months: (1.03^12 - 1) / (12 ln 1.03) = 1.20030.
  CHECK(line(priced(sketch), "storage") ==
        doctest::Approx(1e9 * 1024 / kGigabyte * 0.25 * 1.2003).epsilon(1e-4));
}

TEST_CASE("what is not priced is said") {
  Sketch sketch = sized(1000, 500);
  sketch.design.tables[0].stream_view = "NEW_AND_OLD_IMAGES";
  sketch.design.tables[0].warm_write_units = 20000;
  CHECK(priced(sketch).not_priced ==
        std::vector<std::string>{"stream consumers (GetRecords is free for Lambda triggers)",
                                 "warm throughput"});
}

}  // namespace
}  // namespace ddbplan::test
