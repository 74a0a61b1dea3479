// ddbplan schema: the language's JSON Schema, for editors and validators.

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/shared_options.h"
#include "schema/json_schema.h"

namespace ddbplan::cli {

CLI::App& setup_schema(CLI::App& program, Invocation& invocation) {
  CLI::App& command =
      *program.add_subcommand("schema",
                              "print the JSON Schema of the language\n\n"
                              "Editors check and complete schemas with it: begin the file with "
                              "'# yaml-language-server: $schema=ddbplan.schema.json'.");
  add_examples(command, {{"Give it to an editor", "ddbplan schema > ddbplan.schema.json"}});
  command.callback([&invocation] {
    invocation.run = [](Terminal& terminal) {
      terminal.result(schema::json_schema());
      return ExitStatus::done;
    };
  });
  return command;
}

}  // namespace ddbplan::cli
