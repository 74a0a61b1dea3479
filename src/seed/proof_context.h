// What the proofs of single patterns share: the engine under test, the rows, the items that the
// design makes of them, and the report. Internal to seed; proof.h is the way in.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "capacity/usage.h"
#include "seed/calls.h"
#include "seed/proof.h"
#include "seed/stored_state.h"

namespace ddbplan::seed {

/// Units per call, by resource, over the typical calls of a pattern.
class UnitSamples {
 public:
  /// `values`: what the call gives, in a text; calls that give the same are one draw of the rows.
  void add_call(const std::string& values);
  void add(const UnitsByTable& units, bool is_write);
  /// Total units per call.
  [[nodiscard]] double mean() const;
  [[nodiscard]] int calls() const { return static_cast<int>(calls_.size()); }
  [[nodiscard]] int draws() const { return static_cast<int>(values_.size()); }
  struct Statistics {
    double mean = 0;
    double standard_error = 0;
  };
  /// `index` "" is the table.
  [[nodiscard]] Statistics of(const std::string& table, const std::string& index,
                              bool is_write) const;
  /// Resources that were charged at all.
  struct Resource {
    std::string table;
    std::string index;
    bool is_write = false;
    auto operator<=>(const Resource&) const = default;
  };
  [[nodiscard]] std::set<Resource> resources() const;

 private:
  std::vector<std::map<Resource, double>> calls_;
  std::set<std::string> values_;
};

/// What is proven, and how thoroughly.
struct Subject {
  const model::Workload& workload;
  const design::Design& design;
  const Dataset& data;
  const ProofOptions& options;
  /// Of each pattern, drawn by traffic.
  int typical_calls = 0;
};

/// The seed in an engine, and what the design makes of its rows. A copy is cheap: it shares the
/// items, and none sees what another writes.
struct Seeded {
  engine::Database database;
  StoredState state;
};

/// One for the reads and one for the writes.
class ProofContext {
 public:
  ProofContext(const Subject& subject, LogicalRows& own_rows, Seeded seeded);

  /// Around the calls of one pattern.
  void begin(model::PatternId next);
  void end();

  /// Runs the pattern on the database and checks what every read was charged.
  design::Answer run(const DrawnCall& call);
  void fail(const std::string& what, const DrawnCall& call);
  /// The sample's means against the plan's expectation.
  void compare_units(const model::Pattern& described);
  /// Of the entity whose rows have changed most, those that were deleted or created, or have other attributes than
  /// they had, as a part of the first ones.
  [[nodiscard]] double drift() const;
  /// Enough is enough: more of the same pattern tell nothing new.
  [[nodiscard]] bool is_hopeless() const;

  const model::Workload& workload;
  const design::Design& design;
  const Dataset& data;
  const ProofOptions& options;
  engine::Database database;
  LogicalRows& rows;
  StoredState state;
  ProofReport report;
  /// Of the pattern at work.
  model::PatternId pattern;
  PatternProof proof;
  UnitSamples samples;
};

/// A pattern that reads, and the calls drawn for it: all that asks for the rows and not for the
/// engine.
class ReadTrial {
 public:
  ReadTrial(const LogicalRows& rows, model::PatternId pattern, int typical);
  ~ReadTrial();
  /// REQUIRES: the context is at this pattern.
  void run(ProofContext& context) const;

 private:
  struct Part;
  void run_together(ProofContext& context) const;
  const model::Pattern& pattern_;
  /// One, or of a transaction one for each of its reads.
  std::vector<std::unique_ptr<Part>> parts_;
};

/// Runs the pattern that the context is at; `typical` is the number of calls by traffic.
void prove_write(ProofContext& context, Columns& columns, int typical);

}  // namespace ddbplan::seed
