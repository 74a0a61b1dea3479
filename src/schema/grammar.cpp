#include "schema/grammar.h"

#include <fmt/format.h>

#include "schema/expression_syntax.h"
#include "schema/phrases.h"
#include "schema/quantity.h"
#include "support/check.h"

namespace ddbplan::schema {
namespace {

// Regular expressions, in pieces. `\s*` stands where the parsers skip blanks, `\b` where a word
// must end.
const std::string kNumber = R"([+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)";
const std::string kCount = kNumber + R"((?:\s*[kMBT]\b)?)";
const std::string kName = "[A-Za-z_][A-Za-z0-9_]*";
const std::string kReference = kName + R"((?:\.\s*)" + kName + ")?";
const std::string kShare = kNumber + R"(\s*%)";
const std::string kOneSize = kNumber + R"(\s*(?:B|KB|MB|GB)\b)";
const std::string kTime =
    "(?:ms|s|sec|second|seconds|min|minute|minutes|h|hour|hours|d|day|days|week|weeks|month|months|"
    "year|years)"
    R"(\b)";
const std::string kDuration = kNumber + R"(\s*)" + kTime;
const std::string kUncertain = R"((?:\s*\+-\s*)" + kShare + ")?";
const std::string kRate = "(?:" + kCount + R"(\s*/\s*)" + kTime + kUncertain +
                          R"((?:\s*\bper\b\s*)" + kName + kUncertain + ")?|" + kCount +
                          R"(\s*in\b\s*)" + kDuration +
                          R"(\s*(?:hourly|daily|weekly|monthly|yearly)))";
const std::string kValueWord = "[A-Za-z0-9_](?:[A-Za-z0-9_]|-(?=[^>]))*";
const std::string kMove =
    "(?:" + kValueWord + R"((?:\s*\|\s*)" + kValueWord + R"()*)?\s*->\s*)" + kValueWord;
const std::string kAlternatives = kName + R"((?:\s*\|\s*)" + kName + ")*";

std::string spread(const std::string& one) {
  return R"((?:\.\.\s*)" + one + "|" + one + R"((?:\s*\.\.\s*)" + one + ")?)";
}

std::string type_pattern() {
  const std::string plain =
      "(?:ulid|ksuid|uuid|string|integer|number|boolean|binary|timestamp|epoch_s|epoch_ms|date)";
  const std::string element =
      "(?:ulid|ksuid|uuid|string|integer|number|binary|timestamp|epoch_s|epoch_ms|date)";
  const std::string collection =
      R"((?:(?:list|map)\b(?:\s*of\b\s*)" + kName + R"()?|set\b\s*of\b\s*)" + element + R"(\b))";
  const std::string size = spread(kOneSize);
  const std::string entries = spread(kCount) + R"(\s*x\b\s*)" + size;
  return "(?:" + plain + R"(\b(?:\s*of\b\s*)" + kName + R"(\b)?(?:\s*)" + size + ")?|" +
         collection + R"((?:\s*(?:)" + entries + "|" + size +
         R"())?)(?:\s*\b(?:optional|present\b\s*)" + kShare + "))?";
}

std::string body(Grammar grammar) {
  switch (grammar) {
    case Grammar::text:
    case Grammar::value:
    case Grammar::condition:
    case Grammar::range:
    case Grammar::operand:
      return {};
    case Grammar::name:
      return kName;
    case Grammar::pattern_name:
      return "[A-Za-z_][A-Za-z0-9_-]*";
    case Grammar::service:
      return "[A-Za-z0-9][A-Za-z0-9_.-]{2,200}";
    case Grammar::version:
      return "1";
    case Grammar::integer:
      return "[+-]?[0-9]+";
    case Grammar::count:
      return kCount;
    case Grammar::share:
      return kShare;
    case Grammar::count_spread:
      return spread(kCount);
    case Grammar::size:
      return spread(kOneSize);
    case Grammar::duration:
      return kDuration;
    case Grammar::rate:
      return kRate;
    case Grammar::growth:
      return kShare + R"(\s*/\s*(?:month|year))";
    case Grammar::usd:
      return R"((?:\$\s*)?)" + kNumber + R"((?:\s*USD)?)";
    case Grammar::instant:
      return "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
             "(?:[ T](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?)?Z?";
    case Grammar::attribute_type:
      return type_pattern();
    case Grammar::relation:
      return kAlternatives + R"((?:\s+as\s+)" + kName + R"((?:\s*\+\s*)" + kName +
             R"()*)?(?:\s+optional)?)";
    case Grammar::alternatives:
      return kAlternatives;
    case Grammar::retention:
      return R"((?:until|)" + kDuration + R"(\s*after)\b\s*)" + kName;
    case Grammar::move:
      return kMove;
    case Grammar::state_move:
      return kName + R"(\b\s*)" + kMove;
    case Grammar::reference:
      return kReference;
    case Grammar::source:
      return kReference + R"((?:\s+as\s+)" + kName + ")?";
    case Grammar::order:
      return kReference + R"((?:\s+(?:asc|desc))?)";
    case Grammar::narrow:
      return kReference + R"(\b(?:\s*)" + kShare + ")?";
    case Grammar::limit:
      return kCount + R"((?:\s*per\b\s*)" + kName + ")?";
    case Grammar::hottest:
      return "(?:" + kShare + R"((?:\s*of\b\s*)" + kName + ")?|" + kRate + ")";
    case Grammar::event_rate:
      return R"((?:x\s*)" + kNumber + "|" + kRate + ")";
    case Grammar::amount:
      return R"((?:[+=-]?:\s*)" + kName + R"(|(?![+=-]?:|=)[\s\S]+))";
    case Grammar::returned:
      return R"((?:(?:sum|min|max|average)\s+)" + kName + "|" + kName + ")";
    case Grammar::zipf:
      return R"(zipf\b\s*)" + kNumber;
  }
  return {};
}

std::optional<ValueError> refuse_empty(std::string_view text, std::string_view what) {
  if (!text.empty()) return std::nullopt;
  return ValueError{0, 0, fmt::format("{} is expected, an empty text was found", what), {}};
}

template <class T>
std::optional<ValueError> error_of(const Parsed<T>& parsed) {
  if (parsed) return std::nullopt;
  return parsed.error();
}

std::optional<ValueError> check_pattern_name(std::string_view text) {
  bool fine = !text.empty() && is_name_start(text.front());
  for (const char c : text) fine = fine && (is_name_character(c) || c == '-');
  if (fine) return std::nullopt;
  return ValueError{0, text.size(), fmt::format("`{}` is not a name", text),
                    "Names are letters, digits, `_` and `-`, and begin with a letter."};
}

std::optional<ValueError> check_service(std::string_view text) {
  bool fine = text.size() >= 3 && text.size() <= 201;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool alphanumeric = is_name_character(c) && c != '_';
    fine = fine && (alphanumeric || (i > 0 && (c == '_' || c == '.' || c == '-')));
  }
  if (fine) return std::nullopt;
  return ValueError{0, text.size(), fmt::format("`{}` cannot name a service", text),
                    "Its tables are named after it: 3 to 200 letters, digits, `_`, `-` and `.`, "
                    "the first a letter or "
                    "a digit."};
}

std::optional<ValueError> check_version(std::string_view text) {
  if (text == "1") return std::nullopt;
  return ValueError{
      0, text.size(),
      fmt::format("`{}` is not a version of the language that this program reads", text),
      "Write `ddbplan: 1`."};
}

}  // namespace

const std::vector<GrammarInfo>& grammar_table() {
  static const std::vector<GrammarInfo> table = {
      {Grammar::text, "text", "a text", "Orders of the web shop", "Any text.", true, true},
      {Grammar::value, "value", "a value", "OPEN", "One of the values of an enumeration.", true,
       true},
      {Grammar::name, "name", "a name", "customer_id",
       "Letters, digits and underscores; begins with a letter or an underscore."},
      {Grammar::pattern_name, "pattern-name", "a name", "recent_orders",
       "Letters, digits, underscores and hyphens; begins with a letter or an underscore."},
      {Grammar::service, "service", "a service's name", "shop",
       "3 to 200 letters, digits, underscores, hyphens and dots: the tables are named after it.",
       true},
      {Grammar::version, "version", "the language's version", "1",
       "The version of the language: 1.", true},
      {Grammar::integer, "integer", "a whole number", "4", "A whole number.", true},
      {Grammar::count, "count", "a number", "2M",
       "A number, with k, M, B or T for thousands, millions, billions or trillions.", true},
      {Grammar::share, "share", "a percentage", "5%", "A number and a percent sign."},
      {Grammar::count_spread, "spread", "a number or `mean .. maximum`", "12 .. 5000",
       "Mean .. maximum. One number alone is the mean; `.. 50` is the maximum alone.", true},
      {Grammar::size, "size", "a size", "40 B .. 120 B",
       "Bytes as B, KB, MB or GB (1 KB is 1,024 B), mean .. maximum. One size alone is both."},
      {Grammar::duration, "duration", "a duration", "30 days",
       "A number and ms, s, min, hours, days, weeks, months or years, in the singular or plural. A "
       "year has 365 days, "
       "a month `settings.hours_per_month` hours."},
      {Grammar::rate, "rate", "a rate", "300/s",
       "Calls per s, min, hour, day, week, month or year. `+- 40%` says how uncertain it is. "
       "`6/year per Customer` "
       "is for each row of an entity and grows with its rows. `16k in 1 hour daily` is a bulk "
       "window: so many calls "
       "within that time, hourly, daily, weekly, monthly or yearly."},
      {Grammar::growth, "growth", "a growth", "3%/month",
       "A percentage per month or year, compounded."},
      {Grammar::usd, "dollars", "an amount in dollars", "5 USD", "US dollars.", true},
      {Grammar::instant, "instant", "a date and time", "2026-11-27 18:00",
       "A date, or a date and time of day, in UTC."},
      {Grammar::attribute_type, "type", "an attribute's type", "string 40 B .. 120 B optional",
       "TYPE [of ATTRIBUTE] [SIZE] [optional | present SHARE]. See TYPES."},
      {Grammar::relation, "relation", "a parent entity", "User as sender_id",
       "Parent [| Other] [as attribute [+ attribute]] [optional]. See RELATIONS."},
      {Grammar::alternatives, "entities", "an entity's name", "User | Organization",
       "An entity, or one of several."},
      {Grammar::retention, "retention", "a retention", "2 years after placed_at",
       "DURATION after ATTRIBUTE, or until ATTRIBUTE."},
      {Grammar::move, "move", "a move", "OPEN | PENDING -> SOLVED",
       "A state, or several, and the state that it becomes. `any` on either side stands for every "
       "state."},
      {Grammar::state_move, "state-move", "a move", "status OPEN -> PAID",
       "An attribute and a move of its states."},
      {Grammar::reference, "attribute", "an attribute", "customer_id",
       "An attribute, also an ancestor's. `Bid.user_id` names the entity that has it, "
       "`room_id.last_at` follows the "
       "attribute that refers to a parent."},
      {Grammar::source, "source", "an entity or its attribute", "Ticket as assignee_id",
       "Entity [. attribute] [as attribute]; `as` chooses among several relations."},
      {Grammar::order, "order", "an order", "placed_at desc",
       "An attribute and `asc` (the default) or `desc`. Where a list mixes both, a key holds whole "
       "numbers and enums in descending order; no key can hold a text or a timestamp so."},
      {Grammar::narrow, "narrowing", "an attribute and a share", "assignee_id 30%",
       "An attribute, and the share of the requests that give it."},
      {Grammar::limit, "limit", "a limit", "20",
       "A number of rows, or `1 per device_id`: of each value.", true},
      {Grammar::hottest, "hottest", "a share or a rate", "12%",
       "The busiest value's share of the calls, or its rate at the peak. `100% of scheduled_date` "
       "says which "
       "attribute's value concentrates."},
      {Grammar::event_rate, "event-rate", "a rate or a factor", "x8",
       "A rate, or a factor of the mean rate."},
      {Grammar::amount, "amount", "a value", "+:quantity",
       "A constant, `now`, or a run-time value with its operator: `+:n` adds, `-:n` takes away, "
       "`=:n` replaces.",
       true, true},
      {Grammar::returned, "returned", "an attribute or an aggregate", "sum total",
       "An attribute, `count`, or `sum`, `min`, `max` or `average` of an attribute."},
      {Grammar::zipf, "zipf", "a skew", "zipf 1.05", "The exponent of a Zipf distribution."},
      {Grammar::condition, "condition", "a condition", "status = OPEN | PAID and total > :least",
       "See EXPRESSIONS.", false, true, true},
      {Grammar::range, "range", "an attribute and a comparison", "sent_at > :read_at",
       "An attribute alone (between two run-time bounds), or with a comparison. See EXPRESSIONS.",
       false, false, true},
      {Grammar::operand, "expression", "an expression", "at to hour", "See EXPRESSIONS.", true,
       false, true},
  };
  return table;
}

const GrammarInfo& info(Grammar grammar) {
  const GrammarInfo& found = grammar_table()[static_cast<std::size_t>(grammar)];
  DDBPLAN_CHECK(found.grammar == grammar);
  return found;
}

std::string pattern(Grammar grammar) {
  const std::string inner = body(grammar);
  return inner.empty() ? inner : R"(^\s*(?:)" + inner + R"()\s*$)";
}

std::optional<ValueError> check(Grammar grammar, std::string_view text) {
  switch (grammar) {
    case Grammar::text:
      return std::nullopt;
    case Grammar::value:
      return refuse_empty(text, "a value");
    case Grammar::name:
      return error_of(parse_name(text));
    case Grammar::pattern_name:
      return check_pattern_name(text);
    case Grammar::service:
      return check_service(text);
    case Grammar::version:
      return check_version(text);
    case Grammar::integer:
      return error_of(parse_integer(text));
    case Grammar::count:
      return error_of(parse_count(text));
    case Grammar::share:
      return error_of(parse_share(text));
    case Grammar::count_spread:
      return error_of(parse_count_spread(text));
    case Grammar::size:
      return error_of(parse_size(text));
    case Grammar::duration:
      return error_of(parse_duration(text));
    case Grammar::rate:
      return error_of(parse_rate(text));
    case Grammar::growth:
      return error_of(parse_growth(text));
    case Grammar::usd:
      return error_of(parse_usd(text));
    case Grammar::instant:
      return error_of(parse_instant(text));
    case Grammar::attribute_type:
      return error_of(parse_type(text));
    case Grammar::relation:
      return error_of(parse_relation(text));
    case Grammar::alternatives:
      return error_of(parse_alternatives(text));
    case Grammar::retention:
      return error_of(parse_retention(text));
    case Grammar::move:
      return error_of(parse_move(text));
    case Grammar::state_move:
      return error_of(parse_state_move(text));
    case Grammar::reference:
      return error_of(parse_reference(text));
    case Grammar::source:
      return error_of(parse_source(text));
    case Grammar::order:
      return error_of(parse_order(text));
    case Grammar::narrow:
      return error_of(parse_narrow(text));
    case Grammar::limit:
      return error_of(parse_limit(text));
    case Grammar::hottest:
      return error_of(parse_hottest(text));
    case Grammar::event_rate:
      return error_of(parse_event_rate(text));
    case Grammar::amount: {
      if (auto empty = refuse_empty(text, "a value")) return empty;
      return error_of(parse_amount(text));
    }
    case Grammar::returned:
      return error_of(parse_return(text));
    case Grammar::zipf:
      return error_of(parse_zipf(text));
    case Grammar::condition:
      return error_of(parse_condition(text));
    case Grammar::range:
      return error_of(parse_range(text));
    case Grammar::operand:
      return error_of(parse_operand(text));
  }
  return std::nullopt;
}

}  // namespace ddbplan::schema
