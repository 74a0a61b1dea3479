#include "emit/text_report.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "emit/text_table.h"
#include "support/text.h"
#include "tests/unit/emit/shop_fixture.h"

using namespace ddbplan;        // NOLINT(google-build-using-namespace)
using namespace ddbplan::emit;  // NOLINT(google-build-using-namespace)
using ddbplan::emit::test::ShopFixture;

TEST_CASE("a report at 80 columns, to the byte") {
  const ShopFixture shop;
  CHECK(text_report(shop.bundle()) == R"(shop: $21.03 a month, on-demand, eu-west-1
  3 access patterns ran in 21 requests over 4,210 items: each answer and each
  unit as planned.
  The cheapest of 41 designs compared; not proven to be the cheapest possible.

Tables and indexes
  Name    Key             Projects  Items     Size  Used by
  shop    PK, SK                     26 M   7.5 GB  2 patterns
    point-in-time recovery for 35 days
    GSI1  GSI1PK, GSI1SK  total     240 k  38.1 MB  open_orders

Access patterns
  Pattern        Answered by           Read  Write    Mean   Peak  $/month
  customer_page  Query                  0.5      -    90/s  270/s   $16.73
  open_orders    Query GSI1, 2 shards     2      -     2/s    6/s    $1.49
  place_order    PutItem                  -      2  0.38/s   60/s    $0.71
  Read and Write: request units of one call, indexes included.

Keys
  Item      In    Partition key           Sort key          Bytes
  Customer  shop  CUSTOMER#{customer_id}  CUSTOMER          180 B
  Order     shop  CUSTOMER#{customer_id}  ORDER#{order_id}  211 B
            GSI1  ORDERS#OPEN#{shard}     {order_id}
    if status = OPEN; 2 shards by order_id

Hottest partition keys, in units a second
  Key          In    When  Reads/s  Writes/s  Shards  Of ceiling
  ORDERS#OPEN  GSI1  peak        0       800       2        40 %

Cost a month
  What                 Of         Quantity  Unit        Cost
  read request units   shop            118  million   $16.73
  write request units  shop              1  million    $0.71
  read request units   shop.GSI1     10.51  million    $1.49
  storage              shop           7.45  GB-month   $2.11
  total                                               $21.03
  Provisioned it would be $42.00 a month.
  Not priced: data transfer between regions.

Assumptions
  Prices of eu-west-1 as of 2025-08-28; 730 hours a month; average over 12
  months.
  Default                             Value  Because
  access_patterns.customer_page.peak  270/s  3 x the mean
)");
}

TEST_CASE("narrow and wide terminals: no line is longer, no word is lost") {
  ShopFixture shop;
  shop.workload.patterns[1].name = std::string(70, 'p');
  shop.workload.defaults[0].path = std::string(90, 'x');
  for (const int width : {60, 72, 80, 200}) {
    const std::string text = text_report(shop.bundle(), {.width = width, .bold = false});
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         end = text.find('\n', begin)) {
      INFO(text.substr(begin, end - begin));
      CHECK(support::count_code_points(text.substr(begin, end - begin)) <=
            static_cast<std::size_t>(width));
      begin = end + 1;
    }
    CHECK(static_cast<int>(std::count(text.begin(), text.end(), 'p')) >= 70);
  }
}

TEST_CASE("bold adds escape sequences and nothing else") {
  const ShopFixture shop;
  std::string bold = text_report(shop.bundle(), {.width = 80, .bold = true});
  CHECK(bold.starts_with("\x1b[1mshop: $21.03 a month, on-demand, eu-west-1\x1b[0m\n"));
  for (const std::string_view escape : {"\x1b[1m", "\x1b[0m"}) {
    for (auto at = bold.find(escape); at != std::string::npos; at = bold.find(escape)) {
      bold.erase(at, escape.size());
    }
  }
  CHECK(bold == text_report(shop.bundle()));
}

TEST_CASE("hostile names cannot drive the terminal") {
  ShopFixture shop;
  shop.workload.service = "\x1b[2Jshop";
  shop.workload.patterns[0].name = "a\x1b]0;title\x07";
  shop.workload.defaults[0].value = "\r\n$0.00";
  const std::string text = text_report(shop.bundle());
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\r') == std::string::npos);
  CHECK(text.find("\\x1B[2Jshop") != std::string::npos);
}

TEST_CASE("failures of the proof, findings and what is not served are said") {
  ShopFixture shop;
  shop.proof.failures = {{{1}, "expected 3 items, found 2", "no parameters"}};
  shop.diagnostics.add({"DDB101",
                        "low-cardinality",
                        support::Severity::warning,
                        "the partition key has 3 values",
                        {11, 18},
                        {},
                        ""});
  shop.design.plans[2].served = design::Served::no;
  const std::string text = text_report(shop.bundle());
  CHECK(text.find("Failures of the proof\n  open_orders: expected 3 items, found 2") !=
        std::string::npos);
  CHECK(text.find("warning[DDB101] shop.yaml:2:1 the partition key has 3 values") !=
        std::string::npos);
  CHECK(text.find("not served") != std::string::npos);
  CHECK(text.find("1 failure.") != std::string::npos);

  Bundle bundle = shop.bundle();
  bundle.proof = nullptr;
  CHECK(text_report(bundle).find("Not proven in this run.") != std::string::npos);
}

TEST_CASE("cells wrap at blanks and separators, and keep every character") {
  CHECK(wrap_cell("CUSTOMER#{customer_id}", 12) ==
        std::vector<std::string>{"CUSTOMER#", "{customer_", "id}"});
  CHECK(wrap_cell("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap_cell("abcdefgh", 3) == std::vector<std::string>{"abc", "def", "gh"});
  CHECK(wrap_cell("", 3) == std::vector<std::string>{""});
}
