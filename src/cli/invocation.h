// What a command line asks for, once it is parsed: how to talk, and the one thing to run. Parsing and running
// are apart, so that nothing of CLI11 is on the stack when work is done.
#pragma once

#include <functional>

#include "cli/exit_status.h"
#include "cli/terminal.h"

namespace ddbplan::cli {

struct Invocation {
  TerminalOptions terminal;
  std::function<ExitStatus(Terminal&)> run;
};

}  // namespace ddbplan::cli
