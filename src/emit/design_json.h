// The JSON document of `ddbplan design --format json`: the contract that other programs read, described by
// schemas/design.schema.json. Fields keep their names and meanings; new ones may be added.
#pragma once

#include <string>

#include "emit/bundle.h"

namespace ddbplan::emit {

/// Two-space indentation and a final newline.
std::string design_json(const Bundle& bundle);

}  // namespace ddbplan::emit
