#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"
#include "support/text.h"

namespace ddbplan::lint {
namespace {

/// The sets within which a strongly consistent global table can stand (Developer Guide, "Global tables:
/// multi-Region strong consistency", 2026-04).
constexpr std::array<std::array<std::string_view, 4>, 3> kRegionSets = {{
    {"us-east-1", "us-east-2", "us-west-2", ""},
    {"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"},
    {"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", ""},
}};

bool within_one_set(const std::vector<std::string>& regions) {
  return std::any_of(kRegionSets.begin(), kRegionSets.end(), [&](const auto& set) {
    return std::all_of(regions.begin(), regions.end(), [&](const std::string& region) {
      return std::find(set.begin(), set.end(), region) != set.end();
    });
  });
}

std::vector<std::string> conflicts(const model::Workload& workload) {
  std::vector<std::string> found;
  const std::vector<std::string>& regions = workload.settings.regions;
  if (regions.size() != 3) {
    found.push_back(fmt::format("it stands in exactly three regions (or two and a witness), not {}",
                                regions.size()));
  }
  if (!within_one_set(regions)) {
    found.emplace_back(
        "its regions are all in the US, in Europe or in Asia, from a list of three or four");
  }
  for (const model::Entity& entity : workload.entities) {
    if (!entity.retention) continue;
    found.push_back(fmt::format("it has no TTL, which the retention of {} needs", entity.name));
    break;
  }
  for (const model::Pattern& pattern : workload.patterns) {
    if (!is_transaction(pattern)) continue;
    found.push_back(fmt::format("it has no transactions, which {} is", pattern.name));
    break;
  }
  return found;
}

void check_strong_replication_conflict(const Context& context, Report& report) {
  const model::Settings& settings = context.workload.settings;
  if (settings.replication != model::Replication::strong) return;
  const std::vector<std::string> found = conflicts(context.workload);
  if (found.empty()) return;
  report.add(key_span(context.source, "replication"),
             fmt::format("a strongly replicated table cannot serve this schema: {}",
                         support::join(found, "; ")),
             "Say `replication: eventual` with a `home_region`, or give up what conflicts.");
}

}  // namespace

constinit const Rule kStrongReplicationConflict = {
    .info = {.code = "DDB704",
             .name = "strong-replication-conflict",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary = "Strong replication does not allow something that the schema needs.",
             .rationale = "A global table with multi-Region strong consistency has three replicas, "
                          "or two and a witness, within one of "
                          "three sets of regions. It has no TTL, no transactions (uniqueness "
                          "guards among them) and no local "
                          "indexes, and the mode is chosen once, for an empty table.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "V2globaltables_HowItWorks.html",
             .bad = R"(ddbplan: 1
service: login
settings: {regions: [us-east-1, eu-west-1], replication: strong}
entities:
  Session: {id: session_id, count: 1M, retention: until expires_at, attributes: {session_id: uuid, data: map 600 B}}
access_patterns:
  log_in: {create: Session, rate: 40/s}
  check: {get: Session, by: session_id, rate: 900/s}
)",
             .good = R"(ddbplan: 1
service: login
settings: {regions: [us-east-1, us-east-2, us-west-2], replication: strong}
entities:
  Session: {id: session_id, count: 1M, attributes: {session_id: uuid, data: map 600 B}}
access_patterns:
  log_in: {put: Session, rate: 40/s}
  check: {get: Session, by: session_id, rate: 900/s}
  log_out: {delete: Session, by: session_id, rate: 30/s}
)"},
    .phase = Phase::workload,
    .check = check_strong_replication_conflict};

}  // namespace ddbplan::lint
