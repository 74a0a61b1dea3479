// ddbplan_documents FOLDER: writes the manual pages and completions below FOLDER, the repository. A test of
// tests/cli calls for it when an option or a rule has changed.

#include <cstdio>
#include <exception>
#include <filesystem>

#include "cli/documents.h"
#include "cli/files.h"

int main(int argc, char** argv) {
  try {
    if (argc != 2) {
      std::fputs("usage: ddbplan_documents FOLDER\n", stderr);
      return 2;
    }
    for (const auto& document : ddbplan::cli::generated_documents()) {
      const std::filesystem::path path = std::filesystem::path(argv[1]) / document.path;
      std::filesystem::create_directories(path.parent_path());
      if (const auto error = ddbplan::cli::replace_file(path.string(), document.text)) {
        std::fprintf(stderr, "%s\n", error->message.c_str());
        return 2;
      }
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
}
