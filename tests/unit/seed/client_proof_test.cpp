// What the caller makes of several requests' answers: orders, limits, and rows of one parent among many.
#include <doctest/doctest.h>

#include "model/timestamp.h"
#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

namespace {

const char* const kBoard = R"(entities:
  Team: {id: team_id, count: 100, attributes: {team_id: ulid, name: string 20 B, cards: {sum_of: Board.score}}}
  Board: {id: board_id, belongs_to: {Team: 4 .. 40}, attributes: {board_id: uuid, title: string 30 B, score: integer}}
  Card: {id: card_id, belongs_to: {Board: 5 .. 50}, attributes: {card_id: uuid, title: string 40 B .. 200 B, score: integer}}
access_patterns:
  add_team: {create: Team}
  add_board: {create: Board}
  add_card: {create: Card, rate: 50/s}
  retitle: {update: Card, by: card_id, set: [title, score], rate: 50/s}
)";

}  // namespace

TEST_CASE("children are ordered before they are cut") {
  const Proven board = prove(R"(entities:
  Board: {id: board_id, count: 400, attributes: {board_id: uuid, title: string 30 B}}
  Card: {id: [board_id, card_id], belongs_to: {Board: 5 .. 50}, attributes: {card_id: uuid, title: string 40 B .. 200 B}}
access_patterns:
  add_board: {create: Board}
  add_card: {create: Card, rate: 50/s}
  retitle: {update: Card, by: [board_id, card_id], set: [title], rate: 50/s}
  page: {get: Board, by: board_id, with: {Card: {order: title asc, limit: 2}}, rate: 0.01/s}
)");
  CHECK(board.failures == "");
  const design::AccessPlan& page = board.plan("page");
  REQUIRE(page.client_children.size() == 1);
  CHECK(page.client_children.front().order.front().attribute.name == "title");
  CHECK(page.client_order.empty());
}

TEST_CASE("a limit without an order is of the whole answer, however many Queries find it") {
  const Proven board =
      prove(std::string(kBoard) + "  some: {list: Card, by: team_id, limit: 1, rate: 0.01/s}\n");
  CHECK(board.failures == "");
  CHECK(board.plan("some").steps.size() > 1);
}

TEST_CASE("the best of each group, where the caller orders") {
  const Proven board =
      prove(std::string(kBoard) +
            "  best: {list: Card, by: team_id, order: title desc, limit: 1 per board_id, "
            "rate: 0.01/s}\n");
  CHECK(board.failures == "");
  CHECK(board.plan("best").client_order.size() == 1);
}

TEST_CASE("the best of each group that no key tells, ties included") {
  // Three grades, so that many of a board or of a week tie.
  const Proven papers = prove(R"(entities:
  Team: {id: team_id, count: 60, attributes: {team_id: ulid, name: string 20 B}}
  Paper: {id: paper_id, belongs_to: {Team: 5 .. 50}, attributes: {paper_id: uuid, grade: {type: integer, one_of: [1, 2, 3]}, week: {type: integer, distinct: 6}}}
access_patterns:
  found: {create: Team}
  hand_in: {create: Paper, rate: 5/s}
  of_weeks: {list: Paper, by: team_id, order: grade desc, limit: 2 per week, rate: 1/s}
  of_teams: {list: Paper, order: grade desc, limit: 1 per team_id, rate: 1/day}
)");
  CHECK(papers.failures == "");
  for (const char* const name : {"of_weeks", "of_teams"}) {
    CHECK(papers.plan(name).client_order.size() == 1);
    CHECK(!papers.plan(name).steps.back().limit);
  }
}

TEST_CASE("a parent and that parent's parent, both named by the call") {
  const Proven board =
      prove(std::string(kBoard) +
            "  there: {list: Card, by: [team_id, board_id], limit: 1, rate: 0.01/s}\n");
  CHECK(board.failures == "");
}

TEST_CASE("a sum takes an old value and gives the new one in one action") {
  const Proven board = prove(std::string(kBoard) +
                             "  rescore: {update: Board, by: board_id, set: [score], rate: 1/s}\n");
  CHECK(board.failures == "");
  // The board, 1 unit doubled in a transaction, and its team once, 1 unit doubled.
  CHECK(board.write_units("rescore") == doctest::Approx(4));
}

TEST_CASE("an upsert puts the row it makes into an index of all rows") {
  const Proven tasks = prove(R"(entities:
  Task: {id: task_id, count: 500, attributes: {task_id: ulid, title: string 20 B}}
access_patterns:
  add: {create: Task}
  save: {upsert: Task, by: task_id, set: [title], rate: 1/s}
  all: {list: Task, limit: 10, rate: 10/s}
)");
  CHECK(tasks.failures == "");
  const design::Step& save = tasks.plan("save").steps.back();
  REQUIRE(save.actions.size() == 1);
  CHECK(save.actions.front().maintains.size() == 1);
}

TEST_CASE("lists in both directions, and bounds of what a key holds descending") {
  const std::string shelf = R"(entities:
  Shelf: {id: shelf_id, count: 20, attributes: {shelf_id: uuid}}
  Book:
    id: book_id
    belongs_to: {Shelf: 2000 .. 4000}
    attributes:
      book_id: uuid
      stars: integer
      kind: {one_of: [PAPER, LINEN, LEATHER]}
      title: string 10 B .. 40 B
      blurb: string 2 KB
access_patterns:
  add_shelf: {create: Shelf}
  add_book: {create: Book, rate: 5/s}
  rate_it: {update: Book, by: book_id, set: [stars], rate: 5/s}
  best: {list: Book, by: shelf_id, order: [stars desc, title asc], limit: 10, rate: 100/s}
  worst: {list: Book, by: shelf_id, order: [stars asc, title desc], limit: 10, rate: 100/s}
  between: {list: Book, by: shelf_id, range: stars, order: [stars desc, title asc], limit: 10, rate: 100/s}
  good: {list: Book, by: shelf_id, range: stars > :least, order: [stars desc, title asc], limit: 10, rate: 100/s}
  bad: {list: Book, by: shelf_id, range: stars <= :most, order: [stars asc, title desc], limit: 10, rate: 100/s}
  finest: {list: Book, by: shelf_id, order: [kind desc, title asc], limit: 10, rate: 100/s}
)";
  const Proven books = prove(shelf);
  CHECK(books.failures == "");
  for (const std::string name : {"best", "worst", "between", "good", "bad", "finest"}) {
    CAPTURE(name);
    const design::Step& query = books.plan(name).steps.front();
    CHECK(query.limit == 10);  // in the order of the key, or the first ten were not these
    const bool is_bounded = name == "between" || name == "good" || name == "bad";
    CHECK((query.sort_condition->op != design::SortCondition::Op::begins_with) == is_bounded);
  }
  // Written the other way round, the first page is the last.
  const Proven broken = prove(shelf, [](const model::Workload&, design::Design& design) {
    for (design::AccessPlan& plan : design.plans) {
      for (design::Step& step : plan.steps) step.scan_index_forward = !step.scan_index_forward;
    }
  });
  CHECK(broken.failures.find("best: item 1 is out of order") != std::string::npos);
}

TEST_CASE("sums, bounds and averages that the caller makes of all rows") {
  const std::string orders = R"(entities:
  Customer: {id: customer_id, count: 100, attributes: {customer_id: uuid}}
  Order:
    id: order_id
    belongs_to: {Customer: 20 .. 200}
    attributes:
      order_id: ulid of placed_at
      placed_at: timestamp
      total: number
      tip: {type: integer, optional: true}
      status: {one_of: [OPEN, PAID, SENT]}
      notes: string 200 B .. 2 KB
access_patterns:
  join: {create: Customer}
  place: {create: Order, rate: 5/s}
  spent: {count: Order, by: customer_id, returns: [count, sum total, max placed_at, average tip, max status], rate: 10/s}
  since: {count: Order, by: customer_id, range: placed_at >= :since, returns: sum total, rate: 10/s}
  by_status: {count: Order, where: status = OPEN, returns: [min placed_at, sum tip], rate: 1/min}
)";
  const Proven proven = prove(orders);
  CHECK(proven.failures == "");
  const design::AccessPlan& spent = proven.plan("spent");
  CHECK(spent.client_aggregates.size() == 5);
  CHECK_FALSE(spent.steps.front().count_only);
  CHECK(spent.client_notes ==
        std::vector<std::string>{"make count, sum total, max placed_at, average tip and max status "
                                 "of all rows"});
  // A sum of what is no longer asked for, and one of another attribute.
  const Proven broken = prove(orders, [](const model::Workload&, design::Design& design) {
    for (design::AccessPlan& plan : design.plans) {
      for (model::Aggregate& one : plan.client_aggregates) {
        if (one.function == model::Aggregate::Function::average)
          one.function = model::Aggregate::Function::max;
      }
    }
    design.plans.back().client_aggregates.pop_back();
  });
  CHECK(broken.failures.find("not all aggregates are answered") != std::string::npos);
  CHECK(broken.failures.find("spent: another aggregate than was asked for") != std::string::npos);
}

TEST_CASE("an answer without some attributes") {
  const Proven proven = prove(R"(entities:
  Page: {id: page_id, count: 1000, attributes: {page_id: uuid, topic: {type: string 8 B, distinct: 20}, title: string 40 B, text: string 8 KB, rank: integer}}
access_patterns:
  add: {create: Page}
  show: {get: Page, by: page_id, exclude: text, rate: 1/s}
  list: {list: Page, by: topic, order: rank desc, limit: 10, exclude: [text], rate: 100/s}
)");
  CHECK(proven.failures == "");
  // The index need not hold what is excluded.
  const design::Table& table = proven.design.tables.front();
  REQUIRE(table.indexes.size() == 1);
  CHECK(table.indexes.front().projection.type == dynamo::ProjectionType::include);
  const auto& names = table.indexes.front().projection.attributes;
  CHECK(std::find(names.begin(), names.end(), "text") == names.end());
  CHECK(std::find(names.begin(), names.end(), "title") != names.end());
}

TEST_CASE("a tenant whose id is made of itself has many rows all the same") {
  const Proven crm = prove(R"(settings: {tenant: org_id}
entities:
  Org: {id: org_id, count: 50, attributes: {org_id: ulid, name: string 30 B}}
  Contact: {id: contact_id, count: 20k, attributes: {contact_id: ulid, company: {type: string 12 B, distinct: 4000}, last: string 14 B}}
access_patterns:
  found: {create: Org, across_tenants: true}
  add: {create: Contact, rate: 100/s}
  people: {list: Contact, by: company, order: last asc, limit: 50, rate: 0.01/s}
)");
  CHECK(crm.failures == "");
  // The seed has 40 of the 400 contacts of a tenant, of some 200 B each; all of them are read.
  CHECK(crm.plan("people").served == design::Served::filter);
  CHECK(crm.proof("people").expected_units_mean > 1);
}

TEST_CASE("rows of a rollup expire, by a time that the stream's consumer works out") {
  const Proven fleet = prove(R"(entities:
  Device: {id: device_id, count: 200, attributes: {device_id: string 12 B}}
  Reading: {id: [device_id, at], belongs_to: {Device: 100 .. 500}, retention: 30 days after at, attributes: {at: timestamp, raw: string 100 B}}
  Hourly: {rollup: {of: Reading, by: {device_id, hour: at to hour}, keep: {n: count}, kept: stream}, retention: 1 year after hour}
access_patterns:
  install: {create: Device}
  report: {create: Reading, rate: 20/s}
  trend: {list: Hourly, by: device_id, range: hour last 7 days, rate: 5/s}
  all: {list: Hourly, by: device_id, rate: 5/s}
)");
  CHECK(fleet.failures == "");
  // A year after the hour, in seconds.
  const auto hourly = *fleet.workload.find_entity("Hourly");
  for (const dynamo::Item& row : fleet.data.rows[hourly.index]) {
    const std::int64_t hour = *model::instant_of(row.at("hour")) / 1000;
    CHECK(row.at("expires_at") == dynamo::AttributeValue::number(hour + 365LL * 24 * 3600));
  }
}

TEST_CASE("children of a row that a unique value names, and no identity") {
  const Proven wallet = prove(R"(entities:
  User: {id: user_id, count: 20k, unique: [phone], attributes: {user_id: uuid, phone: string 13 B, name: string 20 B}}
  Account: {id: account_id, belongs_to: {User: 1 .. 5}, attributes: {account_id: uuid, currency: {one_of: [USD, EUR]}}}
access_patterns:
  sign_up: {create: User, rate: 1/s}
  open: {create: Account, rate: 1/s}
  log_in: {get: User, by: phone, with: {Account: {}}, rate: 50/s}
)");
  CHECK(wallet.failures == "");
}

TEST_CASE("copies that a stream keeps are of rows of the same tenant") {
  const Proven clinic = prove(R"(settings: {tenant: clinic_id}
entities:
  Clinic: {id: clinic_id, count: 20, attributes: {clinic_id: uuid}}
  Patient: {id: patient_id, count: 2000, attributes: {patient_id: uuid, name: string 24 B}}
  Visit: {id: visit_id, belongs_to: {Patient: 3 .. 60}, attributes: {visit_id: uuid, name: {copy_of: patient_id.name, kept: stream}, notes: string 200 B}}
access_patterns:
  found: {create: Clinic, across_tenants: true}
  admit: {create: Patient, rate: 1/s}
  rename: {update: Patient, by: patient_id, set: [name], rate: 1/min}
  visit: {create: Visit, rate: 1/s}
  mine: {list: Visit, by: patient_id, rate: 10/s}
)");
  CHECK(clinic.failures == "");
}
