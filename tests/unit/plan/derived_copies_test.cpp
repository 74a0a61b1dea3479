// Copies of a parent's attributes that the planner makes by itself.
#include "plan/derived_copies.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "pricing/price_book.h"
#include "schema/parse.h"
#include "tests/unit/plan/planned.h"

using namespace ddbplan;
using test::Planned;

namespace {

/// Films, users and the tickets between them; `patterns` are added to sign-up, opening and buying.
Planned cinema(const std::string& patterns, const std::string& buy = "{create: Ticket, rate: 1/s}",
               const std::string& entities = "\n") {
  const std::string yaml = R"(ddbplan: 1
service: cinema
entities:
  User: {id: user_id, count: 50k, attributes: {user_id: ulid}}
  Film: {id: film_id, count: 1000, attributes: {film_id: ulid, title: string 20 B, genre: {type: string 8 B, distinct: 20}}}
  Ticket:
    id: ticket_id
    belongs_to: {User: 20 .. 200, Film: 1000 .. 9k}
    attributes: {ticket_id: ulid of bought_at, bought_at: timestamp, seat: string 4 B})" +
                           entities + R"(access_patterns:
  sign_up: {create: User, rate: 0.1/s}
  open: {create: Film, rate: 1/hour}
  buy: )" + buy + "\n" + patterns;
  const support::SourceText source("cinema.yaml", yaml);
  Planned out;
  auto workload = schema::parse(source, out.diagnostics);
  INFO(support::render(out.diagnostics, source));
  REQUIRE(workload.has_value());
  plan::Planned planned =
      plan::plan_best(*workload, pricing::PriceBook::built_in(), {}, out.diagnostics);
  if (planned.design) planned.design->decisions = planned.reasons();
  out.workload = std::move(planned.workload);
  out.design = std::move(planned.design);
  REQUIRE(out.design.has_value());
  return out;
}

const model::Attribute* attribute(const Planned& planned, const char* entity, const char* name) {
  return planned.workload.entity(*planned.workload.find_entity(entity)).find(name);
}

constexpr const char* kMine =
    "  mine: {list: Ticket, by: user_id, order: bought_at desc, limit: 20, with: {film_id: "
    "[title]}, "
    "rate: 100/s}\n";

}  // namespace

TEST_CASE("what never changes in a parent is held by its children where they are read together") {
  // Without copies a page of 20 tickets fetches up to 20 films, 0.5 units each: at 100 a second some
  // 1,000 units a second, 2,628 M a month. A copy costs a GetItem of 0.5 units for each of 2.6 M creates.
  const Planned planned = cinema(kMine);
  CHECK(planned.messages().empty());
  const design::AccessPlan& mine = planned.pattern("mine");
  REQUIRE(mine.copied.size() == 1);
  CHECK(mine.copied.front().relation_attribute == "film_id");
  CHECK(mine.copied.front().attribute == "title");
  CHECK(mine.copied.front().copy == "title");
  CHECK(mine.steps.size() == 1);
  const model::Attribute* title = attribute(planned, "Ticket", "title");
  REQUIRE(title != nullptr);
  REQUIRE(title->upkeep.has_value());
  CHECK(title->upkeep->kind == model::Upkeep::Kind::copy_of);
  CHECK(title->immutable);
  // A new ticket takes the title from its film.
  CHECK(planned.pattern("buy").steps.front().operation == design::Operation::get_item);
  // Nothing changes a title, so nobody keeps the copies.
  CHECK(planned.workload.patterns.size() == 4);
}

TEST_CASE("copies of what changes now and then are kept by a stream consumer") {
  const Planned planned = cinema(
      std::string(kMine) + "  rename: {update: Film, by: film_id, set: [title], rate: 1/day}\n");
  CHECK(planned.messages().empty());
  REQUIRE(planned.pattern("mine").copied.size() == 1);
  const auto keeper = planned.workload.find_pattern("keep_ticket_title_after_rename");
  REQUIRE(keeper.has_value());
  const model::Pattern& pattern = planned.workload.pattern(*keeper);
  CHECK(pattern.implied);
  CHECK(pattern.after == planned.workload.find_pattern("rename"));
  CHECK(pattern.load.mean.per_second == doctest::Approx(1.0 / 86'400));
  CHECK_FALSE(planned.pattern("keep_ticket_title_after_rename").steps.empty());
}

TEST_CASE("what changes often stays with the parent") {
  // A rename a second changes 1,000 tickets each: 1,000 write units a second against some 1,000 read units
  // of the follow-up, and a write unit costs five times a read unit.
  const Planned planned = cinema(
      std::string(kMine) + "  rename: {update: Film, by: film_id, set: [title], rate: 1/s}\n");
  CHECK(planned.pattern("mine").copied.empty());
  CHECK(planned.pattern("mine").steps.size() == 2);
  CHECK(attribute(planned, "Ticket", "title") == nullptr);
}

TEST_CASE("rows that are found by their children stand in their order in these") {
  // A user has seen 400 films. Without copies all of them are got, 200 read units; with the film's title in the key of
  // the views a page of ten is ten views and ten films of half a unit each.
  const Planned planned = cinema(
      "  watch: {create: View, rate: 1/s}\n"
      "  watched: {list: Film, by: View.user_id, order: title asc, limit: 10, rate: 20/s}\n",
      "{create: Ticket, rate: 1/s}",
      "\n  View: {id: [user_id, film_id], belongs_to: {User: 400 .. 900, Film: 20k .. 90k}}\n");
  CHECK(planned.messages().empty());
  const design::AccessPlan& plan = planned.pattern("watched");
  REQUIRE(plan.steps.size() == 2);
  CHECK(plan.steps[0].operation == design::Operation::query);
  CHECK(plan.steps[0].limit == 10);
  CHECK(plan.steps[1].operation == design::Operation::batch_get_item);
  REQUIRE(attribute(planned, "View", "title") != nullptr);
  CHECK(attribute(planned, "View", "title")->upkeep->kind == model::Upkeep::Kind::copy_of);
}

TEST_CASE("without a limit all rows are read whatever their children hold") {
  const Planned planned = cinema(
      "  watch: {create: View, rate: 1/s}\n"
      "  watched: {list: Film, by: View.user_id, order: title asc, rate: 20/s}\n",
      "{create: Ticket, rate: 1/s}",
      "\n  View: {id: [user_id, film_id], belongs_to: {User: 400 .. 900, Film: 20k .. 90k}}\n");
  CHECK(attribute(planned, "View", "title") == nullptr);
}

TEST_CASE("rows are found by a copy of what is their parent's") {
  const Planned planned = cinema(
      "  by_genre: {list: Ticket, by: Film.genre, order: bought_at desc, limit: 20, rate: 20/s}\n");
  CHECK(planned.messages().empty());
  const design::AccessPlan& plan = planned.pattern("by_genre");
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.steps.front().operation == design::Operation::query);
  REQUIRE(plan.steps.front().index.has_value());
  CHECK(planned.key("Ticket", *plan.steps.front().index).find("{genre}") != std::string::npos);
}

TEST_CASE("rows are found by a copy of the id that their parent has of its own parent") {
  // Through 100 films a call would send 101 requests; a copy costs 0.5 units for each of one create a second.
  const Planned planned = cinema(
      "  of_studio: {list: Show, by: studio_id, range: at, order: at asc, limit: 20, rate: 20/s}\n"
      "  plan_show: {create: Show, rate: 1/min}\n"
      "  found: {create: Studio, rate: 1/month}\n"
      "  shoot: {create: Reel, rate: 1/day}\n",
      "{create: Ticket, rate: 1/s}", R"(
  Studio: {id: studio_id, count: 20, attributes: {studio_id: ulid}}
  Reel: {id: reel_id, belongs_to: {Studio: 100 .. 300}, attributes: {reel_id: ulid}}
  Show: {id: show_id, belongs_to: {Reel: 500 .. 5000}, attributes: {show_id: ulid, at: timestamp}}
)");
  CHECK(planned.messages().empty());
  const design::AccessPlan& plan = planned.pattern("of_studio");
  REQUIRE(plan.steps.size() == 1);
  REQUIRE(plan.steps.front().index.has_value());
  CHECK(planned.key("Show", *plan.steps.front().index).find("{studio_id}") != std::string::npos);
}

TEST_CASE("no copy where one would not be right") {
  SUBCASE("a strongly consistent read sees its parent as it is now") {
    const Planned planned = cinema(
        "  mine: {list: Ticket, by: user_id, limit: 20, with: {film_id: [title]}, consistency: "
        "strong, "
        "rate: 100/s}\n");
    CHECK(planned.pattern("mine").copied.empty());
  }
  SUBCASE("an upsert may make a row, and knows nothing of its parents") {
    const Planned planned =
        cinema(kMine, "{upsert: Ticket, by: ticket_id, set: [user_id, film_id, seat], rate: 1/s}");
    CHECK(plan::copy_choices(planned.workload).empty());
    CHECK(planned.pattern("mine").copied.empty());
  }
  SUBCASE("a change would have to be followed in more rows than a consumer does in passing") {
    const std::string rename =
        "  rename: {update: Film, by: film_id, set: [title], rate: 1/month}\n";
    CHECK(plan::copy_choices(cinema(rename).workload).empty());  // nobody reads the title
    const auto choices = [&](double children_max) {
      model::Workload workload = cinema(std::string(kMine) + rename).workload;
      // As the schema gives it, before the copies.
      model::Entity& ticket = workload.entities[workload.find_entity("Ticket")->index];
      std::erase_if(ticket.attributes,
                    [](const model::Attribute& one) { return one.upkeep.has_value(); });
      ticket.relations.back().children.max = children_max;
      return plan::copy_choices(workload).size();
    };
    CHECK(choices(10'000) == 1);
    CHECK(choices(10'001) == 0);
  }
  SUBCASE("a copy saves less than the price of an index") {
    const Planned planned = cinema(
        "  mine: {list: Ticket, by: user_id, limit: 20, with: {film_id: [title]}, rate: 1/hour}\n");
    CHECK(planned.pattern("mine").copied.empty());
  }
}

TEST_CASE("reads that ask for the same attribute share one copy") {
  const Planned planned = cinema(std::string(kMine) +
                                 "  of_film: {list: Ticket, by: film_id, limit: 20, with: "
                                 "{film_id: [title, genre]}, rate: 100/s}\n");
  CHECK(planned.pattern("mine").copied.size() == 1);
  CHECK(planned.pattern("of_film").copied.size() == 2);
  const model::Entity& ticket = planned.workload.entity(*planned.workload.find_entity("Ticket"));
  CHECK(std::count_if(ticket.attributes.begin(), ticket.attributes.end(),
                      [](const model::Attribute& one) { return one.upkeep.has_value(); }) == 2);
}

TEST_CASE("a put over the parent changes its copies, too") {
  const Planned planned =
      cinema(std::string(kMine) + "  import: {put: Film, replaces: 50%, rate: 1/day}\n");
  REQUIRE(planned.pattern("mine").copied.size() == 1);
  CHECK(planned.workload.find_pattern("keep_ticket_title_after_import").has_value());
}

TEST_CASE("an event's rate reaches the writes that follow") {
  const Planned planned =
      cinema(std::string(kMine) +
             "  rename: {update: Film, by: film_id, set: [title], rate: 1/day}\n"
             "events: {gala: {from: 2027-05-01T18:00:00Z, for: 2 hours, rates: {rename: 3/s, mine: "
             "200/s}}}\n");
  REQUIRE(planned.workload.events.size() == 1);
  const auto& rates = planned.workload.events.front().rates;
  REQUIRE(rates.contains("keep_ticket_title_after_rename"));
  CHECK(rates.at("keep_ticket_title_after_rename").per_second == doctest::Approx(3));
}

TEST_CASE("a copy makes a row of a given size larger") {
  const support::SourceText source("test.yaml", R"(ddbplan: 1
service: test
entities:
  Film: {id: film_id, count: 1000, attributes: {film_id: ulid, title: string 20 B .. 50 B}}
  Ticket: {id: ticket_id, belongs_to: {Film: 1000 .. 9k}, size: 430 B .. 2000 B, attributes: {ticket_id: ulid}}
access_patterns:
  buy: {create: Ticket, rate: 1/s}
)");
  support::Diagnostics diagnostics;
  const auto workload = schema::parse(source, diagnostics);
  REQUIRE(workload.has_value());
  const model::EntityId ticket = *workload->find_entity("Ticket");
  const model::Workload copied = with_copies(*workload, {ticket, 0, {"title"}, {}});
  // `title` has 5 letters.
  CHECK(copied.entity(ticket).size == model::Spread{430 + 5 + 20, 2000 + 5 + 50});
}

TEST_CASE("copies do not make a key hotter than is planned for") {
  // A room's page of 100 posts of some 220 B reads 22 KB, 3 units; with 400 B of the author in each it
  // reads 62 KB, 8 units. At 500 pages a second of the busiest room that is 1,500 or 4,000 units of the
  // 3,000 that one key value takes.
  const auto planned = [](const std::string& hottest) {
    const support::SourceText source("rooms.yaml", R"(ddbplan: 1
service: rooms
entities:
  Author: {id: author_id, count: 10k, attributes: {author_id: ulid, portrait: string 400 B}}
  Room: {id: room_id, count: 10k, attributes: {room_id: ulid}}
  Post: {id: [room_id, post_id], belongs_to: {Room: 5k .. 50k, Author: 5k .. 50k}, attributes: {post_id: ulid, text: string 120 B}}
access_patterns:
  join: {create: Author, rate: 1/hour}
  open: {create: Room, rate: 1/hour}
  post: {create: Post, rate: 1/s}
  page: {list: Post, by: room_id, limit: 100, with: {author_id: [portrait]}, rate: 300/s, peak: 1000/s, hottest: )" +
                                                       hottest + "}\n");
    support::Diagnostics diagnostics;
    auto workload = schema::parse(source, diagnostics);
    INFO(support::render(diagnostics, source));
    REQUIRE(workload.has_value());
    const plan::Planned out =
        plan::plan_best(*workload, pricing::PriceBook::built_in(), {}, diagnostics);
    REQUIRE(out.design.has_value());
    return out.design->plans[out.workload.find_pattern("page")->index].copied.size();
  };
  CHECK(planned("100/s") == 1);
  CHECK(planned("500/s") == 0);
}

TEST_CASE("a declared copy is read instead of its parent") {
  const Planned planned = test::plan_text(
      "Film: {id: film_id, count: 1000, attributes: {film_id: ulid, title: string 20 B}}\n"
      "Ticket: {id: ticket_id, belongs_to: {Film: 100 .. 1000}, attributes: {ticket_id: ulid, "
      "film_title: {copy_of: film_id.title, kept: stream}}}",
      "list_all: {list: Ticket, by: film_id, limit: 20, with: {film_id: [title]}, rate: 10/s}");
  CHECK(planned.messages().empty());
  const design::AccessPlan& plan = planned.pattern("list_all");
  CHECK(plan.steps.size() == 1);
  REQUIRE(plan.copied.size() == 1);
  CHECK(plan.copied.front().copy == "film_title");
}

TEST_CASE("why shows what the other way would have cost") {
  const auto alternative = [](const Planned& planned) {
    for (const design::Decision& decision : planned.design->decisions) {
      if (decision.subject != "pattern:mine" || decision.alternatives.size() != 1) continue;
      const bool is_ours = decision.chosen.find("Film") != std::string::npos;
      if (is_ours) return decision.alternatives.front().extra;
    }
    return std::optional<support::Money>();
  };
  const Planned copied = cinema(kMine);
  const Planned fetched = cinema(
      std::string(kMine) + "  rename: {update: Film, by: film_id, set: [title], rate: 1/s}\n");
  REQUIRE(alternative(copied).has_value());
  REQUIRE(alternative(fetched).has_value());
  CHECK(alternative(copied)->micro_usd > 0);
  CHECK(alternative(fetched)->micro_usd > 0);
}
