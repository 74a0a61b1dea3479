// The HTTP layer: whatever bytes come in, and in whatever pieces, reading them ends, the pieces do not matter,
// and every request is answered by exactly one response.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "serve/http_reader.h"
#include "serve/service.h"

namespace serve = ddbplan::serve;

namespace {

/// Small, so that the fuzzer reaches them.
constexpr serve::HttpLimits kLimits{.header_bytes_max = 512, .body_bytes_max = 1024};

void require(bool holds) {
  if (!holds) std::abort();
}

serve::Service& service() {
  static serve::Service shared = [] {
    serve::ServiceOptions options;
    options.now_ms = [] { return std::int64_t{1'700'000'000'000}; };
    options.credentials = {{"AKID", "secret"}};
    options.cors_origin = "http://localhost:3000";
    options.log_defect = [](std::string_view) { std::abort(); };
    return serve::Service(std::move(options), nullptr);
  }();
  return shared;
}

serve::RequestHandler& handler() {
  static const std::unique_ptr<serve::RequestHandler> kShared = service().make_handler();
  return *kShared;
}

/// What was read, as text; with the state in which reading ended.
struct ReadBytes {
  std::vector<std::string> messages;
  serve::HttpState end = serve::HttpState::incomplete;
  bool operator==(const ReadBytes&) const = default;
};

ReadBytes read_in_pieces(std::string_view bytes, std::size_t piece, bool answer) {
  serve::HttpReader reader(kLimits);
  ReadBytes read;
  while (!bytes.empty()) {
    const std::size_t count = std::min(piece, bytes.size());
    std::memcpy(reader.reserve(count), bytes.data(), count);
    reader.received(count);
    bytes.remove_prefix(count);
    while ((read.end = reader.advance()) == serve::HttpState::complete) {
      const serve::HttpMessage& message = reader.message();
      std::string text;
      for (const std::string_view part : {message.method, message.target, message.body}) {
        text += part;
        text += '\n';
      }
      for (const auto& [name, value] : message.headers) {
        text += name;
        text += ':';
        text += value;
        text += '\n';
      }
      require(message.body.size() <= kLimits.body_bytes_max);
      read.messages.push_back(std::move(text));
      if (!answer) continue;
      std::string response;
      handler().handle(message, response);
      require(response.starts_with("HTTP/1.1 ") && response.find("\r\n\r\n") != std::string::npos);
    }
    if (read.end != serve::HttpState::incomplete) return read;
  }
  return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The first byte says how large the pieces are.
  const std::size_t piece = std::size_t{1} + data[0] % 64;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const ReadBytes whole = read_in_pieces(bytes, std::max<std::size_t>(bytes.size(), 1), true);
  const ReadBytes parts = read_in_pieces(bytes, piece, false);
  require(whole.messages == parts.messages);
  return 0;
}
