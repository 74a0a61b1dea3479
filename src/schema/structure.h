// The structural check: the tree against the table of keys. What fails here is exactly what the
// JSON Schema refuses (DDB002 to DDB008), plus expressions that do not parse (DDB023).
//
// The check repairs the tree for those who come after it: unknown keys are taken out, values of the
// wrong shape are marked broken, so that one slip is one message.
#pragma once

#include "schema/node.h"
#include "support/diagnostics.h"
#include "support/source.h"

namespace ddbplan::schema {

void check_structure(Node& root, const support::SourceText& source,
                     support::Diagnostics& diagnostics);

}  // namespace ddbplan::schema
