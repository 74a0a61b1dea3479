#include "serve/signature.h"

#include <doctest/doctest.h>

#include <string>

using ddbplan::serve::HttpMessage;
using ddbplan::serve::read_signature;
using ddbplan::serve::SignatureVerifier;

namespace {

/// The request of "get-vanilla" in AWS's Signature Version 4 test suite, with its keys.
constexpr std::string_view kAuthorization =
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
    "SignedHeaders=host;x-amz-date, "
    "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// 2015-08-30T12:36:00Z.
constexpr std::int64_t kThen = 1'440'938'160'000;

HttpMessage request(std::string_view authorization = kAuthorization) {
  HttpMessage message;
  message.method = "GET";
  message.target = "/";
  message.headers = {{"Host", "example.amazonaws.com"},
                     {"X-Amz-Date", "20150830T123600Z"},
                     {"Authorization", authorization}};
  return message;
}

std::string verified(const HttpMessage& message, std::int64_t now_ms, std::string_view key) {
  const auto signature = read_signature(message);
  REQUIRE(signature.ok());
  SignatureVerifier verifier(ddbplan::serve::Credentials{{std::string(key), std::string(kSecret)}});
  const auto error = verifier.verify(message, *signature, now_ms);
  return error ? error->type : "good";
}

}  // namespace

TEST_CASE("who a request is from") {
  const HttpMessage message = request();
  const auto signature = read_signature(message);
  REQUIRE(signature.ok());
  CHECK(signature->access_key == "AKIDEXAMPLE");
  CHECK(signature->region == "us-east-1");
}

TEST_CASE("the example of AWS's test suite is right") {
  CHECK(verified(request(), kThen, "AKIDEXAMPLE") == "good");
}

TEST_CASE("another body, method, header or key is wrong") {
  HttpMessage message = request();
  message.body = "x";
  CHECK(verified(message, kThen, "AKIDEXAMPLE") == "InvalidSignatureException");
  message = request();
  message.method = "POST";
  CHECK(verified(message, kThen, "AKIDEXAMPLE") == "InvalidSignatureException");
  message = request();
  message.headers[0].second = "example.com";
  CHECK(verified(message, kThen, "AKIDEXAMPLE") == "InvalidSignatureException");
  CHECK(verified(request(), kThen, "AKIDOTHER") == "UnrecognizedClientException");
}

TEST_CASE("a signature is good for a quarter of an hour, both ways") {
  constexpr std::int64_t kQuarter = 15LL * 60 * 1000;
  CHECK(verified(request(), kThen + kQuarter, "AKIDEXAMPLE") == "good");
  CHECK(verified(request(), kThen - kQuarter, "AKIDEXAMPLE") == "good");
  CHECK(verified(request(), kThen + kQuarter + 1, "AKIDEXAMPLE") == "InvalidSignatureException");
  CHECK(verified(request(), kThen - kQuarter - 1, "AKIDEXAMPLE") == "InvalidSignatureException");
}

TEST_CASE("a header that is missing or incomplete is told as the service tells it") {
  const auto refused = [](std::string_view header) {
    const auto signature = read_signature(request(header));
    REQUIRE_FALSE(signature.ok());
    return signature.error().type + ": " + signature.error().message;
  };
  CHECK(refused("") ==
        "MissingAuthenticationTokenException: Request is missing Authentication Token");
  CHECK(refused("AWS4-HMAC-SHA256 Credential=a/b/c/d/e, Signature=f") ==
        "IncompleteSignatureException: Authorization header requires 'SignedHeaders' parameter. "
        "Authorization=AWS4-HMAC-SHA256 Credential=a/b/c/d/e, Signature=f");
  CHECK(refused("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=f")
            .starts_with("IncompleteSignatureException: Credential must have exactly 5"));
}

TEST_CASE("credentials files: every profile, comments aside") {
  const auto read = ddbplan::serve::parse_credentials(
      "# mine\n[default]\naws_access_key_id = A\naws_secret_access_key=1\n\n"
      "[other]\naws_secret_access_key = 2\naws_access_key_id = B\nregion = eu-west-1\n"
      "[half]\naws_access_key_id = C\n");
  REQUIRE(read.ok());
  CHECK(read->size() == 2);
  CHECK(read->at("A") == "1");
  CHECK(read->at("B") == "2");
  CHECK(ddbplan::serve::parse_credentials("[a]\nnonsense\n").error() ==
        "line 2: expected NAME = VALUE");
  CHECK_FALSE(ddbplan::serve::parse_credentials("").ok());
}
