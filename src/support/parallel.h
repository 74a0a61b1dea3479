// Work in parts that do not touch one another, each on a thread of its own. The result does not
// depend on how many parts the machine makes of it: callers join what the parts give in order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <future>
#include <system_error>
#include <thread>
#include <vector>

namespace ddbplan::support {

/// Runs `work` on a thread of its own, or where the system has none to give, when the result is
/// waited for. (Asked for both, g++ 12's library moves the work away before it falls back.)
template <class Work>
auto beside(const Work& work) {
  try {
    return std::async(std::launch::async, work);
  } catch (const std::system_error&) {
    return std::async(std::launch::deferred, work);
  }
}

/// Into how many parts `size` is worth being divided, at least one: a thread costs some 50 us to
/// start, so none gets less than `size_min`.
inline std::size_t part_count(std::size_t size, std::size_t size_min) {
  constexpr std::size_t kPartsMax = 8;
  const std::size_t worth = size / std::max<std::size_t>(size_min, 1);
  const std::size_t machine = std::thread::hardware_concurrency();
  return std::max<std::size_t>(std::min({worth, machine, kPartsMax}), 1);
}

/// `work(0)` … `work(parts - 1)` at once, and what they return, in this order. The calling thread
/// does the first itself.
template <class Work>
auto in_parts(std::size_t parts, const Work& work) {
  std::vector<decltype(work(std::size_t{0}))> results(parts);
  std::vector<std::future<void>> others;
  for (std::size_t part = 1; part < parts; ++part) {
    others.push_back(beside([&results, &work, part] { results[part] = work(part); }));
  }
  if (parts > 0) results[0] = work(std::size_t{0});
  for (std::future<void>& other : others) other.get();
  return results;
}

}  // namespace ddbplan::support
