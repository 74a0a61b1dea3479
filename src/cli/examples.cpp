#include "cli/examples.h"

#include <algorithm>

namespace ddbplan::cli {
namespace {

/// "15-users-by-mail" is also "users-by-mail".
std::string_view without_number(std::string_view name) {
  const auto letter = name.find_first_not_of("0123456789-");
  return letter == std::string_view::npos ? name : name.substr(letter);
}

}  // namespace

std::string ExampleSchema::summary() const {
  std::string sentence;
  std::string_view rest = text;
  while (rest.starts_with('#')) {
    const auto end = std::min(rest.find('\n'), rest.size() - 1);
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (line.find("yaml-language-server:") != std::string_view::npos) continue;
    line.remove_prefix(std::min<std::size_t>(2, line.size()));
    if (line.empty() && !sentence.empty()) break;
    if (!sentence.empty()) sentence += ' ';
    sentence += line;
    const auto stop = sentence.find(". ");
    if (stop != std::string::npos) return sentence.substr(0, stop);
  }
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

const ExampleSchema* find_example_schema(std::string_view name) {
  for (const ExampleSchema& example : example_schemas()) {
    if (example.name == name || without_number(example.name) == name) return &example;
  }
  return nullptr;
}

}  // namespace ddbplan::cli
