// Completions for bash, zsh and fish. What only the program knows (names of examples, codes of rules) is asked of
// it when the key is pressed; everything else is written down.

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/documents.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

constexpr std::string_view kHeading =
    "made by ddbplan_documents from the program's own options; edit those.";

/// Shell commands that print the words of an argument; empty where none are known.
std::string_view words_command(const CommandReference& command, const OptionReference& argument) {
  if (command.name == "init" && argument.names.front() == "NAME") {
    return "ddbplan init --list 2>/dev/null | cut -d' ' -f1";
  }
  if (command.name == "explain" && argument.names.front() == "CODE") {
    return "ddbplan explain --all 2>/dev/null | grep -o '^DDB[0-9][0-9]*'";
  }
  return {};
}

bool takes_file(const OptionReference& option) {
  return option.names.front() == "FILE" || option.value == "FILE";
}

bool takes_folder(const OptionReference& option) {
  return option.value == "DIR";
}

/// The first sentence, without its full stop.
std::string brief(const OptionReference& option) {
  const auto end = option.text.find_first_of(".:;");
  return option.text.substr(0, end);
}

std::string all_names(const std::vector<OptionReference>& options) {
  std::vector<std::string> names;
  for (const OptionReference& option : options)
    names.insert(names.end(), option.names.begin(), option.names.end());
  return support::join(names, " ");
}

std::string command_names(const CommandReference& program, std::string_view separator) {
  std::vector<std::string> names;
  for (const CommandReference& command : program.commands) names.push_back(command.name);
  return support::join(names, separator);
}

// ---- bash

std::string bash_value_case(const CommandReference& command, const OptionReference& option) {
  if (option.value.empty()) return {};
  std::vector<std::string> patterns;
  for (const std::string& name : option.names) patterns.push_back(command.name + ":" + name);
  std::string action = ":";  // anything; nothing to offer
  if (!option.choices.empty())
    action = fmt::format("_ddbplan_words '{}'", support::join(option.choices, " "));
  if (takes_folder(option)) action = "_ddbplan_files -d";
  return fmt::format("    {}) {}; return ;;\n", support::join(patterns, " | "), action);
}

std::string bash_arguments_case(const CommandReference& command) {
  std::string out = fmt::format("    {})\n", command.name);
  std::string position = "      case $argument in\n";
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const OptionReference& argument = command.arguments[i];
    std::string action;
    if (takes_file(argument)) action = "_ddbplan_files -f";
    if (!argument.choices.empty())
      action = fmt::format("_ddbplan_words '{}'", support::join(argument.choices, " "));
    const std::string_view words = words_command(command, argument);
    if (!words.empty()) action = fmt::format("_ddbplan_words \"$({})\"", words);
    if (action.empty()) continue;
    position +=
        fmt::format("        {}) {} ;;\n", argument.repeatable ? "*" : std::to_string(i), action);
  }
  if (command.arguments.empty()) return {};
  return out + position + "      esac ;;\n";
}

std::string bash_completion(const CommandReference& program) {
  std::string values;
  std::string names = fmt::format("      '') _ddbplan_words '{}' ;;\n", all_names(program.options));
  std::string arguments;
  for (const OptionReference& option : program.options) values += bash_value_case(program, option);
  for (const CommandReference& command : program.commands) {
    for (const OptionReference& option : command.options)
      values += bash_value_case(command, option);
    names +=
        fmt::format("      {}) _ddbplan_words '{}' ;;\n", command.name, all_names(command.options));
    arguments += bash_arguments_case(command);
  }
  return fmt::format(R"(# bash completion for ddbplan; {}

_ddbplan_words() {{
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}}

_ddbplan_files() {{
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
}}

_ddbplan() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command='' argument=0 i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${{COMP_WORDS[i]}} in
      -?*) ;;
      *) if [[ -z $command ]]; then command=${{COMP_WORDS[i]}}; else argument=$((argument + 1)); fi ;;
    esac
  done
  COMPREPLY=()
  case $command:$previous in
{}  esac
  if [[ $word == -* ]]; then
    case $command in
{}    esac
    return
  fi
  case $command in
    '') _ddbplan_words '{}' ;;
{}  esac
}}

complete -F _ddbplan ddbplan
)",
                     kHeading, values, names, command_names(program, " "), arguments);
}

// ---- zsh

/// Text inside a bracketed description of _arguments, within single quotes.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      out += {'\\', c};
    } else {
      out += c;
    }
  }
  return out;
}

std::string zsh_action(const CommandReference& command, const OptionReference& option) {
  const std::string_view words = words_command(command, option);
  if (!words.empty()) {
    std::string quoted;
    for (const char c : words) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return fmt::format("{{compadd -- $({})}}", quoted);
  }
  if (!option.choices.empty()) return fmt::format("({})", support::join(option.choices, " "));
  if (takes_folder(option)) return "_files -/";
  if (takes_file(option)) return "_files";
  return " ";
}

std::string zsh_option(const CommandReference& command, const OptionReference& option) {
  const std::string text = fmt::format("[{}]", zsh_text(brief(option)));
  const std::string value = option.value.empty() ? ""
                                                 : fmt::format(":{}:{}", zsh_text(option.value),
                                                               zsh_action(command, option));
  const std::string many = option.repeatable ? "*" : "";
  if (option.names.size() == 1)
    return fmt::format("'{}{}{}{}'", many, option.names.front(), text, value);
  return fmt::format("'({})'{}{{{}}}'{}{}'", support::join(option.names, " "), many,
                     support::join(option.names, ","), text, value);
}

std::string zsh_argument(const CommandReference& command, const OptionReference& argument) {
  return fmt::format("'{}:{}:{}'", argument.repeatable ? "*" : (argument.required ? "" : ":"),
                     zsh_text(argument.names.front()), zsh_action(command, argument));
}

std::string zsh_arguments(const CommandReference& command, std::string_view indent) {
  std::string out = "_arguments -s";
  for (const OptionReference& option : command.options) {
    out += fmt::format(" \\\n{}{}", indent, zsh_option(command, option));
  }
  for (const OptionReference& argument : command.arguments) {
    out += fmt::format(" \\\n{}{}", indent, zsh_argument(command, argument));
  }
  return out;
}

std::string zsh_completion(const CommandReference& program) {
  std::string described;
  std::string cases;
  for (const CommandReference& command : program.commands) {
    described += fmt::format("    '{}:{}'\n", command.name, zsh_text(command.summary));
    cases += fmt::format("    {})\n      {}\n      ;;\n", command.name,
                         zsh_arguments(command, "        "));
  }
  std::string program_options;
  for (const OptionReference& option : program.options) {
    program_options += fmt::format(" \\\n    {}", zsh_option(program, option));
  }
  return fmt::format(R"(#compdef ddbplan
# zsh completion for ddbplan; {}

_ddbplan() {{
  local -a commands
  local curcontext=$curcontext state line
  commands=(
{}  )
  _arguments -s -C{} \
    '1:command:->command' \
    '*::argument:->argument' && return
  if [[ $state == command ]]; then
    _describe command commands
    return
  fi
  case $line[1] in
{}  esac
}}

_ddbplan "$@"
)",
                     kHeading, described, program_options, cases);
}

// ---- fish

std::string fish_text(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += (c == '\'' || c == '\\') ? std::string{'\\', c} : std::string(1, c);
  return "'" + out + "'";
}

std::string fish_option(std::string_view condition, const OptionReference& option) {
  std::string line = fmt::format("complete -c ddbplan -n {}", fish_text(condition));
  for (const std::string& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!option.choices.empty()) {
    line += " -x -a " + fish_text(support::join(option.choices, " "));
  } else if (takes_folder(option)) {
    line += " -x -a '(__fish_complete_directories)'";
  } else if (!option.value.empty()) {
    line += " -x";
  }
  return line + fmt::format(" -d {}\n", fish_text(brief(option)));
}

std::string fish_completion(const CommandReference& program) {
  std::string out =
      fmt::format("# fish completion for ddbplan; {}\n\ncomplete -c ddbplan -f\n", kHeading);
  for (const OptionReference& option : program.options)
    out += fish_option("__fish_use_subcommand", option);
  for (const CommandReference& command : program.commands) {
    out += fmt::format("\ncomplete -c ddbplan -n '__fish_use_subcommand' -a {} -d {}\n",
                       command.name, fish_text(command.summary));
    const std::string seen = "__fish_seen_subcommand_from " + command.name;
    for (const OptionReference& option : command.options) out += fish_option(seen, option);
    for (const OptionReference& argument : command.arguments) {
      const std::string_view words = words_command(command, argument);
      std::string given;
      if (!argument.choices.empty())
        given = "-a " + fish_text(support::join(argument.choices, " "));
      if (!words.empty()) given = "-a " + fish_text(fmt::format("({})", words));
      if (takes_file(argument)) given = "-F";
      if (!given.empty())
        out += fmt::format("complete -c ddbplan -n {} {}\n", fish_text(seen), given);
    }
  }
  return out;
}

}  // namespace

std::vector<GeneratedDocument> completions(const CommandReference& program) {
  return {{"completions/ddbplan.bash", bash_completion(program)},
          {"completions/ddbplan.zsh", zsh_completion(program)},
          {"completions/ddbplan.fish", fish_completion(program)}};
}

}  // namespace ddbplan::cli
