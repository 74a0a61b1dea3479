#include "lint/registry.h"

#include <array>

#include "lint/rules/rules.h"
#include "support/check.h"

namespace ddbplan::lint {

void Report::add(support::Span span, std::string message, std::string help,
                 std::vector<support::Note> notes) {
  diagnostics_.add({std::string(rule_.code), std::string(rule_.name), rule_.severity,
                    std::move(message), span, std::move(notes), std::move(help)});
}

void Report::add_as(support::Severity severity, support::Span span, std::string message,
                    std::string help) {
  diagnostics_.add({std::string(rule_.code),
                    std::string(rule_.name),
                    severity,
                    std::move(message),
                    span,
                    {},
                    std::move(help)});
}

std::span<const Rule* const> rules() {
  static constexpr std::array kRules = {
      &kUnusedSuppression,
      &kSuppressionWithoutReason,
      &kUnknownSuppression,
      &kLowCardinalityPartitionKey,
      &kNeverCreated,
      &kNeverRead,
      &kFilteredRead,
      &kUnboundedList,
      &kFanOutRead,
      &kWritesEveryRow,
      &kUnservablePattern,
      &kNoBaseKey,
      &kNotKept,
      &kUnusableEarlierDesign,
      &kPhysicalNotKept,
      &kNotPlannedYet,
      &kNoFeasibleDesign,
      &kTooManyIndexes,
      &kWideProjection,
      &kRarelyReadIndex,
      &kMovingIndexKey,
      &kTooManyTables,
      &kItemTooLarge,
      &kKeyTooLong,
      &kTransactionTooLong,
      &kTransactionTooLarge,
      &kSmallChangeOfLargeItem,
      &kHotKeyWrites,
      &kHotKeyReads,
      &kColdStartThroughput,
      &kThroughputQuota,
      &kUnpricedRegion,
      &kCostlyScan,
      &kDearerBillingMode,
      &kUnusablePrices,
      &kContendedItem,
      &kRetryAppliesTwice,
      &kUnguardedDecrement,
      &kStaleRollup,
      &kCountedRowsExpire,
      &kNewestWithoutTime,
      &kExportWithoutPitr,
      &kTwoTtlAttributes,
      &kLostUpdatesAcrossRegions,
      &kStrongReplicationConflict,
      &kTtlNotInSeconds,
      &kCrossesTenants,
      &kUndeclaredTenant,
  };
  return kRules;
}

void check(Phase phase, const Context& context, support::Diagnostics& diagnostics) {
  DDBPLAN_CHECK(phase != Phase::design ||
                (context.design != nullptr && context.usage != nullptr && context.cost != nullptr));
  for (const Rule* rule : rules()) {
    if (rule->phase != phase) continue;
    Report report(rule->info, diagnostics);
    rule->check(context, report);
  }
}

}  // namespace ddbplan::lint
