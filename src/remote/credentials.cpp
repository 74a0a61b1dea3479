#include "remote/credentials.h"

#include "support/profiles.h"
#include "support/text.h"

namespace ddbplan::remote {
namespace {

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
  // One that stands twice is one profile, of which the last word counts.
  std::optional<support::Profile> wanted;
  support::ProfilesFile read = support::read_profiles(file);
  for (support::Profile& one : read.profiles) {
    if (one.name != profile) continue;
    if (wanted) one.settings.merge(wanted->settings);
    wanted = std::move(one);
  }
  if (!wanted) return "there is no profile [" + std::string(profile) + "]";
  const Environment from_file = [&](const std::string& name) -> std::optional<std::string> {
    return wanted->setting(support::to_lower_ascii(name));
  };
  auto credentials = credentials_of(from_file);
  if (!credentials)
    return "the profile [" + std::string(profile) +
           "] has no aws_access_key_id and aws_secret_access_key";
  return *std::move(credentials);
}

}  // namespace ddbplan::remote
