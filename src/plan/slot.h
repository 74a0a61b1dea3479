// Indexes in the making: which entries share one, and what each asks of its projection.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plan/held.h"

namespace ddbplan::plan {

/// One index in the making: entries of several entities may share it.
struct Slot {
  std::size_t table = 0;
  bool local = false;
  /// Attributes that are the key attributes of that side; nullopt: the side's key is made, and holds any
  /// entity's.
  std::optional<std::vector<std::string>> partition;
  std::optional<std::vector<std::string>> sort;
  bool is_shareable = true;
  std::set<std::size_t> entities;
  dynamo::ProjectionType projection = dynamo::ProjectionType::keys_only;
  std::vector<std::string> attributes;
  std::vector<std::pair<std::size_t, std::size_t>> entries;  ///< (entity, candidate)
  const HeldIndex* held =
      nullptr;  ///< it exists: its name, key attributes and projection are given
};

/// What one entry asks of its slot's projection.
struct EntryDemand {
  std::pair<std::size_t, std::size_t> key;
  bool everything = false;
  std::vector<std::string> attributes;
};

}  // namespace ddbplan::plan
