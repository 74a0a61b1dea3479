#include "emit/why.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "emit/text_table.h"
#include "support/diagnostics.h"
#include "support/text.h"
#include "support/units.h"

namespace ddbplan::emit {
namespace {

using support::contains;

/// What a user may ask about, in the order in which a bare name is looked for.
constexpr std::array<std::string_view, 5> kKinds = {"pattern", "index", "entity", "projection",
                                                    "shards"};

/// Whatever stands behind "shards:" in a decision: a partition key has no other name.
std::vector<std::string> sharded_keys(const Bundle& bundle) {
  constexpr std::string_view kPrefix = "shards:";
  std::vector<std::string> keys;
  for (const design::Decision& decision : bundle.design.decisions) {
    if (decision.subject.starts_with(kPrefix))
      keys.push_back(decision.subject.substr(kPrefix.size()));
  }
  return keys;
}

std::vector<std::string> names_of(const Bundle& bundle, std::string_view kind) {
  if (kind == "shards") return sharded_keys(bundle);
  std::vector<std::string> names;
  if (kind == "pattern") {
    for (const model::Pattern& pattern : bundle.workload.patterns) names.push_back(pattern.name);
  } else if (kind == "entity") {
    for (const model::Entity& entity : bundle.workload.entities) names.push_back(entity.name);
  } else {
    for (const design::Table& table : bundle.design.tables) {
      for (const design::Index& index : table.indexes) names.push_back(index.name);
    }
  }
  return names;
}

/// How the entities are grouped into tables: the one decision without a name.
constexpr std::string_view kLayout = "layout";

struct Subject {
  std::string_view kind;
  std::string name;
};

UnknownSubject not_found(const Bundle& bundle, std::string_view asked, std::string_view name,
                         const std::vector<std::string_view>& kinds) {
  std::vector<std::string> candidates;
  std::vector<std::string> words;
  for (const std::string_view kind : kinds) {
    words.emplace_back(kind == "shards" ? "sharded key" : kind);
    for (std::string& candidate : names_of(bundle, kind))
      candidates.push_back(std::move(candidate));
  }
  std::string message = fmt::format("there is no {} named '{}'", support::join_list(words, "or"),
                                    support::escape_for_terminal(asked));
  if (const std::optional<std::string> near = support::nearest(name, candidates)) {
    message += fmt::format("; did you mean '{}'?", support::escape_for_terminal(*near));
  }
  return {std::move(message)};
}

support::Result<Subject, UnknownSubject> find_subject(const Bundle& bundle,
                                                      std::string_view asked) {
  if (asked == kLayout) return Subject{kLayout, {}};
  for (const std::string_view kind : kKinds) {
    if (!asked.starts_with(kind) || asked.substr(kind.size(), 1) != ":") continue;
    const std::string_view name = asked.substr(kind.size() + 1);
    if (contains(names_of(bundle, kind), name)) return Subject{kind, std::string(name)};
    return not_found(bundle, name, name, {kind});
  }
  for (const std::string_view kind : kKinds) {
    if (contains(names_of(bundle, kind), asked)) return Subject{kind, std::string(asked)};
  }
  // A projection has its index's name.
  return not_found(bundle, asked, asked, {"pattern", "index", "entity", "shards"});
}

/// "index:GSI1" is explained by its own decision and its projection's.
bool is_about(const design::Decision& decision, const Subject& subject) {
  const std::string& about = decision.subject;
  if (subject.kind == kLayout) return about == kLayout;
  if (about == fmt::format("{}:{}", subject.kind, subject.name)) return true;
  return subject.kind == "index" && about == "projection:" + subject.name;
}

std::string difference(const design::Decision::Alternative& other) {
  if (!other.extra) return "ruled out";
  if (other.extra->micro_usd < 0) return support::format_money(*other.extra);
  return "+" + support::format_money(*other.extra);
}

class Explanation {
 public:
  explicit Explanation(const TextOptions& options)
      : width_(std::clamp(options.width, 60, 200)), bold_(options.bold) {}

  void add(const design::Decision& decision) {
    if (!out_.empty()) out_ += "\n";
    const std::string title = support::escape_for_terminal(decision.subject);
    out_ += bold_ ? "\x1b[1m" + title + "\x1b[0m\n" : title + "\n";
    paragraph("chosen: " + decision.chosen);
    if (!decision.reason.empty()) paragraph("because: " + decision.reason);
    if (decision.alternatives.empty()) return;
    TextTable table({{"Instead", Align::left, true},
                     {"$/month", Align::right},
                     {"Ruled out by", Align::left, true}});
    for (const design::Decision::Alternative& other : decision.alternatives) {
      table.add({other.what, difference(other), other.ruled_out});
    }
    out_ += table.print(width_, 2);
  }

  std::string take() { return std::move(out_); }

 private:
  void paragraph(const std::string& text) {
    const auto columns = static_cast<std::size_t>(width_ - 2);
    for (const std::string& line : wrap_cell(support::escape_for_terminal(text), columns)) {
      out_ += "  " + line + "\n";
    }
  }

  int width_;
  bool bold_;
  std::string out_;
};

}  // namespace

support::Result<std::string, UnknownSubject> why(const Bundle& bundle, std::string_view subject,
                                                 const TextOptions& options) {
  Explanation explanation(options);
  if (subject.empty()) {
    for (const design::Decision& decision : bundle.design.decisions) explanation.add(decision);
    return explanation.take();
  }
  const support::Result<Subject, UnknownSubject> found = find_subject(bundle, subject);
  if (!found) return UnknownSubject{found.error().message};
  bool any = false;
  for (const design::Decision& decision : bundle.design.decisions) {
    if (!is_about(decision, *found)) continue;
    explanation.add(decision);
    any = true;
  }
  if (any) return explanation.take();
  if (found->kind == kLayout)
    return fmt::format("{}\n  All entities share one table (settings.layout).\n", kLayout);
  return fmt::format("{}:{}\n  Nothing was to decide: there is one way to do it.\n", found->kind,
                     support::escape_for_terminal(found->name));
}

}  // namespace ddbplan::emit
