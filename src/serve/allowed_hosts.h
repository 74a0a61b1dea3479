// Which Host headers are answered. A page of the web can make a browser send requests to a name of
// its own that resolves to 127.0.0.1; it cannot make the browser say another Host than that name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ddbplan::serve {

class AllowedHosts {
 public:
  /// Loopback in all its spellings, the bound name, and `more`. Bound to every address, also
  /// addresses in figures, which no name server can claim.
  AllowedHosts(std::string bound, std::vector<std::string> more);

  /// `host` is the header's value, with or without a port.
  [[nodiscard]] bool allows(std::string_view host) const;

 private:
  std::vector<std::string> names_;
  bool allows_addresses_ = false;
};

}  // namespace ddbplan::serve
