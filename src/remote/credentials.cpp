#include "remote/credentials.h"

#include <map>

namespace ddbplan::remote {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

using Settings = std::map<std::string, std::string, std::less<>>;

/// The settings of one profile; nullopt when the file has no such profile.
std::optional<Settings> settings_of(std::string_view file, std::string_view profile) {
  std::optional<Settings> settings;
  bool inside = false;
  while (!file.empty()) {
    const auto end = file.find('\n');
    const std::string_view line = trimmed(file.substr(0, end));
    file = end == std::string_view::npos ? std::string_view() : file.substr(end + 1);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[' && line.back() == ']') {
      inside = trimmed(line.substr(1, line.size() - 2)) == profile;
      if (inside && !settings) settings.emplace();
      continue;
    }
    const auto sign = line.find('=');
    if (!inside || sign == std::string_view::npos) continue;
    (*settings)[std::string(trimmed(line.substr(0, sign)))] = trimmed(line.substr(sign + 1));
  }
  return settings;
}

/// Values go into a header: what cannot stand there is no credential.
bool is_printable(std::string_view text) {
  for (const char c : text) {
    if (c < '!' || c > '~') return false;
  }
  return true;
}

}  // namespace

Credentials made_up_credentials() {
  return {"ddbplan", "ddbplan", ""};
}

std::optional<Credentials> credentials_of(const Environment& environment) {
  Credentials out{environment("AWS_ACCESS_KEY_ID").value_or(""),
                  environment("AWS_SECRET_ACCESS_KEY").value_or(""),
                  environment("AWS_SESSION_TOKEN").value_or("")};
  const bool is_whole = !out.access_key.empty() && !out.secret_key.empty();
  if (!is_whole || !is_printable(out.access_key) || !is_printable(out.secret_key) ||
      !is_printable(out.session_token))
    return std::nullopt;
  return out;
}

support::Result<Credentials, std::string> credentials_of_profile(std::string_view file,
                                                                 std::string_view profile) {
  const auto settings = settings_of(file, profile);
  if (!settings) return "there is no profile [" + std::string(profile) + "]";
  const Environment from_file = [&](const std::string& name) -> std::optional<std::string> {
    static const std::map<std::string, std::string> kNames = {
        {"AWS_ACCESS_KEY_ID", "aws_access_key_id"},
        {"AWS_SECRET_ACCESS_KEY", "aws_secret_access_key"},
        {"AWS_SESSION_TOKEN", "aws_session_token"}};
    const auto found = settings->find(kNames.at(name));
    if (found == settings->end()) return std::nullopt;
    return found->second;
  };
  auto credentials = credentials_of(from_file);
  if (!credentials)
    return "the profile [" + std::string(profile) +
           "] has no aws_access_key_id and aws_secret_access_key";
  return *std::move(credentials);
}

}  // namespace ddbplan::remote
