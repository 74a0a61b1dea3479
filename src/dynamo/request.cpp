#include "dynamo/request.h"

namespace ddbplan::dynamo {

HalfUnits ConsumedCapacity::total() const {
  HalfUnits sum = table_units;
  for (const auto& [name, units] : global_indexes) sum += units;
  for (const auto& [name, units] : local_indexes) sum += units;
  return sum;
}

}  // namespace ddbplan::dynamo
