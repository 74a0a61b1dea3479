// ddbplan design FILE [-o DIR]: derive, prove, price; print the report, or write the usual artefacts.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/memory.h"
#include "cli/output_folder.h"
#include "cli/pipeline.h"
#include "cli/results.h"
#include "cli/shared_options.h"
#include "emit/design_json.h"
#include "emit/formats.h"
#include "emit/text_report.h"
#include "plan/planner.h"
#include "schema/dump.h"
#include "support/check.h"
#include "support/large_pages.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

struct DesignOptions {
  SchemaOptions schema;
  std::vector<std::string> formats;
  std::string folder;
  std::int64_t effort = plan::PlanOptions().effort;
  std::string keep;
  std::size_t alternatives = 0;
  bool frontier = false;
  std::string program;
  std::optional<double> max_usd;
  FailOn fail_on;
  bool keep_going = false;
  std::string dump;
};

std::string check_budget(const std::string& text) {
  try {
    std::size_t read = 0;
    const double usd = std::stod(text, &read);
    if (read == text.size() && std::isfinite(usd) && usd >= 0) return {};
  } catch (const std::exception&) {
    // Falls through: what stod cannot read is no amount.
  }
  return fmt::format("'{}' is not an amount of dollars", support::escape_for_terminal(text));
}

std::string render(const std::string& format, const Compilation& run, const Terminal& terminal,
                   bool to_terminal) {
  if (format == "json") return emit::design_json(bundle(run));
  return emit::text_report(bundle(run), {.width = to_terminal ? terminal.width() : 80,
                                         .bold = to_terminal && terminal.colours_results()});
}

ExitStatus judge_proof(const Compilation& run, Terminal& terminal) {
  if (!run.proof || run.proof->ok()) return ExitStatus::done;
  if (run.proof->requests == 0) {
    // What an error has said already the engine only says again, in other words.
    if (run.diagnostics.has_errors()) return ExitStatus::findings;
    terminal.error("the proof failed before its first request: " +
                   run.proof->failures.front().what);
    return ExitStatus::findings;
  }
  terminal.error(fmt::format("the proof failed: {} of {} requests did not do what the schema says",
                             run.proof->failures.size(), run.proof->requests));
  return ExitStatus::findings;
}

ExitStatus judge_budget(const Compilation& run, const DesignOptions& options, Terminal& terminal) {
  if (!run.cost || !options.max_usd || run.cost->total.usd() <= *options.max_usd) {
    return ExitStatus::done;
  }
  terminal.error(fmt::format("the design costs {} a month, more than --max-usd {}",
                             support::format_money(run.cost->total),
                             support::format_number(*options.max_usd, 2)));
  return ExitStatus::findings;
}

/// The files of -o; false after an error message.
bool write_artefacts(const Compilation& run, const std::string& folder, Terminal& terminal) {
  std::vector<OutputFile> files;
  for (emit::Artefact& artefact : emit::artefacts(bundle(run))) {
    files.push_back({std::move(artefact.path), std::move(artefact.text), artefact.executable});
  }
  if (const auto error = write_output_folder(folder, files, Earlier::remove)) {
    terminal.error(error->message);
    return false;
  }
  terminal.note(fmt::format("wrote {} files to {}", files.size(), folder));
  return true;
}

/// The runners-up are priced where something prints them.
plan::PlanOptions plan_options(const DesignOptions& options) {
  plan::PlanOptions out;
  out.effort = options.effort;
  out.alternatives = options.alternatives;
  out.frontier = options.frontier;
  out.explain = !options.folder.empty() || !options.dump.empty() ||
                std::any_of(options.formats.begin(), options.formats.end(),
                            [](const std::string& format) { return format != "text"; });
  return out;
}

/// What the linear program is about: the problem that was searched.
plan::PlanOptions around(const Compilation& run, const DesignOptions& options) {
  plan::PlanOptions out;
  out.effort = options.effort;
  if (run.earlier) out.earlier = &*run.earlier;
  return out;
}

/// The file of --lp; false after an error message.
bool write_program(const Compilation& run, const DesignOptions& options, Terminal& terminal) {
  if (options.program.empty()) return true;
  const auto text = plan::linear_program(*run.workload, run.prices(), around(run, options));
  if (!text) return true;  // the findings say why there is no design
  if (const auto error = replace_file(options.program, *text)) {
    terminal.error(error->message);
    return false;
  }
  terminal.note(fmt::format("wrote the linear program to {}", options.program));
  return true;
}

bool write_all_files(const Compilation& run, const DesignOptions& options, Results& results,
                     Terminal& terminal) {
  return results.write_files() && write_program(run, options, terminal) &&
         (options.folder.empty() || write_artefacts(run, options.folder, terminal));
}

ExitStatus print_dump(const Compilation& run, const std::string& what, Terminal& terminal) {
  DDBPLAN_CHECK_MSG(what != "defect", "asked for by --dump=defect");
  if (what == "workload" && run.workload) terminal.result(schema::dump(*run.workload));
  if (what == "design" && run.priced()) terminal.result(emit::design_json(bundle(run)));
  return judge(run, {});
}

ExitStatus run_design(const DesignOptions& options, Terminal& terminal) {
  support::prefer_large_pages(kSeedHeap);
  std::optional<Compilation> loaded = load(options.schema.file, terminal);
  if (!loaded) return ExitStatus::unusable;
  Compilation& run = keep_until_exit(*std::move(loaded));
  Stages stages(terminal);
  stages.run("parse", [&] { parse(run, options.schema.overrides); });
  if (!keep(run, options.keep, terminal)) return ExitStatus::unusable;
  Generation generation(run);
  stages.run("plan", [&] { plan(run, plan_options(options)); });
  Explanation explanation(run);
  stages.run("measure", [&] { measure(run); });
  stages.run("review", [&] { review(run); });
  if (!options.dump.empty()) {
    explanation.join(run);
    print_diagnostics(run, support::Severity::warning, terminal);
    return print_dump(run, options.dump, terminal);
  }
  stages.run("generate rows", [&] { generation.join(run); });
  stages.run("prove", [&] { prove(run, {.keeps_remains = true}); });
  stages.run("explain", [&] { explanation.join(run); });

  if (!run.priced()) {
    print_diagnostics(run, support::Severity::warning, terminal);
    return judge(run, options.fail_on);
  }
  Results results(terminal);
  for (const FormatRequest& format : parse_formats(options.formats, "text")) {
    results.add(format, render(format.name, run, terminal, !format.file));
  }
  if (!results.show()) return ExitStatus::unusable;
  // The report lists the warnings.
  print_diagnostics(run, support::Severity::error, terminal);
  ExitStatus status = judge(run, options.fail_on);
  status = worse(status, judge_proof(run, terminal));
  status = worse(status, judge_budget(run, options, terminal));
  if (status != ExitStatus::done && !options.keep_going) {
    if (!options.folder.empty()) {
      terminal.note("nothing was written; --keep-going writes all the same");
    }
    return status;
  }
  return write_all_files(run, options, results, terminal) ? status : ExitStatus::unusable;
}

}  // namespace

CLI::App& setup_design(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<DesignOptions>();
  CLI::App& command =
      *program.add_subcommand("design",
                              "derive, prove and price a design\n\n"
                              "Derives keys, indexes and access plans, runs every access pattern "
                              "on the embedded engine over generated "
                              "rows, and prints what the design is, what it costs and why. Where "
                              "a parent's attributes are read with its children, found by or "
                              "ordered by, the design may copy them into the children; large "
                              "attributes may stand in an item of their own beside the row's, and "
                              "rows that are read more often than one key takes in several; why "
                              "has the price of both ways. With -o "
                              "it also writes design.json, "
                              "template.yaml (CloudFormation), seed/, report.md and a manifest. A "
                              "folder that holds files of somebody "
                              "else is refused; all files appear together or none does. With "
                              "findings nothing is written unless "
                              "--keep-going is given.");
  add_schema_file(command, options->schema);
  command.add_option("-o,--output", options->folder, "Write the artefacts to this folder.")
      ->type_name("DIR");
  add_formats(command, options->formats, {"text", "json"});
  add_effort(command, options->effort);
  add_keep(command, options->keep);
  command
      .add_option("--alternatives", options->alternatives,
                  "List the next best designs too, and what they decide otherwise.")
      ->type_name("N")
      ->check(CLI::Range(0, 1000).description(""));
  command.add_flag("--frontier", options->frontier,
                   "List the cheapest design with at most 0, 1, 2, ... indexes.");
  command
      .add_option("--lp", options->program,
                  "Write the problem as a linear program in LP format, for a solver to check.")
      ->type_name("FILE");
  command
      .add_option("--max-usd", options->max_usd,
                  "A budget: exit 1 when the month costs more dollars.")
      ->type_name("USD")
      ->check(check_budget, "");
  add_fail_on(command, options->fail_on);
  command.add_flag("--keep-going", options->keep_going,
                   "Write files also when there are findings; the exit status stays.");
  command.add_option("--dump", options->dump)
      ->group("")
      ->type_name("STAGE")
      ->check(CLI::IsMember({"workload", "design", "defect"}));
  add_examples(command,
               {{"Print the report", "ddbplan design schema.yaml"},
                {"Write everything to a folder", "ddbplan design schema.yaml -o out"},
                {"What if orders came ten times as often?",
                 "ddbplan design schema.yaml --set access_patterns.place_order.rate=100/s"},
                {"Add to what is there", "ddbplan design schema.yaml --keep out/design.json"},
                {"Hold a budget in CI",
                 "ddbplan design schema.yaml --max-usd 500 --format json=design.json"}});
  command.callback([options, &invocation] {
    invocation.run = [options](Terminal& terminal) { return run_design(*options, terminal); };
  });
  return command;
}

}  // namespace ddbplan::cli
