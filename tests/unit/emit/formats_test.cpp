#include "emit/formats.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "support/sha256.h"
#include "tests/unit/emit/shop_fixture.h"

using namespace ddbplan::emit;  // NOLINT(google-build-using-namespace)
using ddbplan::emit::test::ShopFixture;

TEST_CASE("the files of design -o, the manifest last and naming the others") {
  const ShopFixture shop;
  const std::vector<Artefact> files = artefacts(shop.bundle());
  std::string names;
  for (const Artefact& file : files) names += file.path + (file.executable ? "* " : " ");
  CHECK(names ==
        "design.json template.yaml seed/shop.jsonl seed/load* report.md .ddbplan-manifest.json ");

  const nlohmann::json manifest = nlohmann::json::parse(files.back().text);
  CHECK(manifest["source"] == "shop.yaml");
  REQUIRE(manifest["files"].size() == files.size() - 1);
  for (std::size_t i = 0; i + 1 < files.size(); ++i) {
    CHECK(manifest["files"][i]["path"] == files[i].path);
    CHECK(manifest["files"][i]["bytes"] == files[i].text.size());
    CHECK(manifest["files"][i]["sha256"] == ddbplan::support::sha256_hex(files[i].text));
  }
  CHECK(artefacts(shop.bundle()) == files);
}

TEST_CASE("formats have distinct names, a sentence, and give files that end in a newline") {
  const ShopFixture shop;
  std::set<std::string_view> names;
  for (const Format& format : formats()) {
    INFO(format.name);
    CHECK(names.insert(format.name).second);
    CHECK_FALSE(format.summary.empty());
    CHECK(find_format(format.name) == &format);
    if (format.needs == Needs::data) continue;
    const std::vector<Artefact> files = format.emit(shop.bundle());
    CHECK_FALSE(files.empty());
    for (const Artefact& file : files) CHECK(file.text.ends_with("\n"));
  }
  CHECK(find_format("yaml") == nullptr);
}
