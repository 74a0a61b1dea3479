// How many of a pattern's calls a second meet the busiest value of a partition key: as declared
// (`hottest`), else as the relations' skew has it.
#pragma once

#include <map>
#include <string>

#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::capacity {

/// Calls of one pattern that touch items of one layout.
struct Flow {
  const model::Pattern& pattern;
  const design::ItemLayout& layout;
  bool creates = false;    ///< new rows: each meets its own identity once
  bool from_step = false;  ///< keys are of items that an earlier step found
};

struct HotShare {
  double calls = 0;  ///< a second, on the busiest value
  /// On named values, where the schema names some.
  std::map<std::string, double> named;
};

/// `rate`: the flow's calls a second. Fields with declared values are not looked at: their values
/// are keys of their own.
HotShare hot_share(const model::Workload& workload, const Flow& flow, const design::KeyEntry& entry,
                   double rate);

/// Rows that are written now are all in one shard: it is drawn from nothing but the present time that they are summed up
/// in.
bool is_of_present(const model::Entity& entity, const design::ShardRule& rule);

}  // namespace ddbplan::capacity
