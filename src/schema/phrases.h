// The language's short phrases, as text: `string 40 B .. 120 B optional`, `Photo as photo_id`, `2
// years after placed_at`, `status OPEN | PENDING -> SOLVED`, `placed_at desc`, `1 per device_id`.
// Like quantity.h, each reads the whole text or says what is wrong with it and where; names are
// only read, not looked up.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/entity.h"
#include "model/pattern.h"
#include "schema/quantity.h"

namespace ddbplan::schema {

/// A name in a phrase and its bytes.
struct Word {
  std::string text;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// `set of string 12 .. 50 x 40 B present 4%`.
struct TypePhrase {
  model::ValueType type = model::ValueType::string;
  std::optional<model::ValueType> element;
  std::optional<Word> sorts_as;
  std::optional<GivenSpread> size;
  std::optional<GivenSpread> entries;
  bool optional = false;
  std::optional<double> present;
};
Parsed<TypePhrase> parse_type(std::string_view text);
/// The type's name in the language.
std::string_view type_name(model::ValueType type);

/// `User | Organization as owner`, `Repo as repo_owner + repo_name`, `Driver optional`.
struct RelationPhrase {
  std::vector<Word> parents;
  std::vector<Word> attributes;
  bool optional = false;
};
Parsed<RelationPhrase> parse_relation(std::string_view text);

/// `User | Organization`.
Parsed<std::vector<Word>> parse_alternatives(std::string_view text);

/// `2 years after placed_at` or `until expires_at`.
struct RetentionPhrase {
  std::optional<GivenDuration> after;
  Word attribute;
};
Parsed<RetentionPhrase> parse_retention(std::string_view text);

/// `OPEN | PENDING -> SOLVED`; `any` on either side is an empty `from` or no `to`.
struct MovePhrase {
  Word attribute;  ///< empty in `moves`, whose attribute is known
  std::vector<Word> from;
  std::optional<Word> to;
};
Parsed<MovePhrase> parse_move(std::string_view text);
Parsed<MovePhrase> parse_state_move(std::string_view text);

/// `a` or `A.b`.
Parsed<Word> parse_reference(std::string_view text);
/// A plain name.
Parsed<Word> parse_name(std::string_view text);

/// `Ticket as assignee_id`, `Message.sent_at`, `Order.total as customer_id`.
struct SourcePhrase {
  Word source;
  std::string attribute;
  std::optional<Word> as;
};
Parsed<SourcePhrase> parse_source(std::string_view text);

/// `placed_at desc`; ascending unless said.
struct OrderPhrase {
  Word attribute;
  model::Direction direction = model::Direction::ascending;
};
Parsed<OrderPhrase> parse_order(std::string_view text);

/// `assignee_id 30%`.
struct NarrowPhrase {
  Word attribute;
  std::optional<double> share;
};
Parsed<NarrowPhrase> parse_narrow(std::string_view text);

/// `20` or `1 per device_id`.
struct LimitPhrase {
  double count = 0;
  std::optional<Word> per;
};
Parsed<LimitPhrase> parse_limit(std::string_view text);

/// `12%`, `100% of scheduled_date`, `300/s`.
struct HottestPhrase {
  std::optional<double> share;
  std::optional<Word> of;
  std::optional<GivenRate> rate;
};
Parsed<HottestPhrase> parse_hottest(std::string_view text);

/// `400/s` or `x8`.
struct EventRatePhrase {
  std::optional<double> factor;
  std::optional<GivenRate> rate;
};
Parsed<EventRatePhrase> parse_event_rate(std::string_view text);

/// `+:quantity`, `-:quantity`, `=:name`, `now`, `3`, `-3`, `false`, `OPEN`, `'two words'`.
struct AmountPhrase {
  enum class Kind { parameter, number, now, word } kind = Kind::word;
  char sign = '\0';  ///< + - = or nothing
  std::string text;
};
Parsed<AmountPhrase> parse_amount(std::string_view text);

/// `count`, `sum total`, `min price`, or an attribute.
struct ReturnPhrase {
  std::string function;  ///< empty for an attribute
  std::optional<Word> attribute;
};
Parsed<ReturnPhrase> parse_return(std::string_view text);

/// `zipf 1.05`.
Parsed<double> parse_zipf(std::string_view text);

}  // namespace ddbplan::schema
