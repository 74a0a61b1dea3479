#include "lint/suppression.h"

#include <array>
#include <string>

#include <doctest/doctest.h>

namespace ddbplan::lint {
namespace {

constexpr std::array kKnown = {
    RuleName{"DDB002", "unknown-key", false},
    RuleName{"DDB101", "low-cardinality-partition-key", true},
    RuleName{"DDB103", "never-read", true},
};

/// A finding of DDB103 at the first `mark` of the text.
support::Diagnostics never_read_at(const std::string& text, const std::string& mark) {
  const auto at = static_cast<std::uint32_t>(text.find(mark));
  support::Diagnostics diagnostics;
  diagnostics.add({"DDB103", "never-read", support::Severity::info, "found", {at, at + 1}, {}, {}});
  return diagnostics;
}

/// Codes and messages of what remains.
std::string remaining(const std::string& text, const support::Diagnostics& diagnostics,
                      bool complete = true) {
  const support::SourceText source("a.yaml", text);
  std::string out;
  const Suppressed result = apply_suppressions(source, diagnostics, kKnown, complete);
  for (const support::Diagnostic& each : result.remaining.items()) {
    out += each.code + " " + each.message + "\n";
  }
  return out;
}

TEST_CASE("a comment at the end of the line silences the line") {
  const std::string text = "X: 1  # ddbplan: ignore DDB103 -- a reason\nY: 2\n";
  CHECK(remaining(text, never_read_at(text, "X")) == "");
  CHECK(remaining(text, never_read_at(text, "Y")) ==
        "DDB090 DDB103 is not found here, so this comment ignores nothing\nDDB103 found\n");
}

TEST_CASE("a comment of its own silences the next line of YAML") {
  const std::string text = "# ddbplan: ignore DDB103 -- a reason\n\n# more words\nX: 1\nY: 2\n";
  CHECK(remaining(text, never_read_at(text, "X")) == "");
}

TEST_CASE("ignore-file silences everywhere, also what has no place") {
  const std::string text = "X: 1\n# ddbplan: ignore-file DDB103 -- a reason\n";
  CHECK(remaining(text, never_read_at(text, "X")) == "");
  support::Diagnostics nowhere;
  nowhere.add({"DDB103", "never-read", support::Severity::info, "found", {}, {}, {}});
  CHECK(remaining(text, nowhere) == "");
}

TEST_CASE("rules are named by code or name, several by commas") {
  const std::string text =
      "X: 1  # ddbplan: ignore never-read, low-cardinality-partition-key -- a reason\n";
  CHECK(remaining(text, never_read_at(text, "X")) ==
        "DDB090 DDB101 is not found here, so this comment ignores nothing\n");
}

TEST_CASE("a reason is asked for") {
  const std::string without = "X: 1  # ddbplan: ignore DDB103\n";
  CHECK(remaining(without, never_read_at(without, "X")) ==
        "DDB091 this comment does not say why the finding is ignored\n");
  const std::string empty = "X: 1  # ddbplan: ignore DDB103 --  \n";
  CHECK(remaining(empty, never_read_at(empty, "X")) ==
        "DDB091 this comment does not say why the finding is ignored\n");
}

TEST_CASE("what cannot be ignored says so") {
  CHECK(remaining("X: 1  # ddbplan: ignore DDB002 -- a reason\n", {}) ==
        "DDB092 DDB002 (unknown-key) can't be ignored\n");
  CHECK(remaining("X: 1  # ddbplan: ignore DDB999 -- a reason\n", {}) ==
        "DDB092 no rule is called `DDB999`\n");
  CHECK(remaining("X: 1  # ddbplan: ignroe DDB103 -- a reason\n", {}) ==
        "DDB092 unknown comment `ddbplan: ignroe`\n");
  CHECK(remaining("X: 1  # ddbplan: ignore -- a reason\n", {}) ==
        "DDB092 this comment names no rule\n");
}

TEST_CASE("a run that stopped early does not call comments unused") {
  CHECK(remaining("X: 1  # ddbplan: ignore DDB103 -- a reason\n", {}, /*complete=*/false) == "");
}

TEST_CASE("a value that holds the words is no comment") {
  CHECK(remaining("X: a# ddbplan: ignore DDB103\n", {}) == "");
}

}  // namespace
}  // namespace ddbplan::lint
