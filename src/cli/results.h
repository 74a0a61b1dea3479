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
  /// Standard output first, then the files. False after an error message.
  [[nodiscard]] bool write();
  /// Standard output alone: what a run that failed may still show.
  void show();

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
