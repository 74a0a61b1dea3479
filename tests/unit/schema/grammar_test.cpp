#include "schema/grammar.h"

#include <doctest/doctest.h>

#include <regex>
#include <string>
#include <vector>

namespace ddbplan::schema {
namespace {

/// Texts on both sides of every grammar, and some that none takes.
const std::vector<std::string>& corpus() {
  static const std::vector<std::string> texts = {"",
                                                 " ",
                                                 "1",
                                                 "0",
                                                 "-1",
                                                 "+1",
                                                 "12",
                                                 "1.5",
                                                 "1.",
                                                 "1e3",
                                                 "1e300",
                                                 "1e",
                                                 "0x10",
                                                 "1_000",
                                                 "2M",
                                                 "2 M",
                                                 "80k",
                                                 "80kB",
                                                 "6.5B",
                                                 "5T",
                                                 "12k k",
                                                 ".nan",
                                                 "nan",
                                                 "inf",
                                                 "5%",
                                                 "5 %",
                                                 "12.5%",
                                                 "-5%",
                                                 "5%%",
                                                 "%",
                                                 "12 .. 5000",
                                                 "12..5000",
                                                 ".. 50",
                                                 "..50",
                                                 "12 ..",
                                                 "..",
                                                 "1 .. 2 .. 3",
                                                 "5k .. 20M",
                                                 "40 B",
                                                 "40B",
                                                 "2 KB",
                                                 "1.2 KB .. 40 KB",
                                                 "40 B..120 B",
                                                 ".. 8 KB",
                                                 "40 Bytes",
                                                 "40 b",
                                                 "40 KB x",
                                                 "30 days",
                                                 "30days",
                                                 "1 day",
                                                 "10 min",
                                                 "5 d",
                                                 "3 h",
                                                 "12 months",
                                                 "2 years",
                                                 "90",
                                                 "30 fortnights",
                                                 "300/s",
                                                 "300 / s",
                                                 "60/day",
                                                 "6/year per Customer",
                                                 "6/yearper Customer",
                                                 "6/year per",
                                                 "300/s +- 40%",
                                                 "300/s+-40%",
                                                 "300/s +- 40",
                                                 "2/min +- 5% per Device",
                                                 "2/min per Device +- 5%",
                                                 "16k in 1 hour daily",
                                                 "16kin 1 hour daily",
                                                 "16 in 1 hour daily",
                                                 "16in 1 hour weekly",
                                                 "16k in 1 hour",
                                                 "16k in daily",
                                                 "1 in in 1 hour daily",
                                                 "3%/month",
                                                 "3% / year",
                                                 "3%/day",
                                                 "5 USD",
                                                 "$5",
                                                 "$ 5",
                                                 "5 EUR",
                                                 "2026-11-27",
                                                 "2026-11-27 18:00",
                                                 "2026-11-27T18:00:00Z",
                                                 "2026-11-27T18:00Z",
                                                 "2026-11-27Z",
                                                 "2026-13-27",
                                                 "2026-11-32",
                                                 "2026-11-27 24:00",
                                                 "2026-11-27 18",
                                                 "ulid",
                                                 "ulid of placed_at",
                                                 "ulidof placed_at",
                                                 "uuid",
                                                 "string",
                                                 "string 28 B",
                                                 "string 40 B .. 120 B",
                                                 "string28 B",
                                                 "string .. 40 B",
                                                 "string.. 40 B",
                                                 "string optional",
                                                 "string 28 B optional",
                                                 "string 28 Boptional",
                                                 "timestamp present 4%",
                                                 "timestamp present4%",
                                                 "timestamp present",
                                                 "list",
                                                 "list 40 B",
                                                 "list 12 x 40 B",
                                                 "list 12 .. 50 x 40 B",
                                                 "list 12 .. 50 x 40 B .. 1 KB",
                                                 "list 12x40 B",
                                                 "list 12 40 B",
                                                 "map 2 KB .. 30 KB present 5%",
                                                 "set",
                                                 "set of string",
                                                 "set of string 3 x 12 B",
                                                 "set of map",
                                                 "set of boolean",
                                                 "set of strin",
                                                 "integer 4 B",
                                                 "text",
                                                 "Customer",
                                                 "customer_id",
                                                 "_x",
                                                 "a-b",
                                                 "9lives",
                                                 "a b",
                                                 "naïve",
                                                 "User | Organization",
                                                 "User|Organization",
                                                 "User |",
                                                 "Photo as photo_id",
                                                 "Photo as",
                                                 "Photoas photo_id",
                                                 "Repo as repo_owner + repo_name",
                                                 "Repo as a+b",
                                                 "Driver optional",
                                                 "User | Organization as owner optional",
                                                 "User as a optional x",
                                                 "2 years after placed_at",
                                                 "2 yearsafter placed_at",
                                                 "2 years afterplaced_at",
                                                 "until expires_at",
                                                 "untilexpires_at",
                                                 "2 years",
                                                 "OPEN -> PAID",
                                                 "OPEN->PAID",
                                                 "OPEN | PENDING -> SOLVED",
                                                 "-> PAID",
                                                 "any -> X",
                                                 "in-transit -> done",
                                                 "OPEN -> ",
                                                 "OPEN PAID",
                                                 "OPEN - > PAID",
                                                 "status OPEN -> PAID",
                                                 "status -> PAID",
                                                 "status OPEN | X -> any",
                                                 "OPEN- -> X",
                                                 "placed_at desc",
                                                 "placed_at asc",
                                                 "placed_at down",
                                                 "room_id.last_at desc",
                                                 "a.b.c",
                                                 "a .b",
                                                 "assignee_id 30%",
                                                 "assignee_id30%",
                                                 "assignee_id 30",
                                                 "1 per device_id",
                                                 "1 perdevice_id",
                                                 "20 per",
                                                 "12% of date",
                                                 "100% of scheduled_date",
                                                 "12 % of x",
                                                 "x8",
                                                 "x 8",
                                                 "x",
                                                 "x8 8",
                                                 "+:quantity",
                                                 "-:quantity",
                                                 "=:name",
                                                 ":name",
                                                 "=name",
                                                 "+:",
                                                 "=",
                                                 "-",
                                                 "-3",
                                                 "+3",
                                                 "now",
                                                 "false",
                                                 "true",
                                                 "two words",
                                                 "Ticket as assignee_id",
                                                 "Message.sent_at",
                                                 "Order.total as customer_id",
                                                 "Message.",
                                                 "count",
                                                 "sum total",
                                                 "sum",
                                                 "min a",
                                                 "average",
                                                 "average price x",
                                                 "zipf 1.05",
                                                 "zipf1.05",
                                                 "zipf",
                                                 "zipf x",
                                                 "shop",
                                                 "s",
                                                 "my-shop.eu",
                                                 "-shop",
                                                 "shop!",
                                                 "ab"};
  return texts;
}

TEST_CASE("the regular expressions and the parsers take the same texts") {
  for (const GrammarInfo& grammar : grammar_table()) {
    const std::string expression = pattern(grammar.grammar);
    if (expression.empty()) continue;
    const std::regex regex(expression, std::regex::ECMAScript);
    for (const std::string& text : corpus()) {
      CAPTURE(grammar.name);
      CAPTURE(text);
      CHECK(std::regex_search(text, regex) == !check(grammar.grammar, text).has_value());
    }
  }
}

TEST_CASE("every grammar takes its own example") {
  for (const GrammarInfo& grammar : grammar_table()) {
    CAPTURE(grammar.name);
    CHECK_FALSE(check(grammar.grammar, grammar.example).has_value());
  }
}

TEST_CASE("errors lie within the text") {
  for (const GrammarInfo& grammar : grammar_table()) {
    for (const std::string& text : corpus()) {
      const auto error = check(grammar.grammar, text);
      if (!error) continue;
      CAPTURE(grammar.name);
      CAPTURE(text);
      CHECK(error->begin <= error->end);
      CHECK(error->end <= text.size());
      CHECK_FALSE(error->message.empty());
    }
  }
}

}  // namespace
}  // namespace ddbplan::schema
