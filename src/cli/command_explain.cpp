// ddbplan explain CODE: a rule's documentation; --all gives all of them, and the manual page is made of that.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "cli/results.h"
#include "cli/rule_documents.h"
#include "cli/shared_options.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

struct ExplainOptions {
  std::string code;
  bool all = false;
  std::vector<std::string> formats;
};

std::vector<lint::RuleInfo> matching(const std::vector<lint::RuleInfo>& rules,
                                     const std::string& wanted) {
  std::vector<lint::RuleInfo> found;
  const std::string lower = support::to_lower_ascii(wanted);
  for (const lint::RuleInfo& rule : rules) {
    if (rule.name == lower || support::to_lower_ascii(rule.code) == lower) found.push_back(rule);
  }
  return found;
}

ExitStatus no_such_rule(const std::vector<lint::RuleInfo>& rules, const std::string& wanted,
                        Terminal& terminal) {
  std::vector<std::string> names;
  for (const lint::RuleInfo& rule : rules) {
    names.emplace_back(rule.code);
    names.emplace_back(rule.name);
  }
  const auto near = support::nearest(wanted, names);
  terminal.error(fmt::format(
      "no rule is called '{}'; {}", wanted,
      near ? fmt::format("did you mean '{}'?", *near) : "'ddbplan explain --all' lists them"));
  return ExitStatus::unusable;
}

ExitStatus run_explain(const ExplainOptions& options, Terminal& terminal) {
  std::vector<lint::RuleInfo> rules = rule_catalogue();
  if (options.all == !options.code.empty()) {
    terminal.error("name one rule, or say --all");
    return ExitStatus::unusable;
  }
  if (!options.all) {
    std::vector<lint::RuleInfo> found = matching(rules, options.code);
    if (found.empty()) return no_such_rule(rules, options.code, terminal);
    rules = std::move(found);
  }
  Results results(terminal);
  for (const FormatRequest& format : parse_formats(options.formats, "text")) {
    if (format.name == "json") {
      results.add(format, rules_as_json(rules));
    } else if (format.name == "markdown") {
      results.add(format, rules_as_markdown(rules));
    } else {
      results.add(format, rules_as_text(rules, std::min(terminal.width(), 100)));
    }
  }
  return results.write() ? ExitStatus::done : ExitStatus::unusable;
}

}  // namespace

CLI::App& setup_explain(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App& command = *program.add_subcommand("explain",
                                              "tell what a rule is about\n\n"
                                              "Prints what the rule finds, why it matters, what to "
                                              "do, a schema that breaks it and one that does not.");
  command.add_option("CODE", options->code, "A code as in DDB401, or a name as in hot-key-writes.");
  command.add_flag("--all", options->all, "All rules, in the order of their codes.");
  add_formats(command, options->formats, {"text", "markdown", "json"});
  add_examples(command,
               {{"Explain a finding", "ddbplan explain DDB401"},
                {"Make a page of all rules", "ddbplan explain --all --format markdown=rules.md"}});
  command.callback([options, &invocation] {
    invocation.run = [options](Terminal& terminal) { return run_explain(*options, terminal); };
  });
  return command;
}

}  // namespace ddbplan::cli
