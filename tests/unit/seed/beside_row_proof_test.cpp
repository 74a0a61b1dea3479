// Rows with items beside them, facets and read copies, through their whole life: planned and proven, and a broken plan is
// found out.
#include <algorithm>

#include <doctest/doctest.h>

#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

namespace {

/// Every kind of write and read of a row with a facet: a guard beside it, a version, an index, children, a state.
constexpr const char* kPress = R"(entities:
  Author: {id: author_id, count: 200, attributes: {author_id: ulid, name: string 20 B}}
  Article:
    id: article_id
    count: 2k
    belongs_to: {Author: 10}
    unique: slug
    attributes:
      article_id: ulid of made_at
      made_at: timestamp
      slug: string 12 B
      title: string 40 B
      version: {type: integer, lock: true}
      state: {states: {DRAFT: 30%, LIVE: 70%}}
      views: integer
      body: string 6 KB .. 12 KB
  Comment: {id: [article_id, comment_id], belongs_to: {Article: 4}, attributes: {comment_id: ulid, likes: integer, text: string 2 KB}}
access_patterns:
  join: {create: Author}
  write: {create: Article}
  comment: {create: Comment, rate: 2/s}
  read: {get: Article, by: article_id, rate: 10/s}
  by_slug: {get: Article, by: slug, rate: 5/s}
  page: {get: Article, by: article_id, with: {Comment: {order: comment_id desc, limit: 3}}, rate: 3/s}
  some: {get: Article, by: article_id, batch: 4 .. 10, rate: 1/s}
  titles: {list: Article, by: author_id, order: made_at desc, limit: 10, returns: [title, views], rate: 50/s}
  latest: {list: Article, by: author_id, order: made_at desc, limit: 4, rate: 1/s}
  seen: {update: Article, by: article_id, add: {views: 1}, rate: 200/s}
  liked: {update: Comment, by: [article_id, comment_id], add: {likes: 1}, rate: 200/s}
  edit: {update: Article, by: article_id, set: [title, body], rate: 1/s}
  publish: {update: Article, by: article_id, move: state DRAFT -> LIVE, rate: 1/s}
  rename: {update: Article, by: article_id, set: [slug], rate: 1/min}
  settle: {transaction: [{check: Author, by: author_id}, {update: Article, by: article_id, set: [body]}], rate: 1/min}
  remove: {delete: Article, by: article_id, rate: 1/min}
  drop: {delete: Comment, by: [article_id, comment_id], rate: 1/min}
)";

std::size_t facets_of(const design::Design& design) {
  return static_cast<std::size_t>(std::count_if(
      design.items.begin(), design.items.end(),
      [](const design::ItemLayout& item) { return item.role == design::ItemRole::facet; }));
}

}  // namespace

TEST_CASE("rows with facets answer every access pattern as one item would") {
  const Proven press = prove(kPress);
  CHECK(press.failures == "");
  CHECK(facets_of(press.design) >= 1);
}

TEST_CASE("under a tenant, in a collection of their parent, and with an expiry") {
  const Proven mail = prove(R"(settings: {tenant: tenant_id}
entities:
  Tenant: {id: tenant_id, count: 20, attributes: {tenant_id: string 8 B}}
  Box: {id: box_id, belongs_to: {Tenant: 10}, attributes: {box_id: ulid}}
  Mail:
    id: mail_id
    belongs_to: {Box: 20}
    retention: 90 days after sent_at
    attributes: {mail_id: ulid of sent_at, sent_at: timestamp, subject: string 60 B, unread: boolean, body: string 20 KB}
access_patterns:
  enrol: {create: Tenant}
  open: {create: Box}
  send: {create: Mail, rate: 1/s}
  list: {list: Mail, by: box_id, order: sent_at desc, limit: 25, returns: [mail_id, subject, unread], rate: 40/s}
  read: {get: Mail, by: [box_id, mail_id], rate: 10/s}
  mark: {update: Mail, by: [box_id, mail_id], set: {unread: false}, rate: 10/s}
  drop: {delete: Mail, by: [box_id, mail_id], rate: 1/s}
)");
  CHECK(mail.failures == "");
  CHECK(facets_of(mail.design) == 1);
  // A list of 25 does not read 25 bodies.
  CHECK(mail.plan("list").steps.size() == 1);
}

TEST_CASE("what a plan with facets can lack is found") {
  const auto step_of = [](const model::Workload& workload, design::Design& design,
                          const char* pattern) -> std::vector<design::Step>& {
    return design.plans[workload.find_pattern(pattern)->index].steps;
  };
  SUBCASE("the facet of a new row") {
    const Proven broken = prove(kPress, [&](const auto& workload, design::Design& design) {
      std::vector<design::WriteAction>& actions = step_of(workload, design, "write").back().actions;
      std::erase_if(actions, [&](const design::WriteAction& action) {
        return design.items[action.layout].role == design::ItemRole::facet;
      });
    });
    CHECK(broken.failures.find("write: ") != std::string::npos);
  }
  SUBCASE("the facet that a deleted row leaves behind") {
    const Proven broken = prove(kPress, [&](const auto& workload, design::Design& design) {
      std::vector<design::WriteAction>& actions =
          step_of(workload, design, "remove").back().actions;
      std::erase_if(actions, [&](const design::WriteAction& action) {
        return design.items[action.layout].role == design::ItemRole::facet;
      });
    });
    CHECK(broken.failures.find("remove: ") != std::string::npos);
  }
  SUBCASE("the second read") {
    const Proven broken = prove(kPress, [&](const auto& workload, design::Design& design) {
      step_of(workload, design, "read").pop_back();
    });
    CHECK(broken.failures.find("read: ") != std::string::npos);
  }
  SUBCASE("its facets are taken for rows") {
    const Proven broken = prove(kPress, [&](const auto& workload, design::Design& design) {
      step_of(workload, design, "latest").back().completes.reset();
    });
    CHECK(broken.failures.find("latest: ") != std::string::npos);
  }
}

TEST_CASE("read copies are all alike after every write, and any of them answers") {
  constexpr const char* kShop = R"(entities:
  Product: {id: sku, count: 600, unique: name, attributes: {sku: string 12 B, name: string 40 B, price: number, stock: integer}}
  Line: {id: [cart_id, sku], belongs_to: {Product: 30}, count: 5k, attributes: {cart_id: ulid, sku: string 12 B, count: integer}}
access_patterns:
  add: {create: Product, rate: 1/min}
  line: {create: Line, rate: 1/s}
  product: {get: Product, by: sku, rate: 20k/s, peak: 40k/s, hottest: 16k/s}
  some: {get: Product, by: sku, batch: 5 .. 20, rate: 1/s}
  named: {get: Product, by: name, rate: 1/s}
  cart: {list: Line, by: cart_id, with: {sku: [name, price]}, rate: 1/s}
  reprice: {update: Product, by: sku, set: [price], rate: 1/s}
  sell: {update: Product, by: sku, add: {stock: -:n}, if: stock >= :n, rate: 1/s}
  rename: {update: Product, by: sku, set: [name], rate: 1/min}
  drop: {delete: Product, by: sku, rate: 1/min}
)";
  const auto copies = [](const design::Design& design) {
    return std::count_if(
        design.items.begin(), design.items.end(),
        [](const design::ItemLayout& item) { return item.role == design::ItemRole::copy; });
  };
  const Proven shop = prove(kShop);
  CHECK(shop.failures == "");
  CHECK(copies(shop.design) == 3);
  SUBCASE("one that an update forgets is found") {
    const Proven broken = prove(kShop, [](const auto& workload, design::Design& design) {
      design.plans[workload.find_pattern("reprice")->index].steps.back().actions.pop_back();
    });
    CHECK(broken.failures.find("reprice: ") != std::string::npos);
  }
  SUBCASE("one that is asked for and not there is found") {
    const Proven broken = prove(kShop, [](const auto& workload, design::Design& design) {
      design.plans[workload.find_pattern("product")->index].steps.front().copies = 5;
    });
    CHECK(broken.failures.find("product: ") != std::string::npos);
  }
}

TEST_CASE("an entity that is called like a facet's type is told apart from it") {
  const Proven press = prove(R"(entities:
  Article: {id: article_id, count: 500, attributes: {article_id: ulid, title: string 60 B, views: integer, body: string 5 KB}}
  ArticleFacet: {id: article_id, count: 500, attributes: {article_id: ulid, note: string 40 B}}
access_patterns:
  write: {create: Article, rate: 1/s}
  add: {create: ArticleFacet}
  read: {get: Article, by: article_id, rate: 10/s}
  seen: {update: Article, by: article_id, add: {views: 1}, rate: 100/s}
  all: {export: ArticleFacet, rate: 1/day}
)");
  CHECK(press.failures == "");
  CHECK(facets_of(press.design) == 1);
}

TEST_CASE("a row with a facet, and copies of the rest of it") {
  const Proven press = prove(R"(entities:
  Article: {id: article_id, count: 500, attributes: {article_id: ulid, title: string 60 B, views: integer, body: string 10 KB}}
access_patterns:
  write: {create: Article, rate: 1/s}
  read: {get: Article, by: article_id, rate: 10/s}
  some: {get: Article, by: article_id, batch: 3 .. 9, rate: 1/s}
  seen: {update: Article, by: article_id, add: {views: 1}, rate: 20/s}
  edit: {update: Article, by: article_id, set: [title, body], rate: 1/min}
  drop: {delete: Article, by: article_id, rate: 1/min}
  pre: {get: Article, by: article_id, returns: [title], rate: 9000/s, peak: 12k/s, hottest: 7k/s}
)");
  CHECK(press.failures == "");
  CHECK(facets_of(press.design) == 1);
}
