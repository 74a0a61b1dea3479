// Goal: load on single keys: shards where they are needed, as many as needed, and nowhere else. Each situation is
// met twice, as its example and with other names and numbers. A key value takes 1,000 write units a second; a plan
// uses 70 % of that unless it is told otherwise.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/examples/designed.h"

namespace ddbplan::test {

namespace {

int shards_of(const Json& key, const std::string& name) {
  return key.at("shard").at("per_key").at(name).get<int>();
}

double most_requests(const Json& design, const std::string& pattern) {
  return steps(design, pattern).at(0).at("requests").at("max").get<double>();
}

}  // namespace

TEST_CASE("04: 4,200 writes of 1.5 KB on one key are 8,400 units, and the index counts by itself") {
  const std::string file = "examples/04-hot-partitions.yaml";
  // 4,200 x ceil(1536 / 1024) = 8,400: at least ceil(8400 / 1000) = 9, and ceil(8400 / 700) = 12 at 70 %.
  const Json design = design_example(file);
  const Json base = row_key(design, "Click");
  CHECK(shards_of(base, "launch-2027") == 12);
  CHECK(base.at("shards") == 1);
  CHECK(has(base.at("partition_key"), "{shard}"));
  CHECK_FALSE(has(base.at("sort_key"), "{shard}"));
  // The index takes entries of at most 1 KB: ceil(4200 / 700) = 6.
  REQUIRE(index_names(design).size() == 1);
  CHECK(shards_of(row_key(design, "Click", index_names(design).front()), "launch-2027") == 6);
  // A read of the whole campaign is a Query for each shard.
  CHECK(steps(design, "clicks").at(0).at("operation") == "Query");
  CHECK(most_requests(design, "clicks") >= 12);
  const Json full = design_example(file, {"--set", "settings.capacity_target=100%"});
  CHECK(shards_of(row_key(full, "Click"), "launch-2027") == 9);
}

TEST_CASE("04: likes of a song, at other rates") {
  // 2,600 x ceil(2.2 KB / 1 KB) = 7,800 units: ceil(7800 / 700) = 12; the index by mood: ceil(2600 / 700) = 4.
  const Json design = design_text(R"(service: radio
entities:
  Song: {id: song_id, count: 20k, attributes: {song_id: string 9 B, title: string 30 B}}
  Play:
    id: [song_id, play_id]
    belongs_to: {Song: {children: 6k .. 90M}}
    size: 2.2 KB
    retention: 1 day after heard_at
    attributes: {play_id: ulid of heard_at, heard_at: timestamp, seconds: integer}
access_patterns:
  add_song: {create: Song, rate: 9/day}
  song:     {get: Song, by: song_id, rate: 4/s}
  play:     {create: Play, rate: 1400/s, peak: 3000/s, hottest: {hit: 2600/s}}
  plays:    {list: Play, by: song_id, order: heard_at asc, limit: 100, rate: 30/s}
  longest:  {list: Play, by: song_id, order: seconds desc, limit: 20, returns: [seconds], rate: 9/s}
)");
  CHECK(shards_of(row_key(design, "Play"), "hit") == 12);
  REQUIRE(index_names(design).size() == 1);
  CHECK(shards_of(row_key(design, "Play", index_names(design).front()), "hit") == 4);
}

TEST_CASE("12: acme alone is sharded, and a range of days ends with its last day") {
  const Json design = design_example("examples/12-saas-customers.yaml");
  const Json key = row_key(design, "Event");
  // ceil(6000 / 1000) = 6 at least, ceil(6000 / 700) = 9 at 70 %; 50 writes a second need one.
  CHECK(shards_of(key, "acme") == 9);
  CHECK(key.at("shard").at("per_key").size() == 1);
  CHECK(key.at("shards") == 1);
  CHECK(has(key.at("partition_key"), "TENANT#{tenant_id"));
  // Both ends are of the sort key, which goes on after the day: the proof compares the last day's rows too.
  const Json list = steps(design, "events_of_days").at(0);
  CHECK(list.at("index").is_null());
  CHECK(has(list.at("key_condition"), "SK BETWEEN :from AND :to"));
  CHECK(design.at("validation").at("failed") == 0);
}

TEST_CASE("12: the upper bound of a range of days lies above every key of the last day") {
  Command command;
  command.directory = source_directory();
  command.arguments = {"emit", "requests", "examples/12-saas-customers.yaml"};
  const Outcome outcome = run(ddbplan_binary(), command);
  REQUIRE(outcome.exit_status == 0);
  const Json requests = Json::parse(outcome.standard_output);
  const Json& example = requests.at("access_patterns").at("events_of_days").at("example");
  REQUIRE_FALSE(example.empty());
  const Json& values = example.at(0).at("request").at("ExpressionAttributeValues");
  const std::string to = values.at(":to").at("S");
  const std::string day = to.substr(0, std::string("EVENT#2026-06-14").size());
  // "EVENT#2026-06-14#01KV..." sorts after "EVENT#2026-06-14"; the bound sorts after both.
  CHECK(to > day + "#ZZZZZZZZZZZZZZZZZZZZZZZZZZ");
  CHECK(values.at(":from").at("S").get<std::string>().size() == day.size());
}

TEST_CASE("12: schools of one district, at other rates") {
  // ceil(2000 / 700) = 3 shards for north; the others write less than 700 units a second.
  const Json design = design_text(R"(service: schools
settings: {tenant: school}
entities:
  School: {id: school, count: 900, attributes: {school: string 6 B, name: string 20 B}}
  Mark:
    id: mark_id
    belongs_to: {School: {children: 600k .. 90M, skew: {north: 30%}}}
    retention: 90 days after given_at
    attributes: {mark_id: ulid of given_at, given_at: timestamp, value: integer, note: string 300 B .. 600 B}
access_patterns:
  add_school: {create: School, rate: 1/day}
  school:     {get: School, by: school, rate: 5/s}
  give:       {create: Mark, rate: 69/s, peak: 2500/s, hottest: {north: 2000/s}}
  newest:     {list: Mark, order: given_at desc, limit: 30, rate: 20/s}
)");
  const Json key = row_key(design, "Mark");
  CHECK(shards_of(key, "north") == 3);
  CHECK(key.at("shards") == 1);
  CHECK(steps(design, "newest").at(0).at("index").is_null());
}

TEST_CASE(
    "16: four regions at 8,000 sign-ups a second are four sharded key values of a global index") {
  const Json design = design_example("examples/16-filter-by-region.yaml");
  REQUIRE(index_names(design).size() == 1);
  CHECK(design.at("tables").at(0).at("local_secondary_indexes").empty());
  const Json key = row_key(design, "User", index_names(design).front());
  CHECK(has(key.at("partition_key"), "{region}"));
  CHECK(has(key.at("partition_key"), "{shard}"));
  // 8,000 / 4 = 2,000 units on a region: at least 2, and ceil(2000 / 700) = 3 at 70 %.
  CHECK(key.at("shards") == 3);
  CHECK(most_requests(design, "in_region") == 3);
  CHECK(row_key(design, "User").at("shards") == 1);
  // Only what the list shows is projected: the profile stays in the table.
  const Json projection =
      design.at("tables").at(0).at("global_secondary_indexes").at(0).at("projection");
  CHECK(projection.at("type") == "INCLUDE");
  for (const Json& name : projection.at("attributes")) CHECK(name != "profile");
}

TEST_CASE("16: three channels of unequal share") {
  // 3,600 a second, half of them by mail: 1,800 units on one value, ceil(1800 / 700) = 3 shards.
  const Json design = design_text(R"(service: messages
entities:
  Message:
    id: message_id
    count: 30M
    attributes:
      message_id: ulid of sent_at
      sent_at:    timestamp
      channel:    {type: string, one_of: {mail: 50%, push: 30%, text: 20%}, immutable: true}
      body:       string 400 B .. 600 B
access_patterns:
  send:       {create: Message, rate: 300/s, peak: 3600/s}
  message:    {get: Message, by: message_id, consistency: strong, rate: 90/s}
  of_channel: {list: Message, by: channel, order: sent_at desc, limit: 20, returns: [sent_at], rate: 3/s}
)");
  REQUIRE(index_names(design).size() == 1);
  CHECK(row_key(design, "Message", index_names(design).front()).at("shards") == 3);
  CHECK(design.at("tables").at(0).at("local_secondary_indexes").empty());
}

TEST_CASE("27: a changed score is two writes of the index, so 9,000 changes are 18,000 units") {
  const std::string file = "examples/27-leaderboard-shards.yaml";
  const Json design = design_example(file);
  REQUIRE(index_names(design).size() == 1);
  const std::string index = index_names(design).front();
  const Json key = row_key(design, "Score", index);
  CHECK(key.at("sort_key") == "{points}");
  CHECK(has(key.at("partition_key"), "{shard}"));
  // An entry of at most 1 KB leaves and enters: 2 units. 9,000 x 2 / 700 = 25.7.
  CHECK(units(design, "score", index, "write") == 2);
  CHECK(shards_of(key, "final") == 26);
  const Json top = steps(design, "top").at(0);
  CHECK(top.at("scan_index_forward") == false);
  CHECK(top.at("limit") == 10);
  // With all of the ceiling 18,000 / 1,000 = 18 shards; who enters (6 a second at the peak) asks for a part of one
  // more. The best ten of each are 10 x N entries.
  const Json full = design_example(file, {"--set", "settings.capacity_target=100%"});
  CHECK(shards_of(row_key(full, "Score", index), "final") == 19);
  CHECK(most_requests(full, "top") == 19);
  CHECK(design.at("validation").at("failed") == 0);
}

TEST_CASE("27: races by time, at other rates") {
  // 1,400 changes x 2 = 2,800 units: ceil(2800 / 700) = 4 shards, where 1,400 alone would need 2.
  const Json design = design_text(R"(service: races
settings: {billing: on-demand}
entities:
  Race: {id: race, count: 30, attributes: {race: string 7 B, place: string 12 B}}
  Time: {id: [race, runner], belongs_to: {Race: 60k .. 900k}, attributes: {runner: ulid, seconds: integer}}
access_patterns:
  add_race: {create: Race, rate: 1/day}
  race:     {get: Race, by: race, rate: 2/s}
  start:    {create: Time, rate: 1/s}
  pass:     {update: Time, by: [race, runner], set: [seconds], rate: 500/s, peak: 2000/s, hottest: {berlin: 1400/s}}
  fastest:  {list: Time, by: race, order: seconds asc, limit: 25, returns: [seconds], rate: 90/s}
)");
  REQUIRE(index_names(design).size() == 1);
  const Json key = row_key(design, "Time", index_names(design).front());
  CHECK(shards_of(key, "berlin") == 4);
  CHECK(steps(design, "fastest").at(0).at("scan_index_forward") == true);
}

TEST_CASE("28: of 1,500, 600 and 100 writes a second only the first is above what a key takes") {
  const Json design = design_example("examples/28-adaptive-capacity.yaml");
  const Json key = row_key(design, "Sample");
  // ceil(1500 / 700) = 3; 600 and 100 are below 700.
  CHECK(key.at("shard").at("per_key") == Json{{"north", 3}});
  CHECK(key.at("shards") == 1);
  const Outcome refused = try_design("tests/scenarios/28-adaptive-capacity-refused.yaml");
  CHECK(refused.exit_status == 1);
  CHECK(has(refused.standard_error, "DDB401"));
  CHECK(has(refused.standard_error, "1,500 write units a second"));
  CHECK(has(refused.standard_error, "one key value takes 1,000"));
}

TEST_CASE("28: without the key above the limit nothing is sharded or reported") {
  const std::string meters = R"(service: turbines
settings: {billing: provisioned}
entities:
  Turbine: {id: turbine, count: 500, attributes: {turbine: string 7 B}}
  Tick:
    id: [turbine, tick_id]
    belongs_to: {Turbine: {children: 1M .. 100M}}
    retention: 10 days after at
    attributes: {tick_id: ulid of at, at: timestamp, values: map 200 B .. 500 B}
access_patterns:
  add:    {create: Turbine, rate: 1/month}
  read:   {get: Turbine, by: turbine, rate: 1/s}
  tick:   {create: Tick, rate: 579/s, peak: 1200/s, hottest: {east: )";
  const std::string rest =
      "/s, west: 90/s}}\n  recent: {list: Tick, by: turbine, order: at desc, limit: 9, rate: "
      "2/s}\n";
  CHECK_FALSE(row_key(design_text(meters + "690" + rest), "Tick").contains("shard"));
  // 710 units are above 70 % of 1,000: two shards.
  CHECK(shards_of(row_key(design_text(meters + "710" + rest), "Tick"), "east") == 2);
}

namespace {

/// Readings of 500 devices and what is kept of each hour, with a retention of a day.
std::string hours_of(const std::string& keep, const std::string& load) {
  return R"(service: meters
entities:
  Device: {id: device_id, count: 500, attributes: {device_id: string 12 B}}
  Reading: {id: [device_id, reading_id], belongs_to: {Device: 500k .. 220M}, retention: 1 day after at, attributes: {reading_id: ulid of at, at: timestamp, v: number}}
  Hourly: {rollup: {of: Reading, by: {device_id, hour: at to hour}, keep: )" +
         keep + R"(, kept: stream}}
access_patterns:
  add: {create: Device, rate: 1/day}
  ingest: {create: Reading, )" +
         load + R"(}
  window: {list: Reading, by: device_id, order: at desc, limit: 20, rate: 5/s}
  trend: {list: Hourly, by: device_id, range: hour last 2 days, order: hour desc, limit: 9, rate: 1/s}
)";
}

}  // namespace

TEST_CASE(
    "an hour that takes all that is written now is several items, and its readers add them up") {
  const Json design = design_text(hours_of("{n: count, total: sum v, least: min v, most: max v}",
                                           "rate: 3000/s, hottest: 2500/s"));
  const Json key = row_key(design, "Hourly");
  // All 2,500 additions a second of the busiest device are to its present hour, whatever hours there are: a shard that the
  // hour's name draws is one item. A Reading is as much again, in a collection of its own: ceil(2500 / 700) = 4.
  CHECK(key.at("shard").at("by") == "request");
  CHECK(key.at("shards") == 4);
  // Each shard has a part of every hour.
  CHECK(most_requests(design, "trend") == 4);
  CHECK(units(design, "trend", "", "read") == 4 * 0.5);
  // Both ways: what the consumer adds to one of them, and what the reads make of all.
  CHECK(design.at("validation").at("failed") == 0);
}

TEST_CASE("only the device that is named hot has its hours in several items") {
  // ceil(1500 x 2 / 700) = 5.
  const Json design =
      design_text(hours_of("{n: count}", "rate: 30/s, peak: 1600/s, hottest: {press: 1500/s}"));
  CHECK(row_key(design, "Hourly").at("shard").at("per_key") == Json{{"press", 5}});
  CHECK(row_key(design, "Hourly").at("shards") == 1);
  CHECK(design.at("validation").at("failed") == 0);
}

TEST_CASE("an hour that cannot be several items is too hot, however many hours there are") {
  // A part of an hour does not tell whether the whole has more than so many.
  const Outcome outcome = try_design_text(hours_of("{n: count}", "rate: 3000/s, hottest: 2500/s") +
                                          "  busy: {list: Hourly, by: device_id, where: n > "
                                          ":least, order: hour desc, limit: 9, rate: 1/s}\n");
  CHECK(outcome.exit_status == 1);
  CHECK(has(outcome.standard_error, "DDB401"));
  CHECK(has(outcome.standard_error, "2,500 write units a second"));
}

TEST_CASE("a rollup's hours are as old as what it sums up") {
  // Seven days of 3 devices are 168 hours each, of 133 bytes: 21.8 KB, ceil(21.8 / 4) x 0.5 = 3 units.
  const Json design = design_text(R"(service: meters
entities:
  Device: {id: device_id, count: 3, attributes: {device_id: ulid}}
  Reading: {id: [device_id, at, seq], belongs_to: {Device: 1M .. 6M}, retention: 7 days after at, attributes: {at: timestamp, seq: integer, t: number}}
  Hourly: {rollup: {of: Reading, by: {device_id, hour: at to hour}, keep: {n: count, total: sum t}, kept: stream}}
access_patterns:
  add: {create: Device, rate: 1/day}
  ingest: {create: Reading, rate: 5/s}
  trend: {list: Hourly, by: device_id, range: hour last 7 days, rate: 1/s}
)");
  CHECK(units(design, "trend", "", "read") == doctest::Approx(3).epsilon(0.01));
  CHECK(design.at("validation").at("failed") == 0);
}

TEST_CASE("what a stream's consumer keeps is as hot as what it follows") {
  const auto counted = [](const std::string& children, const std::string& hottest) {
    return "service: likes\nentities:\n"
           "  Song: {id: song_id, count: 100, attributes: {song_id: ulid, n: {count_of: Like, "
           "kept: stream}}}\n"
           "  Like: {id: [song_id, like_id], belongs_to: {Song: " +
           children +
           "}, attributes: {like_id: ulid of at, at: timestamp}}\n"
           "access_patterns:\n"
           "  add: {create: Song, rate: 1/day}\n"
           "  like: {create: Like, rate: 500/s, peak: 3000/s" +
           hottest +
           "}\n"
           "  song: {get: Song, by: song_id, rate: 20/s}\n";
  };
  const Outcome said = try_design_text(counted("100k .. 110k", ", hottest: 2500/s"));
  CHECK(said.exit_status == 1);
  CHECK(has(said.standard_error, "2,500 write units a second"));
  // Of 10 million likes one song has 5: half of 3,000 a second.
  const Outcome skewed = try_design_text(counted("100k .. 5M", ""));
  CHECK(skewed.exit_status == 1);
  CHECK(has(skewed.standard_error, "1,500 write units a second"));
}

TEST_CASE("a count that is too hot for its parent is told how to become several items, and does") {
  const auto songs = [](const std::string& count, const std::string& load) {
    return "service: likes\nentities:\n"
           "  Song: {id: song_id, count: 100, attributes: {song_id: ulid" +
           count +
           "}}\n"
           "  Like: {id: [song_id, like_id], belongs_to: {Song: 100k .. 10M}, attributes: "
           "{like_id: ulid of at, at: timestamp}}\n"
           "access_patterns:\n"
           "  add: {create: Song, rate: 1/day}\n"
           "  like: {create: Like, " +
           load +
           "}\n"
           "  song: {get: Song, by: song_id, rate: 20/s}\n";
  };
  const std::string hot = "rate: 500/s, peak: 3000/s, hottest: 2500/s";
  for (const char* kept : {"transaction", "stream"}) {
    const Outcome refused =
        try_design_text(songs(std::string(", n: {count_of: Like, kept: ") + kept + "}", hot));
    CHECK(refused.exit_status == 1);
    CHECK(has(refused.standard_error,
              "`SongTotals: {rollup: {of: Like, by: {song_id}, keep: {n: count}, kept: stream}}`"));
    CHECK(has(refused.standard_error, "`{get: SongTotals, by: song_id}`"));
  }
  std::string taken = songs("", hot);
  const std::string at = "access_patterns:\n";
  taken.insert(
      taken.find(at),
      "  SongTotals: {rollup: {of: Like, by: {song_id}, keep: {n: count}, kept: stream}}\n");
  const Json design = design_text(taken + "  total: {get: SongTotals, by: song_id, rate: 20/s}\n");
  // ceil(2500 / 700) = 4 items.
  CHECK(row_key(design, "SongTotals").at("shards") == 4);
  CHECK(row_key(design, "SongTotals").at("shard").at("by") == "request");
  CHECK(design.at("validation").at("failed") == 0);
  // 400 a second are 800 units in transactions and 400 without: below 700.
  const std::string warm = "rate: 100/s, peak: 600/s, hottest: 400/s";
  const Outcome warned = try_design_text(songs(", n: {count_of: Like}", warm));
  CHECK(has(warned.standard_output, "DDB401"));
  const Outcome fine = try_design_text(songs(", n: {count_of: Like, kept: stream}", warm));
  CHECK(fine.exit_status == 0);
  CHECK_FALSE(has(fine.standard_output, "DDB401"));
}

}  // namespace ddbplan::test
