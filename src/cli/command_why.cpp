// ddbplan why FILE [SUBJECT]: the recorded reasons of a design.

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/pipeline.h"
#include "cli/shared_options.h"
#include "emit/why.h"
#include "plan/planner.h"

namespace ddbplan::cli {
namespace {

struct WhyOptions {
  SchemaOptions schema;
  std::string subject;
  std::int64_t effort = plan::PlanOptions().effort;
  std::string keep;
};

ExitStatus run_why(const WhyOptions& options, Terminal& terminal) {
  std::optional<Compilation> run = load(options.schema.file, terminal);
  if (!run) return ExitStatus::unusable;
  Stages stages(terminal);
  stages.run("parse", [&] { parse(*run, options.schema.overrides); });
  if (!keep(*run, options.keep, terminal)) return ExitStatus::unusable;
  stages.run("plan", [&] { plan(*run, {.effort = options.effort}); });
  stages.run("explain", [&] { explain(*run); });
  stages.run("measure", [&] { measure(*run); });
  stages.run("review", [&] { review(*run); });
  if (!run->priced()) {
    print_diagnostics(*run, support::Severity::warning, terminal);
    return judge(*run, {});
  }
  const auto text = emit::why(bundle(*run), options.subject,
                              {.width = terminal.width(), .bold = terminal.colours_results()});
  if (!text) {
    terminal.error(text.error().message);
    return ExitStatus::unusable;
  }
  terminal.result(*text);
  return judge(*run, {});
}

}  // namespace

CLI::App& setup_why(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<WhyOptions>();
  CLI::App& command =
      *program.add_subcommand("why",
                              "tell why it is planned so, and what else could be done\n\n"
                              "Prints the decisions about an access pattern, an index and its "
                              "projection, an entity's key, a "
                              "shard count or the layout: what was chosen, the reason, and what "
                              "the alternatives would cost "
                              "or break. Without a SUBJECT all decisions are printed.");
  add_schema_file(command, options->schema);
  command.add_option(
      "SUBJECT", options->subject,
      "A name, or pattern:NAME, index:NAME, entity:NAME where one name means several; "
      "projection:INDEX, shards:KEY, as `ddbplan why` prints them; or layout.");
  add_effort(command, options->effort);
  add_keep(command, options->keep);
  add_examples(command,
               {{"Why is a pattern served this way?", "ddbplan why schema.yaml recent_orders"},
                {"Why is there an index?", "ddbplan why schema.yaml index:GSI1"},
                {"Why so many shards?", "ddbplan why schema.yaml 'shards:ORDER#OPEN#{shard}'"}});
  command.callback([options, &invocation] {
    invocation.run = [options](Terminal& terminal) { return run_why(*options, terminal); };
  });
  return command;
}

}  // namespace ddbplan::cli
