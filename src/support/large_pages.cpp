#include "support/large_pages.h"

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace ddbplan::support {

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)

namespace {

void ask_for_large_pages(std::uintptr_t begin, std::size_t size) {
  auto* place = reinterpret_cast<void*>(begin);  // NOLINT(performance-no-int-to-ptr): was rounded
  madvise(place, size, MADV_HUGEPAGE);
}

}  // namespace

void prefer_large_pages(int megabytes) {
  constexpr int kMegabyte = 1 << 20;
  constexpr int kStep = 64 * kMegabyte;
  constexpr std::uintptr_t kPage = std::uintptr_t{2} * kMegabyte;
  // What is freed stays, large blocks come from the heap as well, and the heap grows by its whole size at once.
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_MMAP_THRESHOLD, kStep / 2);
  mallopt(M_TOP_PAD, megabytes * kMegabyte);
  const auto before = reinterpret_cast<std::uintptr_t>(sbrk(0));
  void* volatile block = std::malloc(kMegabyte);  // volatile: or the compiler leaves the pair out
  std::free(block);
  mallopt(M_TOP_PAD, kStep);
  const auto after = reinterpret_cast<std::uintptr_t>(sbrk(0));
  const std::uintptr_t begin = (before + kPage - 1) / kPage * kPage;
  // A machine without large pages refuses, and nothing is lost.
  if (begin < after) ask_for_large_pages(begin, after - begin);
}

void prefer_large_pages_of_thread() {
  // The C library gives a thread heaps of this size, at multiples of it, on 64-bit machines.
  constexpr std::uintptr_t kThreadHeap = 64 << 20;
  if (sizeof(void*) < 8) return;
  void* volatile block = std::malloc(64);
  const auto begin = reinterpret_cast<std::uintptr_t>(block) / kThreadHeap * kThreadHeap;
  std::free(block);
  // Where the guess is wrong nothing is mapped there, or not all of it, and the system refuses.
  ask_for_large_pages(begin, kThreadHeap);
}

#else

void prefer_large_pages(int /*megabytes*/) {}
void prefer_large_pages_of_thread() {}

#endif

}  // namespace ddbplan::support
