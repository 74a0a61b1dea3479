// ddbplan init [NAME]: a schema to start from. The examples are compiled in, so that a bare binary has them.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/examples.h"
#include "cli/files.h"
#include "cli/shared_options.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

struct InitOptions {
  std::string name;
  bool list = false;
  bool print = false;
};

std::string list_of_examples() {
  std::size_t columns = 0;
  for (const ExampleSchema& each : example_schemas()) columns = std::max(columns, each.name.size());
  std::string out;
  for (const ExampleSchema& each : example_schemas()) {
    out += support::pad_right(each.name, columns) + "  " + each.summary() + "\n";
  }
  return out;
}

ExitStatus no_such_example(const std::string& name, Terminal& terminal) {
  std::vector<std::string> names;
  for (const ExampleSchema& example : example_schemas()) names.emplace_back(example.name);
  const auto near = support::nearest(name, names);
  terminal.error(fmt::format(
      "no example is called '{}'; {}", name,
      near ? fmt::format("did you mean '{}'?", *near) : "'ddbplan init --list' names them"));
  return ExitStatus::unusable;
}

ExitStatus run_init(const InitOptions& options, Terminal& terminal) {
  if (options.list) {
    terminal.result(list_of_examples());
    return ExitStatus::done;
  }
  const ExampleSchema* example =
      options.name.empty() ? &starting_schema() : find_example_schema(options.name);
  if (example == nullptr) return no_such_example(options.name, terminal);
  if (options.print) {
    terminal.result(example->text);
    return ExitStatus::done;
  }
  const std::string file = std::string(example->name) + ".yaml";
  if (const auto error = create_file(file, example->text)) {
    terminal.error(error->message);
    return ExitStatus::unusable;
  }
  terminal.note(fmt::format("wrote {}; next: ddbplan design {}", file, file));
  return ExitStatus::done;
}

}  // namespace

CLI::App& setup_init(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<InitOptions>();
  CLI::App& command =
      *program.add_subcommand("init",
                              "start a schema\n\n"
                              "Writes a commented schema to schema.yaml in this folder, or the "
                              "example NAME to NAME.yaml. A file that is "
                              "there already is left alone.");
  command.add_option("NAME", options->name, "An example; --list names them.");
  command.add_flag("--list", options->list, "List the examples.");
  command.add_flag("--print", options->print, "Print the schema instead of writing a file.");
  add_examples(command, {{"Start from a commented schema", "ddbplan init"},
                         {"See the examples", "ddbplan init --list"},
                         {"Design an example without a file",
                          "ddbplan init shop --print | ddbplan design -"}});
  command.callback([options, &invocation] {
    invocation.run = [options](Terminal& terminal) { return run_init(*options, terminal); };
  });
  return command;
}

}  // namespace ddbplan::cli
