#include "serve/server.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "serve/event_loop.h"

namespace ddbplan::serve {
namespace {

constexpr int kBacklog = 1024;

std::string system_message() {
  return std::strerror(errno);  // NOLINT(concurrency-mt-unsafe): before there are threads
}

struct AddressList {
  addrinfo* first = nullptr;
  ~AddressList() {
    if (first != nullptr) freeaddrinfo(first);
  }
};

support::Result<Descriptor, std::string> open_listener(const addrinfo& address) {
  Descriptor socket(::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                             address.ai_protocol));
  if (!socket.is_open()) return system_message();
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(socket.get(), address.ai_addr, address.ai_addrlen) != 0) return system_message();
  if (::listen(socket.get(), kBacklog) != 0) return system_message();
  return socket;
}

int bound_port(int socket) {
  sockaddr_storage address = {};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

class EpollServer final : public Server {
 public:
  EpollServer(ServerOptions options, Descriptor listener)
      : options_(std::move(options)),
        listener_(std::move(listener)),
        port_(bound_port(listener_.get())),
        wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

  [[nodiscard]] int port() const override { return port_; }

  void stop() override {
    const std::uint64_t one = 1;
    static_cast<void>(!write(wake_.get(), &one, sizeof one));
  }

  void catch_signals() override {
    sigset_t caught;
    sigemptyset(&caught);
    sigaddset(&caught, SIGTERM);
    sigaddset(&caught, SIGINT);
    sigprocmask(SIG_BLOCK, &caught, nullptr);
    signals_ = Descriptor(signalfd(-1, &caught, SFD_NONBLOCK | SFD_CLOEXEC));
  }

  /// The first loop runs in the caller's thread; it also takes new clients and the end.
  ServerEnd run(Application& application) override {
    // All of them before any runs: each may place a connection in any other.
    for (std::size_t i = 0; i < std::max<std::size_t>(options_.threads, 1); ++i) {
      loops_.push_back(std::make_unique<EventLoop>(options_, application));
      if (options_.spread == Spread::large_answers) {
        loops_.back()->place_by(
            [this](const Connection& client) -> EventLoop& { return place_for(client); });
      }
    }
    EventLoop& first = *loops_.front();
    first.watch(listener_.get(), [this] { accept_clients(); });
    first.watch(wake_.get(), [this] { stop_loops(); });
    if (signals_.is_open()) first.watch(signals_.get(), [this] { stop_loops(); });
    first.every_second([&application] { application.tick(); });
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < loops_.size(); ++i) {
      threads.emplace_back([this, i] { run_loop(*loops_[i]); });
    }
    run_loop(first);
    stop_loops();
    for (std::thread& thread : threads) thread.join();
    const bool all_well = std::all_of(loops_.begin(), loops_.end(), [](const auto& loop) {
      return loop->end() == ServerEnd::stopped;
    });
    loops_.clear();
    return all_well ? ServerEnd::stopped : ServerEnd::commit_failed;
  }

 private:
  void run_loop(EventLoop& loop) {
    // What one cannot commit no other can.
    if (loop.run() == ServerEnd::commit_failed) stop();
  }

  void stop_loops() {
    listener_ = Descriptor();
    for (const auto& loop : loops_) loop->stop();
  }

  EventLoop& place_for(const Connection& client) {
    if (!client.answers_are_large()) return *loops_.front();
    return **std::min_element(loops_.begin(), loops_.end(), [](const auto& a, const auto& b) {
      return a->large_connections() < b->large_connections();
    });
  }

  void accept_clients() {
    while (true) {
      Descriptor client(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!client.is_open()) return;
      std::size_t connections = 0;
      EventLoop* idlest = loops_.front().get();
      for (const auto& loop : loops_) {
        connections += loop->connections();
        const bool is_shared = options_.spread == Spread::all;
        if (is_shared && loop->connections() < idlest->connections()) idlest = loop.get();
      }
      // One too many is told so by the end of its connection.
      if (connections >= options_.connections_max) continue;
      const int on = 1;
      setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      auto connection = std::make_unique<Connection>(std::move(client), options_.limits);
      idlest->adopt(connection);
    }
  }

  ServerOptions options_;
  Descriptor listener_;
  int port_;
  Descriptor wake_;
  Descriptor signals_;
  std::vector<std::unique_ptr<EventLoop>> loops_;
};

}  // namespace

support::Result<std::unique_ptr<Server>, std::string> Server::listen(const ServerOptions& options) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  AddressList addresses;
  const std::string port = std::to_string(options.port);
  const int status = getaddrinfo(options.host.c_str(), port.c_str(), &hints, &addresses.first);
  if (status != 0) return fmt::format("{}: {}", options.host, gai_strerror(status));
  support::Result<Descriptor, std::string> listener = open_listener(*addresses.first);
  if (!listener) return fmt::format("{}:{}: {}", options.host, options.port, listener.error());
  return std::unique_ptr<Server>(std::make_unique<EpollServer>(options, *std::move(listener)));
}

}  // namespace ddbplan::serve
