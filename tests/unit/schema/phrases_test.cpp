#include "schema/phrases.h"

#include <doctest/doctest.h>

#include <string>

#include "support/text.h"

namespace ddbplan::schema {
namespace {

template <class T>
std::string error(const Parsed<T>& parsed) {
  REQUIRE_FALSE(parsed.ok());
  return std::to_string(parsed.error().begin) + ".." + std::to_string(parsed.error().end) + " " +
         parsed.error().message;
}

std::string words(const std::vector<Word>& list) {
  std::vector<std::string> parts;
  for (const Word& word : list) parts.push_back(word.text + "@" + std::to_string(word.begin));
  return support::join(parts, " ");
}

TEST_CASE("types") {
  const auto plain = parse_type("string 40 B .. 120 B optional");
  REQUIRE(plain.ok());
  CHECK(plain->type == model::ValueType::string);
  CHECK(plain->size == GivenSpread{40, 120});
  CHECK(plain->optional);

  const auto sorted = parse_type("ulid of placed_at");
  REQUIRE(sorted.ok());
  REQUIRE(sorted->sorts_as.has_value());
  CHECK(sorted->sorts_as->text == "placed_at");
  CHECK(sorted->sorts_as->begin == 8);

  const auto present = parse_type("timestamp present 4%");
  REQUIRE(present.ok());
  CHECK(present->present == 0.04);

  const auto list = parse_type("list 12 .. 50 x 40 B");
  REQUIRE(list.ok());
  CHECK(list->entries == GivenSpread{12, 50});
  CHECK(list->size == GivenSpread{40, std::nullopt});

  const auto whole = parse_type("list 1.2 KB .. 40 KB");
  REQUIRE(whole.ok());
  CHECK_FALSE(whole->entries.has_value());
  CHECK(whole->size == GivenSpread{1228.8, 40960});

  const auto set = parse_type("set of string 3 .. 10 x 12 B");
  REQUIRE(set.ok());
  CHECK(set->type == model::ValueType::set);
  CHECK(set->element == model::ValueType::string);
}

TEST_CASE("types that are none") {
  CHECK(error(parse_type("strng")) == "0..5 `strng` is not a type");
  CHECK(parse_type("int").error().help == "Write `integer`.");
  CHECK(parse_type("varchar").error().help == "Write `string`.");
  CHECK(parse_type("strng").error().help == "Did you mean `string`?");
  CHECK(error(parse_type("set")) ==
        "3..3 `of` and the type of the elements is expected, nothing was found");
  CHECK(error(parse_type("set of map")) == "7..10 DynamoDB has no sets of maps");
  CHECK(error(parse_type("string 40")) == "7..9 this size has no unit");
  CHECK(error(parse_type("string 40 B maybe")) ==
        "12..17 `maybe` does not belong in an attribute's type");
}

TEST_CASE("relations") {
  const auto renamed = parse_relation("Photo as photo_id");
  REQUIRE(renamed.ok());
  CHECK(words(renamed->parents) == "Photo@0");
  CHECK(words(renamed->attributes) == "photo_id@9");
  const auto compound = parse_relation("Repo as repo_owner + repo_name");
  REQUIRE(compound.ok());
  CHECK(words(compound->attributes) == "repo_owner@8 repo_name@21");
  const auto polymorphic = parse_relation("User | Organization as owner optional");
  REQUIRE(polymorphic.ok());
  CHECK(words(polymorphic->parents) == "User@0 Organization@7");
  CHECK(polymorphic->optional);
  CHECK(error(parse_relation("User as")) ==
        "7..7 an attribute after `as` is expected, nothing was found");
  CHECK(error(parse_relation("User required")) == "5..13 `required` does not belong in a relation");
}

TEST_CASE("retentions") {
  const auto after = parse_retention("2 years after placed_at");
  REQUIRE(after.ok());
  CHECK(after->after->resolve(Calendar{}).seconds == 2 * 365 * 86400.0);
  CHECK(after->attribute.text == "placed_at");
  CHECK(after->attribute.begin == 14);
  const auto until = parse_retention("until expires_at");
  REQUIRE(until.ok());
  CHECK_FALSE(until->after.has_value());
  CHECK(error(parse_retention("2 years")) ==
        "7..7 `after` and an attribute is expected, nothing was found");
}

TEST_CASE("moves") {
  const auto move = parse_state_move("status OPEN | PENDING -> SOLVED");
  REQUIRE(move.ok());
  CHECK(move->attribute.text == "status");
  CHECK(words(move->from) == "OPEN@7 PENDING@14");
  CHECK(move->to->text == "SOLVED");
  const auto from_any = parse_move("any -> CLOSED");
  REQUIRE(from_any.ok());
  CHECK(from_any->from.empty());
  const auto to_any = parse_state_move("status OPEN -> any");
  REQUIRE(to_any.ok());
  CHECK_FALSE(to_any->to.has_value());
  const auto hyphens = parse_move("in-transit -> at-door");
  REQUIRE(hyphens.ok());
  CHECK(words(hyphens->from) == "in-transit@0");
  CHECK(hyphens->to->text == "at-door");
  const auto tight = parse_move("OPEN->DONE");
  REQUIRE(tight.ok());
  CHECK(words(tight->from) == "OPEN@0");
  const auto two = parse_state_move("status OPEN -> PAID | VOID");
  CHECK(error(two) == "20..21 a move goes to one state, and `| VOID` would be another");
  CHECK(two.error().help ==
        "Write one pattern for each, `move: status OPEN -> PAID` and `move: status OPEN -> VOID`; "
        "or `-> any`, if each call says which state it is.");
  CHECK(parse_move("A | B -> C | D").error().help ==
        "Write one move for each: `[A | B -> C, A | B -> D]`.");
  CHECK(parse_move("A -> C |").error().help == "Write one move for each: `[A -> C, A -> ...]`.");
  CHECK(error(parse_move("OPEN to DONE")) == "5..7 `->` and a state is expected, `to` was found");
}

TEST_CASE("orders, limits, narrowings") {
  const auto order = parse_order("room_id.last_at desc");
  REQUIRE(order.ok());
  CHECK(order->attribute.text == "room_id.last_at");
  CHECK(order->direction == model::Direction::descending);
  CHECK(parse_order("at")->direction == model::Direction::ascending);
  CHECK(error(parse_order("at down")) == "3..7 `down` does not belong in an order");
  const auto limit = parse_limit("1 per device_id");
  REQUIRE(limit.ok());
  CHECK(limit->count == 1);
  CHECK(limit->per->text == "device_id");
  const auto narrow = parse_narrow("assignee_id 30%");
  REQUIRE(narrow.ok());
  CHECK(narrow->share == 0.3);
}

TEST_CASE("hottest and event rates") {
  const auto share = parse_hottest("100% of scheduled_date");
  REQUIRE(share.ok());
  CHECK(share->share == 1);
  CHECK(share->of->text == "scheduled_date");
  CHECK(parse_hottest("300/s")->rate->count == 300);
  CHECK(parse_event_rate("x8")->factor == 8);
  CHECK(parse_event_rate("400/s")->rate->count == 400);
}

TEST_CASE("amounts") {
  const auto minus = parse_amount("-:quantity");
  REQUIRE(minus.ok());
  CHECK(minus->kind == AmountPhrase::Kind::parameter);
  CHECK(minus->sign == '-');
  CHECK(minus->text == "quantity");
  CHECK(parse_amount("-3")->kind == AmountPhrase::Kind::number);
  CHECK(parse_amount("-3")->text == "-3");
  CHECK(parse_amount("+1")->text == "1");
  CHECK(parse_amount("now")->kind == AmountPhrase::Kind::now);
  CHECK(parse_amount("two words")->text == "two words");
  CHECK(error(parse_amount("=name")) ==
        "1..5 `:` and a name after `=` is expected, `name` was found");
  CHECK(error(parse_amount("+:")) ==
        "2..2 the name of a run-time value after `:` is expected, nothing was found");
}

TEST_CASE("returns") {
  CHECK(parse_return("count")->function == "count");
  CHECK(parse_return("sum total")->function == "sum");
  CHECK(parse_return("sum total")->attribute->text == "total");
  CHECK(parse_return("total")->function.empty());
  // An attribute may be called `sum`.
  CHECK(parse_return("sum")->attribute->text == "sum");
}

}  // namespace
}  // namespace ddbplan::schema
