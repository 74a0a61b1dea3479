#include "tests/cli/program.h"

#include <utility>

namespace ddbplan::test {

const std::string kGoodSchema = R"(ddbplan: 1
service: notes
settings: {regions: [eu-west-1]}
entities:
  Author: {id: author_id, count: 1k, attributes: {author_id: ulid, name: string 20 B .. 60 B}}
  Note: {id: [author_id, note_id], belongs_to: {Author: 20 .. 500}, attributes: {note_id: ulid of at, at: timestamp, text: string 200 B .. 600 B}}
access_patterns:
  join: {create: Author, rate: 20/day, peak: 1/s}
  author: {get: Author, by: author_id, rate: 5/s, peak: 10/s}
  write: {create: Note, rate: 400/day, peak: 1/s}
  read: {get: Note, by: [author_id, note_id], rate: 5/s, peak: 10/s}
  latest: {list: Note, by: author_id, order: at desc, limit: 20, rate: 2/s, peak: 10/s}
)";

namespace {

std::map<std::string, std::optional<std::string>> quiet_environment() {
  return {{"NO_COLOR", std::nullopt}, {"FORCE_COLOR", std::nullopt},
          {"COLUMNS", std::nullopt},  {"TERM", "xterm"},
          {"LC_ALL", "C.UTF-8"},      {"DDBPLAN", ddbplan_binary().string()}};
}

}  // namespace

void Workplace::write(const std::string& name, std::string_view bytes) const {
  write_file(path() / name, bytes);
}

std::string Workplace::read(const std::string& name) const {
  return read_file(path() / name);
}

bool Workplace::has(const std::string& name) const {
  return std::filesystem::exists(path() / name);
}

Outcome Workplace::ddbplan(std::vector<std::string> arguments, std::string input) const {
  return run(ddbplan_binary(), {.arguments = std::move(arguments),
                                .standard_input = std::move(input),
                                .environment = quiet_environment(),
                                .directory = path()});
}

Outcome Workplace::shell(const std::string& line) const {
  return run("/bin/sh",
             {.arguments = {"-c", line}, .environment = quiet_environment(), .directory = path()});
}

bool is_defect(const Outcome& outcome) {
  return outcome.signal != 0 || outcome.exit_status == 3 || outcome.timed_out ||
         outcome.standard_error.find("defect of ddbplan") != std::string::npos;
}

}  // namespace ddbplan::test
