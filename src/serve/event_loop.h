// One thread's part of the server: an epoll loop over the connections that it was given.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "serve/connection.h"
#include "serve/descriptor.h"
#include "serve/server.h"

namespace ddbplan::serve {

class EventLoop {
 public:
  EventLoop(const ServerOptions& options, Application& application);

  // Before run:
  /// Calls `react` whenever the descriptor, which stays its owner's, can be read.
  void watch(int descriptor, std::function<void()> react);
  void every_second(std::function<void()> call) { every_second_ = std::move(call); }

  // From any thread:
  void adopt(Descriptor client);
  [[nodiscard]] std::size_t connections() const { return count_; }
  void stop();

  /// Serves until stop, then answers what has come in and ends every connection; also ends when the
  /// application cannot commit.
  ServerEnd run();
  /// REQUIRES: run has returned.
  [[nodiscard]] ServerEnd end() const { return end_; }

 private:
  using Connections = std::unordered_map<int, std::unique_ptr<Connection>>;

  void control(int descriptor, std::uint32_t events, int operation);
  void react(int descriptor, std::uint32_t events);
  void wake();
  void on_wake();
  void on_timer();
  void touch(Connection& connection);
  void drop(Connections::iterator connection);
  void send_answers();
  bool finish();
  void wait_for_readers();

  const ServerOptions& options_;
  Application& application_;
  std::unique_ptr<RequestHandler> handler_;
  Descriptor epoll_;
  Descriptor wake_;
  Descriptor timer_;
  std::unordered_map<int, std::function<void()>> watched_;
  std::function<void()> every_second_;
  Connections connections_;
  /// Those adopted and not gone yet.
  std::atomic<std::size_t> count_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex arrivals_mutex_;
  std::vector<Descriptor> arrivals_;
  /// Connections that have something to send, or to be asked what they wait for.
  std::vector<int> touched_;
  std::int64_t now_ = 0;  ///< seconds since the start
  ServerEnd end_ = ServerEnd::stopped;
};

}  // namespace ddbplan::serve
