// Whole designs of small schemas, planned and proven: what the calls of the proof must be like, where the
// planner's requests decide what is allowed.
#include <doctest/doctest.h>

#include "plan/variants.h"
#include "pricing/price_book.h"
#include "schema/parse.h"
#include "seed/proof.h"
#include "seed/seed_file.h"
#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

TEST_CASE("two actions of a transaction on one entity are about two rows") {
  // DynamoDB refuses a transaction with two actions on one item (TransactWriteItems, "Errors").
  const Proven bank = prove(R"(entities:
  Account: {id: account_id, count: 1000, attributes: {account_id: ulid, balance: integer}}
access_patterns:
  open: {create: Account}
  transfer:
    transaction:
      - {update: Account, by: account_id, add: {balance: -:amount}, if: balance >= :amount}
      - {update: Account, by: account_id, add: {balance: +:amount}}
)");
  CHECK(bank.failures.empty());
  CHECK(bank.requests > 0);
}

TEST_CASE("a transaction that deletes a row stands on its being there") {
  const std::string dating = R"(entities:
  Person: {id: person_id, count: 5000, unique: [phone], attributes: {person_id: ulid, phone: string 13 B}}
  Like: {id: [person_id, post_id], belongs_to: {Person: 30 .. 900}, attributes: {post_id: ulid}}
  Report: {id: report_id, count: 20k, attributes: {report_id: ulid, outcome: {states: {OPEN: 10%, BANNED: 90%}, moves: [OPEN -> BANNED]}}}
access_patterns:
  join: {create: Person, rate: 1/min}
  like: {create: Like, rate: 1/s}
  report: {create: Report, rate: 1/min}
  ban: {transaction: [{update: Report, by: report_id, move: outcome OPEN -> BANNED}, {delete: Person, by: person_id}], rate: 1/min}
  dislike: {transaction: [{delete: Like, by: [person_id, post_id]}, {create: Report}], rate: 1/s}
)";
  CHECK(prove(dating).failures == "");
  // Otherwise one of the two would be done twice: a report for each call that comes too late.
  const Proven unasked = prove(dating, [](const model::Workload& workload, design::Design& design) {
    const auto dislike = workload.find_pattern("dislike");
    REQUIRE(dislike);
    for (design::WriteAction& action : design.plans[dislike->index].steps.front().actions) {
      if (action.operation == design::Operation::delete_item) action.condition = nullptr;
    }
  });
  CHECK(unasked.failures.find("dislike: ") != std::string::npos);
}

TEST_CASE("conditions of a transaction are about what was there before it") {
  // DynamoDB judges them all first: a car may take the last place, whichever action is named first.
  const Proven parking = prove(R"(entities:
  Lot: {id: lot_id, count: 400, attributes: {lot_id: string 6 B, taken: {count_of: Stay, where: state = OPEN}}}
  Stay: {id: stay_id, belongs_to: {Lot: 90 .. 400}, attributes: {stay_id: ulid, state: {states: {OPEN: 5%, OUT: 95%}, moves: [OPEN -> OUT]}}}
access_patterns:
  build: {create: Lot, rate: 1/day}
  enter: {transaction: [{create: Stay}, {check: Lot, by: lot_id, if: taken < :places}], rate: 1/s}
  leave: {update: Stay, by: stay_id, move: state OPEN -> OUT, rate: 1/s}
)");
  CHECK(parking.failures == "");
  CHECK(parking.proof("enter").calls > 10);
}

TEST_CASE("an action that repeats takes another row each time") {
  // 3 to 12 updates of small rows are 2 units each: 6 and more, which the proof measures.
  const Proven bundle = prove(R"(entities:
  Product: {id: sku, count: 1000, attributes: {sku: string 10 B, qty: integer}}
access_patterns:
  add: {create: Product}
  take: {transaction: [{update: Product, by: sku, add: {qty: -:n}, if: qty >= :n, times: 3 .. 12}]}
)");
  CHECK(bundle.failures.empty());
}

TEST_CASE("readings of one day and one place are not seeded twice") {
  const Proven figures = prove(R"(entities:
  Site: {id: site_id, count: 100, attributes: {site_id: string 10 B}}
  Figure: {id: [site_id, day], belongs_to: {Site: 300 .. 365}, attributes: {day: date, views: integer}}
access_patterns:
  add: {create: Site}
  keep: {put: Figure}
  month: {list: Figure, by: site_id, range: day, order: day asc, limit: 31}
)");
  CHECK(figures.failures.empty());
}

TEST_CASE("a busy tenant's list asks more shards than the others', and costs as planned") {
  const Proven events = prove(R"(settings: {tenant: tenant_id}
entities:
  Tenant: {id: tenant_id, count: 50, attributes: {tenant_id: string 8 B}}
  Event:
    id: event_id
    belongs_to: {Tenant: {children: 4000 .. 200k, skew: {acme: 60%}}}
    retention: 10 days after at
    attributes: {event_id: ulid of at, at: timestamp, body: string 300 B}
access_patterns:
  add: {create: Tenant}
  tenant: {get: Tenant, by: tenant_id}
  record: {create: Event, rate: 0.23/s, peak: 3000/s, hottest: {acme: 2000/s}}
  newest: {list: Event, order: at desc, limit: 40, rate: 5/s}
)");
  CHECK(events.failures.empty());
}

TEST_CASE("a short list over months ends in the bucket where it has enough") {
  const Proven cars = prove(R"(entities:
  Car:
    id: car_id
    count: 480M
    retention: 400 days after bought_at
    attributes: {car_id: ulid of bought_at, bought_at: timestamp, plate: string 9 B}
access_patterns:
  buy: {create: Car, rate: 14/s}
  car: {get: Car, by: car_id, consistency: strong}
  all: {list: Car, range: bought_at, order: bought_at asc, limit: 60, returns: [plate], rate: 9/s}
)");
  CHECK(cars.failures == "");
}

TEST_CASE("a change of the partition alone leaves a number that sorts to the index") {
  const Proven shop = prove(R"(entities:
  Ad: {id: ad_id, count: 40k, attributes: {ad_id: ulid, town: {type: string 9 B, distinct: 400}, price: integer, text: string 900 B}}
access_patterns:
  post: {create: Ad, rate: 1/s}
  ad: {get: Ad, by: ad_id, rate: 20/s}
  move: {update: Ad, by: ad_id, set: [town], rate: 1/s}
  dearest: {list: Ad, by: town, order: price desc, limit: 9, returns: [ad_id], rate: 20/s}
)");
  CHECK(shop.failures == "");
  CHECK(shop.design.tables.front().indexes.front().key.sort.front().name == "price");
}

TEST_CASE("a copy that is not what the parent has fails the proof") {
  const support::SourceText source("test.yaml", R"(ddbplan: 1
service: test
entities:
  User: {id: user_id, count: 5000, attributes: {user_id: ulid}}
  Film: {id: film_id, count: 100, attributes: {film_id: ulid, title: string 20 B, country: string 20 B}}
  Ticket: {id: ticket_id, belongs_to: {User: 20 .. 200, Film: 1000 .. 20k}, attributes: {ticket_id: ulid, film_country: string 20 B}}
access_patterns:
  sign_up: {create: User}
  open: {create: Film}
  buy: {create: Ticket}
  mine: {list: Ticket, by: user_id, limit: 20, with: {film_id: [title]}, rate: 100/s}
)");
  support::Diagnostics diagnostics;
  const auto workload = schema::parse(source, diagnostics);
  REQUIRE(workload);
  const plan::Planned planned =
      plan::plan_best(*workload, pricing::PriceBook::built_in(), {}, diagnostics);
  REQUIRE(planned.design);
  design::Design design = *planned.design;
  const seed::Dataset data = seed::generate(planned.workload, design);
  const auto failures = [&] {
    std::string out;
    const auto seed = seed::write_seed(planned.workload, design, data);
    for (const seed::ProofFailure& one : seed::prove(planned.workload, design, data, seed).failures)
      out += planned.workload.pattern(one.pattern).name + ": " + one.what + "\n";
    return out;
  };
  std::vector<design::CopiedAttribute>& copied =
      design.plans[planned.workload.find_pattern("mine")->index].copied;
  REQUIRE(copied.size() == 1);
  CHECK(failures().empty());
  SUBCASE("another attribute is taken for it") {
    copied.front().copy = "film_country";
    CHECK(failures().find("mine: an item has another film_country than its Film has title") !=
          std::string::npos);
  }
  SUBCASE("it is said to be another attribute of the parent") {
    copied.front().attribute = "country";
    CHECK(failures().find("mine: the answer lacks title of Film") != std::string::npos);
  }
}

TEST_CASE("a parent that all rows of a list share is fetched once") {
  // 5 orders of at most 4 KB in one page and one customer: half a unit each.
  const Proven shop = prove(R"(entities:
  Customer: {id: customer_id, count: 1k, attributes: {customer_id: ulid, name: string 20 B}}
  Order: {id: order_id, belongs_to: {Customer: 10}, attributes: {order_id: ulid, total: integer}}
access_patterns:
  join: {create: Customer}
  place: {create: Order}
  rename: {update: Customer, by: customer_id, set: [name], rate: 50/s}
  mine: {list: Order, by: customer_id, with: {customer_id: [name]}, limit: 5, rate: 10/s}
)");
  CHECK(shop.failures == "");
  CHECK(shop.proof("mine").expected_units_mean == doctest::Approx(1).epsilon(0.05));
}

TEST_CASE("an export of rows longer than a page pays each of them") {
  const Proven photos = prove(R"(entities:
  Photo: {id: photo_id, count: 200, attributes: {photo_id: ulid, likes: integer, full: binary 30 KB}}
access_patterns:
  add: {create: Photo}
  all: {export: Photo, returns: [photo_id, likes], rate: 1/day}
)");
  CHECK(photos.failures == "");
}

TEST_CASE("a parent of one of several kinds is asked for in each") {
  const Proven code = prove(R"(entities:
  User: {id: user_id, count: 1k, attributes: {user_id: ulid, name: string 20 B}}
  Org: {id: org_id, count: 100, attributes: {org_id: ulid, name: string 20 B}}
  Repo: {id: repo_id, count: 5k, belongs_to: {User | Org as owner: 5}, attributes: {repo_id: ulid, title: string 30 B}}
access_patterns:
  join: {create: User}
  found: {create: Org}
  open: {create: Repo}
  repo: {get: Repo, by: repo_id, with: {owner: [name]}, rate: 10/s}
)");
  CHECK(code.failures == "");
  CHECK(code.plan("repo").steps.size() == 3);
}

TEST_CASE("an update leaves alone the index of what a call does not give") {
  const Proven tree = prove(R"(entities:
  Node: {id: node_id, count: 2k, belongs_to: {Node as parent_id: {children: 5, present: 80%}}, attributes: {node_id: ulid, title: string 30 B}}
access_patterns:
  add: {create: Node}
  kids: {list: Node, by: parent_id, rate: 10/s}
  move: {update: Node, by: node_id, set: [parent_id], rate: 1/s}
)");
  CHECK(tree.failures == "");
}

TEST_CASE("a time is cut to the bucket that a rollup's rows are named by") {
  for (const char* unit : {"hour", "day", "month"}) {
    const std::string range =
        std::string("last 30 ") + (std::string(unit) == "hour" ? "hours" : "days");
    const Proven site = prove(std::string(R"(entities:
  Site: {id: site_id, count: 100, attributes: {site_id: ulid}}
  Visit: {id: [site_id, visit_id], belongs_to: {Site: 300}, attributes: {visit_id: ulid of at, at: timestamp, bytes: integer}}
  Sum: {rollup: {of: Visit, by: {site_id: site_id, slot: at to )") +
                              unit + R"(}, keep: {visits: count}, kept: stream}}
access_patterns:
  open: {create: Site}
  visit: {create: Visit, rate: 10/s}
  sums: {list: Sum, by: site_id, range: slot )" +
                              range + R"(, rate: 1/s}
)");
    INFO(unit);
    CHECK(site.failures == "");
  }
}

TEST_CASE("rows that an update finds are compared with the version that was found") {
  const Proven jobs = prove(R"(entities:
  Job: {id: job_id, count: 2k, attributes: {job_id: ulid, version: {type: integer, lock: true}, state: {one_of: {OPEN: 10%, DONE: 90%}}, note: string 20 B}}
access_patterns:
  add: {create: Job}
  job: {get: Job, by: job_id, rate: 3/s}
  touch: {update: Job, by: state, set: [note], rate: 1/min}
)");
  CHECK(jobs.failures == "");
}

TEST_CASE(
    "a row, its children and its own parent are one Query and one GetItem, also where the row "
    "expires") {
  const std::string head = R"(entities:
  Party: {id: party_id, count: 3000, attributes: {party_id: ulid, email: string 20 B}}
  Order: {id: order_id, belongs_to: {Party as buyer_id: 9}, retention: 90 days after at, attributes: {order_id: ulid, at: timestamp, amount: number}}
  Fill: {id: [order_id, fill_no], belongs_to: {Order: 3 .. 20}, attributes: {fill_no: integer, buyer_id: string 8 B}}
  Note: {id: [order_id, note_no], belongs_to: {Order: 2 .. 20}, attributes: {note_no: integer, text: string 30 B}}
access_patterns:
  join: {create: Party}
  change: {update: Party, by: party_id, set: [email], rate: 9/s}
  place: {create: Order}
  fill: {create: Fill}
  note: {create: Note}
)";
  for (const char* const children :
       {"Fill: {order: fill_no asc, limit: 3}", "Fill: {}, Note: {}"}) {
    const Proven orders = prove(head + "  order: {get: Order, by: order_id, with: {" + children +
                                ", buyer_id: [email]}, consistency: strong, rate: 10/s}\n");
    CAPTURE(children);
    CHECK(orders.failures == "");
    const design::AccessPlan& order = orders.plan("order");
    // A fill's buyer_id is no buyer of the answer.
    REQUIRE(order.steps.size() == 2);
    CHECK(order.steps[0].operation == design::Operation::query);
    CHECK(order.steps[0].filter != nullptr);
    CHECK(order.steps[1].finds == design::Step::Finds::parents);
  }
}
