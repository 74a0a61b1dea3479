// Memory in few, large pages where the machine has them: fewer faults for what is new, and fewer look-ups of addresses
// for what is large and read at random.
#pragma once

namespace ddbplan::support {

/// The first so many megabytes of the heap, which is address space until it is used. Memory that is freed stays with
/// the program. REQUIRES: below 2,048; the program has one thread.
void prefer_large_pages(int megabytes);
/// What the calling thread will allocate first, if it is not the program's first thread.
void prefer_large_pages_of_thread();

}  // namespace ddbplan::support
