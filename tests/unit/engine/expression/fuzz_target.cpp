#include "tests/unit/engine/expression/fuzz_target.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "dynamo/limits.h"
#include "engine/expression/check.h"
#include "engine/expression/evaluate.h"
#include "engine/expression/parser.h"
#include "engine/expression/update.h"
#include "engine/projecting.h"

namespace ddbplan::engine::testing {
namespace {

using dynamo::AttributeValue;

/// An item whose attributes have the names a fuzzer finds first.
const dynamo::Item& sample_item() {
  static const dynamo::Item kItem = {
      {"a", AttributeValue::number(5)},
      {"b", AttributeValue::string("text")},
      {"l", AttributeValue(AttributeValue::Variant(dynamo::List{AttributeValue::number(1)}))},
      {"m", AttributeValue(AttributeValue::Variant(dynamo::Map{{"a", AttributeValue()}}))}};
  return kItem;
}

/// Defines every placeholder: names by turns as a, b, l, m; values as numbers, texts and lists.
dynamo::ExpressionNames define(const Symbols& symbols) {
  dynamo::ExpressionNames names;
  constexpr std::array<const char*, 4> kAttributes = {"a", "b", "l", "m"};
  for (std::size_t i = 0; i < symbols.names.size(); ++i) {
    if (symbols.names[i].front() == '#') names.names[symbols.names[i]] = kAttributes[i % 4];
  }
  const std::array<AttributeValue, 3> values = {AttributeValue::number(2),
                                                AttributeValue::string("S"), sample_item().at("l")};
  for (std::size_t i = 0; i < symbols.values.size(); ++i) {
    names.values[symbols.values[i]] = values[i % 3];
  }
  return names;
}

/// Calls `use(tree, bindings)` for what passes all checks.
template <class Parsed, class Use>
void check_and_use(const Parsed& parsed, const Use& use) {
  if (!parsed || check_structure(*parsed)) return;
  const dynamo::ExpressionNames names = define(parsed->symbols);
  Placeholders placeholders(names);
  const auto bindings = placeholders.bind(parsed->symbols);
  if (!bindings || check_operands(*parsed, *bindings)) return;
  use(*parsed, *bindings);
}

}  // namespace

void parse_anything(std::string_view input) {
  if (input.size() > dynamo::limits::kExpressionBytesMax) return;
  check_and_use(parse_condition(input), [](const ConditionExpression& tree, const Bindings& b) {
    (void)holds(tree.root, b, sample_item());
  });
  check_and_use(parse_update(input), [](const UpdateExpression& tree, const Bindings& b) {
    (void)apply_update(tree, b, sample_item());
  });
  check_and_use(parse_projection(input), [](const ProjectionExpression& tree, const Bindings& b) {
    std::vector<const Path*> paths;
    for (const Path& path : tree.paths) paths.push_back(&path);
    (void)Projection(paths, b).apply(sample_item());
  });
}

}  // namespace ddbplan::engine::testing

// For a fuzzer's main; under ctest, fuzz_test.cpp replays the corpus.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ddbplan::engine::testing::parse_anything({reinterpret_cast<const char*>(data), size});
  return 0;
}
