// Options that several commands have in common, each said once. A setup_* function adds them to its command;
// their texts become --help, the manual pages and the completions (command_reference.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal.h"
#include "support/diagnostics.h"

namespace CLI {  // NOLINT(readability-identifier-naming): it is CLI11's
class App;
class Validator;
}  // namespace CLI

namespace ddbplan::cli {

/// FILE and --set: the schema and its changes for this run.
struct SchemaOptions {
  std::string file;
  std::vector<std::string> overrides;  ///< PATH=VALUE
};
void add_schema_file(CLI::App& command, SchemaOptions& options);
void add_overrides(CLI::App& command, std::vector<std::string>& overrides);

/// A check that names the nearest of `choices`. The choices become part of --help and of the completions.
CLI::Validator choice_of(const std::vector<std::string>& choices);

/// --format NAME[=FILE].
struct FormatRequest {
  std::string name;
  std::optional<std::string> file;  ///< nullopt: standard output
};
/// `names` is what the command knows, its default first.
void add_formats(CLI::App& command, std::vector<std::string>& requests,
                 const std::vector<std::string>& names);
/// The requests, or the default alone. REQUIRES: they passed add_formats' check.
std::vector<FormatRequest> parse_formats(const std::vector<std::string>& requests,
                                         std::string_view default_name);

/// --fail-on. nullopt is "never".
struct FailOn {
  std::string least = "error";
  [[nodiscard]] bool fails(const support::Diagnostics& diagnostics) const;
};
void add_fail_on(CLI::App& command, FailOn& fail_on);

/// --effort.
void add_effort(CLI::App& command, std::int64_t& effort);

/// --keep.
void add_keep(CLI::App& command, std::string& file);

/// -q, -v, --color: on the program and again on each command, so that they may stand anywhere.
void add_terminal_options(CLI::App& command, TerminalOptions& options);

/// A block of the help text: lines "what it does" and "  the command".
struct Example {
  std::string_view does;
  std::string_view command;
};
void add_examples(CLI::App& command, const std::vector<Example>& examples);

}  // namespace ddbplan::cli
