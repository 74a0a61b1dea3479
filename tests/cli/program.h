// Running ddbplan in a folder of its own, and schemas to run it on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/process.h"

namespace ddbplan::test {

/// A small schema without findings.
extern const std::string kGoodSchema;

/// A folder that goes away, with the program run inside of it. No variable of the caller's terminal reaches it.
class Workplace {
 public:
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  void write(const std::string& name, std::string_view bytes) const;
  [[nodiscard]] std::string read(const std::string& name) const;
  [[nodiscard]] bool has(const std::string& name) const;

  [[nodiscard]] Outcome ddbplan(std::vector<std::string> arguments, std::string input = {}) const;
  /// A line for sh, in which $DDBPLAN is the program.
  [[nodiscard]] Outcome shell(const std::string& line) const;

 private:
  TemporaryDirectory folder_;
};

/// Does standard error name the program's own defect? Then the test must fail whatever it expects.
bool is_defect(const Outcome& outcome);

}  // namespace ddbplan::test
