#include "support/check.h"

#include <string_view>

namespace ddbplan::support {

void fail_check(const char* condition, const char* file, int line, const std::string& message) {
  // The path below src, so that the text is the same wherever it was built.
  std::string_view path(file);
  if (const std::size_t at = path.rfind("src/"); at != std::string_view::npos) {
    path.remove_prefix(at);
  }
  std::string text = "check failed: " + std::string(condition) + " (" + std::string(path) + ":" +
                     std::to_string(line) + ")";
  if (!message.empty()) text += ": " + message;
  throw Defect(text);
}

}  // namespace ddbplan::support
