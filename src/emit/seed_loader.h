// seed/load: a shell script that sends the seed's items to a DynamoDB endpoint with the AWS CLI, 25
// at a time. It needs nothing but sh, awk and aws, never chooses an endpoint by itself, and asks for
// --yes before it writes anywhere but on this machine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ddbplan::emit {

struct LoadedTable {
  std::string table;
  /// Beside the script.
  std::string file;
};

std::string seed_loader(const std::vector<LoadedTable>& tables);

/// One word of a POSIX shell, in single quotes unless it is plainly safe.
std::string shell_word(std::string_view text);

}  // namespace ddbplan::emit
