// The order in which a table's items expire, kept in step with its items. An item expires when its
// time-to-live attribute is a number of seconds since 1970 that has passed, by no more than five
// years. (Developer Guide, "Time to Live".)
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/collections.h"
#include "engine/key_encoding.h"

namespace ddbplan::engine {

class Expiry {
 public:
  explicit Expiry(std::string attribute) : attribute_(std::move(attribute)) {}

  [[nodiscard]] const std::string& attribute() const { return attribute_; }
  void change(const Position& position, const ItemRef& before, const ItemRef& after);
  /// The first `count_max` places whose items have expired.
  [[nodiscard]] std::vector<Position> expired(std::int64_t now_seconds,
                                              std::size_t count_max) const;

 private:
  [[nodiscard]] std::optional<std::int64_t> time_of(const ItemRef& item) const;

  std::string attribute_;
  std::set<std::pair<std::int64_t, Position>> order_;
};

}  // namespace ddbplan::engine
