// Signature Version 4, as far as a server needs it: who a request says it is from and, when the
// secret is known, whether that is true. (AWS General Reference, "Signing AWS API requests".)
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "dynamo/request.h"
#include "serve/http_message.h"
#include "support/result.h"

namespace ddbplan::serve {

/// Of the Authorization header. Views into the message.
struct Signature {
  std::string_view access_key;
  std::string_view date;  ///< "20240531"
  std::string_view region;
  std::string_view service;
  std::string_view signed_headers;  ///< "host;x-amz-date"
  std::string_view signature;       ///< hexadecimal
};

/// The error is the service's, for a header that is missing or incomplete.
support::Result<Signature, dynamo::ApiError> read_signature(const HttpMessage& message);

/// Secrets by access key.
using Credentials = std::map<std::string, std::string, std::less<>>;

/// Reads a file as ~/.aws/credentials is: every profile's key is taken. The error names the line.
support::Result<Credentials, std::string> parse_credentials(std::string_view text);

/// Threads may share one.
class SignatureVerifier {
 public:
  explicit SignatureVerifier(Credentials credentials) : credentials_(std::move(credentials)) {}

  /// nullopt when the signature is right and not older or newer than 15 minutes.
  std::optional<dynamo::ApiError> verify(const HttpMessage& message, const Signature& signature,
                                         std::int64_t now_ms);

 private:
  std::string signing_key(const Signature& signature, const std::string& secret);

  Credentials credentials_;
  std::mutex mutex_;
  /// Keys change once a day and take four HMACs to make.
  std::map<std::string, std::string> signing_keys_;
};

}  // namespace ddbplan::serve
