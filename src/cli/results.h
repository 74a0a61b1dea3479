// The results of a command in its formats: to standard output, or to the files of --format NAME=FILE.
#pragma once

#include <string>
#include <vector>

#include "cli/shared_options.h"
#include "cli/terminal.h"

namespace ddbplan::cli {

class Results {
 public:
  explicit Results(Terminal& terminal) : terminal_(terminal) {}

  void add(const FormatRequest& format, std::string text);
  /// Standard output, at once, so that messages come behind it. False after an error message.
  [[nodiscard]] bool show();
  /// The files of --format NAME=FILE. False after an error message.
  [[nodiscard]] bool write_files();
  /// Both.
  [[nodiscard]] bool write() { return show() && write_files(); }

 private:
  struct File {
    std::string path;
    std::string text;
  };
  Terminal& terminal_;
  std::string shown_;
  std::vector<File> files_;
};

}  // namespace ddbplan::cli
