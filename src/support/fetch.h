// What will be needed soon is asked of memory before: it is waited for while something else is done.
#pragma once

namespace ddbplan::support {

/// Asks for what stands at an address, and goes on. Any address will do.
inline void fetch(const void* at) {
  __builtin_prefetch(at);
}

}  // namespace ddbplan::support
