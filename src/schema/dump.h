// A Workload as text, for tests and `--dump=workload`: everything resolved, one fact a line, always
// the same bytes.
#pragma once

#include <string>

#include "model/workload.h"

namespace ddbplan::schema {

std::string dump(const model::Workload& workload);

}  // namespace ddbplan::schema
