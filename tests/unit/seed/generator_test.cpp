#include "seed/generator.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "capacity/distribution.h"
#include "model/timestamp.h"
#include "schema/parse.h"
#include "seed/seed_file.h"
#include "seed/upkeep.h"
#include "support/text.h"
#include "tests/unit/seed/mini_shop.h"

using namespace ddbplan;
using dynamo::AttributeValue;
using dynamo::Item;
using model::Relation;
using model::Workload;

namespace {

Workload parse(const std::string& text) {
  const support::SourceText source("test.yaml", text);
  support::Diagnostics diagnostics;
  const std::optional<Workload> workload = schema::parse(source, diagnostics);
  INFO(support::render(diagnostics, source));
  REQUIRE(workload);
  return *workload;
}

const std::vector<Item>& rows(const Workload& workload, const seed::Dataset& data,
                              const char* entity) {
  return data.rows[workload.find_entity(entity)->index];
}

constexpr const char* kBlog = R"(
ddbplan: 1
service: blog
entities:
  User: {id: user_id, count: 100k, unique: [{of: handle, ignore_case: true}], attributes: {user_id: ulid, handle: string 8 B}}
  Post:
    id: [user_id, post_id]
    belongs_to: {User: {children: 20 .. 4000, skew: {famous: 10%}}}
    attributes:
      post_id: ulid of posted_at
      posted_at: timestamp
      state: {states: {DRAFT: 5%, LIVE: 95%}, moves: [DRAFT -> LIVE]}
      media: string 60 B present 40%
      body: string 300 B .. 4 KB
      tags: set of string
      blocks: list 12 .. 50 x 40 B
      info: map 120 B
      likes: integer
  Follow: {id: [user_id, target_id], belongs_to: {User: 4 .. 400, User as target_id: 4 .. 400}, attributes: {since: epoch_s}}
access_patterns:
  write: {create: Post}
  posts: {list: Post, by: user_id, order: posted_at desc, limit: 10}
)";

}  // namespace

TEST_CASE("the same workload gives the same rows") {
  const Workload workload = test::mini_shop();
  const seed::Dataset a = seed::generate(workload);
  const seed::Dataset b = seed::generate(workload);
  CHECK(a.rows == b.rows);
}

TEST_CASE("an entity's rows do not change when another entity comes along") {
  const Workload before = parse(kBlog);
  std::string text = kBlog;
  const std::string more = "  Badge: {id: badge_id, count: 50, attributes: {badge_id: ulid}}\n";
  text.insert(text.find("access_patterns"), more);
  const Workload after = parse(text);
  CHECK(rows(before, seed::generate(before), "Post") == rows(after, seed::generate(after), "Post"));
}

TEST_CASE("counts are small and keep their proportions where they fit") {
  const Workload workload = parse(kBlog);
  const seed::Dataset data = seed::generate(workload);
  const std::size_t users = rows(workload, data, "User").size();
  const std::size_t posts = rows(workload, data, "Post").size();
  CHECK(posts <= 2100);
  CHECK(posts >= 1500);
  CHECK(static_cast<double>(posts) / static_cast<double>(users) ==
        doctest::Approx(20).epsilon(0.1));
  CHECK(data.scaled.entities[1].count == static_cast<double>(posts));
  CHECK(data.scaled.entities[1].relations[0].children.mean ==
        doctest::Approx(static_cast<double>(posts) / static_cast<double>(users)));
}

TEST_CASE("values are as declared: frequencies, presence, sizes, uniqueness") {
  const Workload workload = parse(kBlog);
  const seed::Dataset data = seed::generate(workload);
  const std::vector<Item>& posts = rows(workload, data, "Post");
  const auto n = static_cast<double>(posts.size());
  double drafts = 0;
  double with_media = 0;
  double body_bytes = 0;
  double blocks_all = 0;
  std::int64_t longest = 0;
  for (const Item& post : posts) {
    drafts += post.at("state") == AttributeValue::string("DRAFT") ? 1 : 0;
    with_media += post.contains("media") ? 1 : 0;
    const std::int64_t bytes = dynamo::value_bytes(post.at("body")).count;
    body_bytes += static_cast<double>(bytes);
    longest = std::max(longest, bytes);
    CHECK(support::is_valid_utf8(*post.at("body").as_string()));
    CHECK(dynamo::value_bytes(post.at("info")).count == 120);
    const auto* blocks = std::get_if<dynamo::List>(&post.at("blocks").data);
    REQUIRE(blocks != nullptr);
    blocks_all += static_cast<double>(blocks->size());
    CHECK(blocks->size() <= 50);
    CHECK(dynamo::value_bytes(post.at("blocks")).count <= 3 + 50 * 41);
    CHECK(std::holds_alternative<dynamo::StringSet>(post.at("tags").data));
  }
  CHECK(drafts / n == doctest::Approx(0.05).epsilon(0.02));
  CHECK(with_media / n == doctest::Approx(0.4).epsilon(0.02));
  CHECK(body_bytes / n == doctest::Approx(300).epsilon(0.03));
  CHECK(blocks_all / n == doctest::Approx(12).epsilon(0.05));
  CHECK(longest > 3900);
  CHECK(longest <= 4096);

  std::set<std::string> handles;
  for (const Item& user : rows(workload, data, "User")) {
    CHECK(handles.insert(support::to_lower_ascii(*user.at("handle").as_string())).second);
  }
}

TEST_CASE("identifiers sort as their times do") {
  const Workload workload = parse(kBlog);
  const seed::Dataset data = seed::generate(workload);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Item& post : rows(workload, data, "Post")) {
    pairs.emplace_back(*post.at("post_id").as_string(), *post.at("posted_at").as_string());
  }
  std::sort(pairs.begin(), pairs.end());
  CHECK(std::is_sorted(pairs.begin(), pairs.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; }));
}

TEST_CASE("children have parents, named ones their share, and pairs differ") {
  const Workload workload = parse(kBlog);
  const seed::Dataset data = seed::generate(workload);
  std::set<std::string> users;
  for (const Item& user : rows(workload, data, "User"))
    users.insert(*user.at("user_id").as_string());
  for (const Item& post : rows(workload, data, "Post")) {
    CHECK(users.contains(*post.at("user_id").as_string()));
  }
  std::set<std::pair<std::string, std::string>> follows;
  for (const Item& follow : rows(workload, data, "Follow")) {
    CHECK(users.contains(*follow.at("target_id").as_string()));
    CHECK(follows.emplace(*follow.at("user_id").as_string(), *follow.at("target_id").as_string())
              .second);
  }
  CHECK(follows.size() > 100);
}

TEST_CASE("a row expires when its time and the retention say so, and a few have") {
  const Workload workload = test::mini_shop();
  const seed::Dataset data = seed::generate(workload);
  int expired = 0;
  for (const Item& order : rows(workload, data, "Order")) {
    const std::int64_t placed = *model::instant_of(order.at("placed_at"));
    const std::int64_t expires = *order.at("expires_at").as_number()->to_int64();
    CHECK(expires == (placed + 365LL * 86'400'000) / 1000);
    if (expires * 1000 <= data.now_ms) ++expired;
  }
  CHECK(expired > 0);
  CHECK(expired < 20);
}

TEST_CASE("counters count what is there") {
  const Workload workload = test::mini_shop();
  const seed::Dataset data = seed::generate(workload);
  std::map<std::string, std::int64_t> orders;
  for (const Item& order : rows(workload, data, "Order"))
    ++orders[*order.at("customer_id").as_string()];
  for (const Item& customer : rows(workload, data, "Customer")) {
    CHECK(customer.at("order_count") ==
          AttributeValue::number(orders[*customer.at("customer_id").as_string()]));
  }
}

TEST_CASE("some texts hold what breaks careless keys") {
  const Workload workload = parse(kBlog);
  const seed::Dataset data = seed::generate(workload);
  for (const char* hostile : {"#", "$", " ", "\"", "\\", "\xC3\xA9"}) {
    const std::vector<Item>& posts = rows(workload, data, "Post");
    const bool found = std::any_of(posts.begin(), posts.end(), [&](const Item& post) {
      return post.at("body").as_string()->find(hostile) != std::string::npos;
    });
    INFO(hostile);
    CHECK(found);
  }
}

TEST_CASE("a declared size is the stored item's, to the byte") {
  Workload workload = test::mini_shop();
  model::Entity& order = workload.entities[workload.find_entity("Order")->index];
  order.size = model::Spread{3000, 3000};
  model::Attribute filler;
  filler.name = "data";
  filler.origin = model::Origin::implied;
  filler.type = model::ValueType::string;
  filler.bytes = {500, 500};
  order.attributes.push_back(filler);
  design::Design design = test::mini_shop_design(workload);
  const seed::Dataset data = seed::generate(workload, design);
  const design::ItemLayout& layout = design.items[test::kOrderRow];
  for (const Item& row : rows(workload, data, "Order")) {
    const auto item = design::materialise(layout, design.tables.front(), "type", row);
    REQUIRE(item);
    CHECK(dynamo::item_bytes(*item).count == 3000);
  }
}

TEST_CASE("seed files hold every item and are read back as they were") {
  const Workload workload = test::mini_shop();
  const design::Design design = test::mini_shop_design(workload);
  const seed::Dataset data = seed::generate(workload, design);
  const std::vector<seed::SeedFile> files = seed::write_seed(workload, design, data);
  REQUIRE(files.size() == 1);
  CHECK(files.front().text.rfind("{\"Item\":{\"PK\":{\"S\":", 0) == 0);
  const auto items = seed::read_seed(files.front());
  REQUIRE(items);
  std::size_t position = 0;
  for (const design::ItemLayout& layout : design.items) {
    for (const Item& row : data.rows[layout.entity.index]) {
      const auto item = design::materialise(layout, design.tables.front(), "type", row);
      if (!item) continue;
      REQUIRE(position < items->size());
      REQUIRE((*items)[position++] == *item);
    }
  }
  CHECK(position == items->size());
  CHECK(position == files.front().items);
}

TEST_CASE("a broken seed file names its line") {
  seed::SeedFile file;
  file.table = "t";
  file.text = "{\"Item\":{\"a\":{\"S\":\"x\"}}}\n{\"Item\":}\n";
  const auto items = seed::read_seed(file);
  REQUIRE_FALSE(items);
  CHECK(items.error().rfind("t, line 2, byte 8", 0) == 0);
}

// Long files are read in blocks side by side: see read_seed.
TEST_CASE("a long seed file is read in order, and names its broken line wherever that is") {
  constexpr int kLines = 20'000;
  seed::SeedFile file;
  file.table = "t";
  for (int i = 0; i < kLines; ++i) {
    file.text +=
        R"({"Item":{"a":{"N":")" + std::to_string(i) + R"("},"b":{"S":"some more text"}}})";
    file.text += '\n';
  }
  file.items = kLines;
  const auto items = seed::read_seed(file);
  REQUIRE(items);
  REQUIRE(items->size() == kLines);
  for (int i = 0; i < kLines; ++i)
    REQUIRE((*items)[static_cast<std::size_t>(i)].at("a") == AttributeValue::number(i));
  // A line in each tenth of the file; of two broken ones the first is named.
  std::size_t newline = 0;
  for (int line = 1; line <= kLines; ++line) {
    const std::size_t begin = newline;
    newline = file.text.find('\n', begin) + 1;
    if (line % (kLines / 10) != 0) continue;
    seed::SeedFile broken = file;
    broken.text[begin] = '[';
    broken.text[broken.text.size() - 2] = ']';
    const auto refused = seed::read_seed(broken);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().rfind("t, line " + std::to_string(line) + ", byte 0", 0) == 0);
  }
}

TEST_CASE("tenants' own rows are as many as declared, each with its own name") {
  const Workload workload = parse(R"(ddbplan: 1
service: desk
settings: {tenant: tenant_id}
entities:
  Tenant: {id: tenant_id, count: 150, attributes: {tenant_id: string 8 B}}
  Case: {id: case_id, belongs_to: {Tenant: 10 .. 100}, attributes: {case_id: ulid}}
access_patterns:
  add: {create: Tenant}
  open: {create: Case}
  cases: {list: Case, limit: 10}
)");
  const seed::Dataset data = seed::generate(workload);
  std::set<std::string> tenants;
  for (const Item& row : rows(workload, data, "Tenant"))
    tenants.insert(*row.at("tenant_id").as_string());
  CHECK(tenants.size() == 150);
  std::set<std::string> used;
  for (const Item& row : rows(workload, data, "Case"))
    used.insert(*row.at("tenant_id").as_string());
  // A geometric number of cases, ten on average: few tenants have none.
  CHECK(used.size() > 100);
}

TEST_CASE("identities with a day differ, and rows beyond the days there are go") {
  const Workload workload = parse(R"(ddbplan: 1
service: hotels
entities:
  Night: {id: [hotel_id, night], count: 5000, attributes: {hotel_id: {type: string 6 B, distinct: 3}, night: date, rooms: integer}}
access_patterns:
  add: {create: Night}
  night: {get: Night, by: [hotel_id, night]}
)");
  const seed::Dataset data = seed::generate(workload);
  std::set<std::string> seen;
  for (const Item& row : rows(workload, data, "Night")) {
    const std::string identity = *row.at("hotel_id").as_string() + *row.at("night").as_string();
    CHECK_MESSAGE(seen.insert(identity).second, identity);
  }
  CHECK(seen.size() > 1000);
}

TEST_CASE(
    "children of a parent that all tenants share are beside those of a tenant's own, in any "
    "order") {
  for (const char* const parents : {"Group | Account as subject_id: 3 .. 300, Role: 500 .. 20k",
                                    "Role: 500 .. 20k, Group | Account as subject_id: 3 .. 300"}) {
    CAPTURE(parents);
    const Workload workload = parse(std::string(R"(ddbplan: 1
service: perms
settings: {tenant: org_id}
entities:
  Org: {id: org_id, count: 10k, attributes: {org_id: string 10 B}}
  Account: {id: account_id, shared: true, count: 100k, attributes: {account_id: ulid}}
  Group: {id: group_id, belongs_to: {Org: 10 .. 500}, attributes: {group_id: ulid}}
  Role: {id: role_name, belongs_to: {Org: 6 .. 60}, attributes: {role_name: string 12 B}}
  Grant:
    id: [resource, subject_id]
    belongs_to: {)") + parents + R"(}
    attributes: {resource: string 24 B}
access_patterns:
  grant: {create: Grant}
  grants_to: {list: Grant, by: subject_id}
)");
    const seed::Dataset data = seed::generate(workload);
    std::set<std::pair<std::string, std::string>> roles;
    for (const Item& role : rows(workload, data, "Role"))
      roles.emplace(*role.at("org_id").as_string(), *role.at("role_name").as_string());
    std::map<std::string, std::string> groups;
    for (const Item& group : rows(workload, data, "Group"))
      groups[*group.at("group_id").as_string()] = *group.at("org_id").as_string();
    double of_groups = 0;
    double of_accounts = 0;
    for (const Item& grant : rows(workload, data, "Grant")) {
      const std::string& org = *grant.at("org_id").as_string();
      CHECK(roles.contains({org, *grant.at("role_name").as_string()}));
      const auto group = groups.find(*grant.at("subject_id").as_string());
      ++(group == groups.end() ? of_accounts : of_groups);
      if (group != groups.end()) CHECK(group->second == org);
    }
    // Each subject has three on average, whatever its kind. Where roles bring the tenant, how many of its groups there
    // are for them differs from one to the next.
    const auto per = [&](double children, const char* parent) {
      return children / static_cast<double>(rows(workload, data, parent).size());
    };
    if (parents[0] == 'G')
      CHECK(per(of_groups, "Group") == doctest::Approx(per(of_accounts, "Account")).epsilon(0.2));
  }
}

TEST_CASE(
    "busy parents have as many children as the law says, where no two rows are of the same pair") {
  const Workload workload = parse(R"(
ddbplan: 1
service: podcasts
entities:
  Show: {id: show_id, count: 90k, attributes: {show_id: ulid}}
  Listener: {id: listener_id, count: 3M, attributes: {listener_id: uuid}}
  Subscription: {id: [listener_id, show_id], belongs_to: {Listener: 9 .. 500, Show: {children: 300 .. 2M, skew: zipf 1.1}}}
access_patterns:
  subscribe: {create: Subscription}
  audience: {list: Subscription, by: show_id, limit: 500}
)");
  const seed::Dataset data = seed::generate(workload);
  std::map<std::string, double> of_show;
  std::set<std::string> listeners;
  double subscriptions = 0;
  for (const Item& row : rows(workload, data, "Subscription")) {
    ++of_show[*row.at("show_id").as_string()];
    listeners.insert(*row.at("listener_id").as_string());
    ++subscriptions;
  }
  double most = 0;
  double met = 0;
  for (const auto& [show, children] : of_show) {
    most = std::max(most, children);
    met += children * children / subscriptions;
  }
  // By zipf 1.1 alone the first of 2,000 shows had 17 % of 2,000 rows, 338; there are 200 listeners to have it. So it
  // has (1 + 200) / 2, half way from the mean of 1 to all of them, and the ranks after it are of the law with that
  // maximum.
  CHECK(listeners.size() == 200);
  CHECK(most == doctest::Approx(100).epsilon(0.02));
  const Relation& scaled =
      data.scaled.entities[workload.find_entity("Subscription")->index].relations[1];
  CHECK(scaled.children.max == most);
  const auto law = capacity::CountDistribution::children(
      scaled, static_cast<double>(rows(workload, data, "Show").size()));
  CHECK(met == doctest::Approx(law.by_traffic().mean()).epsilon(0.02));
}
