// ddbplan lint FILE...: rules with codes. Plans each schema, so that findings about keys and cost are there, but
// generates and proves nothing.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "cli/pipeline.h"
#include "cli/results.h"
#include "cli/shared_options.h"
#include "cli/version.h"
#include "lint/reporters.h"
#include "plan/planner.h"

namespace ddbplan::cli {
namespace {

/// Nodes: enough for a proof on most schemas. Findings are about a good design, and need not wait for the last
/// cent of the best one.
constexpr std::int64_t kEffort = 1500;

struct LintOptions {
  std::vector<std::string> files;
  std::vector<std::string> overrides;
  std::vector<std::string> formats;
  FailOn fail_on;
  std::string keep;
};

/// Numbers of findings, for the line at the end.
struct Tally {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t infos = 0;
  std::size_t suppressed = 0;

  void add(const Compilation& run) {
    errors += run.diagnostics.count(support::Severity::error);
    warnings += run.diagnostics.count(support::Severity::warning);
    infos += run.diagnostics.count(support::Severity::info);
    suppressed += run.suppressed;
  }
  [[nodiscard]] std::string text(std::size_t files) const {
    const auto counted = [](std::size_t n, std::string_view what) {
      return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
    };
    std::string line = errors + warnings + infos == 0
                           ? "no findings"
                           : fmt::format("{}, {}, {}", counted(errors, "error"),
                                         counted(warnings, "warning"), counted(infos, "info"));
    line += " in " + counted(files, "file");
    if (suppressed > 0) line += fmt::format(" ({} ignored)", suppressed);
    return line;
  }
};

std::string render(const std::string& format, const std::vector<Compilation>& runs,
                   const Terminal& terminal, bool to_terminal) {
  std::vector<lint::FileFindings> files;
  for (const Compilation& run : runs) files.push_back({&run.source, &run.diagnostics});
  if (format == "json") return lint::json_findings(files);
  if (format == "sarif") return lint::sarif_findings(files, rule_catalogue(), kVersion);
  return lint::text_findings(files, {.colour = to_terminal && terminal.colours_results()});
}

ExitStatus run_lint(const LintOptions& options, Terminal& terminal) {
  if (!options.keep.empty() && options.files.size() > 1) {
    terminal.error("--keep names the design of one schema; lint one FILE with it");
    return ExitStatus::unusable;
  }
  ExitStatus status = ExitStatus::done;
  std::vector<Compilation> runs;
  Tally tally;
  Stages stages(terminal);
  for (const std::string& file : options.files) {
    std::optional<Compilation> run = load(file, terminal);
    if (!run) {
      status = worse(status, ExitStatus::unusable);
      continue;
    }
    stages.run("parse", [&] { parse(*run, options.overrides); });
    if (!keep(*run, options.keep, terminal)) {
      status = worse(status, ExitStatus::unusable);
      continue;
    }
    stages.run("plan", [&] { plan(*run, {.effort = kEffort, .explain = false}); });
    stages.run("measure", [&] { measure(*run); });
    stages.run("review", [&] { review(*run); });
    if (!run->usable()) status = worse(status, ExitStatus::unusable);
    if (options.fail_on.fails(run->diagnostics)) status = worse(status, ExitStatus::findings);
    tally.add(*run);
    runs.push_back(std::move(*run));
  }
  Results results(terminal);
  for (const FormatRequest& format : parse_formats(options.formats, "text")) {
    results.add(format, render(format.name, runs, terminal, !format.file));
  }
  if (!results.write()) return ExitStatus::unusable;
  if (!runs.empty()) terminal.note(tally.text(runs.size()));
  return status;
}

}  // namespace

CLI::App& setup_lint(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<LintOptions>();
  CLI::App& command = *program.add_subcommand(
      "lint",
      "check schemas against rules with codes\n\n"
      "Each schema is planned and its findings are printed: about the language, keys, indexes, "
      "sizes, hot keys, "
      "cost, consistency, lifecycle and tenancy. 'ddbplan explain CODE' tells what a rule is "
      "about. A comment "
      "'# ddbplan: ignore CODE -- reason' on the line, or above it, silences a finding.");
  command.add_option("FILE", options->files, "Schemas; - reads standard input.")->required();
  add_formats(command, options->formats, {"text", "json", "sarif"});
  add_overrides(command, options->overrides);
  add_keep(command, options->keep);
  add_fail_on(command, options->fail_on);
  add_examples(
      command,
      {{"Check one schema", "ddbplan lint schema.yaml"},
       {"Check all, and fail on warnings too", "ddbplan lint --fail-on warning *.yaml"},
       {"Write a log for code scanning", "ddbplan lint --format sarif=lint.sarif schema.yaml"}});
  command.callback([options, &invocation] {
    invocation.run = [options](Terminal& terminal) { return run_lint(*options, terminal); };
  });
  return command;
}

}  // namespace ddbplan::cli
