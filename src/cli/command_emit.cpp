// ddbplan emit FORMAT FILE: one artefact of the design, in the form of another tool.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/output_folder.h"
#include "cli/pipeline.h"
#include "cli/shared_options.h"
#include "emit/formats.h"
#include "emit/manifest.h"
#include "plan/planner.h"

namespace ddbplan::cli {
namespace {

struct EmitOptions {
  std::string format;
  SchemaOptions schema;
  std::string folder;
  std::int64_t effort = plan::PlanOptions().effort;
  std::string keep;
  FailOn fail_on;
  bool keep_going = false;
};

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const emit::Format& format : emit::formats()) names.emplace_back(format.name);
  return names;
}

std::string formats_paragraph() {
  std::string text;
  for (const emit::Format& format : emit::formats()) {
    text +=
        fmt::format("{}{} ({})", text.empty() ? "Formats: " : "; ", format.name, format.summary);
  }
  return text + ".";
}

ExitStatus write_artefacts(const Compilation& run, const EmitOptions& options, Terminal& terminal) {
  std::vector<emit::Artefact> artefacts = emit::find_format(options.format)->emit(bundle(run));
  if (options.folder.empty()) {
    if (artefacts.size() != 1) {
      terminal.error(fmt::format("{} makes {} files; name a folder for them with -o",
                                 options.format, artefacts.size()));
      return ExitStatus::unusable;
    }
    terminal.result(artefacts.front().text);
    return ExitStatus::done;
  }
  artefacts.push_back(emit::manifest(bundle(run), artefacts));
  std::vector<OutputFile> files;
  for (emit::Artefact& artefact : artefacts) {
    files.push_back({std::move(artefact.path), std::move(artefact.text), artefact.executable});
  }
  if (const auto error = write_output_folder(options.folder, files, Earlier::keep)) {
    terminal.error(error->message);
    return ExitStatus::unusable;
  }
  return ExitStatus::done;
}

ExitStatus run_emit(const EmitOptions& options, Terminal& terminal) {
  const emit::Format& format = *emit::find_format(options.format);
  std::optional<Compilation> run = load(options.schema.file, terminal);
  if (!run) return ExitStatus::unusable;
  Stages stages(terminal);
  stages.run("parse", [&] { parse(*run, options.schema.overrides); });
  if (!keep(*run, options.keep, terminal)) return ExitStatus::unusable;
  const bool is_explained = format.needs == emit::Needs::proof;
  stages.run("plan", [&] { plan(*run, {.effort = options.effort, .explain = is_explained}); });
  Explanation explanation(*run);
  stages.run("measure", [&] { measure(*run); });
  stages.run("review", [&] { review(*run); });
  if (format.needs != emit::Needs::design)
    stages.run("generate rows", [&] { generate_seed(*run); });
  if (format.needs == emit::Needs::proof) stages.run("prove", [&] { prove(*run); });
  stages.run("explain", [&] { explanation.join(*run); });

  print_diagnostics(*run, support::Severity::warning, terminal);
  const ExitStatus status = judge(*run, options.fail_on);
  if (!run->priced() || (status != ExitStatus::done && !options.keep_going)) return status;
  return worse(status, write_artefacts(*run, options, terminal));
}

}  // namespace

CLI::App& setup_emit(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<EmitOptions>();
  CLI::App& command = *program.add_subcommand(
      "emit", "print the design in the form of another tool\n\n" + formats_paragraph() +
                  "\n\nOne file goes to standard output, or with -o to a folder; several files "
                  "need -o. A folder keeps what "
                  "earlier runs of ddbplan put there.");
  command.add_option("FORMAT", options->format, "What to print.")
      ->required()
      ->check(choice_of(format_names()));
  add_schema_file(command, options->schema);
  command.add_option("-o,--output", options->folder, "Write to this folder.")->type_name("DIR");
  add_effort(command, options->effort);
  add_keep(command, options->keep);
  add_fail_on(command, options->fail_on);
  command.add_flag("--keep-going", options->keep_going,
                   "Print also when there are findings; the exit status stays.");
  add_examples(command,
               {{"Print the CloudFormation template", "ddbplan emit cloudformation schema.yaml"},
                {"Write the seed files", "ddbplan emit seed schema.yaml -o out"}});
  command.callback([options, &invocation] {
    invocation.run = [options](Terminal& terminal) { return run_emit(*options, terminal); };
  });
  return command;
}

}  // namespace ddbplan::cli
