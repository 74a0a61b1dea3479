#include "tests/support/golden.h"

#include <array>
#include <cstdlib>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "tests/support/unified_diff.h"

namespace ddbplan::test {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kOwnNames = {"cmd", "stdout", "stderr", "exit", "out"};

bool is_own_name(const fs::path& path) {
  for (std::string_view name : kOwnNames) {
    if (path.filename() == name) return true;
  }
  return false;
}

std::optional<std::string> read_if_there(const fs::path& path) {
  if (!fs::exists(path)) return std::nullopt;
  return read_file(path);
}

std::vector<std::string> command_lines(const fs::path& directory) {
  std::istringstream text(read_file(directory / "cmd"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    if (line.empty() || line.front() == '#') continue;
    constexpr std::string_view kProgram = "{bin}";
    if (line.find(kProgram) == std::string::npos) line.insert(0, std::string(kProgram) + " ");
    for (auto at = line.find(kProgram); at != std::string::npos; at = line.find(kProgram, at)) {
      line.replace(at, kProgram.size(), "\"$DDBPLAN_BINARY\"");
    }
    lines.push_back(line);
  }
  if (lines.empty()) throw std::runtime_error((directory / "cmd").string() + " has no command");
  return lines;
}

void copy_inputs(const fs::path& from, const fs::path& to) {
  for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
    if (is_own_name(entry.path())) continue;
    fs::copy(entry.path(), to / entry.path().filename(), fs::copy_options::recursive);
  }
  const fs::path examples = source_directory() / "examples";
  if (fs::exists(examples) && !fs::exists(to / "examples")) {
    fs::create_directory_symlink(examples, to / "examples");
  }
}

Command prepared_command(const fs::path& workplace, const fs::path& program) {
  Command command;
  command.directory = workplace;
  command.clear_environment = true;
  command.environment = {
      {"DDBPLAN_BINARY", program.string()}, {"HOME", workplace.string()}, {"LC_ALL", "C.UTF-8"}};
  for (const char* name : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) command.environment[name] = value;
  }
  return command;
}

std::string tree_difference(const Tree& expected, const Tree& actual) {
  std::set<std::string> paths;
  for (const auto& [path, bytes] : expected) paths.insert(path);
  for (const auto& [path, bytes] : actual) paths.insert(path);

  std::string difference;
  for (const std::string& path : paths) {
    const auto before = expected.find(path);
    const auto after = actual.find(path);
    if (after == actual.end()) {
      difference += "out/" + path + " was not written\n";
    } else if (before == expected.end()) {
      difference += "out/" + path + " is not expected\n";
      difference += unified_diff("", after->second, "/dev/null", "out/" + path);
    } else {
      difference +=
          unified_diff(before->second, after->second, "expected/out/" + path, "actual/out/" + path);
    }
  }
  return difference;
}

void write_or_remove(const fs::path& path, bool wanted, std::string_view bytes) {
  if (wanted) {
    write_file(path, bytes);
  } else {
    fs::remove(path);
  }
}

}  // namespace

GoldenResult read_golden(const fs::path& directory) {
  const std::optional<std::string> status = read_if_there(directory / "exit");
  const std::optional<std::string> error = read_if_there(directory / "stderr");

  GoldenResult expected;
  expected.standard_output = read_if_there(directory / "stdout");
  expected.standard_error = error.value_or("");
  expected.exit_status = status ? std::stoi(*status) : 0;
  if (fs::exists(directory / "out")) expected.tree = read_tree(directory / "out");
  if (!expected.standard_output && !error && !status && !expected.tree) {
    throw std::runtime_error(directory.string() + " expects nothing");
  }
  return expected;
}

GoldenResult run_golden(const fs::path& directory, const fs::path& program) {
  const TemporaryDirectory workplace;
  copy_inputs(directory, workplace.path());

  GoldenResult actual{.standard_output = "", .standard_error = "", .exit_status = 0, .tree = {}};
  Command command = prepared_command(workplace.path(), program);
  for (const std::string& line : command_lines(directory)) {
    command.arguments = {"-c", line};
    const Outcome outcome = run("/bin/sh", command);
    // sh reports a command that a signal ended as 128 + signal.
    if (outcome.timed_out || outcome.signal != 0 || outcome.exit_status > 128) {
      throw std::runtime_error((outcome.timed_out ? "took too long: " : "crashed: ") + line + "\n" +
                               outcome.standard_error);
    }
    *actual.standard_output += outcome.standard_output;
    actual.standard_error += outcome.standard_error;
    actual.exit_status = outcome.exit_status;
    if (actual.exit_status != 0) break;
  }
  actual.tree = read_tree(workplace.path() / "out");
  return actual;
}

std::string golden_difference(const GoldenResult& expected, const GoldenResult& actual) {
  std::string difference;
  if (expected.exit_status != actual.exit_status) {
    difference += "exit status is " + std::to_string(actual.exit_status) + ", expected " +
                  std::to_string(expected.exit_status) + "\n";
  }
  difference += unified_diff(expected.standard_error, actual.standard_error, "expected/stderr",
                             "actual/stderr");
  if (expected.standard_output) {
    difference += unified_diff(*expected.standard_output, actual.standard_output.value_or(""),
                               "expected/stdout", "actual/stdout");
  }
  if (expected.tree) difference += tree_difference(*expected.tree, actual.tree.value_or(Tree{}));
  return difference;
}

void update_golden(const fs::path& directory, const GoldenResult& actual) {
  bool is_new = true;
  for (const char* name : {"stdout", "stderr", "exit", "out"}) {
    if (fs::exists(directory / name)) is_new = false;
  }
  const std::string output = actual.standard_output.value_or("");
  const auto tree = actual.tree.value_or(Tree{});

  if (is_new ? !output.empty() : fs::exists(directory / "stdout")) {
    write_file(directory / "stdout", output);
  }
  // What stderr and exit say when they are absent is fixed, so these two always follow the run.
  write_or_remove(directory / "stderr", !actual.standard_error.empty(), actual.standard_error);
  write_or_remove(directory / "exit", actual.exit_status != 0,
                  std::to_string(actual.exit_status) + "\n");
  if (is_new ? !tree.empty() : fs::exists(directory / "out")) {
    fs::remove_all(directory / "out");
    for (const auto& [path, bytes] : tree) write_file(directory / "out" / path, bytes);
  }
}

}  // namespace ddbplan::test
