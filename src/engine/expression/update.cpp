#include "engine/expression/update.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/expression/evaluate.h"
#include "engine/expression/visit.h"

namespace ddbplan::engine {

using dynamo::AttributeValue;
using dynamo::Decimal;
using dynamo::Item;
using dynamo::List;
using dynamo::Map;
using support::Result;

namespace {

constexpr const char* kMissing =
    "The provided expression refers to an attribute that does not exist in the item";
constexpr const char* kBadPath =
    "The document path provided in the update expression is invalid for update";

using ValueResult = Result<AttributeValue, std::string>;

ValueResult wrong_type() {
  return std::string(kWrongOperand);
}

AttributeValue wrap(AttributeValue::Variant data) {
  return AttributeValue(std::move(data));
}

ValueResult checked(Result<Decimal, dynamo::DecimalError> number) {
  if (!number) return std::string(dynamo::decimal_error_message(number.error()));
  return AttributeValue::number(*std::move(number));
}

/// Reads operands of SET from the item before the update.
class Operands {
 public:
  Operands(const Bindings& bindings, const Item& item) : bindings_(bindings), item_(item) {}

  [[nodiscard]] ValueResult assigned(const UpdateAction& action) const {
    ValueResult left = value(*action.left);
    if (!left || !action.right) return left;
    ValueResult right = value(*action.right);
    if (!right) return right;
    const Decimal* a = left->as_number();
    const Decimal* b = right->as_number();
    if (a == nullptr || b == nullptr) return wrong_type();
    return checked(action.arithmetic == '+' ? Decimal::add(*a, *b) : Decimal::subtract(*a, *b));
  }

 private:
  [[nodiscard]] ValueResult value(const Operand& operand) const {
    if (const ValueId* id = std::get_if<ValueId>(&operand.node)) return bindings_.value(*id);
    if (const Path* path = std::get_if<Path>(&operand.node)) {
      const AttributeValue* found = find_path(item_, *path, bindings_);
      if (found == nullptr) return std::string(kMissing);
      return *found;
    }
    const FunctionCall& call = *std::get<std::unique_ptr<FunctionCall>>(operand.node);
    return call.function == Function::if_not_exists ? if_not_exists(call) : list_append(call);
  }

  [[nodiscard]] ValueResult if_not_exists(const FunctionCall& call) const {
    const Path& path = std::get<Path>(call.arguments[0].node);
    if (const AttributeValue* found = find_path(item_, path, bindings_)) return *found;
    return value(call.arguments[1]);
  }

  [[nodiscard]] ValueResult list_append(const FunctionCall& call) const {
    ValueResult first = value(call.arguments[0]);
    if (!first) return first;
    ValueResult second = value(call.arguments[1]);
    if (!second) return second;
    List* list = std::get_if<List>(&first->data);
    const List* tail = std::get_if<List>(&second->data);
    if (list == nullptr || tail == nullptr) return wrong_type();
    list->insert(list->end(), tail->begin(), tail->end());
    return first;
  }

  const Bindings& bindings_;
  const Item& item_;
};

/// REQUIRES: a path of at least two elements.
Path parent_of(const Path& path) {
  Path parent;
  parent.elements.assign(path.elements.begin(), path.elements.end() - 1);
  return parent;
}

/// The value that holds the last element of `path`; nullptr when it is missing.
const AttributeValue* find_parent(const Item& item, const Path& path, const Bindings& bindings) {
  return find_path(item, parent_of(path), bindings);
}

AttributeValue* find_parent(Item& item, const Path& path, const Bindings& bindings) {
  return const_cast<AttributeValue*>(find_parent(std::as_const(item), path, bindings));
}

template <class Set>
Set united(const Set& a, const Set& b) {
  Set result;
  std::set_union(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(),
                 std::back_inserter(result.elements));
  return result;
}

template <class Set>
Set without(const Set& a, const Set& b) {
  Set result;
  std::set_difference(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(),
                      std::back_inserter(result.elements));
  return result;
}

ValueResult added(const AttributeValue& old, const AttributeValue& more) {
  return std::visit(
      Overloaded{
          [](const Decimal& a, const Decimal& b) { return checked(Decimal::add(a, b)); },
          [](const dynamo::StringSet& a, const dynamo::StringSet& b) {
            return ValueResult(wrap(united(a, b)));
          },
          [](const dynamo::NumberSet& a, const dynamo::NumberSet& b) {
            return ValueResult(wrap(united(a, b)));
          },
          [](const dynamo::BinarySet& a, const dynamo::BinarySet& b) {
            return ValueResult(wrap(united(a, b)));
          },
          [](const auto&, const auto&) { return wrong_type(); },
      },
      old.data, more.data);
}

/// NULL when nothing is left: a set is never empty.
ValueResult erased(const AttributeValue& old, const AttributeValue& less) {
  const auto difference = [](const auto& a, const auto& b) {
    auto rest = without(a, b);
    return ValueResult(rest.elements.empty() ? AttributeValue() : wrap(std::move(rest)));
  };
  return std::visit(
      Overloaded{
          [&](const dynamo::StringSet& a, const dynamo::StringSet& b) { return difference(a, b); },
          [&](const dynamo::NumberSet& a, const dynamo::NumberSet& b) { return difference(a, b); },
          [&](const dynamo::BinarySet& a, const dynamo::BinarySet& b) { return difference(a, b); },
          [](const auto&, const auto&) { return wrong_type(); },
      },
      old.data, less.data);
}

/// One place to write, worked out from the item as it was. No value: remove what is there.
struct Write {
  const Path* target = nullptr;
  std::optional<AttributeValue> value;
};

class Updater {
 public:
  Updater(const Bindings& bindings, const Item& item) : bindings_(bindings), before_(item) {}

  std::optional<std::string> plan(const UpdateAction& action) {
    switch (action.clause) {
      case UpdateClause::set:
        return plan_value(action, Operands(bindings_, before_).assigned(action));
      case UpdateClause::remove:
        writes_.push_back({&action.target, std::nullopt});
        return std::nullopt;
      case UpdateClause::add:
      case UpdateClause::erase:
        break;
    }
    const AttributeValue& operand = bindings_.value(std::get<ValueId>(action.left->node));
    const AttributeValue* old = find_path(before_, action.target, bindings_);
    if (action.clause == UpdateClause::add) {
      return plan_value(action, old == nullptr ? ValueResult(operand) : added(*old, operand));
    }
    if (old == nullptr) return check_parent(action.target);
    ValueResult rest = erased(*old, operand);
    if (rest && std::holds_alternative<dynamo::Null>(rest->data)) {
      writes_.push_back({&action.target, std::nullopt});
      return std::nullopt;
    }
    return plan_value(action, std::move(rest));
  }

  Result<Item, std::string> run() {
    Item item = before_;
    // By the list's path: writing to maps moves what is in them.
    std::map<std::string, std::vector<const Write*>> list_writes;
    for (const Write& write : writes_) {
      const Path& path = *write.target;
      if (path.elements.size() == 1) {
        write_entry(item, write);
        continue;
      }
      AttributeValue* parent = find_parent(item, path, bindings_);
      if (parent == nullptr) return std::string(kBadPath);
      if (std::holds_alternative<ListIndex>(path.elements.back())) {
        if (!std::holds_alternative<List>(parent->data)) return std::string(kBadPath);
        // Positions mean the list as it was, so all of a list's writes are made together, and
        // last: until then no other path into it changes its meaning.
        list_writes[path_text(parent_of(path), bindings_)].push_back(&write);
      } else {
        Map* map = std::get_if<Map>(&parent->data);
        if (map == nullptr) return std::string(kBadPath);
        write_entry(*map, write);
      }
    }
    write_lists(item, list_writes);
    return item;
  }

 private:
  std::optional<std::string> plan_value(const UpdateAction& action, ValueResult value) {
    if (!value) return value.error();
    writes_.push_back({&action.target, *std::move(value)});
    return std::nullopt;
  }

  /// For a DELETE that finds nothing: it writes nothing, but its path must be one that could be.
  [[nodiscard]] std::optional<std::string> check_parent(const Path& path) const {
    if (path.elements.size() == 1) return std::nullopt;
    const AttributeValue* parent = find_parent(before_, path, bindings_);
    const bool is_index = std::holds_alternative<ListIndex>(path.elements.back());
    if (parent != nullptr && (is_index ? std::holds_alternative<List>(parent->data)
                                       : std::holds_alternative<Map>(parent->data))) {
      return std::nullopt;
    }
    return std::string(kBadPath);
  }

  void write_entry(Map& map, const Write& write) const {
    const std::string& name = bindings_.name(std::get<NameId>(write.target->elements.back()));
    if (write.value) {
      map.insert_or_assign(name, *write.value);
    } else {
      map.erase(name);
    }
  }

  /// Deeper lists first: writing to a list changes the positions of the lists inside.
  void write_lists(Item& item,
                   const std::map<std::string, std::vector<const Write*>>& writes) const {
    std::vector<const std::vector<const Write*>*> order;
    for (const auto& [path, its_writes] : writes) order.push_back(&its_writes);
    const auto depth = [](const auto* list) { return list->front()->target->elements.size(); };
    std::stable_sort(order.begin(), order.end(),
                     [&](const auto* a, const auto* b) { return depth(a) > depth(b); });
    for (const std::vector<const Write*>* its_writes : order) {
      AttributeValue* list = find_parent(item, *its_writes->front()->target, bindings_);
      write_list(std::get<List>(list->data), *its_writes);
    }
  }

  static void write_list(List& list, std::vector<const Write*> writes) {
    const auto index_of = [](const Write* write) {
      return std::get<ListIndex>(write->target->elements.back()).number;
    };
    std::sort(writes.begin(), writes.end(),
              [&](const Write* a, const Write* b) { return index_of(a) < index_of(b); });
    const std::size_t old_size = list.size();
    for (const Write* write : writes) {
      if (!write->value) continue;
      if (index_of(write) < old_size) {
        list[index_of(write)] = *write->value;
      } else {
        list.push_back(*write->value);
      }
    }
    // From the end, so that the positions before stay what they were.
    for (auto write = writes.rbegin(); write != writes.rend(); ++write) {
      const std::uint64_t index = index_of(*write);
      if (!(*write)->value && index < old_size) {
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
      }
    }
  }

  const Bindings& bindings_;
  const Item& before_;
  std::vector<Write> writes_;
};

}  // namespace

Result<Item, std::string> apply_update(const UpdateExpression& update, const Bindings& bindings,
                                       const Item& item) {
  Updater updater(bindings, item);
  for (const UpdateAction& action : update.actions) {
    if (std::optional<std::string> message = updater.plan(action)) return *message;
  }
  return updater.run();
}

}  // namespace ddbplan::engine
