// Whether a condition holds for an item. Never fails: a missing attribute or one of another type
// makes a comparison false (and `<>` true).
#pragma once

#include "dynamo/value.h"
#include "engine/expression/ast.h"
#include "engine/expression/bindings.h"

namespace ddbplan::engine {

/// The value at a document path, or nullptr.
const dynamo::AttributeValue* find_path(const dynamo::Item& item, const Path& path,
                                        const Bindings& bindings);

/// For conditions and filters alike. A missing item is an empty one.
bool holds(const Condition& condition, const Bindings& bindings, const dynamo::Item& item);

}  // namespace ddbplan::engine
