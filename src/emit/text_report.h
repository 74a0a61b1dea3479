// What `ddbplan design` prints on a terminal: tables and keys, indexes, every access pattern with its units
// and dollars, the month's total, what was proven, what to look at, what was assumed. Plain ASCII but for
// names of the schema; bold is the only emphasis, and nothing is said by it alone.
#pragma once

#include <string>

#include "emit/bundle.h"

namespace ddbplan::emit {

struct TextOptions {
  /// Columns of the terminal; held to 60 .. 200.
  int width = 80;
  bool bold = false;
};

std::string text_report(const Bundle& bundle, const TextOptions& options = {});

}  // namespace ddbplan::emit
