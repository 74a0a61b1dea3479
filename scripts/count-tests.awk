# Reads what `ctest --output-junit` writes and prints "PASSED FAILED SKIPPED": doctest's test cases
# where a test prints doctest's summary, else the test itself. A test that failed always gives at least
# one failure, also when it died before the summary. (LastTest.log would not do: it says "Test Passed."
# of tests that were skipped or never started.)
#
#   [doctest] test cases:  9 |  8 passed | 1 failed | 16 skipped
#
# The "skipped" in a summary are cases of other files, which the filter left out; they do not count.

/<testcase / {
  result = /status="run"/ ? "passed" : "failed"
  has_summary = case_passed = case_failed = 0
}

# ctest also calls "skipped" what it could not start.
/<skipped message="SKIP_/ { result = "skipped" }

/\[doctest\] test cases:/ {
  has_summary = 1
  for (i = 2; i <= NF; ++i) {
    if ($i == "passed") case_passed = $(i - 1)
    if ($i == "failed") case_failed = $(i - 1)
  }
}

/<\/testcase>/ {
  tests += 1
  if (result == "skipped") {
    skipped += 1
  } else if (result == "passed") {
    passed += has_summary ? case_passed : 1
  } else {
    passed += case_passed
    failed += case_failed > 0 ? case_failed : 1
  }
}

END {
  if (tests == 0) exit 1
  print passed + 0, failed + 0, skipped + 0
}
