// The commands and options as data, read from CLI11's tree: what --help, the manual pages and the shells'
// completions print. Nothing about an option is written anywhere but where it is added.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/shared_options.h"

namespace ddbplan::cli {

struct OptionReference {
  std::vector<std::string> names;    ///< "-o", "--output"; for an argument its name alone ("FILE")
  std::string value;                 ///< "DIR"; empty for a flag and for an argument
  std::vector<std::string> choices;  ///< the values it takes, when they are a closed set
  std::string text;                  ///< whole sentences
  bool is_argument = false;
  bool required = false;
  bool repeatable = false;
};

struct CommandReference {
  std::string name;     ///< "lint"; empty for the program itself
  std::string summary;  ///< one line without a full stop
  std::vector<std::string> paragraphs;
  std::vector<OptionReference> options;  ///< hidden ones left out
  std::vector<OptionReference> arguments;
  struct Line {
    std::string does;
    std::string command;
  };
  std::vector<Line> examples;
  std::vector<CommandReference> commands;
};

/// REQUIRES: the app was built by build_app or is one of its commands.
CommandReference describe(const CLI::App& app);

/// "ddbplan lint [OPTION...] FILE..."
std::string synopsis(const CommandReference& command);

/// The text of --help, in lines of at most 80 columns.
std::string help_text(const CommandReference& command);

}  // namespace ddbplan::cli
