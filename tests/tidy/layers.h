// Layering: a folder of src includes only what the table in src/README.md lets it. The shared include
// root would compile any slip, and static libraries would often link it; so the table is read and
// every #include compared.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/finding.h"

namespace ddbplan::tidy {

struct Layers {
  std::vector<std::string> order;                      ///< as in the table, from the bottom
  std::map<std::string, std::set<std::string>> allow;  ///< with everything behind each arrow
};

/// Reads the table. A row that names a folder which no row above has gives a finding: the order
/// then is no order of layers.
Layers read_layers(const File& readme, std::vector<Finding>& findings);

/// The names in set(DDBPLAN_LIBRARIES ...), which is the order CMake adds the folders in.
std::vector<std::string> cmake_libraries(std::string_view cmake);

/// Includes of one file below src, and the namespace it opens, against the table.
std::vector<Finding> check_layering(const File& file, const Layers& layers);

}  // namespace ddbplan::tidy
