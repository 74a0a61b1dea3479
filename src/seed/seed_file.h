// The seed as files: one DynamoDB JSON lines file per table, {"Item": {...}}, which S3 import
// takes.
#pragma once

#include <string>
#include <vector>

#include "design/design.h"
#include "seed/generator.h"
#include "support/result.h"

namespace ddbplan::seed {

struct SeedFile {
  std::string table;
  std::string text;
  std::size_t items = 0;
};
/// Every item that the design makes of the rows: rows, guards, counters and other helpers.
std::vector<SeedFile> write_seed(const model::Workload& workload, const design::Design& design,
                                 const Dataset& data);
/// The items of one file. The error names the line.
support::Result<std::vector<dynamo::Item>, std::string> read_seed(const SeedFile& file);

}  // namespace ddbplan::seed
