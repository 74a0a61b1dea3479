// Goal: what an earlier design has stays where it can, and is told where it cannot. Method: earlier designs written
// here, most of them such as no fresh plan would make.
#include "plan/hold.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

namespace {

std::string index_json(const std::string& name, const std::string& projection) {
  return R"({"name": ")" + name + R"(", "partition_key": [{"name": ")" + name +
         R"(PK", "type": "S"}], "sort_key": [{"name": ")" + name +
         R"(SK", "type": "S"}], "projection": )" + projection + "}";
}

const std::string kAll = R"({"type": "ALL", "attributes": []})";
const std::string kKeys = R"({"type": "KEYS_ONLY", "attributes": []})";
const std::string kIds =
    R"({"type": "INCLUDE", "attributes": ["user_id", "note_id", "topic", "at"]})";

std::string key_json(const std::string& index, const std::string& partition,
                     const std::string& sort, const std::string& more = R"("shards": 1)") {
  return R"({"index": )" + (index.empty() ? "null" : "\"" + index + "\"") +
         R"(, "partition_key": ")" + partition + R"(", "sort_key": ")" + sort + "\", " + more + "}";
}

std::string entity_json(const std::string& name, const std::string& keys,
                        const std::string& type = "null") {
  return "\"" + name + R"(": {"items": [{"role": "row", "table": "old-name", "type": )" + type +
         R"(, "attributes": [], "keys": [)" + keys + "]}]}";
}

std::string pattern_json(const std::string& name, const std::string& index,
                         const std::string& entity) {
  return "\"" + name + R"(": {"steps": [{"operation": "Query", "index": ")" + index +
         R"(", "entities": [")" + entity + R"("], "after": []}]})";
}

std::string design_json(const std::string& indexes, const std::string& entities,
                        const std::string& patterns, const std::string& local_indexes = {}) {
  return R"({"schema_version": 1, "service": "test", "tables": [{"name": "old-name",
    "partition_key": [{"name": "PK", "type": "S"}], "sort_key": [{"name": "SK", "type": "S"}],
    "global_secondary_indexes": [)" +
         indexes + R"(], "local_secondary_indexes": [)" + local_indexes + R"(]}], "entities": {)" +
         entities + R"(}, "access_patterns": {)" + patterns + "}}";
}

const std::string kNote =
    "Note: {id: [user_id, note_id], count: 100k, attributes: {user_id: uuid, note_id: ulid of at, "
    "at: timestamp, "
    "topic: {type: string 8 B, distinct: 900}, text: string 400 B}}";
const std::string kWrite = "write: {create: Note, rate: 1/s}";
const std::string kShow = "show: {get: Note, by: [user_id, note_id], rate: 5/s}";
const std::string kByTopic =
    "by_topic: {list: Note, by: topic, order: at desc, limit: 10, returns: [user_id, note_id], "
    "rate: 9/s}";

const std::string kNoteBase = key_json("", "NOTE#USER#{user_id}", "NOTE#{note_id}");
const std::string kTopicEntry = key_json("GSI3", "NOTE#TOPIC#{topic}", "{note_id}#{user_id}");

bool is_named(const std::vector<design::Continuity::Change>& changes, const std::string& subject) {
  return std::any_of(changes.begin(), changes.end(),
                     [&](const auto& change) { return change.subject == subject; });
}

const design::Index& index_of(const Planned& p, const std::string& name) {
  const design::Index* found = p.design->tables.front().find_index(name);
  REQUIRE(found != nullptr);
  return *found;
}

}  // namespace

TEST_CASE("a base key stays, though a fresh design would have another") {
  const std::string patterns = kWrite + "\n" + kShow;
  const Planned fresh = plan_text(kNote, patterns);
  // One partition for each note: only `show` asks, and it knows both.
  const std::string one_each = "NOTE#USER#{user_id}#NOTE#{note_id}";
  REQUIRE(fresh.key("Note") != "NOTE#USER#{user_id} / NOTE#{note_id}");
  const Planned kept =
      plan_around(design_json("", entity_json("Note", kNoteBase), ""), kNote, patterns);
  CHECK(kept.key("Note") == "NOTE#USER#{user_id} / NOTE#{note_id}");
  CHECK(kept.design->tables.front().name == "old-name");
  REQUIRE(kept.design->continuity);
  CHECK(kept.design->continuity->lost.empty());
  CHECK(kept.design->continuity->fresh_objective == fresh.design->optimality.objective);
  CHECK(kept.design->optimality.proven);
}

TEST_CASE("an index stays under its name, and what is new takes another") {
  const std::string earlier =
      design_json(index_json("GSI3", kIds), entity_json("Note", kNoteBase + ", " + kTopicEntry),
                  pattern_json("by_topic", "GSI3", "Note"));
  const Planned kept = plan_around(earlier, kNote,
                                   kWrite + "\n" + kShow + "\n" + kByTopic +
                                       "\nby_text: {list: Note, by: text, limit: 3, rate: 2/s}");
  CHECK(kept.key("Note", "GSI3") == "NOTE#TOPIC#{topic} / {note_id}#{user_id}");
  CHECK(index_of(kept, "GSI3").projection.type == dynamo::ProjectionType::include);
  CHECK(kept.indexes() == std::vector<std::string>{"GSI3", "GSI1"});
  CHECK(is_named(kept.design->continuity->added, "index:GSI1"));
  CHECK(is_named(kept.design->continuity->added, "pattern:by_text"));
  CHECK(kept.design->continuity->unused.empty());
}

TEST_CASE("an index that holds numbers and enums descending stays") {
  const std::string note =
      "Note: {id: [user_id, note_id], count: 100k, attributes: {user_id: uuid, note_id: uuid, "
      "stars: integer, weight: {one_of: [LIGHT, FAIR, HEAVY]}, topic: {type: string 8 B, distinct: "
      "10}, text: string 400 B}}";
  const std::string by_stars =
      "by_stars: {list: Note, by: topic, order: [stars desc, text asc], limit: 10, rate: 9/s}";
  const std::string by_weight =
      "by_weight: {list: Note, by: topic, order: [weight desc, text asc], limit: 10, rate: 9/s}";
  const std::string base =
      key_json("", "NOTE#USER#{user_id}", "NOTE#{note_id}") + ", " +
      key_json("GSI3", "NOTE#TOPIC#{topic}",
               "{stars|invert:14}#{text|escape}#{note_id}#{user_id}") +
      ", " +
      key_json("GSI5", "NOTE#TOPIC#{topic}", "{weight|rank}#{text|escape}#{note_id}#{user_id}",
               R"("shards": 1, "ranks": {"weight": ["HEAVY", "FAIR", "LIGHT"]})");
  const Planned kept =
      plan_around(design_json(index_json("GSI3", kAll) + ", " + index_json("GSI5", kAll),
                              entity_json("Note", base),
                              pattern_json("by_stars", "GSI3", "Note") + ", " +
                                  pattern_json("by_weight", "GSI5", "Note")),
                  note, kWrite + "\n" + kShow + "\n" + by_stars + "\n" + by_weight);
  CHECK(kept.design->continuity->lost.empty());
  CHECK(kept.indexes() == std::vector<std::string>{"GSI3", "GSI5"});
  CHECK(kept.pattern("by_stars").steps.front().index == "GSI3");
  CHECK(kept.pattern("by_weight").steps.front().index == "GSI5");
}

TEST_CASE("a projection never grows: the rows are fetched, or another index is made") {
  const std::string earlier =
      design_json(index_json("GSI3", kIds), entity_json("Note", kNoteBase + ", " + kTopicEntry),
                  pattern_json("by_topic", "GSI3", "Note"));
  const auto asking = [&](const std::string& rate) {
    return plan_around(
        earlier, kNote,
        kWrite + "\n" + kShow +
            "\nby_topic: {list: Note, by: topic, order: at desc, limit: 10, rate: " + rate + "}");
  };
  const Planned seldom = asking("1/h");
  CHECK(seldom.indexes() == std::vector<std::string>{"GSI3"});
  CHECK(index_of(seldom, "GSI3").projection.type == dynamo::ProjectionType::include);
  CHECK(seldom.pattern("by_topic").steps.size() == 2);
  // Fetching ten rows of half a kilobyte, each a unit, against one Query of a little over a unit.
  const Planned often = asking("500/s");
  CHECK(often.indexes() == std::vector<std::string>{"GSI1"});
  CHECK(often.pattern("by_topic").steps.size() == 1);
  CHECK(is_named(often.design->continuity->unused, "index:GSI3"));
}

TEST_CASE("an index whose patterns have gone goes with them") {
  const std::string earlier =
      design_json(index_json("GSI3", kIds), entity_json("Note", kNoteBase + ", " + kTopicEntry),
                  pattern_json("by_topic", "GSI3", "Note"));
  const Planned kept = plan_around(earlier, kNote, kWrite + "\n" + kShow);
  CHECK(kept.indexes().empty());
  CHECK(is_named(kept.design->continuity->unused, "index:GSI3"));
  CHECK(is_named(kept.design->continuity->unused, "pattern:by_topic"));
}

TEST_CASE("another entity joins an index that stays, if its projection is enough") {
  const std::string tag =
      "Tag: {id: tag_id, count: 10k, attributes: {tag_id: ulid, label: {type: string 9 B, "
      "distinct: 800}, note: string 9 B}}";
  const std::string patterns = kWrite + "\n" + kShow + "\n" + kByTopic +
                               "\nadd_tag: {create: Tag, rate: 1/s}\n" +
                               "edit_tag: {update: Tag, by: tag_id, set: [note], rate: 1/s}\n" +
                               "by_label: {list: Tag, by: label, limit: 5, rate: 3/s}";
  const auto around = [&](const std::string& projection) {
    return plan_around(design_json(index_json("GSI3", projection),
                                   entity_json("Note", kNoteBase + ", " + kTopicEntry),
                                   pattern_json("by_topic", "GSI3", "Note")),
                       kNote + "\n" + tag, patterns);
  };
  const Planned all = around(kAll);
  CHECK(all.indexes() == std::vector<std::string>{"GSI3"});
  CHECK(all.key("Tag", "GSI3") == "TAG#LABEL#{label} / {tag_id}");
  CHECK(is_named(all.design->continuity->added, "index:GSI3"));
  CHECK(is_named(all.design->continuity->added, "entity:Tag"));
  // Its projection stays what it is, and the tags are fetched.
  const Planned ids = around(kIds);
  CHECK(index_of(ids, "GSI3").projection.attributes ==
        std::vector<std::string>{"user_id", "note_id", "topic", "at"});
}

TEST_CASE("rows stay on the side of their parent that they were written on") {
  const std::string user =
      "User: {id: user_id, count: 9k, attributes: {user_id: uuid, name: string 20 B}}";
  const std::string note =
      "Note: {id: [user_id, note_id], belongs_to: {User: 9 .. 90}, attributes: {note_id: ulid of "
      "at, at: timestamp, "
      "text: string 90 B}}";
  const std::string patterns =
      "add: {create: User, rate: 1/s}\nwrite: {create: Note, rate: 1/s}\n"
      // Too few reads for an index that has both.
      "page: {get: User, by: user_id, with: {Note: {order: at desc, limit: 5}}, rate: 9/s}";
  const Planned fresh = plan_text(user + "\n" + note, patterns);
  REQUIRE(fresh.key("Note") == "USER#{user_id} / #NOTE#{note_id}");
  REQUIRE(fresh.pattern("page").steps.size() == 1);
  // Written beside their user without a place next to it: one Query cannot have both.
  const std::string earlier = design_json(
      "",
      entity_json("Note", key_json("", "USER#{user_id}", "NOTE#{note_id}"), "\"Note\"") + ", " +
          entity_json("User", key_json("", "USER#{user_id}", "USER"), "\"User\""),
      "");
  const Planned kept = plan_around(earlier, user + "\n" + note, patterns);
  CHECK(kept.key("Note") == "USER#{user_id} / NOTE#{note_id}");
  CHECK(kept.pattern("page").steps.size() == 2);
  CHECK(kept.design->optimality.proven);
  CHECK(kept.design->optimality.objective > fresh.design->optimality.objective);
}

TEST_CASE("entries stay on the side of their parent's that they were written on") {
  const std::string entities =
      "Team: {id: team_id, count: 90, attributes: {team_id: uuid}}\n"
      "User: {id: [team_id, user_id], belongs_to: {Team: 900}, attributes: {user_id: uuid}}\n"
      "Note: {id: [team_id, note_id], belongs_to: {Team: 9k, User as team_id + user_id: 9 .. 90}, "
      "attributes: {note_id: ulid of at, at: timestamp, text: string 90 B}}";
  const std::string patterns =
      "write: {create: Note, rate: 1/s}\n"
      "note: {get: Note, by: [team_id, note_id], consistency: strong, rate: 9/s}\n"
      "page: {get: User, by: [team_id, user_id], with: {Note: {order: at desc, limit: 5}}, rate: "
      "900/s}";
  const auto earlier = [](const std::string& literal) {
    const std::string partition = "USER#{team_id}#{user_id}";
    return design_json(
        index_json("GSI7", kAll),
        entity_json("User", key_json("", "TEAM#{team_id}", "USER#{user_id}") + ", " +
                                key_json("GSI7", partition, "USER")) +
            ", " +
            entity_json("Note", key_json("", "TEAM#{team_id}", "NOTE#{note_id}") + ", " +
                                    key_json("GSI7", partition, literal + "#{note_id}")),
        pattern_json("page", "GSI7", "Note"));
  };
  const Planned beside = plan_around(earlier("#NOTE"), entities, patterns);
  CHECK(beside.key("Note", "GSI7") == "USER#{team_id}#{user_id} / #NOTE#{note_id}");
  CHECK(beside.pattern("page").steps.size() == 1);
  CHECK(beside.design->optimality.proven);
  // The newest are the last of these, and their user before the first.
  const Planned apart = plan_around(earlier("NOTE"), entities, patterns);
  CHECK(apart.key("Note", "GSI7") == "USER#{team_id}#{user_id} / NOTE#{note_id}");
  CHECK(apart.pattern("page").steps.size() == 2);
  CHECK(apart.design->optimality.proven);
}

TEST_CASE("shards stay as many as they are") {
  const std::string sharded = key_json(
      "GSI1", "NOTE#TOPIC#{topic|escape}#{shard}", "{note_id}#{user_id}",
      R"("shards": 4, "shard": {"by": ["user_id", "note_id"], "hash": "fnv1a-32", "per_key": {}})");
  const Planned kept = plan_around(
      design_json(index_json("GSI1", kIds), entity_json("Note", kNoteBase + ", " + sharded),
                  pattern_json("by_topic", "GSI1", "Note")),
      kNote, kWrite + "\n" + kShow + "\n" + kByTopic);
  CHECK(kept.key("Note", "GSI1") == "NOTE#TOPIC#{topic|escape}#{shard} / {note_id}#{user_id}");
  CHECK(kept.row("Note").entries.front().shards.count == 4);
  CHECK(kept.design->continuity->lost.empty());
}

TEST_CASE("a key whose attribute has gone cannot stay") {
  const std::string earlier = design_json(
      index_json("GSI3", kIds),
      entity_json("Note", key_json("", "NOTE#BOARD#{board_id}", "NOTE#{user_id}#{note_id}") + ", " +
                              key_json("GSI3", "NOTE#BOARD#{board_id}", "{note_id}")),
      "");
  const Planned kept = plan_around(earlier, kNote, kWrite + "\n" + kShow);
  REQUIRE(kept.design->continuity);
  REQUIRE(kept.design->continuity->lost.size() == 2);
  CHECK(kept.design->continuity->lost[0].subject == "entity:Note");
  CHECK(kept.design->continuity->lost[0].why == "Note has no board_id any more");
  CHECK(kept.design->continuity->lost[1].subject == "index:GSI3");
  std::size_t warnings = 0;
  for (const support::Diagnostic& each : kept.diagnostics.items()) {
    if (each.code != "DDB112") continue;
    ++warnings;
    CHECK(each.severity == support::Severity::warning);
    CHECK(each.span.known());
  }
  CHECK(warnings == 2);
}

TEST_CASE("a key that an access pattern no longer knows cannot stay") {
  const std::string earlier = design_json(
      "", entity_json("Note", key_json("", "NOTE#TOPIC#{topic}", "NOTE#{user_id}#{note_id}")), "");
  const Planned kept = plan_around(
      earlier, kNote,
      kWrite + "\nedit: {update: Note, by: [user_id, note_id], set: [text], rate: 1/s}");
  REQUIRE(kept.design->continuity->lost.size() == 1);
  CHECK(kept.design->continuity->lost[0].why == "edit does not know topic");
}

TEST_CASE("a local index goes only with its table") {
  const std::string local =
      R"({"name": "LSI1", "partition_key": [{"name": "PK", "type": "S"}],
          "sort_key": [{"name": "LSI1SK", "type": "S"}], "projection": )" +
      kKeys + "}";
  const std::string keys =
      kNoteBase + ", " + key_json("LSI1", "NOTE#USER#{user_id}", "NOTE#{topic|escape}#{note_id}");
  const std::string earlier = design_json("", entity_json("Note", keys), "", local);
  const Planned unused = plan_around(earlier, kNote, kWrite + "\n" + kShow);
  CHECK(unused.indexes() == std::vector<std::string>{"LSI1"});
  CHECK(unused.row("Note").entries.empty());
  CHECK(is_named(unused.design->continuity->unused, "index:LSI1"));
  CHECK(unused.design->optimality.proven);
  // Nor can one be made for a table that is there.
  const std::string strong =
      "mine: {list: Note, by: [user_id, topic], order: at desc, limit: 5, consistency: strong, "
      "rate: 9/s}";
  const Planned fresh = plan_text(kNote, kWrite + "\n" + strong);
  const Planned kept = plan_around(design_json("", entity_json("Note", kNoteBase), ""), kNote,
                                   kWrite + "\n" + strong);
  for (const std::string& index : kept.indexes()) CHECK_FALSE(index.starts_with("LSI"));
}

TEST_CASE("designs that cannot be planned around say why") {
  design::EarlierDesign earlier;
  earlier.tables.resize(1);
  earlier.tables.front().key = {{{"PK", dynamo::ScalarType::S}}, {{"SK", dynamo::ScalarType::S}}};
  CHECK(plan::why_not_holdable(earlier).empty());
  earlier.tables.front().key.sort.clear();
  CHECK(plan::why_not_holdable(earlier).find("other key attributes") != std::string::npos);
  earlier.tables.resize(2);
  CHECK(plan::why_not_holdable(earlier).find("several tables") != std::string::npos);
}

}  // namespace ddbplan::test
