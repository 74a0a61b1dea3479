// The commands, in the order in which help lists them. A command is one file: its options, setup_x, which adds
// it to the program, and run_x, which does the work.
#pragma once

#include <span>

#include "cli/invocation.h"

namespace CLI {
class App;
}

namespace ddbplan::cli {

/// Adds the command to the program and returns it. When the command is parsed, `invocation.run` becomes its
/// run function with the options bound.
using SetupCommand = CLI::App& (*)(CLI::App& program, Invocation& invocation);

CLI::App& setup_init(CLI::App& program, Invocation& invocation);
CLI::App& setup_design(CLI::App& program, Invocation& invocation);
CLI::App& setup_why(CLI::App& program, Invocation& invocation);
CLI::App& setup_lint(CLI::App& program, Invocation& invocation);
CLI::App& setup_explain(CLI::App& program, Invocation& invocation);
CLI::App& setup_emit(CLI::App& program, Invocation& invocation);
CLI::App& setup_validate(CLI::App& program, Invocation& invocation);
CLI::App& setup_query(CLI::App& program, Invocation& invocation);
CLI::App& setup_serve(CLI::App& program, Invocation& invocation);
CLI::App& setup_schema(CLI::App& program, Invocation& invocation);

std::span<const SetupCommand> command_setups();

}  // namespace ddbplan::cli
