// `ddbplan why FILE [pattern:|index:|entity:|projection:|shards:]NAME`: the recorded decisions about one subject,
// with what else could have been done and what it would cost or break. Every subject that a decision has is found.
#pragma once

#include <string>
#include <string_view>

#include "emit/bundle.h"
#include "emit/text_report.h"
#include "support/result.h"

namespace ddbplan::emit {

struct UnknownSubject {
  /// What was not found, and the nearest name that exists.
  std::string message;
};

/// An empty subject is all decisions. A name without its kind is looked for among patterns, indexes, entities and
/// sharded keys, in this order.
support::Result<std::string, UnknownSubject> why(const Bundle& bundle, std::string_view subject,
                                                 const TextOptions& options = {});

}  // namespace ddbplan::emit
