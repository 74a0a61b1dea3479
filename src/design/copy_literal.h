// What the partition key of a row's read copy begins with.
#pragma once

#include <string>

namespace ddbplan::design {

/// `number`: from 1.
inline std::string copy_literal(int number) {
  return "COPY" + std::to_string(number) + "#";
}

}  // namespace ddbplan::design
