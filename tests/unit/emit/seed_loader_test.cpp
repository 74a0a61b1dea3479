#include "emit/seed_loader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "tests/support/files.h"
#include "tests/support/process.h"

using namespace ddbplan::emit;  // NOLINT(google-build-using-namespace)
using ddbplan::test::Outcome;
using ddbplan::test::run;
using ddbplan::test::TemporaryDirectory;
using ddbplan::test::write_file;

namespace {

// Stands for the AWS CLI: keeps each batch, and answers the first one with what it did not process.
constexpr std::string_view kFakeAws = R"SH(#!/bin/sh
case $1 in --version) echo "${FAKE_VERSION:-aws-cli/2.15.0 Python}"; exit 0 ;; esac
echo "$@" >>"$FAKE_LOG"
for word in "$@"; do case $word in file://*) file=${word#file://} ;; esac; done
cat "$file" >>"$FAKE_LOG.batches"
if [ -n "${FAKE_UNPROCESSED:-}" ] && [ ! -e "$FAKE_LOG.once" ]; then
  : >"$FAKE_LOG.once"
  printf '%s\n' "$FAKE_UNPROCESSED"
else
  printf '{}\n'
fi
)SH";

class Folder {
 public:
  Folder() {
    write_file(path() / "bin/aws", kFakeAws);
    std::filesystem::permissions(path() / "bin/aws", std::filesystem::perms::owner_all);
    write_file(path() / "seed/load", seed_loader({{"shop", "shop.jsonl"}}));
  }
  [[nodiscard]] std::filesystem::path path() const { return directory_.path(); }
  void seed(const std::string& text) const { write_file(path() / "seed/shop.jsonl", text); }

  [[nodiscard]] Outcome load(std::vector<std::string> arguments,
                             const std::string& unprocessed = "",
                             const std::string& version = "aws-cli/2.15.0") const {
    arguments.insert(arguments.begin(), (path() / "seed/load").string());
    ddbplan::test::Command command;
    command.arguments = std::move(arguments);
    command.environment = {{"PATH", (path() / "bin").string() + ":/usr/bin:/bin"},
                           {"FAKE_LOG", (path() / "log").string()},
                           {"FAKE_UNPROCESSED", unprocessed},
                           {"FAKE_VERSION", version}};
    return run("/bin/sh", command);
  }
  [[nodiscard]] std::string log(const std::string& suffix = "") const {
    const std::filesystem::path file = path() / ("log" + suffix);
    return std::filesystem::exists(file) ? ddbplan::test::read_file(file) : "";
  }

 private:
  TemporaryDirectory directory_;
};

std::string items(int count) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += R"({"Item": {"PK": {"S": "a\\n)" + std::to_string(i) + "\"}}}\n";
  return out;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("the loader sends 25 items at a time to the prefixed table") {
  const Folder folder;
  folder.seed(items(52));
  const Outcome outcome =
      folder.load({"--endpoint", "http://127.0.0.1:8000", "--table-prefix", "test-"});
  CHECK(outcome.standard_error == "");
  CHECK(outcome.exit_status == 0);
  CHECK(outcome.standard_output == "test-shop: 52 items\n");
  CHECK(lines(folder.log()) == 3);
  CHECK(folder.log().find("dynamodb batch-write-item --endpoint-url http://127.0.0.1:8000") == 0);
  const std::string batches = folder.log(".batches");
  CHECK(batches.starts_with(
      "{\"test-shop\":[{\"PutRequest\":{\"Item\": {\"PK\": {\"S\": \"a\\\\n0\"}}}}\n,"));
  CHECK(batches.find("a\\\\n51\"}}}}\n]}\n") != std::string::npos);
}

TEST_CASE("no endpoint, no load; elsewhere only with --yes") {
  const Folder folder;
  folder.seed(items(1));
  CHECK(folder.load({}).exit_status == 2);
  CHECK(folder.load({"--endpoint", "127.0.0.1:8000"}).exit_status == 2);
  CHECK(folder.load({"--endpoint", "http://127.0.0.1:8000", "--table-prefix", "a b"}).exit_status ==
        2);
  for (const char* url : {"https://dynamodb.eu-west-1.amazonaws.com",
                          "http://localhost.example.com", "http://localhost@example.com",
                          "http://127.0.0.1.example.com", "http://127.0.0.1\\@a.example",
                          "http://example.com/localhost", "http://example.com#localhost",
                          "http://10.0.0.1:8000", "http://[::2]", "http://[::1].example.com"}) {
    INFO(url);
    const Outcome outcome = folder.load({"--endpoint", url});
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.standard_error.find("--yes") != std::string::npos);
  }
  CHECK(folder.log() == "");
  for (const char* url :
       {"http://localhost", "http://localhost:8000/", "https://127.9.9.9:1", "http://[::1]:8000"}) {
    INFO(url);
    CHECK(folder.load({std::string("--endpoint=") + url}).exit_status == 0);
  }
  CHECK(folder.load({"--endpoint", "http://10.0.0.1:8000", "--yes"}).exit_status == 0);
}

TEST_CASE("what DynamoDB leaves is sent again") {
  const Folder folder;
  folder.seed(items(2));
  const Outcome outcome =
      folder.load({"--endpoint", "http://localhost"},
                  "{\n  \"shop\": [{\"PutRequest\": {\"Item\": {\"PK\": {\"S\": \"again\"}}}}]\n}");
  CHECK(outcome.exit_status == 0);
  CHECK(lines(folder.log()) == 2);
  CHECK(folder.log(".batches").find("\"again\"") != std::string::npos);
}

TEST_CASE("binary values need version 2 of the AWS CLI") {
  const Folder folder;
  folder.seed("{\"Item\": {\"PK\": {\"S\": \"B\"}, \"data\": {\"B\": \"AAE=\"}}}\n");
  const std::vector<std::string> arguments = {"--endpoint", "http://localhost"};
  CHECK(folder.load(arguments, "", "aws-cli/1.45.11").exit_status == 1);
  CHECK(folder.load(arguments).exit_status == 0);
}

TEST_CASE("an empty seed file is no error, a missing one is") {
  const Folder folder;
  folder.seed("");
  CHECK(folder.load({"--endpoint", "http://localhost"}).standard_output == "shop: 0 items\n");
  std::filesystem::remove(folder.path() / "seed/shop.jsonl");
  CHECK(folder.load({"--endpoint", "http://localhost"}).exit_status == 1);
}

TEST_CASE("long items make smaller batches") {
  const Folder folder;
  std::string text;
  for (int i = 0; i < 24; ++i)
    text += R"({"Item": {"a": {"S": ")" + std::string(390000, 'x') + "\"}}}\n";
  folder.seed(text);
  CHECK(folder.load({"--endpoint", "http://localhost"}).exit_status == 0);
  CHECK(lines(folder.log()) == 2);
}

TEST_CASE("shell words") {
  CHECK(shell_word("shop.jsonl") == "shop.jsonl");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("-n") == "'-n'");
  CHECK(shell_word("$(rm x) 'y'") == R"('$(rm x) '\''y'\''')");
}
