#include "serve/signature.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "support/profiles.h"
#include "support/sha256.h"
#include "support/text.h"

namespace ddbplan::serve {

using dynamo::ApiError;
using support::Result;
using support::trimmed;

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t kSigningKeysMax = 64;
constexpr std::int64_t kSkewMs = 15LL * 60 * 1000;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// Every request asks for three of them, so nothing is allocated.
std::string_view parameter(std::string_view header, std::string_view name) {
  std::size_t at = header.find(' ');
  while (at != std::string_view::npos) {
    const std::size_t end = header.find(',', at + 1);
    const std::string_view one = trimmed(header.substr(at + 1, end - at - 1));
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) {
      return one.substr(name.size() + 1);
    }
    at = end;
  }
  return {};
}

/// Key, date, region, service, "aws4_request". False when there are not five.
bool split_credential(std::string_view credential, std::array<std::string_view, 5>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = credential.find('/');
    const bool is_last = i + 1 == parts.size();
    if ((end == std::string_view::npos) != is_last) return false;
    parts[i] = credential.substr(0, end);
    if (!is_last) credential.remove_prefix(end + 1);
  }
  return true;
}

ApiError incomplete(const HttpMessage& message, std::string_view header) {
  std::string text;
  for (const std::string_view name : {"Credential", "Signature", "SignedHeaders"}) {
    if (!parameter(header, name).empty()) continue;
    text += fmt::format("Authorization header requires '{}' parameter. ", name);
  }
  if (!message.has_header("x-amz-date") && !message.has_header("date")) {
    text += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  return {"IncompleteSignatureException", text + fmt::format("Authorization={}", header), {}, {}};
}

/// Query parameters in order, as they are encoded.
std::string canonical_query(std::string_view target) {
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return {};
  std::vector<std::string> parts;
  for (const std::string_view part : split(target.substr(mark + 1), '&')) {
    if (part.empty()) continue;
    parts.push_back(part.find('=') == std::string_view::npos ? std::string(part) + "="
                                                             : std::string(part));
  }
  std::sort(parts.begin(), parts.end());
  return fmt::format("{}", fmt::join(parts, "&"));
}

/// Trimmed, and runs of blanks as one.
std::string canonical_value(std::string_view value) {
  std::string out;
  for (const char c : trimmed(value)) {
    if (c == ' ' && out.ends_with(' ')) continue;
    out += c;
  }
  return out;
}

std::string canonical_request(const HttpMessage& message, const Signature& signature) {
  std::string headers;
  for (const std::string_view name : split(signature.signed_headers, ';')) {
    headers += fmt::format("{}:{}\n", name, canonical_value(message.header(name)));
  }
  const std::string_view path = message.target.substr(0, message.target.find('?'));
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", message.method, path,
                     canonical_query(message.target), headers, signature.signed_headers,
                     support::sha256_hex(message.body));
}

/// "20240531T120000Z" in milliseconds since 1970; 0 for what is none.
std::int64_t time_of(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return 0;
  const auto number = [&](std::size_t at, std::size_t size) {
    return std::atoi(std::string(text.substr(at, size)).c_str());
  };
  std::tm parts = {};
  parts.tm_year = number(0, 4) - 1900;
  parts.tm_mon = number(4, 2) - 1;
  parts.tm_mday = number(6, 2);
  parts.tm_hour = number(9, 2);
  parts.tm_min = number(11, 2);
  parts.tm_sec = number(13, 2);
  return static_cast<std::int64_t>(timegm(&parts)) * 1000;
}

/// In a time that does not depend on where they differ.
bool equal_secrets(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

ApiError wrong_signature() {
  return {"InvalidSignatureException",
          "The request signature we calculated does not match the signature you provided. Check "
          "your AWS Secret Access Key and signing method. Consult the service documentation for "
          "details.",
          {},
          {}};
}

}  // namespace

Result<Signature, ApiError> read_signature(const HttpMessage& message) {
  const std::string_view header = message.header("authorization");
  if (trimmed(header).empty()) {
    return ApiError{
        "MissingAuthenticationTokenException", "Request is missing Authentication Token", {}, {}};
  }
  const bool has_date = message.has_header("x-amz-date") || message.has_header("date");
  Signature signature;
  signature.signature = parameter(header, "Signature");
  signature.signed_headers = parameter(header, "SignedHeaders");
  const std::string_view credential = parameter(header, "Credential");
  if (credential.empty() || signature.signature.empty() || signature.signed_headers.empty() ||
      !has_date) {
    return incomplete(message, header);
  }
  std::array<std::string_view, 5> parts;
  if (!split_credential(credential, parts)) {
    return ApiError{"IncompleteSignatureException",
                    fmt::format("Credential must have exactly 5 slash-delimited elements, e.g. "
                                "keyid/date/region/service/term, got '{}'",
                                credential),
                    {},
                    {}};
  }
  signature.access_key = parts[0];
  signature.date = parts[1];
  signature.region = parts[2];
  signature.service = parts[3];
  return signature;
}

Result<Credentials, std::string> parse_credentials(std::string_view text) {
  const support::ProfilesFile file = support::read_profiles(text);
  if (file.unreadable_line != 0)
    return fmt::format("line {}: expected NAME = VALUE", file.unreadable_line);
  Credentials credentials;
  for (const support::Profile& profile : file.profiles) {
    const std::string key = profile.setting("aws_access_key_id");
    const std::string secret = profile.setting("aws_secret_access_key");
    if (!key.empty() && !secret.empty()) credentials.insert_or_assign(key, secret);
  }
  if (credentials.empty()) return std::string("no profile has an access key and its secret");
  return credentials;
}

std::string SignatureVerifier::signing_key(const Signature& signature, const std::string& secret) {
  const std::string name = fmt::format("{}/{}/{}/{}", signature.access_key, signature.date,
                                       signature.region, signature.service);
  const std::lock_guard lock(mutex_);
  const auto found = signing_keys_.find(name);
  if (found != signing_keys_.end()) return found->second;
  if (signing_keys_.size() >= kSigningKeysMax) signing_keys_.clear();
  std::string key = support::hmac_sha256("AWS4" + secret, signature.date);
  key = support::hmac_sha256(key, signature.region);
  key = support::hmac_sha256(key, signature.service);
  return signing_keys_[name] = support::hmac_sha256(key, "aws4_request");
}

std::optional<ApiError> SignatureVerifier::verify(const HttpMessage& message,
                                                  const Signature& signature, std::int64_t now_ms) {
  const auto secret = credentials_.find(signature.access_key);
  if (secret == credentials_.end()) {
    return ApiError{"UnrecognizedClientException",
                    "The security token included in the request is invalid.",
                    {},
                    {}};
  }
  const std::string_view date = message.header("x-amz-date");
  const std::int64_t signed_ms = time_of(date);
  if (!date.starts_with(signature.date) || std::abs(now_ms - signed_ms) > kSkewMs) {
    return ApiError{
        "InvalidSignatureException",
        fmt::format("Signature expired: {} is not within 15 minutes of {:%Y%m%dT%H%M%SZ}", date,
                    fmt::gmtime(static_cast<std::time_t>(now_ms / 1000))),
        {},
        {}};
  }
  const std::string to_sign = fmt::format(
      "{}\n{}\n{}/{}/{}/aws4_request\n{}", kAlgorithm, date, signature.date, signature.region,
      signature.service, support::sha256_hex(canonical_request(message, signature)));
  const std::string expected =
      support::to_hex(support::hmac_sha256(signing_key(signature, secret->second), to_sign));
  if (!equal_secrets(expected, signature.signature)) return wrong_signature();
  return std::nullopt;
}

}  // namespace ddbplan::serve
