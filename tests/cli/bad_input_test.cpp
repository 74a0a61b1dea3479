// Whatever a file holds, the answer is a message and a documented exit status, quickly: never a crash, never a
// raw exception, never a design of nonsense.

#include <string>

#include <doctest/doctest.h>

#include "tests/cli/program.h"

namespace ddbplan::test {
namespace {

/// A schema with one entity and the given patterns.
std::string with_patterns(const std::string& patterns) {
  return "ddbplan: 1\nservice: bad\nentities:\n"
         "  Note: {id: note_id, count: 1k, attributes: {note_id: ulid, topic: string 8 B, text: "
         "string 200 B}}\n"
         "access_patterns:\n" +
         patterns;
}

/// Lints and designs `text`; both must end with `status` and say `message` on one of the streams.
void check_both(const std::string& text, int status, const std::string& message) {
  const Workplace place;
  place.write("bad.yaml", text);
  for (const char* command : {"lint", "design"}) {
    INFO(command);
    const Outcome outcome = place.ddbplan({command, "bad.yaml"});
    CHECK_FALSE(is_defect(outcome));
    CHECK(outcome.exit_status == status);
    const std::string said = outcome.standard_output + outcome.standard_error;
    CHECK_MESSAGE(said.find(message) != std::string::npos, said);
  }
}

TEST_CASE("an empty file") {
  check_both("", 2, "bad.yaml");
  check_both("# nothing but a comment\n", 2, "bad.yaml");
}

TEST_CASE("a folder, a missing file, a device") {
  const Workplace place;
  const Outcome folder = place.ddbplan({"design", "."});
  CHECK(folder.exit_status == 2);
  CHECK(folder.standard_error == "ddbplan: error: cannot read '.': it is a folder\n");
  const Outcome missing = place.ddbplan({"lint", "nothing.yaml"});
  CHECK(missing.exit_status == 2);
  CHECK(missing.standard_error ==
        "ddbplan: error: cannot read 'nothing.yaml': No such file or directory\n");
  const Outcome device = place.ddbplan({"design", "/dev/zero"});
  CHECK(device.exit_status == 2);
  CHECK(device.standard_error == "ddbplan: error: cannot read '/dev/zero': it is a device\n");
}

TEST_CASE("a file without permission") {
  const Workplace place;
  place.write("closed.yaml", kGoodSchema);
  const Outcome outcome = place.shell("chmod 0 closed.yaml; \"$DDBPLAN\" lint closed.yaml");
  // Root reads it all the same.
  CHECK((outcome.exit_status == 2 || outcome.exit_status == 0));
  CHECK_FALSE(is_defect(outcome));
}

TEST_CASE("a binary file") {
  const Workplace place;
  place.write("bad.yaml", std::string("ddbplan: 1\0\1\2\377\376\0", 16));
  const Outcome outcome = place.ddbplan({"design", "bad.yaml"});
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find("it is a binary file") != std::string::npos);
}

TEST_CASE("bytes that are not UTF-8") {
  check_both("ddbplan: 1\nservice: caf\xe9\n", 2, "UTF-8");
}

TEST_CASE("200 MB are refused before they are read") {
  const Workplace place;
  const Outcome outcome = place.shell(
      "truncate -s 200M big.yaml && \"$DDBPLAN\" design big.yaml; "
      "status=$?; \"$DDBPLAN\" lint - < big.yaml; echo $status $?");
  CHECK(outcome.standard_output == "2 2\n");
  CHECK(outcome.standard_error.find("larger than 16 MB") != std::string::npos);
  CHECK(outcome.peak_resident_bytes < 200 * 1024 * 1024);
}

TEST_CASE("an anchor bomb") {
  std::string text = "ddbplan: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) text += (j > 0 ? ", " : "") + last;
    text += "]\n";
  }
  check_both(text, 2, "bad.yaml");
}

TEST_CASE("depth") {
  check_both("ddbplan: " + std::string(100000, '[') + "\n", 2, "bad.yaml");
}

TEST_CASE("no YAML") {
  check_both("ddbplan: 1\n  service: [a, {b\n", 2, "error[DDB001]");
}

TEST_CASE("an entity given twice") {
  check_both(
      "ddbplan: 1\nservice: bad\nentities:\n  Note: {id: a, attributes: {a: ulid}}\n"
      "  Note: {id: a, attributes: {a: ulid}}\naccess_patterns:\n  get: {get: Note, by: a}\n",
      2, "Note");
}

TEST_CASE("an attribute that is not there") {
  check_both(with_patterns("  read: {list: Note, by: topci, rate: 1/s}\n"), 2,
             "Did you mean `topic`?");
}

TEST_CASE("an entity that is not there") {
  check_both(with_patterns("  read: {get: Ntoe, by: note_id, rate: 1/s}\n"), 2, "Note");
}

TEST_CASE("a pattern that no key serves") {
  // Two strong lists by different attributes: the base table can lead with one of them only.
  check_both(
      "ddbplan: 1\nservice: bad\nentities:\n"
      "  Note: {id: note_id, count: 1k, attributes: {note_id: ulid, topic: string 8 B, place: "
      "string 8 B}}\n"
      "access_patterns:\n"
      "  add: {create: Note, rate: 1/s}\n"
      "  show: {get: Note, by: note_id, consistency: strong, rate: 1/s}\n"
      "  of_topic: {list: Note, by: topic, consistency: strong, limit: 10, rate: 1/s}\n"
      "  of_place: {list: Note, by: place, consistency: strong, limit: 10, rate: 1/s}\n",
      1, "error[DDB110]");
}

TEST_CASE("rates that are no rates") {
  for (const char* rate : {"-1/s", "NaN/s", "nan", ".inf", "1e300/s", "1e9999/s", "0x10/s", "many",
                           "1/fortnight", "''", "1/s/s", "99999999999999999999999/s"}) {
    INFO(rate);
    check_both(with_patterns(std::string("  read: {get: Note, by: note_id, rate: ") + rate + "}\n"),
               2, "bad.yaml:");
  }
}

TEST_CASE("an item over 400 KB") {
  check_both(
      "ddbplan: 1\nservice: bad\nentities:\n"
      "  Log: {id: log_id, count: 1k, attributes: {log_id: ulid, body: string 100 KB .. 300 KB, "
      "more: string 50 KB .. 200 KB}}\n"
      "access_patterns:\n  add: {create: Log, rate: 1/s}\n  show: {get: Log, by: log_id, rate: "
      "1/s}\n",
      1, "400 KB");
}

TEST_CASE("more indexes than a table may have") {
  std::string attributes;
  std::string patterns = "  add: {create: Part, rate: 1/min}\n";
  for (int i = 0; i < 22; ++i) {
    const std::string name = "a" + std::to_string(i);
    attributes += ", " + name + ": {type: string 8 B, distinct: 1000}";
    patterns += "  by_" + name + ": {list: Part, by: " + name +
                ", limit: 10, returns: [part_id], rate: 5/s}\n";
  }
  check_both(
      "ddbplan: 1\nservice: parts\nentities:\n  Part: {id: part_id, count: 100k, attributes: "
      "{part_id: ulid" +
          attributes + "}}\naccess_patterns:\n" + patterns,
      1, "20");
}

// Sanitizers reserve more address space than any limit would leave them.
#if defined(__SANITIZE_ADDRESS__)
#define DDBPLAN_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DDBPLAN_SANITIZED
#endif
#endif
#ifndef DDBPLAN_SANITIZED
TEST_CASE("little memory") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  for (const char* kilobytes : {"16000", "24000", "32000", "48000"}) {
    INFO(kilobytes);
    const Outcome outcome = place.shell(std::string("ulimit -v ") + kilobytes +
                                        "; \"$DDBPLAN\" design good.yaml > /dev/null");
    CHECK_FALSE(is_defect(outcome));
    // 127: the loader itself had no room.
    CHECK((outcome.exit_status == 0 || outcome.exit_status == 2 || outcome.exit_status == 127));
  }
}
#endif

TEST_CASE("names cannot drive the terminal") {
  const Workplace place;
  const Outcome outcome = place.ddbplan({"lint", "\x1b[2J.yaml"});
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find('\x1b') == std::string::npos);
  place.write("bad.yaml", with_patterns("  \"a\\eb\": {get: Note, by: note_id, rate: 1/s}\n"));
  const Outcome escape = place.ddbplan({"design", "bad.yaml"});
  CHECK_FALSE(is_defect(escape));
  CHECK((escape.standard_output + escape.standard_error).find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace ddbplan::test
