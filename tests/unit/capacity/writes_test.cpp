// Units of writes: the table of index effects in the Developer Guide ("Global secondary indexes",
// "Write capacity units") and the arithmetic of the scenarios. By flow: what a write makes of its
// row decides.
#include <doctest/doctest.h>

#include "tests/unit/capacity/sketch.h"

namespace ddbplan::test {
namespace {

using model::ValueType;
using model::WriteKind;

/// Orders of 1,500 B by customer, with a sparse index of the open ones.
Sketch orders() {
  Sketch sketch;
  model::Entity order = entity(
      "Order", {"customer_id", "order_id"}, 1e6,
      {attribute("customer_id", ValueType::ulid, 26), attribute("order_id", ValueType::ulid, 26),
       states("status", {{"OPEN", 0.01}, {"PAID", 0.04}, {"SHIPPED", 0.95}}),
       attribute("total", ValueType::number, 4), attribute("lines", ValueType::list, 1300)});
  sketch.add_row(order, "CUSTOMER#{customer_id}", "ORDER#{order_id}");
  sketch.add_index("GSI1", dynamo::ProjectionType::include, {"total"});
  sketch.add_entry(0, "GSI1", "ORDERS#OPEN", "{order_id}", equals("status", "OPEN"));
  return sketch;
}

model::Write move_of(const std::string& from, const std::string& to) {
  model::Write write = write_of(WriteKind::update, {0});
  write.move = model::StateMove{"status", {from}, to};
  return write;
}

design::WriteAction move_action(const std::string& to) {
  design::WriteAction action;
  action.operation = design::Operation::update_item;
  const auto value = std::make_shared<model::Operand>(
      model::Operand{model::Constant{dynamo::AttributeValue::string(to)}, {}});
  action.update.emplace_back(design::SetValue{"status", value});
  return action;
}

TEST_CASE("500 puts a second of 2,048 B with an index that holds all, scenario 18") {
  for (const auto& [bytes, units] : {std::pair{2048.0, 1000.0}, {2049.0, 1500.0}}) {
    Sketch sketch;
    model::Entity event = entity("Event", {"id"}, 1e6, {attribute("id", ValueType::ulid, 26)});
    event.size = model::Spread{bytes, bytes};
    sketch.add_row(event, "E#{id}");
    sketch.add_index("GSI1");
    sketch.add_entry(0, "GSI1", "ALL", "{id}");
    sketch.add_pattern("record", write_pattern(write_of(WriteKind::create, {0}), 500),
                       {write_step(put_action(0))});
    const capacity::Usage usage = capacity::usage(sketch.workload, sketch.design);
    CHECK(usage.loads[0].write.mean == doctest::Approx(units));
    CHECK(usage.loads[1].write.mean == doctest::Approx(units));
    // With keys only the entry has less than 1 KB.
    sketch.design.tables[0].indexes[0].projection.type = dynamo::ProjectionType::keys_only;
    CHECK(capacity::usage(sketch.workload, sketch.design).loads[1].write.mean ==
          doctest::Approx(500));
  }
}

TEST_CASE("a created row is in its first state") {
  Sketch sketch = orders();
  sketch.add_pattern("place", write_pattern(write_of(WriteKind::create, {0}), 1),
                     {write_step(put_action(0))});
  CHECK(sketch.write_units("place") == doctest::Approx(2));
  // Not 1 % of a unit, as the stock has it: every new order is OPEN.
  CHECK(sketch.write_units("place", "GSI1") == doctest::Approx(1));
}

TEST_CASE("a move takes the entry out, and later moves do not touch it") {
  Sketch sketch = orders();
  sketch.add_pattern("pay", write_pattern(move_of("OPEN", "PAID"), 1),
                     {write_step(move_action("PAID"))});
  sketch.add_pattern("ship", write_pattern(move_of("PAID", "SHIPPED"), 1),
                     {write_step(move_action("SHIPPED"))});
  sketch.add_pattern("reopen", write_pattern(move_of("PAID", "OPEN"), 1),
                     {write_step(move_action("OPEN"))});
  CHECK(sketch.write_units("pay") == doctest::Approx(2));
  CHECK(sketch.write_units("pay", "GSI1") == doctest::Approx(1));
  CHECK(sketch.write_units("ship", "GSI1") == doctest::Approx(0));
  CHECK(sketch.write_units("reopen", "GSI1") == doctest::Approx(1));
}

TEST_CASE("a move between values of an index key is a delete and a put") {
  Sketch sketch = orders();
  sketch.add_index("GSI2");
  sketch.add_entry(0, "GSI2", "ORDERS#{status}", "{order_id}");
  sketch.add_pattern("pay", write_pattern(move_of("OPEN", "PAID"), 1),
                     {write_step(move_action("PAID"))});
  // The entry holds the whole item, 1,500 B and its keys: 2 units out, 2 units in.
  CHECK(sketch.write_units("pay", "GSI2") == doctest::Approx(4));
}

TEST_CASE("updates of projected, unprojected and key attributes") {
  Sketch sketch = orders();
  sketch.add_index("GSI2", dynamo::ProjectionType::include, {"total"});
  sketch.add_entry(0, "GSI2", "CUSTOMER#{customer_id}", "{order_id}");
  sketch.add_index("GSI3", dynamo::ProjectionType::keys_only);
  sketch.add_entry(0, "GSI3", "CUSTOMER#{customer_id}", "{total|pad:8}");
  const model::Pattern update = write_pattern(write_of(WriteKind::update, {0}), 1);
  sketch.add_pattern("set_total", update, {write_step(update_action(0, {"total"}))});
  sketch.add_pattern("set_lines", update, {write_step(update_action(0, {"lines"}))});
  CHECK(sketch.write_units("set_total") == doctest::Approx(2));
  CHECK(sketch.write_units("set_total", "GSI2") == doctest::Approx(1));  // content changed
  CHECK(sketch.write_units("set_total", "GSI3") == doctest::Approx(2));  // key changed
  CHECK(sketch.write_units("set_lines", "GSI2") == doctest::Approx(0));  // not projected
  CHECK(sketch.write_units("set_lines", "GSI3") == doctest::Approx(0));
  // Only the open hundredth of the orders that are met has an entry in the sparse index.
  CHECK(sketch.write_units("set_total", "GSI1") == doctest::Approx(0.01));
}

TEST_CASE("a delete takes the entries that the row has") {
  Sketch sketch = orders();
  sketch.add_index("GSI2", dynamo::ProjectionType::keys_only);
  sketch.add_entry(0, "GSI2", "CUSTOMER#{customer_id}", "{order_id}");
  sketch.add_pattern("drop", write_pattern(write_of(WriteKind::delete_rows, {0}), 1),
                     {write_step(delete_action(0))});
  CHECK(sketch.write_units("drop") == doctest::Approx(2));
  CHECK(sketch.write_units("drop", "GSI1") == doctest::Approx(0.01));
  CHECK(sketch.write_units("drop", "GSI2") == doctest::Approx(1));
}

TEST_CASE("an optional attribute enters, moves and leaves its index") {
  Sketch sketch;
  model::Attribute due = attribute("due_at", ValueType::timestamp, 24);
  due.present = 0.25;
  sketch.add_row(entity("Task", {"id"}, 1000, {attribute("id", ValueType::ulid, 26), due}),
                 "T#{id}");
  sketch.add_index("GSI1", dynamo::ProjectionType::keys_only);
  sketch.add_entry(0, "GSI1", "DUE", "{due_at}");
  const model::Pattern update = write_pattern(write_of(WriteKind::update, {0}), 1);
  sketch.add_pattern("plan", update, {write_step(update_action(0, {"due_at"}))});
  design::WriteAction remove = update_action(0, {});
  remove.update.emplace_back(design::RemoveAttribute{"due_at"});
  sketch.add_pattern("clear", update, {write_step(remove)});
  // A quarter moves, 2 units; three quarters enter, 1.
  CHECK(sketch.write_units("plan", "GSI1") == doctest::Approx(0.25 * 2 + 0.75));
  CHECK(sketch.write_units("clear", "GSI1") == doctest::Approx(0.25));
  CHECK(capacity::entry_count(sketch.workload, sketch.design.items[0],
                              sketch.design.items[0].entries[0], {}) == doctest::Approx(250));
}

TEST_CASE("a row that is found by what an attribute of it is has that attribute") {
  Sketch sketch;
  model::Attribute due = attribute("due_at", ValueType::timestamp, 24);
  due.present = 0.25;
  sketch.add_row(entity("Task", {"id"}, 1000, {attribute("id", ValueType::ulid, 26), due}),
                 "T#{id}");
  sketch.add_index("GSI1", dynamo::ProjectionType::keys_only);
  const auto operand = [](auto node) {
    return std::make_shared<model::Operand>(model::Operand{std::move(node), {}});
  };
  const auto expression = [](auto node) {
    return std::make_shared<model::Expression>(model::Expression{std::move(node), {}});
  };
  const model::AttributeRef due_at{"due_at", std::nullopt, "", {}};
  sketch.add_entry(0, "GSI1", "LATER", "{id}", expression(model::Missing{due_at}));
  design::WriteAction remove = update_action(0, {});
  remove.update.emplace_back(design::RemoveAttribute{"due_at"});
  const model::Pattern update = write_pattern(write_of(WriteKind::update, {0}), 1);
  sketch.add_pattern("any", update, {write_step(remove)});
  remove.condition = expression(
      model::Compare{model::CompareOp::eq, operand(due_at), operand(model::ParameterRef{"due"})});
  sketch.add_pattern("due", update, {write_step(remove)});
  remove.condition = expression(
      model::Compare{model::CompareOp::ne, operand(due_at), operand(model::ParameterRef{"due"})});
  sketch.add_pattern("other", update, {write_step(remove)});
  // As it was when it was read, which may be without.
  remove.condition = expression(
      model::Compare{model::CompareOp::eq, operand(due_at), operand(model::ParameterRef{"due"})});
  remove.known["due"] = design::FromStep{0, "due_at"};
  sketch.add_pattern("as_read", update, {get_step(0, "T#{id}"), write_step(remove)});
  // What was not there before enters: a quarter of all rows, each of those that were compared.
  CHECK(sketch.write_units("any", "GSI1") == doctest::Approx(0.25));
  CHECK(sketch.write_units("due", "GSI1") == doctest::Approx(1));
  CHECK(sketch.write_units("other", "GSI1") == doctest::Approx(0.25));
  CHECK(sketch.write_units("as_read", "GSI1") == doctest::Approx(0.25));
}

TEST_CASE("a put pays for what it replaces") {
  Sketch sketch = orders();
  sketch.add_index("GSI2", dynamo::ProjectionType::keys_only);
  sketch.add_entry(0, "GSI2", "CUSTOMER#{customer_id}", "{order_id}");
  model::Write put = write_of(WriteKind::put, {0});
  put.replaces = 0.3;
  sketch.add_pattern("put", write_pattern(put, 1), {write_step(put_action(0))});
  CHECK(sketch.write_units("put") == doctest::Approx(2));
  // 70 % are new entries; the others keep their key and content.
  CHECK(sketch.write_units("put", "GSI2") == doctest::Approx(0.7));
}

TEST_CASE("transactions double the table's part alone") {
  Sketch sketch = orders();
  sketch.add_pattern("place", write_pattern(write_of(WriteKind::create, {0}), 1),
                     {transaction_step({put_action(0)})});
  CHECK(sketch.write_units("place") == doctest::Approx(4));
  CHECK(sketch.write_units("place", "GSI1") == doctest::Approx(1));
}

TEST_CASE("five small actions are ten units, scenario 25; a check doubles too") {
  Sketch sketch;
  sketch.add_row(entity("Seat", {"id"}, 100, {attribute("id", ValueType::ulid, 26)}), "S#{id}");
  const std::vector<design::WriteAction> actions(5, update_action(0, {}));
  sketch.add_pattern("book", write_pattern(write_of(WriteKind::update, {0}), 1),
                     {transaction_step(actions)});
  CHECK(sketch.write_units("book") == doctest::Approx(10));
  design::WriteAction check = update_action(0, {});
  check.operation = design::Operation::condition_check;
  sketch.add_pattern("checked", write_pattern(write_of(WriteKind::check, {0}), 1),
                     {transaction_step({check})});
  CHECK(sketch.write_units("checked") == doctest::Approx(2));
}

TEST_CASE("a failed condition is paid on the table and nowhere else") {
  Sketch sketch = orders();
  model::Write write = write_of(WriteKind::create, {0});
  write.fails = 0.25;
  sketch.add_pattern("place", write_pattern(write, 1), {write_step(put_action(0))});
  CHECK(sketch.write_units("place") == doctest::Approx(2));
  CHECK(sketch.write_units("place", "GSI1") == doctest::Approx(0.75));
}

TEST_CASE("an action of a transaction that fails takes the others with it") {
  Sketch sketch = orders();
  model::Transaction both;
  both.writes = {write_of(WriteKind::create, {0}), write_of(WriteKind::update, {0})};
  both.writes[1].fails = 0.5;
  model::Pattern pattern = write_pattern(both.writes[0], 1);
  pattern.action = both;
  design::WriteAction second = update_action(0, {"lines"});
  second.action = 1;
  sketch.add_pattern("place", pattern, {transaction_step({put_action(0), second})});
  CHECK(sketch.write_units("place") == doctest::Approx(8));
  CHECK(sketch.write_units("place", "GSI1") == doctest::Approx(0.5));
  // Said of the whole transaction, and of an action beside it.
  both.fails = 0.4;
  pattern.action = both;
  sketch.add_pattern("half", pattern, {transaction_step({put_action(0), second})});
  CHECK(sketch.write_units("half", "GSI1") == doctest::Approx(0.6 * 0.5));
}

TEST_CASE("logs of 200 KB, scenario 29") {
  Sketch sketch;
  model::Entity log =
      entity("Log", {"id"}, 100.0 * 2628000, {attribute("id", ValueType::ulid, 26)});
  log.size = model::Spread{200 * 1024, 200 * 1024};
  sketch.add_row(log, "L#{id}");
  sketch.add_pattern("write", write_pattern(write_of(WriteKind::create, {0}), 100),
                     {write_step(put_action(0))});
  const capacity::Usage usage = capacity::usage(sketch.workload, sketch.design);
  CHECK(usage.loads[0].write.mean == doctest::Approx(20000));
  // A month of them: 100 x 200 KB x 2,628,000 s = 50,125 GB, and 100 B of overhead each, 24.5 GB.
  const double gigabytes = usage.storage[0].bytes / (1024.0 * 1024 * 1024);
  CHECK(gigabytes == doctest::Approx(50125.1 + 24.5).epsilon(1e-5));
}

TEST_CASE("an update pays for the whole item, however little changes") {
  Sketch sketch = orders();
  sketch.add_pattern("ship", write_pattern(move_of("PAID", "SHIPPED"), 1),
                     {write_step(move_action("SHIPPED"))});
  CHECK(sketch.write_units("ship") == doctest::Approx(2));
  design::WriteAction one = move_action("SHIPPED");
  one.times = {2.5, 40};
  sketch.add_pattern("many", write_pattern(move_of("PAID", "SHIPPED"), 1), {write_step(one)});
  CHECK(sketch.write_units("many") == doctest::Approx(5));
}

}  // namespace
}  // namespace ddbplan::test
