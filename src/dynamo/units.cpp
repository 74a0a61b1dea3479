#include "dynamo/units.h"

#include <algorithm>

namespace ddbplan::dynamo {

using support::Bytes;

namespace {

std::int64_t blocks(Bytes bytes, std::int64_t block) {
  return std::max<std::int64_t>(1, (bytes.count + block - 1) / block);
}

HalfUnits larger_write(Bytes a, Bytes b) {
  return write_units(std::max(a, b));
}

}  // namespace

HalfUnits read_units(Bytes bytes, Consistency consistency) {
  const std::int64_t count = blocks(bytes, kReadBlockBytes);
  switch (consistency) {
    case Consistency::eventual:
      return {count};
    case Consistency::strong:
      return HalfUnits::units(count);
    case Consistency::transactional:
      return HalfUnits::units(2 * count);
  }
  return {count};
}

HalfUnits write_units(Bytes bytes) {
  return HalfUnits::units(blocks(bytes, kWriteBlockBytes));
}

HalfUnits table_write_units(std::optional<Bytes> before, std::optional<Bytes> after,
                            bool transactional) {
  // Rounding is monotonic: the larger size's units are the larger units.
  const HalfUnits once = larger_write(before.value_or(Bytes{}), after.value_or(Bytes{}));
  return once * (transactional ? 2 : 1);
}

HalfUnits condition_check_units(std::optional<Bytes> item) {
  return write_units(item.value_or(Bytes{})) * 2;
}

HalfUnits index_write_units(const IndexEntryChange& change) {
  if (!change.before && !change.after) return {};
  if (!change.before) return write_units(*change.after);
  if (!change.after) return write_units(*change.before);
  if (!change.same_key) return write_units(*change.before) + write_units(*change.after);
  if (change.same_content) return {};
  return larger_write(*change.before, *change.after);
}

}  // namespace ddbplan::dynamo
