// The five schemas that the language was made for, fully resolved: schemas/NAME.txt holds their
// dumps.
#include <doctest/doctest.h>

#include <string>

#include "schema/dump.h"
#include "tests/support/files.h"
#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

void check(std::string_view path, std::string_view name) {
  const std::string yaml = ddbplan::test::read_file(test::repository(path));
  CHECK(test::findings(yaml) == "");
  test::check_file(test::repository("tests/unit/schema/schemas/" + std::string(name) + ".txt"),
                   dump(test::workload(yaml)));
}

TEST_CASE("sessions") {
  check("tests/unit/schema/schemas/sessions.yaml", "sessions");
}
TEST_CASE("shop") {
  check("examples/shop.yaml", "shop");
}
TEST_CASE("chat") {
  check("tests/unit/schema/schemas/chat.yaml", "chat");
}
TEST_CASE("helpdesk") {
  check("tests/unit/schema/schemas/helpdesk.yaml", "helpdesk");
}
TEST_CASE("fleet") {
  check("tests/unit/schema/schemas/fleet.yaml", "fleet");
}
TEST_CASE("a schema that says everything there is to say") {
  check("tests/unit/schema/schemas/everything.yaml", "everything");
}

TEST_CASE("a dump is the same every time") {
  const std::string yaml = ddbplan::test::read_file(test::repository("examples/shop.yaml"));
  CHECK(dump(test::workload(yaml)) == dump(test::workload(yaml)));
}

}  // namespace
}  // namespace ddbplan::schema
