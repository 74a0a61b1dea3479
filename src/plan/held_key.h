// Keys of an earlier design read back: templates in their written form as KeySpecs over today's schema. A key is
// held only if today's planner would write it exactly as it was written then.
#pragma once

#include <optional>
#include <string>

#include "design/earlier_design.h"
#include "plan/key_spec.h"

namespace ddbplan::plan {

struct ReadBack {
  std::optional<KeySpec> spec;
  std::string sort_literal;  ///< of a base key: what its sort key begins with
  std::string why_not;       ///< no key of today's schema is written so
};

ReadBack base_read_back(const model::Workload& workload, model::EntityId id,
                        const design::EarlierKey& key);

/// `base` is the entity's base key: a local index has its partition key.
ReadBack entry_read_back(const model::Workload& workload, model::EntityId id,
                         const design::EarlierKey& key, const KeySpec& base, bool local);

}  // namespace ddbplan::plan
