// Where requests go, and who they may say that they are from. Only an endpoint of AWS itself, over TLS, is
// shown a user's credentials; anything else gets made-up ones unless the user names its host.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace ddbplan::remote {

struct Endpoint {
  std::string url;   ///< scheme, host and port, without a path
  std::string host;  ///< lower case, without brackets
  bool tls = false;
  bool loopback = false;  ///< 127.0.0.0/8, ::1 or localhost
  bool aws = false;       ///< a DynamoDB host of AWS, over TLS
  /// Of an AWS host's name: "eu-west-1".
  std::optional<std::string> region;
};

/// `http://127.0.0.1:8000`, `https://dynamodb.eu-west-1.amazonaws.com`. The error is a sentence.
support::Result<Endpoint, std::string> parse_endpoint(std::string_view url);

/// Whether a user's own credentials may go there.
bool may_see_credentials(const Endpoint& endpoint, const std::vector<std::string>& allowed_hosts);

}  // namespace ddbplan::remote
