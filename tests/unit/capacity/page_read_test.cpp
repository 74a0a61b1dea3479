#include "capacity/page_read.h"

#include <doctest/doctest.h>

#include <limits>

using namespace ddbplan;
using capacity::CountDistribution;
using capacity::PageRead;

namespace {

PageRead first_page() {
  return {CountDistribution::children(model::Spread{20, 200}), {500, 0, 1}, 1024 * 1024, 0, 10};
}

}  // namespace

TEST_CASE("a page reads what is wanted of what there is") {
  // 30 rows of 500 B; ten are wanted: 5,000 B are two blocks of 4 KB.
  PageRead page{CountDistribution::exactly(30), {500, 0, 1}, 1024 * 1024, 0, 10};
  CHECK(capacity::page_read_cost(page).expected.blocks == doctest::Approx(2));
  CHECK(capacity::page_read_cost(page).expected.items == doctest::Approx(10));
  // The third page has the last ten; a fourth is asked for, and is empty, where the third was full.
  page.skipped = 20;
  CHECK(capacity::page_read_cost(page).expected.items == doctest::Approx(10));
  // Where nothing is left after full pages no more is asked for.
  page.skipped = 30;
  CHECK(capacity::page_read_cost(page).expected.requests == 0);
}

TEST_CASE("a filter finds some row of three unless it drops each") {
  CHECK(capacity::share_that_finds_some(CountDistribution::exactly(3), 0.2) ==
        doctest::Approx(1 - 0.8 * 0.8 * 0.8));
  CHECK(capacity::share_that_finds_some(CountDistribution::exactly(3), 0) == 0);
}

TEST_CASE("what is remembered of a page is what would be worked out") {
  std::vector<PageRead> pages(9, first_page());
  pages[1].matched = CountDistribution::exactly(20);
  pages[2].matched = first_page().matched.by_traffic();
  pages[3].size.mean = 501;
  pages[4].beside = 300;
  pages[5].wanted = std::numeric_limits<double>::infinity();
  pages[6].kept = pages[6].asked = 0.5;
  pages[7].skipped = 0;
  pages[8].page_bytes = 4096;
  capacity::PageReadMemo memo;
  for (int round = 0; round < 2; ++round) {
    for (const PageRead& page : pages) {
      const capacity::PageReadCost meant = capacity::page_read_cost(page);
      const capacity::PageReadCost found = memo.cost(page);
      CHECK(found.expected.blocks == meant.expected.blocks);
      CHECK(found.expected.requests == meant.expected.requests);
      CHECK(found.expected.items == meant.expected.items);
      CHECK(found.at_once == meant.at_once);
      CHECK(memo.finds_some(page.matched, page.kept) ==
            capacity::share_that_finds_some(page.matched, page.kept));
    }
  }
}
