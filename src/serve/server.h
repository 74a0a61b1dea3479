// The HTTP server: one thread, one epoll loop, connections that are kept alive and may pipeline.
//
// Answers leave after the handler has committed what they acknowledge: all requests that came in
// together share one commit, so durable writes cost one flush to disk for all of them.
//
// One thread is a choice: with the client on the same two cores the kernel's part of a request
// already fills the second, and the engine needs no locks, which makes every request atomic.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "serve/http_message.h"
#include "serve/http_reader.h"
#include "support/result.h"

namespace ddbplan::serve {

class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  /// Appends the whole response, head and body.
  virtual void handle(const HttpMessage& message, std::string& out) = 0;
  /// Makes everything handled so far durable. False: it cannot, and nothing of it may be answered.
  virtual bool commit() = 0;
  /// Once a second.
  virtual void tick() = 0;
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 8000;  ///< 0: one that is free
  std::size_t connections_max = 1000;
  HttpLimits limits = {};
  /// An unfinished request is given up after this long, an idle connection after the other.
  int request_seconds_max = 30;
  int idle_seconds_max = 600;
};

enum class ServerEnd { stopped, commit_failed };

class Server {
 public:
  /// Binds and listens. The error says what the system said.
  static support::Result<std::unique_ptr<Server>, std::string> listen(const ServerOptions& options);
  virtual ~Server() = default;

  [[nodiscard]] virtual int port() const = 0;
  /// Serves until stop is called or, after catch_signals, SIGTERM or SIGINT comes; then answers
  /// what has come in and ends.
  virtual ServerEnd run(RequestHandler& handler) = 0;
  /// From any thread.
  virtual void stop() = 0;
  /// Blocks the two signals in this thread and has run take them. REQUIRES: before run.
  virtual void catch_signals() = 0;
};

}  // namespace ddbplan::serve
