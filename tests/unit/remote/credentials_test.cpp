#include "remote/credentials.h"

#include <map>
#include <string>

#include <doctest/doctest.h>

namespace ddbplan::remote {
namespace {

Environment of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST_CASE("both keys are needed, a token is not") {
  CHECK_FALSE(credentials_of(of({})));
  CHECK_FALSE(credentials_of(of({{"AWS_ACCESS_KEY_ID", "a"}})));
  const auto found =
      credentials_of(of({{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "b"}}));
  REQUIRE(found);
  CHECK(found->access_key == "a");
  CHECK(found->secret_key == "b");
  CHECK(found->session_token.empty());
}

TEST_CASE("nothing that could end a header is a credential") {
  CHECK_FALSE(credentials_of(of({{"AWS_ACCESS_KEY_ID", "a"},
                                 {"AWS_SECRET_ACCESS_KEY", "b"},
                                 {"AWS_SESSION_TOKEN", "c\r\nHost: d"}})));
}

TEST_CASE("a profile is read from among others") {
  const std::string file =
      "# mine\n[default]\naws_access_key_id=A\naws_secret_access_key = B\n\n"
      "[ work ]\r\naws_access_key_id = C\r\naws_secret_access_key = D=\r\naws_session_token = "
      "E\r\n";
  const auto standard = credentials_of_profile(file, "default");
  REQUIRE(standard.ok());
  CHECK(standard->access_key == "A");
  CHECK(standard->secret_key == "B");
  const auto work = credentials_of_profile(file, "work");
  REQUIRE(work.ok());
  CHECK(work->access_key == "C");
  CHECK(work->secret_key == "D=");
  CHECK(work->session_token == "E");
  CHECK(credentials_of_profile(file, "other").error() == "there is no profile [other]");
  CHECK_FALSE(credentials_of_profile("[default]\nrole_arn = x\n", "default").ok());
}

}  // namespace
}  // namespace ddbplan::remote
