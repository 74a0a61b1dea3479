// Units of reads, from the rules of the Developer Guide ("DynamoDB read and write operations") and
// the arithmetic of the scenarios.
#include <doctest/doctest.h>

#include <cmath>

#include "capacity/page_cost.h"
#include "capacity/traffic.h"
#include "tests/unit/capacity/sketch.h"

namespace ddbplan::test {
namespace {

using capacity::Options;
using model::ReadKind;
using model::ValueType;

model::Entity sized(const std::string& name, double count, double bytes) {
  model::Entity made = entity(name, {"id"}, count, {attribute("id", ValueType::ulid, 26)});
  made.size = model::Spread{bytes, bytes};
  return made;
}

/// A parent with children of this many bytes each, read by the parent.
Sketch family(double parents, double children, double children_max, double bytes) {
  Sketch sketch;
  sketch.add_row(sized("Parent", parents, 100), "P#{id}");
  model::Entity child =
      entity("Child", {"parent_id", "id"}, parents * children,
             {attribute("parent_id", ValueType::ulid, 26), attribute("id", ValueType::ulid, 26),
              attribute("at", ValueType::timestamp, 24),
              states("status", {{"OPEN", 0.1}, {"DONE", 0.9}})});
  child.size = model::Spread{bytes, bytes};
  child.relations = {relation({0}, {"parent_id"}, children, children_max)};
  sketch.add_row(child, "P#{parent_id}", "C#{id}");
  return sketch;
}

model::Read list_of(const Sketch& sketch) {
  model::Read read = read_of(ReadKind::list, sketch.id("Child"));
  model::AttributeRef by;
  by.name = "parent_id";
  read.by = {by};
  return read;
}

TEST_CASE("GetItem rounds the item up to 4 KB and halves it when eventual") {
  for (const auto& [bytes, eventual] :
       {std::pair{100.0, 0.5}, {4096.0, 0.5}, {4097.0, 1.0}, {20480.0, 2.5}}) {
    const auto& shown = bytes;  // clang 14 captures no structured binding
    CAPTURE(shown);
    Sketch sketch;
    sketch.add_row(sized("Thing", 1000, bytes), "T#{id}");
    design::Step step = get_step(0, "T#{id}");
    const model::Pattern get = read_pattern(read_of(ReadKind::get, {0}), 1);
    sketch.add_pattern("eventual", get, {step});
    step.consistent_read = true;
    sketch.add_pattern("strong", get, {step});
    step.operation = design::Operation::transact_get_items;
    sketch.add_pattern("transaction", get, {step});
    CHECK(sketch.read_units("eventual") == eventual);
    CHECK(sketch.read_units("strong") == 2 * eventual);
    CHECK(sketch.read_units("transaction") == 4 * eventual);
  }
}

TEST_CASE("BatchGetItem rounds every item by itself") {
  Sketch sketch;
  sketch.add_row(sized("Thing", 1e9, 1500), "T#{id}");
  design::Step step = get_step(0, "T#{id}");
  step.operation = design::Operation::batch_get_item;
  model::Read read = read_of(ReadKind::get, {0});
  read.batch = model::Spread{20, 100};
  sketch.add_pattern("batch", read_pattern(read, 1), {step});
  CHECK(sketch.read_units("batch") == doctest::Approx(10));
  CHECK(sketch.units("batch").steps[0].requests.mean == 1);
}

TEST_CASE("Query sums the items of a page and rounds once; each page by itself") {
  Sketch sketch = family(1000, 100, 100, 1500);
  sketch.add_pattern("all", read_pattern(list_of(sketch), 1), {query_step(1, "P#{parent_id}")});
  // 150,000 B are 36.6 blocks in one page; ten items of 1,500 B fill a page of 16 KB with 4 blocks.
  CHECK(sketch.read_units("all") == doctest::Approx(37 / 2.0));
  Options small;
  small.page_bytes = 16384;
  CHECK(sketch.read_units("all", "", small) == doctest::Approx(40 / 2.0));
  CHECK(sketch.units("all", small).steps[0].requests.mean == doctest::Approx(10));
  CHECK(sketch.units("all").steps[0].items == doctest::Approx(100));
  CHECK(sketch.units("all").steps[0].bytes == doctest::Approx(150000));

  design::Step limited = query_step(1, "P#{parent_id}");
  limited.limit = 20;
  sketch.add_pattern("newest", read_pattern(list_of(sketch), 1), {limited});
  // 30,000 B: 7.3 blocks.
  CHECK(sketch.read_units("newest") == doctest::Approx(8 / 2.0));
  limited.consistent_read = true;
  sketch.add_pattern("strong", read_pattern(list_of(sketch), 1), {limited});
  CHECK(sketch.read_units("strong") == doctest::Approx(8));

  design::Step count = query_step(1, "P#{parent_id}");
  count.count_only = true;
  sketch.add_pattern("count", read_pattern(list_of(sketch), 1), {count});
  CHECK(sketch.read_units("count") == doctest::Approx(37 / 2.0));
}

TEST_CASE("a list meets the parent of a random child") {
  Sketch sketch = family(1e6, 12, 5000, 100);
  sketch.add_pattern("all", read_pattern(list_of(sketch), 1), {query_step(1, "P#{parent_id}")});
  // Geometric with mean 12, seen by traffic: E[N^2] / E[N] = 2 x 12 + 1.
  CHECK(sketch.units("all").steps[0].items == doctest::Approx(25).epsilon(1e-3));
}

TEST_CASE("a cached top-N page of 10 KB, scenario 22") {
  Sketch sketch = family(100, 1000, 1000, 102.4);
  design::Step top = query_step(1, "P#{parent_id}");
  top.limit = 100;
  sketch.add_pattern("top", read_pattern(list_of(sketch), 500), {top});
  // 500/s x ceil(10,240 / 4,096) x 0.5 = 750.
  CHECK(sketch.read_units("top") == doctest::Approx(1.5));
  CHECK(capacity::usage(sketch.workload, sketch.design).loads[0].read.mean == doctest::Approx(750));
}

TEST_CASE("what a cache answers is no load, except for strong reads, scenario 20") {
  Sketch sketch;
  sketch.add_row(sized("Product", 1000, 4096), "T#{id}");
  model::Read read = read_of(ReadKind::get, {0});
  read.cache_hits = 0.95;
  sketch.add_pattern("page", read_pattern(read, 10000), {get_step(0, "T#{id}")});
  // 10,000/s x 0.5 x 5 % = 250.
  CHECK(capacity::usage(sketch.workload, sketch.design).loads[0].read.mean == doctest::Approx(250));
  CHECK(sketch.read_units("page") == 0.5);
  std::get<model::Read>(sketch.workload.patterns[0].action).strong = true;
  CHECK(capacity::usage(sketch.workload, sketch.design).loads[0].read.mean ==
        doctest::Approx(5000));
}

TEST_CASE("a sharded top-10 reads ten entries of each of 18 shards, scenario 27") {
  Sketch sketch = family(1, 1e6, 1e6, 100);
  sketch.design.items[1].base.shards.count = 18;
  design::Step top = query_step(1, "P#{parent_id}#{shard}");
  top.shards = sketch.design.items[1].base.shards;
  top.limit = 10;
  model::OrderBy order;
  order.attribute.name = "at";
  top.merge_order = {order};
  sketch.add_pattern("top", read_pattern(list_of(sketch), 1), {top});
  const capacity::StepUsage usage = sketch.units("top").steps[0];
  CHECK(usage.scanned_items == doctest::Approx(180));
  CHECK(usage.items == doctest::Approx(10));
  CHECK(usage.requests.mean == doctest::Approx(18));
  // 1,000 B a shard: one block each, rounded by itself.
  CHECK(sketch.read_units("top") == doctest::Approx(18 / 2.0));
}

TEST_CASE("alternatives are requests of their own") {
  Sketch sketch = family(1000, 100, 100, 1000);
  sketch.add_index("GSI1");
  sketch.add_entry(1, "GSI1", "P#{parent_id}#{status}", "{at}");
  design::Step step = query_step(1, "P#{parent_id}#{status}");
  step.index = "GSI1";
  step.alternatives = {{{"status", dynamo::AttributeValue::string("OPEN")}},
                       {{"status", dynamo::AttributeValue::string("DONE")}}};
  sketch.add_pattern("both", read_pattern(list_of(sketch), 1), {step});
  const capacity::StepUsage usage = sketch.units("both").steps[0];
  CHECK(usage.requests.mean == doctest::Approx(2).epsilon(0.01));
  // 10 % of the hundred are OPEN, 90 % DONE.
  CHECK(usage.items == doctest::Approx(100).epsilon(0.01));
}

TEST_CASE("filtered-out items are paid") {
  Sketch sketch = family(1000, 1000, 1000, 500);
  design::Step step = query_step(1, "P#{parent_id}");
  step.filter = equals("status", "OPEN");
  step.limit = 10;
  sketch.add_pattern("open", read_pattern(list_of(sketch), 1), {step});
  const capacity::StepUsage usage = sketch.units("open").steps[0];
  // Ten of which a tenth is OPEN: a hundred in the first request, and what it missed in later ones;
  // with plenty of rows the mean read is 10 / 10 % and the overshoot of the last request.
  CHECK(usage.scanned_items > 100);
  CHECK(usage.scanned_items < 125);
  CHECK(usage.requests.mean > 1.3);
  CHECK(usage.requests.mean < 2.5);
  // Without a limit all thousand are read: 500,000 B.
  step.limit.reset();
  sketch.add_pattern("all_open", read_pattern(list_of(sketch), 1), {step});
  CHECK(sketch.read_units("all_open") == doctest::Approx(std::ceil(500000 / 4096.0) / 2));
  CHECK(sketch.units("all_open").steps[0].items == doctest::Approx(100));
}

TEST_CASE("an LSI query pays for the items it fetches back") {
  // Captured from the service: three small items, index 0.5 and table 1.5; three items of 9 KB,
  // table 4.5 eventual, 9 strong.
  for (const double bytes : {300.0, 9 * 1024.0}) {
    CAPTURE(bytes);
    Sketch sketch = family(1000, 3, 3, bytes);
    sketch.add_index("LSI1", dynamo::ProjectionType::keys_only, {}, true);
    sketch.add_entry(1, "LSI1", "P#{parent_id}", "{at}");
    design::Step step = query_step(1, "P#{parent_id}");
    step.index = "LSI1";
    sketch.add_pattern("eventual", read_pattern(list_of(sketch), 1), {step});
    step.consistent_read = true;
    sketch.add_pattern("strong", read_pattern(list_of(sketch), 1), {step});
    const double each = bytes > 4096 ? 3 : 1;
    CHECK(sketch.read_units("eventual", "LSI1") == doctest::Approx(0.5));
    CHECK(sketch.read_units("eventual") == doctest::Approx(3 * each * 0.5));
    CHECK(sketch.read_units("strong") == doctest::Approx(3 * each));
    // Both parts use the table's capacity.
    sketch.workload.patterns.resize(1);
    sketch.design.plans.resize(1);
    CHECK(capacity::usage(sketch.workload, sketch.design).loads.size() == 1);
    CHECK(capacity::usage(sketch.workload, sketch.design).loads[0].read.mean ==
          doctest::Approx(0.5 + 3 * each * 0.5));
  }
}

TEST_CASE("follow-up gets: one for each item found, parents once each") {
  Sketch sketch = family(1000, 50, 50, 200);
  sketch.add_index("GSI1", dynamo::ProjectionType::keys_only);
  sketch.add_entry(1, "GSI1", "P#{parent_id}", "{at}");
  design::Step index = query_step(1, "P#{parent_id}");
  index.index = "GSI1";
  index.limit = 20;
  design::Step fetch;
  fetch.operation = design::Operation::batch_get_item;
  fetch.layouts = {1};
  fetch.after = {0};
  design::KeyExpr key;
  design::Field field;
  field.attribute = "PK";
  key.parts.emplace_back(design::FieldFrom{field, design::FromStep{0, "PK"}});
  fetch.partition = {key};
  sketch.add_pattern("list", read_pattern(list_of(sketch), 1), {index, fetch});
  // 20 rows of 200 B, each rounded to one block.
  CHECK(sketch.read_units("list") == doctest::Approx(20 * 0.5));

  // Parents of the children found: those of a list by parent all have the same one.
  fetch.layouts = {0};
  key.parts.clear();
  key.parts.emplace_back(design::FieldFrom{field, design::FromStep{0, "parent_id"}});
  fetch.partition = {key};
  sketch.add_pattern("parent", read_pattern(list_of(sketch), 1), {index, fetch});
  CHECK(sketch.units("parent").steps[1].items == doctest::Approx(1));

  // Of 20 children drawn from 1,000 parents nearly all differ: 1,000 x (1 - (1 - 1/1,000)^20) = 19.81.
  sketch.add_index("GSI2", dynamo::ProjectionType::keys_only);
  sketch.add_entry(1, "GSI2", "CHILDREN", "{at}");
  design::Step newest = query_step(1, "CHILDREN");
  newest.index = "GSI2";
  newest.limit = 20;
  sketch.add_pattern("parents", read_pattern(list_of(sketch), 1), {newest, fetch});
  CHECK(sketch.units("parents").steps[1].items ==
        doctest::Approx(1000 * (1 - std::pow(0.999, 20))).epsilon(1e-3));
}

TEST_CASE("of the rows that lead to the answer, that of the call's own row has more than others") {
  Sketch sketch = family(100, 10, 10'000, 4096);
  model::Attribute code = attribute("code", ValueType::string, 4);
  code.distinct = 50;
  sketch.workload.entities[0].attributes.push_back(code);
  sketch.add_index("GSI1");
  sketch.add_entry(0, "GSI1", "CODE#{code}", "{id}");
  design::Step leading = query_step(0, "CODE#{code}");
  leading.index = "GSI1";
  leading.leads_on = true;
  design::Step children = query_step(1, "");
  design::Field field;
  field.attribute = "parent_id";
  design::KeyExpr key;
  key.parts.emplace_back(design::Literal{"P#"});
  key.parts.emplace_back(design::FieldFrom{field, design::FromStep{0, "id"}});
  children.partition = {key};
  children.after = {0};
  sketch.add_pattern("by_code", read_pattern(list_of(sketch), 1), {leading, children});
  // Two parents of a code: the call's row has 2 x 10 + 1 = 21 siblings with itself, the other parent ten.
  CHECK(sketch.units("by_code").steps[1].items == doctest::Approx(21 + 10).epsilon(1e-3));
}

TEST_CASE("ranges keep what the laws say") {
  Sketch sketch = family(1000, 100, 100, 10);
  model::Retention retention;
  retention.after = support::Duration{100 * support::kSecondsPerDay};
  retention.base_attribute = "at";
  retention.attribute = "expires_at";
  sketch.workload.entities[1].retention = retention;
  sketch.design.items[1].base.sort = {key_template("C#{at}")};
  const auto between = [&](const design::Source& low, const design::Source& high) {
    design::Step step = query_step(1, "P#{parent_id}");
    design::SortCondition condition;
    condition.op = design::SortCondition::Op::between;
    condition.low = key_expr("C#{at}");
    std::get<design::FieldFrom>(condition.low.parts[1]).source = low;
    condition.high = condition.low;
    std::get<design::FieldFrom>(condition.high->parts[1]).source = high;
    step.sort_condition = condition;
    return step;
  };
  sketch.add_pattern("window", read_pattern(list_of(sketch), 1),
                     {between(design::FromParameter{"at_from"}, design::FromParameter{"at_to"})});
  CHECK(sketch.units("window").steps[0].items ==
        doctest::Approx(100 * capacity::kTwoBoundsShare).epsilon(1e-3));
  // The last 5 of the 100 days that rows are kept.
  sketch.add_pattern("recent", read_pattern(list_of(sketch), 1),
                     {between(design::FromNow{5 * support::kSecondsPerDay}, design::FromNow{0})});
  CHECK(sketch.units("recent").steps[0].items == doctest::Approx(5).epsilon(1e-3));
}

TEST_CASE("a scan of 500 GB, scenario 34") {
  Sketch sketch;
  // 500 x 1,024^3 / 4,096 items of one block each.
  sketch.add_row(sized("Row", 131072000, 4096), "T#{id}");
  design::Step scan;
  scan.operation = design::Operation::scan;
  scan.layouts = {0};
  sketch.add_pattern("scan", read_pattern(read_of(ReadKind::export_all, {0}), 1), {scan});
  CHECK(sketch.read_units("scan") == doctest::Approx(65536000));
  // 128 units for each page of 1 MB (Developer Guide, "Best practices for querying and scanning").
  CHECK(sketch.units("scan").steps[0].requests.mean == doctest::Approx(512000));
}

TEST_CASE("the parent and its newest children in one query") {
  Sketch sketch = family(1000, 50, 50, 1000);
  design::Step step = query_step(0, "P#{id}");
  step.layouts = {0, 1};
  design::SortCondition condition;
  condition.op = design::SortCondition::Op::between;
  condition.low = key_expr("C#");
  condition.high = key_expr("A");
  step.sort_condition = condition;
  step.limit = 11;
  sketch.add_pattern("page", read_pattern(read_of(ReadKind::get, {0}), 1), {step});
  const capacity::StepUsage usage = sketch.units("page").steps[0];
  CHECK(usage.items == doctest::Approx(11));
  // 100 B and 10 x 1,000 B: 2.5 blocks.
  CHECK(sketch.read_units("page") == doctest::Approx(3 / 2.0));
}

TEST_CASE("a named parent's reads meet its own rows and its own shards") {
  // 1,000 rows of 4,096 bytes at 5 parents: 600 are acme's, in 6 shards; the 4 others have 100 on average, the
  // truncated geometric law on 0 ... 200 with mean 100 being uniform. A call asks for 150 rows.
  Sketch sketch = family(5, 200, 200, 4096);
  sketch.workload.entities[1].relations.front().named_shares = {{"acme", 0.6}};
  design::Step step = query_step(1, "P#{parent_id}");
  step.limit = 150;
  step.shards.count = 1;
  step.shards.per_key_attribute = "parent_id";
  step.shards.per_key = {{"acme", 6}};
  model::Read read = list_of(sketch);
  read.limit = 150;
  sketch.add_pattern("list", read_pattern(read, 1), {step});
  // acme: 6 shards of about 100 rows, one block each: 600 / 2. The others are met in proportion to their rows:
  // E[min(k, 150)] = (1*1 + ... + 150*150 + 150 (151 + ... + 200)) / (1 + ... + 200).
  const double squares = 150.0 * 151 * 301 / 6;
  const double capped = 150.0 * (50 * 175.5);
  const double others = (squares + capped) / (200.0 * 201 / 2) / 2;
  CHECK(sketch.read_units("list") == doctest::Approx(0.6 * 300 + 0.4 * others).epsilon(1e-4));
}

TEST_CASE("a scan over kinds of different size fills its pages as they come") {
  // In pages of 16 KB, 500 items each of 290, 5,210 and 170 bytes in no order: simulated outside this program 200 times,
  // 735 blocks and 203 pages on average. In pages of 1 MB 2,835,000 bytes are 692 blocks and a half for each of 2.7 pages.
  const std::vector<capacity::ScannedKind> kinds{
      {500, {290, 0, 1}}, {500, {5210, 0, 2}}, {500, {170, 0, 1}}};
  const capacity::ScanCost small = capacity::scan_cost(kinds, 16 * 1024);
  CHECK(small.blocks == doctest::Approx(735).epsilon(0.02));
  CHECK(small.pages == doctest::Approx(203).epsilon(0.02));
  const capacity::ScanCost large = capacity::scan_cost(kinds, 1024 * 1024);
  CHECK(large.blocks == doctest::Approx(693.5).epsilon(0.001));
  CHECK(large.pages == 3);
}

/// 10,000 grants to 100 groups of ten organisations and to 900 accounts that all share: ten for each, on ten resources.
Sketch grants(bool have_roles) {
  Sketch sketch;
  model::Attribute org = attribute("org_id", ValueType::ulid, 26);
  org.origin = model::Origin::tenant;
  org.distinct = 10;
  model::Entity owner = entity("Org", {"org_id"}, 10, {org});
  owner.tenant = "org_id";
  sketch.add_row(owner, "O#{org_id}");
  const auto of_org = [&](const char* name, const char* id, double max) {
    model::Entity made = entity(name, {id}, 100, {attribute(id, ValueType::ulid, 26), org});
    made.tenant = "org_id";
    made.relations = {relation({0}, {"org_id"}, 10, max)};
    return made;
  };
  sketch.add_row(of_org("Group", "group_id", 0), "G#{group_id}");
  sketch.add_row(
      entity("Account", {"account_id"}, 900, {attribute("account_id", ValueType::ulid, 26)}),
      "A#{account_id}");
  sketch.add_row(of_org("Role", "role_id", 100), "R#{role_id}");
  model::Attribute resource = attribute("resource", ValueType::string, 24);
  resource.distinct = 10;
  model::Entity grant = entity("Grant", {"resource", "subject_id"}, 10'000,
                               {resource, attribute("subject_id", ValueType::ulid, 26),
                                attribute("role_id", ValueType::ulid, 26), org});
  grant.tenant = "org_id";
  grant.size = model::Spread{4096, 4096};
  grant.relations = {relation({1}, {"subject_id"}, 10)};
  grant.relations.front().parents.push_back(model::EntityId{2});
  if (have_roles) grant.relations.push_back(relation({3}, {"role_id"}, 100));
  sketch.add_row(grant, "GRANT#{org_id}#{resource}", "{subject_id}");
  sketch.add_pattern("grants_on", read_pattern(read_of(ReadKind::list, {4}), 1),
                     {query_step(4, "GRANT#{org_id}#{resource}")});
  return sketch;
}

TEST_CASE("rows of a tenant are counted whoever their parents are") {
  // Every organisation has ten groups and 100 grants by them, and 900 of those to accounts. The grant that is asked for is
  // on its resource, and of the 999 others a tenth: 100.9 blocks, halved.
  CHECK(grants(false).read_units("grants_on") == doctest::Approx(50.45));
  // Of the roles an organisation has a geometric number, ten on average, whose variance is 10 x 11. An account's grant
  // is where its role is: 900 on average with the variance 110 x 100^2 x 0.9^2 = 891,000, 1,000 with those to groups.
  // A grant is among (1,000^2 + 891,000) / 1,000 = 1,891 on average, and a tenth of those is on its resource.
  CHECK(grants(true).read_units("grants_on") == doctest::Approx(1891.0 / 10 / 2).epsilon(0.01));
}

}  // namespace
}  // namespace ddbplan::test
