// Rows in two items, through their whole life: planned and proven, and a broken plan is found out.
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
