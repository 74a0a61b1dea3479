#include "remote/client.h"

#include <array>

#include <curl/curl.h>
#include <dlfcn.h>
#include <doctest/doctest.h>

#include "tests/unit/remote/choosy_curl.h"

namespace ddbplan::remote {
namespace {

/// From here on the program's libcurl: whoever asks for its name gets what is loaded.
ChoosyCurl& choosy_curl() {
  static void* library = dlopen(DDBPLAN_CHOOSY_CURL, RTLD_NOW | RTLD_LOCAL);
  REQUIRE_MESSAGE(library != nullptr, dlerror());
  auto* curl = static_cast<ChoosyCurl*>(dlsym(library, "choosy_curl"));
  REQUIRE(curl != nullptr);
  *curl = {};
  return *curl;
}

TEST_CASE("nothing is sent when libcurl does not take what makes it safe to") {
  ChoosyCurl& curl = choosy_curl();
  const auto endpoint = parse_endpoint("http://127.0.0.1:8000");
  const auto ask = [&] {
    auto client = Client::connect(*endpoint, "eu-west-1", {"AKID", "secret", "token"});
    return client.ok() && client->post("ListTables", "{}").ok();
  };
  CHECK(ask());
  CHECK(curl.requests == 1);
  constexpr std::array kOptions = {
      CURLOPT_AWS_SIGV4,  CURLOPT_USERPWD,        CURLOPT_URL,     CURLOPT_PROTOCOLS_STR,
      CURLOPT_HTTPHEADER, CURLOPT_FOLLOWLOCATION, CURLOPT_NOPROXY, CURLOPT_POSTFIELDS};
  for (const CURLoption option : kOptions) {
    CAPTURE(static_cast<int>(option));
    curl.refused_option = option;
    CHECK_FALSE(ask());
  }
  CHECK(curl.requests == 1);
}

}  // namespace
}  // namespace ddbplan::remote
