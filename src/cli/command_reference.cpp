#include "cli/command_reference.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "support/text.h"

namespace ddbplan::cli {
namespace {

constexpr std::size_t kColumns = 80;
/// Where the texts of options begin.
constexpr std::size_t kTextColumn = 26;

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = text.find(separator);
    if (end != 0) parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + separator.size());
  }
  return parts;
}

/// CLI11 writes a closed set into the type's name: "WHEN:{auto,always,never}".
void read_type_name(const std::string& type_name, OptionReference& option) {
  const auto open = type_name.find(":{");
  option.value = type_name.substr(0, open);
  if (open == std::string::npos) return;
  const auto close = type_name.find('}', open);
  option.choices = split(std::string_view(type_name).substr(open + 2, close - open - 2), ",");
}

OptionReference describe(const CLI::Option& source) {
  OptionReference option;
  option.text = source.get_description();
  option.required = source.get_required();
  option.repeatable = source.get_items_expected_max() > 1;
  option.is_argument = source.get_positional();
  read_type_name(source.get_type_name(), option);
  if (option.is_argument) {
    option.names = {source.get_single_name()};
    option.value.clear();
    return option;
  }
  if (source.get_items_expected_max() == 0) option.value.clear();
  for (const std::string& name : source.get_snames()) option.names.push_back("-" + name);
  for (const std::string& name : source.get_lnames()) option.names.push_back("--" + name);
  return option;
}

std::vector<CommandReference::Line> read_examples(const std::string& footer) {
  std::vector<CommandReference::Line> lines;
  const std::vector<std::string> rows = split(footer, "\n");
  for (std::size_t i = 0; i + 1 < rows.size(); i += 2) {
    std::string does = rows[i];
    if (does.ends_with(':')) does.pop_back();
    lines.push_back({does, rows[i + 1].substr(rows[i + 1].find_first_not_of(' '))});
  }
  return lines;
}

std::string spelled(const OptionReference& option) {
  std::string text = support::join(option.names, ", ");
  if (!option.value.empty()) text += " " + option.value;
  return text;
}

std::string argument_form(const OptionReference& argument) {
  std::string form = argument.names.front();
  if (argument.repeatable) form += "...";
  return argument.required ? form : "[" + form + "]";
}

std::string two_columns(const std::string& left, const std::string& right) {
  std::string out = "  " + left;
  if (out.size() + 2 > kTextColumn) {
    out += "\n" + std::string(kTextColumn, ' ');
  } else {
    out = support::pad_right(out, kTextColumn);
  }
  const std::string wrapped = support::wrap(right, kColumns - kTextColumn, 0);
  for (const char c : wrapped) {
    out += c;
    if (c == '\n') out.append(kTextColumn, ' ');
  }
  return out + "\n";
}

std::string option_text(const OptionReference& option) {
  if (option.choices.empty()) return option.text;
  return fmt::format("{} One of {}.", option.text, support::join_list(option.choices, "or"));
}

}  // namespace

CommandReference describe(const CLI::App& app) {
  CommandReference command;
  command.name = app.get_parent() == nullptr ? "" : app.get_name();
  std::vector<std::string> paragraphs = split(app.get_description(), "\n\n");
  command.summary = paragraphs.front();
  command.paragraphs.assign(paragraphs.begin() + 1, paragraphs.end());
  command.examples = read_examples(app.get_footer());
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    (option->get_positional() ? command.arguments : command.options).push_back(describe(*option));
  }
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!child->get_group().empty()) command.commands.push_back(describe(*child));
  }
  return command;
}

std::string synopsis(const CommandReference& command) {
  std::string text = "ddbplan";
  if (!command.name.empty()) text += " " + command.name;
  text += " [OPTION...]";
  if (!command.commands.empty()) text += " COMMAND ...";
  for (const OptionReference& argument : command.arguments) text += " " + argument_form(argument);
  return text;
}

std::string help_text(const CommandReference& command) {
  std::string out = support::wrap(fmt::format("ddbplan{}{}: {}", command.name.empty() ? "" : " ",
                                              command.name, command.summary),
                                  kColumns, 0);
  out += fmt::format("\n\nUsage: {}\n", synopsis(command));
  for (const std::string& paragraph : command.paragraphs) {
    out += "\n" + support::wrap(paragraph, kColumns, 0) + "\n";
  }
  if (!command.commands.empty()) {
    out += "\nCommands:\n";
    for (const CommandReference& each : command.commands) {
      out += two_columns(each.name, each.summary);
    }
  }
  if (!command.arguments.empty()) out += "\nArguments:\n";
  for (const OptionReference& argument : command.arguments) {
    out += two_columns(argument_form(argument), option_text(argument));
  }
  out += "\nOptions:\n";
  for (const OptionReference& option : command.options) {
    out += two_columns(spelled(option), option_text(option));
  }
  if (!command.examples.empty()) out += "\nExamples:\n";
  for (const CommandReference::Line& example : command.examples) {
    const char* colon = example.does.ends_with('?') ? "" : ":";
    out += fmt::format("  {}{}\n    {}\n", example.does, colon, example.command);
  }
  return out;
}

}  // namespace ddbplan::cli
