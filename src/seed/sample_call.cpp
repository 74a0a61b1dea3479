#include "seed/sample_call.h"

#include <algorithm>

#include "seed/calls.h"
#include "seed/logical_rows.h"
#include "seed/oracle.h"
#include "support/check.h"

namespace ddbplan::seed {

std::optional<design::Parameters> sample_call(const model::Workload& workload, const Dataset& data,
                                              const model::Pattern& pattern) {
  const auto* read = std::get_if<model::Read>(&pattern.action);
  DDBPLAN_CHECK(read != nullptr);
  const LogicalRows rows(workload, data);
  const ReadOracle oracle(rows, *read);
  const std::vector<DrawnCall> calls =
      ReadCalls(oracle, pattern, workload.settings.seed_number).draw(1);
  const auto is_of = [](const char* kind) {
    return [kind](const DrawnCall& call) { return call.kind == kind; };
  };
  auto chosen = std::find_if(calls.begin(), calls.end(), is_of("hottest"));
  if (chosen == calls.end()) chosen = std::find_if(calls.begin(), calls.end(), is_of("typical"));
  if (chosen == calls.end()) return std::nullopt;
  return chosen->parameters;
}

}  // namespace ddbplan::seed
