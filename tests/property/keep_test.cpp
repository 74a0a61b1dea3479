// Planning around an earlier design: what is there stays, whatever is asked beside it. Several examples, each with
// one more access pattern, written into its text.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <string>
#include <vector>

#include "emit/design_json.h"
#include "plan/continuity.h"
#include "plan/variants.h"
#include "pricing/cost.h"
#include "schema/parse.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace ddbplan::test {
namespace {

using Json = nlohmann::ordered_json;

/// The large ones in the long form only.
std::vector<std::string> example_names() {
  std::vector<std::string> out = {"shop.yaml", "03-many-to-many.yaml", "12-saas-customers.yaml",
                                  "13-posts-of-a-user.yaml", "16-filter-by-region.yaml"};
  const char* effort = std::getenv("DDBPLAN_TEST_EFFORT");
  if (effort != nullptr && std::string(effort) == "long") {
    for (const char* large : {"chat.yaml", "helpdesk.yaml", "auction.yaml"})
      out.emplace_back(large);
  }
  return out;
}

struct Made {
  support::SourceText source;
  model::Workload workload;
  support::Diagnostics diagnostics;
  std::optional<design::Design> design;

  [[nodiscard]] std::string json() const {
    const capacity::Usage usage = capacity::usage(workload, *design);
    const pricing::CostReport cost =
        pricing::price(workload, *design, pricing::PriceBook::built_in());
    return emit::design_json({source, workload, *design, usage, cost, diagnostics});
  }
};

Made made(const std::string& yaml, const design::EarlierDesign* earlier = nullptr) {
  Made out{support::SourceText("schema.yaml", yaml), {}, {}, {}};
  auto workload = schema::parse(out.source, out.diagnostics);
  INFO(yaml);
  INFO(support::render(out.diagnostics, out.source));
  REQUIRE(workload.has_value());
  out.workload = *std::move(workload);
  plan::PlanOptions options;
  options.earlier = earlier;
  plan::Planned planned =
      plan::plan_best(out.workload, pricing::PriceBook::built_in(), options, out.diagnostics);
  out.workload = std::move(planned.workload);
  out.design = std::move(planned.design);
  INFO(support::render(out.diagnostics, out.source));
  REQUIRE(out.design.has_value());
  return out;
}

design::EarlierDesign earlier_of(const Made& design) {
  const support::SourceText text("design.json", design.json());
  auto read = design::read_design(text);
  REQUIRE(read.ok());
  return *std::move(read);
}

std::string example(const std::string& name) {
  return read_file(source_directory() / "examples" / name);
}

std::string without_keep(const std::string& json) {
  Json document = Json::parse(json);
  document.erase("keep");
  return document.dump(2);
}

/// A pattern that no example has, of an entity: rows by some text or number of theirs, in the order of the id.
std::vector<std::string> further_patterns(const model::Workload& workload) {
  std::vector<std::string> out;
  for (const model::Entity& entity : workload.entities) {
    for (const model::Attribute& attribute : entity.attributes) {
      const bool fits = attribute.origin == model::Origin::declared && attribute.present >= 1 &&
                        !attribute.upkeep && !entity.is_identity(attribute.name) &&
                        (attribute.type == model::ValueType::string ||
                         attribute.type == model::ValueType::integer);
      if (!fits) continue;
      const std::string across = workload.settings.tenant ? ", across_tenants: true" : "";
      out.push_back("  further: {list: " + entity.name + ", by: " + attribute.name +
                    ", limit: 7, rate: 11/s" + across + "}\n");
      break;
    }
  }
  return out;
}

std::string with_pattern(const std::string& yaml, const std::string& pattern) {
  const std::string key = "\naccess_patterns:";
  const std::size_t at = yaml.find('\n', yaml.find(key) + key.size());
  std::string out = yaml;
  return out.insert(at + 1, pattern);
}

TEST_CASE("an unchanged schema keeps its design to the byte") {
  for (const std::string& name : example_names()) {
    INFO(name);
    const Made first = made(example(name));
    const design::EarlierDesign earlier = earlier_of(first);
    const Made second = made(example(name), &earlier);
    REQUIRE(second.design->continuity);
    CHECK(second.design->continuity->added.empty());
    CHECK(second.design->continuity->unused.empty());
    CHECK(second.design->continuity->lost.empty());
    CHECK(without_keep(second.json()) == Json::parse(first.json()).dump(2));
  }
}

TEST_CASE(
    "one access pattern more changes nothing that is there, and costs no less than a fresh "
    "design") {
  int added = 0;
  int dearer = 0;
  for (const std::string& name : example_names()) {
    const std::string yaml = example(name);
    const Made first = made(yaml);
    const design::EarlierDesign earlier = earlier_of(first);
    for (const std::string& pattern : further_patterns(first.workload)) {
      INFO(name << " with " << pattern);
      const Made more = made(with_pattern(yaml, pattern), &earlier);
      const design::Continuity& kept = *more.design->continuity;
      CHECK(plan::extends(more.workload, *more.design, earlier));
      CHECK(kept.lost.empty());
      CHECK(kept.unused.empty());
      REQUIRE(kept.fresh_objective);
      // An entry that carries nothing may join an index that lists attributes; no fresh design has that.
      CHECK(kept.objective + more.workload.settings.complexity_index >= *kept.fresh_objective);
      CHECK(more.design->optimality.proven);
      ++added;
      if (kept.objective > *kept.fresh_objective) ++dearer;

      // What was made around a design is a design to plan around.
      const design::EarlierDesign again = earlier_of(more);
      const Made third = made(with_pattern(yaml, pattern), &again);
      CHECK(plan::extends(third.workload, *third.design, again));
      CHECK(third.design->optimality.objective == more.design->optimality.objective);
    }
  }
  MESSAGE(added << " patterns added, " << dearer << " of them dearer than a fresh design");
  CHECK(added > 8);
}

}  // namespace
}  // namespace ddbplan::test
