// One HTTP request as it stands in the connection's buffer. Nothing is copied: all views end with
// the call that gets the message.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace ddbplan::serve {

struct HttpMessage {
  std::string_view method;  ///< "POST"
  std::string_view target;  ///< path and query, as sent
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
  bool keep_alive = true;

  /// The first header of this name, in any case of letters; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] bool has_header(std::string_view name) const;
};

/// ASCII letters alike, as header names compare.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace ddbplan::serve
