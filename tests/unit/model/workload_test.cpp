#include "model/workload.h"

#include <doctest/doctest.h>

#include <cmath>

namespace ddbplan::model {
namespace {

Workload users_and_orders() {
  Workload workload;
  Entity user;
  user.name = "User";
  user.id = {"user_id"};
  user.count = 1000;
  user.growth_per_month = 0.1;
  Entity order;
  order.name = "Order";
  order.id = {"order_id"};
  order.count = 5000;
  Relation relation;
  relation.parents = {EntityId{0}};
  relation.children = {5, 50};
  order.relations.push_back(relation);
  Attribute status;
  status.name = "status";
  status.values = {{"OPEN", 0.1, 0}, {"PAID", 0.3, 1}, {"DONE", 0.6, 2}};
  order.attributes.push_back(status);
  Attribute area;
  area.name = "area";
  area.distinct = 40;
  area.present = 0.5;
  order.attributes.push_back(area);
  Attribute note;
  note.name = "note";
  note.present = 0.25;
  order.attributes.push_back(note);
  workload.entities = {user, order};
  return workload;
}

Pattern create_orders(double per_second) {
  Pattern pattern;
  pattern.name = "place";
  Write write;
  write.kind = WriteKind::create;
  write.entities = {EntityId{1}};
  pattern.action = write;
  pattern.load.mean = {per_second};
  return pattern;
}

template <class T>
ExpressionPtr make(T node) {
  auto expression = std::make_shared<Expression>();
  expression->node = std::move(node);
  return expression;
}
OperandPtr text(std::string value) {
  auto operand = std::make_shared<Operand>();
  operand->node = Constant{dynamo::AttributeValue::string(std::move(value))};
  return operand;
}
OperandPtr parameter() {
  auto operand = std::make_shared<Operand>();
  operand->node = ParameterRef{"x"};
  return operand;
}
AttributeRef reference(std::string name) {
  AttributeRef result;
  result.name = std::move(name);
  return result;
}
ExpressionPtr compare(std::string name, CompareOp op, OperandPtr right) {
  auto left = std::make_shared<Operand>();
  left->node = reference(std::move(name));
  return make(Compare{op, left, std::move(right)});
}

TEST_CASE("finding by name") {
  const Workload workload = users_and_orders();
  CHECK(workload.find_entity("Order") == EntityId{1});
  CHECK_FALSE(workload.find_entity("order").has_value());
  CHECK(workload.entities[1].find("status") != nullptr);
  CHECK(workload.entities[1].find("state") == nullptr);
  CHECK(workload.entities[1].is_identity("order_id"));
  CHECK_FALSE(workload.entities[1].is_identity("status"));
}

TEST_CASE("rows grow by themselves and with their parents") {
  const Workload workload = users_and_orders();
  CHECK(rows_after(workload, EntityId{0}, 0) == 1000);
  CHECK(rows_after(workload, EntityId{0}, 12) == doctest::Approx(1000 * std::pow(1.1, 12)));
  CHECK(rows_after(workload, EntityId{1}, 12) == doctest::Approx(5000 * std::pow(1.1, 12)));
}

TEST_CASE("retention ends growth where creates are known not to grow") {
  Workload workload = users_and_orders();
  Retention retention;
  retention.after = support::Duration{1'000'000};
  workload.entities[1].retention = retention;
  // 5,500 rows fit in at that rate.
  workload.patterns = {create_orders(0.0055)};
  CHECK(rows_after(workload, EntityId{1}, 12) == doctest::Approx(5500));
  // Fewer creates than there are rows now do not take rows away.
  workload.patterns = {create_orders(0.001)};
  CHECK(rows_after(workload, EntityId{1}, 12) == doctest::Approx(5000));
  // A default says nothing.
  workload.patterns = {create_orders(0.0055)};
  workload.patterns[0].load.mean_is_default = true;
  CHECK(rows_after(workload, EntityId{1}, 12) == doctest::Approx(5000 * std::pow(1.1, 12)));
}

TEST_CASE("a rate grows with its entity") {
  const Workload workload = users_and_orders();
  Load load;
  load.mean = {10};
  CHECK(rate_after(workload, load, 12).per_second == 10);
  load.grows_with = EntityId{0};
  CHECK(rate_after(workload, load, 12).per_second == doctest::Approx(10 * std::pow(1.1, 12)));
}

TEST_CASE("selectivity from frequencies, distinct values, presence") {
  const Workload workload = users_and_orders();
  const auto share = [&](const ExpressionPtr& where) {
    return selectivity(workload, EntityId{1}, where);
  };
  CHECK(share(nullptr) == 1);
  CHECK(share(compare("status", CompareOp::eq, text("OPEN"))) == doctest::Approx(0.1));
  CHECK(share(compare("status", CompareOp::ne, text("OPEN"))) == doctest::Approx(0.9));
  CHECK(share(compare("status", CompareOp::eq, text("LOST"))) == 0);
  CHECK(share(compare("status", CompareOp::ge, text("PAID"))) == doctest::Approx(0.9));
  CHECK(share(compare("area", CompareOp::eq, parameter())) == doctest::Approx(0.5 / 40));
  CHECK(share(make(Exists{reference("note")})) == doctest::Approx(0.25));
  CHECK(share(make(Missing{reference("note")})) == doctest::Approx(0.75));
  CHECK(share(make(OneOf{reference("status"), {text("OPEN"), text("PAID")}})) ==
        doctest::Approx(0.4));
  const ExpressionPtr open = compare("status", CompareOp::eq, text("OPEN"));
  const ExpressionPtr noted = make(Exists{reference("note")});
  CHECK(share(make(And{{open, noted}})) == doctest::Approx(0.025));
  CHECK(share(make(Or{{open, noted}})) == doctest::Approx(1 - 0.9 * 0.75));
  CHECK(share(make(Not{open})) == doctest::Approx(0.9));
  CHECK(share(make(BeginsWith{reference("note"), parameter()})) == doctest::Approx(0.1));
}

OperandPtr after_now(double days) {
  const auto operand = [](auto node) {
    auto made = std::make_shared<Operand>();
    made->node = std::move(node);
    return made;
  };
  return operand(
      Arithmetic{'+', operand(Now{}), operand(DurationConstant{{days * support::kSecondsPerDay}})});
}

TEST_CASE("times against now: of the days that rows lie in") {
  Workload workload = users_and_orders();
  Entity& order = workload.entities[1];
  Attribute placed;
  placed.name = "placed_at";
  placed.type = ValueType::timestamp;
  Attribute due = placed;
  due.name = "due_at";
  due.present = 0.5;
  due.ahead = 0.2;
  Attribute expires = placed;
  expires.name = "expires_at";
  // Rows are kept for 100 days: due dates lie from 80 days before now to 20 after it.
  order.retention =
      Retention{support::Duration{100 * support::kSecondsPerDay}, "due_at", "expires_at", {}};
  order.attributes.insert(order.attributes.end(), {placed, due, expires});
  const auto share = [&](const ExpressionPtr& where) {
    return doctest::Approx(selectivity(workload, EntityId{1}, where));
  };
  CHECK(0.07 == share(compare("placed_at", CompareOp::ge, after_now(-7))));
  CHECK(0 == share(compare("placed_at", CompareOp::gt, after_now(0))));
  CHECK(0.5 * 0.2 == share(compare("due_at", CompareOp::gt, after_now(0))));
  CHECK(0.5 * 0.8 == share(compare("due_at", CompareOp::le, after_now(0))));
  // Two bounds are one window of 5 of the 100 days, whatever each alone would keep.
  CHECK(0.5 * 0.05 == share(make(And{{compare("due_at", CompareOp::gt, after_now(0)),
                                      compare("due_at", CompareOp::lt, after_now(5))}})));
  // 100 days after the due date: from 20 days after now to 120.
  CHECK(1 == share(compare("expires_at", CompareOp::gt, after_now(0))));
  CHECK(0.3 == share(compare("expires_at", CompareOp::lt, after_now(50))));
}

TEST_CASE("a transaction reads when it does not write") {
  Pattern pattern;
  pattern.action = Transaction{};
  CHECK(pattern.is_read());
  Transaction writes;
  writes.writes.emplace_back();
  pattern.action = writes;
  CHECK_FALSE(pattern.is_read());
}

}  // namespace
}  // namespace ddbplan::model
