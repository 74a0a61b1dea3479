// Names of the linear program's columns and words of its comments, and what its rows are about (plan/lp.h).
#pragma once

#include <array>
#include <string>

#include "plan/entity_search.h"
#include "plan/lp_program.h"
#include "support/text.h"

namespace ddbplan::plan {

inline constexpr std::array<const char*, kSlotKinds> kSlotNames = {
    "keys", "include", "all", "local_keys", "local_include", "local_all", "unshared"};

inline std::string key_name(const KeySpec& spec) {
  std::string name = spec.partition.empty() ? "one" : plain(support::join(spec.partition, "."));
  if (!spec.sort.empty()) name += "__" + plain(support::join(spec.sort, "."));
  for (const std::string& inverted : spec.inverted) name += "__desc_" + plain(inverted);
  for (const Equality& fixed : spec.fixed) name += "__only_" + plain(fixed.attribute);
  if (!spec.bucket_attribute.empty()) name += "__bucket";
  if (spec.is_apart) name += "__apart";
  if (spec.local) name += "__local";
  if (spec.held) name += "__in_" + std::to_string(*spec.held + 1);
  return name;
}

/// How a Need is served.
inline std::string way_name(const EntityCandidates& keys, const Option& option) {
  switch (option.kind) {
    case Option::Kind::base:
      return "__base";
    case Option::Kind::guard:
      return "__guard";
    case Option::Kind::scan:
      return "__scan";
    case Option::Kind::entry:
      break;
  }
  return "__" + key_name(keys.entries[option.candidate]) + (option.fetch ? "__fetch" : "");
}

inline std::string payment_text(pricing::PaymentMode mode) {
  return std::string(mode.provisioned ? "provisioned" : "on demand") + ", table class " +
         (mode.infrequent_access ? "Standard-Infrequent Access" : "Standard");
}

/// Units of one table or index at a sampled month and a moment, in columns.
struct Resource {
  std::size_t table = 0;
  Slot slot;
  bool is_write = false;
  auto operator<=>(const Resource&) const = default;
};

/// Those of the entities of a table.
inline std::map<std::size_t, Program::Terms> in_table(
    std::map<std::size_t, Program::Terms> by_entity, const TablePlan& tables, std::size_t table) {
  std::erase_if(by_entity, [&](const auto& one) { return tables.table_of[one.first] != table; });
  return by_entity;
}

}  // namespace ddbplan::plan
