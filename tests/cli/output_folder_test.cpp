// `design -o`: everything or nothing, the same bytes twice, and nobody else's files.

#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace ddbplan::test {
namespace {

namespace fs = std::filesystem;

bool holds_temporaries(const fs::path& folder) {
  for (const auto& [path, bytes] : read_tree(folder)) {
    if (path.find(".ddbplan-new") != std::string::npos) return true;
  }
  return fs::exists(folder / ".ddbplan-new");
}

/// A folder with a design in it.
struct Designed : Workplace {
  Designed() {
    write("good.yaml", kGoodSchema);
    REQUIRE(ddbplan({"design", "good.yaml", "-o", "out", "-q"}).exit_status == 0);
  }
};

TEST_CASE("the artefacts are there, and the manifest lists them") {
  const Designed place;
  for (const char* file :
       {"design.json", "template.yaml", "seed/notes.jsonl", "seed/load", "report.md"}) {
    INFO(file);
    CHECK(place.has(std::string("out/") + file));
  }
  const auto manifest = nlohmann::json::parse(place.read("out/.ddbplan-manifest.json"));
  CHECK(manifest["files"].size() + 1 == read_tree(place.path() / "out").size());
  const auto load = fs::status(place.path() / "out/seed/load").permissions();
  CHECK((load & fs::perms::owner_exec) != fs::perms::none);
  CHECK_FALSE(holds_temporaries(place.path() / "out"));
}

TEST_CASE("twice is the same bytes") {
  const Designed place;
  const Tree first = read_tree(place.path() / "out");
  CHECK(place.ddbplan({"design", "good.yaml", "-o", "out"}).exit_status == 0);
  CHECK(read_tree(place.path() / "out") == first);
  CHECK(place.ddbplan({"design", "good.yaml", "-o", "other/deeper/"}).exit_status == 0);
  CHECK(read_tree(place.path() / "other/deeper") == first);
}

TEST_CASE("what an earlier run wrote and this one does not is removed") {
  const Designed place;
  place.write("renamed.yaml", [] {
    std::string text = kGoodSchema;
    return text.replace(text.find("service: notes"), 14, "service: memos");
  }());
  CHECK(place.ddbplan({"design", "renamed.yaml", "-o", "out"}).exit_status == 0);
  CHECK(place.has("out/seed/memos.jsonl"));
  CHECK_FALSE(place.has("out/seed/notes.jsonl"));
}

TEST_CASE("somebody else's file is not touched") {
  const Designed place;
  place.write("out/notes.txt", "mine");
  const Tree before = read_tree(place.path() / "out");
  const Outcome outcome = place.ddbplan({"design", "good.yaml", "-o", "out"});
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find("it holds 'notes.txt', which ddbplan did not write") !=
        std::string::npos);
  CHECK(read_tree(place.path() / "out") == before);
  place.write("home/important", "mine");
  CHECK(place.ddbplan({"design", "good.yaml", "-o", "home"}).exit_status == 2);
  CHECK(read_tree(place.path() / "home") == Tree{{"important", "mine"}});
}

TEST_CASE("a manifest cannot lead out of the folder") {
  const Designed place;
  place.write("victim.txt", "mine");
  place.write("out/.ddbplan-manifest.json", R"({"files": [{"path": "../victim.txt"}]})");
  CHECK(place.ddbplan({"design", "good.yaml", "-o", "out"}).exit_status == 2);
  CHECK(place.read("victim.txt") == "mine");
  place.write("out/.ddbplan-manifest.json", "no manifest");
  CHECK(place.ddbplan({"design", "good.yaml", "-o", "out"}).exit_status == 2);
}

TEST_CASE("a file instead of a folder") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  place.write("out", "a file");
  const Outcome outcome = place.ddbplan({"design", "good.yaml", "-o", "out"});
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find("cannot write to 'out': it is not a folder") !=
        std::string::npos);
  CHECK(place.read("out") == "a file");
  CHECK(place.ddbplan({"design", "good.yaml", "-o", "out/below"}).exit_status == 2);
}

TEST_CASE("findings write nothing, --keep-going writes and keeps the status") {
  const Workplace place;
  std::string text = kGoodSchema;
  text += "  find: {list: Note, where: text contains :word, limit: 10, rate: 1/s}\n";
  place.write("bad.yaml", text);
  CHECK(place.ddbplan({"design", "bad.yaml", "-o", "out"}).exit_status == 1);
  CHECK_FALSE(place.has("out"));
  CHECK(place.ddbplan({"design", "bad.yaml", "-o", "out", "--keep-going"}).exit_status == 1);
  CHECK(place.has("out/design.json"));
}

// A limit on the size of files fails like a full disk does, in the middle of a write.
TEST_CASE("a write that fails leaves the earlier files and no temporary ones") {
  const Designed place;
  const Tree before = read_tree(place.path() / "out");
  const Outcome outcome = place.shell(
      "trap '' XFSZ; ulimit -f 8; \"$DDBPLAN\" design good.yaml -o out --set "
      "entities.Note.count=2k");
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find("File too large") != std::string::npos);
  CHECK(read_tree(place.path() / "out") == before);
  CHECK_FALSE(holds_temporaries(place.path() / "out"));
  const Outcome fresh =
      place.shell("trap '' XFSZ; ulimit -f 8; \"$DDBPLAN\" design good.yaml -o fresh/below");
  CHECK(fresh.exit_status == 2);
  CHECK_FALSE(place.has("fresh"));
}

TEST_CASE("a full disk") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  fs::create_directory(place.path() / "small");
  const std::string target = (place.path() / "small").string();
  if (::mount("tmpfs", target.c_str(), "tmpfs", 0, "size=16k") != 0) {
    MESSAGE("skipped: only root may mount a small disk");
    return;
  }
  const Outcome outcome = place.ddbplan({"design", "good.yaml", "-o", "small/out"});
  const Tree left = read_tree(target);
  ::umount(target.c_str());
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find("No space left on device") != std::string::npos);
  CHECK(left.empty());
}

TEST_CASE("a folder without permission") {
  if (::geteuid() == 0) {
    MESSAGE("skipped: root may write everywhere");
    return;
  }
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  const Outcome outcome =
      place.shell("mkdir closed; chmod 555 closed; \"$DDBPLAN\" design good.yaml -o closed/out");
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find("Permission denied") != std::string::npos);
}

TEST_CASE("emit adds to a folder of ddbplan, and keeps what is there") {
  const Designed place;
  const Outcome outcome = place.ddbplan({"emit", "cloudformation", "good.yaml", "-o", "out"});
  CHECK_MESSAGE(outcome.exit_status == 0, outcome.standard_error);
  CHECK(place.has("out/design.json"));
  const auto manifest = nlohmann::json::parse(place.read("out/.ddbplan-manifest.json"));
  CHECK(manifest["files"].size() + 1 == read_tree(place.path() / "out").size());
  CHECK(place.ddbplan({"design", "good.yaml", "-o", "out"}).exit_status == 0);
}

}  // namespace
}  // namespace ddbplan::test
