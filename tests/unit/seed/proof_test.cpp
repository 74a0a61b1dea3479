// A proof is worth what it refuses: a right design passes, and each way of spoiling it is caught in
// the pattern that suffers.
#include "seed/proof.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "support/text.h"
#include "tests/unit/seed/mini_shop.h"

using namespace ddbplan;
using design::Design;
using model::Workload;

namespace {

seed::ProofReport prove(const Workload& workload, const Design& design) {
  const seed::Dataset data = seed::generate(workload, design);
  return seed::prove(workload, design, data, seed::write_seed(workload, design, data));
}

std::string failures(const Workload& workload, const seed::ProofReport& report) {
  std::string text;
  for (const seed::ProofFailure& failure : report.failures) {
    text += workload.pattern(failure.pattern).name + ": " + failure.what + " (" +
            failure.parameters + ")\n";
  }
  return text;
}

/// The patterns that fail when the design is spoiled like this.
std::vector<std::string> caught(const std::function<void(const Workload&, Design&)>& spoil) {
  const Workload workload = test::mini_shop();
  Design design = test::mini_shop_design(workload);
  spoil(workload, design);
  const seed::ProofReport report = prove(workload, design);
  std::vector<std::string> names;
  for (const seed::ProofFailure& failure : report.failures) {
    names.push_back(workload.pattern(failure.pattern).name);
  }
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool is_caught(const std::string& pattern,
               const std::function<void(const Workload&, Design&)>& spoil) {
  const std::vector<std::string> names = caught(spoil);
  INFO("caught: " << support::join(names, ", "));
  const bool found = std::find(names.begin(), names.end(), pattern) != names.end();
  CHECK(found);
  return found;
}

design::Step& step_of(const Workload& workload, Design& design, const char* pattern,
                      std::size_t position = 0) {
  return test::plan_of(design, workload, pattern).steps.at(position);
}

design::WriteAction& action_of(const Workload& workload, Design& design, const char* pattern,
                               std::size_t position = 0) {
  return step_of(workload, design, pattern).actions.at(position);
}

}  // namespace

TEST_CASE("a right design is proven, pattern by pattern") {
  const Workload workload = test::mini_shop();
  const Design design = test::mini_shop_design(workload);
  const seed::ProofReport report = prove(workload, design);
  INFO(failures(workload, report));
  CHECK(report.ok());
  CHECK(report.patterns == static_cast<int>(workload.patterns.size()));
  CHECK(report.requests > 300);
  CHECK(report.items > 800);
}

TEST_CASE("a wrong direction of the sort key is caught") {
  is_caught("recent_orders", [](const Workload& workload, Design& design) {
    step_of(workload, design, "recent_orders").scan_index_forward = true;
  });
}

TEST_CASE("shards merged in the wrong order are caught") {
  is_caught("open_orders", [](const Workload& workload, Design& design) {
    step_of(workload, design, "open_orders").merge_order.front().direction =
        model::Direction::descending;
  });
}

TEST_CASE("a key condition that lets another kind of item in is caught") {
  is_caught("order_count", [](const Workload& workload, Design& design) {
    step_of(workload, design, "order_count").sort_condition.reset();
    step_of(workload, design, "order_count").filter = nullptr;
  });
}

TEST_CASE("an upper bound that leaves out its own millisecond is caught") {
  is_caught("recent_orders", [](const Workload& workload, Design& design) {
    step_of(workload, design, "recent_orders").sort_condition->high->parts.pop_back();
  });
}

TEST_CASE("an attribute that the index does not carry is caught") {
  is_caught("open_orders", [](const Workload&, Design& design) {
    design.tables.front().indexes.front().projection = {
        dynamo::ProjectionType::include, {"status", "placed_at", "expires_at", "lines"}};
  });
}

TEST_CASE("an attribute that the item does not store is caught") {
  is_caught("order", [](const Workload&, Design& design) {
    std::vector<std::string>& stored = design.items[test::kOrderRow].attributes;
    stored.erase(std::find(stored.begin(), stored.end(), "total"));
  });
}

TEST_CASE("readers that ask too few shards are caught") {
  is_caught("open_orders", [](const Workload& workload, Design& design) {
    step_of(workload, design, "open_orders").shards.count = 2;
  });
}

TEST_CASE("a lost guard is caught") {
  is_caught("sign_up", [](const Workload& workload, Design& design) {
    step_of(workload, design, "sign_up").actions.pop_back();
  });
}

TEST_CASE("a guard that any writer may take over is caught") {
  is_caught("sign_up", [](const Workload& workload, Design& design) {
    action_of(workload, design, "sign_up", 1).condition = nullptr;
  });
}

TEST_CASE("a create that overwrites is caught") {
  is_caught("add_product", [](const Workload& workload, Design& design) {
    action_of(workload, design, "add_product").condition = nullptr;
  });
}

TEST_CASE("a counter that is not kept is caught") {
  is_caught("place_order", [](const Workload& workload, Design& design) {
    std::vector<design::WriteAction>& actions = step_of(workload, design, "place_order").actions;
    actions.erase(actions.begin() + 1);
  });
}

TEST_CASE("an index entry that stays when its row moves on is caught") {
  is_caught("pay_order", [](const Workload& workload, Design& design) {
    action_of(workload, design, "pay_order").maintains.clear();
  });
}

TEST_CASE("a move from any state is caught") {
  is_caught("pay_order", [](const Workload& workload, Design& design) {
    action_of(workload, design, "pay_order").condition = test::exists("PK");
  });
}

TEST_CASE("an update that makes rows out of nothing is caught") {
  is_caught("rename", [](const Workload& workload, Design& design) {
    action_of(workload, design, "rename").condition = nullptr;
  });
}

TEST_CASE("a condition swapped for its opposite is caught") {
  is_caught("place_order", [](const Workload& workload, Design& design) {
    action_of(workload, design, "place_order", 2).condition =
        test::compare("stock", model::CompareOp::lt, test::parameter("quantity"));
  });
}

TEST_CASE("a write of another value is caught") {
  is_caught("pay_order", [](const Workload& workload, Design& design) {
    design::WriteAction& pay = action_of(workload, design, "pay_order");
    pay.update.front() = design::SetValue{
        "status", std::make_shared<const model::Operand>(test::text_constant("SHIPPED"))};
  });
}

TEST_CASE("a filter that is left out lets expired rows through and is caught") {
  is_caught("order_count", [](const Workload& workload, Design& design) {
    step_of(workload, design, "order_count").filter = nullptr;
  });
}

TEST_CASE("a wrong limit is caught") {
  is_caught("open_orders", [](const Workload& workload, Design& design) {
    step_of(workload, design, "open_orders").limit = 19;
  });
  is_caught("customer_page", [](const Workload& workload, Design& design) {
    step_of(workload, design, "customer_page").limit = 10;
  });
}

TEST_CASE("a plan that claims keys and scans is caught") {
  is_caught("open_orders", [](const Workload& workload, Design& design) {
    design::Step& step = step_of(workload, design, "open_orders");
    step.operation = design::Operation::scan;
    step.index.reset();
    step.partition.clear();
    step.shards = {};
    step.filter = test::both(
        test::compare("status", model::CompareOp::eq, test::text_constant("OPEN")), step.filter);
  });
}

TEST_CASE("keys that collide are caught before anything runs") {
  const std::vector<std::string> names = caught([](const Workload&, Design& design) {
    // Every order of a customer takes the same key.
    design.items[test::kOrderRow].base.sort.front().parts = {design::Literal{"#ORDER#"}};
  });
  CHECK_FALSE(names.empty());
}
