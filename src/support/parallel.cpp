#include "support/parallel.h"

#if defined(__linux__)
#include <pthread.h>
#include <sched.h>
#endif

namespace ddbplan::support {

#if defined(__linux__)

void start_elsewhere(std::thread& started) {
  cpu_set_t allowed;
  const int here = sched_getcpu();
  const bool is_known = pthread_getaffinity_np(pthread_self(), sizeof allowed, &allowed) == 0;
  if (!is_known || here < 0 || CPU_COUNT(&allowed) < 2) return;
  // Kept away from here it moves at once; then it may go where it likes.
  cpu_set_t others = allowed;
  CPU_CLR(static_cast<std::size_t>(here), &others);
  pthread_setaffinity_np(started.native_handle(), sizeof others, &others);
  pthread_setaffinity_np(started.native_handle(), sizeof allowed, &allowed);
}

#else

void start_elsewhere(std::thread& /*started*/) {}

#endif

}  // namespace ddbplan::support
