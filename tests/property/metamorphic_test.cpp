// Goal: what must not matter does not, and what must cost does. Names and the order of the YAML change nothing but
// names; a read more never makes a design cheaper; k times the rates are k times the request dollars.
// Method: the examples, changed as text, planned again. No expected value comes from the planner alone: each is a
// relation between two of its answers.

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "plan/planner.h"
#include "pricing/cost.h"
#include "schema/parse.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace ddbplan::test {
namespace {

/// Examples whose patterns are small enough to be planned a dozen times.
constexpr auto kExamples = std::to_array<const char*>(
    {"shop.yaml", "01-multi-tenant.yaml", "03-many-to-many.yaml", "05-strong-consistency.yaml",
     "12-saas-customers.yaml", "13-posts-of-a-user.yaml", "24-stock.yaml", "09-search.yaml"});

/// Dollars that are no difference: what the search itself does not tell apart.
constexpr double kSame = 0.001;

struct Answer {
  model::Workload workload;
  design::Design design;
  [[nodiscard]] double objective() const { return design.optimality.objective.usd(); }
};

Answer planned(const std::string& yaml) {
  const support::SourceText source("schema.yaml", yaml);
  support::Diagnostics diagnostics;
  auto workload = schema::parse(source, diagnostics);
  INFO(yaml);
  INFO(support::render(diagnostics, source));
  REQUIRE(workload.has_value());
  auto design = plan::plan(*workload, pricing::PriceBook::built_in(), {}, diagnostics);
  REQUIRE(design.has_value());
  REQUIRE(design->optimality.proven);
  return {std::move(*workload), std::move(*design)};
}

std::string example(const std::string& name) {
  return read_file(source_directory() / "examples" / name);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

/// A whole access pattern on one line: `  name: {list: ...}`.
bool is_pattern_line(const std::string& line) {
  const std::size_t colon = line.find(':');
  const bool indented = line.size() > 3 && line.compare(0, 2, "  ") == 0 && line[2] != ' ';
  const std::size_t code = std::min(line.find(" #"), line.size());
  const std::size_t last = line.find_last_not_of(' ', code - 1);
  return indented && colon != std::string::npos && last != std::string::npos && line[last] == '}' &&
         line.find('{', colon) != std::string::npos;
}

/// Positions of the one-line patterns below `access_patterns:`.
std::vector<std::size_t> pattern_lines(const std::vector<std::string>& lines) {
  std::vector<std::size_t> out;
  bool inside = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].empty() && lines[i].front() != ' ' && lines[i].front() != '#')
      inside = lines[i].rfind("access_patterns:", 0) == 0;
    if (inside && is_pattern_line(lines[i])) out.push_back(i);
  }
  return out;
}

bool is_read_line(const std::string& line) {
  return line.find("{get:") != std::string::npos || line.find("{list:") != std::string::npos ||
         line.find("{count:") != std::string::npos;
}

/// The next letter for every letter: as long as before, and in the same order. What ends in _id still does: key
/// literals leave it out.
std::string shifted(std::string word) {
  const std::size_t end = word.ends_with("_id") ? word.size() - 3 : word.size();
  for (std::size_t i = 0; i < end; ++i) {
    char& c = word[i];
    const bool letter = std::isalpha(static_cast<unsigned char>(c)) != 0 && c != 'z' && c != 'Z';
    if (letter) ++c;
  }
  return word;
}

/// Entity and attribute names, where they stand as whole words, become other ones of the same length.
std::string renamed(const std::string& yaml, const std::set<std::string>& names) {
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  std::string out;
  for (std::size_t at = 0; at < yaml.size();) {
    std::size_t end = at;
    while (end < yaml.size() && is_word(yaml[end])) ++end;
    if (end == at) {
      out += yaml[at++];
      continue;
    }
    const std::string word = yaml.substr(at, end - at);
    out += names.contains(word) ? shifted(word) : word;
    at = end;
  }
  return out;
}

/// Names that are no words of the language, so that a text replacement says the same.
std::set<std::string> own_names(const model::Workload& workload) {
  const std::set<std::string> kept = {"at", "score", "number", "total", "stock"};
  std::set<std::string> names;
  for (const model::Entity& entity : workload.entities) {
    names.insert(entity.name);
    for (const model::Attribute& attribute : entity.attributes) {
      const bool own = attribute.origin == model::Origin::declared &&
                       attribute.name.find('_') != std::string::npos;
      if (own && !kept.contains(attribute.name)) names.insert(attribute.name);
    }
  }
  return names;
}

TEST_CASE("other names of the same length change no price") {
  for (const std::string name : kExamples) {
    INFO(name);
    const std::string yaml = example(name);
    const Answer before = planned(yaml);
    const std::string other = renamed(yaml, own_names(before.workload));
    REQUIRE(other != yaml);
    const Answer after = planned(other);
    CHECK(after.objective() == doctest::Approx(before.objective()).epsilon(1e-9));
    CHECK(after.design.tables.front().indexes.size() ==
          before.design.tables.front().indexes.size());
  }
}

TEST_CASE("the order of the patterns changes no price") {
  for (const std::string name : kExamples) {
    INFO(name);
    const std::vector<std::string> lines = lines_of(example(name));
    const std::vector<std::size_t> patterns = pattern_lines(lines);
    REQUIRE(patterns.size() > 1);
    std::vector<std::string> reversed = lines;
    for (std::size_t i = 0; i < patterns.size(); ++i)
      reversed[patterns[i]] = lines[patterns[patterns.size() - 1 - i]];
    CHECK(std::abs(planned(joined(reversed)).objective() - planned(joined(lines)).objective()) <
          kSame);
  }
}

TEST_CASE("a read more never makes a design cheaper") {
  for (const std::string name : kExamples) {
    const std::vector<std::string> lines = lines_of(example(name));
    const double whole = planned(joined(lines)).objective();
    int dropped = 0;
    for (const std::size_t position : pattern_lines(lines)) {
      // Few of each: the relation is the same for all, and an example is planned for every one.
      if (!is_read_line(lines[position]) || dropped == 4) continue;
      INFO(name << " without " << lines[position]);
      std::vector<std::string> fewer = lines;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(position));
      CHECK(planned(joined(fewer)).objective() <= whole + kSame);
      ++dropped;
    }
    CHECK(dropped > 0);
  }
}

TEST_CASE("with the layout held, k times the rates are k times the request dollars") {
  for (const std::string name : kExamples) {
    INFO(name);
    Answer answer = planned(example(name));
    answer.workload.settings.billing = model::Billing::on_demand;
    answer.workload.settings.table_class = model::TableClass::standard;
    const auto request_dollars = [&] {
      double sum = 0;
      const auto report =
          pricing::price(answer.workload, answer.design, pricing::PriceBook::built_in());
      for (const pricing::CostLine& line : report.lines) {
        if (line.what.find("request units") != std::string::npos) sum += line.usd.usd();
      }
      return sum;
    };
    const double once = request_dollars();
    REQUIRE(once > 0);
    for (model::Pattern& pattern : answer.workload.patterns) pattern.load.mean.per_second *= 3;
    for (model::Event& event : answer.workload.events) {
      for (auto& [pattern, rate] : event.rates) rate.per_second *= 3;
    }
    // Money is kept in millionths.
    CHECK(request_dollars() == doctest::Approx(3 * once).epsilon(1e-4));
  }
}

}  // namespace
}  // namespace ddbplan::test
