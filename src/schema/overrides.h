// `--set PATH=VALUE`: values of the tree replaced before it is checked, so that an override is held
// to the same rules as the file.
#pragma once

#include <string>
#include <vector>

#include "schema/node.h"
#include "schema/parse.h"
#include "support/diagnostics.h"

namespace ddbplan::schema {

/// What an override changed: findings at this place are about the override's text, not the file's.
struct Applied {
  Override override;
  support::Span span;
};

/// A path names keys from the root, with dots between them, and elements of lists by number from 0.
/// All of it must exist, except that a key of the language may be new. Slips are reported as
/// DDB024.
std::vector<Applied> apply_overrides(Node& root, const std::vector<Override>& overrides,
                                     support::Diagnostics& diagnostics);

}  // namespace ddbplan::schema
