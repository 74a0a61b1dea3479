#include "serve/server.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "serve/connection.h"

namespace ddbplan::serve {
namespace {

constexpr int kBacklog = 1024;
constexpr int kEventsMax = 256;
/// Together five seconds.
constexpr int kFarewellRounds = 250;
constexpr int kFarewellRoundMs = 20;

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
  EpollServer(const ServerOptions& options, Descriptor listener)
      : options_(options), listener_(std::move(listener)), port_(bound_port(listener_.get())) {
    epoll_ = Descriptor(epoll_create1(EPOLL_CLOEXEC));
    wake_ = Descriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    timer_ = Descriptor(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    itimerspec every_second = {};
    every_second.it_interval.tv_sec = 1;
    every_second.it_value.tv_sec = 1;
    timerfd_settime(timer_.get(), 0, &every_second, nullptr);
    watch(listener_.get(), EPOLLIN, EPOLL_CTL_ADD);
    watch(wake_.get(), EPOLLIN, EPOLL_CTL_ADD);
    watch(timer_.get(), EPOLLIN, EPOLL_CTL_ADD);
  }

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
    watch(signals_.get(), EPOLLIN, EPOLL_CTL_ADD);
  }

  ServerEnd run(RequestHandler& handler) override {
    std::array<epoll_event, kEventsMax> events = {};
    while (!stopping_) {
      const int count = epoll_wait(epoll_.get(), events.data(), kEventsMax, -1);
      for (int i = 0; i < count; ++i) {
        react(events[static_cast<std::size_t>(i)], handler);
      }
      if (!handler.commit()) return ServerEnd::commit_failed;
      send_answers();
    }
    return finish(handler);
  }

 private:
  void watch(int descriptor, std::uint32_t events, int operation) {
    epoll_event event = {};
    event.events = events;
    event.data.fd = descriptor;
    epoll_ctl(epoll_.get(), operation, descriptor, &event);
  }

  void react(const epoll_event& event, RequestHandler& handler) {
    const int descriptor = event.data.fd;
    if (descriptor == listener_.get()) return accept_clients();
    if (descriptor == timer_.get()) return on_timer(handler);
    if (descriptor == wake_.get() || descriptor == signals_.get()) {
      stopping_ = true;
      return;
    }
    const auto found = connections_.find(descriptor);
    if (found == connections_.end()) return;
    Connection& connection = *found->second;
    connection.active_at = now_;
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && !connection.receive(handler)) {
      // The client is gone; what it was sent for is done all the same.
      connections_.erase(found);
      return;
    }
    touch(connection);
  }

  void touch(Connection& connection) {
    if (connection.is_touched) return;
    connection.is_touched = true;
    touched_.push_back(connection.descriptor());
  }

  void accept_clients() {
    while (true) {
      Descriptor client(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!client.is_open()) return;
      // One too many is told so by the end of its connection.
      if (connections_.size() >= options_.connections_max) continue;
      const int on = 1;
      setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const int number = client.get();
      auto connection = std::make_unique<Connection>(std::move(client), options_.limits);
      connection->active_at = now_;
      connection->events = EPOLLIN;
      watch(number, EPOLLIN, EPOLL_CTL_ADD);
      connections_.insert_or_assign(number, std::move(connection));
    }
  }

  void on_timer(RequestHandler& handler) {
    std::uint64_t ticks = 0;
    if (read(timer_.get(), &ticks, sizeof ticks) != sizeof ticks) return;
    now_ += static_cast<std::int64_t>(ticks);
    handler.tick();
    std::vector<int> late;
    for (const auto& [number, connection] : connections_) {
      const bool is_busy = connection->is_in_request() || connection->has_output();
      const int allowed = is_busy ? options_.request_seconds_max : options_.idle_seconds_max;
      if (now_ - connection->active_at > allowed) late.push_back(number);
    }
    for (const int number : late) connections_.erase(number);
  }

  void send_answers() {
    for (const int number : touched_) {
      const auto found = connections_.find(number);
      if (found == connections_.end()) continue;
      Connection& connection = *found->second;
      connection.is_touched = false;
      if (!connection.send() || connection.is_finished()) {
        connections_.erase(found);
        continue;
      }
      const std::uint32_t wanted =
          (connection.wants_input() ? EPOLLIN : 0U) | (connection.has_output() ? EPOLLOUT : 0U);
      if (wanted != connection.events) watch(number, wanted, EPOLL_CTL_MOD);
      connection.events = wanted;
    }
    touched_.clear();
  }

  /// Requests that are in the sockets already are answered, then every connection ends.
  ServerEnd finish(RequestHandler& handler) {
    listener_ = Descriptor();
    for (auto& [number, connection] : connections_) {
      if (!connection->receive(handler)) continue;
      connection->close_after_output();
      touch(*connection);
    }
    if (!handler.commit()) return ServerEnd::commit_failed;
    send_answers();
    wait_for_readers();
    connections_.clear();
    return ServerEnd::stopped;
  }

  /// Answers that are longer than a socket's buffer go as fast as they are read.
  void wait_for_readers() {
    std::array<epoll_event, kEventsMax> events = {};
    std::erase_if(connections_, [](const auto& one) { return !one.second->has_output(); });
    for (int rounds = 0; !connections_.empty() && rounds < kFarewellRounds; ++rounds) {
      epoll_wait(epoll_.get(), events.data(), kEventsMax, kFarewellRoundMs);
      for (auto& [number, connection] : connections_) touch(*connection);
      send_answers();
    }
  }

  ServerOptions options_;
  Descriptor listener_;
  int port_;
  Descriptor epoll_;
  Descriptor wake_;
  Descriptor timer_;
  Descriptor signals_;
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  std::vector<int> touched_;
  std::int64_t now_ = 0;
  bool stopping_ = false;
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
