// ddbplan validate FILE: the proof alone, pattern by pattern.

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/pipeline.h"
#include "cli/results.h"
#include "cli/shared_options.h"
#include "plan/planner.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

constexpr std::int64_t kPageBytes = 1024 * 1024;  // DynamoDB's own

struct ValidateOptions {
  SchemaOptions schema;
  std::vector<std::string> formats;
  std::int64_t effort = plan::PlanOptions().effort;
  FailOn fail_on;
  bool thorough = false;
};

std::string units(double value) {
  return support::format_number(value, 2);
}

std::string as_text(const Compilation& run) {
  const seed::ProofReport& proof = *run.proof;
  std::string out = fmt::format("{} calls {} {} {}  {}\n", support::pad_right("access pattern", 26),
                                support::pad_left("requests", 9), support::pad_left("units", 10),
                                support::pad_left("expected", 10), "result");
  for (const seed::PatternProof& detail : proof.details) {
    const bool failed =
        std::any_of(proof.failures.begin(), proof.failures.end(),
                    [&](const seed::ProofFailure& f) { return f.pattern == detail.pattern; });
    out += fmt::format(
        "{} {:5} {:9} {} {}  {}\n",
        support::pad_right(run.workload->pattern(detail.pattern).name, 26), detail.calls,
        detail.requests, support::pad_left(units(detail.observed_units_mean), 10),
        support::pad_left(units(detail.expected_units_mean), 10), failed ? "FAILED" : "ok");
  }
  for (const seed::ProofFailure& failure : proof.failures) {
    out += fmt::format("\n{}: {}\n  in the call {}\n", run.workload->pattern(failure.pattern).name,
                       support::escape_for_terminal(failure.what),
                       support::escape_for_terminal(failure.parameters));
  }
  out += fmt::format("\n{} patterns, {} requests over {} items: {}\n", proof.patterns,
                     proof.requests, proof.items,
                     proof.ok() ? "all answered as the schema says"
                                : fmt::format("{} failed", proof.failures.size()));
  return out;
}

std::string as_json(const Compilation& run) {
  const seed::ProofReport& proof = *run.proof;
  nlohmann::ordered_json details = nlohmann::ordered_json::array();
  for (const seed::PatternProof& detail : proof.details) {
    details.push_back(
        {{"access_pattern", run.workload->pattern(detail.pattern).name},
         {"calls", detail.calls},
         {"requests", detail.requests},
         {"units",
          {{"observed", detail.observed_units_mean}, {"expected", detail.expected_units_mean}}}});
  }
  nlohmann::ordered_json failures = nlohmann::ordered_json::array();
  for (const seed::ProofFailure& failure : proof.failures) {
    failures.push_back({{"access_pattern", run.workload->pattern(failure.pattern).name},
                        {"what", failure.what},
                        {"call", failure.parameters}});
  }
  nlohmann::ordered_json document;
  document["schema_version"] = 1;
  document["service"] = run.workload->service;
  document["patterns"] = proof.patterns;
  document["requests"] = proof.requests;
  document["items"] = proof.items;
  document["failed"] = proof.failures.size();
  document["access_patterns"] = std::move(details);
  document["failures"] = std::move(failures);
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

ExitStatus run_validate(const ValidateOptions& options, Terminal& terminal) {
  std::optional<Compilation> run = load(options.schema.file, terminal);
  if (!run) return ExitStatus::unusable;
  seed::ProofOptions proof_options;
  if (options.thorough) proof_options.page_bytes = kPageBytes;
  Stages stages(terminal);
  stages.run("parse", [&] { parse(*run, options.schema.overrides); });
  stages.run("plan", [&] { plan(*run, {.effort = options.effort, .explain = false}); });
  stages.run("measure", [&] { measure(*run); });
  stages.run("review", [&] { review(*run); });
  stages.run("generate rows", [&] { generate_seed(*run); });
  stages.run("prove", [&] { prove(*run, proof_options); });

  print_diagnostics(*run, support::Severity::warning, terminal);
  ExitStatus status = judge(*run, options.fail_on);
  if (!run->proof) return status;
  if (!run->proof->ok()) status = worse(status, ExitStatus::findings);
  Results results(terminal);
  for (const FormatRequest& format : parse_formats(options.formats, "text")) {
    results.add(format, format.name == "json" ? as_json(*run) : as_text(*run));
  }
  return results.write() ? status : ExitStatus::unusable;
}

}  // namespace

CLI::App& setup_validate(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<ValidateOptions>();
  CLI::App& command =
      *program.add_subcommand("validate",
                              "prove every access pattern\n\n"
                              "Generates rows, loads them into the embedded engine as the design "
                              "lays them out, runs every access "
                              "pattern, and compares the answers with an evaluation over the rows "
                              "that knows nothing of keys. The units "
                              "that the engine meters must equal the plan's.");
  add_schema_file(command, options->schema);
  add_formats(command, options->formats, {"text", "json"});
  command.add_flag("--thorough", options->thorough,
                   "Pages of 1 MB, as DynamoDB has, instead of 16 KB.");
  add_effort(command, options->effort);
  add_fail_on(command, options->fail_on);
  add_examples(command,
               {{"Prove a design", "ddbplan validate schema.yaml"},
                {"With the pages of the service", "ddbplan validate --thorough schema.yaml"}});
  command.callback([options, &invocation] {
    invocation.run = [options](Terminal& terminal) { return run_validate(*options, terminal); };
  });
  return command;
}

}  // namespace ddbplan::cli
