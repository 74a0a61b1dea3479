// The pipeline as the commands run it: each stage is one call that reads what the earlier ones made and adds its
// own part. A command calls the stages it needs, in the order in which they stand here, and looks at `usable`
// or `design` in between; nothing runs behind its back.
//
//   Compilation run(*load(path, terminal));
//   parse(run, overrides);  keep(run, path, terminal);  plan(run, effort);  explain(run);  measure(run);  review(run);
//   generate_seed(run);  prove(run);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capacity/usage.h"
#include "cli/exit_status.h"
#include "cli/files.h"
#include "cli/shared_options.h"
#include "cli/terminal.h"
#include "design/design.h"
#include "design/earlier_design.h"
#include "emit/bundle.h"
#include "model/workload.h"
#include "plan/planner.h"
#include "pricing/cost.h"
#include "seed/generator.h"
#include "seed/proof.h"
#include "seed/seed_file.h"
#include "support/diagnostics.h"
#include "support/parallel.h"
#include "support/source.h"

namespace ddbplan::cli {

/// What the stages have made so far.
struct Compilation {
  explicit Compilation(support::SourceText text, std::string file_path)
      : source(std::move(text)), path(std::move(file_path)) {}

  support::SourceText source;
  std::string path;  ///< as given; "-" is standard input
  support::Diagnostics diagnostics;
  std::optional<model::Workload> workload;
  std::optional<design::EarlierDesign> earlier;  ///< --keep
  std::string earlier_name;
  std::optional<pricing::PriceBook> own_prices;  ///< settings.prices; else the built-in book
  bool is_varied = false;                        ///< the planner has changed the workload
  std::optional<design::Design> design;
  plan::Reasons reasons;  ///< of the design's decisions, until explain() or Explanation has them
  std::optional<capacity::Usage> usage;
  std::optional<pricing::CostReport> cost;
  std::optional<seed::Dataset> data;
  std::vector<seed::SeedFile> seed;
  std::optional<seed::ProofReport> proof;
  std::size_t suppressed = 0;

  [[nodiscard]] const pricing::PriceBook& prices() const;
  /// Everything up to the price is there.
  [[nodiscard]] bool priced() const { return design && usage && cost; }
  /// The schema is a schema: no error of the language.
  [[nodiscard]] bool usable() const { return workload.has_value(); }
};

/// The file as a Compilation to be filled; nullopt after an error message.
std::optional<Compilation> load(const std::string& path, Terminal& terminal);
/// The workload, the rules that need no design, and the price book of the settings.
void parse(Compilation& run, const std::vector<std::string>& overrides);
/// The design to plan around, from the file of --keep; nothing without one. False after an error message: then the
/// input is unusable.
bool keep(Compilation& run, const std::string& path, Terminal& terminal);
/// The design. Does nothing when the workload has errors that stand in its way.
void plan(Compilation& run, const plan::PlanOptions& options);
/// Its decisions, if `plan` was to explain them.
void explain(Compilation& run);
/// Usage, hot keys and cost.
void measure(Compilation& run);
/// The rules that look at the design, then the author's comments about findings.
void review(Compilation& run);
void generate_seed(Compilation& run);
/// generate_seed() of which the rows, which hardly depend on the design, are made beside the planning: from its making
/// on, until `join`.
class Generation {
 public:
  explicit Generation(const Compilation& run);
  void join(Compilation& run);

 private:
  support::Beside<seed::Dataset> rows_;
};
void prove(Compilation& run, const seed::ProofOptions& options = {});

/// explain() beside the stages that come between: from its making on, until `join`.
class Explanation {
 public:
  explicit Explanation(Compilation& run);
  void join(Compilation& run);

 private:
  support::Beside<std::vector<design::Decision>> decisions_;
};

/// REQUIRES: priced().
emit::Bundle bundle(const Compilation& run);

/// Runs stages one after another, with a progress line where somebody watches and their times with -v.
class Stages {
 public:
  explicit Stages(Terminal& terminal) : terminal_(terminal) {}
  template <class Stage>
  void run(const char* doing, Stage stage) {
    begin(doing);
    stage();
    end(doing);
  }

 private:
  void begin(const char* doing);
  void end(const char* doing);

  Terminal& terminal_;
  double started_ = 0;
};

/// Findings of at least this severity to standard error, with excerpts.
void print_diagnostics(const Compilation& run, support::Severity least, Terminal& terminal);
/// 2 without a workload, 1 with findings at `fail_on` or without a design, else 0.
ExitStatus judge(const Compilation& run, const FailOn& fail_on);

}  // namespace ddbplan::cli
