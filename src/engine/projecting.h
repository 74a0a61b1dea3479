// The answer for one item that was read.
#pragma once

#include <optional>
#include <vector>

#include "engine/collections.h"
#include "engine/expression/projection.h"
#include "engine/request_expressions.h"

namespace ddbplan::engine {

inline Projection make_projection(const BoundProjection& bound) {
  std::vector<const Path*> paths;
  paths.reserve(bound.tree->paths.size());
  for (const Path& path : bound.tree->paths) paths.push_back(&path);
  return {paths, bound.bindings};
}

/// nullopt when there is no item; an empty item when the projection leaves nothing of it.
inline dynamo::ReadItem projected(const ItemRef& item,
                                  const std::optional<BoundProjection>& projection) {
  if (item == nullptr || !projection) return whole(item);
  return make_projection(*projection).apply(item->item);
}

}  // namespace ddbplan::engine
