#include "pricing/price_book.h"

#include <doctest/doctest.h>

#include <string>

#include "pricing/built_in.h"

namespace ddbplan::pricing {
namespace {

std::string minimal_book() {
  const std::string prices =
      R"({"write_million": 0.625, "read_million": 0.125, "replicated_write_million": 0.625,
          "write_hour": 0.00065, "read_hour": 0.00013, "replicated_write_hour": 0.00065,
          "storage_gb_month": 0.25})";
  return R"({"format": 1, "as_of": "2026-01-01", "currency": "USD", "source": "a test",
             "regions": {"us-east-1": {"name": "Here", "standard": )" +
         prices + R"(, "infrequent_access": )" + prices + "}}}";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

std::string error_of(const std::string& text) {
  const auto read = PriceBook::from_json(text);
  return read ? "" : read.error();
}

TEST_CASE("the built-in book has the published prices of us-east-1") {
  const PriceBook& book = PriceBook::built_in();
  const RegionPrices* region = book.find("us-east-1");
  REQUIRE(region != nullptr);
  // AWS price list, us-east-1, as in the facts: on-demand 0.625 and 0.125 per million, provisioned
  // 0.00065 and 0.00013 an hour, storage 0.25; Standard-IA 0.78, 0.155, 0.00081, 0.00016, 0.10.
  CHECK(region->standard == ClassPrices{0.625, 0.125, 0.625, 0.00065, 0.00013, 0.00065, 0.25});
  CHECK(region->infrequent_access ==
        ClassPrices{0.78, 0.155, 0.78, 0.00081, 0.00016, 0.00081, 0.1});
  CHECK(region->pitr_gb_month == 0.2);
  CHECK(region->backup_gb_month == 0.1);
  CHECK(region->restore_gb == 0.15);
  CHECK(region->streams_read_per_million == 0.2);
  CHECK(region->name == "US East (N. Virginia)");
  CHECK(book.as_of() == "2025-08-28");
}

TEST_CASE("the built-in book has 36 regions whose prices make sense") {
  const PriceBook& book = PriceBook::built_in();
  CHECK(book.regions().size() == 36);
  CHECK(book.find("eu-west-1") != nullptr);
  CHECK(book.find("xx-nowhere-1") == nullptr);
  for (const std::string& code : book.regions()) {
    CAPTURE(code);
    const RegionPrices& region = *book.find(code);
    // A write costs five reads, near enough, in every region and mode.
    const ClassPrices& standard = region.standard;
    CHECK(standard.write_request_units_per_million > 4.5 * standard.read_request_units_per_million);
    CHECK(standard.write_request_units_per_million < 5.5 * standard.read_request_units_per_million);
    CHECK(standard.write_capacity_unit_hour > 4.5 * standard.read_capacity_unit_hour);
    CHECK(standard.write_capacity_unit_hour < 5.5 * standard.read_capacity_unit_hour);
    // Infrequent access stores for less and asks more for requests.
    CHECK(region.infrequent_access.storage_gb_month < standard.storage_gb_month);
    CHECK(region.infrequent_access.write_request_units_per_million >
          standard.write_request_units_per_million);
    // Replicated units cost what ordinary ones do.
    CHECK(standard.replicated_write_request_units_per_million ==
          standard.write_request_units_per_million);
    CHECK(region.pitr_gb_month.has_value());
  }
}

TEST_CASE("a price file of the user's is read by the same rules") {
  const auto book = PriceBook::from_json(minimal_book());
  REQUIRE(book);
  CHECK(book->as_of() == "2026-01-01");
  CHECK(book->source() == "a test");
  CHECK(book->find("us-east-1")->standard.storage_gb_month == 0.25);
  CHECK_FALSE(book->find("us-east-1")->pitr_gb_month.has_value());
  CHECK(PriceBook::from_json(built_in_prices_json()).ok());
}

TEST_CASE("what is wrong with a price file is named") {
  CHECK(error_of("{").find("the price file is not JSON: ") == 0);
  CHECK(error_of("[]") == "the price file is not a JSON object");
  CHECK(error_of("{}") == "the price file.format is missing");
  CHECK(error_of(replaced(minimal_book(), "\"format\": 1", "\"format\": 2")) ==
        "format is not 1: the file is for another version of ddbplan");
  CHECK(error_of(replaced(minimal_book(), "USD", "EUR")) == "currency is not USD");
  CHECK(error_of(replaced(minimal_book(), "\"read_hour\": 0.00013, ", "")) ==
        "regions.us-east-1.standard.read_hour is missing");
  CHECK(error_of(replaced(minimal_book(), "0.625", "\"cheap\"")) ==
        "regions.us-east-1.standard.write_million is not a number");
  CHECK(error_of(replaced(minimal_book(), "0.625", "-1")) ==
        "regions.us-east-1.standard.write_million is not a price");
  CHECK(error_of(replaced(minimal_book(), "\"name\": \"Here\", ", "")) ==
        "regions.us-east-1.name is missing");
}

}  // namespace
}  // namespace ddbplan::pricing
