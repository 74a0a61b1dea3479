// ddbplan validate FILE: the proof alone, pattern by pattern, here and, with --endpoint, on another DynamoDB.

#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/endpoint_proof.h"
#include "cli/endpoint_session.h"
#include "cli/memory.h"
#include "cli/pipeline.h"
#include "cli/results.h"
#include "cli/shared_options.h"
#include "plan/planner.h"
#include "support/large_pages.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

constexpr std::int64_t kPageBytes = std::int64_t{1024} * 1024;  // DynamoDB's own

struct ValidateOptions {
  SchemaOptions schema;
  std::vector<std::string> formats;
  std::int64_t effort = plan::PlanOptions().effort;
  std::string keep;
  FailOn fail_on;
  bool thorough = false;
  EndpointOptions endpoint;
  std::string manifest;  ///< --clean-up
};

/// As `emit requests` has: every step of every plan, few enough for a slow endpoint.
constexpr int kCallsOnEndpoint = 3;

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
    out += fmt::format("{} {:5} {:9} {} {}  {}\n",
                       support::pad_right(run.workload->pattern(detail.pattern).name, 26),
                       detail.calls, detail.requests,
                       support::pad_left(units(detail.observed_units_mean), 10),
                       support::pad_left(units(detail.expected_units_mean), 10),
                       failed              ? "FAILED"
                       : detail.calls == 0 ? "no row to call it about"
                                           : "ok");
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
  document["uncalled"] = uncalled_names(*run.workload, proof);
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string as_text(const Compilation& run, const EndpointReport& report, const std::string& url) {
  std::string out =
      fmt::format("\non {}\n{} {} {} {}  {}\n", support::escape_for_terminal(url),
                  support::pad_right("access pattern", 26), support::pad_left("requests", 15),
                  support::pad_left("units", 10), support::pad_left("predicted", 10), "result");
  int requests = 0;
  int with_other_units = 0;
  for (const auto& [pattern, row] : report.patterns) {
    requests += row.requests;
    with_other_units += row.has_other_units() ? 1 : 0;
    const bool failed = std::any_of(
        report.failures.begin(), report.failures.end(),
        [index = pattern](const EndpointFailure& f) { return f.pattern.index == index; });
    const std::string_view passed = row.has_other_units() ? "ok, other units" : "ok";
    out += fmt::format(
        "{} {:15} {} {}  {}\n", support::pad_right(run.workload->patterns[pattern].name, 26),
        row.requests,
        support::pad_left(row.units_endpoint ? units(*row.units_endpoint) : "not told", 10),
        support::pad_left(units(row.units_engine), 10), failed ? "FAILED" : passed);
  }
  for (const EndpointFailure& failure : report.failures) {
    out += fmt::format("\n{}: {}\n", run.workload->pattern(failure.pattern).name,
                       support::escape_for_terminal(failure.what));
  }
  if (!report.broken_off.empty())
    out += fmt::format("\nbroken off: {}\n", support::escape_for_terminal(report.broken_off));
  out += fmt::format("\n{} requests on the endpoint: {}\n", requests,
                     report.failures.empty() && report.broken_off.empty()
                         ? "all answered as here"
                         : fmt::format("{} failed", report.failures.size()));
  if (with_other_units > 0)
    out += fmt::format("{} other units there than predicted\n",
                       with_other_units == 1
                           ? "1 access pattern takes"
                           : fmt::format("{} access patterns take", with_other_units));
  return out;
}

nlohmann::ordered_json as_json(const Compilation& run, const EndpointReport& report,
                               const std::string& url) {
  nlohmann::ordered_json patterns = nlohmann::ordered_json::array();
  for (const auto& [pattern, row] : report.patterns) {
    nlohmann::ordered_json observed;
    if (row.units_endpoint) observed = *row.units_endpoint;
    patterns.push_back(
        {{"access_pattern", run.workload->patterns[pattern].name},
         {"requests", row.requests},
         {"units", {{"observed", std::move(observed)}, {"predicted", row.units_engine}}}});
  }
  nlohmann::ordered_json failures = nlohmann::ordered_json::array();
  for (const EndpointFailure& failure : report.failures) {
    failures.push_back(
        {{"access_pattern", run.workload->pattern(failure.pattern).name}, {"what", failure.what}});
  }
  nlohmann::ordered_json out = {{"url", url}};
  out["complete"] = report.broken_off.empty();
  out["access_patterns"] = std::move(patterns);
  out["failures"] = std::move(failures);
  return out;
}

/// The proof with its requests also sent to the endpoint, and the session's tables gone afterwards.
/// nullopt after a message.
std::optional<EndpointReport> prove_on_endpoint(Compilation& run, EndpointSession& session,
                                                Stages& stages, Terminal& terminal) {
  terminal.note("the tables of this run are listed in " + session.manifest());
  std::optional<std::string> error;
  std::optional<EndpointReport> report;
  static_cast<void>(is_interrupted());
  stages.run("make tables", [&] { error = session.make_tables(run); });
  if (!error) {
    EndpointProof proof(run, session);
    seed::ProofOptions options;
    options.page_bytes = kPageBytes;
    options.calls_per_pattern = kCallsOnEndpoint;
    options.observe = [&proof](const seed::ObservedCall& call) { proof.observe(call); };
    stages.run("prove", [&] { prove(run, options); });
    report = proof.report();
  }
  bool is_clean = false;
  stages.run("delete tables", [&] { is_clean = session.clean_up(terminal); });
  if (error) terminal.error(*error);
  if (!is_clean) return std::nullopt;
  return report;
}

ExitStatus run_on_endpoint(const ValidateOptions& options, Compilation& run, Stages& stages,
                           Terminal& terminal) {
  auto session = EndpointSession::open(options.endpoint);
  if (!session) {
    terminal.error(session.error());
    return ExitStatus::unusable;
  }
  if (run.design) rename_tables(*run.design, session->prefix());
  stages.run("measure", [&] { measure(run); });
  stages.run("review", [&] { review(run); });
  print_diagnostics(run, support::Severity::warning, terminal);
  ExitStatus status = judge(run, options.fail_on);
  if (!run.priced()) return status;
  stages.run("generate rows", [&] { generate_seed(run); });
  const auto report = prove_on_endpoint(run, *session, stages, terminal);
  if (!report || !run.proof) return ExitStatus::unusable;
  if (!run.proof->ok() || !report->failures.empty()) status = worse(status, ExitStatus::findings);
  if (!report->broken_off.empty()) status = worse(status, ExitStatus::unusable);
  Results results(terminal);
  for (const FormatRequest& format : parse_formats(options.formats, "text")) {
    if (format.name == "json") {
      auto document = nlohmann::ordered_json::parse(as_json(run));
      document["endpoint"] = as_json(run, *report, options.endpoint.url);
      results.add(
          format,
          document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    } else {
      results.add(format, as_text(run) + as_text(run, *report, options.endpoint.url));
    }
  }
  return results.write() ? status : ExitStatus::unusable;
}

ExitStatus run_validate(const ValidateOptions& options, Terminal& terminal) {
  if (!options.manifest.empty()) {
    return clean_up_manifest(options.manifest, options.endpoint, terminal) ? ExitStatus::done
                                                                           : ExitStatus::unusable;
  }
  if (options.schema.file.empty()) {
    terminal.error("FILE is missing; see ddbplan validate --help");
    return ExitStatus::unusable;
  }
  support::prefer_large_pages(kSeedHeap);
  std::optional<Compilation> run = load(options.schema.file, terminal);
  if (!run) return ExitStatus::unusable;
  seed::ProofOptions proof_options;
  if (options.thorough) proof_options.page_bytes = kPageBytes;
  Stages stages(terminal);
  stages.run("parse", [&] { parse(*run, options.schema.overrides); });
  if (!keep(*run, options.keep, terminal)) return ExitStatus::unusable;
  stages.run("plan", [&] { plan(*run, {.effort = options.effort, .explain = false}); });
  if (!options.endpoint.url.empty() && run->design)
    return run_on_endpoint(options, *run, stages, terminal);
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

void add_endpoint_options(CLI::App& command, ValidateOptions& options) {
  command
      .add_option("--endpoint", options.endpoint.url,
                  "Prove it on this DynamoDB too: http://127.0.0.1:8000, "
                  "https://dynamodb.eu-west-1.amazonaws.com.")
      ->type_name("URL");
  command.add_flag("--yes", options.endpoint.yes,
                   "Make tables on an endpoint that is not this machine.");
  command
      .add_option("--allow-endpoint", options.endpoint.allowed_hosts,
                  "Send credentials to this host although it is none of AWS.")
      ->type_name("HOST");
  command
      .add_option("--region", options.endpoint.region,
                  "Sign for this region; else the list's or the endpoint's own, AWS_REGION or "
                  "us-east-1.")
      ->type_name("REGION");
  CLI::Option* file = command.get_option("FILE");
  file->required(false);
  command
      .add_option("--clean-up", options.manifest,
                  "Delete the tables that a run which was killed has left; its first note names "
                  "their list, which has their endpoint, their region and where the credentials "
                  "were from: these must be from there again.")
      ->type_name("LIST")
      ->excludes(file);
}

}  // namespace

CLI::App& setup_validate(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<ValidateOptions>();
  CLI::App& command = *program.add_subcommand(
      "validate",
      "prove every access pattern\n\n"
      "Generates rows, loads them into the embedded engine as the design "
      "lays them out, runs every access "
      "pattern, and compares the answers with an evaluation over the rows "
      "that knows nothing of keys. The units "
      "that the engine meters must equal the plan's. An access pattern that no row "
      "can be asked for is named: nothing is shown of it.\n\n"
      "With --endpoint, tables are made there under names of their own, filled "
      "with the seed, asked the same, and deleted again. Other answers fail; "
      "the units that the endpoint reports are shown beside the predicted ones. "
      "Tables that are there "
      "already are not touched. Credentials come from the environment or the "
      "profile (AWS_PROFILE) and go to hosts of AWS over HTTPS only; other "
      "hosts get made-up ones.");
  add_schema_file(command, options->schema);
  add_formats(command, options->formats, {"text", "json"});
  command.add_flag("--thorough", options->thorough,
                   "Pages of 1 MB, as DynamoDB has, instead of 16 KB.");
  add_endpoint_options(command, *options);
  add_effort(command, options->effort);
  add_keep(command, options->keep);
  add_fail_on(command, options->fail_on);
  add_examples(
      command,
      {{"Prove a design", "ddbplan validate schema.yaml"},
       {"With the pages of the service", "ddbplan validate --thorough schema.yaml"},
       {"On DynamoDB Local", "ddbplan validate schema.yaml --endpoint http://127.0.0.1:8000"}});
  command.callback([options, &invocation] {
    invocation.run = [options](Terminal& terminal) { return run_validate(*options, terminal); };
  });
  return command;
}

}  // namespace ddbplan::cli
