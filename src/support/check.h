// Assertions for our own defects, on in release builds too (NDEBUG removes the standard one). User
// input is never asserted: it gets a Diagnostic. A failed check throws Defect, which main turns
// into a message and exit status 3.
#pragma once

#include <stdexcept>
#include <string>

namespace ddbplan::support {

/// A defect of ddbplan itself: an invariant of our own code did not hold.
class Defect : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void fail_check(const char* condition, const char* file, int line,
                             const std::string& message);

}  // namespace ddbplan::support

#define DDBPLAN_CHECK(condition)      \
  ((condition) ? static_cast<void>(0) \
               : ::ddbplan::support::fail_check(#condition, __FILE__, __LINE__, std::string()))

#define DDBPLAN_CHECK_MSG(condition, message) \
  ((condition) ? static_cast<void>(0)         \
               : ::ddbplan::support::fail_check(#condition, __FILE__, __LINE__, (message)))
