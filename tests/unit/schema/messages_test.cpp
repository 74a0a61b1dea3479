// Whole messages, as people see them: messages/NAME.yaml gives messages/NAME.txt.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <vector>

#include "schema/codes.h"
#include "tests/support/files.h"
#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

std::vector<std::filesystem::path> cases() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(test::repository("tests/unit/schema/messages"))) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST_CASE("messages") {
  for (const std::filesystem::path& path : cases()) {
    CAPTURE(path.string());
    std::filesystem::path expected = path;
    expected.replace_extension(".txt");
    test::check_file(expected, test::findings(ddbplan::test::read_file(path)));
  }
}

TEST_CASE("every code is shown in one of them") {
  std::string all;
  for (const std::filesystem::path& path : cases()) {
    all += test::findings(ddbplan::test::read_file(path));
  }
  // Told by tests of their own: overrides and defaults.
  const std::set<Code> elsewhere = {Code::unknown_path, Code::defaults_used};
  for (const CodeInfo& info : code_table()) {
    CAPTURE(info.id);
    if (!elsewhere.contains(info.code))
      CHECK(all.find("[" + std::string(info.id) + "]") != std::string::npos);
  }
}

}  // namespace
}  // namespace ddbplan::schema
