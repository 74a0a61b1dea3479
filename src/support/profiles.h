// Files of the form of ~/.aws/credentials: "[profile]", then its settings as "name = value"; lines that start with #
// or ; are comments. (AWS SDKs and Tools Reference Guide, "Shared config and credentials files".)
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ddbplan::support {

struct Profile {
  std::string name;
  std::map<std::string, std::string, std::less<>> settings;

  /// "" when there is none.
  [[nodiscard]] std::string setting(std::string_view wanted) const;
};

struct ProfilesFile {
  /// In the file's order. What stands before the first has the name "".
  std::vector<Profile> profiles;
  /// The number of the first line that is nothing of all that; 0: there is none.
  int unreadable_line = 0;
};

[[nodiscard]] ProfilesFile read_profiles(std::string_view text);

}  // namespace ddbplan::support
