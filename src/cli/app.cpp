#include "cli/app.h"

#include <array>
#include <csignal>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/command_reference.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/shared_options.h"
#include "cli/version.h"
#include "support/check.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

/// Commands of the language of ddbplan that this version does not have yet.
constexpr std::array<std::string_view, 4> kLaterCommands = {"cost", "import", "simulate", "diff"};

/// The command that was reached; the program itself before the first one.
const CLI::App& reached(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
  return *at;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!child->get_group().empty()) names.push_back(child->get_name());
  }
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string unknown_command(const CLI::App& app, const std::string& name) {
  for (std::string_view later : kLaterCommands) {
    if (name == later) return fmt::format("the command '{}' is not in this version", name);
  }
  const std::vector<std::string> names = command_names(app);
  const auto near = support::nearest(name, names);
  return fmt::format(
      "unknown command '{}'; {}", support::escape_for_terminal(name),
      near ? fmt::format("did you mean '{}'?", *near) : "known are " + support::join_list(names));
}

std::string unknown_argument(const CLI::App& command, const std::string& text) {
  const std::string shown = support::escape_for_terminal(text);
  if (!text.starts_with('-') || text == "-") return fmt::format("unexpected argument '{}'", shown);
  const auto near = support::nearest(text.substr(0, text.find('=')), option_names(command));
  return fmt::format("unknown option '{}'{}", shown,
                     near ? fmt::format("; did you mean '{}'?", *near) : "");
}

/// CLI11's sentence, or a better one where something was left over.
std::string describe_usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = reached(app);
  const std::vector<std::string> left = app.remaining(/*recurse=*/true);
  if (app.get_subcommands().empty()) {
    for (const std::string& text : left) {
      if (!text.starts_with('-')) return unknown_command(app, text);
    }
  }
  for (const std::string& text : left) {
    if (text.starts_with('-') && text != "-") return unknown_argument(command, text);
  }
  if (!left.empty()) return unknown_argument(command, left.front());
  return error.what();
}

ExitStatus usage_error(const CLI::App& command, std::string_view sentence, Terminal& terminal) {
  terminal.error(sentence);
  const std::string name = command.get_parent() == nullptr ? "" : " " + command.get_name();
  terminal.message(fmt::format("Run 'ddbplan{} --help' for usage.\n", name));
  return ExitStatus::unusable;
}

/// `ddbplan help lint` is `ddbplan lint --help`.
std::vector<std::string> arguments(int argc, const char* const* argv) {
  std::vector<std::string> all(argv + std::min(argc, 1), argv + argc);
  if (!all.empty() && all.front() == "help") {
    all.erase(all.begin());
    all.emplace_back("--help");
  }
  return all;
}

ExitStatus parse_and_run(int argc, const char* const* argv) {
  Invocation invocation;
  const std::unique_ptr<CLI::App> app = build_app(invocation);
  Terminal early;
  try {
    std::vector<std::string> reversed = arguments(argc, argv);
    std::reverse(reversed.begin(), reversed.end());
    app->parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    early.result(help_text(describe(reached(*app))));
    return early.flush() ? ExitStatus::done : ExitStatus::unusable;
  } catch (const CLI::CallForVersion&) {
    early.result(fmt::format("ddbplan {}\n", kVersion));
    return early.flush() ? ExitStatus::done : ExitStatus::unusable;
  } catch (const CLI::ParseError& error) {
    return usage_error(reached(*app), describe_usage_error(*app, error), early);
  }
  Terminal terminal(invocation.terminal);
  if (!invocation.run) return usage_error(*app, "no command was given", terminal);
  const ExitStatus status = invocation.run(terminal);
  return terminal.flush() ? status : worse(status, ExitStatus::unusable);
}

/// Without allocation, since memory may be what has run out.
int give_up(std::string_view what, ExitStatus status) {
  write_all(2, "ddbplan: error: ");
  write_all(2, what);
  write_all(2, "\n");
  return static_cast<int>(status);
}

}  // namespace

std::unique_ptr<CLI::App> build_app(Invocation& invocation) {
  auto app = std::make_unique<CLI::App>(
      "derive, prove and price a DynamoDB design\n\n"
      "ddbplan reads a schema (YAML: entities, access patterns, rates) and derives the DynamoDB "
      "tables, keys "
      "and indexes that serve every access pattern at the lowest cost that its search finds. It "
      "runs every pattern on an "
      "embedded "
      "engine, and writes the templates, seed files and report.\n\n"
      "Exit status: 0 done; 1 findings; 2 unusable input, usage or files; 3 a defect of ddbplan.");
  app->name("ddbplan");
  app->set_help_flag("-h,--help", "Print this help.");
  app->set_version_flag("--version", std::string(kVersion), "Print the version.");
  add_terminal_options(*app, invocation.terminal);
  add_examples(
      *app, {{"Start from a commented schema", "ddbplan init"},
             {"Derive a design, prove it and see what it costs", "ddbplan design schema.yaml"},
             {"Write the template, the seed and the report", "ddbplan design schema.yaml -o out"}});
  for (const SetupCommand setup : command_setups()) {
    CLI::App& command = setup(*app, invocation);
    command.set_help_flag("-h,--help", "Print this help.");
    add_terminal_options(command, invocation.terminal);
  }
  return app;
}

int run_program(int argc, const char* const* argv) {
  try {
    reserve_standard_descriptors();
    // A reader that goes away is seen as EPIPE where we write, not as our death.
    std::signal(SIGPIPE, SIG_IGN);
    return static_cast<int>(parse_and_run(argc, argv));
  } catch (const support::Defect& defect) {
    give_up("this is a defect of ddbplan, please report it with the schema:", ExitStatus::defect);
    return give_up(defect.what(), ExitStatus::defect);
  } catch (const std::bad_alloc&) {
    return give_up("out of memory", ExitStatus::unusable);
  } catch (const std::exception& error) {
    give_up("this is a defect of ddbplan, please report it with the schema:", ExitStatus::defect);
    return give_up(error.what(), ExitStatus::defect);
  } catch (...) {
    return give_up("this is a defect of ddbplan: an unknown exception", ExitStatus::defect);
  }
}

}  // namespace ddbplan::cli
