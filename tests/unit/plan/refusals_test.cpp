// Goal: what cannot be planned is said, with the pattern's name; nothing is silently ignored.

#include <doctest/doctest.h>

#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

using Codes = std::vector<std::string>;

std::string help_of(const Planned& planned, const std::string& code) {
  for (const support::Diagnostic& one : planned.diagnostics.items()) {
    if (one.code == code) return one.help;
  }
  return {};
}

TEST_CASE("a strong read that only a global index could serve is refused") {
  const Planned p =
      plan_text("User: {id: user_id, attributes: {user_id: ulid, city: string 12 B}}",
                "add: {create: User}\nmove: {update: User, by: user_id, set: [city]}\n"
                "locals: {list: User, by: city, limit: 9, consistency: strong}");
  CHECK(p.errors() == Codes{"DDB110"});
  CHECK(p.messages().find("locals") != std::string::npos);
}

TEST_CASE("a pattern that is not planned yet says what it is") {
  const Planned p = plan_text(
      "User: {id: user_id, attributes: {user_id: ulid}}\n"
      "Post: {id: post_id, belongs_to: {User: 9 .. 90}, attributes: {post_id: ulid, tag: string 5 "
      "B}}",
      "add: {create: Post}\nposts: {list: Post, by: user_id, limit: 1 per tag}");
  CHECK(p.errors() == Codes{"DDB119"});
  CHECK(p.messages() ==
        "DDB119 not planned yet: a limit per tag, which no key knows and no order tells (access "
        "pattern posts)\n");
}

TEST_CASE("an equality that no relation leads to says why, and what to write instead") {
  const Planned tenant = plan_text(
      "Org: {id: org_id, count: 1000, attributes: {org_id: string 10 B, name: string 20 B}}\n"
      "Account: {id: account_id, shared: true, attributes: {account_id: ulid}}\n"
      "Seat: {id: account_id, belongs_to: {Org: 15, Account: 1.5}, attributes: {at: timestamp}}",
      "add: {create: Seat}\n"
      "orgs_of: {list: Org, by: Seat.account_id, across_tenants: true}",
      "{tenant: org_id}");
  CHECK(tenant.errors() == Codes{"DDB119"});
  CHECK(tenant.messages().find("which only the tenant joins to Org") != std::string::npos);
  CHECK(help_of(tenant, "DDB119") ==
        "Ask for Seat `by: account_id` instead, `with: [org_id]` to have each one's Org.");
  const Planned kinds = plan_text(
      "Album: {id: album_id, attributes: {album_id: ulid}}\n"
      "Photo: {id: photo_id, attributes: {photo_id: ulid}}\n"
      "Note: {id: note_id, belongs_to: {Photo | Album as about_id: 5}, attributes: {note_id: "
      "ulid}}",
      "note: {create: Note}\nnotes: {list: Note, by: about_id}\n"
      "drop: {delete: [Note, Album], by: album_id}");
  CHECK(kinds.errors() == Codes{"DDB119"});
  CHECK(help_of(kinds, "DDB119") ==
        "Ask for Note `by: about_id` in an access pattern of its own: there about_id is the "
        "Album's.");
}

TEST_CASE("more indexes than a table may have is an error that counts them") {
  std::string attributes = "{thing_id: ulid, pad: string 2 KB";
  std::string patterns =
      "add: {create: Thing}\nthing: {get: Thing, by: thing_id, consistency: strong}";
  for (int i = 0; i < 21; ++i) {
    const std::string name = "a" + std::to_string(i);
    attributes += ", " + name + ": string 8 B";
    patterns +=
        "\np" + std::to_string(i) + ": {list: Thing, by: " + name + ", limit: 9, rate: 9/s}";
  }
  const Planned p =
      plan_text("Thing: {id: thing_id, count: 1M, attributes: " + attributes + "}}", patterns);
  CHECK(p.errors() == Codes{"DDB202"});
  CHECK(p.messages().find("21 global secondary indexes, and there may be 20") != std::string::npos);
}

}  // namespace ddbplan::test
