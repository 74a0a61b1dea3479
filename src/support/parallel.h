// Work in parts that do not touch one another, on as many threads as the machine runs at once. The result
// does not depend on how many parts there are: callers join what the parts give in order.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace ddbplan::support {

/// Has a thread that was just started begin on another processor than the caller's. Left to itself, Linux may
/// queue it behind the caller until the next tick, up to 4 ms later: on a machine of two processors that was
/// a tenth of the time of `design`.
void start_elsewhere(std::thread& started);

/// Work on a thread of its own, and what it gives. Whoever lets go of it waits for the thread.
template <class Result>
class Beside {
 public:
  Beside() = default;
  template <class Work>
  explicit Beside(const Work& work) {
    std::packaged_task<Result()> task(work);
    result_ = task.get_future();
    try {
      thread_ = std::thread(std::move(task));
      start_elsewhere(thread_);
    } catch (const std::system_error&) {
      // The system has no thread to give: the work is done when the result is waited for.
      result_ = std::async(std::launch::deferred, work);
    }
  }
  Beside(Beside&&) noexcept = default;
  Beside& operator=(Beside&& other) noexcept {
    finish();
    thread_ = std::move(other.thread_);
    result_ = std::move(other.result_);
    return *this;
  }
  ~Beside() { finish(); }

  [[nodiscard]] bool valid() const { return result_.valid(); }
  /// Once.
  Result get() { return result_.get(); }

 private:
  void finish() {
    if (thread_.joinable()) thread_.join();
  }

  std::thread thread_;
  std::future<Result> result_;
};

template <class Work>
auto beside(const Work& work) {
  return Beside<decltype(work())>(work);
}

/// Into how many parts `size` is worth being divided, at least one: a thread costs some 50 us to
/// start, so none gets less than `size_min`. More parts than threads: parts of one size may still
/// take times of their own, and who is done first takes the next.
inline std::size_t part_count(std::size_t size, std::size_t size_min) {
  constexpr std::size_t kPartsMax = 16;
  constexpr std::size_t kPartsOfThread = 4;
  const std::size_t worth = size / std::max<std::size_t>(size_min, 1);
  const std::size_t machine = std::thread::hardware_concurrency() * kPartsOfThread;
  return std::max<std::size_t>(std::min({worth, machine, kPartsMax}), 1);
}

/// `work(0)` … `work(count - 1)`, each done once, by whichever thread comes to it first.
template <class Result>
class Parts {
 public:
  /// REQUIRES: `work` may be called by several threads at once.
  Parts(std::size_t count, std::function<Result(std::size_t)> work)
      : parts_(count), work_(std::move(work)) {}

  [[nodiscard]] std::size_t count() const { return parts_.size(); }
  /// Does what nobody has begun.
  void help() {
    for (std::size_t part = 0; part < parts_.size(); ++part) begin(part);
  }
  /// What a part gives: done here, or waited for where another thread has begun it. Once for each part.
  Result take(std::size_t part) {
    begin(part);
    return parts_[part].result.get_future().get();
  }

 private:
  void begin(std::size_t part) {
    if (parts_[part].is_begun.exchange(true)) return;
    try {
      parts_[part].result.set_value(work_(part));
    } catch (...) {
      parts_[part].result.set_exception(std::current_exception());
    }
  }
  struct Part {
    std::atomic<bool> is_begun = false;
    std::promise<Result> result;
  };
  std::vector<Part> parts_;
  std::function<Result(std::size_t)> work_;
};

/// `work(0)` … `work(parts - 1)`, several at once, and what they return, in this order. The calling thread
/// works too.
template <class Work>
auto in_parts(std::size_t parts, const Work& work) {
  using Result = decltype(work(std::size_t{0}));
  Parts<Result> all(parts, work);
  const std::size_t threads =
      std::min<std::size_t>(parts, std::max(1U, std::thread::hardware_concurrency()));
  std::vector<Beside<void>> others;
  for (std::size_t thread = 1; thread < threads; ++thread)
    others.push_back(beside([&all] { all.help(); }));
  all.help();
  std::vector<Result> results;
  results.reserve(parts);
  for (std::size_t part = 0; part < parts; ++part) results.push_back(all.take(part));
  return results;
}

}  // namespace ddbplan::support
