#include "remote/endpoint.h"

#include <algorithm>
#include <array>

#include "support/text.h"

namespace ddbplan::remote {
namespace {

bool is_host(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':' ||
           c == '_';
  });
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  // Digits and dots only: 127.0.0.1.example.com is a name of somebody's.
  const bool is_address = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return is_address && host.starts_with("127.");
}

/// The region in a DynamoDB host of AWS (General Reference, "Amazon DynamoDB endpoints and quotas"):
/// dynamodb[-fips].REGION.amazonaws.com[.cn] and dynamodb.REGION.api.aws.
std::optional<std::string> aws_region(std::string_view host) {
  constexpr std::array<std::string_view, 2> kServices = {"dynamodb.", "dynamodb-fips."};
  constexpr std::array<std::string_view, 3> kDomains = {".amazonaws.com", ".amazonaws.com.cn",
                                                        ".api.aws"};
  for (const std::string_view service : kServices) {
    for (const std::string_view domain : kDomains) {
      if (!host.starts_with(service) || !host.ends_with(domain)) continue;
      if (host.size() <= service.size() + domain.size()) continue;
      const std::string_view region =
          host.substr(service.size(), host.size() - service.size() - domain.size());
      if (region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
          std::string_view::npos)
        return std::string(region);
    }
  }
  return std::nullopt;
}

bool is_port(std::string_view port) {
  constexpr std::size_t kDigitsMax = 5;
  return !port.empty() && port.size() <= kDigitsMax &&
         port.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

support::Result<Endpoint, std::string> parse_endpoint(std::string_view url) {
  const std::string whole(url);
  const auto wrong = [&](const std::string& why) {
    return "'" + whole + "' is no endpoint: " + why;
  };
  Endpoint endpoint;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    endpoint.tls = true;
    rest.remove_prefix(std::string_view("https://").size());
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(std::string_view("http://").size());
  } else {
    return wrong("it starts with http:// or https://");
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find_first_of("/?#") != std::string_view::npos) return wrong("it has no path");
  if (rest.find('@') != std::string_view::npos) return wrong("it carries no user or password");

  std::string_view host = rest;
  std::string_view port;
  const bool bracketed = rest.starts_with('[');
  const auto colon = bracketed ? rest.find("]:") : rest.find(':');
  if (colon != std::string_view::npos) {
    host = rest.substr(0, bracketed ? colon + 1 : colon);
    port = rest.substr(colon + (bracketed ? 2 : 1));
    if (!is_port(port)) return wrong("the port is a number");
  }
  const std::string shown = support::to_lower_ascii(host);
  if (bracketed) {
    if (!host.ends_with(']')) return wrong("the address lacks a ']'");
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return wrong("an IPv6 address stands in brackets");
  }
  endpoint.host = support::to_lower_ascii(host);
  if (!is_host(endpoint.host))
    return wrong("the host is missing or has characters that no host has");
  endpoint.url = std::string(endpoint.tls ? "https://" : "http://") + shown;
  if (!port.empty()) endpoint.url += ":" + std::string(port);
  endpoint.loopback = is_loopback(endpoint.host);
  endpoint.region = aws_region(endpoint.host);
  endpoint.aws = endpoint.tls && endpoint.region.has_value();
  return endpoint;
}

bool may_see_credentials(const Endpoint& endpoint, const std::vector<std::string>& allowed_hosts) {
  if (endpoint.aws) return true;
  return std::any_of(allowed_hosts.begin(), allowed_hosts.end(), [&](const std::string& host) {
    return support::to_lower_ascii(host) == endpoint.host;
  });
}

}  // namespace ddbplan::remote
