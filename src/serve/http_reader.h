// Bytes of a connection to HTTP requests, with limits. Holds the bytes of the request that is
// coming in and of those pipelined behind it; gives one request at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "serve/http_message.h"

namespace ddbplan::serve {

struct HttpLimits {
  std::size_t header_bytes_max = std::size_t{32} * 1024;
  /// The service's limit for a request.
  std::size_t body_bytes_max = std::size_t{16} * 1024 * 1024;
};

enum class HttpState {
  incomplete,        ///< more bytes are needed
  complete,          ///< message() is a request
  malformed,         ///< not HTTP; nothing more can be read
  header_too_large,  ///< likewise
  body_too_large,    ///< likewise
};

class HttpReader {
 public:
  explicit HttpReader(HttpLimits limits = {});
  ~HttpReader();
  HttpReader(HttpReader&&) noexcept;
  HttpReader& operator=(HttpReader&&) noexcept;

  /// Room for at least `bytes` more; then say with received how many came.
  char* reserve(std::size_t bytes);
  void received(std::size_t bytes);

  /// Reads on. After complete, the message is valid until the next call of any other member but
  /// message; the next call of advance goes on behind it.
  HttpState advance();
  [[nodiscard]] const HttpMessage& message() const;
  /// True once, when the client waits for leave to send its body ("Expect: 100-continue").
  [[nodiscard]] bool take_expectation();
  /// Some bytes of an unfinished request are here.
  [[nodiscard]] bool is_in_request() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ddbplan::serve
