// Vertical partitioning: when a row's large attributes stand in an item of their own.
#include "plan/facets.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "capacity/usage.h"
#include "pricing/price_book.h"
#include "schema/parse.h"
#include "tests/unit/plan/planned.h"

using namespace ddbplan;
using test::Planned;

namespace {

model::Workload parsed(const std::string& body) {
  const support::SourceText source("press.yaml", "ddbplan: 1\nservice: press\n" + body);
  support::Diagnostics diagnostics;
  auto workload = schema::parse(source, diagnostics);
  INFO(support::render(diagnostics, source));
  REQUIRE(workload.has_value());
  return *std::move(workload);
}

Planned planned(const model::Workload& workload, const design::EarlierDesign* earlier = nullptr) {
  Planned out;
  plan::PlanOptions options;
  options.earlier = earlier;
  plan::Planned made =
      plan::plan_best(workload, pricing::PriceBook::built_in(), options, out.diagnostics);
  if (made.design) made.design->decisions = made.reasons();
  out.workload = std::move(made.workload);
  out.design = std::move(made.design);
  REQUIRE(out.design.has_value());
  return out;
}

/// Articles of 100 KB that are counted 100 times a second.
std::string press(const std::string& article = "",
                  const std::string& read = "{get: Article, by: article_id, rate: 10/s}",
                  const std::string& more = "", const std::string& settings = "") {
  return settings + R"(entities:
  Author: {id: author_id, count: 1k, attributes: {author_id: ulid, name: string 20 B}}
  Article:
    id: article_id
    belongs_to: {Author: 50}
)" + article +
         R"(    attributes: {article_id: ulid, title: string 60 B, views: integer, body: string 100 KB}
access_patterns:
  join: {create: Author, rate: 1/min}
  write: {create: Article, rate: 1/s}
  read: )" +
         read + R"(
  seen: {update: Article, by: article_id, add: {views: 1}, rate: 100/s}
)" + more;
}

const design::ItemLayout* facet_of(const Planned& planned) {
  const std::vector<design::ItemLayout>& items = planned.design->items;
  const auto found = std::find_if(items.begin(), items.end(), [](const design::ItemLayout& item) {
    return item.role == design::ItemRole::facet;
  });
  return found == items.end() ? nullptr : &*found;
}

std::vector<std::vector<std::string>> choices(const std::string& body) {
  std::vector<std::vector<std::string>> out;
  for (const plan::FacetChoice& choice : plan::facet_choices(parsed(body)))
    out.push_back(choice.attributes);
  return out;
}

double units(const Planned& planned, const char* pattern) {
  double sum = 0;
  for (const auto& one :
       capacity::pattern_usage(planned.workload, *planned.design, planned.pattern(pattern)).units)
    sum += one.read + one.write;
  return sum;
}

}  // namespace

TEST_CASE("a counter of a large row does not pay for the large attribute") {
  const Planned made = planned(parsed(press()));
  const design::ItemLayout* facet = facet_of(made);
  REQUIRE(facet != nullptr);
  CHECK(facet->attributes == std::vector<std::string>{"body"});
  CHECK(to_string(facet->base.partition.front()) == "FACET#ARTICLE#{article_id}");
  CHECK(to_string(facet->base.sort.front()) == "ARTICLE");
  CHECK(made.row("Article").attributes ==
        std::vector<std::string>{"article_id", "title", "views", "author_id"});
  // The rest of the row is far below 1 KB.
  CHECK(made.pattern("seen").steps.front().operation == design::Operation::update_item);
  CHECK(units(made, "seen") == 1);
  // 100 KB are 102,400 bytes and, with names and keys, less than 26 blocks of 4,096: 13 units; the row another half.
  CHECK(units(made, "read") == 13.5);
  REQUIRE(made.pattern("read").steps.size() == 2);
  CHECK(made.pattern("read").steps[1].completes == 0);
  CHECK(made.pattern("read").steps[1].after.empty());
  // 101 blocks of 1,024 bytes for the facet, one for the row, twice in a transaction.
  CHECK(units(made, "write") == 204);
}

TEST_CASE("what a list leaves out may stand in an item of its own, however it says so") {
  for (const char* answer : {"exclude: story", "returns: [campaign_id, title, raised]"}) {
    const std::string body = std::string(R"(entities:
  Campaign: {id: campaign_id, count: 90k, attributes: {campaign_id: ulid, title: string 50 B, story: string 22 KB .. 300 KB, raised: {sum_of: Pledge.amount, kept: stream}}}
  Pledge: {id: [campaign_id, backer_id], belongs_to: {Campaign: 130 .. 2000}, attributes: {backer_id: uuid, amount: number}}
access_patterns:
  open: {create: Campaign, rate: 0.02/s}
  page: {get: Campaign, by: campaign_id, rate: 12/s}
  pledge: {create: Pledge, rate: 1/s}
  top: {list: Campaign, order: raised desc, limit: 24, )") +
                             answer + ", rate: 5/s}\n";
    CHECK(facet_of(planned(parsed(body))) != nullptr);
  }
}

TEST_CASE("a row that is only read and written whole stays one item") {
  const std::string body = R"(entities:
  Article: {id: article_id, count: 50k, attributes: {article_id: ulid, title: string 60 B, body: string 100 KB}}
access_patterns:
  write: {create: Article, rate: 1/s}
  read: {get: Article, by: article_id, rate: 10/s}
)";
  CHECK(choices(body).empty());
  CHECK(facet_of(planned(parsed(body))) == nullptr);
}

TEST_CASE("a facet has to save more than an index costs") {
  // Two updates a day of 101 units, or 1: 200 units a day are 6,100 a month, less than a cent.
  std::string body = press();
  body.replace(body.find("rate: 100/s"), std::string("rate: 100/s").size(), "rate: 2/day");
  CHECK(choices(body).size() == 1);
  CHECK(facet_of(planned(parsed(body))) == nullptr);
}

TEST_CASE("why tells what one item would have cost") {
  // 100 updates a second of 101 units instead of 1: 26.3 G units a month.
  const Planned made = planned(parsed(press()));
  bool is_told = false;
  for (const design::Decision& decision : made.design->decisions) {
    if (decision.subject != "pattern:seen" || decision.alternatives.empty()) continue;
    if (decision.chosen != "body of every Article in an item of its own") continue;
    is_told = true;
    CHECK(decision.alternatives.front().what == "body in the item of its Article");
    REQUIRE(decision.alternatives.front().extra.has_value());
    CHECK(decision.alternatives.front().extra->usd() > 10'000);
  }
  CHECK(is_told);
}

TEST_CASE("an index over the rest of the row leads to row and facet") {
  const Planned made = planned(parsed(press(
      "", "{get: Article, by: article_id, rate: 10/s}",
      "  latest: {list: Article, by: author_id, order: article_id desc, limit: 3, rate: 1/s}\n")));
  REQUIRE(facet_of(made) != nullptr);
  const design::AccessPlan& latest = made.pattern("latest");
  REQUIRE(latest.steps.size() >= 2);
  const design::Step& last = latest.steps.back();
  CHECK(last.operation == design::Operation::batch_get_item);
  REQUIRE(last.completes.has_value());
  CHECK(last.after == std::vector<std::size_t>{*last.completes});
}

TEST_CASE("a row and its facet that a guard leads to are read at once") {
  const Planned made =
      planned(parsed(press("    unique: title\n", "{get: Article, by: article_id, rate: 10/s}",
                           "  titled: {get: Article, by: title, rate: 1/s}\n")));
  REQUIRE(facet_of(made) != nullptr);
  const std::vector<design::Step>& steps = made.pattern("titled").steps;
  REQUIRE(steps.size() == 3);
  CHECK(steps[1].after == std::vector<std::size_t>{0});
  CHECK(steps[2].after == std::vector<std::size_t>{0});
  CHECK(steps[2].completes == 1);
}

TEST_CASE("an update of both halves is a transaction, one of the facet alone is not") {
  const Planned made = planned(parsed(press(
      "", "{get: Article, by: article_id, rate: 10/s}",
      "  both: {update: Article, by: article_id, set: [title, body], rate: 1/min}\n"
      "  rewrite: {update: Article, by: article_id, set: [body], rate: 1/min}\n"
      "  revise: {update: Article, by: article_id, set: [body], if: views > 10, rate: 1/min}\n")));
  REQUIRE(facet_of(made) != nullptr);
  const auto operations = [&](const char* pattern) {
    std::string out;
    const design::Step& step = made.pattern(pattern).steps.back();
    out += design::operation_name(step.operation);
    for (const design::WriteAction& action : step.actions) {
      out += " " + std::string(design::operation_name(action.operation)) + ":" +
             std::string(design::role_name(made.design->items[action.layout].role));
    }
    return out;
  };
  CHECK(operations("both") == "TransactWriteItems UpdateItem:row UpdateItem:facet");
  CHECK(operations("rewrite") == "UpdateItem UpdateItem:facet");
  CHECK(operations("revise") == "TransactWriteItems ConditionCheck:row UpdateItem:facet");
}

TEST_CASE("attributes that the same access patterns use stand together") {
  const auto found = choices(R"(entities:
  Photo: {id: photo_id, count: 50k, attributes: {photo_id: ulid, likes: integer, small: binary 3 KB, large: binary 90 KB, meta: binary 2 KB}}
access_patterns:
  add: {create: Photo, rate: 1/s}
  show: {get: Photo, by: photo_id, rate: 10/s}
  thumbnail: {get: Photo, by: photo_id, returns: [small], rate: 50/s}
  like: {update: Photo, by: photo_id, add: {likes: 1}, rate: 10/s}
)");
  REQUIRE(found.size() == 3);
  CHECK(std::count(found.begin(), found.end(), std::vector<std::string>{"small"}) == 1);
  CHECK(std::count(found.begin(), found.end(), std::vector<std::string>{"large", "meta"}) == 1);
  CHECK(std::count(found.begin(), found.end(),
                   std::vector<std::string>{"small", "large", "meta"}) == 1);
}

TEST_CASE("a row that must be read or written in one piece is not divided") {
  const std::string get = "{get: Article, by: article_id, rate: 10/s}";
  CHECK(choices(press()).size() == 1);
  SUBCASE("strongly consistent") {
    CHECK(choices(press("", "{get: Article, by: article_id, consistency: strong, rate: 10/s}"))
              .empty());
  }
  SUBCASE("a filter looks at it") {
    CHECK(choices(
              press("", get,
                    "  long: {list: Article, by: author_id, where: body contains :word, limit: 5, "
                    "returns: [title], rate: 1/s}\n"))
              .empty());
  }
  SUBCASE("exported") {
    CHECK(choices(press("", get, "  all: {export: Article, rate: 1/day}\n")).empty());
  }
  SUBCASE("an upsert makes rows") {
    CHECK(choices(press("", get,
                        "  keep: {upsert: Article, by: article_id, set: [title], rate: 1/s}\n"))
              .empty());
  }
  SUBCASE("an update may change anything") {
    CHECK(
        choices(press("", get, "  edit: {update: Article, by: article_id, rate: 1/s}\n")).empty());
  }
  SUBCASE("the size of the whole is given") {
    CHECK(choices(press("    size: 100 KB .. 120 KB\n")).empty());
  }
  SUBCASE("a table takes no transactions") {
    CHECK(
        choices(
            press("", get, "",
                  "settings: {regions: [us-east-1, us-west-2, us-east-2], replication: strong}\n"))
            .empty());
  }
  SUBCASE("a search takes each item for a document") {
    CHECK(choices(press("", get, "  find: {search: Article, text: [title]}\n")).empty());
  }
  SUBCASE("keys are attributes") {
    CHECK(choices(press("", get, "", "settings: {layout: table-per-entity, key_style: natural}\n"))
              .empty());
  }
}

TEST_CASE("a facet is an item, of 400 KB at most") {
  // 300 KB each: one of them fits, both do not.
  const auto found = choices(R"(entities:
  Big: {id: big_id, count: 100, attributes: {big_id: ulid, n: integer, a: binary 150 KB .. 300 KB, b: binary 90 KB .. 300 KB}}
access_patterns:
  add: {create: Big, rate: 1/s}
  a: {get: Big, by: big_id, returns: [a], rate: 10/s}
  b: {get: Big, by: big_id, returns: [b], rate: 10/s}
  count: {update: Big, by: big_id, add: {n: 1}, rate: 10/s}
)");
  CHECK(found.size() == 2);
}

TEST_CASE("a facet expires with its row") {
  const Planned made = planned(parsed(R"(entities:
  Draft: {id: draft_id, count: 50k, retention: 30 days after made_at, attributes: {draft_id: ulid, made_at: timestamp, views: integer, body: string 90 KB}}
access_patterns:
  write: {create: Draft, rate: 1/s}
  read: {get: Draft, by: draft_id, rate: 10/s}
  seen: {update: Draft, by: draft_id, add: {views: 1}, rate: 100/s}
)"));
  REQUIRE(facet_of(made) != nullptr);
  CHECK(facet_of(made)->attributes == std::vector<std::string>{"body", "expires_at"});
}

TEST_CASE("an earlier design decides whether there is a facet") {
  const model::Workload workload = parsed(press());
  design::EarlierDesign earlier;
  design::EarlierItem row;
  row.role = "row";
  earlier.entities["Article"].push_back(row);
  SUBCASE("rows that are there would have to be carried over") {
    CHECK(plan::facet_variants(workload, &earlier).empty());
  }
  SUBCASE("one that is there stays") {
    design::EarlierItem facet;
    facet.role = "facet";
    facet.attributes = {"body"};
    earlier.entities["Article"].push_back(facet);
    const auto variants = plan::facet_variants(workload, &earlier);
    REQUIRE(variants.size() == 1);
    CHECK(variants.front().is_held);
  }
  SUBCASE("it stays as it is where new rules would not make it") {
    design::EarlierItem facet;
    facet.role = "facet";
    facet.attributes = {"title", "body", "gone"};
    earlier.entities["Article"].push_back(facet);
    const model::Workload strict =
        parsed(press("", "{get: Article, by: article_id, consistency: strong, rate: 10/s}"));
    const auto variants = plan::facet_variants(strict, &earlier);
    REQUIRE(variants.size() == 1);
    CHECK(variants.front().is_held);
    CHECK(variants.front().apply(strict).entities[1].facet ==
          std::vector<std::string>{"title", "body"});
  }
  SUBCASE("a new entity is free") {
    earlier.entities.clear();
    REQUIRE(plan::facet_variants(workload, &earlier).size() == 1);
    CHECK_FALSE(plan::facet_variants(workload, &earlier).front().is_held);
  }
}

TEST_CASE("what a held facet cannot do is an error, not a silent move") {
  // The facet is there; the schema now asks for what it cannot.
  const auto messages = [](const std::string& pattern) {
    model::Workload workload =
        parsed(press("", "{get: Article, by: article_id, rate: 10/s}", pattern));
    workload.entities[1].facet = {"body"};
    support::Diagnostics diagnostics;
    (void)plan::plan(workload, pricing::PriceBook::built_in(), {}, diagnostics);
    std::string out;
    for (const support::Diagnostic& one : diagnostics.items()) {
      if (one.severity == support::Severity::error) out += one.code + " " + one.message + "\n";
    }
    return out;
  };
  CHECK(messages("") == "");
  CHECK(messages("  all: {export: Article, rate: 1/day}\n").find("DDB119") == 0);
  CHECK(messages("  edit: {update: Article, by: article_id, rate: 1/s}\n").find("DDB119") == 0);
  CHECK(messages("  keep: {upsert: Article, by: article_id, set: [title], rate: 1/s}\n")
            .find("DDB119") == 0);
  CHECK(messages("  long: {list: Article, by: author_id, where: body contains :word, limit: 5, "
                 "rate: 1/s}\n")
            .find("DDB119") == 0);
}

TEST_CASE("what a facet excludes is told as its alternative, not as a decision beside it") {
  const Planned made = planned(parsed(R"(entities:
  Photo: {id: photo_id, count: 50k, attributes: {photo_id: ulid, likes: integer, small: binary 3 KB, large: binary 90 KB}}
access_patterns:
  add: {create: Photo, rate: 1/s}
  show: {get: Photo, by: photo_id, rate: 10/s}
  thumbnail: {get: Photo, by: photo_id, returns: [small], rate: 50/s}
  like: {update: Photo, by: photo_id, add: {likes: 1}, rate: 10/s}
)"));
  REQUIRE(facet_of(made) != nullptr);
  std::size_t told = 0;
  for (const design::Decision& decision : made.design->decisions) {
    if (decision.subject != "entity:Photo" ||
        decision.chosen.find("every Photo in an item of its own") == std::string::npos)
      continue;
    ++told;
    // No facet, and the other two that there could be.
    CHECK(decision.alternatives.size() == 3);
    for (const auto& alternative : decision.alternatives) {
      REQUIRE(alternative.extra.has_value());
      CHECK(alternative.extra->micro_usd > 0);
    }
  }
  CHECK(told == 1);
  CHECK(std::none_of(made.design->decisions.begin(), made.design->decisions.end(),
                     [](const design::Decision& decision) {
                       return decision.chosen.find("in the item of its Photo") != std::string::npos;
                     }));
}
