// Copies, counters and rollups kept in a transaction: what would be left behind is refused, with the pattern's name.

#include <doctest/doctest.h>

#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

namespace {

std::string refusal(const std::string& entities, const std::string& patterns) {
  const Planned p = plan_text(entities, patterns);
  CHECK(p.errors() == std::vector<std::string>{"DDB119"});
  const std::string text = p.messages();
  const std::size_t at = text.find("not planned yet: ");
  return at == std::string::npos ? text : text.substr(at + 17, text.find('\n', at) - at - 17);
}

const std::string kProducts =
    "Brand: {id: brand_id, count: 60, attributes: {brand_id: ulid, name: string 14 B}}\n"
    "Product: {id: sku, belongs_to: {Brand: 6 .. 20}, attributes: {sku: string 10 B, price: "
    "integer, brand: {copy_of: brand_id.name, kept: transaction}}}\n";
const std::string kWrites =
    "found: {create: Brand}\nadd: {create: Product}\n"
    "rename: {update: Brand, by: brand_id, set: [name], rate: 1/min}\n";

}  // namespace

TEST_CASE("a copy that is copied on") {
  CHECK(refusal(kProducts +
                    "Offer: {id: offer_id, belongs_to: {Product: 2 .. 5}, attributes: {offer_id: "
                    "ulid, brand: {copy_of: sku.brand, kept: transaction}}}",
                kWrites + "offer: {create: Offer}\nof: {list: Offer, by: sku}") ==
        "a copy that is copied on, as Offer.brand, kept in a transaction (access pattern rename)");
}

TEST_CASE("a copy that a rollup groups by") {
  CHECK(refusal(kProducts +
                    "PerName: {rollup: {of: Product, by: [brand], kept: transaction, keep: {n: "
                    "count}}}",
                kWrites + "got: {get: PerName, by: brand}") ==
        "a copy that the rollup PerName depends on, kept in a transaction (access pattern "
        "rename)");
}

TEST_CASE("a copy that is part of a unique value") {
  CHECK(refusal("Brand: {id: brand_id, count: 60, attributes: {brand_id: ulid, name: string 14 "
                "B}}\nProduct: {id: sku, belongs_to: {Brand: 6 .. 20}, unique: [[brand, "
                "size]], attributes: {sku: string 10 B, size: string 2 B, brand: {copy_of: "
                "brand_id.name, kept: transaction}}}",
                kWrites + "of: {list: Product, by: brand_id}") ==
        "a copy that a unique value holds, kept in a transaction (access pattern rename)");
}

TEST_CASE("copies in one kind of row by two relations") {
  CHECK(refusal("User: {id: user_id, count: 300, attributes: {user_id: ulid, name: string 14 "
                "B}}\nReview: {id: review_id, belongs_to: {User as author_id: 5 .. 20, User as "
                "editor_id: 5 .. 20}, attributes: {review_id: ulid, a_name: {copy_of: "
                "author_id.name, kept: transaction}, e_name: {copy_of: editor_id.name, kept: "
                "transaction}}}",
                "join: {create: User}\nadd: {create: Review}\n"
                "rename: {update: User, by: user_id, set: [name], rate: 1/min}") ==
        "copies in Review by two relations, kept in a transaction, which takes a row once; kept: "
        "stream is (access pattern rename)");
}

namespace {

/// Readings and a rollup of them that keeps this, with one more write.
std::string refused_rollup(const std::string& by, const std::string& keep,
                           const std::string& write) {
  return refusal(
      "Meter: {id: meter_id, count: 60, attributes: {meter_id: string 9 B}}\n"
      "Reading: {id: [meter_id, reading_id], belongs_to: {Meter: 20 .. 60}, attributes: "
      "{reading_id: ulid, at: timestamp, watts: integer, kind: {one_of: [A, B, C]}}}\n"
      "Kinds: {rollup: {of: Reading, by: {meter_id, " +
          by + "}, kept: transaction, keep: {" + keep + "}}}",
      "install: {create: Meter}\nrecord: {create: Reading}\nfix: {" + write +
          "}\ntrend: {list: Kinds, by: meter_id}");
}

const std::string kByReading = ", by: [meter_id, reading_id]";

}  // namespace

TEST_CASE("only the rows of a group know its extremes without one of them") {
  const std::string most = "n: count, most: max watts";
  CHECK(refused_rollup("kind", most, "update: Reading" + kByReading + ", set: [kind]") ==
        "a change of rows of which the rollup Kinds keeps most, the max of watts, in the same "
        "transaction (access pattern fix)");
  CHECK(refused_rollup("kind", most, "delete: Reading" + kByReading) ==
        "a delete of rows of which the rollup Kinds keeps most, the max of watts, in the same "
        "transaction (access pattern fix)");
}

TEST_CASE("a change of the time that a rollup cuts its groups from") {
  CHECK(refused_rollup("day: at to day", "n: count",
                       "update: Reading" + kByReading + ", set: [at]") ==
        "a change of what day is made of, which the rollup Kinds groups by in the same transaction "
        "(access pattern fix)");
}

}  // namespace ddbplan::test
