#include "emit/json_parts.h"

#include <cmath>

#include <fmt/format.h>

#include "support/units.h"

namespace ddbplan::emit {

Json json_number(double value) {
  if (!std::isfinite(value)) return nullptr;
  // Through text: "750" becomes an integer, so that whole numbers have no ".0".
  return Json::parse(fmt::format("{:.12g}", value == 0 ? 0.0 : value));
}

Json json_money(support::Money money) {
  return Json::parse(support::format_money_exact(money));
}

Json json_mean_max(double mean, double max) {
  return {{"mean", json_number(mean)}, {"max", json_number(max)}};
}

Json json_mean_peak(double mean, double peak) {
  return {{"mean", json_number(mean)}, {"peak", json_number(peak)}};
}

Json json_optional(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Json json_text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::string dump_json(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string dump_json_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ddbplan::emit
