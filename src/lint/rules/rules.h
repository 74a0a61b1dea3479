// The rules by name: each is defined in a file of its own beside this one, and listed in registry.cpp.
#pragma once

#include "lint/rule.h"

namespace ddbplan::lint {

// DDB09x: suppressions.
extern const Rule kUnusedSuppression;
extern const Rule kSuppressionWithoutReason;
extern const Rule kUnknownSuppression;
// DDB1xx: keys, collections, what reads touch.
extern const Rule kLowCardinalityPartitionKey;
extern const Rule kNeverCreated;
extern const Rule kNeverRead;
extern const Rule kFilteredRead;
extern const Rule kUnboundedList;
extern const Rule kWritesEveryRow;
extern const Rule kFanOutRead;
extern const Rule kUnservablePattern;
extern const Rule kNoBaseKey;
extern const Rule kNotKept;
extern const Rule kUnusableEarlierDesign;
extern const Rule kNotPlannedYet;
// DDB2xx: indexes and projections.
extern const Rule kNoFeasibleDesign;
extern const Rule kTooManyIndexes;
extern const Rule kTooManyTables;
extern const Rule kPhysicalNotKept;
extern const Rule kWideProjection;
extern const Rule kRarelyReadIndex;
extern const Rule kMovingIndexKey;
// DDB3xx: sizes and limits.
extern const Rule kItemTooLarge;
extern const Rule kKeyTooLong;
extern const Rule kTransactionTooLong;
extern const Rule kTransactionTooLarge;
extern const Rule kSmallChangeOfLargeItem;
// DDB4xx: heat and capacity.
extern const Rule kHotKeyWrites;
extern const Rule kHotKeyReads;
extern const Rule kColdStartThroughput;
extern const Rule kThroughputQuota;
// DDB5xx: cost.
extern const Rule kUnpricedRegion;
extern const Rule kCostlyScan;
extern const Rule kDearerBillingMode;
extern const Rule kUnusablePrices;
// DDB6xx: consistency, concurrency, transactions.
extern const Rule kContendedItem;
extern const Rule kRetryAppliesTwice;
extern const Rule kUnguardedDecrement;
extern const Rule kStaleRollup;
extern const Rule kCountedRowsExpire;
extern const Rule kNewestWithoutTime;
// DDB7xx: lifecycle, backup, regions.
extern const Rule kExportWithoutPitr;
extern const Rule kTtlNotInSeconds;
extern const Rule kTwoTtlAttributes;
extern const Rule kLostUpdatesAcrossRegions;
extern const Rule kStrongReplicationConflict;
// DDB8xx: security and tenancy.
extern const Rule kCrossesTenants;
extern const Rule kUndeclaredTenant;

}  // namespace ddbplan::lint
