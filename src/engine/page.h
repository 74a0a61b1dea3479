// One page of a Query or Scan: what is read, until the limit or the page is full, and from that
// what is answered and charged. Filter and projection come after reading: they change neither the
// units nor where the page ends. (Developer Guide, "Paginating table query results".)
#pragma once

#include <optional>

#include "dynamo/request.h"
#include "dynamo/units.h"
#include "engine/expression/projection.h"
#include "engine/read_target.h"
#include "engine/request_expressions.h"

namespace ddbplan::engine {

/// What Query and Scan have in common beside where they read.
struct PagePlan {
  std::optional<BoundCondition> filter;
  std::optional<Projection> projection;
  std::optional<int> limit;
  bool count_only = false;
  /// Local indexes only: the whole item is fetched from the table for each entry.
  bool fetches_items = false;
  dynamo::Consistency consistency = dynamo::Consistency::eventual;
};

/// What both requests say about a page, checked: filter, projection, Select.
template <class Request>
ApiResult<PagePlan> plan_page(RequestExpressions& expressions, const Request& request);

/// Whether Select and projection can be answered from the target, and whether that takes fetching.
std::optional<dynamo::ApiError> plan_fetches(const ReadTarget& target,
                                             const std::optional<dynamo::Select>& select,
                                             PagePlan& plan);

class PageReader {
 public:
  PageReader(const ReadTarget& target, const PagePlan& plan, std::int64_t page_bytes)
      : target_(target), plan_(plan), page_bytes_(page_bytes) {}

  /// Reads the next entry. False when the page is full; the entry was then not read if it would
  /// have taken the page over its bytes.
  bool read(const ItemRef& entry);
  dynamo::Response finish();

 private:
  void answer(const ItemRef& item);
  [[nodiscard]] dynamo::ConsumedCapacity consumed() const;

  const ReadTarget& target_;
  const PagePlan& plan_;
  std::int64_t page_bytes_;
  dynamo::Response response_;
  const StoredItem* last_read_ = nullptr;
  bool is_full_ = false;
  std::int64_t read_bytes_ = 0;      ///< what counts towards the end of the page
  support::Bytes entry_bytes_;       ///< rounded up once, for the table or index that is read
  dynamo::HalfUnits fetched_units_;  ///< each fetched item rounded by itself
};

}  // namespace ddbplan::engine
