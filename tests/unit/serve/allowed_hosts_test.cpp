#include "serve/allowed_hosts.h"

#include <doctest/doctest.h>

using ddbplan::serve::AllowedHosts;

TEST_CASE("loopback is answered by every name of it") {
  const AllowedHosts hosts("127.0.0.1", {});
  for (const char* host : {"localhost", "LOCALHOST:8000", "127.0.0.1:8000", "127.1.2.3",
                           "[::1]:8000", "123456789012.localhost:8000"}) {
    CAPTURE(host);
    CHECK(hosts.allows(host));
  }
}

TEST_CASE("a name that anyone could have made point here is not") {
  const AllowedHosts hosts("127.0.0.1", {});
  for (const char* host : {"", "example.com", "localhost.example.com", "notlocalhost", "10.0.0.1",
                           "[::1", "127.0.0.1.example.com"}) {
    CAPTURE(host);
    CHECK_FALSE(hosts.allows(host));
  }
}

TEST_CASE("bound to every address, addresses are answered and names are not") {
  const AllowedHosts hosts("0.0.0.0", {"dynamodb"});
  CHECK(hosts.allows("10.0.0.1:8000"));
  CHECK(hosts.allows("[fd00::1]:8000"));
  CHECK(hosts.allows("dynamodb:8000"));
  CHECK_FALSE(hosts.allows("example.com"));
}

TEST_CASE("the bound name is answered") {
  CHECK(AllowedHosts("db.internal", {}).allows("DB.internal:8000"));
}
