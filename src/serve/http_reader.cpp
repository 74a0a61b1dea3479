#include "serve/http_reader.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <http_parser.h>

namespace ddbplan::serve {
namespace {

constexpr std::size_t kKeptBytes = std::size_t{256} * 1024;

/// Part of the buffer. Positions, not pointers: the buffer grows while a request comes in.
struct Span {
  std::size_t at = 0;
  std::size_t size = 0;

  /// The parser tells a piece at a time when a request comes in pieces.
  void extend(std::size_t piece_at, std::size_t piece_size) {
    if (size == 0) at = piece_at;
    size = piece_at + piece_size - at;
  }
};
struct HeaderSpans {
  Span name;
  Span value;
};

}  // namespace

struct HttpReader::Impl {
  explicit Impl(HttpLimits given) : limits(given) { reset_parser(); }

  HttpLimits limits;
  http_parser parser = {};
  std::vector<char> buffer;
  std::size_t begin = 0;   ///< of the current request
  std::size_t parsed = 0;  ///< the parser has seen everything before
  std::size_t end = 0;     ///< of what was received

  Span target;
  std::vector<HeaderSpans> headers;
  bool last_was_value = true;
  std::size_t header_bytes = 0;
  Span body;
  std::string chunks;  ///< a body that does not stand in one piece
  bool is_chunked = false;
  bool has_headers = false;
  bool is_complete = false;
  bool keep_alive = true;
  bool waits_for_leave = false;
  HttpState failure = HttpState::incomplete;
  HttpMessage message;

  void reset_parser() {
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = this;
  }

  [[nodiscard]] std::size_t place(const char* at) const {
    return static_cast<std::size_t>(at - buffer.data());
  }
  [[nodiscard]] std::string_view text(const Span& span) const {
    return {buffer.data() + span.at, span.size};
  }

  /// Forgets the request that was complete.
  void next_request() {
    begin = parsed;
    target = {};
    headers.clear();
    last_was_value = true;
    header_bytes = 0;
    body = {};
    chunks.clear();
    is_chunked = has_headers = is_complete = waits_for_leave = false;
  }

  int fail(HttpState state) {
    failure = state;
    return 1;
  }

  int add_header_bytes(std::size_t count) {
    header_bytes += count;
    return header_bytes > limits.header_bytes_max ? fail(HttpState::header_too_large) : 0;
  }

  int on_url(const char* at, std::size_t size) {
    target.extend(place(at), size);
    return add_header_bytes(size);
  }

  int on_header_field(const char* at, std::size_t size) {
    // The two bytes between name and value and the two at the end, however many pieces the name comes in.
    const std::size_t around = last_was_value ? 4 : 0;
    if (last_was_value) headers.emplace_back();
    last_was_value = false;
    headers.back().name.extend(place(at), size);
    return add_header_bytes(size + around);
  }

  int on_header_value(const char* at, std::size_t size) {
    last_was_value = true;
    if (!headers.empty()) headers.back().value.extend(place(at), size);
    return add_header_bytes(size);
  }

  int on_headers_complete() {
    has_headers = true;
    for (const HeaderSpans& header : headers) {
      if (equal_ignoring_case(text(header.name), "expect")) waits_for_leave = true;
    }
    const bool has_length = (parser.flags & F_CONTENTLENGTH) != 0;
    if (has_length && parser.content_length > limits.body_bytes_max) {
      fail(HttpState::body_too_large);
      return -1;
    }
    return 0;
  }

  int on_body(const char* at, std::size_t size) {
    const std::size_t start = place(at);
    if (!is_chunked && (body.size == 0 || body.at + body.size == start)) {
      body.extend(start, size);
    } else {
      if (!is_chunked) chunks.assign(text(body));
      is_chunked = true;
      chunks.append(at, size);
    }
    const std::size_t total = is_chunked ? chunks.size() : body.size;
    return total > limits.body_bytes_max ? fail(HttpState::body_too_large) : 0;
  }

  int on_message_complete() {
    is_complete = true;
    keep_alive = http_should_keep_alive(&parser) != 0;
    // What is pipelined behind waits until this one was answered.
    http_parser_pause(&parser, 1);
    return 0;
  }

  void build_message() {
    message.method = http_method_str(static_cast<http_method>(parser.method));
    message.target = text(target);
    message.headers.clear();
    for (const HeaderSpans& header : headers) {
      message.headers.emplace_back(text(header.name), text(header.value));
    }
    message.body = is_chunked ? std::string_view(chunks) : text(body);
    message.keep_alive = keep_alive;
  }

  template <auto Member>
  static int forward_data(http_parser* parser, const char* at, std::size_t size) {
    return (static_cast<Impl*>(parser->data)->*Member)(at, size);
  }
  template <auto Member>
  static int forward(http_parser* parser) {
    return (static_cast<Impl*>(parser->data)->*Member)();
  }

  static const http_parser_settings& settings() {
    static const http_parser_settings kSettings = [] {
      http_parser_settings made;
      http_parser_settings_init(&made);
      made.on_url = forward_data<&Impl::on_url>;
      made.on_header_field = forward_data<&Impl::on_header_field>;
      made.on_header_value = forward_data<&Impl::on_header_value>;
      made.on_headers_complete = forward<&Impl::on_headers_complete>;
      made.on_body = forward_data<&Impl::on_body>;
      made.on_message_complete = forward<&Impl::on_message_complete>;
      return made;
    }();
    return kSettings;
  }
};

HttpReader::HttpReader(HttpLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
HttpReader::~HttpReader() = default;
HttpReader::HttpReader(HttpReader&&) noexcept = default;
HttpReader& HttpReader::operator=(HttpReader&&) noexcept = default;

char* HttpReader::reserve(std::size_t bytes) {
  Impl& in = *impl_;
  if (in.is_complete) in.next_request();
  if (in.begin > 0 && in.begin == in.end) in.begin = in.parsed = in.end = 0;
  // One large request is no reason to keep its memory.
  if (in.end == 0 && in.buffer.size() > kKeptBytes) in.buffer = std::vector<char>();
  if (in.buffer.size() < in.end + bytes) {
    // What was answered makes room first; then the buffer doubles.
    if (in.begin > 0 && in.target.size == 0 && !in.has_headers) {
      std::memmove(in.buffer.data(), in.buffer.data() + in.begin, in.end - in.begin);
      in.parsed -= in.begin;
      in.end -= in.begin;
      in.begin = 0;
    }
    in.buffer.resize(std::max(in.end + bytes, in.buffer.size() * 2));
  }
  return in.buffer.data() + in.end;
}

void HttpReader::received(std::size_t bytes) {
  impl_->end += bytes;
}

HttpState HttpReader::advance() {
  Impl& in = *impl_;
  if (in.failure != HttpState::incomplete) return in.failure;
  if (in.is_complete) in.next_request();
  if (in.parsed == in.end) return HttpState::incomplete;
  in.parsed += http_parser_execute(&in.parser, &Impl::settings(), in.buffer.data() + in.parsed,
                                   in.end - in.parsed);
  if (in.is_complete) {
    http_parser_pause(&in.parser, 0);
    in.build_message();
    return HttpState::complete;
  }
  if (in.failure == HttpState::incomplete &&
      (HTTP_PARSER_ERRNO(&in.parser) != HPE_OK || in.parser.upgrade != 0)) {
    in.failure = HttpState::malformed;
  }
  return in.failure;
}

const HttpMessage& HttpReader::message() const {
  return impl_->message;
}

bool HttpReader::take_expectation() {
  const bool waits = impl_->waits_for_leave && impl_->has_headers && !impl_->is_complete;
  if (waits) impl_->waits_for_leave = false;
  return waits;
}

bool HttpReader::is_in_request() const {
  return !impl_->is_complete && impl_->end > impl_->begin;
}

}  // namespace ddbplan::serve
