#include "support/profiles.h"

#include <doctest/doctest.h>

using namespace ddbplan::support;  // NOLINT(google-build-using-namespace)

TEST_CASE("profiles with their settings, comments aside") {
  const ProfilesFile file = read_profiles(
      "# mine\nfirst = 1\n[default]\nkey=A\n; old\n\n[ work ]\r\nkey = C=\r\n key = D \n[half\nx=");
  REQUIRE(file.profiles.size() == 4);
  CHECK(file.profiles[0].name.empty());
  CHECK(file.profiles[0].setting("first") == "1");
  CHECK(file.profiles[1].name == "default");
  CHECK(file.profiles[1].setting("key") == "A");
  CHECK(file.profiles[1].setting("other").empty());
  CHECK(file.profiles[2].name == "work");
  CHECK(file.profiles[2].setting("key") == "D");
  CHECK(file.profiles[3].name == "half");
  CHECK(file.profiles[3].settings.count("x") == 1);
  CHECK(file.unreadable_line == 0);
  CHECK(read_profiles("").profiles.empty());
}

TEST_CASE("the first line that says nothing is known, and the rest is read") {
  const ProfilesFile file = read_profiles("[a]\nnonsense\nmore\nkey = B");
  CHECK(file.unreadable_line == 2);
  REQUIRE(file.profiles.size() == 1);
  CHECK(file.profiles[0].setting("key") == "B");
}
