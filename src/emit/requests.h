// `ddbplan emit requests`: for each access pattern the requests that answer it, as templates with
// what is known at run time in braces, and one call of the proof as real request bodies, ready for
// `aws dynamodb ... --cli-input-json` on the tables with the seed.
#pragma once

#include <string>

#include "emit/bundle.h"

namespace ddbplan::emit {

/// REQUIRES: bundle.data, bundle.seed.
std::string requests(const Bundle& bundle);

}  // namespace ddbplan::emit
