#include "support/profiles.h"

#include "support/text.h"

namespace ddbplan::support {

std::string Profile::setting(std::string_view wanted) const {
  const auto found = settings.find(wanted);
  return found == settings.end() ? std::string() : found->second;
}

ProfilesFile read_profiles(std::string_view text) {
  ProfilesFile file;
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    ++number;
    if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
    if (line.starts_with('[')) {
      file.profiles.push_back({std::string(trimmed(line.substr(1, line.find(']') - 1))), {}});
      continue;
    }
    const auto sign = line.find('=');
    if (sign == std::string_view::npos) {
      if (file.unreadable_line == 0) file.unreadable_line = number;
      continue;
    }
    if (file.profiles.empty()) file.profiles.emplace_back();
    const std::string name(trimmed(line.substr(0, sign)));
    file.profiles.back().settings[name] = trimmed(line.substr(sign + 1));
  }
  return file;
}

}  // namespace ddbplan::support
