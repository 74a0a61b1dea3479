// Lists that go up by one attribute and down by another: what a key has to hold descending.
#include <doctest/doctest.h>

#include "plan/candidates.h"
#include "support/text.h"
#include "tests/unit/plan/planned.h"

using namespace ddbplan;
using test::Planned;

namespace {

/// Some 40,000 rows of 300 B in a team: too much for a client to order.
Planned tickets(const std::string& order, const std::string& more = {}) {
  return test::plan_text(
      "Team: {id: team_id, count: 200, attributes: {team_id: ulid}}\n"
      "Ticket: {id: ticket_id, belongs_to: {Team: 20000 .. 80000}, attributes: {ticket_id: uuid, "
      "opened_at: timestamp, priority: {one_of: [LOW, NORMAL, HIGH]}, grade: {one_of: [C, B, A]}, "
      "score: integer, due: epoch_s, title: string 20 B .. 60 B, notes: string 200 B}}\n",
      "list: {list: Ticket, by: team_id, order: [" + order + "], limit: 20, rate: 50/s}\n" + more +
          "add_team: {create: Team}\nopen: {create: Ticket, rate: 1/s}\n");
}

std::string key(const Planned& planned) {
  const design::Step& list = planned.pattern("list").steps.front();
  REQUIRE(planned.pattern("list").client_order.empty());
  return planned.key("Ticket", list.index.value_or("")) +
         (list.scan_index_forward ? "" : " backward");
}

}  // namespace

TEST_CASE("what goes another way than the first stands in the key descending") {
  CHECK(key(tickets("opened_at desc, score asc")) ==
        "TEAM#{team_id} / TICKET#{opened_at}#{score|invert:14}#{ticket_id} backward");
  CHECK(key(tickets("title asc, due desc")) ==
        "TEAM#{team_id} / TICKET#{title|escape}#{due|invert:10}#{ticket_id}");
  CHECK(key(tickets("title desc, score asc, due asc")) ==
        "TEAM#{team_id} / TICKET#{title|escape}#{score|invert:14}#{due|invert:10}#{ticket_id} "
        "backward");
}

TEST_CASE("or what goes as the first does, where the other is a text") {
  CHECK(key(tickets("score desc, opened_at asc")) ==
        "TEAM#{team_id} / TICKET#{score|invert:14}#{opened_at}#{ticket_id}");
  CHECK(key(tickets("score asc, opened_at desc")) ==
        "TEAM#{team_id} / TICKET#{score|invert:14}#{opened_at}#{ticket_id} backward");
}

TEST_CASE("an enum has its ranks reversed") {
  const Planned planned = tickets("priority desc, opened_at asc");
  CHECK(key(planned) == "TEAM#{team_id} / TICKET#{priority|rank}#{opened_at}#{ticket_id}");
  const design::ItemLayout& row = planned.row("Ticket");
  const design::Ranks ranks = design::ranks_of(row.base.sort);
  CHECK(ranks.at("priority") == std::vector<std::string>{"HIGH", "NORMAL", "LOW"});
  // C, B, A reversed sorts as it is written.
  CHECK(key(tickets("grade desc, opened_at asc")) ==
        "TEAM#{team_id} / TICKET#{grade}#{opened_at}#{ticket_id}");
}

TEST_CASE("one direction needs nothing, and what the call names has none") {
  CHECK(key(tickets("score desc, opened_at desc")) ==
        "TEAM#{team_id} / TICKET#{score|pad:14}#{opened_at}#{ticket_id} backward");
  const Planned planned = tickets("score asc, opened_at desc",
                                  "by_score: {list: Ticket, by: [team_id, score], order: [score "
                                  "asc, opened_at desc], limit: 20, rate: 50/s}\n");
  // The same index serves both: behind an equal score only the time orders.
  const design::Step& by_score = planned.pattern("by_score").steps.front();
  CHECK(by_score.index == planned.pattern("list").steps.front().index);
  CHECK_FALSE(by_score.scan_index_forward);
}

TEST_CASE("two texts in two directions have no key") {
  const Planned planned = tickets("title asc, opened_at desc");
  CHECK(planned.errors() == std::vector<std::string>{"DDB110"});
  CHECK(planned.messages().find("would be read for the client to order") != std::string::npos);
}

TEST_CASE("a list that no key can order is found by its equalities, and ordered by the client") {
  // A decimal has no text that orders; 17 rows of a city are little to order.
  const Planned planned = test::plan_text(
      "Hotel: {id: hotel_id, count: 5000, attributes: {hotel_id: ulid, city: {type: string 12 B, "
      "distinct: 300}, rating: number, name: string 40 B}}\n",
      "add: {create: Hotel}\nmove: {update: Hotel, by: hotel_id, set: [city]}\nin_city: {list: "
      "Hotel, by: city, order: [rating desc, name asc], "
      "limit: 20, rate: 50/s}\n");
  CHECK(planned.errors().empty());
  const design::AccessPlan& plan = planned.pattern("in_city");
  CHECK(plan.client_order.size() == 2);
  CHECK(plan.client_limit == 20);
  CHECK(planned.key("Hotel", plan.steps.front().index.value_or("")) ==
        "HOTEL#CITY#{city} / {hotel_id}");
}

TEST_CASE(
    "rows that lack what orders them are not left out: the client orders what the equalities "
    "leave") {
  const Planned planned = test::plan_text(
      "Board: {id: board_id, count: 200, attributes: {board_id: ulid}}\n"
      "Card: {id: card_id, belongs_to: {Board: 4000 .. 9000}, attributes: {card_id: ulid, owner: "
      "{type: string 8 B, distinct: 40}, due_at: timestamp present 30%}}\n",
      "add: {create: Board}\nadd_card: {create: Card}\n"
      "mine: {list: Card, by: [board_id, owner], order: due_at asc, limit: 20, rate: 50/s}\n");
  CHECK(planned.errors().empty());
  // 4,000 cards of a board, 100 of an owner: the key holds both, and not the time.
  const design::AccessPlan& mine = planned.pattern("mine");
  CHECK(mine.steps.front().filter == nullptr);
  CHECK(mine.client_limit == 20);
  CHECK(planned.key("Card", mine.steps.front().index.value_or("")).find("due_at") ==
        std::string::npos);
}

TEST_CASE("what ADD changes is offered in no composed key") {
  const Planned planned = test::plan_text(
      "Tag: {id: tag, count: 6000, attributes: {tag: string 10 B, questions: {count_of: Tagged}}}\n"
      "Question: {id: question_id, count: 9000, attributes: {question_id: ulid, votes: integer, "
      "title: string 20 B}}\n"
      "Tagged: {id: [question_id, tag], belongs_to: {Question: 2 .. 5, Tag: 3 .. 900}}\n",
      "add_tag: {create: Tag}\nask: {create: Question}\ntag_it: {create: Tagged}\n"
      "vote: {update: Question, by: question_id, add: {votes: +:n}, rate: 1/s}\n"
      "titles: {list: Question, order: title asc, limit: 20, rate: 3/s}\n"
      "tags: {list: Tag, order: questions desc, limit: 20, rate: 3/s}\n"
      "best: {list: Question, order: votes desc, limit: 20, rate: 3/s}\n"
      "unvoted: {list: Question, where: votes = 0, order: title asc, limit: 20, rate: 3/s}\n");
  CHECK(planned.errors().empty());
  support::Diagnostics diagnostics;
  std::vector<model::PatternId> unplanned;
  const std::vector<plan::Need> needs = plan::needs_of(planned.workload, diagnostics, unplanned);
  const plan::Candidates candidates =
      plan::generate(planned.workload, needs, plan::single_table(planned.workload));
  std::size_t by_number = 0;
  for (const plan::EntityCandidates& entity : candidates.entities) {
    for (const plan::KeySpec& key : entity.entries) {
      for (const char* const name : {"votes", "questions"}) {
        if (!support::contains(key.partition, name) && !support::contains(key.sort, name)) continue;
        INFO(plan::to_string(key));
        CHECK(plan::sorts_by_number(planned.workload, key));
        ++by_number;
      }
    }
  }
  CHECK(by_number >= 2);
}
