// One client's connection: bytes in, requests to the handler, bytes out. Knows nothing of epoll; the
// server asks it what it waits for.
#pragma once

#include <cstdint>
#include <string>

#include "serve/descriptor.h"
#include "serve/http_reader.h"

namespace ddbplan::serve {

class RequestHandler;

class Connection {
 public:
  Connection(Descriptor socket, HttpLimits limits) : socket_(std::move(socket)), reader_(limits) {}

  [[nodiscard]] int descriptor() const { return socket_.get(); }

  /// Takes what has come and handles every complete request; answers wait in the connection. False
  /// when the client is gone.
  bool receive(RequestHandler& handler);
  /// Sends what waits. False when the client is gone.
  bool send();

  [[nodiscard]] bool has_output() const { return sent_ < out_.size(); }
  /// A client that does not take its answers is asked for no more.
  [[nodiscard]] bool wants_input() const { return !closing_ && out_.size() - sent_ < kOutputMax; }
  /// Everything that is to be said was said.
  [[nodiscard]] bool is_finished() const { return closing_ && !has_output(); }
  /// Answers what has come in and then ends.
  void close_after_output() { closing_ = true; }
  [[nodiscard]] bool is_in_request() const { return reader_.is_in_request(); }
  /// Of late; changes only once everything was sent.
  [[nodiscard]] bool answers_are_large() const { return answers_are_large_; }

  /// What the server keeps about it.
  std::uint32_t events = 0;    ///< that epoll watches
  std::int64_t active_at = 0;  ///< the server's seconds
  bool is_touched = false;
  bool counts_as_large = false;

 private:
  static constexpr std::size_t kOutputMax = std::size_t{4} * 1024 * 1024;
  void handle_requests(RequestHandler& handler);
  void refuse(HttpState state);
  void note_answer(std::size_t bytes);

  Descriptor socket_;
  HttpReader reader_;
  std::string out_;
  std::size_t sent_ = 0;
  bool closing_ = false;
  std::size_t usual_bytes_ = 0;  ///< of what is sent at once
  bool answers_are_large_ = false;
};

}  // namespace ddbplan::serve
