#include "serve/event_loop.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include <array>
#include <chrono>
#include <utility>

namespace ddbplan::serve {
namespace {

constexpr int kEventsMax = 256;
constexpr std::chrono::seconds kFarewell{5};

}  // namespace

EventLoop::EventLoop(const ServerOptions& options, Application& application)
    : options_(options),
      application_(application),
      handler_(application.make_handler()),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      timer_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
  itimerspec every_second = {};
  every_second.it_interval.tv_sec = 1;
  every_second.it_value.tv_sec = 1;
  timerfd_settime(timer_.get(), 0, &every_second, nullptr);
  watch(wake_.get(), [this] { on_wake(); });
  watch(timer_.get(), [this] { on_timer(); });
}

void EventLoop::watch(int descriptor, std::function<void()> react) {
  control(descriptor, EPOLLIN, EPOLL_CTL_ADD);
  watched_.insert_or_assign(descriptor, std::move(react));
}

void EventLoop::control(int descriptor, std::uint32_t events, int operation) {
  epoll_event event = {};
  event.events = events;
  event.data.fd = descriptor;
  epoll_ctl(epoll_.get(), operation, descriptor, &event);
}

bool EventLoop::adopt(std::unique_ptr<Connection>& client) {
  {
    const std::lock_guard lock(arrivals_mutex_);
    if (!takes_arrivals_) return false;
    count_in(*client);
    arrivals_.push_back(std::move(client));
  }
  wake();
  return true;
}

void EventLoop::stop() {
  stopping_ = true;
  wake();
}

void EventLoop::wake() {
  const std::uint64_t one = 1;
  static_cast<void>(!write(wake_.get(), &one, sizeof one));
}

void EventLoop::on_wake() {
  std::uint64_t count = 0;
  static_cast<void>(!read(wake_.get(), &count, sizeof count));
  std::vector<std::unique_ptr<Connection>> arrivals;
  {
    const std::lock_guard lock(arrivals_mutex_);
    arrivals.swap(arrivals_);
  }
  for (std::unique_ptr<Connection>& connection : arrivals) {
    const int number = connection->descriptor();
    connection->active_at = now_;
    connection->events = EPOLLIN;
    control(number, EPOLLIN, EPOLL_CTL_ADD);
    connections_.insert_or_assign(number, std::move(connection));
  }
}

ServerEnd EventLoop::run() {
  std::array<epoll_event, kEventsMax> events = {};
  bool commits = true;
  while (!stopping_ && commits) {
    const int count = epoll_wait(epoll_.get(), events.data(), kEventsMax, -1);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      react(event.data.fd, event.events);
    }
    commits = application_.commit();
    if (commits) send_answers();
  }
  if (!commits || !finish()) end_ = ServerEnd::commit_failed;
  return end_;
}

void EventLoop::react(int descriptor, std::uint32_t events) {
  const auto found = connections_.find(descriptor);
  if (found == connections_.end()) {
    const auto watched = watched_.find(descriptor);
    if (watched != watched_.end()) watched->second();
    return;
  }
  Connection& connection = *found->second;
  connection.active_at = now_;
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && !connection.receive(*handler_)) {
    // The client is gone; what it was sent for is done all the same.
    drop(found);
    return;
  }
  touch(connection);
}

void EventLoop::touch(Connection& connection) {
  if (connection.is_touched) return;
  connection.is_touched = true;
  touched_.push_back(connection.descriptor());
}

void EventLoop::drop(Connections::iterator connection) {
  count_out(*connection->second);
  connections_.erase(connection);
}

void EventLoop::count_in(const Connection& connection) {
  ++count_;
  if (connection.counts_as_large) ++large_count_;
}

void EventLoop::count_out(const Connection& connection) {
  --count_;
  if (connection.counts_as_large) --large_count_;
}

void EventLoop::settle(Connections::iterator connection) {
  Connection& client = *connection->second;
  count_out(client);
  client.counts_as_large = client.answers_are_large();
  EventLoop& place = place_(client);
  if (&place == this) return count_in(client);
  // Whoever adopts it may close it at once, and the number be another client's.
  control(client.descriptor(), 0, EPOLL_CTL_DEL);
  if (place.adopt(connection->second)) {
    connections_.erase(connection);
    return;
  }
  control(client.descriptor(), client.events, EPOLL_CTL_ADD);
  count_in(client);
}

void EventLoop::on_timer() {
  std::uint64_t ticks = 0;
  if (read(timer_.get(), &ticks, sizeof ticks) != sizeof ticks) return;
  now_ += static_cast<std::int64_t>(ticks);
  if (every_second_) every_second_();
  std::vector<int> late;
  for (const auto& [number, connection] : connections_) {
    const bool is_busy = connection->is_in_request() || connection->has_output();
    const int allowed = is_busy ? options_.request_seconds_max : options_.idle_seconds_max;
    if (now_ - connection->active_at > allowed) late.push_back(number);
  }
  for (const int number : late) drop(connections_.find(number));
}

void EventLoop::send_answers() {
  for (const int number : touched_) {
    const auto found = connections_.find(number);
    if (found == connections_.end()) continue;
    Connection& connection = *found->second;
    connection.is_touched = false;
    if (!connection.send() || connection.is_finished()) {
      drop(found);
      continue;
    }
    const std::uint32_t wanted =
        (connection.wants_input() ? EPOLLIN : 0U) | (connection.has_output() ? EPOLLOUT : 0U);
    if (wanted != connection.events) control(number, wanted, EPOLL_CTL_MOD);
    connection.events = wanted;
    const bool was_large = connection.counts_as_large;
    if (place_ && !connection.has_output() && connection.answers_are_large() != was_large) {
      settle(found);
    }
  }
  touched_.clear();
}

/// Requests that are in the sockets already are answered, then every connection ends.
bool EventLoop::finish() {
  {
    const std::lock_guard lock(arrivals_mutex_);
    takes_arrivals_ = false;
  }
  on_wake();
  for (auto& [number, connection] : connections_) {
    if (!connection->receive(*handler_)) continue;
    connection->close_after_output();
    touch(*connection);
  }
  if (!application_.commit()) return false;
  send_answers();
  wait_for_readers();
  connections_.clear();
  return true;
}

/// Answers that are longer than a socket's buffer go as fast as they are read. Waits for the clients
/// alone: what else the loop watches, as the signal that ends it, stays readable and would end each wait
/// at once.
void EventLoop::wait_for_readers() {
  using std::chrono::steady_clock;
  std::erase_if(connections_, [](const auto& one) { return !one.second->has_output(); });
  const auto until = steady_clock::now() + kFarewell;
  while (!connections_.empty()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
    if (left.count() <= 0) return;
    std::vector<pollfd> clients;
    for (const auto& [number, connection] : connections_) clients.push_back({number, POLLOUT, 0});
    poll(clients.data(), clients.size(), static_cast<int>(left.count()));
    for (const pollfd& client : clients) {
      if (client.revents != 0) touch(*connections_.at(client.fd));
    }
    send_answers();
  }
}

}  // namespace ddbplan::serve
