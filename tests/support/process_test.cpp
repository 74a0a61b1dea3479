#include "tests/support/process.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/support/files.h"

namespace ddbplan::test {
namespace {

Outcome shell(const std::string& script, Command command = {}) {
  command.arguments = {"-c", script};
  return run("/bin/sh", command);
}

TEST_CASE("outputs and status are kept apart") {
  const Outcome outcome = shell("echo said; echo complained >&2; exit 3");
  CHECK(outcome.standard_output == "said\n");
  CHECK(outcome.standard_error == "complained\n");
  CHECK(outcome.exit_status == 3);
  CHECK(outcome.signal == 0);
  CHECK(outcome.peak_resident_bytes > 0);
}

TEST_CASE("input larger than a pipe goes through a program that answers as it reads") {
  const std::string text(1 << 20, 'x');
  const Outcome outcome = shell("cat", {.standard_input = text});
  CHECK(outcome.exit_status == 0);
  CHECK(outcome.standard_output == text);
}

TEST_CASE("a program that does not read its input is not an error") {
  const Outcome outcome = shell("exit 0", {.standard_input = std::string(1 << 20, 'x')});
  CHECK(outcome.exit_status == 0);
}

TEST_CASE("variables are added and removed") {
  const Command command{.environment = {{"ADDED", "yes"}, {"PATH", std::nullopt}}};
  CHECK(shell("echo $ADDED; env -i /bin/true 2>/dev/null; :", command).standard_output == "yes\n");
  const Command empty{.environment = {{"ONLY", "this"}}, .clear_environment = true};
  CHECK(run("/usr/bin/env", empty).standard_output == "ONLY=this\n");
}

TEST_CASE("the program runs in the folder it is told") {
  const TemporaryDirectory directory;
  const Outcome outcome = shell("pwd -P", {.directory = directory.path()});
  CHECK(outcome.standard_output == std::filesystem::canonical(directory.path()).string() + "\n");
}

TEST_CASE("a signal is told apart from an exit status") {
  const Outcome outcome = shell("kill -TERM $$");
  CHECK(outcome.signal == 15);
  CHECK(outcome.exit_status == -1);
}

TEST_CASE("the time limit also ends what a shell started") {
  const Outcome outcome = shell("sleep 30 & sleep 30", {.timeout = std::chrono::milliseconds(50)});
  CHECK(outcome.timed_out);
  CHECK(outcome.wall_time < std::chrono::seconds(10));
}

TEST_CASE("a program that is not there is an error of the test") {
  CHECK_THROWS_AS(run("/nonexistent/program", {}), std::runtime_error);
}

}  // namespace
}  // namespace ddbplan::test
