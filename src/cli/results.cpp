#include "cli/results.h"

#include <utility>

#include "cli/files.h"

namespace ddbplan::cli {

void Results::add(const FormatRequest& format, std::string text) {
  if (format.file) {
    files_.push_back({*format.file, std::move(text)});
  } else {
    shown_ += text;
  }
}

bool Results::show() {
  terminal_.result(shown_);
  shown_.clear();
  return terminal_.flush();
}

bool Results::write_files() {
  for (const File& file : files_) {
    if (const auto error = replace_file(file.path, file.text)) {
      terminal_.error(error->message);
      return false;
    }
  }
  return true;
}

}  // namespace ddbplan::cli
