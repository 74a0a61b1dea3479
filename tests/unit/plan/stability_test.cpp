// Goal: the result depends on what the schema says, not on how it is written. Method: the same schema renamed,
// reordered and repeated.

#include <doctest/doctest.h>

#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

namespace {

const std::string kUser =
    "User: {id: user_id, count: 1M, attributes: {user_id: ulid, mail: string 24 B}}";
const std::string kPost =
    "Post: {id: [user_id, post_id], belongs_to: {User: 10 .. 900}, "
    "attributes: {post_id: ulid of at, at: timestamp, topic: string 8 B, text: string 400 B}}";
const std::string kReads =
    "posts: {list: Post, by: user_id, order: at desc, limit: 5, rate: 90/s}\n"
    "topic: {list: Post, by: topic, order: at desc, limit: 5, rate: 40/s}";
const std::string kWrites = "add: {create: User, rate: 1/s}\npost: {create: Post, rate: 3/s}";

}  // namespace

TEST_CASE("the order of the YAML changes no key") {
  const Planned a = plan_text(kUser + "\n" + kPost, kReads + "\n" + kWrites);
  const Planned b = plan_text(kPost + "\n" + kUser, kWrites + "\n" + kReads);
  for (const char* entity : {"User", "Post"}) CHECK(a.key(entity) == b.key(entity));
  CHECK(a.key("Post", "GSI1") == b.key("Post", "GSI1"));
  CHECK(a.design->optimality.objective == b.design->optimality.objective);
}

TEST_CASE("another pattern never makes the design cheaper") {
  const Planned fewer = plan_text(kUser + "\n" + kPost, kWrites);
  const Planned more = plan_text(kUser + "\n" + kPost, kWrites + "\n" + kReads);
  CHECK(fewer.design->optimality.objective <= more.design->optimality.objective);
}

TEST_CASE("planning twice gives the same design") {
  const Planned a = plan_text(kUser + "\n" + kPost, kReads + "\n" + kWrites);
  const Planned b = plan_text(kUser + "\n" + kPost, kReads + "\n" + kWrites);
  REQUIRE(a.design->decisions.size() == b.design->decisions.size());
  for (std::size_t i = 0; i < a.design->decisions.size(); ++i) {
    CHECK(a.design->decisions[i].chosen == b.design->decisions[i].chosen);
    CHECK(a.design->decisions[i].reason == b.design->decisions[i].reason);
  }
}

TEST_CASE("the search proves its design where it is not cut short") {
  const Planned p = plan_text(kUser + "\n" + kPost, kReads + "\n" + kWrites);
  CHECK(p.design->optimality.proven);
  CHECK(p.design->optimality.gap == 0);
  CHECK(p.design->optimality.nodes > 0);
}

}  // namespace ddbplan::test
