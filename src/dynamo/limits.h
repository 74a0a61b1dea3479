// DynamoDB's limits, each with its source: Developer Guide "Quotas in Amazon DynamoDB"
// (ServiceQuotas, Constraints) unless another page is named; read 2026-04-13 to 2026-11-22.
#pragma once

#include <cstdint>

namespace ddbplan::dynamo::limits {

inline constexpr std::int64_t kItemBytesMax = std::int64_t{400} * 1024;
inline constexpr std::int64_t kPartitionKeyBytesMax = 2048;
inline constexpr std::int64_t kSortKeyBytesMax = 1024;
inline constexpr std::int64_t kPageBytesMax =
    std::int64_t{1024} * 1024;                ///< Query and Scan, before the filter
inline constexpr int kGlobalIndexesMax = 20;  ///< default quota, adjustable
inline constexpr int kLocalIndexesMax = 5;
inline constexpr int kIncludeAttributesPerIndexMax = 20;  ///< API model and CloudFormation
inline constexpr int kIncludeAttributesPerTableMax =
    100;                                     ///< the same name in two indexes counts twice
inline constexpr int kMultiKeyPartsMax = 4;  ///< GSI partition parts, and again sort parts
inline constexpr int kTransactionActionsMax = 100;
inline constexpr std::int64_t kTransactionBytesMax = std::int64_t{4} * 1024 * 1024;
inline constexpr int kBatchWriteItemsMax = 25;
inline constexpr int kBatchGetItemsMax = 100;
inline constexpr std::int64_t kBatchBytesMax = std::int64_t{16} * 1024 * 1024;
inline constexpr std::int64_t kItemCollectionBytesMax =
    10LL * 1024 * 1024 * 1024;  ///< only with an LSI
inline constexpr double kPartitionReadUnitsPerSecond = 3000;
inline constexpr double kPartitionWriteUnitsPerSecond = 1000;
inline constexpr double kNewTableWriteUnitsPerSecond = 4000;  ///< on-demand, a new table or index
inline constexpr double kNewTableReadUnitsPerSecond = 12000;
inline constexpr double kTableUnitsPerSecondQuota =
    40000;                                ///< table or one GSI, reads and writes each
inline constexpr int kNameLengthMin = 3;  ///< tables and indexes
inline constexpr int kNameLengthMax = 255;
inline constexpr int kExpressionBytesMax = 4096;
inline constexpr int kNestingDepthMax = 32;
inline constexpr int kInOperandsMax = 100;

}  // namespace ddbplan::dynamo::limits
