// The tables of a design in an embedded account, with its seed in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/pipeline.h"
#include "engine/account.h"

namespace ddbplan::cli {

struct LoadedTables {
  std::size_t tables = 0;  ///< of the design, whether they were there already or not
  std::size_t items = 0;   ///< put into new tables
};

/// Makes the tables that are not there yet and, where `run` has a seed, puts its items into those.
/// Tables that are there stay as they are. What expires does so as long after `now_ms` as it does
/// after the instant of the seed. The error is a sentence. REQUIRES: run.priced().
support::Result<LoadedTables, std::string> load_tables(const Compilation& run,
                                                       engine::Account& account,
                                                       std::int64_t now_ms);

}  // namespace ddbplan::cli
