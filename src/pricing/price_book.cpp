#include "pricing/price_book.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "pricing/built_in.h"
#include "support/check.h"

namespace ddbplan::pricing {
namespace {

using Json = nlohmann::json;

/// What is wrong with a price file. Thrown and caught in this file only.
struct Unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const Json& member(const Json& object, const char* name, const std::string& path) {
  const auto found = object.find(name);
  if (found == object.end()) throw Unusable(path + "." + name + " is missing");
  return *found;
}

double price_value(const Json& value, const std::string& path) {
  if (!value.is_number()) throw Unusable(path + " is not a number");
  const double price = value.get<double>();
  if (!std::isfinite(price) || price < 0) throw Unusable(path + " is not a price");
  return price;
}

double price(const Json& object, const char* name, const std::string& path) {
  return price_value(member(object, name, path), path + "." + name);
}

std::optional<double> optional_price(const Json& object, const char* name,
                                     const std::string& path) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return price_value(*found, path + "." + name);
}

std::string text(const Json& object, const char* name, const std::string& path) {
  const Json& value = member(object, name, path);
  if (!value.is_string()) throw Unusable(path + "." + name + " is not a text");
  return value.get<std::string>();
}

const Json& object_member(const Json& parent, const char* name, const std::string& path) {
  const Json& value = member(parent, name, path);
  if (!value.is_object()) throw Unusable(path + "." + name + " is not an object");
  return value;
}

ClassPrices read_class(const Json& region, const char* name, const std::string& path) {
  const Json& object = object_member(region, name, path);
  const std::string here = path + "." + name;
  ClassPrices prices;
  prices.write_request_units_per_million = price(object, "write_million", here);
  prices.read_request_units_per_million = price(object, "read_million", here);
  prices.replicated_write_request_units_per_million =
      price(object, "replicated_write_million", here);
  prices.write_capacity_unit_hour = price(object, "write_hour", here);
  prices.read_capacity_unit_hour = price(object, "read_hour", here);
  prices.replicated_write_capacity_unit_hour = price(object, "replicated_write_hour", here);
  prices.storage_gb_month = price(object, "storage_gb_month", here);
  return prices;
}

RegionPrices read_region(const std::string& code, const Json& object) {
  const std::string path = "regions." + code;
  if (!object.is_object()) throw Unusable(path + " is not an object");
  RegionPrices region;
  region.code = code;
  region.name = text(object, "name", path);
  region.standard = read_class(object, "standard", path);
  region.infrequent_access = read_class(object, "infrequent_access", path);
  region.pitr_gb_month = optional_price(object, "pitr_gb_month", path);
  region.backup_gb_month = optional_price(object, "backup_gb_month", path);
  region.restore_gb = optional_price(object, "restore_gb", path);
  region.export_gb = optional_price(object, "export_gb", path);
  region.import_gb = optional_price(object, "import_gb", path);
  region.streams_read_per_million = optional_price(object, "streams_read_million", path);
  return region;
}

void check_header(const Json& document) {
  if (!document.is_object()) throw Unusable("the price file is not a JSON object");
  const Json& format = member(document, "format", "the price file");
  if (format != 1) throw Unusable("format is not 1: the file is for another version of ddbplan");
  if (text(document, "currency", "the price file") != "USD") {
    throw Unusable("currency is not USD");
  }
}

}  // namespace

const PriceBook& PriceBook::built_in() {
  static const PriceBook book = [] {
    support::Result<PriceBook, std::string> read = from_json(built_in_prices_json());
    DDBPLAN_CHECK_MSG(read.ok(), "prices.json: " + (read.ok() ? std::string() : read.error()));
    return std::move(read).value();
  }();
  return book;
}

support::Result<PriceBook, std::string> PriceBook::from_json(std::string_view json) {
  try {
    const Json document = Json::parse(json);
    check_header(document);
    PriceBook book;
    book.as_of_ = text(document, "as_of", "the price file");
    book.source_ = text(document, "source", "the price file");
    // nlohmann's objects are ordered by name, which keeps find() a binary search.
    for (const auto& [code, region] :
         object_member(document, "regions", "the price file").items()) {
      book.regions_.push_back(read_region(code, region));
    }
    if (book.regions_.empty()) throw Unusable("regions is empty");
    return book;
  } catch (const Json::exception& broken) {
    return std::string("the price file is not JSON: ") + broken.what();
  } catch (const Unusable& unusable) {
    return std::string(unusable.what());
  }
}

const RegionPrices* PriceBook::find(std::string_view region) const {
  const auto found = std::lower_bound(
      regions_.begin(), regions_.end(), region,
      [](const RegionPrices& one, std::string_view code) { return one.code < code; });
  return found == regions_.end() || found->code != region ? nullptr : &*found;
}

std::vector<std::string> PriceBook::regions() const {
  std::vector<std::string> codes;
  for (const RegionPrices& region : regions_) codes.push_back(region.code);
  return codes;
}

}  // namespace ddbplan::pricing
