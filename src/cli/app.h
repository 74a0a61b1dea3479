// The command line as a whole: the commands, their common options, usage errors. build_app is also what the
// generator of manual pages and completions reads.
#pragma once

#include <memory>

#include "cli/invocation.h"

namespace CLI {  // NOLINT(readability-identifier-naming): it is CLI11's
class App;
}

namespace ddbplan::cli {

/// The program's commands and options. Parsing with it fills `invocation`, which must outlive it.
std::unique_ptr<CLI::App> build_app(Invocation& invocation);

/// Parses, runs, and turns whatever happens into an exit status; nothing is thrown.
int run_program(int argc, const char* const* argv);

}  // namespace ddbplan::cli
