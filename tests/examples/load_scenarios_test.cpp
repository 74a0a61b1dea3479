// Goal: load over time, and what happens outside of the table: modes, warm throughput, caches, streams, exports.
// Each situation is met twice, as its example and with other names and numbers. A month has 730 hours; prices are
// of us-east-1: a million writes on demand 0.625 USD, a write unit-hour 0.00065 USD, reads a fifth of each.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/examples/designed.h"

namespace ddbplan::test {

namespace {

const Json& table_of(const Json& design) {
  return design.at("tables").at(0);
}

/// The template that is emitted, as text.
std::string cloudformation(const std::string& file) {
  Command command;
  command.directory = source_directory();
  command.arguments = {"emit", "cloudformation", file};
  const Outcome outcome = run(ddbplan_binary(), command);
  INFO(outcome.standard_error);
  REQUIRE(outcome.exit_status == 0);
  return outcome.standard_output;
}

/// The number after "KEY: " in a template; 0 when it is not there.
double number_after(const std::string& text, const std::string& key) {
  const std::size_t at = text.find(key + ": ");
  return at == std::string::npos ? 0 : std::stod(text.substr(at + key.size() + 2));
}

}  // namespace

TEST_CASE("06: a constant load is cheaper provisioned, by what the scenario computes") {
  const Json design = design_example("examples/06-cost-reduction.yaml");
  CHECK(table_of(design).at("billing") == "provisioned");
  CHECK(units(design, "record", "", "write") == 1);
  // ceil(1000 / 0.7) = 1,429 units x 730 hours = 1,043,170 unit-hours, 678.06 USD; add_queue asks for a unit more.
  CHECK(priced(design, "write capacity") == doctest::Approx(1429 * 730).epsilon(0.001));
  // On demand 1,000 x 3,600 x 730 x 0.625e-6 = 1,642.50 USD for these writes alone.
  CHECK(design.at("cost").at("other_billing_usd_per_month").get<double>() > 1642.50);
  // One index, of failed jobs only: 1 in 100.
  REQUIRE(index_names(design).size() == 1);
  CHECK(row_key(design, "Job", index_names(design).front()).at("when") == "outcome = FAILED");
  CHECK(load(design, index_names(design).front(), "write") == doctest::Approx(10).epsilon(1e-4));
}

TEST_CASE("06: 240 constant writes of 3 KB") {
  // 240 x 3 = 720 units; ceil(720 / 0.7) = 1,029 x 730 unit-hours.
  const Json design = design_text(R"(service: meters
entities:
  Reading: {id: [meter, at], count: 40M, size: 3 KB, retention: 2 days after at, attributes: {meter: {type: string 9 B, distinct: 50k}, at: timestamp}}
access_patterns:
  read:   {create: Reading, rate: 240/s, peak: 240/s, hottest: 1/s}
  window: {list: Reading, by: meter, range: at, order: at asc, limit: 20, rate: 3/s, peak: 3/s}
)");
  CHECK(table_of(design).at("billing") == "provisioned");
  CHECK(units(design, "read", "", "write") == 3);
  CHECK(priced(design, "write capacity") == doctest::Approx(1029 * 730).epsilon(0.002));
}

TEST_CASE("17: a sale at an unknown hour is on demand, with warm throughput for it") {
  const std::string file = "examples/17-flash-sale.yaml";
  const Json design = design_example(file);
  CHECK(table_of(design).at("billing") == "on-demand");
  CHECK(units(design, "claim", "", "write") == 1);
  // 20,000 > 4,000 of a new table, and > 2 x 200 of what is used before.
  const std::string text = cloudformation(file);
  CHECK(has(text, "WarmThroughput"));
  CHECK(number_after(text, "WriteUnitsPerSecond") >= 20000);
  CHECK(number_after(text, "WriteUnitsPerSecond") <= 20010);
  // A claim is a row of its own: no item takes more than the sale spreads over 90 million customers.
  for (const Json& hot : design.at("hot_keys"))
    CHECK(hot.at("peak_write_units").get<double>() < 1000);
}

TEST_CASE("17: tickets, at other rates") {
  const std::string text = R"(service: tickets
entities:
  Request:
    id: request_id
    count: 90M
    retention: 20 days after asked_at
    attributes: {request_id: ulid of asked_at, asked_at: timestamp, what: string 300 B}
access_patterns:
  ask:     {create: Request, rate: 52/s, peak: 60/s}
  request: {get: Request, by: request_id, rate: 10/s}
)";
  // 9,000 a second for half an hour, no hour given.
  const Json sale = design_text(text + "events: {opening: {for: 30 min, rates: {ask: 9000/s}}}\n");
  CHECK(table_of(sale).at("billing") == "on-demand");
  // Without the sale 60 units a second are steady: provisioned.
  CHECK(table_of(design_text(text)).at("billing") == "provisioned");
}

TEST_CASE("20: a cache takes 95 of 100 reads, and none that must be strong") {
  const std::string file = "examples/20-cache-for-a-catalogue.yaml";
  const Json design = design_example(file);
  // 10,000/s of 4,096 bytes: 5,000 units a second; 5 % of that are 250, and 2/s strong ones 2 more.
  CHECK(units(design, "product", "", "read") == 0.5);
  CHECK(load(design, "", "read") == doctest::Approx(250 + 2 * 1).epsilon(1e-6));
  CHECK(steps(design, "product_editor").at(0).at("consistent_read") == true);
  // Strongly consistent, the same reads pass the cache: 10,000 x 1.
  const Json strong = design_example(file, {"--set", "access_patterns.product.consistency=strong"});
  CHECK(load(strong, "", "read") == doctest::Approx(10000 + 2).epsilon(1e-6));
}

TEST_CASE("20: articles of 9 KB, three of four from the cache") {
  // ceil(9216 / 4096) = 3 blocks, 1.5 units; 2,000/s x 25 % x 1.5 = 750.
  const Json design = design_text(R"(service: news
entities:
  Article: {id: slug, count: 40k, size: 9 KB, attributes: {slug: string 30 B}}
access_patterns:
  publish: {create: Article, rate: 20/day}
  article: {get: Article, by: slug, rate: 2000/s, peak: 2000/s, cache: {hits: 75%}}
)");
  CHECK(load(design, "", "read") == doctest::Approx(750).epsilon(1e-6));
}

TEST_CASE("21: strong reads are direct, the others may come from a cache, and none filters") {
  const Json design = design_example("examples/21-cache-in-a-check-out.yaml");
  for (const char* pattern : {"basket", "credit"})
    CHECK(steps(design, pattern).at(0).at("consistent_read") == true);
  for (const char* pattern : {"customer", "customer_by_mail", "addresses"}) {
    INFO(pattern);
    for (const Json& step : steps(design, pattern)) {
      CHECK(step.at("consistent_read") == false);
      CHECK(step.at("filter").is_null());
      CHECK(step.at("operation") != "Scan");
    }
  }
  CHECK(steps(design, "customer").at(0).at("operation") == "GetItem");
  // What is left for the table: 800 x 15 % x 0.5 + 300 x 30 % x 0.5 + ..., strong reads in full (25 x 1).
  CHECK(units(design, "credit", "", "read") == 1);
  const double cached = 800 * 0.15 * units(design, "customer", "", "read") +
                        300 * 0.30 * units(design, "addresses", "", "read");
  const double direct =
      200 * units(design, "basket", "", "read") + 25 * units(design, "credit", "", "read");
  const double by_mail = 40 * 0.70 * units(design, "customer_by_mail", "", "read");
  CHECK(load(design, "", "read") == doctest::Approx(cached + direct + by_mail).epsilon(1e-6));
}

TEST_CASE("21: a loan desk, half of it strong") {
  const Json design = design_text(R"(service: loans
entities:
  Reader: {id: card, count: 90k, attributes: {card: string 10 B, name: string 30 B, fines: integer}}
access_patterns:
  enrol: {create: Reader, rate: 9/day}
  greet: {get: Reader, by: card, rate: 100/s, cache: {hits: 60%}}
  lend:  {get: Reader, by: card, consistency: strong, rate: 100/s}
)");
  // 100 x 40 % x 0.5 + 100 x 1.
  CHECK(load(design, "", "read") == doctest::Approx(120).epsilon(1e-6));
}

TEST_CASE("10: recovery, stream and expiry are on the table") {
  const std::string file = "examples/10-backup.yaml";
  const Json design = design_example(file);
  CHECK(table_of(design).at("point_in_time_recovery") == true);
  CHECK(table_of(design).at("recovery_days") == 35);
  CHECK(table_of(design).at("ttl") == "expires_at");
  CHECK(table_of(design).at("stream") == "NEW_AND_OLD_IMAGES");
  const std::string text = cloudformation(file);
  CHECK(has(text, "PointInTimeRecoveryEnabled: true"));
  CHECK(has(text, "TimeToLiveSpecification"));
  CHECK(has(text, "DeletionProtectionEnabled: true"));
  // A case and its newest entries are neighbours: one Query, of 20 entries and the case.
  REQUIRE(steps(design, "case").size() == 1);
  CHECK(steps(design, "case").at(0).at("limit") == 21);
}

TEST_CASE("10: a week of recovery for a register") {
  const Json design = design_text(R"(service: register
settings: {backup: {pitr: 7 days}}
entities:
  Deed: {id: deed_id, count: 90k, attributes: {deed_id: ulid, text: string 2 KB}}
access_patterns:
  file: {create: Deed, rate: 9/day}
  deed: {get: Deed, by: deed_id, rate: 1/s}
)");
  CHECK(table_of(design).at("point_in_time_recovery") == true);
  CHECK(table_of(design).at("recovery_days") == 7);
  CHECK(table_of(design).at("stream").is_null());
  CHECK(table_of(design).at("ttl").is_null());
}

TEST_CASE("31: short spikes at no fixed hour are on demand, and the aggregate is not the table's") {
  const std::string file = "examples/31-spiky-analytics.yaml";
  const Json design = design_example(file);
  CHECK(table_of(design).at("billing") == "on-demand");
  // 304 reads of one unit a second: 304 x 2,628,000 s x 0.125e-6 = 99.86 USD; held for 5,000 it would be
  // 5,000 x 0.00013 x 730 = 474.50 USD.
  const Json& figure = design.at("access_patterns").at("figure");
  CHECK(units(design, "figure", "", "read") == 1);
  CHECK(figure.at("usd_per_month").get<double>() ==
        doctest::Approx(304 * 2628000.0 * 0.125e-6).epsilon(1e-6));
  CHECK(design.at("cost").at("other_billing_usd_per_month").get<double>() > 474.50);
  const Json& aggregate = design.at("access_patterns").at("all_sites");
  CHECK(aggregate.at("served") == "offload");
  CHECK(aggregate.at("steps").empty());
  CHECK(aggregate.at("usd_per_month") == 0);
}

TEST_CASE("31: the same load without the spike is cheaper provisioned") {
  const std::string text = R"(service: boards
entities:
  Board: {id: board, count: 90k, size: 3 KB, attributes: {board: ulid}}
access_patterns:
  open:  {create: Board, rate: 9/day}
  board: {get: Board, by: board, consistency: strong, rate: 200/s, peak: )";
  // 200 of 4,000 is 5 % in use, under 29 %; 200 of 250 is 80 %.
  CHECK(table_of(design_text(text + "4000/s}\n")).at("billing") == "on-demand");
  CHECK(table_of(design_text(text + "250/s}\n")).at("billing") == "provisioned");
}

TEST_CASE(
    "32: whoever follows the changes gets both images, and the export has its points in time") {
  const std::string file = "examples/32-pipeline-to-redshift.yaml";
  const Json design = design_example(file);
  CHECK(table_of(design).at("stream") == "NEW_AND_OLD_IMAGES");
  CHECK(table_of(design).at("point_in_time_recovery") == true);
  CHECK(has(cloudformation(file), "StreamViewType: NEW_AND_OLD_IMAGES"));
}

TEST_CASE("32: a list of deliveries that another team follows") {
  const std::string text = R"(service: deliveries
entities:
  Delivery: {id: delivery_id, count: 9M, attributes: {delivery_id: ulid, place: string 40 B}}
access_patterns:
  deliver:  {create: Delivery, rate: 2/s}
  delivery: {get: Delivery, by: delivery_id, rate: 9/s}
)";
  CHECK(table_of(design_text(text)).at("stream").is_null());
  CHECK(table_of(design_text(text + "  for_billing: {feed: Delivery}\n")).at("stream") ==
        "NEW_AND_OLD_IMAGES");
}

TEST_CASE("34: the ad-hoc question is marked, and takes no unit of 500 GB") {
  const Json design = design_example("examples/34-ad-hoc-sql.yaml");
  const Json& question = design.at("access_patterns").at("ad_hoc");
  CHECK(question.at("served") == "offload");
  CHECK(has(question.at("offload"), "export to S3"));
  CHECK(question.at("units").empty());
  CHECK(table_of(design).at("point_in_time_recovery") == true);
  // 26,214 x 20,000 rows of 1,024 bytes are 500 GiB, plus 100 bytes a row as billed.
  CHECK(priced(design, "storage") ==
        doctest::Approx(26214.0 * 20000 * (1024 + 100) / std::pow(1024, 3)).epsilon(0.001));
  CHECK(steps(design, "window").at(0).at("index").is_null());
}

TEST_CASE("34: an analyst of an archive") {
  const Json design = design_text(R"(service: archive
entities:
  Film: {id: film_id, count: 5M, size: 6 KB, attributes: {film_id: ulid}}
access_patterns:
  add:  {create: Film, rate: 9/day}
  film: {get: Film, by: film_id, rate: 20/s}
  ask:  {analyse: Film, rate: 2/week}
)");
  CHECK(design.at("access_patterns").at("ask").at("served") == "offload");
  CHECK(table_of(design).at("point_in_time_recovery") == true);
}

}  // namespace ddbplan::test
