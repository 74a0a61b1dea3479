// YAML -> Workload: the front of the pipeline.
//
// parse() answers a Workload when there is no error. Everything wrong is in `diagnostics`, in
// source order; all independent errors of a file come in one run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/workload.h"
#include "support/diagnostics.h"
#include "support/source.h"

namespace ddbplan::schema {

/// `--set PATH=VALUE`: `access_patterns.place_order.rate` and `2000/s`.
struct Override {
  std::string path;
  std::string value;
};

struct ParseOptions {
  std::vector<Override> overrides;
};

std::optional<model::Workload> parse(const support::SourceText& source, const ParseOptions& options,
                                     support::Diagnostics& diagnostics);
std::optional<model::Workload> parse(const support::SourceText& source,
                                     support::Diagnostics& diagnostics);

}  // namespace ddbplan::schema
