// What the search takes a combination to cost at least, before it evaluates the design: never more than that design
// costs, or the cheapest might be thrown away. Looked at for the examples and for drawn schemas, in every way of paying.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "plan/combination_price.h"
#include "plan/combination_walk.h"
#include "plan/combine.h"
#include "plan/search.h"
#include "tests/property/posed.h"
#include "tests/support/files.h"
#include "tests/support/process.h"
#include "tests/support/synthetic.h"

using namespace ddbplan;
using test::parsed;

namespace {

/// Combinations looked at for each way of paying.
constexpr int kCombinationsMost = 40;

struct Tally {
  int looked_at = 0;
  int exact = 0;      ///< to a cent
  int above_sum = 0;  ///< nearer to the design than the sum of its parts
};

class Comparison {
 public:
  Comparison(const model::Workload& workload, Tally& tally)
      : workload_(workload),
        problem_(test::pose(workload, plan::single_table(workload))),
        memo_(workload, pricing::PriceBook::built_in()),
        around_(problem_, memo_),
        tally_(tally) {
    around_.effort = 10'000;
    for (std::size_t e = 0; e < workload.entities.size(); ++e)
      entities_.push_back(std::make_unique<plan::EntitySearch>(around_, e));
  }

  void run() {
    const std::vector<pricing::PaymentMode> modes = pricing::open_modes(workload_.settings);
    const auto moments = plan::typical_moments(around_, entities_);
    std::vector<std::vector<double>> prices;
    for (const pricing::PaymentMode mode : modes)
      prices.push_back(around_.space().prices(mode, moments));
    plan::CombinationPrice joint(around_, entities_, modes, prices);
    for (std::size_t mode = 0; mode < modes.size(); ++mode)
      look_at(mode, modes[mode], prices, joint);
  }

 private:
  void look_at(std::size_t mode, pricing::PaymentMode paid,
               const std::vector<std::vector<double>>& by_mode, plan::CombinationPrice& joint) {
    const std::vector<std::vector<std::size_t>> open{{mode}};
    const plan::Prices prices(around_.space(), by_mode, open);
    const double slot_price = workload_.settings.complexity_index.usd();
    std::vector<plan::EntityParts> parts;
    for (const auto& entity : entities_) parts.push_back(entity->search(prices, {slot_price, 20}));
    plan::CombinationSpace space{parts, problem_.tables, slot_price};
    space.constant = workload_.settings.complexity_table.usd() -
                     plan::most_free(workload_.settings, pricing::PriceBook::built_in(), paid);
    space.ceiling = 1e300;
    int left = kCombinationsMost;
    plan::CombinationWalk(
        space, [] { return 1e300; },
        [&](const auto& choices, const auto& claims, double others) {
          compare(joint.of(choices, claims, open) + others, choices, claims, others, paid);
          return --left > 0;
        })
        .run();
  }

  void compare(double price, const std::vector<const plan::EntityChoice*>& choices,
               const std::vector<plan::Claims>& claims, double others, pricing::PaymentMode paid) {
    plan::State state = around_.lightest();
    double sum = others;
    for (std::size_t e = 0; e < choices.size(); ++e) {
      entities_[e]->apply(*choices[e], claims[e], state);
      sum += choices[e]->cost;
    }
    const plan::Evaluation found = plan::evaluate(problem_, state, memo_);
    if (!found.infeasible.empty() || found.penalty.micro_usd > 0) return;
    const design::Design& design = found.assembly.design;
    const double whole = (memo_.cost(design, memo_.look_up(design), paid) + found.complexity).usd();
    CHECK(price <= whole + 2 * plan::kTolerance);
    ++tally_.looked_at;
    if (price >= whole - 0.01) ++tally_.exact;
    if (price > sum + 0.01) ++tally_.above_sum;
  }

  const model::Workload& workload_;
  plan::Problem problem_;
  plan::CostMemo memo_;
  plan::Surroundings around_;
  std::vector<std::unique_ptr<plan::EntitySearch>> entities_;
  Tally& tally_;
};

}  // namespace

TEST_CASE("a combination's price is never above its design's: the examples") {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(test::source_directory() / "examples")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Tally tally;
  for (const fs::path& file : files) {
    CAPTURE(file.filename().string());
    const support::SourceText source(file.filename().string(), test::read_file(file));
    const model::Workload workload = parsed(source);
    Comparison(workload, tally).run();
  }
  MESSAGE(tally.looked_at << " combinations: " << tally.exact << " exact, " << tally.above_sum
                          << " above the sum of their parts");
  CHECK(tally.looked_at > 1000);
  // Or the bound would be sound and of no use.
  CHECK(tally.exact > tally.looked_at / 2);
}

TEST_CASE("a combination's price is never above its design's: drawn schemas") {
  Tally tally;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const test::SyntheticSize size{2 + static_cast<int>(seed % 4), 6 + static_cast<int>(seed % 9),
                                   seed % 2 == 0 ? "on-demand" : "provisioned"};
    CAPTURE(seed);
    const support::SourceText source("synthetic.yaml", test::synthetic_schema(size, seed));
    INFO(source.text());
    const model::Workload workload = parsed(source);
    Comparison(workload, tally).run();
  }
  MESSAGE(tally.looked_at << " combinations: " << tally.exact << " exact, " << tally.above_sum
                          << " above the sum of their parts");
  CHECK(tally.looked_at > 1000);
}

TEST_CASE("a combination's price is never above its design's: rows that lead to others") {
  // By Member's lightest key a lawyer's memberships are found with a filter among those of the firm, which is
  // taken to find a few more of them than a key of the lawyer's own does.
  const support::SourceText source("cases.yaml", R"(ddbplan: 1
service: cases
settings: {tenant: firm_id, regions: [us-east-1]}
entities:
  Firm: {id: firm_id, count: 900, attributes: {firm_id: string 6 B, title: string 24 B}}
  Lawyer: {id: lawyer_id, belongs_to: {Firm: 25 .. 1200}, attributes: {lawyer_id: ulid, name: string 20 B}}
  Matter: {id: matter_id, belongs_to: {Firm: 900 .. 60k}, attributes: {matter_id: ulid, title: string 40 B}}
  Member:
    id: [matter_id, lawyer_id]
    belongs_to: {Matter: 3 .. 60, Lawyer: 100 .. 4000}
    attributes: {role: string 8 B}
access_patterns:
  open:       {create: Matter, rate: 0.03/s}
  hire:       {create: Lawyer, rate: 20/day}
  found:      {create: Firm, rate: 1/day}
  join:       {create: Member, rate: 0.1/s}
  my_matters: {list: Matter, by: Member.lawyer_id, limit: 50, rate: 10/s}
  members:    {list: Member, by: matter_id, rate: 10/s}
)");
  const model::Workload workload = parsed(source);
  Tally tally;
  Comparison(workload, tally).run();
  CHECK(tally.looked_at > 20);
}
