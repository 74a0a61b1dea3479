#include "tests/tidy/changelog.h"

#include <array>
#include <compare>
#include <optional>
#include <regex>
#include <set>
#include <string>

namespace ddbplan::tidy {
namespace {

constexpr std::array<std::string_view, 6> kKinds = {"Added",   "Changed", "Deprecated",
                                                    "Removed", "Fixed",   "Security"};

struct Release {
  std::array<int, 3> version{};
  std::string date;
};

std::optional<Release> parse_release(const std::string& line) {
  static const std::regex kForm(R"(## \[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2}))");
  std::smatch parts;
  if (!std::regex_match(line, parts, kForm)) return std::nullopt;
  return Release{.version = {std::stoi(parts[1]), std::stoi(parts[2]), std::stoi(parts[3])},
                 .date = parts[4]};
}

class Check {
 public:
  explicit Check(const File& file) : file_(file) {}

  std::vector<Finding> run() {
    for (std::string_view line : lines_of(file_.text)) {
      ++number_;
      if (number_ == 1 && line != "# Changelog") report("the first line is \"# Changelog\"");
      if (line.starts_with("## ")) version(std::string(line));
      if (line.starts_with("### ")) kind(std::string(line.substr(4)));
      if (line.starts_with("- ")) ++entries_;
    }
    end_kind();
    if (!seen_version_) report("no \"## [Unreleased]\"");
    return std::move(findings_);
  }

 private:
  void report(std::string what) { findings_.push_back({file_.path, number_, std::move(what)}); }

  void version(const std::string& line) {
    end_kind();
    kinds_.clear();
    const bool first = !seen_version_;
    seen_version_ = true;
    if (line == "## [Unreleased]") {
      if (!first) report("[Unreleased] stands first");
      return;
    }
    if (first) report("no \"## [Unreleased]\" before this");
    const std::optional<Release> release = parse_release(line);
    if (!release) {
      report("not \"## [1.2.3] - 2026-01-31\": " + line);
      return;
    }
    if (last_ && release->version >= last_->version) report("versions fall down the page");
    if (last_ && release->date > last_->date) report("newer than the version above it");
    last_ = release;
  }

  void kind(const std::string& name) {
    end_kind();
    bool known = false;
    for (std::string_view each : kKinds) known = known || each == name;
    if (!known) report("not Added, Changed, Deprecated, Removed, Fixed or Security: " + name);
    if (!kinds_.insert(name).second) report(name + " twice in one version");
    open_kind_ = name;
    entries_ = 0;
  }

  void end_kind() {
    if (open_kind_ && entries_ == 0) report("nothing under " + *open_kind_);
    open_kind_.reset();
  }

  const File& file_;
  int number_ = 0;
  bool seen_version_ = false;
  std::optional<Release> last_;
  std::set<std::string> kinds_;
  std::optional<std::string> open_kind_;
  int entries_ = 0;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_changelog(const File& file) {
  return Check(file).run();
}

}  // namespace ddbplan::tidy
