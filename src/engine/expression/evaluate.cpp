#include "engine/expression/evaluate.h"

#include <algorithm>

#include "engine/expression/visit.h"
#include "support/utf8.h"

namespace ddbplan::engine {

using dynamo::AttributeValue;
using dynamo::Item;

namespace {

/// Java's String.length(), which is what size() of a string counts: UTF-16 code units.
std::int64_t utf16_length(std::string_view text) {
  std::int64_t length = 0;
  while (!text.empty()) {
    const support::CodePoint point = support::decode_code_point(text);
    length += point.value > 0xFFFF ? 2 : 1;
    text.remove_prefix(point.length);
  }
  return length;
}

/// nullopt for the types that have no size.
std::optional<std::int64_t> size_of(const AttributeValue& value) {
  const auto count = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  using Size = std::optional<std::int64_t>;
  return std::visit(
      Overloaded{
          [&](const std::string& text) -> Size { return utf16_length(text); },
          [&](const dynamo::Binary& binary) -> Size { return count(binary.bytes.size()); },
          [&](const dynamo::List& list) -> Size { return count(list.size()); },
          [&](const dynamo::Map& map) -> Size { return count(map.size()); },
          [&](const dynamo::StringSet& set) -> Size { return count(set.elements.size()); },
          [&](const dynamo::NumberSet& set) -> Size { return count(set.elements.size()); },
          [&](const dynamo::BinarySet& set) -> Size { return count(set.elements.size()); },
          [&](const auto&) -> Size { return std::nullopt; },
      },
      value.data);
}

/// The order of two scalars of one type; nullopt when they have none.
std::optional<std::strong_ordering> order(const AttributeValue& a, const AttributeValue& b) {
  if (a.data.index() != b.data.index()) return std::nullopt;
  const bool scalar =
      a.as_string() != nullptr || a.as_number() != nullptr || a.as_binary() != nullptr;
  if (!scalar) return std::nullopt;
  return dynamo::compare_keys(a, b);
}

bool compares(Comparator comparator, const AttributeValue* a, const AttributeValue* b) {
  const bool present = a != nullptr && b != nullptr;
  if (comparator == Comparator::equal) return present && *a == *b;
  if (comparator == Comparator::not_equal) return !present || *a != *b;
  const auto ordering = present ? order(*a, *b) : std::nullopt;
  if (!ordering) return false;
  switch (comparator) {
    case Comparator::less:
      return *ordering < 0;
    case Comparator::less_equal:
      return *ordering <= 0;
    case Comparator::greater:
      return *ordering > 0;
    case Comparator::greater_equal:
      return *ordering >= 0;
    default:
      return false;
  }
}

bool begins_with(const AttributeValue& value, const AttributeValue& prefix) {
  if (value.data.index() != prefix.data.index()) return false;
  if (const std::string* text = value.as_string()) return text->starts_with(*prefix.as_string());
  const dynamo::Binary* binary = value.as_binary();
  return binary != nullptr && binary->bytes.starts_with(prefix.as_binary()->bytes);
}

template <class Element>
bool has(const std::vector<Element>& sorted, const Element* element) {
  return element != nullptr && std::binary_search(sorted.begin(), sorted.end(), *element);
}

bool contains(const AttributeValue& value, const AttributeValue& part) {
  return std::visit(
      Overloaded{
          [&](const std::string& text) {
            const std::string* piece = part.as_string();
            return piece != nullptr && text.find(*piece) != std::string::npos;
          },
          [&](const dynamo::Binary& binary) {
            const dynamo::Binary* piece = part.as_binary();
            return piece != nullptr && binary.bytes.find(piece->bytes) != std::string::npos;
          },
          [&](const dynamo::List& list) {
            return std::find(list.begin(), list.end(), part) != list.end();
          },
          [&](const dynamo::StringSet& set) { return has(set.elements, part.as_string()); },
          [&](const dynamo::NumberSet& set) { return has(set.elements, part.as_number()); },
          [&](const dynamo::BinarySet& set) { return has(set.elements, part.as_binary()); },
          [&](const auto&) { return false; },
      },
      value.data);
}

class Evaluation {
 public:
  Evaluation(const Bindings& bindings, const Item& item) : bindings_(bindings), item_(item) {}

  [[nodiscard]] bool condition(const Condition& condition) const {
    const auto holds_here = [this](const Condition& term) { return this->condition(term); };
    return std::visit(Overloaded{
                          [&](const Comparison& node) { return comparison(node); },
                          [&](const Between& node) { return between(node); },
                          [&](const In& node) { return in(node); },
                          [&](const FunctionCall& node) { return call(node); },
                          [&](const And& node) {
                            return std::all_of(node.terms.begin(), node.terms.end(), holds_here);
                          },
                          [&](const Or& node) {
                            return std::any_of(node.terms.begin(), node.terms.end(), holds_here);
                          },
                          [&](const Not& node) { return !this->condition(*node.term); },
                      },
                      condition.node);
  }

 private:
  /// An operand's value; nullptr when it has none. `computed` holds it when nothing else does.
  const AttributeValue* value(const Operand& operand, AttributeValue& computed) const {
    if (const ValueId* id = std::get_if<ValueId>(&operand.node)) return &bindings_.value(*id);
    if (const Path* path = std::get_if<Path>(&operand.node)) {
      return find_path(item_, *path, bindings_);
    }
    // The checks leave no other function here than size().
    const FunctionCall& size = *std::get<std::unique_ptr<FunctionCall>>(operand.node);
    AttributeValue inner;
    const AttributeValue* measured = value(size.arguments.front(), inner);
    const std::optional<std::int64_t> count = measured ? size_of(*measured) : std::nullopt;
    if (!count) return nullptr;
    computed = AttributeValue::number(*count);
    return &computed;
  }

  [[nodiscard]] bool comparison(const Comparison& node) const {
    AttributeValue left;
    AttributeValue right;
    return compares(node.comparator, value(node.left, left), value(node.right, right));
  }

  [[nodiscard]] bool between(const Between& node) const {
    AttributeValue scratch;
    AttributeValue bound;
    const AttributeValue* found = value(node.value, scratch);
    return compares(Comparator::greater_equal, found, value(node.low, bound)) &&
           compares(Comparator::less_equal, found, value(node.high, bound));
  }

  [[nodiscard]] bool in(const In& node) const {
    AttributeValue scratch;
    const AttributeValue* found = value(node.value, scratch);
    return std::any_of(node.candidates.begin(), node.candidates.end(), [&](const Operand& one) {
      AttributeValue computed;
      return compares(Comparator::equal, found, value(one, computed));
    });
  }

  [[nodiscard]] bool call(const FunctionCall& node) const {
    AttributeValue scratch;
    const AttributeValue* first = value(node.arguments.front(), scratch);
    if (node.function == Function::attribute_exists) return first != nullptr;
    if (node.function == Function::attribute_not_exists) return first == nullptr;
    AttributeValue computed;
    const AttributeValue* second = value(node.arguments.back(), computed);
    if (first == nullptr || second == nullptr) return false;
    switch (node.function) {
      case Function::attribute_type:
        return first->type_name() == *second->as_string();
      case Function::begins_with:
        return begins_with(*first, *second);
      case Function::contains:
        return contains(*first, *second);
      default:
        return false;
    }
  }

  const Bindings& bindings_;
  const Item& item_;
};

}  // namespace

const AttributeValue* find_path(const Item& item, const Path& path, const Bindings& bindings) {
  const auto* head = item.find(path_head(path, bindings));
  if (head == item.end()) return nullptr;
  const AttributeValue* value = &head->second;
  for (std::size_t i = 1; i < path.elements.size() && value != nullptr; ++i) {
    if (const NameId* name = std::get_if<NameId>(&path.elements[i])) {
      const dynamo::Map* map = std::get_if<dynamo::Map>(&value->data);
      if (map == nullptr) return nullptr;
      const auto* found = map->find(bindings.name(*name));
      value = found == map->end() ? nullptr : &found->second;
    } else {
      const dynamo::List* list = std::get_if<dynamo::List>(&value->data);
      const std::uint64_t index = std::get<ListIndex>(path.elements[i]).number;
      value = list != nullptr && index < list->size() ? &(*list)[index] : nullptr;
    }
  }
  return value;
}

bool holds(const Condition& condition, const Bindings& bindings, const Item& item) {
  return Evaluation(bindings, item).condition(condition);
}

}  // namespace ddbplan::engine
