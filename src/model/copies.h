// Copies: attributes of a parent that its children hold themselves (`copy_of`), so that a child is read without its
// parent, and found and ordered by what is the parent's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/workload.h"

namespace ddbplan::model {

/// The relation that holds `attribute` among the child's attributes; null when none does.
const Relation* relation_of(const Entity& child, std::string_view attribute);

/// The child's own attribute that a read may take for `attribute` of the parent that `relation` leads to: the
/// identity that the relation brings along, or a copy that is kept up. A strongly consistent read takes no copy
/// that a stream brings up to date later.
std::optional<std::string> own_name_of(const Workload& workload, EntityId child,
                                       const Relation& relation, const std::string& attribute,
                                       bool strong);

/// The parent's attributes that a read asks for with its rows; all of them when it names none.
std::vector<std::string> asked_of_parent(const Workload& workload, const WithParent& with);

/// Attributes of one parent that its children are to hold.
struct CopyPlan {
  EntityId child;
  std::size_t relation = 0;  ///< position in Entity::relations; it has one parent
  std::vector<std::string> attributes;  ///< the parent's
  support::Span span;                   ///< of the pattern that first asks for them
};

/// The Workload with the copies, kept by stream consumers, and with the writes of these.
Workload with_copies(Workload workload, const CopyPlan& copies);

}  // namespace ddbplan::model
