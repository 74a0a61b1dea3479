// A rule: what it is called, why it exists, an example that breaks it and one that doesn't, and its check.
//
// One file below rules/ holds one rule. Its RuleInfo is all the documentation there is: `ddbplan explain`,
// ddbplan-rules(7) and SARIF print it, and a test runs both examples through the whole pipeline. A name says
// what is wrong, not the remedy. Severity is a property and may change; a code never gets another meaning.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capacity/usage.h"
#include "design/design.h"
#include "model/workload.h"
#include "pricing/cost.h"
#include "pricing/price_book.h"
#include "support/diagnostics.h"
#include "support/source.h"

namespace ddbplan::lint {

struct RuleInfo {
  std::string_view code = {};  ///< "DDB401"; the hundreds are the subject
  std::string_view name = {};  ///< "hot-key-writes"
  support::Severity severity = support::Severity::warning;
  std::string_view since = {};      ///< the version that brought it
  std::string_view summary = {};    ///< one sentence: what is found
  std::string_view rationale = {};  ///< why it matters, and what to do
  std::string_view source = {};     ///< the AWS page that states the fact; empty for our own advice
  std::string_view bad = {};        ///< a whole schema with the finding
  std::string_view good = {};       ///< nearly the same, without
};

/// What a check may look at. The pointers are null where the schema could not be planned, or has not been
/// yet; a rule of the phase `design` runs only when all of them are there.
struct Context {
  const support::SourceText& source;
  const model::Workload& workload;
  const pricing::PriceBook& prices;
  const design::Design* design = nullptr;
  const capacity::Usage* usage = nullptr;
  const pricing::CostReport* cost = nullptr;
};

/// Takes one rule's findings; fills in its code, name and severity.
class Report {
 public:
  Report(const RuleInfo& rule, support::Diagnostics& diagnostics)
      : rule_(rule), diagnostics_(diagnostics) {}

  void add(support::Span span, std::string message, std::string help = {},
           std::vector<support::Note> notes = {});
  /// With a severity other than the rule's own: a limit passed, not only approached.
  void add_as(support::Severity severity, support::Span span, std::string message,
              std::string help = {});

 private:
  const RuleInfo& rule_;
  support::Diagnostics& diagnostics_;
};

/// When a rule runs. What an earlier stage finds (the language, the planner) has a RuleInfo for its
/// documentation, and no check of its own.
enum class Phase { elsewhere, workload, design };

struct Rule {
  RuleInfo info;
  Phase phase = Phase::elsewhere;
  void (*check)(const Context& context, Report& report) = nullptr;
};

}  // namespace ddbplan::lint
