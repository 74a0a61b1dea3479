// Goal: writes that must be right: conditions, transactions, expiry, regions, and what a large item costs. Each
// situation is met twice, as its example and with other names and numbers; what a situation refuses or warns about
// is in tests/scenarios.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/examples/designed.h"
#include "tests/support/files.h"

namespace ddbplan::test {

namespace {

const Json& table_of(const Json& design) {
  return design.at("tables").at(0);
}

std::string condition_of(const Json& design, const std::string& pattern,
                         const std::string& entity) {
  const Json condition = action_on(design, pattern, entity).at("condition");
  return condition.is_null() ? std::string() : condition.get<std::string>();
}

/// All actions of a transaction, repetitions counted.
double action_count(const Json& design, const std::string& pattern) {
  double sum = 0;
  const Json step = steps(design, pattern).at(0);
  for (const Json& action : step.at("actions")) sum += action.at("times").at("max").get<double>();
  return sum;
}

}  // namespace

TEST_CASE("08: each write is paid in both regions, and what must not be lost is changed at home") {
  const Json design = design_example("examples/08-cross-region.yaml");
  CHECK(table_of(design).at("stream") == "NEW_AND_OLD_IMAGES");  // replication reads it
  CHECK(condition_of(design, "take_stock", "Product") ==
        "attribute_exists(PK) AND stock >= :quantity");
  // A 1 KB write is one replicated unit in each of two regions.
  CHECK(units(design, "take_stock", "", "write") == 1);
  double regions = 0;
  double first = 0;
  for (const Json& line : design.at("cost").at("lines")) {
    if (line.at("what") != "replicated write request units") continue;
    if (regions == 0) first = line.at("quantity").get<double>();
    CHECK(line.at("quantity").get<double>() == first);
    ++regions;
  }
  CHECK(regions == 2);
}

TEST_CASE("08: a number that two regions lower is a warning, unless there is a home") {
  const Outcome warned = try_design("tests/scenarios/08-cross-region-refused.yaml");
  CHECK(warned.exit_status == 0);
  CHECK(has(warned.standard_output, "DDB703"));
  CHECK(has(warned.standard_output, "updates are lost"));
  const std::string votes = R"(service: votes
settings: {regions: [eu-west-1, us-west-2, ap-south-1], billing: on-demand)";
  const std::string rest = R"(}
entities:
  Poll: {id: poll, count: 9000, attributes: {poll: ulid, yes_votes: integer}}
access_patterns:
  open: {create: Poll, rate: 9/day}
  vote: {update: Poll, by: poll, add: {yes_votes: 1}, rate: 9/s}
  poll: {get: Poll, by: poll, rate: 20/s}
)";
  CHECK(has(try_design_text(votes + rest).standard_output, "DDB703"));
  const Outcome at_home = try_design_text(votes + ", home_region: eu-west-1" + rest);
  CHECK(at_home.exit_status == 0);
  CHECK_FALSE(has(at_home.standard_output, "DDB703"));
}

TEST_CASE(
    "23: a transfer is two conditional updates and a token, a balance a strong read of one key") {
  const Json design = design_example("examples/23-bank-balance.yaml");
  CHECK(index_names(design).empty());
  const Json balance = steps(design, "balance").at(0);
  CHECK(balance.at("operation") == "GetItem");
  CHECK(balance.at("consistent_read") == true);
  const Json transfer = steps(design, "transfer").at(0);
  CHECK(transfer.at("operation") == "TransactWriteItems");
  REQUIRE(transfer.at("actions").size() == 2);
  for (const Json& action : transfer.at("actions")) {
    CHECK(action.at("operation") == "UpdateItem");
    CHECK_FALSE(action.at("condition").is_null());
    CHECK_FALSE(has(action.at("condition"), "version"));
  }
  CHECK(transfer.at("actions").at(0).at("condition") ==
        "attribute_exists(PK) AND balance >= :amount");
  // Two items of at most 1 KB, each at two units in a transaction.
  CHECK(units(design, "transfer", "", "write") == 4);
  CHECK(units(design, "debit", "", "write") == 1);
}

TEST_CASE("23: points that one member gives another, of 3 KB members") {
  // 2 x 2 x ceil(3072 / 1024) = 12 units.
  const Json design = design_text(R"(service: points
entities:
  Member: {id: member, count: 90k, size: 3 KB, attributes: {member: ulid, points: integer}}
access_patterns:
  join: {create: Member, rate: 9/day}
  see:  {get: Member, by: member, consistency: strong, rate: 9/s}
  give:
    transaction:
      - {update: Member, by: member, add: {points: -:n}, if: points >= :n}
      - {update: Member, by: member, add: {points: +:n}}
    idempotent: 5 min
    rate: 2/s
)");
  CHECK(units(design, "give", "", "write") == 12);
  CHECK(steps(design, "give").at(0).at("actions").at(0).at("condition") ==
        "attribute_exists(PK) AND points >= :n");
}

TEST_CASE("24: the floor is a comparison, for conditions have no arithmetic") {
  const Json design = design_example("examples/24-stock.yaml");
  const Json take = action_on(design, "take", "Product");
  CHECK(take.at("operation") == "UpdateItem");
  CHECK(take.at("condition") == "attribute_exists(PK) AND qty >= :n");
  CHECK(take.at("update") == "SET qty = qty - :n");
  const Json bundle = action_on(design, "take_bundle", "Product");
  CHECK(bundle.at("condition") == "attribute_exists(PK) AND qty >= :n");
  // Three products on average, 2 units each.
  CHECK(units(design, "take_bundle", "", "write") == 6);
  const Outcome warned = try_design("tests/scenarios/24-stock-refused.yaml");
  CHECK(warned.exit_status == 0);
  CHECK(has(warned.standard_output, "DDB603"));
  CHECK(has(warned.standard_output, "nothing stops take from taking qty below zero"));
}

TEST_CASE("24: a stock that is hotter than one item is refused, not summed up behind its floor") {
  const Outcome refused = try_design("tests/scenarios/24-stock-hot-refused.yaml");
  CHECK(refused.exit_status == 1);
  CHECK(has(refused.standard_error, "DDB401"));
  CHECK(has(refused.standard_error, "3,000 write units a second"));
  CHECK(has(refused.standard_error, "Split it into allotments"));
  CHECK_FALSE(has(refused.standard_error, "shards"));
}

TEST_CASE("24: shards that are asked for where each row is one item are refused") {
  const Outcome refused = try_design_text(R"(service: drop
entities:
  Sneaker: {id: sku, count: 500, attributes: {sku: string 10 B, qty: integer}}
access_patterns:
  add: {create: Sneaker, rate: 1/day}
  see: {get: Sneaker, by: sku, rate: 30/s}
  take: {update: Sneaker, by: sku, add: {qty: -:n}, if: qty >= :n, rate: 5/s}
physical: {Sneaker: {shards: 5}}
)");
  CHECK(refused.exit_status == 1);
  CHECK(has(refused.standard_error, "`shards` of Sneaker would be without effect"));
}

TEST_CASE("24: seats of a course") {
  const Json design = design_text(R"(service: courses
entities:
  Course: {id: course, count: 900, attributes: {course: string 8 B, free: integer}}
access_patterns:
  plan:   {create: Course, rate: 1/day}
  course: {get: Course, by: course, rate: 9/s}
  book:   {update: Course, by: course, add: {free: -:people}, if: free >= :people, rate: 2/s}
)");
  const Json book = action_on(design, "book", "Course");
  CHECK(has(book.at("condition"), "free >= :people"));
  CHECK_FALSE(has(book.at("condition"), "+"));
}

TEST_CASE("25: flight, hotel, booking and two holds are five actions and ten units") {
  const Json design = design_example("examples/25-booking.yaml");
  const Json book = steps(design, "book").at(0);
  CHECK(book.at("operation") == "TransactWriteItems");
  CHECK(action_count(design, "book") == 5);
  CHECK(units(design, "book", "", "write") == 10);
  CHECK(has(condition_of(design, "book", "Flight"), "seats >= :seats"));
  CHECK(has(condition_of(design, "book", "Hotel"), "rooms >= :rooms"));
  CHECK(condition_of(design, "book", "Booking") == "attribute_not_exists(PK)");
  // TTL may be days late: the hold's own time is compared.
  CHECK(has(condition_of(design, "book", "Hold"), "expires_at > :now"));
}

TEST_CASE("25: 101 items are refused, 26 are not") {
  const Outcome refused = try_design("tests/scenarios/25-booking-refused.yaml");
  CHECK(refused.exit_status == 1);
  CHECK(has(refused.standard_error, "DDB303"));
  CHECK(has(refused.standard_error, "101 actions; a transaction takes at most 100"));
  const std::string text = R"(service: kits
entities:
  Screw: {id: screw, count: 9000, attributes: {screw: string 8 B, left: integer}}
access_patterns:
  add:   {create: Screw, rate: 1/day}
  screw: {get: Screw, by: screw, rate: 2/s}
  take:  {transaction: [{update: Screw, by: screw, add: {left: -:n}, if: left >= :n, times: 9 .. )";
  const Json fine = design_text(text + "26}], rate: 1/s}\n");
  CHECK(action_count(fine, "take") == 26);
  CHECK(units(fine, "take", "", "write") == 18);  // 9 on average, 2 units each
  CHECK(try_design_text(text + "101}], rate: 1/s}\n").exit_status == 1);
}

TEST_CASE("26: an item that every reading overwrites is refused") {
  const Outcome refused = try_design("tests/scenarios/26-one-huge-device-refused.yaml");
  CHECK(refused.exit_status == 1);
  CHECK(has(refused.standard_error, "DDB401"));
  CHECK(has(refused.standard_error, "12,000 write units a second"));
  CHECK(has(refused.standard_error, "Latest is one item, which has no shards"));
}

TEST_CASE("29: 100 logs a second of 1 KB instead of 200 KB") {
  const Json design = design_example("examples/29-large-log-text.yaml");
  CHECK(units(design, "write", "", "write") == 1);
  CHECK(load(design, "", "write") == doctest::Approx(100).epsilon(1e-6));
  // A day of an application is a collection of its own.
  CHECK(row_key(design, "Log").at("partition_key") == "LOG#APP#{app|escape}#DAY#{day}");
  CHECK(row_key(design, "Log").at("shards") == 1);
  REQUIRE(index_names(design).size() == 1);
  CHECK(row_key(design, "Log", index_names(design).front()).at("when") == "level = ERROR");
  CHECK(units(design, "write", index_names(design).front(), "write") ==
        doctest::Approx(0.02).epsilon(1e-6));
  const Outcome refused = try_design("tests/scenarios/29-large-log-text-refused.yaml");
  CHECK(refused.exit_status == 2);
  CHECK(has(refused.standard_error, "409,600"));
}

TEST_CASE("29: the text inside costs 200 units a write, and 200 times the storage") {
  const std::string logs = R"(service: trails
entities:
  Trail: {id: trail_id, count: 1M, size: )";
  const std::string rest = R"(, attributes: {trail_id: ulid}}
access_patterns:
  write: {create: Trail, rate: 100/s, peak: 100/s}
  trail: {get: Trail, by: trail_id, rate: 1/s}
)";
  const Json inside = design_text(logs + "200 KB" + rest);
  CHECK(units(inside, "write", "", "write") == 200);
  CHECK(load(inside, "", "write") == doctest::Approx(20000).epsilon(1e-6));
  const Json slim = design_text(logs + "1 KB" + rest);
  CHECK(load(slim, "", "write") == doctest::Approx(100).epsilon(1e-6));
  // GB as billed, 100 bytes an item included: a million items of each.
  const auto gigabytes = [](double bytes) { return 1e6 * (bytes + 100) / std::pow(1024, 3); };
  CHECK(priced(inside, "storage") == doctest::Approx(gigabytes(200 * 1024)).epsilon(0.001));
  CHECK(priced(slim, "storage") == doctest::Approx(gigabytes(1024)).epsilon(0.001));
}

TEST_CASE("30: expiry is the table's TTL, and every read looks at it") {
  const Json design = design_example("examples/30-sessions.yaml");
  CHECK(table_of(design).at("ttl") == "expires_at");
  const Json& check = design.at("access_patterns").at("check");
  CHECK(check.at("steps").at(0).at("operation") == "GetItem");
  REQUIRE(check.contains("client_notes"));
  CHECK(has(check.at("client_notes").at(0), "expires_at"));
  const Json mine = steps(design, "mine").at(0);
  CHECK(mine.at("operation") == "Query");
  CHECK(has(mine.at("filter"), "expires_at > :now"));
  CHECK(has(mine.at("filter"), "#state = :active"));
  // A log-out takes effect at once; a revocation finds all sessions, expired ones too, and deletes them.
  CHECK(action_on(design, "log_out", "Session").at("operation") == "UpdateItem");
  REQUIRE(steps(design, "revoke_all").size() == 2);
  CHECK(steps(design, "revoke_all").at(0).at("filter").is_null());
  CHECK(steps(design, "revoke_all").at(1).at("operation") == "DeleteItem");
}

TEST_CASE("30: the seed holds seconds, as a Number that is no key") {
  TemporaryDirectory folder;
  Command command;
  command.directory = source_directory();
  command.arguments = {"emit", "seed", "examples/30-sessions.yaml", "-o", folder.path().string()};
  REQUIRE(run(ddbplan_binary(), command).exit_status == 0);
  std::size_t found = 0;
  for (const auto& [name, bytes] : read_tree(folder.path())) {
    const std::string wanted = R"("expires_at":{"N":")";
    for (std::size_t at = bytes.find(wanted); at != std::string::npos;
         at = bytes.find(wanted, at + 1)) {
      const std::size_t from = at + wanted.size();
      CHECK(bytes.find('"', from) - from == 10);  // 13 digits would be milliseconds
      ++found;
    }
    CHECK_FALSE(has(bytes, "\"expires_at\":{\"S\""));
  }
  CHECK(found > 100);
}

TEST_CASE("30: a time in milliseconds is no expiry") {
  const Outcome refused = try_design("tests/scenarios/30-sessions-refused.yaml");
  CHECK(refused.exit_status == 1);
  CHECK(has(refused.standard_error, "DDB705"));
  CHECK(has(refused.standard_error, "1781524800000"));
}

TEST_CASE("30: parking permits that end on their own") {
  const Json design = design_text(R"(service: parking
entities:
  Permit:
    id: permit_id
    count: 80k
    retention: until valid_until
    attributes: {permit_id: ulid, plate: {type: string 8 B, distinct: 60k}}
access_patterns:
  buy:     {create: Permit, rate: 2/s}
  permit:  {get: Permit, by: permit_id, rate: 9/s}
  parking: {list: Permit, by: plate, limit: 9, rate: 30/s}
)");
  CHECK(table_of(design).at("ttl") == "valid_until");
  CHECK(has(steps(design, "parking").back().at("filter"), "valid_until > :now"));
  CHECK(design.at("access_patterns").at("permit").contains("client_notes"));
}

TEST_CASE("33: two regions with a home, each write in both") {
  const Json design = design_example("examples/33-global-tables.yaml");
  CHECK(table_of(design).at("stream") == "NEW_AND_OLD_IMAGES");
  CHECK(condition_of(design, "spend", "Player") == "attribute_exists(PK) AND coins >= :price");
  CHECK(steps(design, "save").at(0).at("operation") == "PutItem");
  double replicated = 0;
  for (const Json& line : design.at("cost").at("lines"))
    if (line.at("what") == "replicated write request units") ++replicated;
  CHECK(replicated == 2);
}

TEST_CASE("33: strong replication with two regions, expiry and a transaction names all three") {
  const Outcome refused = try_design("tests/scenarios/33-global-tables-refused.yaml");
  CHECK(refused.exit_status == 1);
  CHECK(has(refused.standard_error, "DDB704"));
  CHECK(has(refused.standard_error, "exactly three regions"));
  CHECK(has(refused.standard_error, "no TTL"));
  CHECK(has(refused.standard_error, "no transactions"));
  // Three regions of one set, and neither of the two: strongly replicated.
  const Json design = design_text(R"(service: flags
settings: {regions: [us-east-1, us-east-2, us-west-2], replication: strong, billing: on-demand}
entities:
  Flag: {id: flag, count: 900, attributes: {flag: string 12 B, state: boolean}}
access_patterns:
  add:  {create: Flag, rate: 1/day}
  flag: {get: Flag, by: flag, consistency: strong, rate: 90/s}
  turn: {update: Flag, by: flag, set: [state], rate: 1/min}
)");
  CHECK(steps(design, "flag").at(0).at("consistent_read") == true);
  CHECK(steps(design, "turn").at(0).at("operation") == "UpdateItem");
}

}  // namespace ddbplan::test
