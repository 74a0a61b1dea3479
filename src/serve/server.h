// The HTTP server: connections that are kept alive and may pipeline, shared among threads that have
// an epoll loop each.
//
// Where clients run on the same few cores, a second thread slows small answers down and makes large
// ones faster (bench/README.md has the figures); Spread::large_answers is for them.
//
// Answers leave after the application has committed what they acknowledge: all requests that came
// in together share one commit, so durable writes cost one flush to disk for all of them.
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

/// Answers the requests of one thread.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  /// Appends the whole response, head and body.
  virtual void handle(const HttpMessage& message, std::string& out) = 0;
};

/// What is served; called by all threads of the server.
class Application {
 public:
  virtual ~Application() = default;
  /// One for each thread, which must not outlive the application.
  virtual std::unique_ptr<RequestHandler> make_handler() = 0;
  /// Makes everything durable that was handled, and seen, so far. False: it cannot, and nothing of
  /// it may be answered.
  virtual bool commit() = 0;
  /// Once a second, by one of the threads.
  virtual void tick() = 0;
};

/// Which connections are shared among the threads; all others are the first one's.
enum class Spread { all, large_answers };

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 8000;  ///< 0: one that is free
  std::size_t connections_max = 1000;
  std::size_t threads = 1;
  Spread spread = Spread::all;
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
  virtual ServerEnd run(Application& application) = 0;
  /// From any thread.
  virtual void stop() = 0;
  /// Blocks the two signals in this thread and has run take them. REQUIRES: before run.
  virtual void catch_signals() = 0;
};

}  // namespace ddbplan::serve
