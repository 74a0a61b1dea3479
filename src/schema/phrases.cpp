#include "schema/phrases.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "support/diagnostics.h"

namespace ddbplan::schema {
namespace {

using model::ValueType;

struct TypeName {
  std::string_view name;
  ValueType type;
};
constexpr std::array<TypeName, 15> kTypeNames = {{{"ulid", ValueType::ulid},
                                                  {"ksuid", ValueType::ksuid},
                                                  {"uuid", ValueType::uuid},
                                                  {"string", ValueType::string},
                                                  {"integer", ValueType::integer},
                                                  {"number", ValueType::number},
                                                  {"boolean", ValueType::boolean},
                                                  {"binary", ValueType::binary},
                                                  {"timestamp", ValueType::timestamp},
                                                  {"epoch_s", ValueType::epoch_s},
                                                  {"epoch_ms", ValueType::epoch_ms},
                                                  {"date", ValueType::date},
                                                  {"set", ValueType::set},
                                                  {"list", ValueType::list},
                                                  {"map", ValueType::map}}};

/// What people write who come from SQL, JSON Schema or a programming language.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kForeignTypes = {
    {{"int", "integer"},
     {"long", "integer"},
     {"float", "number"},
     {"double", "number"},
     {"decimal", "number"},
     {"bool", "boolean"},
     {"text", "string"},
     {"varchar", "string"},
     {"str", "string"},
     {"datetime", "timestamp"},
     {"time", "timestamp"},
     {"bytes", "binary"},
     {"array", "list"},
     {"object", "map"},
     {"json", "map"},
     {"id", "ulid"}}};

std::optional<Word> read_word(Cursor& cursor) {
  std::optional<std::string> text = cursor.name();
  if (!text) return std::nullopt;
  const std::size_t end = cursor.position();
  const std::size_t begin = end - text->size();
  return Word{std::move(*text), begin, end};
}

/// The value of an enumeration may start with a digit ("1", "2XL").
std::optional<Word> read_value_word(Cursor& cursor) {
  cursor.skip_blanks();
  const std::size_t begin = cursor.position();
  const std::string_view rest = cursor.rest();
  std::size_t length = 0;
  while (length < rest.size() && (is_name_character(rest[length]) ||
                                  (length > 0 && rest[length] == '-' && length + 1 < rest.size() &&
                                   rest[length + 1] != '>'))) {
    ++length;
  }
  if (length == 0) return std::nullopt;
  cursor.rewind(begin + length);
  return Word{std::string(rest.substr(0, length)), begin, begin + length};
}

std::string found(Cursor& cursor) {
  return cursor.at_end() ? "nothing" : fmt::format("`{}`", cursor.next_token());
}

ValueError expected(Cursor& cursor, std::string_view what, std::string help = {}) {
  return cursor.error_here(fmt::format("{} is expected, {} was found", what, found(cursor)),
                           std::move(help));
}

std::optional<ValueError> leftover(Cursor& cursor, std::string_view what) {
  if (cursor.at_end()) return std::nullopt;
  return ValueError{cursor.position(),
                    cursor.text().size(),
                    fmt::format("`{}` does not belong in {}", cursor.rest(), what),
                    {}};
}

Parsed<std::vector<Word>> read_alternatives(Cursor& cursor, std::string_view what) {
  std::vector<Word> words;
  do {
    std::optional<Word> word = read_word(cursor);
    if (!word) return expected(cursor, what);
    words.push_back(std::move(*word));
  } while (cursor.accept("|"));
  return words;
}

Parsed<Word> read_reference(Cursor& cursor, std::string_view what) {
  std::optional<Word> word = read_word(cursor);
  if (!word) return expected(cursor, what);
  if (cursor.rest().substr(0, 1) == ".") {
    cursor.accept(".");
    const std::optional<Word> part = read_word(cursor);
    if (!part) return expected(cursor, fmt::format("an attribute after `{}.`", word->text));
    word->text += "." + part->text;
    word->end = part->end;
  }
  return std::move(*word);
}

Parsed<ValueType> read_type_name(Cursor& cursor) {
  cursor.skip_blanks();
  const std::size_t begin = cursor.position();
  const std::optional<std::string> name = cursor.name();
  std::vector<std::string> names;
  for (const TypeName& known : kTypeNames) {
    if (name && known.name == *name) return known.type;
    names.emplace_back(known.name);
  }
  if (!name)
    return expected(cursor, "a type", "Types are ulid, uuid, string, integer, number, timestamp …");
  ValueError error{
      begin, cursor.position(), fmt::format("`{}` is not a type", *name),
      "Types are ulid, ksuid, uuid, string, integer, number, boolean, binary, timestamp, epoch_s, "
      "epoch_ms, date, set of TYPE, list and map."};
  for (const auto& [foreign, ours] : kForeignTypes) {
    if (*name == foreign) error.help = fmt::format("Write `{}`.", ours);
  }
  if (const auto near = support::nearest(*name, names))
    error.help = fmt::format("Did you mean `{}`?", *near);
  return error;
}

bool may_have_entries(ValueType type) {
  return type == ValueType::list || type == ValueType::map || type == ValueType::set;
}

/// `40 B .. 120 B`, or of a list, map or set `12 .. 50 x 40 B`.
std::optional<ValueError> read_type_size(Cursor& cursor, TypePhrase& phrase) {
  const std::size_t begin = cursor.position();
  if (may_have_entries(phrase.type)) {
    const Parsed<GivenSpread> entries = read_count_spread(cursor);
    if (entries && cursor.accept_word("x")) {
      const Parsed<GivenSpread> size = read_size(cursor);
      if (!size) return size.error();
      phrase.entries = *entries;
      phrase.size = *size;
      return std::nullopt;
    }
    cursor.rewind(begin);
  }
  const Parsed<GivenSpread> size = read_size(cursor);
  if (!size) return size.error();
  phrase.size = *size;
  return std::nullopt;
}

}  // namespace

std::string_view type_name(ValueType type) {
  for (const TypeName& known : kTypeNames) {
    if (known.type == type) return known.name;
  }
  return "string";
}

Parsed<TypePhrase> parse_type(std::string_view text) {
  Cursor cursor(text);
  TypePhrase phrase;
  const Parsed<ValueType> type = read_type_name(cursor);
  if (!type) return type.error();
  phrase.type = *type;
  if (cursor.accept_word("of")) {
    if (phrase.type == ValueType::set) {
      const std::size_t begin = cursor.position();
      const Parsed<ValueType> element = read_type_name(cursor);
      if (!element) return element.error();
      if (may_have_entries(*element) || *element == ValueType::boolean) {
        return ValueError{begin + 1, cursor.position(),
                          fmt::format("DynamoDB has no sets of {}s", type_name(*element)),
                          "A set holds strings, numbers or binaries; use a list."};
      }
      phrase.element = *element;
    } else {
      phrase.sorts_as = read_word(cursor);
      if (!phrase.sorts_as)
        return expected(cursor, "an attribute after `of`", "Write `ulid of created_at`.");
    }
  } else if (phrase.type == ValueType::set) {
    return expected(cursor, "`of` and the type of the elements", "Write `set of string`.");
  }
  if (at_quantity(cursor)) {
    if (std::optional<ValueError> error = read_type_size(cursor, phrase)) return *error;
  }
  if (cursor.accept_word("optional")) {
    phrase.optional = true;
  } else if (cursor.accept_word("present")) {
    const Parsed<double> share = read_share(cursor);
    if (!share) return share.error();
    phrase.present = *share;
  }
  if (std::optional<ValueError> error = leftover(cursor, "an attribute's type")) {
    error->help = "The form is `TYPE [of ATTRIBUTE] [SIZE] [optional | present 4%]`.";
    return *error;
  }
  return phrase;
}

Parsed<RelationPhrase> parse_relation(std::string_view text) {
  Cursor cursor(text);
  RelationPhrase phrase;
  Parsed<std::vector<Word>> parents = read_alternatives(cursor, "an entity");
  if (!parents) return parents.error();
  phrase.parents = std::move(*parents);
  if (cursor.accept_word("as")) {
    do {
      std::optional<Word> word = read_word(cursor);
      if (!word) return expected(cursor, "an attribute after `as`");
      phrase.attributes.push_back(std::move(*word));
    } while (cursor.accept("+"));
  }
  phrase.optional = cursor.accept_word("optional");
  if (std::optional<ValueError> error = leftover(cursor, "a relation")) {
    error->help = "The form is `Parent [| Other] [as attribute [+ attribute]] [optional]`.";
    return *error;
  }
  return phrase;
}

Parsed<std::vector<Word>> parse_alternatives(std::string_view text) {
  Cursor cursor(text);
  Parsed<std::vector<Word>> words = read_alternatives(cursor, "an entity");
  if (!words) return words;
  if (std::optional<ValueError> error = leftover(cursor, "an entity's name")) return *error;
  return words;
}

Parsed<RetentionPhrase> parse_retention(std::string_view text) {
  constexpr const char* kForms = "Write `2 years after placed_at` or `until expires_at`.";
  Cursor cursor(text);
  RetentionPhrase phrase;
  if (!cursor.accept_word("until")) {
    const Parsed<GivenDuration> duration = read_duration(cursor);
    if (!duration) {
      ValueError error = duration.error();
      error.help = kForms;
      return error;
    }
    phrase.after = *duration;
    if (!cursor.accept_word("after")) return expected(cursor, "`after` and an attribute", kForms);
  }
  std::optional<Word> attribute = read_word(cursor);
  if (!attribute) return expected(cursor, "an attribute", kForms);
  phrase.attribute = std::move(*attribute);
  if (std::optional<ValueError> error = leftover(cursor, "a retention")) return *error;
  return phrase;
}

namespace {

ValueError second_target(Cursor& cursor, const MovePhrase& phrase, const Word& to) {
  ValueError error = cursor.error_here(
      fmt::format("a move goes to one state, and `{}` would be another", cursor.rest()));
  std::string from;
  for (const Word& word : phrase.from) from += (from.empty() ? "" : " | ") + word.text;
  if (!from.empty()) from += ' ';
  const auto other = cursor.accept("|") ? read_value_word(cursor) : std::nullopt;
  const std::string second = other ? other->text : "...";
  error.help =
      phrase.attribute.text.empty()
          ? fmt::format("Write one move for each: `[{0}-> {1}, {0}-> {2}]`.", from, to.text, second)
          : fmt::format(
                "Write one pattern for each, `move: {0} {1}-> {2}` and `move: {0} {1}-> "
                "{3}`; or `-> any`, if each call says which state it is.",
                phrase.attribute.text, from, to.text, second);
  return error;
}

Parsed<MovePhrase> read_move(Cursor& cursor, MovePhrase phrase) {
  constexpr const char* kForm = "Write `OPEN | PENDING -> SOLVED`; `any` stands for every state.";
  if (cursor.peek() != '-') {
    do {
      std::optional<Word> word = read_value_word(cursor);
      if (!word) return expected(cursor, "a state", kForm);
      phrase.from.push_back(std::move(*word));
    } while (cursor.accept("|"));
    if (phrase.from.size() == 1 && phrase.from.front().text == "any") phrase.from.clear();
  }
  if (!cursor.accept("->")) return expected(cursor, "`->` and a state", kForm);
  std::optional<Word> to = read_value_word(cursor);
  if (!to) return expected(cursor, "a state after `->`", kForm);
  if (cursor.peek() == '|') return second_target(cursor, phrase, *to);
  if (to->text != "any") phrase.to = std::move(*to);
  if (std::optional<ValueError> error = leftover(cursor, "a move")) return *error;
  return phrase;
}

}  // namespace

Parsed<MovePhrase> parse_move(std::string_view text) {
  Cursor cursor(text);
  return read_move(cursor, MovePhrase{});
}

Parsed<MovePhrase> parse_state_move(std::string_view text) {
  Cursor cursor(text);
  MovePhrase phrase;
  std::optional<Word> attribute = read_word(cursor);
  if (!attribute) return expected(cursor, "an attribute", "Write `status OPEN -> PAID`.");
  phrase.attribute = std::move(*attribute);
  return read_move(cursor, std::move(phrase));
}

Parsed<Word> parse_reference(std::string_view text) {
  Cursor cursor(text);
  Parsed<Word> word = read_reference(cursor, "an attribute");
  if (!word) return word;
  if (std::optional<ValueError> error = leftover(cursor, "an attribute's name")) return *error;
  return word;
}

Parsed<Word> parse_name(std::string_view text) {
  Cursor cursor(text);
  std::optional<Word> word = read_word(cursor);
  if (!word)
    return expected(cursor, "a name",
                    "Names are letters, digits and `_`, and begin with a letter.");
  if (std::optional<ValueError> error = leftover(cursor, "a name")) {
    error->help = "Names are letters, digits and `_`, and begin with a letter.";
    return *error;
  }
  return std::move(*word);
}

Parsed<SourcePhrase> parse_source(std::string_view text) {
  Cursor cursor(text);
  SourcePhrase phrase;
  std::optional<Word> source = read_word(cursor);
  if (!source) return expected(cursor, "an entity");
  phrase.source = std::move(*source);
  if (cursor.rest().substr(0, 1) == ".") {
    cursor.accept(".");
    std::optional<Word> attribute = read_word(cursor);
    if (!attribute)
      return expected(cursor, fmt::format("an attribute after `{}.`", phrase.source.text));
    phrase.attribute = std::move(attribute->text);
    if (cursor.rest().substr(0, 1) == ".") {
      return cursor.error_here(fmt::format("`{}.{}` is one step, and `{}` would be a second",
                                           phrase.source.text, phrase.attribute, cursor.rest()),
                               "Let the nearer entity hold a copy of it, and copy that copy.");
    }
  }
  if (cursor.accept_word("as")) {
    phrase.as = read_word(cursor);
    if (!phrase.as) return expected(cursor, "an attribute after `as`");
  }
  if (std::optional<ValueError> error = leftover(cursor, "a reference")) return *error;
  return phrase;
}

Parsed<OrderPhrase> parse_order(std::string_view text) {
  Cursor cursor(text);
  Parsed<Word> attribute = read_reference(cursor, "an attribute");
  if (!attribute) return attribute.error();
  OrderPhrase phrase{std::move(*attribute), model::Direction::ascending};
  if (cursor.accept_word("desc")) {
    phrase.direction = model::Direction::descending;
  } else {
    cursor.accept_word("asc");
  }
  if (std::optional<ValueError> error = leftover(cursor, "an order")) {
    error->help = "Write `placed_at desc` or `placed_at asc`; several in a list.";
    return *error;
  }
  return phrase;
}

Parsed<NarrowPhrase> parse_narrow(std::string_view text) {
  Cursor cursor(text);
  Parsed<Word> attribute = read_reference(cursor, "an attribute");
  if (!attribute) return attribute.error();
  NarrowPhrase phrase{std::move(*attribute), std::nullopt};
  if (at_quantity(cursor)) {
    const Parsed<double> share = read_share(cursor);
    if (!share) return share.error();
    phrase.share = *share;
  }
  if (std::optional<ValueError> error = leftover(cursor, "`narrow_by`")) return *error;
  return phrase;
}

Parsed<LimitPhrase> parse_limit(std::string_view text) {
  Cursor cursor(text);
  const Parsed<double> count = read_count(cursor);
  if (!count) return count.error();
  LimitPhrase phrase;
  phrase.count = *count;
  if (cursor.accept_word("per")) {
    phrase.per = read_word(cursor);
    if (!phrase.per) return expected(cursor, "an attribute after `per`");
  }
  if (std::optional<ValueError> error = leftover(cursor, "a limit")) {
    error->help = "Write `20` or `1 per device_id`.";
    return *error;
  }
  return phrase;
}

Parsed<HottestPhrase> parse_hottest(std::string_view text) {
  Cursor cursor(text);
  HottestPhrase phrase;
  const std::optional<Cursor::Number> number = cursor.number();
  if (number && cursor.accept("%")) {
    phrase.share = number->value / 100;
    if (cursor.accept_word("of")) {
      phrase.of = read_word(cursor);
      if (!phrase.of) return expected(cursor, "an attribute after `of`");
    }
  } else {
    cursor.rewind(0);
    const Parsed<GivenRate> rate = read_rate(cursor);
    if (!rate) {
      ValueError error = rate.error();
      error.help = "Write a share (`12%`), a rate (`300/s`) or `{name: rate}`.";
      return error;
    }
    phrase.rate = *rate;
  }
  if (std::optional<ValueError> error = leftover(cursor, "`hottest`")) return *error;
  return phrase;
}

Parsed<EventRatePhrase> parse_event_rate(std::string_view text) {
  EventRatePhrase phrase;
  if (text.substr(0, 1) == "x") {
    const Parsed<double> factor = parse_factor(text);
    if (!factor) return factor.error();
    phrase.factor = *factor;
    return phrase;
  }
  const Parsed<GivenRate> rate = parse_rate(text);
  if (!rate) {
    ValueError error = rate.error();
    error.help = "Write a rate (`400/s`) or a factor of the mean (`x8`).";
    return error;
  }
  phrase.rate = *rate;
  return phrase;
}

Parsed<AmountPhrase> parse_amount(std::string_view text) {
  Cursor cursor(text);
  AmountPhrase phrase;
  const char first = cursor.peek();
  const std::string_view after = cursor.rest().substr(first == '\0' ? 0 : 1);
  const bool signs_a_parameter = after.substr(0, 1) == ":";
  if ((first == '+' || first == '-' || first == '=') && (signs_a_parameter || first == '=')) {
    phrase.sign = first;
    cursor.accept(std::string_view(&first, 1));
  }
  if (cursor.accept(":")) {
    const std::optional<std::string> name = cursor.name();
    if (!name) return expected(cursor, "the name of a run-time value after `:`");
    phrase.kind = AmountPhrase::Kind::parameter;
    phrase.text = *name;
    if (std::optional<ValueError> error = leftover(cursor, "a run-time value")) return *error;
    return phrase;
  }
  if (phrase.sign == '=') return expected(cursor, "`:` and a name after `=`", "Write `=:name`.");
  if (const std::optional<Cursor::Number> number = cursor.number(); number && cursor.at_end()) {
    phrase.kind = AmountPhrase::Kind::number;
    phrase.text = std::string(text.substr(number->begin, number->end - number->begin));
    if (phrase.text.front() == '+') phrase.text.erase(0, 1);
    return phrase;
  }
  phrase.kind = text == "now" ? AmountPhrase::Kind::now : AmountPhrase::Kind::word;
  phrase.text = std::string(text);
  return phrase;
}

Parsed<ReturnPhrase> parse_return(std::string_view text) {
  Cursor cursor(text);
  ReturnPhrase phrase;
  std::optional<Word> first = read_word(cursor);
  if (!first) return expected(cursor, "an attribute, `count` or `sum ATTRIBUTE`");
  const std::string& word = first->text;
  const bool is_function = word == "sum" || word == "min" || word == "max" || word == "average";
  if (is_function && !cursor.at_end()) {
    phrase.function = word;
    phrase.attribute = read_word(cursor);
    if (!phrase.attribute)
      return expected(cursor, fmt::format("an attribute after `{}`", phrase.function));
  } else if (word == "count") {
    phrase.function = word;
  } else {
    phrase.attribute = std::move(*first);
  }
  if (std::optional<ValueError> error = leftover(cursor, "`returns`")) return *error;
  return phrase;
}

Parsed<double> parse_zipf(std::string_view text) {
  Cursor cursor(text);
  if (!cursor.accept_word("zipf")) {
    return expected(cursor, "`zipf` and its exponent",
                    "Write `zipf 1.05`, or name the big ones: `{acme: 12%}`.");
  }
  const std::optional<Cursor::Number> number = cursor.number();
  if (!number) return expected(cursor, "the exponent after `zipf`", "Write `zipf 1.05`.");
  if (std::optional<ValueError> error = leftover(cursor, "a skew")) return *error;
  return number->value;
}

}  // namespace ddbplan::schema
