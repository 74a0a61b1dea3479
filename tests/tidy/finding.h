// What a tidy check found, and the files the checks look at. Checks are functions from text to
// findings, so that each is tested on a few lines and then run over the repository.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ddbplan::tidy {

struct Finding {
  std::string file;
  int line = 0;  ///< 1-based; 0 if the file as a whole is meant
  std::string what;

  bool operator==(const Finding&) const = default;
};

/// `file:line: what`, one per line.
std::string to_text(const std::vector<Finding>& findings);

struct File {
  std::string path;  ///< relative to the repository, with forward slashes
  std::string text;
};

/// Files below `directory` whose names end in one of `endings`, in the order of their paths.
std::vector<File> read_files(const std::filesystem::path& repository, std::string_view directory,
                             const std::vector<std::string>& endings);

std::vector<std::string_view> lines_of(std::string_view text);

/// C++ with the insides of comments, strings and characters blanked; as long as the text, with the
/// same lines, so that positions stay.
std::string code_of(std::string_view text);

/// Whether `word` stands in `line` with no letter, digit or underscore at its ends.
bool has_word(std::string_view line, std::string_view word);

}  // namespace ddbplan::tidy
