#include "cli/shared_options.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "support/text.h"
#include "support/units.h"

namespace ddbplan::cli {
namespace {

std::string check_choice(const std::string& text, const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return {};
  const auto near = support::nearest(text, choices);
  return fmt::format(
      "unknown value '{}'; {}", support::escape_for_terminal(text),
      near ? fmt::format("did you mean '{}'?", *near) : "known are " + support::join_list(choices));
}

std::string check_override(const std::string& text) {
  const auto equals = text.find('=');
  if (equals != std::string::npos && equals > 0) return {};
  return fmt::format("'{}' is not PATH=VALUE, as in access_patterns.place_order.rate=2000/s",
                     support::escape_for_terminal(text));
}

std::string check_format(const std::string& text, const std::vector<std::string>& names) {
  if (text.ends_with('=')) {
    return fmt::format("'{}' names no file", support::escape_for_terminal(text));
  }
  return check_choice(text.substr(0, text.find('=')), names);
}

std::string check_effort(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() < 16 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits && text != "0") return {};
  return fmt::format("'{}' is not a whole number from 1 up", support::escape_for_terminal(text));
}

}  // namespace

// The description is where command_reference.cpp finds the choices.
CLI::Validator choice_of(const std::vector<std::string>& choices) {
  return CLI::Validator([choices](std::string& text) { return check_choice(text, choices); },
                        "{" + support::join(choices, ",") + "}");
}

void add_schema_file(CLI::App& command, SchemaOptions& options) {
  command.add_option("FILE", options.file, "The schema; - reads standard input.")->required();
  add_overrides(command, options.overrides);
}

void add_overrides(CLI::App& command, std::vector<std::string>& overrides) {
  command
      .add_option("--set", overrides,
                  "Change a value of the schema for this run, as in "
                  "access_patterns.place_order.rate=2000/s. May be repeated.")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false)
      ->check(check_override, "");
}

void add_formats(CLI::App& command, std::vector<std::string>& requests,
                 const std::vector<std::string>& names) {
  command
      .add_option("--format", requests,
                  fmt::format("Print in this form ({} by default), to standard output or to FILE. "
                              "May be repeated.",
                              names.front()))
      ->type_name("NAME[=FILE]")
      ->allow_extra_args(false)
      ->check([names](const std::string& text) { return check_format(text, names); },
              "{" + support::join(names, ",") + "}");
}

std::vector<FormatRequest> parse_formats(const std::vector<std::string>& requests,
                                         std::string_view default_name) {
  std::vector<FormatRequest> formats;
  for (const std::string& text : requests) {
    const auto equals = text.find('=');
    FormatRequest request;
    request.name = text.substr(0, equals);
    const std::string file = equals == std::string::npos ? "-" : text.substr(equals + 1);
    if (file != "-") request.file = file;
    formats.push_back(std::move(request));
  }
  if (formats.empty()) formats.push_back({std::string(default_name), std::nullopt});
  return formats;
}

bool FailOn::fails(const support::Diagnostics& diagnostics) const {
  if (least == "never") return false;
  std::size_t count = diagnostics.count(support::Severity::error);
  if (least != "error") count += diagnostics.count(support::Severity::warning);
  if (least == "info") count += diagnostics.count(support::Severity::info);
  return count > 0;
}

void add_fail_on(CLI::App& command, FailOn& fail_on) {
  command
      .add_option("--fail-on", fail_on.least,
                  "The least severity that makes the exit status 1 (default error).")
      ->type_name("SEVERITY")
      ->check(choice_of({"error", "warning", "info", "never"}));
}

void add_effort(CLI::App& command, std::int64_t& effort) {
  command
      .add_option(
          "--effort", effort,
          fmt::format(
              "How long the search may go on, in nodes: evaluations of a part of the design "
              "(default {}). When they are used up the report says how far from the "
              "cheapest the design may be; the result does not depend on the machine's "
              "speed.",
              support::format_grouped(effort)))
      ->type_name("N")
      ->check(check_effort, "");
}

void add_keep(CLI::App& command, std::string& file) {
  command
      .add_option("--keep", file,
                  "Plan around an existing design, a design.json of an earlier run: its keys, "
                  "indexes and shards stay as they are where they still serve something.")
      ->type_name("DESIGN");
}

void add_terminal_options(CLI::App& command, TerminalOptions& options) {
  command.add_flag("-q,--quiet", options.quiet, "Print results and errors, no notes.");
  command.add_flag("-v,--verbose", options.verbose,
                   "Print what was done and how long it took, on standard error.");
  const std::map<std::string, ColourMode> modes = {{"auto", ColourMode::automatic},
                                                   {"always", ColourMode::always},
                                                   {"never", ColourMode::never}};
  command
      .add_option_function<std::string>(
          "--color",
          [&options, modes](const std::string& name) { options.colour = modes.at(name); },
          "Colour: auto (default) colours a terminal and heeds NO_COLOR, FORCE_COLOR and TERM.")
      ->type_name("WHEN")
      ->check(choice_of({"auto", "always", "never"}));
}

void add_examples(CLI::App& command, const std::vector<Example>& examples) {
  std::string text;
  for (const Example& example : examples) {
    text += fmt::format("{}:\n  {}\n", example.does, example.command);
  }
  command.footer(text);
}

}  // namespace ddbplan::cli
