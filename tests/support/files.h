// Files for tests: whole-file reading and writing, a folder that goes away with its scope, and a
// folder as a value (path to bytes), so that two trees compare with ==. Failures throw.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace ddbplan::test {

std::string read_file(const std::filesystem::path& path);
/// Makes the folders above it.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// The bytes of files by relative path.
using Tree = std::map<std::string, std::string>;

/// The regular files below a folder; empty if the folder is not there.
Tree read_tree(const std::filesystem::path& directory);

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace ddbplan::test
