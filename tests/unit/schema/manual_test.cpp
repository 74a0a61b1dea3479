#include "schema/manual.h"

#include <doctest/doctest.h>

#include <string>

#include "schema/keys.h"
#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

TEST_CASE("the committed manual page is the generated one") {
  test::check_file(test::repository("man/ddbplan-schema.5"), manual_page());
}

TEST_CASE("every key, every form of a value is in it") {
  const std::string page = manual_page();
  for (const KeyInfo& key : key_table()) {
    CAPTURE(key.key);
    CHECK(page.find(".It Ic \"\\&" + std::string(key.key) + "\"\n") != std::string::npos);
  }
}

TEST_CASE("its examples are schemas, or parts of one") {
  std::string sessions;
  for (const ManualSection& section : manual_introduction()) {
    for (const ManualBlock& block : section.blocks) {
      if (block.kind == ManualBlock::Kind::example) sessions = std::string(block.text);
    }
  }
  CHECK(test::findings(sessions) == "");
}

}  // namespace
}  // namespace ddbplan::schema
