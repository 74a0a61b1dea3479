#include "emit/markdown.h"

#include <doctest/doctest.h>

#include <string>

#include "emit/markdown_report.h"
#include "tests/unit/emit/shop_fixture.h"

using namespace ddbplan;        // NOLINT(google-build-using-namespace)
using namespace ddbplan::emit;  // NOLINT(google-build-using-namespace)
using ddbplan::emit::test::ShopFixture;

TEST_CASE("text is escaped for Markdown, HTML and tables") {
  CHECK(markdown_text("a_b*c") == "a_b\\*c");
  CHECK(markdown_text("_a_ b") == "\\_a\\_ b");
  CHECK(markdown_text("<b>&</b>") == "&lt;b&gt;&amp;&lt;/b&gt;");
  CHECK(markdown_text("a|b\nc") == "a\\|b c");
  CHECK(markdown_text("[x](javascript:y)") == "\\[x\\](javascript:y)");
  CHECK(markdown_text("# not a heading") == "\\# not a heading");
  CHECK(markdown_text("1. not a list, eu-west-1") == "1\\. not a list, eu-west-1");
  CHECK(markdown_text("\x1b[2J") == "\\\\x1B\\[2J");
}

TEST_CASE("code spans are fenced by more backticks than they hold") {
  CHECK(markdown_code("PK = :pk") == "`PK = :pk`");
  CHECK(markdown_code("a`b``c") == "```a`b``c```");
  CHECK(markdown_code("`a") == "`` `a ``");
  CHECK(markdown_code("{a|pad:12}") == "`{a\\|pad:12}`");
  CHECK(markdown_code("") == "");
}

TEST_CASE("Mermaid labels and words") {
  CHECK(mermaid_label("Order \"x\"; #1") == "\"Order #34;x#34;#59; #35;1\"");
  CHECK(mermaid_label("a\nb") == "\"a b\"");
  CHECK(mermaid_word("order_id") == "order_id");
  CHECK(mermaid_word("1st-id") == "_1st_id");
  CHECK(mermaid_word("") == "_");
}

TEST_CASE("tables") {
  CHECK(markdown_table({"A", "B"}, {{"x", "1"}}, {1}) == "| A | B |\n| --- | ---: |\n| x | 1 |\n");
}

TEST_CASE("the entity diagram") {
  CHECK(mermaid_entities(ShopFixture().workload) == R"(erDiagram
  e0["Customer"] {
    ulid customer_id PK
    string name
  }
  e1["Order"] {
    ulid customer_id PK, FK
    ulid order_id PK
    string status
    number total
  }
  e0 ||--o{ e1 : "12 .. 5,000"
)");
}

TEST_CASE("the report has every part, and hostile names stay text") {
  ShopFixture shop;
  shop.workload.service = "<script>alert(1)</script>";
  shop.workload.patterns[1].name = "open|orders `x`";
  const std::string report = markdown_report(shop.bundle());
  for (const char* part :
       {"## Tables and indexes", "## Entities and keys", "```mermaid\nerDiagram",
        "## Access patterns", "### customer_page", "## Hottest partition keys", "## Cost a month",
        "**$21.03**", "## Decisions", "$1,234.50 more a month", "ruled out by 800 write units",
        "## Assumptions", "`{order_id}`"}) {
    INFO(part);
    CHECK(report.find(part) != std::string::npos);
  }
  CHECK(report.find("<script>") == std::string::npos);
  CHECK(report.find("`` open\\|orders `x` ``") != std::string::npos);
}
