// The seed as files: one DynamoDB JSON lines file per table, {"Item": {...}}, which S3 import
// takes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "design/design.h"
#include "seed/generator.h"
#include "support/parallel.h"
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

struct SeedBlock;

/// Reads a file in blocks of lines, on as many threads as take part. The file must outlive it.
class SeedReader {
 public:
  explicit SeedReader(const SeedFile& file);
  SeedReader(const SeedReader&) = delete;
  SeedReader& operator=(const SeedReader&) = delete;
  ~SeedReader();
  /// Reads what nobody has begun to read; for other threads than the one that asks for the items.
  void help();
  /// The next items in the file's order; none at its end. The error names the line.
  support::Result<std::vector<dynamo::Item>, std::string> next();

 private:
  const SeedFile& file_;
  std::unique_ptr<support::Parts<SeedBlock>> blocks_;
  std::size_t next_ = 0;
  int lines_ = 0;  ///< of the blocks before the next one
};
/// All items of one file. The error names the line.
support::Result<std::vector<dynamo::Item>, std::string> read_seed(const SeedFile& file);

}  // namespace ddbplan::seed
