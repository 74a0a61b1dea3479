// JSON texts: whatever the bytes are, parsing ends; what is an item is written and read back as the
// same item, by the tree and by the parser of seed files alike.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dynamo/json_lines.h"
#include "dynamo/json_tree.h"
#include "dynamo/wire_values.h"

namespace dynamo = ddbplan::dynamo;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void read_back(const dynamo::Item& item) {
  std::string text;
  dynamo::append_item_json(text, item);
  const auto again = dynamo::parse_item_json(text);
  require(again.ok() && *again == item);
  dynamo::JsonTree tree;
  require(tree.parse(text));
  dynamo::WireProblems problems;
  dynamo::Item read;
  dynamo::ValueReader(problems).item(tree.root(), read);
  require(!problems.first() && read == item);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  dynamo::JsonTree tree;
  if (tree.parse(text)) {
    dynamo::WireProblems problems;
    dynamo::Item item;
    dynamo::ValueReader(problems).item(tree.root(), item);
    if (!problems.first()) read_back(item);
  }
  static_cast<void>(dynamo::parse_item_line(text));
  return 0;
}
