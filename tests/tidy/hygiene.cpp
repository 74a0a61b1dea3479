#include "tests/tidy/hygiene.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace ddbplan::tidy {
namespace {

struct Banned {
  std::string_view word;
  std::string_view instead;
  bool allowed_in_cli;
};

constexpr std::string_view kOutput = "only cli prints; return the text";
constexpr std::string_view kFiles = "only cli and serve do I/O; take and return text";
constexpr std::string_view kClock = "output may not depend on the time; take it as an argument";
constexpr std::string_view kRandom = "differs between libraries; use support/prng.h";

constexpr std::array kBanned = {
    Banned{"std::cout", kOutput, true},
    Banned{"std::cerr", kOutput, true},
    Banned{"std::clog", kOutput, true},
    Banned{"printf", kOutput, true},
    Banned{"fprintf", kOutput, true},
    Banned{"puts", kOutput, true},
    Banned{"fmt::print", kOutput, true},
    Banned{"<iostream>", kOutput, true},
    Banned{"<fstream>", kFiles, true},
    Banned{"<filesystem>", kFiles, true},
    Banned{"getenv", kFiles, true},
    Banned{"system_clock", kClock, true},
    Banned{"localtime", kClock, true},
    Banned{"std::rand", kRandom, false},
    Banned{"std::random_device", kRandom, false},
    Banned{"std::shuffle", kRandom, false},
    Banned{"std::uniform_int_distribution", kRandom, false},
    Banned{"std::uniform_real_distribution", kRandom, false},
    Banned{"std::normal_distribution", kRandom, false},
    Banned{"std::discrete_distribution", kRandom, false},
    Banned{"std::geometric_distribution", kRandom, false},
    Banned{"assert", "NDEBUG removes it; use support/check.h", false},
};

constexpr std::array<std::string_view, 5> kEmptyWords = {"util", "utils", "helpers", "misc",
                                                         "common"};

/// The word that says nothing, if a part of the path is made of one.
std::string_view empty_word(std::string_view path) {
  for (std::string_view word : kEmptyWords) {
    for (auto at = path.find(word); at != std::string_view::npos; at = path.find(word, at + 1)) {
      const auto end = at + word.size();
      const bool starts = at == 0 || path[at - 1] == '/' || path[at - 1] == '_';
      const bool ends =
          end == path.size() || path[end] == '/' || path[end] == '_' || path[end] == '.';
      if (starts && ends) return word;
    }
  }
  return {};
}

void check_lines(const File& file, std::vector<Finding>& findings) {
  const std::vector<std::string_view> lines = lines_of(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    if (lines[i].find('\t') != std::string_view::npos) {
      findings.push_back({file.path, number, "tab"});
    }
    if (lines[i].ends_with(' ') || lines[i].ends_with('\r')) {
      findings.push_back({file.path, number, "blank at the end of the line"});
    }
  }
  if (lines.size() > static_cast<std::size_t>(kLinesMax)) {
    findings.push_back({file.path, 0,
                        std::to_string(lines.size()) + " lines; at most " +
                            std::to_string(kLinesMax) + ", what would be a second file?"});
  }
  if (!file.text.empty() && file.text.back() != '\n') {
    findings.push_back({file.path, static_cast<int>(lines.size()), "no newline at the end"});
  }
}

void check_header(const File& file, std::vector<Finding>& findings) {
  const std::vector<std::string_view> lines = lines_of(file.text);
  if (std::find(lines.begin(), lines.end(), "#pragma once") == lines.end()) {
    findings.push_back({file.path, 0, "no #pragma once"});
  }
  if (lines.empty() || !lines.front().starts_with("// ")) {
    findings.push_back({file.path, 1, "a header opens with a comment: what it is and promises"});
  }
}

}  // namespace

std::vector<Finding> check_form(const File& file) {
  std::vector<Finding> findings;
  const std::string_view word = empty_word(file.path);
  if (!word.empty()) {
    findings.push_back({file.path, 0, "\"" + std::string(word) + "\" names nothing"});
  }
  check_lines(file, findings);
  if (file.path.ends_with(".h")) check_header(file, findings);
  return findings;
}

std::vector<Finding> check_banned(const File& file) {
  // The endpoint is the other edge of the program.
  const bool in_cli =
      file.path.starts_with("src/cli/") || file.path.starts_with("src/serve/");
  std::vector<Finding> findings;
  const std::string code = code_of(file.text);
  int number = 0;
  for (std::string_view line : lines_of(code)) {
    ++number;
    for (const Banned& banned : kBanned) {
      if ((banned.allowed_in_cli && in_cli) || !has_word(line, banned.word)) continue;
      findings.push_back(
          {file.path, number, std::string(banned.word) + ": " + std::string(banned.instead)});
    }
  }
  return findings;
}

}  // namespace ddbplan::tidy
