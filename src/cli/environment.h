// Environment variables; one that is set to nothing counts as not set.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace ddbplan::cli {

inline std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

}  // namespace ddbplan::cli
