#include "remote/endpoint.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace ddbplan::remote {
namespace {

Endpoint endpoint(const std::string& url) {
  const auto parsed = parse_endpoint(url);
  REQUIRE_MESSAGE(parsed.ok(), url);
  return *parsed;
}

TEST_CASE("this machine is known by its addresses, not by how a name begins") {
  for (const char* url : {"http://127.0.0.1:8000", "http://localhost:8000/", "http://[::1]:8000",
                          "http://127.1.2.3", "http://LOCALHOST"}) {
    CAPTURE(url);
    CHECK(endpoint(url).loopback);
  }
  for (const char* url : {"http://127.0.0.1.example.com", "http://localhost.example.com",
                          "http://10.0.0.1:8000", "http://128.0.0.1"}) {
    CAPTURE(url);
    CHECK_FALSE(endpoint(url).loopback);
  }
}

TEST_CASE("credentials are shown to AWS over TLS, and to hosts that the user names") {
  const std::vector<std::string> nobody;
  for (const char* url :
       {"https://dynamodb.eu-west-1.amazonaws.com", "https://dynamodb.cn-north-1.amazonaws.com.cn",
        "https://dynamodb-fips.us-east-1.amazonaws.com", "https://dynamodb.us-east-1.api.aws"}) {
    CAPTURE(url);
    CHECK(may_see_credentials(endpoint(url), nobody));
  }
  for (const char* url :
       {"http://dynamodb.eu-west-1.amazonaws.com",
        "https://dynamodb.eu-west-1.amazonaws.com.evil.org", "https://evil.org",
        "https://dynamodb.evil.org.amazonaws.com", "http://127.0.0.1:8000",
        "https://dynamodb..amazonaws.com.evil.org", "https://s3.eu-west-1.amazonaws.com"}) {
    CAPTURE(url);
    CHECK_FALSE(may_see_credentials(endpoint(url), nobody));
  }
  CHECK(may_see_credentials(endpoint("http://scylla.test:8000"), {"Scylla.test"}));
  CHECK_FALSE(may_see_credentials(endpoint("http://scylla.test.evil.org"), {"scylla.test"}));
}

TEST_CASE("the region of an AWS host is in its name") {
  CHECK(endpoint("https://dynamodb.eu-west-1.amazonaws.com").region == "eu-west-1");
  CHECK_FALSE(endpoint("http://127.0.0.1:8000").region);
}

TEST_CASE("what is no endpoint is refused") {
  for (const char* url :
       {"", "127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://user:secret@host",
        "http://host/a", "http://host?x", "http://host:port", "http://host:", "http://::1",
        "http://[::1", "file:///etc", "http://ho st", "http://host\r\nX: y"}) {
    CAPTURE(url);
    CHECK_FALSE(parse_endpoint(url).ok());
  }
}

}  // namespace
}  // namespace ddbplan::remote
