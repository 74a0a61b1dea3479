#include "tests/tidy/layers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

namespace ddbplan::tidy {
namespace {

struct Package {
  std::string_view name;    ///< in the table
  std::string_view prefix;  ///< of its headers
};
constexpr std::array<Package, 9> kPackages = {{
    {"fmt", "fmt/"},
    {"nlohmann", "nlohmann/"},
    {"yaml-cpp", "yaml-cpp/"},
    {"CLI11", "CLI/"},
    {"http-parser", "http_parser.h"},
    {"SQLite", "sqlite3.h"},
    {"libdeflate", "libdeflate.h"},
    {"nettle", "nettle/"},
    {"libcurl", "curl/"},
}};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" `");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" `") - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, separator);) parts.emplace_back(trimmed(part));
  return parts;
}

std::string folder_of(std::string_view path) {
  path.remove_prefix(std::string_view("src/").size());
  return std::string(path.substr(0, path.find('/')));
}

struct Include {
  std::string name;
  bool quoted = false;
};

/// `line` is the text, `code` the same line with comments and strings blanked, which tells a real
/// directive from one inside a raw string.
std::optional<Include> include_of(std::string_view line, std::string_view code) {
  if (!code.starts_with("#include")) return std::nullopt;
  const auto open = line.find_first_of("\"<");
  if (open == std::string_view::npos) return std::nullopt;
  const auto close = line.find_first_of("\">", open + 1);
  return Include{std::string(line.substr(open + 1, close - open - 1)), line[open] == '"'};
}

std::optional<std::string> layering_fault(const Include& include, const std::string& folder,
                                          const Layers& layers) {
  const std::set<std::string>& allowed = layers.allow.at(folder);
  if (include.quoted) {
    const auto slash = include.name.find('/');
    if (slash == std::string::npos)
      return "name the folder: \"" + folder + "/" + include.name + "\"";
    const std::string other = include.name.substr(0, slash);
    if (other == folder || allowed.contains(other)) return std::nullopt;
    return folder + " may not include " + other + " (the table in src/README.md)";
  }
  for (const Package& package : kPackages) {
    if (!include.name.starts_with(package.prefix)) continue;
    if (allowed.contains(std::string(package.name))) return std::nullopt;
    return folder + " may not use " + std::string(package.name) + " (the table in src/README.md)";
  }
  return std::nullopt;
}

bool opens_foreign_namespace(std::string_view code, const std::string& folder) {
  constexpr std::string_view kOpening = "namespace ddbplan";
  if (!code.starts_with(kOpening)) return false;
  std::string_view name = code.substr(kOpening.size());
  const std::string own = "::" + folder;
  if (!name.starts_with(own)) return true;
  name.remove_prefix(own.size());
  return !name.starts_with("::") && !name.starts_with(" ");
}

}  // namespace

Layers read_layers(const File& readme, std::vector<Finding>& findings) {
  Layers layers;
  int number = 0;
  for (std::string_view line : lines_of(readme.text)) {
    ++number;
    if (!line.starts_with("| `")) continue;
    const std::vector<std::string> cells = split(line, '|');
    if (cells.size() < 4) continue;
    const std::string& folder = cells[1];
    std::set<std::string> allowed;
    for (const std::string& name : split(cells[3], ',')) {
      const bool is_package = std::any_of(kPackages.begin(), kPackages.end(),
                                          [&](const Package& p) { return p.name == name; });
      if (!is_package && !layers.allow.contains(name)) {
        findings.push_back(
            {readme.path, number, folder + " includes " + name + ", which no row above has"});
        continue;
      }
      allowed.insert(name);
      if (!is_package) allowed.insert(layers.allow[name].begin(), layers.allow[name].end());
    }
    layers.order.push_back(folder);
    layers.allow[folder] = std::move(allowed);
  }
  return layers;
}

std::vector<std::string> cmake_libraries(std::string_view cmake) {
  constexpr std::string_view kOpening = "set(DDBPLAN_LIBRARIES";
  const auto start = cmake.find(kOpening);
  if (start == std::string_view::npos) return {};
  const auto end = cmake.find(')', start);
  std::istringstream names{
      std::string(cmake.substr(start + kOpening.size(), end - start - kOpening.size()))};
  std::vector<std::string> libraries;
  for (std::string name; names >> name;) libraries.push_back(name);
  return libraries;
}

std::vector<Finding> check_layering(const File& file, const Layers& layers) {
  const std::string folder = folder_of(file.path);
  if (!layers.allow.contains(folder)) {
    return {{file.path, 0, "src/README.md has no row for the folder " + folder}};
  }
  std::vector<Finding> findings;
  const std::string blanked = code_of(file.text);
  const std::vector<std::string_view> code = lines_of(blanked);
  const std::vector<std::string_view> text = lines_of(file.text);
  for (std::size_t i = 0; i < code.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    if (const auto include = include_of(text[i], code[i])) {
      if (auto fault = layering_fault(*include, folder, layers)) {
        findings.push_back({file.path, number, *std::move(fault)});
      }
    }
    if (opens_foreign_namespace(code[i], folder)) {
      findings.push_back({file.path, number, "the folder's namespace is ddbplan::" + folder});
    }
  }
  return findings;
}

}  // namespace ddbplan::tidy
