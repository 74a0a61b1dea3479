// Golden cases: run the program over the files of a folder, compare every byte of what it says and
// writes with what the folder holds.
//
//   cmd      one command line per line (`design schema.yaml -o out`); the program's name is put in
//            front, or stands where the line says {bin}; # starts a comment line. Lines are given to
//            sh, one after another; the first that fails ends the case.
//   stdout   all standard output; not looked at when the file is absent
//   stderr   all standard error; none is allowed when the file is absent
//   exit     the last exit status; 0 when the file is absent
//   out/     the tree the commands leave in out/; not looked at when the folder is absent
//
// Everything else (schema.yaml) is copied into the temporary folder where the commands run;
// `examples` there leads to the repository's. A case that would compare nothing but success is
// refused. The environment is PATH, HOME and the sanitizers' options, so that COLUMNS or NO_COLOR of
// the caller cannot change the bytes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "tests/support/files.h"
#include "tests/support/process.h"

namespace ddbplan::test {

/// What a case holds, or what a run of it gave.
struct GoldenResult {
  std::optional<std::string> standard_output;
  std::string standard_error;
  int exit_status = 0;
  std::optional<Tree> tree;

  bool operator==(const GoldenResult&) const = default;
};

/// The expectations of a case folder; throws when it has none or no cmd.
GoldenResult read_golden(const std::filesystem::path& directory);

/// Runs a case. Throws when a command is ended by a signal or by the time limit: no golden may
/// record that.
GoldenResult run_golden(const std::filesystem::path& directory,
                        const std::filesystem::path& program);

/// Unified diffs of everything that differs, and nothing of what the case does not look at.
std::string golden_difference(const GoldenResult& expected, const GoldenResult& actual);

/// Writes a run as the expectations of the case: those files it has, or, for a case that has none
/// yet, all that are not empty.
void update_golden(const std::filesystem::path& directory, const GoldenResult& actual);

}  // namespace ddbplan::test
