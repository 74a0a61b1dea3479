// Goal: the first situations (tests/examples/scenarios_test.cpp) once more with other names and other numbers, so
// that nothing is fitted to a file. The arithmetic stands beside each number.

#include <doctest/doctest.h>

#include "tests/examples/designed.h"

namespace ddbplan::test {

TEST_CASE("01 again: clinics, their patients and open referrals") {
  const Json design = design_text(R"(service: clinics
settings: {regions: [eu-west-3], tenant: clinic}
entities:
  Clinic:  {id: clinic, count: 700, attributes: {clinic: string 9 B, town: string 16 B}}
  Patient: {id: patient_no, belongs_to: {Clinic: 2000 .. 90k}, attributes: {patient_no: uuid, name: string 30 B}}
  Visit:   {id: visit_id, belongs_to: {Clinic: 30k .. 900k}, attributes: {visit_id: ulid of came_at, came_at: timestamp, notes: string 700 B}}
  Referral:
    id: referral_id
    belongs_to: {Clinic: 4000 .. 80k}
    attributes: {referral_id: ulid of made_at, made_at: timestamp, state: {states: {WAITING: 3%, SEEN: 97%}, moves: [WAITING -> SEEN]}}
access_patterns:
  add_clinic:  {create: Clinic, rate: 1/week}
  clinic:      {get: Clinic, by: clinic, rate: 3/s}
  add_patient: {create: Patient, rate: 0.2/s}
  patient:     {get: Patient, by: patient_no, rate: 70/s}
  patients:    {list: Patient, limit: 40, rate: 2/s}
  visit:       {create: Visit, rate: 3/s}
  visits:      {list: Visit, range: came_at, order: came_at desc, limit: 40, rate: 9/s}
  refer:       {create: Referral, rate: 0.5/s}
  see:         {update: Referral, by: referral_id, move: state WAITING -> SEEN, rate: 0.5/s}
  waiting:     {list: Referral, where: state = WAITING, order: made_at desc, limit: 40, rate: 20/s}
)");
  for (const char* pattern : {"patient", "patients", "visits"})
    CHECK(steps(design, pattern).at(0).at("index").is_null());
  CHECK(index_names(design).size() <= 1);
  const Json waiting = steps(design, "waiting").at(0);
  if (!waiting.at("index").is_null()) {
    const Json key = row_key(design, "Referral", waiting.at("index"));
    CHECK(has(key.at("partition_key"), "CLINIC#{clinic"));
    CHECK(key.at("when") == "state = WAITING");
  }
  for (const char* entity : {"Clinic", "Patient", "Visit", "Referral"})
    CHECK(
        row_key(design, entity).at("partition_key").get<std::string>().rfind("CLINIC#{clinic", 0) ==
        0);
}

TEST_CASE("02 again: trades of one busy share") {
  // 1,900 x ceil(1.4 KB / 1 KB) = 3,800 units: ceil(3800 / 700) = 6 shards of that one.
  const Json design = design_text(R"(service: trades
entities:
  Share: {id: symbol, count: 9000, attributes: {symbol: string 5 B, name: string 24 B}}
  Trade:
    id: [symbol, trade_id]
    belongs_to: {Share: {children: 4800 .. 25M}}
    size: 1.4 KB
    retention: 2 days after at
    attributes: {trade_id: ulid of at, at: timestamp}
access_patterns:
  list_share: {create: Share, rate: 2/day}
  share:      {get: Share, by: symbol, rate: 9/s}
  trade:      {create: Trade, rate: 250/s, peak: 3000/s, hottest: {ACME: 1900/s}}
  between:    {list: Trade, by: symbol, range: at, order: at asc, limit: 200, rate: 5/s}
  last:       {list: Trade, by: symbol, order: at desc, limit: 1, rate: 90/s}
)");
  CHECK(index_names(design).empty());
  CHECK(row_key(design, "Trade").at("shard").at("per_key") == Json{{"ACME", 6}});
  CHECK(row_key(design, "Trade").at("shards") == 1);
  const Json last = steps(design, "last").at(0);
  CHECK(last.at("limit") == 1);
  CHECK(last.at("scan_index_forward") == false);
  CHECK(last.at("requests").at("max").get<double>() >= 6);
}

TEST_CASE("03 again: songs on playlists") {
  const Json design = design_text(R"(service: playlists
entities:
  Playlist: {id: playlist, count: 900k, attributes: {playlist: ulid, title: string 20 B}}
  Song:     {id: song, count: 300k, attributes: {song: ulid, title: string 20 B}}
  Entry:    {id: [playlist, song], belongs_to: {Playlist: 40 .. 3000, Song: 120 .. 90k}, attributes: {note: string 12 B}}
access_patterns:
  make:     {create: Playlist, rate: 1/s}
  playlist: {get: Playlist, by: playlist, rate: 9/s}
  release:  {create: Song, rate: 0.1/s}
  song:     {get: Song, by: song, rate: 9/s}
  add:      {create: Entry, rate: 4/s}
  songs:    {list: Entry, by: playlist, limit: 60, rate: 70/s}
  found_on: {list: Entry, by: song, limit: 60, rate: 30/s}
)");
  REQUIRE(index_names(design).size() == 1);
  const Json base = row_key(design, "Entry");
  const std::string text =
      base.at("partition_key").get<std::string>() + base.at("sort_key").get<std::string>();
  CHECK(has(text, "{playlist}"));
  CHECK(has(text, "{song}"));
  for (const char* pattern : {"songs", "found_on"}) {
    REQUIRE(steps(design, pattern).size() == 1);
    CHECK(steps(design, pattern).at(0).at("operation") == "Query");
  }
}

TEST_CASE("11 again: buses and where they are") {
  const Json design = design_text(R"(service: buses
entities:
  Bus: {id: bus, count: 3000, attributes: {bus: string 6 B, line: string 4 B}}
  Place: {id: [bus, at, n], belongs_to: {Bus: {children: 130k .. 700k}}, retention: 3 days after at, attributes: {at: epoch_ms, n: integer, north: number, east: number}}
access_patterns:
  buy:   {create: Bus, rate: 1/week}
  bus:   {get: Bus, by: bus, rate: 1/s}
  drive: {create: Place, rate: 1500/s, peak: 2000/s, hottest: 2/s}
  way:   {list: Place, by: bus, range: at, order: at asc, limit: 300, rate: 4/s}
  now:   {list: Place, by: bus, order: at desc, limit: 1, rate: 80/s}
)");
  CHECK(index_names(design).empty());
  CHECK_FALSE(row_key(design, "Place").contains("shard"));
  for (const char* pattern : {"way", "now"})
    CHECK(steps(design, pattern).at(0).at("index").is_null());
  CHECK(steps(design, "now").at(0).at("limit") == 1);
}

TEST_CASE("13 again: answers of a forum by votes") {
  const Json design = design_text(R"(service: forum
entities:
  Question: {id: question, count: 50k, attributes: {question: ulid, title: string 60 B}}
  Answer:
    id: [question, answer_id]
    belongs_to: {Question: 600 .. 9000}
    attributes: {answer_id: ulid of given_at, given_at: timestamp, text: string 500 B .. 2 KB, votes: integer}
access_patterns:
  ask:    {create: Question, rate: 0.1/s}
  title:  {get: Question, by: question, rate: 50/s}
  answer: {create: Answer, rate: 3/s}
  vote:   {update: Answer, by: [question, answer_id], add: {votes: 1}, rate: 5/s}
  newest: {list: Answer, by: question, order: given_at desc, limit: 10, rate: 200/s}
  best:   {list: Answer, by: question, order: votes desc, limit: 5, rate: 100/s}
)");
  CHECK(steps(design, "newest").at(0).at("index").is_null());
  REQUIRE(index_names(design).size() == 1);
  const std::string index = index_names(design).front();
  CHECK(row_key(design, "Answer", index).at("sort_key") == "{votes}");
  // The entry leaves and enters: two writes, more for entries above 1 KB.
  CHECK(units(design, "vote", index, "write") >= 2);
}

TEST_CASE("15 again: plates of cars, unique over all branches") {
  const Json design = design_text(R"(service: rental
entities:
  Branch: {id: branch, count: 800, attributes: {branch: string 6 B}}
  Car:
    id: [branch, car_id]
    belongs_to: {Branch: {children: 600k .. 9M}}
    unique: [plate]
    retention: 400 days after bought_at
    attributes: {car_id: ulid of bought_at, bought_at: timestamp, plate: string 9 B}
access_patterns:
  open:   {create: Branch, rate: 1/week}
  branch: {get: Branch, by: branch, rate: 1/s}
  buy:    {create: Car, rate: 14/s, peak: 40/s}
  car:    {get: Car, by: [branch, car_id], rate: 90/s}
  stopped: {get: Car, by: plate, rate: 9/s}
  of_branch: {list: Car, by: branch, range: bought_at, order: bought_at asc, limit: 60, rate: 3/s}
  all: {list: Car, range: bought_at, order: bought_at asc, limit: 60, returns: [plate], rate: 0.1/s}
)");
  REQUIRE(steps(design, "buy").at(0).at("actions").size() == 2);
  CHECK(steps(design, "buy").at(0).at("operation") == "TransactWriteItems");
  bool guarded = false;
  for (const Json& item : design.at("entities").at("Car").at("items"))
    guarded = guarded || item.at("role") == "guard";
  CHECK(guarded);
  CHECK(steps(design, "of_branch").at(0).at("index").is_null());
  const Json all = steps(design, "all").at(0);
  REQUIRE(all.at("index").is_string());
  // 14 a second x about 250 bytes are 300 MB a day: below 10 GB for a month, above it for all 400 days.
  CHECK(has(row_key(design, "Car", all.at("index")).at("partition_key"), "{bought_at|truncate:"));
  CHECK(index_names(design).size() <= 2);
}

TEST_CASE("18 again: 200 puts of 3,072 bytes, and of one byte more") {
  const auto design = [](const std::string& size) {
    return design_text(
        R"(service: scans
entities:
  Desk: {id: desk, count: 3000, attributes: {desk: ulid}}
  Scan: {id: scan_id, belongs_to: {Desk: 8000 .. 90k}, size: )" +
        size + R"(, retention: 2 days after at, attributes: {scan_id: ulid of at, at: timestamp}}
access_patterns:
  add:    {create: Desk, rate: 1/day}
  desk:   {get: Desk, by: desk, rate: 1/s}
  scan:   {create: Scan, rate: 200/s, peak: 200/s}
  one:    {get: Scan, by: scan_id, consistency: strong, rate: 20/s}
  newest: {list: Scan, by: desk, order: at desc, limit: 30, rate: 900/s}
)");
  };
  const Json three = design("3072 B");
  REQUIRE(index_names(three).size() == 1);
  const std::string index = index_names(three).front();
  CHECK(units(three, "scan", "", "write") == 3);
  CHECK(units(three, "scan", index, "write") == 3);
  // 200 x 3 = 600 units a second on each; ceil(600 / 0.7) = 858 provisioned.
  CHECK(load(three, index, "write") == doctest::Approx(600).epsilon(1e-4));
  CHECK(units(design("3073 B"), "scan", "", "write") == 4);
}

TEST_CASE("26 again: a telescope with 5,000 frames a second") {
  // ceil(5000 / 700) = 8 shards; the latest frame is one Query of Limit 1 for each.
  const Json design = design_text(R"(service: telescope
settings: {billing: on-demand}
entities:
  Telescope: {id: name, count: 1, attributes: {name: string 7 B}}
  Frame: {id: [name, frame_id], belongs_to: {Telescope: {children: 430M .. 500M}}, retention: 1 day after at, attributes: {frame_id: ulid of at, at: timestamp, stars: map 500 B}}
access_patterns:
  build:  {create: Telescope, rate: 1/month}
  name:   {get: Telescope, by: name, rate: 1/s}
  expose: {create: Frame, rate: 5000/s, peak: 5000/s, hottest: 5000/s}
  latest: {list: Frame, by: name, order: at desc, limit: 1, rate: 9/s}
)");
  CHECK(row_key(design, "Frame").at("shards") == 8);
  CHECK(steps(design, "latest").at(0).at("requests").at("mean") == 8);
  for (const Json& item : design.at("entities").at("Frame").at("items"))
    CHECK(item.at("role") != "pointer");
}

}  // namespace ddbplan::test
