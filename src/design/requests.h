// A plan and its parameters become DynamoDB requests. The same recipe serves the proof, the query command
// and the emitted request files; it decides nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "design/design.h"
#include "dynamo/request.h"
#include "support/result.h"

namespace ddbplan::design {

/// The values of one action of a call, by attribute or parameter name (without colon). A create's values are
/// the whole row. A range without operator takes `<attribute>_from` and `<attribute>_to`.
struct Call {
  std::size_t action = 0;
  dynamo::Item values;
};
/// One execution of a pattern. Reads and single writes have one Call; a transaction has one per executed
/// action (an action with `times` may have several).
struct Parameters {
  std::vector<Call> calls;
  /// Milliseconds since 1970, UTC: what `now` means.
  std::int64_t now_ms = 0;
  /// An idempotent write's token.
  std::optional<std::string> token;
  /// Reads: stop after this many pages of the pattern's limit; 0 reads all.
  int pages = 1;
};

/// The expression texts of a step, with real names where they can stand and `#n` where they cannot.
struct StepText {
  std::string key_condition;
  std::string filter;
  std::string condition;
  std::string update;
  std::map<std::string, std::string> names;
};
StepText describe(const Design& design, const model::Workload& workload, const Step& step);
/// The same for one action of a transaction.
StepText describe(const Design& design, const model::Workload& workload, const WriteAction& action);

using Executor =
    std::function<support::Result<dynamo::Response, dynamo::ApiError>(const dynamo::Request&)>;

/// The share of a Query's items that a filter is taken to keep where a request says how many a page is to have. Expired
/// rows are too few to count (capacity/traffic.h, law 10), so terms about the expiry keep everything.
double share_kept(const model::Workload& workload, const Step& step, model::EntityId entity,
                  const model::ExpressionPtr& filter);

/// What a Query asked of keys, as values: which entries it can have read.
struct KeyRange {
  std::vector<dynamo::AttributeValue> partition;
  /// Equalities on the first attributes of a multi-attribute sort key.
  std::vector<dynamo::AttributeValue> sort_equal;
  /// The condition on the next sort attribute; nullopt: none.
  std::optional<SortCondition::Op> op;
  dynamo::AttributeValue low;
  std::optional<dynamo::AttributeValue> high;
};

/// What was sent and answered, in order.
struct Exchange {
  std::size_t step = 0;
  std::optional<KeyRange> range;  ///< Query only
  dynamo::Request request;
  support::Result<dynamo::Response, dynamo::ApiError> outcome;
};
/// The items of the answer are those of every read step, in the plan's order, except steps that only lead to
/// others: reads that feed a write, guards and pointers, and entries whose rows a later step fetches.
struct Answer {
  /// Items of the result in order, as stored (key attributes included); for writes empty.
  std::vector<dynamo::Item> items;
  /// Of each item, its layout's position in Design::items.
  std::vector<std::size_t> layouts;
  /// Of each item, what it is to the answer.
  std::vector<Step::Finds> finds;
  /// count patterns: the number.
  std::optional<std::int64_t> count;
  /// AccessPlan::client_aggregates and what they are; nullopt: of no row.
  struct Aggregated {
    model::Aggregate what;
    std::optional<dynamo::AttributeValue> value;
  };
  std::vector<Aggregated> aggregates;
  std::vector<Exchange> exchanges;
  /// The first error that ended the run.
  std::optional<dynamo::ApiError> error;
};
Answer run(const Design& design, const model::Workload& workload, model::PatternId pattern,
           const Parameters& parameters, const Executor& execute);

}  // namespace ddbplan::design
