// Runs a program the way a user does, for tests through the binary: arguments, standard input,
// environment and folder go in; standard output, standard error, exit status, wall time and peak
// memory come out. Both outputs are read while the program runs, so it cannot block on a full pipe.
//
//   Outcome outcome = run(ddbplan_binary(), {.arguments = {"lint", "shop.yaml"}});
//   CHECK(outcome.exit_status == 1);
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ddbplan::test {

struct Command {
  std::vector<std::string> arguments = {};
  std::string standard_input = {};
  /// Laid over the environment of the test; nullopt removes a variable.
  std::map<std::string, std::optional<std::string>> environment = {};
  /// Start from an empty environment instead of the test's own.
  bool clear_environment = false;
  /// Where the program runs; empty is where the test runs.
  std::filesystem::path directory = {};
  /// Afterwards the program and what it started are killed; ten times as late under sanitizers.
  std::chrono::milliseconds timeout = std::chrono::seconds(60);
};

struct Outcome {
  int exit_status = -1;  ///< -1 if a signal ended it
  int signal = 0;        ///< 0 if it ended by itself
  bool timed_out = false;
  std::string standard_output;
  std::string standard_error;
  std::chrono::microseconds wall_time{0};  ///< to 0.2 ms
  std::int64_t peak_resident_bytes = 0;
};

/// Throws std::runtime_error when the program cannot be started at all.
Outcome run(const std::filesystem::path& program, const Command& command);

/// The program under test: $DDBPLAN_BINARY, or else the one of this build.
std::filesystem::path ddbplan_binary();

/// The repository, for tests over its files and examples.
std::filesystem::path source_directory();

}  // namespace ddbplan::test
