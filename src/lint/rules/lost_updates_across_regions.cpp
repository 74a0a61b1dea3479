#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

/// Why a write of one region can undo or break what another did; empty when the last writer may win.
std::string hazard(const model::Workload& workload, const model::Pattern& pattern) {
  for (const model::Write* write : writes_of(pattern)) {
    if (!write->add.empty()) return "adds to " + write->add.front().attribute;
    if (write->move) return "moves " + write->move->attribute;
    if (write->condition != nullptr) return "checks a condition";
    if (write->entities.empty()) continue;
    const model::Entity& entity = workload.entity(write->entities.front());
    const bool locks = std::any_of(entity.attributes.begin(), entity.attributes.end(),
                                   [](const model::Attribute& a) { return a.lock; });
    if (locks && write->kind == model::WriteKind::update) return "compares a version";
    if (!entity.unique.empty() && write->kind == model::WriteKind::create) {
      return "claims a unique " + entity.unique.front().attributes.back();
    }
  }
  return {};
}

void check_lost_updates_across_regions(const Context& context, Report& report) {
  const model::Settings& settings = context.workload.settings;
  if (settings.regions.size() < 2 || settings.home_region ||
      settings.replication != model::Replication::eventual) {
    return;
  }
  for (const model::Pattern& pattern : context.workload.patterns) {
    const std::string what = hazard(context.workload, pattern);
    if (what.empty()) continue;
    report.add(pattern.span,
               fmt::format("{} {}, which another region cannot see yet: updates are lost",
                           pattern.name, what),
               "Name a `home_region` that takes these writes, or replicate strongly.");
  }
}

}  // namespace

constinit const Rule kLostUpdatesAcrossRegions = {
    .info = {.code = "DDB703",
             .name = "lost-updates-across-regions",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary =
                 "Several regions write what only one may: counters, conditions, unique values.",
             .rationale = "With eventual replication the last writer of an item wins, as a whole. "
                          "Two regions that add to one number "
                          "lose one addition; a condition, a version and a uniqueness guard are "
                          "judged against the local copy. "
                          "One home region for these writes keeps them right.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "V2globaltables_HowItWorks.html",
             .bad = R"(ddbplan: 1
service: shop
settings: {regions: [us-east-1, eu-west-1], replication: eventual}
entities:
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, stock: integer}}
access_patterns:
  add: {create: Product, rate: 1/min}
  show: {get: Product, by: sku, rate: 50/s}
  sell: {update: Product, by: sku, add: {stock: -:quantity}, if: stock >= :quantity, rate: 5/s}
)",
             .good = R"(ddbplan: 1
service: shop
settings: {regions: [us-east-1, eu-west-1], replication: eventual, home_region: us-east-1}
entities:
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, stock: integer}}
access_patterns:
  add: {create: Product, rate: 1/min}
  show: {get: Product, by: sku, rate: 50/s}
  sell: {update: Product, by: sku, add: {stock: -:quantity}, if: stock >= :quantity, rate: 5/s}
)"},
    .phase = Phase::workload,
    .check = check_lost_updates_across_regions};

}  // namespace ddbplan::lint
