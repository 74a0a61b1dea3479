// Questions about a workload and its design that several rules ask.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.h"

namespace ddbplan::lint {

bool is_transaction(const model::Pattern& pattern);
/// Is any of its writes an addition to a number (`add: {stock: -:quantity}`)?
bool adds_to_numbers(const model::Write& write);

/// A row's attributes, names included and keys left out: a lower bound of the stored item.
design::SizeEstimate row_bytes(const model::Entity& entity);

/// Calls at the peak for the busiest one of `by`'s values; nullopt when neither said nor named.
std::optional<support::Rate> hottest_rate(const model::Pattern& pattern);

/// The place of a key of the settings ("regions"), for findings about them; unknown when it is not written.
support::Span key_span(const support::SourceText& source, std::string_view key);

/// Where a finding about a resource is shown: the first entity that is in the index, or in the table.
support::Span resource_span(const Context& context, std::size_t table,
                            const std::optional<std::string>& index);
/// Where a finding about a key is shown: the entity whose template it is.
support::Span hot_key_span(const Context& context, const design::HotKey& hot);
/// "at the peak", "during black_friday".
std::string when_text(const design::HotKey& hot);
/// "index GSI1" or "table shop".
std::string resource_name(const Context& context, std::size_t table,
                          const std::optional<std::string>& index);
/// Names of the patterns that read an index, in the Workload's order.
std::vector<model::PatternId> readers_of(const Context& context, std::size_t table,
                                         const std::string& index);

}  // namespace ddbplan::lint
