#include "lint/suppression.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lint/rules/rules.h"
#include "support/text.h"

namespace ddbplan::lint {
namespace {

constexpr std::string_view kMarker = "# ddbplan:";
constexpr std::string_view kBlanks = " \t\r";

/// One code of one comment.
struct Request {
  std::string name;
  support::Span span;
  bool whole_file = false;
  int line = 0;  ///< the one it speaks of
  bool used = false;
};

struct Comments {
  std::vector<Request> requests;
  support::Diagnostics faults;
};

/// Where the comment starts in a line; npos if there is none of ours.
std::size_t find_marker(std::string_view line) {
  for (auto at = line.find(kMarker); at != std::string_view::npos;
       at = line.find(kMarker, at + 1)) {
    if (at == 0 || kBlanks.find(line[at - 1]) != std::string_view::npos) return at;
  }
  return std::string_view::npos;
}

bool is_blank_or_comment(std::string_view line) {
  const std::string_view text = support::trimmed(line);
  return text.empty() || text.front() == '#';
}

class Reader {
 public:
  Reader(const support::SourceText& source, std::span<const RuleName> known)
      : source_(source), known_(known) {}

  Comments read() {
    for (int number = 1; number <= source_.line_count(); ++number) {
      const std::string_view line = source_.line(number);
      const std::size_t at = find_marker(line);
      if (at != std::string_view::npos) read_comment(number, line, at);
    }
    return std::move(comments_);
  }

 private:
  void read_comment(int number, std::string_view line, std::size_t at) {
    const std::uint32_t line_begin = source_.offset(number - 1, 0);
    const support::Span span{line_begin + static_cast<std::uint32_t>(at),
                             line_begin + static_cast<std::uint32_t>(line.size())};
    std::string_view rest = support::trimmed(line.substr(at + kMarker.size()));
    const std::string_view verb = rest.substr(0, rest.find_first_of(kBlanks));
    if (verb != "ignore" && verb != "ignore-file") {
      return fault(
          kUnknownSuppression, span, "unknown comment `ddbplan: " + std::string(verb) + "`",
          "Write `# ddbplan: ignore CODE -- reason` or `# ddbplan: ignore-file CODE -- reason`.");
    }
    rest.remove_prefix(verb.size());
    const auto dashes = rest.find("--");
    const bool has_reason =
        dashes != std::string_view::npos && !support::trimmed(rest.substr(dashes + 2)).empty();
    if (!has_reason) {
      fault(kSuppressionWithoutReason, span, "this comment does not say why the finding is ignored",
            "Add `-- and the reason`.");
    }
    const int target = is_blank_or_comment(line) ? next_line_of_yaml(number) : number;
    read_codes(rest.substr(0, dashes), span, verb == "ignore-file", target);
  }

  void read_codes(std::string_view list, support::Span span, bool whole_file, int target) {
    if (support::trimmed(list).empty()) {
      return fault(kUnknownSuppression, span, "this comment names no rule",
                   "Write `# ddbplan: ignore CODE -- reason`.");
    }
    while (true) {
      const auto comma = list.find(',');
      add_request(std::string(support::trimmed(list.substr(0, comma))), span, whole_file, target);
      if (comma == std::string_view::npos) return;
      list.remove_prefix(comma + 1);
    }
  }

  void add_request(const std::string& name, support::Span span, bool whole_file, int target) {
    const auto rule = std::find_if(known_.begin(), known_.end(), [&](const RuleName& each) {
      return each.code == name || each.name == name;
    });
    if (rule == known_.end()) {
      std::vector<std::string> names;
      for (const RuleName& each : known_)
        names.insert(names.end(), {std::string(each.code), std::string(each.name)});
      const auto near = support::nearest(name, names);
      return fault(kUnknownSuppression, span, "no rule is called `" + name + "`",
                   near ? "Did you mean `" + *near + "`?" : "");
    }
    if (!rule->ignorable) {
      return fault(kUnknownSuppression, span,
                   std::string(rule->code) + " (" + std::string(rule->name) + ") can't be ignored");
    }
    comments_.requests.push_back({std::string(rule->code), span, whole_file, target});
  }

  int next_line_of_yaml(int number) const {
    for (int next = number + 1; next <= source_.line_count(); ++next) {
      if (!is_blank_or_comment(source_.line(next))) return next;
    }
    return number;
  }

  void fault(const Rule& rule, support::Span span, std::string message, std::string help = {}) {
    Report(rule.info, comments_.faults).add(span, std::move(message), std::move(help));
  }

  const support::SourceText& source_;
  std::span<const RuleName> known_;
  Comments comments_;
};

bool is_ignorable(const support::Diagnostic& diagnostic, std::span<const RuleName> known) {
  return std::none_of(known.begin(), known.end(), [&](const RuleName& rule) {
    return rule.code == diagnostic.code && !rule.ignorable;
  });
}

}  // namespace

Suppressed apply_suppressions(const support::SourceText& source,
                              const support::Diagnostics& diagnostics,
                              std::span<const RuleName> known, bool complete) {
  Comments comments = Reader(source, known).read();
  Suppressed result;
  for (const support::Diagnostic& diagnostic : diagnostics.items()) {
    const int line = diagnostic.span.known() ? source.position(diagnostic.span.begin).line : 0;
    bool silenced = false;
    for (Request& request : comments.requests) {
      if (request.name != diagnostic.code || !is_ignorable(diagnostic, known)) continue;
      if (!request.whole_file && request.line != line) continue;
      request.used = true;
      silenced = true;
    }
    if (silenced) {
      ++result.suppressed;
    } else {
      result.remaining.add(diagnostic);
    }
  }
  for (const support::Diagnostic& fault : comments.faults.items()) result.remaining.add(fault);
  for (const Request& request : comments.requests) {
    if (request.used || !complete) continue;
    Report(kUnusedSuppression.info, result.remaining)
        .add(request.span, request.name + " is not found here, so this comment ignores nothing",
             "Remove it.");
  }
  result.remaining.sort();
  return result;
}

}  // namespace ddbplan::lint
