#include "serve/allowed_hosts.h"

#include <arpa/inet.h>

#include <algorithm>

#include "serve/http_message.h"

namespace ddbplan::serve {
namespace {

/// Without port and brackets.
std::string_view name_of(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
  }
  return host.substr(0, host.find(':'));
}

bool is_address(const std::string& name) {
  in6_addr address = {};
  return inet_pton(AF_INET, name.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

bool is_loopback(const std::string& name) {
  in_addr address = {};
  if (inet_pton(AF_INET, name.c_str(), &address) == 1) return ntohl(address.s_addr) >> 24U == 127;
  if (name == "::1" || equal_ignoring_case(name, "localhost")) return true;
  // RFC 6761: every name under localhost is loopback.
  constexpr std::string_view kSuffix = ".localhost";
  return name.size() > kSuffix.size() &&
         equal_ignoring_case(std::string_view(name).substr(name.size() - kSuffix.size()), kSuffix);
}

}  // namespace

AllowedHosts::AllowedHosts(std::string bound, std::vector<std::string> more)
    : names_(std::move(more)), allows_addresses_(bound == "0.0.0.0" || bound == "::") {
  names_.push_back(std::move(bound));
}

bool AllowedHosts::allows(std::string_view host) const {
  const std::string name(name_of(host));
  if (name.empty()) return false;
  if (is_loopback(name) || (allows_addresses_ && is_address(name))) return true;
  return std::any_of(names_.begin(), names_.end(), [&name](const std::string& known) {
    return equal_ignoring_case(known, name);
  });
}

}  // namespace ddbplan::serve
