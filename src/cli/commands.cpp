#include "cli/commands.h"

#include <array>

namespace ddbplan::cli {

std::span<const SetupCommand> command_setups() {
  static constexpr std::array<SetupCommand, 10> kSetups = {
      setup_init, setup_design,   setup_why,   setup_lint,  setup_explain,
      setup_emit, setup_validate, setup_query, setup_serve, setup_schema,
  };
  return kSetups;
}

}  // namespace ddbplan::cli
