// One thread's part of the server: an epoll loop over the connections that it was given, until it
// gives them to another loop.
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
  /// Asked for the best loop of a connection, which no loop counts then, when its answers became large
  /// or small. Without it, connections stay.
  void place_by(std::function<EventLoop&(const Connection&)> place) { place_ = std::move(place); }

  // From any thread:
  /// Takes the client, or leaves it when the loop is about to end. REQUIRES: nothing waits to be sent.
  bool adopt(std::unique_ptr<Connection>& client);
  [[nodiscard]] std::size_t connections() const { return count_; }
  /// Those whose answers are large.
  [[nodiscard]] std::size_t large_connections() const { return large_count_; }
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
  void count_in(const Connection& connection);
  void count_out(const Connection& connection);
  /// Gives the connection to the loop that is the best one for its answers now.
  void settle(Connections::iterator connection);
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
  std::function<EventLoop&(const Connection&)> place_;
  Connections connections_;
  /// Those adopted and not gone yet.
  std::atomic<std::size_t> count_ = 0;
  std::atomic<std::size_t> large_count_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex arrivals_mutex_;
  std::vector<std::unique_ptr<Connection>> arrivals_;
  bool takes_arrivals_ = true;  ///< under the same mutex
  /// Connections that have something to send, or to be asked what they wait for.
  std::vector<int> touched_;
  std::int64_t now_ = 0;  ///< seconds since the start
  ServerEnd end_ = ServerEnd::stopped;
};

}  // namespace ddbplan::serve
