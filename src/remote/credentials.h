// A user's credentials, from where every AWS tool looks for them. (AWS SDKs and Tools Reference Guide, "Shared
// config and credentials files" and "Environment variables".) Static keys only: roles, single sign-on and
// processes need AWS's own tools, which can put what they get into the environment.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "support/result.h"

namespace ddbplan::remote {

struct Credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token;  ///< empty: none
};

/// What no account has: for emulators, which want a signature and look at nothing else of it.
Credentials made_up_credentials();

/// An environment variable; nullopt or "" when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; nullopt when a key is missing.
std::optional<Credentials> credentials_of(const Environment& environment);

/// The profile of a credentials file. The error is a sentence.
support::Result<Credentials, std::string> credentials_of_profile(std::string_view file,
                                                                 std::string_view profile);

}  // namespace ddbplan::remote
