// Writes of one item in a transaction, joined.
#include "design/prepared_write.h"

#include <doctest/doctest.h>

using namespace ddbplan;
using design::Operation;
using design::PreparedWrite;
using design::UpdateTerm;
using dynamo::AttributeValue;
using Kind = UpdateTerm::Kind;

namespace {

PreparedWrite write_of(Operation operation, const std::string& key = "a") {
  PreparedWrite out;
  out.operation = operation;
  out.table = "shop";
  out.key.insert_or_assign("PK", AttributeValue::string(key));
  return out;
}

PreparedWrite check(const std::string& condition, const std::string& placeholder,
                    const std::string& value) {
  PreparedWrite out = write_of(Operation::condition_check);
  out.condition = condition;
  out.expression.values.insert_or_assign(placeholder, AttributeValue::string(value));
  return out;
}

PreparedWrite update(Kind kind, const std::string& target, const std::string& text,
                     std::int64_t value) {
  PreparedWrite out = write_of(Operation::update_item);
  out.update.push_back({kind, target, text, ":v"});
  out.expression.values.insert_or_assign(":v", AttributeValue::number(value));
  return out;
}

std::vector<PreparedWrite> joined(const std::vector<PreparedWrite>& writes) {
  std::vector<PreparedWrite> out;
  const auto same_keys = [](PreparedWrite both) { return both; };
  for (const PreparedWrite& write : writes) design::add_to_transaction(out, write, same_keys);
  return out;
}

}  // namespace

TEST_CASE("writes of two items stay two") {
  CHECK(joined({write_of(Operation::delete_item), write_of(Operation::delete_item, "b")}).size() ==
        2);
}

TEST_CASE("what is checked must hold for what is written, whichever comes first") {
  const PreparedWrite asked = check("brand = :v", ":v", "ACME");
  const PreparedWrite written = update(Kind::add, "n", "n :v", 1);
  for (const auto& writes : {joined({asked, written}), joined({written, asked})}) {
    REQUIRE(writes.size() == 1);
    CHECK(writes[0].operation == Operation::update_item);
    // One placeholder stood for two values.
    REQUIRE(writes[0].condition);
    REQUIRE(writes[0].expression.values.size() == 2);
    const bool is_check_renamed = *writes[0].condition == "brand = :v_2";
    CHECK(design::update_text(writes[0].update) == (is_check_renamed ? "ADD n :v" : "ADD n :v_2"));
    CHECK(writes[0].expression.values.at(is_check_renamed ? ":v_2" : ":v") ==
          AttributeValue::string("ACME"));
  }
}

TEST_CASE("two checks hold together, and the same one is asked once") {
  const auto two = joined({check("a = :a", ":a", "x"), check("b = :b", ":b", "y")});
  REQUIRE(two.size() == 1);
  CHECK(*two[0].condition == "(a = :a) AND (b = :b)");
  const auto one = joined({check("a = :a", ":a", "x"), check("a = :a", ":a", "x")});
  REQUIRE(one.size() == 1);
  CHECK(*one[0].condition == "a = :a");
}

TEST_CASE("what is added adds up, what is taken back is not sent") {
  const auto sum = joined({update(Kind::add, "n", "n :v", 2), update(Kind::add, "n", "n :v", 3)});
  REQUIRE(sum.size() == 1);
  CHECK(sum[0].expression.values.at(sum[0].update[0].value) == AttributeValue::number(5));
  CHECK(sum[0].expression.values.size() == 1);
  CHECK(joined({update(Kind::add, "n", "n :v", 2), update(Kind::subtract, "n", "n = n - :v", 2)})
            .empty());
  // Of two counters each has its own.
  const auto both = joined({update(Kind::add, "n", "n :v", 1), update(Kind::add, "m", "m :v", 1)});
  REQUIRE(both.size() == 1);
  CHECK(design::update_text(both[0].update) == "ADD n :v, m :v");
}

TEST_CASE("a sum leaves alone what another term means by the same placeholder") {
  PreparedWrite counted = update(Kind::add, "n", "n :v", 1);
  counted.update.push_back({Kind::add, "m", "m :v", ":v"});
  const auto sum = joined({counted, update(Kind::add, "n", "n :v", 1)});
  REQUIRE(sum.size() == 1);
  CHECK(design::update_text(sum[0].update) == "ADD n :v_2, m :v");
  CHECK(sum[0].expression.values.at(":v") == AttributeValue::number(1));
  CHECK(sum[0].expression.values.at(":v_2") == AttributeValue::number(2));
}

TEST_CASE("the greatest stays, and the smallest") {
  for (const bool is_greatest : {true, false}) {
    const Kind kind = is_greatest ? Kind::greatest : Kind::smallest;
    const auto one =
        joined({update(kind, "most", "most = :v", 7), update(kind, "most", "most = :v", 9)});
    REQUIRE(one.size() == 1);
    REQUIRE(one[0].update.size() == 1);
    CHECK(one[0].expression.values.at(one[0].update[0].value) ==
          AttributeValue::number(is_greatest ? 9 : 7));
    CHECK(one[0].expression.values.size() == 1);
  }
}

TEST_CASE("writes that contradict each other stay, so that DynamoDB refuses the transaction") {
  CHECK(joined({update(Kind::set, "n", "n = :v", 1), update(Kind::set, "n", "n = :v", 2)}).size() ==
        2);
  CHECK(joined({update(Kind::set, "n", "n = :v", 1), write_of(Operation::delete_item)}).size() ==
        2);
  CHECK(joined({update(Kind::set, "n", "n = :v", 1), update(Kind::set, "n", "n = :v", 1)}).size() ==
        1);
}

TEST_CASE("a guard that stays is not touched, and one that expires anew is put in its own place") {
  PreparedWrite put = write_of(Operation::put_item);
  CHECK(joined({write_of(Operation::delete_item), put}).empty());
  put.is_renewed = true;
  const std::vector<PreparedWrite> renewed = joined({write_of(Operation::delete_item), put});
  REQUIRE(renewed.size() == 1);
  CHECK(renewed.front().operation == Operation::put_item);
  CHECK(joined({write_of(Operation::delete_item, "b"), put}).size() == 2);
}
