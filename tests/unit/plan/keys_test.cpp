// Goal: the keys that follow from what is asked are those an engineer would draw.

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

using Names = std::vector<std::string>;

TEST_CASE("an entity that is only read by its identity needs nothing else") {
  const Planned p =
      plan_text("Session: {id: session_id, attributes: {session_id: uuid, data: string 600 B}}",
                "log_in: {create: Session}\ncheck: {get: Session, by: session_id}");
  CHECK(p.errors() == Names{});
  CHECK(p.key("Session") == "SESSION#{session_id} / SESSION");
  CHECK(p.indexes() == Names{});
}

TEST_CASE("children stand in their parent's collection") {
  const Planned p = plan_text(
      "User: {id: user_id, attributes: {user_id: ulid}}\n"
      "Post: {id: [user_id, post_id], belongs_to: {User: 10 .. 100}, attributes: {post_id: ulid of "
      "at, at: timestamp}}",
      "add: {create: Post}\nposts: {list: Post, by: user_id, order: at desc, limit: 5}\n"
      "user: {get: User, by: user_id}");
  CHECK(p.key("User") == "USER#{user_id} / USER");
  CHECK(p.key("Post") == "USER#{user_id} / POST#{post_id}");
  CHECK(p.indexes() == Names{});
  CHECK_FALSE(p.pattern("posts").steps.front().scan_index_forward);
}

TEST_CASE("an index that holds whole rows for one entity answers with those of another") {
  // Of a range that begins now a call finds few rows, so fetching them would cost as little as carrying them.
  const Planned p = plan_text(
      "Agency: {id: agency_id, count: 3000, attributes: {agency_id: ulid}}\n"
      "Seeker: {id: seeker_id, count: 500k, attributes: {seeker_id: ulid}}\n"
      "Listing: {id: listing_id, belongs_to: {Agency: 60 .. 3000}, attributes: {listing_id: ulid, "
      "text: string 900 B}}\n"
      "Viewing: {id: viewing_id, belongs_to: {Listing: 12 .. 90, Seeker: 4 .. 60}, attributes: "
      "{viewing_id: ulid, starts_at: timestamp, remark: string 300 B}}",
      "found: {create: Agency}\njoin: {create: Seeker}\npublish: {create: Listing, rate: 3/min}\n"
      "ask: {create: Viewing, rate: 0.2/s}\n"
      "of_agency: {list: Listing, by: agency_id, limit: 50, rate: 5/s}\n"
      "mine: {list: Viewing, by: seeker_id, range: starts_at >= now, order: starts_at asc, rate: "
      "4/s}\n"
      "listing: {get: Listing, by: listing_id, rate: 200/s}\n"
      "comment: {update: Viewing, by: viewing_id, set: [remark], rate: 6/min}");
  CHECK(p.errors() == Names{});
  REQUIRE(p.indexes() == Names{"GSI1"});
  CHECK(p.pattern("mine").steps.size() == 1);
}

TEST_CASE("rows that are not in one of four states are those in the three others") {
  const auto board = [](const char* where) {
    return plan_text(
        "Org: {id: org_id, count: 5000, attributes: {org_id: string 8 B}}\n"
        "Incident: {id: incident_id, belongs_to: {Org: 2000 .. 20k}, attributes: "
        "{incident_id: ulid, opened_at: timestamp, state: {states: {NEW: 1%, ACKED: 1%, "
        "FIXED: 3%, CLOSED: 95%}, moves: [NEW -> ACKED, ACKED -> FIXED, FIXED -> CLOSED]}}}",
        (std::string("found: {create: Org}\ntrigger: {create: Incident, rate: 1/s}\n"
                     "ack: {update: Incident, by: incident_id, move: state NEW -> "
                     "ACKED, rate: 1/s}\n"
                     "close: {update: Incident, by: incident_id, move: state FIXED -> "
                     "CLOSED, rate: 1/s}\n"
                     "board: {list: Incident, by: org_id, where: ") +
         where + ", order: opened_at desc, limit: 50, rate: 20/s}"));
  };
  const Planned denied = board("state != CLOSED");
  const Planned said = board("state = NEW | ACKED | FIXED");
  CHECK(denied.errors() == Names{});
  CHECK(denied.indexes() == Names{"GSI1"});
  CHECK(denied.key("Incident", "GSI1") == said.key("Incident", "GSI1"));
}

TEST_CASE(
    "an index of rows in one of two states is asked once, and a row that changes between them "
    "stays") {
  const Planned p = plan_text(
      "Place: {id: place_id, count: 40k, attributes: {place_id: ulid}}\n"
      "Booking: {id: booking_id, belongs_to: {Place: 3000}, attributes: {booking_id: ulid, for_at: "
      "timestamp, status: {states: {BOOKED: 2%, SEATED: 1%, DONE: 97%}, moves: [BOOKED -> SEATED, "
      "SEATED -> DONE]}}}",
      "open: {create: Place}\nbook: {create: Booking, rate: 30/s}\n"
      "seat: {update: Booking, by: booking_id, move: status BOOKED -> SEATED, rate: 30/s}\n"
      "done: {update: Booking, by: booking_id, move: status SEATED -> DONE, rate: 30/s}\n"
      "tonight: {list: Booking, by: place_id, where: status = BOOKED | SEATED, range: for_at, "
      "order: "
      "for_at asc, rate: 100/s}");
  CHECK(p.errors() == Names{});
  REQUIRE(p.indexes() == Names{"GSI1"});
  CHECK(p.key("Booking", "GSI1").find("{status}") == std::string::npos);
  CHECK(p.pattern("tonight").steps.front().alternatives.empty());
  CHECK(p.pattern("tonight").steps.front().filter == nullptr);
  // Nothing of the entry changes, so nothing need be read for it.
  CHECK(p.pattern("seat").steps.size() == 1);
  CHECK(p.pattern("seat").steps.front().actions.front().maintains.empty());
  CHECK(p.pattern("done").steps.front().actions.front().maintains.size() == 1);
}

TEST_CASE("equality sets that nest share one sort key") {
  // Hierarchy: country, country + state, country + state + city. One key with a prefix for each.
  const Planned p = plan_text(
      "Store: {id: store_id, count: 100k, attributes: {store_id: ulid, country: string 2 B, state: "
      "string 8 B, city: string 12 B}}",
      "add: {create: Store, rate: 1/day}\nstore: {get: Store, by: store_id, consistency: strong, "
      "rate: 90/s}\n"
      "a: {list: Store, by: country, limit: 50, rate: 50/s}\n"
      "b: {list: Store, by: [country, state], limit: 50, rate: 50/s}\n"
      "c: {list: Store, by: [country, state, city], limit: 50, rate: 50/s}");
  CHECK(p.errors() == Names{});
  REQUIRE(p.indexes() == Names{"GSI1"});
  CHECK(p.key("Store", "GSI1") ==
        "STORE#COUNTRY#{country} / {state|escape}#{city|escape}#{store_id}");
  for (const char* name : {"a", "b", "c"}) CHECK(p.pattern(name).served == design::Served::keys);
}

TEST_CASE("a strong read in another order takes a local index, never a global one") {
  const Planned p = plan_text(
      "User: {id: user_id, attributes: {user_id: ulid}}\n"
      "Task: {id: [user_id, task_id], belongs_to: {User: 4000 .. 9000}, "
      "attributes: {task_id: ulid, due: timestamp, text: string 400 B}}",
      "add: {create: Task, rate: 1/s}\nmove: {update: Task, by: [user_id, task_id], set: [text]}\n"
      "due: {list: Task, by: user_id, order: due asc, limit: 10, consistency: strong, rate: 90/s}");
  CHECK(p.errors() == Names{});
  REQUIRE(p.indexes() == Names{"LSI1"});
  CHECK(p.design->tables.front().indexes.front().local);
  CHECK(p.pattern("due").steps.front().consistent_read);
  CHECK(p.key("Task", "LSI1") == "USER#{user_id} / TASK#{due}#{task_id}");
}

TEST_CASE("an index over one state holds only that state") {
  const Planned p = plan_text(
      "Job: {id: job_id, count: 5M, attributes: {job_id: ulid of at, at: timestamp, "
      "state: {states: {READY: 1%, DONE: 99%}, moves: [READY -> DONE]}, body: string 200 B}}",
      "add: {create: Job, rate: 2/s}\ndone: {update: Job, by: job_id, move: state READY -> DONE, "
      "rate: 2/s}\n"
      "ready: {list: Job, where: state = READY, order: at asc, limit: 20, rate: 5/s}");
  CHECK(p.errors() == Names{});
  REQUIRE(p.indexes() == Names{"GSI1"});
  CHECK(p.key("Job", "GSI1") == "JOB#READY / {job_id} when state = READY");
}

TEST_CASE("a number that only orders is its own sort key") {
  const Planned p = plan_text(
      "User: {id: user_id, attributes: {user_id: ulid}}\n"
      "Score: {id: [user_id, game_id], belongs_to: {User: 900 .. 9000}, "
      "attributes: {game_id: ulid, points: integer, note: string 900 B}}",
      "add: {create: Score}\nwin: {update: Score, by: [user_id, game_id], add: {points: :won}, "
      "rate: 0.1/s}\n"
      "best: {list: Score, by: user_id, order: points desc, limit: 3, rate: 200/s}");
  CHECK(p.errors() == Names{});
  REQUIRE(p.indexes() == Names{"GSI1"});
  CHECK(p.key("Score", "GSI1") == "USER#{user_id} / {points}");
  // ADD moves the entry by itself: no key attribute has to be computed, so nothing is read first.
  REQUIRE(p.pattern("win").steps.size() == 1);
  CHECK(p.pattern("win").steps.front().actions.front().maintains.empty());
}

TEST_CASE("a base key holds nothing that can change or that a writer does not know") {
  const Planned p = plan_text(
      "Team: {id: team_id, attributes: {team_id: ulid}}\n"
      "Player: {id: player_id, belongs_to: {Team: 20 .. 60}, attributes: {player_id: ulid, name: "
      "string 20 B}}",
      "add: {create: Player}\nrename: {update: Player, by: player_id, set: [name]}\n"
      "transfer: {update: Player, by: player_id, set: [team_id]}\n"
      "squad: {list: Player, by: team_id, limit: 60, rate: 90/s}");
  CHECK(p.errors() == Names{});
  CHECK(p.key("Player") == "PLAYER#{player_id} / PLAYER");
  REQUIRE(p.indexes() == Names{"GSI1"});
  CHECK(p.key("Player", "GSI1") == "TEAM#{team_id} / PLAYER#{player_id}");
}

TEST_CASE("the tenant leads every partition key") {
  const Planned p = plan_text(
      "Note: {id: note_id, count: 1M, attributes: {note_id: ulid of at, at: timestamp, author: "
      "string 12 B, text: string 300 B}}",
      "add: {create: Note}\nnote: {get: Note, by: note_id}\n"
      "by_author: {list: Note, by: author, order: at desc, limit: 9, rate: 300/s}",
      "{tenant: org}");
  CHECK(p.errors() == Names{});
  CHECK(p.key("Note").rfind("ORG#{org", 0) == 0);
  for (const std::string& index : p.indexes())
    CHECK(p.key("Note", index).rfind("ORG#{org", 0) == 0);
}

TEST_CASE("a hot constant key is sharded by the row's identity") {
  // 3,000 creates/s of entries of at most 1 KB on one key value: ceil(3000 / 700) = 5 shards.
  const Planned p = plan_text(
      "Hit: {id: hit_id, count: 50M, retention: 1 day after at, attributes: {hit_id: ulid of at, "
      "at: timestamp, page: string 20 B}}",
      "add: {create: Hit, rate: 600/s, peak: 3000/s}\nnewest: {list: Hit, order: at desc, limit: "
      "10, rate: 1/s}\n"
      "hit: {get: Hit, by: hit_id, consistency: strong}");
  CHECK(p.errors() == Names{});
  REQUIRE(p.indexes() == Names{"GSI1"});
  const design::KeyEntry& entry = p.row("Hit").entries.front();
  CHECK(entry.shards.count == 5);
  CHECK(entry.shards.by == Names{"hit_id"});
  CHECK(p.pattern("newest").steps.front().shards.count == 5);
}

TEST_CASE("an index over rows that have an optional attribute holds only those") {
  const Planned p = plan_text(
      "Depot: {id: depot_id, count: 500, attributes: {depot_id: ulid}}\n"
      "Scan: {id: scan_id, belongs_to: {Depot: 20000 .. 90000}, attributes: {scan_id: ulid of at, "
      "at: timestamp, damage: string 20 B present 2%, body: string 500 B}}",
      "add: {create: Scan, rate: 20/s}\nscan: {get: Scan, by: scan_id, consistency: strong}\n"
      "report: {update: Scan, by: scan_id, set: [damage], rate: 0.4/s}\n"
      "settle: {update: Scan, by: scan_id, remove: [damage], rate: 0.4/s}\n"
      "damaged: {list: Scan, by: depot_id, where: exists(damage), order: at desc, limit: 20, "
      "returns: [damage, at], rate: 30/s}");
  CHECK(p.errors() == Names{});
  REQUIRE(p.indexes() == Names{"GSI1"});
  CHECK(p.key("Scan", "GSI1") == "DEPOT#{depot_id} / SCAN#{scan_id} when exists(damage)");
  // All its entries are wanted: nothing is left to filter.
  CHECK(p.pattern("damaged").steps.front().filter == nullptr);
  CHECK(p.pattern("damaged").served == design::Served::keys);
  // What the update removes takes the entry's keys with it.
  const auto& clauses = p.pattern("settle").steps.back().actions.front().update;
  const auto removes = [&](const std::string& name) {
    return std::any_of(clauses.begin(), clauses.end(), [&](const design::UpdateClause& clause) {
      const auto* remove = std::get_if<design::RemoveAttribute>(&clause);
      return remove != nullptr && remove->attribute == name;
    });
  };
  CHECK(removes("damage"));
}

TEST_CASE("all equalities partition an index that no shorter list shares") {
  // A partition key of the five ratings would be a hot one; the category is always given too.
  const Planned p = plan_text(
      "Review: {id: review_id, count: 3M, attributes: {review_id: ulid of at, at: timestamp, "
      "rating: "
      "{type: integer, one_of: {1: 10%, 2: 10%, 3: 20%, 4: 30%, 5: 30%}, immutable: true}, "
      "category: "
      "{type: string 12 B, distinct: 300, immutable: true}, text: string 300 B}}",
      "add: {create: Review, rate: 1/s}\nreview: {get: Review, by: review_id, consistency: "
      "strong}\n"
      "best: {list: Review, by: [rating, category], order: at desc, limit: 20, rate: 30/s}");
  CHECK(p.errors() == Names{});
  REQUIRE(p.indexes() == Names{"GSI1"});
  const std::string partition =
      p.key("Review", "GSI1").substr(0, p.key("Review", "GSI1").find('/'));
  CHECK(partition.find("{rating") != std::string::npos);
  CHECK(partition.find("{category") != std::string::npos);
}

TEST_CASE("a day of an application is a collection where every list names both") {
  const std::string entities =
      "Log: {id: [app, day, log_id], count: 30M, attributes: {app: {type: string 12 B, distinct: "
      "20}, "
      "day: date, log_id: ulid of at, at: timestamp, text: string 600 B}}";
  const std::string patterns =
      "write: {create: Log, rate: 9/s}\nlog: {get: Log, by: [app, day, log_id]}\n"
      "of_day: {list: Log, by: [app, day], order: at desc, limit: 50, rate: 4/s}";
  CHECK(plan_text(entities, patterns).key("Log") ==
        "LOG#APP#{app|escape}#DAY#{day} / LOG#{log_id}");
  // A list of an application alone keeps its days together.
  const Planned whole = plan_text(
      entities, patterns + "\nof_app: {list: Log, by: app, order: day desc, limit: 50, rate: 9/s}");
  CHECK(whole.key("Log") == "LOG#APP#{app} / LOG#{day}#{log_id}");
}

TEST_CASE(
    "a value that never changes may stand in the base key, where some lists want one of them") {
  const std::string post =
      "Post: {id: post_id, count: 50k, attributes: {post_id: uuid, user_id: uuid, "
      "kind: {one_of: {NOTE: 10%, PHOTO: 90%}}, text: string 600 B}}";
  const std::string patterns =
      "write: {create: Post, rate: 2/s}\n"
      "notes: {list: Post, by: user_id, where: kind = NOTE, limit: 20, rate: 9/s}\n"
      "all: {list: Post, by: user_id, limit: 20, rate: 3/s}";
  const Planned planned = plan_text(post, patterns);
  CHECK(planned.key("Post") == "POST#USER#{user_id} / POST#{kind}#{post_id}");
  CHECK(planned.pattern("notes").steps.front().filter == nullptr);
  CHECK(planned.indexes().empty());
  // Not where it changes.
  const Planned changing =
      plan_text(post, patterns + "\nturn: {update: Post, by: post_id, set: [kind], rate: 1/s}");
  CHECK(changing.key("Post").find("{kind}") == std::string::npos);
}

TEST_CASE("an id that sorts as a time orders nothing that follows it") {
  const Planned planned = plan_text(
      "Post: {id: post_id, count: 50k, attributes: {post_id: ulid of at, at: timestamp, "
      "user_id: {type: uuid, distinct: 1000}, score: integer, text: string 600 B}}",
      "write: {create: Post, rate: 2/s}\n"
      "best: {list: Post, by: user_id, order: [at desc, score desc], limit: 20, rate: 9/s}");
  // Two posts of one instant would stand in the order of their ids, whatever their scores.
  CHECK(planned.key("Post") == "POST#USER#{user_id} / POST#{at}#{score|pad:14}#{post_id}");
}

TEST_CASE("rows of one state have a key for each parent where nobody asks for all of that state") {
  const std::string entities =
      "Club: {id: club_id, count: 8000, attributes: {club_id: ulid}}\n"
      "Match: {id: match_id, belongs_to: {Club: 220}, attributes: {match_id: ulid, kickoff: "
      "timestamp, state: {states: {PLANNED: 20%, LIVE: 1%, OVER: 79%}, moves: [PLANNED -> LIVE, "
      "LIVE -> OVER]}}}";
  const std::string patterns =
      "plan: {create: Match}\nfound: {create: Club}\n"
      "match: {get: Match, by: match_id}\n"
      "kick_off: {update: Match, by: match_id, move: state PLANNED -> LIVE, rate: 0.02/s}\n"
      "of_club: {list: Match, by: club_id, where: state = PLANNED, order: kickoff asc, limit: 5, "
      "rate: 20/s}\n";
  const Planned planned = plan_text(
      entities,
      patterns +
          "live: {list: Match, where: state = LIVE, order: kickoff asc, limit: 50, rate: 1/s}");
  // Nearly as cheap, and one hot key: MATCH#PLANNED / {club_id}#{kickoff}#{match_id}.
  CHECK(planned.key("Match", "GSI1") ==
        "MATCH#CLUB#{club_id}#PLANNED / {kickoff}#{match_id} when state = PLANNED");
}

TEST_CASE("a sale asks for warm throughput, though the declared peak does not") {
  const std::string entities =
      "Claim: {id: claim_id, count: 90M, attributes: {claim_id: ulid, what: string 300 B}}";
  const std::string patterns = "claim: {create: Claim, rate: 200/s, peak: 200/s}";
  const Planned quiet = plan_text(entities, patterns);
  CHECK_FALSE(quiet.design->tables.front().warm_write_units.has_value());
  const Planned sale =
      plan_text(entities, patterns,
                "{regions: [us-east-1]}\nevents: {sale: {for: 15 min, rates: {claim: 20000/s}}}");
  CHECK(sale.design->tables.front().warm_write_units == 20000.0);
}

TEST_CASE("what changes all the time stays out of the key of a list that is read now and then") {
  const auto runners = [](const std::string& beats, const std::string& reads) {
    return plan_text(
        "Runner: {id: runner_id, count: 1000, attributes: {runner_id: uuid, state: {states: {IDLE: "
        "75%, BUSY: 25%}, moves: [IDLE -> BUSY, BUSY -> IDLE]}, seen_at: timestamp}}",
        "add: {create: Runner}\nclaim: {update: Runner, by: runner_id, move: state IDLE -> BUSY}\n"
        "done: {update: Runner, by: runner_id, move: state BUSY -> IDLE}\n"
        "heartbeat: {update: Runner, by: runner_id, set: [seen_at], rate: " +
            beats +
            "}\nlost: {list: Runner, where: state = BUSY, order: seen_at asc, limit: 10, rate: " +
            reads + "}",
        "{regions: [us-east-1]}");
  };
  // A change of the key is two writes instead of one, of each fourth runner's entry: 25 write units more a second. It
  // would save the reading of 250 entries of some 150 B, five read units a minute.
  const Planned often = runners("100/s", "1/min");
  CHECK(often.key("Runner", "GSI1") == "RUNNER#BUSY / {runner_id} when state = BUSY");
  CHECK(often.pattern("lost").client_order.size() == 1);
  CHECK(often.pattern("lost").client_limit == 10);
  // The key tells nothing that a heartbeat would have to know.
  REQUIRE(often.pattern("heartbeat").steps.size() == 1);
  const Planned seldom = runners("1/day", "10/s");
  CHECK(seldom.key("Runner", "GSI1") == "RUNNER#BUSY / {seen_at}#{runner_id} when state = BUSY");
  CHECK(seldom.pattern("lost").client_order.empty());
}

TEST_CASE("rows whose partition another kind heats stand in collections of their own") {
  const auto devices = [](const std::string& hottest) {
    return plan_text(
        "Device: {id: device_id, count: 200k, attributes: {device_id: string 12 B, name: string 20 "
        "B}}\n"
        "Reading: {id: [device_id, reading_id], belongs_to: {Device: 1000 .. 2000}, retention: 1 "
        "day after at, "
        "attributes: {reading_id: ulid of at, at: timestamp, v: map 300 B}}\n"
        "Command: {id: [device_id, command_id], belongs_to: {Device: 3 .. 300}, attributes: "
        "{command_id: ulid of at, "
        "at: timestamp, body: map 300 B}}",
        "add: {create: Device}\ningest: {create: Reading, rate: 3000/s, peak: 9000/s" + hottest +
            "}\nwindow: {list: Reading, by: device_id, order: at desc, limit: 20, rate: 5/s}\n"
            "send: {create: Command, rate: 1/s}\ncommands: {list: Command, by: device_id, order: "
            "at desc, limit: 10, "
            "rate: 300/s}",
        "{regions: [us-east-1]}");
  };
  // 9,000 writes a second over 200,000 devices heat none, and one collection serves both.
  const Planned calm = devices("");
  CHECK(calm.key("Command") == "DEVICE#{device_id} / COMMAND#{command_id}");
  // 7,500 of one device need shards, in each of which its commands would have to be asked for.
  const Planned heated = devices(", hottest: 7500/s");
  CHECK(heated.key("Reading").find("{shard}") != std::string::npos);
  CHECK(heated.key("Command") == "COMMAND#DEVICE#{device_id} / COMMAND#{command_id}");
  CHECK(heated.indexes().empty());
  CHECK_FALSE(heated.pattern("commands").steps.front().shards.sharded());
}

}  // namespace ddbplan::test
