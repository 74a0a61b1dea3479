#include "cli/output_folder.h"

#include <doctest/doctest.h>

#include "tests/support/files.h"

namespace ddbplan::cli {
namespace {

using test::Tree;

std::vector<OutputFile> files(const std::vector<std::string>& paths, const std::string& bytes) {
  std::vector<OutputFile> out;
  std::string list;
  for (const std::string& path : paths) {
    out.push_back({path, bytes});
    list += (list.empty() ? "" : ",") + (R"({"path": ")" + path + "\"}");
  }
  out.push_back({std::string(kManifestName), "{\"files\": [" + list + "]}"});
  return out;
}

/// The tree without its manifest.
Tree tree(const std::filesystem::path& folder) {
  Tree all = test::read_tree(folder);
  all.erase(std::string(kManifestName));
  return all;
}

TEST_CASE("plain relative paths") {
  for (const char* path : {"a", "a/b", ".hidden", "a/.b", "..a/b"})
    CHECK(is_plain_relative_path(path));
  for (const char* path : {"", "/a", "a/", "a//b", ".", "..", "a/../b", "./a"}) {
    CHECK_FALSE(is_plain_relative_path(path));
  }
}

TEST_CASE("files are replaced, removed, or kept") {
  const test::TemporaryDirectory place;
  const std::string folder = (place.path() / "out").string();
  CHECK_FALSE(write_output_folder(folder, files({"a", "sub/b"}, "1"), Earlier::remove));
  CHECK(tree(folder) == Tree{{"a", "1"}, {"sub/b", "1"}});
  CHECK_FALSE(write_output_folder(folder, files({"a", "c"}, "2"), Earlier::remove));
  CHECK(tree(folder) == Tree{{"a", "2"}, {"c", "2"}});
  CHECK_FALSE(std::filesystem::exists(place.path() / "out/sub"));
  CHECK_FALSE(write_output_folder(folder, files({"d"}, "3"), Earlier::keep));
  CHECK(tree(folder) == Tree{{"a", "2"}, {"c", "2"}, {"d", "3"}});
  // The merged manifest knows all of them.
  CHECK_FALSE(write_output_folder(folder, files({"a"}, "4"), Earlier::remove));
  CHECK(tree(folder) == Tree{{"a", "4"}});
}

TEST_CASE("what a killed run left is cleared away") {
  const test::TemporaryDirectory place;
  test::write_file(place.path() / ".ddbplan-new/new/a", "half");
  CHECK_FALSE(write_output_folder(place.path().string(), files({"a"}, "1"), Earlier::remove));
  CHECK(test::read_tree(place.path()).size() == 2);
}

TEST_CASE("a folder with the name of a file is foreign, and undone is as before") {
  const test::TemporaryDirectory place;
  const std::string folder = place.path().string();
  REQUIRE_FALSE(write_output_folder(folder, files({"a", "b"}, "1"), Earlier::remove));
  std::filesystem::remove(place.path() / "b");
  std::filesystem::create_directory(place.path() / "b");
  const auto error = write_output_folder(folder, files({"a", "b"}, "2"), Earlier::remove);
  REQUIRE(error);
  CHECK(error->message.find("it holds 'b', which ddbplan did not write") != std::string::npos);
  CHECK(tree(folder) == Tree{{"a", "1"}});
}

TEST_CASE("a link to somewhere else is replaced, not followed") {
  const test::TemporaryDirectory place;
  test::write_file(place.path() / "victim", "mine");
  const std::filesystem::path folder = place.path() / "out";
  REQUIRE_FALSE(write_output_folder(folder.string(), files({"a"}, "1"), Earlier::remove));
  std::filesystem::remove(folder / "a");
  std::filesystem::create_symlink("../victim", folder / "a");
  CHECK_FALSE(write_output_folder(folder.string(), files({"a"}, "2"), Earlier::remove));
  CHECK(test::read_file(place.path() / "victim") == "mine");
  CHECK(tree(folder) == Tree{{"a", "2"}});
}

}  // namespace
}  // namespace ddbplan::cli
