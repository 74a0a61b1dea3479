// The exact search against brute force: every State of many small random schemas is evaluated, and none is
// cheaper than what the search found, nor than the bound it gives when its effort is cut short.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <optional>
#include <string>
#include <vector>

#include "emit/design_json.h"
#include "plan/hold.h"
#include "plan/planner.h"
#include "plan/table_search.h"
#include "support/prng.h"
#include "tests/property/posed.h"
#include "tests/support/synthetic.h"

using namespace ddbplan;
using test::parsed;
using test::pose;

namespace {

/// More States than this are left to another schema.
constexpr std::size_t kStatesMost = 3000;
constexpr std::size_t kStatesOfPageMost = 20000;

bool is_long() {
  const char* effort = std::getenv("DDBPLAN_TEST_EFFORT");
  return effort != nullptr && std::string(effort) == "long";
}

/// Every State: base keys, then for each Need what serves it there, then both ways of each switch.
class BruteForce {
 public:
  BruteForce(const plan::Problem& problem, plan::CostMemo& memo, std::size_t states_most)
      : problem_(problem), memo_(memo), states_most_(states_most) {}

  /// The least ranking, or nothing when there are too many States or none is feasible.
  std::optional<double> run() {
    state_.base.assign(problem_.workload.entities.size(), 0);
    state_.serve.assign(problem_.needs.size(), plan::kUnserved);
    state_.together.assign(problem_.needs.size(), false);
    choose_base(0);
    return too_many_ ? std::nullopt : best_;
  }

 private:
  void choose_base(std::size_t entity) {
    if (too_many_) return;
    if (entity == state_.base.size()) return choose_serve(0);
    for (std::size_t b = 0; b < problem_.candidates.entities[entity].bases.size(); ++b) {
      state_.base[entity] = b;
      choose_base(entity + 1);
    }
  }

  [[nodiscard]] bool serves(std::size_t need, const plan::Option& option) const {
    const plan::Need& wanted = problem_.needs[need];
    const plan::KeySpec& base = problem_.base(state_, wanted.entity);
    if (option.kind == plan::Option::Kind::base)
      return plan::match(problem_.workload, base, wanted).has_value();
    if (option.kind != plan::Option::Kind::entry) return true;
    const plan::KeySpec& spec = problem_.entry(wanted.entity, option.candidate);
    return !spec.local || spec.partition == base.partition;
  }

  void choose_serve(std::size_t need) {
    if (too_many_) return;
    if (need == state_.serve.size()) return choose_together(0);
    bool any = false;
    const std::vector<plan::Option>& options = problem_.candidates.options[need];
    for (std::size_t o = 0; o < options.size(); ++o) {
      if (!serves(need, options[o])) continue;
      any = true;
      state_.serve[need] = o;
      choose_serve(need + 1);
    }
    if (any) return;
    state_.serve[need] = plan::kUnserved;
    choose_serve(need + 1);
  }

  void choose_together(std::size_t need) {
    if (need == state_.together.size()) return choose_projections();
    state_.together[need] = false;
    choose_together(need + 1);
    if (!problem_.needs[need].child_of) return;
    state_.together[need] = true;
    choose_together(need + 1);
  }

  void choose_projections() {
    std::vector<std::pair<std::size_t, std::size_t>> open;
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
      const plan::Option* option = problem_.option(state_, n);
      if (option == nullptr || option->kind != plan::Option::Kind::entry) continue;
      const std::pair entry{problem_.needs[n].entity.index, option->candidate};
      if (std::find(open.begin(), open.end(), entry) == open.end()) open.push_back(entry);
    }
    for (std::size_t bits = 0; bits < (std::size_t{1} << open.size()); ++bits) {
      state_.project_all.clear();
      for (std::size_t i = 0; i < open.size(); ++i) {
        if ((bits >> i & 1U) != 0) state_.project_all[open[i]] = true;
      }
      look();
    }
  }

  void look() {
    if (++states_ > states_most_) {
      too_many_ = true;
      return;
    }
    const plan::Evaluation value = plan::evaluate(problem_, state_, memo_);
    if (!value.infeasible.empty()) return;
    const double ranking = value.ranking().usd();
    if (!best_ || ranking < *best_) best_ = ranking;
  }

  const plan::Problem& problem_;
  plan::CostMemo& memo_;
  std::size_t states_most_;
  plan::State state_;
  std::size_t states_ = 0;
  bool too_many_ = false;
  std::optional<double> best_;
};

/// The design of a schema, as a later run reads it.
design::EarlierDesign earlier_design(const std::string& yaml) {
  const support::SourceText source("synthetic.yaml", yaml);
  const model::Workload workload = parsed(source);
  const pricing::PriceBook& book = pricing::PriceBook::built_in();
  support::Diagnostics diagnostics;
  const auto design = plan::plan(workload, book, {.explain = false}, diagnostics);
  REQUIRE(design.has_value());
  const capacity::Usage usage = capacity::usage(workload, *design);
  const pricing::CostReport cost = pricing::price(workload, *design, book);
  const support::SourceText json(
      "design.json", emit::design_json({source, workload, *design, usage, cost, diagnostics}));
  auto read = design::read_design(json);
  REQUIRE(read.ok());
  return *std::move(read);
}

void compare(const model::Workload& workload, const plan::Problem& problem, int& compared,
             std::size_t states_most = kStatesMost) {
  const pricing::PriceBook& book = pricing::PriceBook::built_in();
  plan::CostMemo memo(workload, book);
  const std::optional<double> least = BruteForce(problem, memo, states_most).run();
  if (!least) return;
  ++compared;

  const plan::SearchResult exact = plan::search(problem, book, {.explain = false});
  CHECK(exact.proven);
  CHECK(std::abs(exact.evaluation.ranking().usd() - *least) <= 2 * plan::kTolerance);

  for (const std::int64_t effort : {1, 20, 60}) {
    INFO("effort " << effort);
    const plan::SearchResult cut =
        plan::search(problem, book, {.effort = effort, .explain = false});
    if (!cut.lower_bound) continue;
    CHECK(cut.lower_bound->usd() <= *least - cut.evaluation.penalty.usd() + 2 * plan::kTolerance);
  }
}

}  // namespace

TEST_CASE("the search finds the cheapest of all States, and never bounds it from above") {
  const std::uint64_t schemas = is_long() ? 5000 : 400;
  int compared = 0;
  for (std::uint64_t seed = 0; seed < schemas; ++seed) {
    support::Prng random(seed);
    test::SyntheticSize size;
    size.entities = 1 + static_cast<int>(random.below(3));
    size.patterns = size.entities + 1 + static_cast<int>(random.below(5));
    size.billing = seed % 3 == 0 ? "auto" : seed % 3 == 1 ? "on-demand" : "provisioned";
    CAPTURE(seed);
    const support::SourceText source("synthetic.yaml", test::synthetic_schema(size, seed));
    const model::Workload workload = parsed(source);
    INFO(source.text());
    compare(workload, pose(workload, plan::single_table(workload)), compared);
  }
  MESSAGE(compared << " of " << schemas << " schemas compared");
  CHECK(compared > static_cast<int>(schemas / 3));
}

TEST_CASE("around an earlier design, too") {
  const std::uint64_t schemas = is_long() ? 3000 : 250;
  int compared = 0;
  for (std::uint64_t seed = 0; seed < schemas; ++seed) {
    support::Prng random(seed + 77'000'000);
    test::SyntheticSize size;
    size.entities = 1 + static_cast<int>(random.below(3));
    size.patterns = size.entities + 2 + static_cast<int>(random.below(5));
    size.billing = seed % 3 == 0 ? "auto" : seed % 3 == 1 ? "on-demand" : "provisioned";
    CAPTURE(seed);
    const support::SourceText source("synthetic.yaml", test::synthetic_schema(size, seed));
    const model::Workload workload = parsed(source);
    // The earlier schema lacks some of the last patterns, or has more of them.
    size.patterns += static_cast<int>(random.below(5)) - 2;
    const design::EarlierDesign earlier = earlier_design(test::synthetic_schema(size, seed));
    plan::Problem problem = pose(workload, plan::single_table(workload));
    plan::hold(problem, earlier);
    INFO(source.text());
    compare(workload, problem, compared);
  }
  MESSAGE(compared << " of " << schemas << " schemas compared");
  CHECK(compared > static_cast<int>(schemas / 3));
}

/// Small pages: a row with two kinds of children, which may be asked for by itself too.
class PageAuthor {
 public:
  explicit PageAuthor(std::uint64_t seed) : random_(seed) {}

  std::string write() {
    if (chance(40)) return write_in_index();
    const std::string billing = one_of({"auto", "on-demand", "provisioned"});
    std::string text =
        "ddbplan: 1\nservice: pages\nsettings: {regions: [us-east-1], billing: " + billing +
        "}\nentities:\n  Row: {id: row_id, count: " + one_of({"90", "20k"}) +
        ", attributes: {row_id: ulid, title: string " + one_of({"20 B", "900 B", "5 KB"}) + "}}\n";
    for (const std::string kind : {"Early", "Tail"}) text += entity(kind);
    text += "access_patterns:\n  c: {create: Row, rate: 1/s}\n";
    for (const std::string kind : {"Early", "Tail"})
      text += "  c" + kind + ": {create: " + kind + ", rate: " + rate() + "}\n";
    text += "  page: {get: Row, by: row_id, with: {Early: " + part() + ", Tail: " + part() +
            "}, rate: " + rate() + "}\n";
    if (chance(30)) text += "  row: {get: Row, by: row_id, rate: " + rate() + "}\n";
    return text;
  }

 private:
  /// Rows and children whose table keys are asked for, so that an index has them together.
  std::string write_in_index() {
    const std::string order = one_of({"asc", "desc"});
    return "ddbplan: 1\nservice: pages\nsettings: {regions: [us-east-1], billing: " +
           one_of({"auto", "on-demand", "provisioned"}) +
           "}\nentities:\n  Org: {id: org_id, count: 90, attributes: {org_id: ulid}}\n"
           "  Row: {id: [org_id, row_id], belongs_to: {Org: 20 .. 900}, attributes: {row_id: ulid, "
           "title: string " +
           one_of({"20 B", "900 B", "5 KB"}) +
           "}}\n  Tail: {id: [org_id, tail_id], belongs_to: {Org: 600 .. 9000, Row as org_id + "
           "row_id: 30 .. 90}, attributes: {tail_id: ulid of at, at: timestamp, text: string " +
           one_of({"40 B", "700 B", "3 KB"}) +
           "}}\naccess_patterns:\n  cRow: {create: Row, rate: " + rate() +
           "}\n  cTail: {create: Tail, rate: " + rate() +
           "}\n  tail: {get: Tail, by: [org_id, tail_id], consistency: strong, rate: " + rate() +
           "}\n  page: {get: Row, by: [org_id, row_id], with: {Tail: {order: at " + order +
           ", limit: 9}}, rate: " + rate() + "}\n";
  }

  std::string one_of(const std::vector<std::string>& texts) {
    return texts[random_.below(texts.size())];
  }
  bool chance(std::uint64_t percent) { return random_.below(100) < percent; }
  std::string rate() { return one_of({"0.1/s", "1/s", "9/s", "90/s"}); }
  std::string part() {
    return one_of({"{order: at desc, limit: 5}", "{order: at asc, limit: 9}", "{limit: 3}", "{}"});
  }
  static std::string identity(const std::string& kind) { return "[row_id, " + kind + "_id]"; }
  std::string entity(const std::string& kind) {
    return "  " + kind + ": {id: " + identity(kind) +
           ", belongs_to: {Row: " + one_of({"4", "30", "200"}) + " .. 900}, attributes: {" + kind +
           "_id: ulid of at, at: timestamp, text: string " + one_of({"40 B", "700 B", "3 KB"}) +
           "}}\n";
  }

  support::Prng random_;
};

TEST_CASE("the search is exact for rows with several kinds of children") {
  const std::uint64_t schemas = is_long() ? 500 : 25;
  int compared = 0;
  for (std::uint64_t seed = 0; seed < schemas; ++seed) {
    CAPTURE(seed);
    const support::SourceText source("pages.yaml", PageAuthor(seed).write());
    INFO(source.text());
    const model::Workload workload = parsed(source);
    compare(workload, pose(workload, plan::single_table(workload)), compared, kStatesOfPageMost);
  }
  MESSAGE(compared << " of " << schemas << " schemas compared");
  CHECK(compared > static_cast<int>(schemas / 3));
}

TEST_CASE("the search is exact in several tables too, whatever entities share them") {
  const std::uint64_t schemas = is_long() ? 2000 : 60;
  int compared = 0;
  for (std::uint64_t seed = 1000; seed < 1000 + schemas; ++seed) {
    support::Prng random(seed);
    test::SyntheticSize size;
    size.entities = 2 + static_cast<int>(random.below(2));
    size.patterns = size.entities + 1 + static_cast<int>(random.below(4));
    size.billing = seed % 2 == 0 ? "on-demand" : "provisioned";
    CAPTURE(seed);
    const support::SourceText source("synthetic.yaml", test::synthetic_schema(size, seed));
    INFO(source.text());
    model::Workload workload = parsed(source);
    workload.settings.table_class = model::TableClass::standard;
    workload.settings.layout = model::Layout::automatic;
    std::vector<std::size_t> table_of;
    for (std::size_t e = 0; e < workload.entities.size(); ++e) table_of.push_back(random.below(2));
    compare(workload, pose(workload, plan::renumbered(table_of)), compared);
  }
  MESSAGE(compared << " of " << schemas << " schemas compared");
  CHECK(compared > static_cast<int>(schemas / 3));
}

TEST_CASE("layout auto is no dearer than any grouping of the entities") {
  const std::uint64_t schemas = is_long() ? 500 : 12;
  for (std::uint64_t seed = 5000; seed < 5000 + schemas; ++seed) {
    support::Prng random(seed);
    test::SyntheticSize size;
    size.entities = 3;
    size.patterns = 5;
    size.billing = "on-demand";
    CAPTURE(seed);
    const support::SourceText source("synthetic.yaml", test::synthetic_schema(size, seed));
    INFO(source.text());
    model::Workload workload = parsed(source);
    workload.settings.layout = model::Layout::automatic;
    // Tables so cheap that every grouping has a chance.
    workload.settings.complexity_table =
        support::Money::from_usd(0.01 * static_cast<double>(random.below(20)));
    const pricing::PriceBook& book = pricing::PriceBook::built_in();
    plan::SearchOptions options;
    options.explain = false;
    const plan::TableSearchResult chosen =
        plan::search_tables(workload, book, options,
                            [&](const plan::TablePlan& tables) { return pose(workload, tables); });
    double least = 1e300;
    const std::vector<std::vector<std::size_t>> groupings = {
        {0, 0, 0}, {0, 0, 1}, {0, 1, 0}, {0, 1, 1}, {0, 1, 2}};
    for (const std::vector<std::size_t>& table_of : groupings) {
      const plan::SearchResult one =
          plan::search(pose(workload, plan::renumbered(table_of)), book, options);
      least = std::min(least, one.evaluation.ranking().usd());
    }
    CHECK(std::abs(chosen.found.evaluation.ranking().usd() - least) <= 2 * plan::kTolerance);
  }
}
