// Applies an UpdateExpression to an item. Every operand is read from the item as it was: in
// `SET a = b, b = a` the two change places.
#pragma once

#include <string>

#include "dynamo/value.h"
#include "engine/expression/ast.h"
#include "engine/expression/bindings.h"
#include "support/result.h"

namespace ddbplan::engine {

/// The message about an operand that cannot be computed with.
inline constexpr const char* kWrongOperand =
    "An operand in the update expression has an incorrect data type";

/// The item after the update, or the service's message. `item` holds at least the key.
support::Result<dynamo::Item, std::string> apply_update(const UpdateExpression& update,
                                                        const Bindings& bindings,
                                                        const dynamo::Item& item);

}  // namespace ddbplan::engine
