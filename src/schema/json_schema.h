// The language as a JSON Schema (draft 2020-12), made from the table of keys; `ddbplan schema`
// prints it.
#pragma once

#include <string>

namespace ddbplan::schema {

/// Indented by two, with a final newline; schemas/ddbplan.schema.json is a copy.
std::string json_schema();

}  // namespace ddbplan::schema
