#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::Entity;
using model::Origin;
using model::ValueType;

/// One entity, with what goes into its braces.
model::Workload with_order(std::string_view body) {
  return test::workload(test::complete_schema("entities: {Order: {" + std::string(body) + "}}\n"));
}

const Attribute& attribute(const model::Workload& workload, std::string_view entity,
                           std::string_view name) {
  const auto id = workload.find_entity(entity);
  REQUIRE(id.has_value());
  const Attribute* found = workload.entity(*id).find(name);
  REQUIRE_MESSAGE(found != nullptr, name);
  return *found;
}

TEST_CASE("the sizes of types") {
  const model::Workload workload = with_order(
      "id: a, attributes: {a: ulid, b: ksuid, c: uuid, d: timestamp, e: date, f: boolean, g: "
      "epoch_s, h: epoch_ms, "
      "i: integer, j: string, k: string 40 B .. 120 B, l: string .. 20 B, m: string .. 1 KB}");
  const auto bytes = [&](std::string_view name) {
    return attribute(workload, "Order", name).bytes;
  };
  CHECK(bytes("a") == model::Spread{26, 26});
  CHECK(bytes("b") == model::Spread{27, 27});
  CHECK(bytes("c") == model::Spread{36, 36});
  CHECK(bytes("d") == model::Spread{24, 24});
  CHECK(bytes("e") == model::Spread{10, 10});
  CHECK(bytes("f") == model::Spread{1, 1});
  // 1764259200 and 1764259200000: a byte for each pair of digits, and one.
  CHECK(bytes("g") == model::Spread{6, 6});
  CHECK(bytes("h") == model::Spread{8, 8});
  CHECK(bytes("i") == model::Spread{4, 8});
  CHECK(bytes("j") == model::Spread{32, 32});
  CHECK(bytes("k") == model::Spread{40, 120});
  CHECK(bytes("l") == model::Spread{10, 20});
  CHECK(bytes("m") == model::Spread{32, 1024});
}

TEST_CASE("lists and maps count their overhead, sets have none") {
  const model::Workload workload = with_order(
      "id: a, attributes: {l: list 12 .. 50 x 40 B, s: set of string 3 .. 10 x 12 B, m: map 600 "
      "B}");
  // 3 bytes, and 1 for each element.
  CHECK(attribute(workload, "Order", "l").bytes == model::Spread{3 + 12 * 41, 3 + 50 * 41});
  CHECK(attribute(workload, "Order", "s").bytes == model::Spread{36, 120});
  CHECK(attribute(workload, "Order", "m").bytes == model::Spread{600, 600});
}

TEST_CASE("an enumeration's size follows from its values") {
  const model::Workload workload = with_order(
      "id: a, attributes: {t: {one_of: {free: 90%, pro: 9%, team: 1%}}, "
      "n: {type: integer, one_of: [1, 1000]}}");
  const Attribute& text = attribute(workload, "Order", "t");
  CHECK(text.bytes.mean == doctest::Approx(0.9 * 4 + 0.09 * 3 + 0.01 * 4));
  CHECK(text.bytes.max == 4);
  // 1 is one pair and one byte; 1000 is two pairs, one of them zeros, which are not kept.
  CHECK(attribute(workload, "Order", "n").bytes.max == 2);
}

TEST_CASE("frequencies: the rest is shared, thirds may be rounded, other sums are refused") {
  const model::Workload workload =
      with_order("id: a, attributes: {t: {one_of: {x: 60%, y: , z: }}, u: {one_of: [p, q]}}");
  CHECK(attribute(workload, "Order", "t").values[1].share == doctest::Approx(0.2));
  CHECK(attribute(workload, "Order", "u").values[0].share == doctest::Approx(0.5));
  const model::Workload thirds =
      with_order("id: a, attributes: {t: {one_of: {x: 33%, y: 33%, z: 33%}}}");
  CHECK(attribute(thirds, "Order", "t").values[2].share == doctest::Approx(1.0 / 3));
  CHECK(test::codes(test::complete_schema(
            "entities: {Order: {id: a, attributes: {t: {one_of: {x: 60%, y: 60%}}}}}\n")) ==
        "DDB022");
}

TEST_CASE("an identity that nobody describes is text of 26 bytes") {
  const model::Workload workload = with_order("id: [b, a]");
  const Entity& order = workload.entities.front();
  CHECK(order.attributes[0].name == "b");
  CHECK(order.attributes[1].name == "a");
  CHECK(order.attributes[0].origin == Origin::implied);
  CHECK(order.attributes[0].bytes == model::Spread{26, 26});
}

constexpr std::string_view kParents =
    "entities:\n"
    "  User: {id: user_id, count: 100, attributes: {user_id: uuid}}\n"
    "  Repo: {id: [owner, name], count: 50, attributes: {owner: string 9 B, name: string 11 B}}\n";

model::Workload with_child(std::string_view child) {
  return test::workload(test::complete_schema(std::string(kParents) + "  Child: {" +
                                              std::string(child) +
                                              "}\naccess_patterns: {make: {create: Child}}\n"));
}

TEST_CASE("belongs_to brings the parent's identity with its type") {
  const model::Workload workload = with_child("id: [user_id, child_id], belongs_to: {User: 5}");
  const Attribute& user_id = attribute(workload, "Child", "user_id");
  CHECK(user_id.origin == Origin::relation);
  CHECK(user_id.type == ValueType::uuid);
  CHECK(user_id.bytes == model::Spread{36, 36});
  CHECK(workload.entities[2].relations[0].attributes == std::vector<std::string>{"user_id"});
}

TEST_CASE("as renames, also the parts of a compound identity") {
  const model::Workload workload =
      with_child("id: c, belongs_to: {User as author: 5, Repo as ro + rn: 10}");
  CHECK(attribute(workload, "Child", "author").type == ValueType::uuid);
  CHECK(attribute(workload, "Child", "ro").bytes.mean == 9);
  CHECK(attribute(workload, "Child", "rn").bytes.mean == 11);
}

TEST_CASE("a declared attribute is the relation's, not a second one") {
  const model::Workload workload =
      with_child("id: c, belongs_to: [User], attributes: {user_id: {type: uuid, about: who}}");
  const Entity& child = workload.entities[2];
  int count = 0;
  for (const Attribute& one : child.attributes) count += one.name == "user_id" ? 1 : 0;
  CHECK(count == 1);
  CHECK(attribute(workload, "Child", "user_id").about == "who");
}

TEST_CASE("relations that do not work out") {
  const auto codes = [](std::string_view child) {
    return test::codes(test::complete_schema(std::string(kParents) + "  Child: {" +
                                             std::string(child) +
                                             "}\naccess_patterns: {make: {create: Child}}\n"));
  };
  CHECK(codes("id: c, belongs_to: [Usr]") == "DDB010");
  CHECK(codes("id: c, belongs_to: [User, User]") == "DDB016");
  CHECK(codes("id: c, belongs_to: [Child]") == "DDB016");
  CHECK(codes("id: c, belongs_to: [Repo as r]") == "DDB018");
  CHECK(codes("id: c, belongs_to: [User | Repo as r]") == "DDB018");
  CHECK(codes("id: c, belongs_to: [User | Child as r]") == "");
  CHECK(codes("id: c, belongs_to: [User | Child]") == "DDB005");
  CHECK(codes("id: c, belongs_to: {User: {skew: {a: 60%, b: 60%}}}") == "DDB022");
}

TEST_CASE("rows follow from parents, parents' counts from children") {
  CHECK(with_child("id: c, belongs_to: {User: 12 .. 5000}").entities[2].count == 1200);
  CHECK(with_child("id: c, belongs_to: {User: {children: 9, present: 90%}}").entities[2].count ==
        doctest::Approx(1000));
  const model::Workload given = with_child("id: c, count: 700, belongs_to: [User]");
  CHECK(given.entities[2].count == 700);
  CHECK(given.entities[2].relations[0].children.mean == 7);
  CHECK(given.entities[2].relations[0].children.max == 70);
  CHECK_FALSE(given.entities[2].relations[0].children_is_default);
  const model::Workload none = with_child("id: c, belongs_to: [User]");
  CHECK(none.entities[2].count == 1000);
  CHECK(none.entities[2].relations[0].children == model::Spread{10, 100});
  CHECK(none.entities[2].relations[0].children_is_default);
  const model::Workload two = with_child("id: c, belongs_to: {User: 6, Repo: }");
  CHECK(two.entities[2].count == 600);
  CHECK(two.entities[2].relations[1].children.mean == 12);
  const model::Workload top = with_child("id: c");
  CHECK(top.entities[2].count == 10'000);
  CHECK(top.entities[2].count_is_default);
}

TEST_CASE("a tree does not count itself") {
  const model::Workload workload =
      with_child("id: c, count: 300, belongs_to: {Child as parent_id optional: 5 .. 100}");
  CHECK(workload.entities[2].count == 300);
  CHECK(workload.entities[2].relations[0].children == model::Spread{5, 100});
  CHECK(attribute(workload, "Child", "parent_id").present == 0.5);
}

TEST_CASE("retention implies an expiry in seconds, as present as the time it is counted from") {
  const model::Workload workload = with_order(
      "id: a, retention: 2 years after closed_at, attributes: {closed_at: timestamp present 90%}");
  const Attribute& expiry = attribute(workload, "Order", "expires_at");
  CHECK(expiry.type == ValueType::epoch_s);
  CHECK(expiry.origin == Origin::implied);
  CHECK(expiry.present == doctest::Approx(0.9));
  const auto codes = [](std::string_view body) {
    return test::codes(
        test::complete_schema("entities: {Order: {id: a, " + std::string(body) + "}}\n"));
  };
  CHECK(codes("retention: until gone, attributes: {gone: epoch_s}") == "");
  CHECK(codes("retention: until gone, attributes: {gone: timestamp}") == "DDB018");
  CHECK(codes("retention: 3 days after gone") == "DDB011");
  CHECK(codes("retention: 3 days after gone, attributes: {gone: string}") == "DDB018");
  CHECK(codes("retention: 3 days after gone, attributes: {gone: epoch_ms, expires_at: date}") ==
        "DDB018");
}

TEST_CASE("a tenant leads every identity and is carried once") {
  const model::Workload workload = test::workload(
      "ddbplan: 1\nservice: desk\nsettings: {tenant: tenant_id}\n"
      "entities:\n"
      "  Tenant: {id: tenant_id, count: 10, attributes: {tenant_id: string 8 B}}\n"
      "  Ticket: {id: number, belongs_to: {Tenant: 100}, attributes: {number: integer}}\n"
      "  Comment: {id: comment_id, belongs_to: {Ticket: 5}}\n"
      "  Country: {id: code, shared: true, count: 200}\n"
      "access_patterns:\n"
      "  ticket: {get: Ticket, by: number}\n"
      "  all: {list: Ticket, across_tenants: true}\n"
      "  country: {get: Country, by: code}\n");
  const auto ids = [&](std::string_view name) {
    return workload.entity(*workload.find_entity(name)).id;
  };
  CHECK(ids("Tenant") == std::vector<std::string>{"tenant_id"});
  CHECK(ids("Ticket") == std::vector<std::string>{"tenant_id", "number"});
  CHECK(ids("Comment") == std::vector<std::string>{"tenant_id", "comment_id"});
  CHECK(ids("Country") == std::vector<std::string>{"code"});
  const Entity& comment = workload.entity(*workload.find_entity("Comment"));
  CHECK(comment.relations[0].attributes == std::vector<std::string>{"number"});
  CHECK(attribute(workload, "Comment", "tenant_id").bytes.mean == 8);
  CHECK(attribute(workload, "Ticket", "tenant_id").bytes.mean == 8);
  const auto& by = std::get<model::Read>(workload.patterns[0].action).by;
  REQUIRE(by.size() == 2);
  CHECK(by[0].name == "tenant_id");
  CHECK(std::get<model::Read>(workload.patterns[1].action).by.empty());
  CHECK(std::get<model::Read>(workload.patterns[2].action).by.size() == 1);
}

TEST_CASE("size is the whole row; a filler holds what the attributes do not") {
  const model::Workload workload =
      with_order("id: a, size: 430 B .. 8 KB, attributes: {a: ulid, n: string 10 B}");
  CHECK(workload.entities[0].size == model::Spread{430, 8192});
  // 430 - (1 + 26) - (1 + 10) - 4
  CHECK(attribute(workload, "Order", "data").bytes.mean == doctest::Approx(388));
  CHECK(attribute(workload, "Order", "data").origin == Origin::implied);
}

TEST_CASE("what no pattern writes is immutable") {
  const model::Workload workload = test::workload(test::complete_schema(
      "entities:\n  Order: {id: a, retention: 3 days after at, attributes: {n: number, m: number, "
      "at: timestamp, "
      "v: {type: integer, lock: true}, s: {states: [X, Y], moves: [X -> Y]}, k: {count_of: Line}, "
      "never: {count_of: Line, kept: never}}}\n"
      "  Line: {id: b, belongs_to: [Order], attributes: {t: string}}\n"
      "access_patterns:\n"
      "  set: {update: Order, by: a, set: [n, at]}\n"
      "  put: {put: Line, replaces: 0%}\n"));
  const auto immutable = [&](std::string_view entity, std::string_view name) {
    return attribute(workload, entity, name).immutable;
  };
  CHECK(immutable("Order", "a"));
  CHECK_FALSE(immutable("Order", "n"));
  CHECK(immutable("Order", "m"));
  CHECK_FALSE(immutable("Order", "at"));
  CHECK_FALSE(immutable("Order", "expires_at"));
  CHECK_FALSE(immutable("Order", "v"));
  CHECK_FALSE(immutable("Order", "s"));
  CHECK_FALSE(immutable("Order", "k"));
  CHECK(immutable("Order", "never"));
  CHECK(immutable("Line", "t"));
}

TEST_CASE("an update that says nothing, and a put over a row, change anything") {
  for (const char* pattern :
       {"{update: Order, by: a}", "{put: Order, replaces: 10%}", "{put: Order}"}) {
    CAPTURE(pattern);
    const model::Workload workload = test::workload(test::complete_schema(
        "entities: {Order: {id: a, attributes: {n: number}}}\naccess_patterns: {x: " +
        std::string(pattern) + "}\n"));
    CHECK_FALSE(attribute(workload, "Order", "n").immutable);
    CHECK(attribute(workload, "Order", "a").immutable);
  }
}

TEST_CASE("a rollup keeps no average") {
  const std::string yaml = test::complete_schema(
      "entities:\n"
      "  Reading: {id: [order_id, at], belongs_to: {Order: 24}, attributes: {at: epoch_ms, heat: "
      "number}}\n"
      "  Hourly: {rollup: {of: Reading, by: {order_id, hour: at to hour}, keep: {mean: average "
      "heat}}}\n");
  CHECK(test::findings(yaml).find("a rollup keeps no average") != std::string::npos);
  CHECK(test::findings(yaml).find("Keep `count` and `sum heat`") != std::string::npos);
}

TEST_CASE("a rollup is identified by its groups and belongs to its source's parents") {
  const model::Workload workload = test::workload(test::complete_schema(
      "entities:\n"
      "  Order: {id: order_id, count: 50}\n"
      "  Reading: {id: [order_id, at], belongs_to: {Order: 7200}, retention: 30 days after at, "
      "attributes: {at: epoch_ms, heat: number}}\n"
      "  Hourly: {rollup: {of: Reading, by: {order_id, hour: at to hour}, keep: {n: count, top: "
      "max heat}}}\n"
      "access_patterns:\n"
      "  trend: {list: Hourly, by: order_id, range: at last 30 days}\n"));
  const Entity& hourly = workload.entity(*workload.find_entity("Hourly"));
  CHECK(hourly.id == std::vector<std::string>{"order_id", "hour"});
  CHECK(attribute(workload, "Hourly", "hour").type == ValueType::epoch_ms);
  CHECK(attribute(workload, "Hourly", "n").type == ValueType::integer);
  // 50 parents, an hour each for the 30 days that the source lives.
  CHECK(hourly.count == 50 * 720);
  CHECK(hourly.relations[0].children.mean == 720);
  CHECK(std::get<model::Read>(workload.patterns[0].action).range->attribute.name == "hour");
}

TEST_CASE(
    "a rollup has as many groups as what it groups by has values, and no more than source rows") {
  const auto rows = [](const std::string& by) {
    const model::Workload workload = test::workload(test::complete_schema(
        "entities:\n"
        "  Order: {id: order_id, count: 50}\n"
        "  Reading: {id: [order_id, at], belongs_to: {Order: 7200}, retention: 30 days after at, "
        "attributes: {at: epoch_ms, site: {type: string, distinct: 400}, kind: {one_of: [A, B, "
        "C]}, note: string}}\n"
        "  Daily: {rollup: {of: Reading, by: {" +
        by + "day: at to day}, keep: {n: count}}}\n"));
    const Entity& daily = workload.entity(*workload.find_entity("Daily"));
    const Attribute* site = daily.find("site");
    CHECK((site == nullptr || site->distinct == 400));
    return daily.count;
  };
  CHECK(rows("site, ") == 400 * 30);
  CHECK(rows("site, kind, ") == 400 * 3 * 30);
  CHECK(rows("order_id, kind, ") == 50 * 3 * 30);
  // Of a text nobody says how many values it has: 10.
  CHECK(rows("site, note, ") == 400 * 10 * 30);
  CHECK(rows("site, order_id, ") == 50 * 7200);
}

TEST_CASE("upkeep finds its way") {
  const auto codes = [](std::string_view attribute) {
    return test::codes(test::complete_schema(
        "entities:\n  User: {id: user_id, attributes: {x: {" + std::string(attribute) + "}}}\n" +
        "  Order: {id: order_id, belongs_to: [User as buyer, User as seller], attributes: {total: "
        "number, t: {copy_of: "
        "buyer.user_id}}}\n"));
  };
  CHECK(codes("count_of: Order as buyer") == "");
  CHECK(codes("count_of: Order") == "DDB014");
  CHECK(codes("count_of: Order as owner") == "DDB014");
  CHECK(codes("count_of: Ordr as buyer") == "DDB010");
  CHECK(codes("sum_of: Order.total as buyer") == "");
  CHECK(codes("sum_of: Order as buyer") == "DDB005");
  CHECK(codes("sum_of: Order.totl as buyer") == "DDB011");
  CHECK(codes("copy_of: boss.name") == "DDB014");
}

TEST_CASE("a name space counts for every entity in it, whichever says it") {
  const model::Workload workload = test::workload(test::complete_schema(
      "entities:\n"
      "  User: {id: user_id, unique: [{of: name, across: Team, ignore_case: true}], attributes: "
      "{name: string 9 B}}\n"
      "  Team: {id: team_id, unique: [name, {of: name, across: Room}], attributes: {name: string 8 "
      "B}}\n"
      "  Room: {id: room_id, attributes: {name: string 7 B}}\n"
      "access_patterns: {a: {create: User}}\n"));
  // User with Team and Team with Room are one name space of three, which ignores case as the first demands.
  for (std::size_t i = 0; i < 3; ++i) {
    const model::Entity& entity = workload.entities[i];
    const bool has_space =
        std::any_of(entity.unique.begin(), entity.unique.end(), [](const model::Unique& unique) {
          return unique.across.size() == 2 && unique.ignore_case;
        });
    CHECK_MESSAGE(has_space, entity.name);
  }
}

TEST_CASE("what cannot be one name space") {
  CHECK(test::codes(test::complete_schema(
            "entities:\n"
            "  User: {id: user_id, unique: [{of: name, across: Team}], attributes: {name: string 9 "
            "B}}\n"
            "  Team: {id: team_id, attributes: {name: integer}}\n"
            "access_patterns: {a: {create: User}}\n")) == "DDB018");
}

TEST_CASE("a date has as many values as the days that its rows' times span") {
  const model::Workload workload = test::workload(test::complete_schema(
      "entities:\n"
      "  School: {id: school_id, count: 4000}\n"
      "  Absence: {id: absence_id, belongs_to: {School: 100}, retention: 90 days after day, "
      "attributes: {day: date}}\n"
      "  Holiday: {id: holiday_id, count: 40, attributes: {day: date}}\n"
      "  Term: {id: term_id, count: 400, attributes: {first: {type: date, distinct: 12}, about: "
      "{copy_of: holiday_id.day}}, belongs_to: {Holiday: 10}}\n"
      "  Daily: {rollup: {of: Absence, by: {school_id, day: day}, keep: {n: count}}}\n"
      "access_patterns:\n"
      "  absent: {list: Absence, by: [school_id, day]}\n"
      "  on: {list: Holiday, by: day}\n"
      "  of: {list: Term, by: first}\n"
      "  begun: {list: Term, by: about}\n"));
  const auto days = [&](const char* entity, const char* attribute) {
    return workload.entity(*workload.find_entity(entity)).find(attribute)->days;
  };
  CHECK(days("Absence", "day") == 90);
  CHECK(days("Holiday", "day") == 365);
  CHECK(days("Term", "about") == 365);
  CHECK_FALSE(days("Term", "first"));
  // 4,000 schools x 90 days would be 360,000 rows, of 400,000 absences.
  CHECK(workload.entity(*workload.find_entity("Daily")).count == 360'000);
  const auto told = [&](std::string_view path) -> std::string {
    for (const model::DefaultUsed& one : workload.defaults) {
      if (one.path == path) return one.value + ", " + one.reason;
    }
    return "";
  };
  CHECK(told("entities.Absence.day.distinct") == "90, absent asks for one day of 90 days");
  // No more than there are rows.
  CHECK(told("entities.Holiday.day.distinct") == "40, on asks for one day of 1 year");
  CHECK(told("entities.Term.first.distinct").empty());
}

}  // namespace
}  // namespace ddbplan::schema
