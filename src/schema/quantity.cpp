#include "schema/quantity.h"

#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "support/text.h"

namespace ddbplan::schema {
namespace {

struct Scale {
  std::string_view suffix;
  double factor;
};
constexpr std::array<Scale, 4> kCountScales = {{{"k", 1e3}, {"M", 1e6}, {"B", 1e9}, {"T", 1e12}}};
constexpr std::array<Scale, 4> kSizeScales = {
    {{"B", 1}, {"KB", 1024}, {"MB", 1024.0 * 1024}, {"GB", 1024.0 * 1024 * 1024}}};

struct TimeWord {
  std::string_view word;
  double seconds;
  bool is_month = false;
};
constexpr std::array<TimeWord, 20> kTimeWords = {{{"ms", 0.001},
                                                  {"s", 1},
                                                  {"sec", 1},
                                                  {"second", 1},
                                                  {"seconds", 1},
                                                  {"min", 60},
                                                  {"minute", 60},
                                                  {"minutes", 60},
                                                  {"h", 3600},
                                                  {"hour", 3600},
                                                  {"hours", 3600},
                                                  {"day", support::kSecondsPerDay},
                                                  {"days", support::kSecondsPerDay},
                                                  {"week", 7 * support::kSecondsPerDay},
                                                  {"weeks", 7 * support::kSecondsPerDay},
                                                  {"month", 0, true},
                                                  {"months", 0, true},
                                                  {"year", support::kSecondsPerYear},
                                                  {"years", support::kSecondsPerYear},
                                                  {"d", support::kSecondsPerDay}}};

constexpr std::string_view kTimeUnits = "s, min, hours, days, weeks, months or years";

std::optional<GivenDuration> time_unit(std::string_view word) {
  for (const TimeWord& known : kTimeWords) {
    if (known.word == word) return GivenDuration{1, known.seconds, known.is_month};
  }
  return std::nullopt;
}

std::string found(Cursor& cursor) {
  return cursor.at_end() ? "nothing" : fmt::format("`{}`", cursor.next_token());
}

/// Runs `read` over the whole text; what is left over is an error.
template <class T, class Read>
Parsed<T> whole(std::string_view text, std::string_view what, Read read) {
  Cursor cursor(text);
  Parsed<T> result = read(cursor);
  if (!result) return result;
  if (cursor.at_end()) return result;
  const std::size_t begin = cursor.position();
  return ValueError{
      begin, text.size(), fmt::format("`{}` does not belong in {}", cursor.rest(), what), {}};
}

/// A number glued to, or followed by, a word of letters. The word is empty when there is none.
struct Measured {
  Cursor::Number number;
  std::string word;
  std::size_t word_at = 0;
};
std::optional<Measured> measured(Cursor& cursor) {
  const std::optional<Cursor::Number> number = cursor.number();
  if (!number) return std::nullopt;
  Measured result{*number, {}, cursor.position()};
  const std::size_t before = cursor.position();
  if (std::optional<std::string> word = cursor.name()) {
    result.word_at = cursor.position() - word->size();
    result.word = std::move(*word);
  } else {
    cursor.rewind(before);
  }
  return result;
}

/// Two of `read` around `..`; `mean` alone and `.. max` alone are fine.
template <class Read>
Parsed<GivenSpread> read_spread(Cursor& cursor, Read read) {
  GivenSpread spread;
  if (cursor.accept("..")) {
    const Parsed<double> max = read(cursor);
    if (!max) return max.error();
    spread.max = *max;
    return spread;
  }
  const Parsed<double> mean = read(cursor);
  if (!mean) return mean.error();
  spread.mean = *mean;
  if (!cursor.accept("..")) return spread;
  const Parsed<double> max = read(cursor);
  if (!max) return max.error();
  spread.max = *max;
  return spread;
}

Parsed<double> read_one_size(Cursor& cursor) {
  const std::optional<Measured> parts = measured(cursor);
  if (!parts) {
    return cursor.error_here(fmt::format("a size is expected, {} was found", found(cursor)),
                             "Write a number and B, KB or MB: `40 B`, `2 KB`.");
  }
  for (const Scale& scale : kSizeScales) {
    if (scale.suffix == parts->word) return parts->number.value * scale.factor;
  }
  if (parts->word.empty()) {
    return ValueError{parts->number.begin, parts->number.end, "this size has no unit",
                      fmt::format("Write `{} B` or `{} KB` (1 KB is 1,024 B).",
                                  support::format_number(parts->number.value),
                                  support::format_number(parts->number.value))};
  }
  return ValueError{parts->word_at, cursor.position(),
                    fmt::format("`{}` is not a unit of size", parts->word),
                    "Sizes are given in B, KB or MB."};
}

Parsed<GivenDuration> read_per(Cursor& cursor) {
  const std::size_t begin = cursor.position();
  if (!cursor.accept("/")) {
    return cursor.error_here(
        fmt::format("a rate needs a unit of time, {} was found", found(cursor)),
        "Write `300/s`, `60/day`, `6/year per Customer` or `16k in 1 hour daily`.");
  }
  const std::string word = cursor.peek_name();
  if (const std::optional<GivenDuration> unit = time_unit(word)) {
    static_cast<void>(cursor.name());
    return *unit;
  }
  cursor.skip_blanks();
  return ValueError{begin, cursor.position() + cursor.next_token().size(),
                    fmt::format("`{}` is not a unit of time", cursor.next_token()),
                    "Rates are given per s, min, hour, day, week, month or year."};
}

std::optional<GivenDuration> period(Cursor& cursor) {
  if (cursor.accept_word("hourly")) return time_unit("hour");
  if (cursor.accept_word("daily")) return time_unit("day");
  if (cursor.accept_word("weekly")) return time_unit("week");
  if (cursor.accept_word("monthly")) return time_unit("month");
  if (cursor.accept_word("yearly")) return time_unit("year");
  return std::nullopt;
}

Parsed<GivenRate> read_window(Cursor& cursor, double count) {
  GivenRate rate;
  rate.count = count;
  const Parsed<GivenDuration> length = read_duration(cursor);
  if (!length) return length.error();
  const std::optional<GivenDuration> every = period(cursor);
  if (!every) {
    return cursor.error_here(
        fmt::format("how often this window comes is expected, {} was found", found(cursor)),
        "Write hourly, daily, weekly, monthly or yearly: `16k in 1 hour daily`.");
  }
  rate.per = *every;
  rate.window = GivenRate::Window{*length, *every};
  return rate;
}

/// `+- 40%`, before or after `per Customer`.
std::optional<ValueError> read_uncertainty(Cursor& cursor, GivenRate& rate) {
  if (!cursor.accept("+-")) return std::nullopt;
  const Parsed<double> share = read_share(cursor);
  if (!share) return share.error();
  rate.uncertainty = *share;
  return std::nullopt;
}

bool all_digits(std::string_view text, std::size_t begin, std::size_t count) {
  for (std::size_t i = begin; i < begin + count; ++i) {
    if (i >= text.size() || !is_digit(text[i])) return false;
  }
  return true;
}

int two_digits(std::string_view text, std::size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

}  // namespace

support::Duration GivenDuration::resolve(const Calendar& calendar) const {
  return {value * (is_months ? calendar.hours_per_month * 3600 : unit_seconds)};
}

double GivenRate::per_second(const Calendar& calendar) const {
  return count / per.resolve(calendar).seconds;
}

bool at_quantity(Cursor& cursor) {
  const char next = cursor.peek();
  return is_digit(next) || next == '-' || next == '+' || cursor.rest().substr(0, 2) == "..";
}

Parsed<double> read_count(Cursor& cursor) {
  const std::optional<Cursor::Number> number = cursor.number();
  if (!number) {
    return cursor.error_here(fmt::format("a number is expected, {} was found", found(cursor)),
                             "Write `12`, `80k`, `2M` or `6.5B`.");
  }
  for (const Scale& scale : kCountScales) {
    if (cursor.accept_word(scale.suffix)) return number->value * scale.factor;
  }
  return number->value;
}

Parsed<double> read_share(Cursor& cursor) {
  const std::optional<Cursor::Number> number = cursor.number();
  if (!number) {
    return cursor.error_here(fmt::format("a percentage is expected, {} was found", found(cursor)),
                             "Write `5%`.");
  }
  if (!cursor.accept("%")) {
    return ValueError{
        number->begin, number->end, "this share has no unit",
        fmt::format("Write `{}%`.", support::format_number(number->value <= 1 ? number->value * 100
                                                                              : number->value))};
  }
  return number->value / 100;
}

Parsed<GivenSpread> read_count_spread(Cursor& cursor) {
  return read_spread(cursor, read_count);
}

Parsed<GivenSpread> read_size(Cursor& cursor) {
  return read_spread(cursor, read_one_size);
}

Parsed<GivenDuration> read_duration(Cursor& cursor) {
  const std::optional<Measured> parts = measured(cursor);
  if (!parts) {
    return cursor.error_here(fmt::format("a duration is expected, {} was found", found(cursor)),
                             "Write a number and a unit: `10 min`, `30 days`, `2 years`.");
  }
  std::optional<GivenDuration> unit = time_unit(parts->word);
  if (unit) {
    unit->value = parts->number.value;
    return *unit;
  }
  if (parts->word.empty()) {
    return ValueError{parts->number.begin, parts->number.end, "this duration has no unit",
                      fmt::format("Durations are given in {}.", kTimeUnits)};
  }
  return ValueError{parts->word_at, cursor.position(),
                    fmt::format("`{}` is not a unit of time", parts->word),
                    fmt::format("Durations are given in {}.", kTimeUnits)};
}

Parsed<GivenRate> read_rate(Cursor& cursor) {
  const Parsed<double> count = read_count(cursor);
  if (!count) {
    ValueError error = count.error();
    error.message = fmt::format("a rate is expected, {} was found", found(cursor));
    error.help = "Write `300/s`, `60/day`, `6/year per Customer` or `16k in 1 hour daily`.";
    return error;
  }
  if (cursor.accept_word("in")) return read_window(cursor, *count);
  GivenRate rate;
  rate.count = *count;
  const Parsed<GivenDuration> per = read_per(cursor);
  if (!per) return per.error();
  rate.per = *per;
  if (std::optional<ValueError> error = read_uncertainty(cursor, rate)) return *error;
  if (cursor.accept_word("per")) {
    std::optional<std::string> entity = cursor.name();
    if (!entity) {
      return cursor.error_here(
          fmt::format("an entity's name is expected after `per`, {} was found", found(cursor)),
          "Write `6/year per Customer`.");
    }
    rate.per_entity_at = cursor.position() - entity->size();
    rate.per_entity = std::move(*entity);
    if (std::optional<ValueError> error = read_uncertainty(cursor, rate)) return *error;
  }
  return rate;
}

Parsed<double> parse_count(std::string_view text) {
  return whole<double>(text, "a count", read_count);
}

Parsed<double> parse_integer(std::string_view text) {
  const auto read = [](Cursor& cursor) -> Parsed<double> {
    const std::optional<Cursor::Number> number = cursor.number();
    const bool plain =
        number &&
        cursor.text().substr(number->begin, number->end - number->begin).find_first_of(".eE") ==
            std::string_view::npos;
    if (!plain) {
      if (number) cursor.rewind(number->begin);
      return cursor.error_here(
          fmt::format("a whole number is expected, {} was found", found(cursor)));
    }
    return number->value;
  };
  return whole<double>(text, "a whole number", read);
}

Parsed<double> parse_share(std::string_view text) {
  return whole<double>(text, "a percentage", read_share);
}

Parsed<GivenSpread> parse_count_spread(std::string_view text) {
  return whole<GivenSpread>(text, "a number `mean .. maximum`", read_count_spread);
}

Parsed<GivenSpread> parse_size(std::string_view text) {
  return whole<GivenSpread>(text, "a size `mean .. maximum`", read_size);
}

Parsed<GivenDuration> parse_duration(std::string_view text) {
  return whole<GivenDuration>(text, "a duration", read_duration);
}

Parsed<GivenRate> parse_rate(std::string_view text) {
  return whole<GivenRate>(text, "a rate", read_rate);
}

Parsed<double> parse_growth(std::string_view text) {
  const auto read = [](Cursor& cursor) -> Parsed<double> {
    const Parsed<double> share = read_share(cursor);
    if (!share) {
      ValueError error = share.error();
      error.help = "Write `3%/month`.";
      return error;
    }
    if (cursor.accept("/")) {
      if (cursor.accept_word("month")) return *share;
      // Compounded: twelve months of it make the year's growth.
      if (cursor.accept_word("year")) return std::pow(1 + std::max(*share, -1.0), 1.0 / 12) - 1;
    }
    return cursor.error_here(
        fmt::format("`/month` or `/year` is expected, {} was found", found(cursor)),
        "Write `3%/month`.");
  };
  return whole<double>(text, "a growth", read);
}

Parsed<double> parse_usd(std::string_view text) {
  const auto read = [](Cursor& cursor) -> Parsed<double> {
    cursor.accept("$");
    const std::optional<Cursor::Number> number = cursor.number();
    if (!number) {
      return cursor.error_here(
          fmt::format("an amount in dollars is expected, {} was found", found(cursor)),
          "Write `5 USD`.");
    }
    cursor.accept_word("USD");
    return number->value;
  };
  return whole<double>(text, "an amount in dollars", read);
}

Parsed<double> parse_factor(std::string_view text) {
  const auto read = [](Cursor& cursor) -> Parsed<double> {
    std::optional<Cursor::Number> number;
    if (cursor.accept("x")) number = cursor.number();
    if (!number) {
      return cursor.error_here(fmt::format("a factor is expected, {} was found", found(cursor)),
                               "Write `x8`.");
    }
    return number->value;
  };
  return whole<double>(text, "a factor", read);
}

Parsed<std::string> parse_instant(std::string_view text) {
  const ValueError malformed{0, text.size(), fmt::format("`{}` is not a date and time", text),
                             "Write it in UTC: `2026-11-27 18:00`."};
  if (!all_digits(text, 0, 4) || text.substr(4, 1) != "-" || !all_digits(text, 5, 2) ||
      text.substr(7, 1) != "-" || !all_digits(text, 8, 2)) {
    return malformed;
  }
  const int month = two_digits(text, 5);
  const int day = two_digits(text, 8);
  if (month < 1 || month > 12 || day < 1 || day > 31) return malformed;
  std::string_view time = text.substr(10);
  if (!time.empty() && time.back() == 'Z') time.remove_suffix(1);
  if (time.empty()) return std::string(text.substr(0, 10)) + "T00:00:00Z";
  if ((time[0] != ' ' && time[0] != 'T') || !all_digits(time, 1, 2) || time.substr(3, 1) != ":" ||
      !all_digits(time, 4, 2) || two_digits(time, 1) > 23 || two_digits(time, 4) > 59) {
    return malformed;
  }
  std::string seconds = "00";
  if (time.size() > 6) {
    if (time.size() != 9 || time[6] != ':' || !all_digits(time, 7, 2) || two_digits(time, 7) > 59) {
      return malformed;
    }
    seconds = time.substr(7, 2);
  }
  return fmt::format("{}T{}:{}Z", text.substr(0, 10), time.substr(1, 5), seconds);
}

}  // namespace ddbplan::schema
