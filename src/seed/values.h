// Single values of declared types and sizes: what the columns of the seed are made of. Each is a
// function of a generator of random numbers and of the size wanted; none knows what the value is
// for.
#pragma once

#include <string>

#include "model/entity.h"
#include "support/prng.h"

namespace ddbplan::seed {

/// UTF-8 text of exactly `bytes` bytes (at least 1). Every eighth holds what breaks careless keys
/// and encoders: blanks, '#', '$', quotes, backslashes, letters of two bytes. The first byte is one
/// of ten letters, all equally frequent, so that a prefix of one letter keeps a tenth.
std::string random_text(support::Prng& prng, std::int64_t bytes);
/// Letters and digits only, exactly `bytes` of them (at least 1).
std::string random_word(support::Prng& prng, std::int64_t bytes);

/// A ULID of this time (github.com/ulid/spec), a KSUID (github.com/segmentio/ksuid), a UUID of
/// version 4, or of version 7, which sorts as its time (RFC 9562).
std::string random_ulid(support::Prng& prng, std::int64_t ms);
std::string random_ksuid(support::Prng& prng, std::int64_t ms);
std::string random_uuid(support::Prng& prng);
std::string random_uuid7(support::Prng& prng, std::int64_t ms);

/// A whole number that is stored in `bytes` bytes: 2 (bytes - 1) digits or one less. 1 byte is
/// zero.
dynamo::Decimal random_whole(support::Prng& prng, std::int64_t bytes);
/// The same with two digits after the point, as prices have.
dynamo::Decimal random_decimal(support::Prng& prng, std::int64_t bytes);

/// A list of texts, or a map, that takes `bytes` bytes as DynamoDB counts them, with `entries`
/// entries when that is not 0.
dynamo::AttributeValue random_list(support::Prng& prng, std::int64_t bytes, std::int64_t entries);
dynamo::AttributeValue random_map(support::Prng& prng, std::int64_t bytes, std::int64_t entries);
/// A set of `entries` different elements, `bytes` in all.
dynamo::AttributeValue random_set(support::Prng& prng, model::ValueType element, std::int64_t bytes,
                                  std::int64_t entries);

/// One of `words` words that calls look for with `contains`, put into a text, or into a set as an element of it;
/// the size stays where there is room. Texts of up to `kSoughtBytes` bytes stay as they are.
inline constexpr std::int64_t kSoughtBytes = 4;
void put_sought_word(support::Prng& prng, int words, dynamo::AttributeValue& value);
/// The word that is in the value; empty: none is.
std::string sought_word_in(const dynamo::AttributeValue& value);

using model::enum_value;

/// Both rows have the same value of the attribute, or neither has one.
bool same_value(const dynamo::Item& a, const dynamo::Item& b, const std::string& name);

}  // namespace ddbplan::seed
