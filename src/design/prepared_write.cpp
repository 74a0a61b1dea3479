#include "design/prepared_write.h"

#include <algorithm>
#include <utility>

#include "model/evaluate.h"

namespace ddbplan::design {
namespace {

using dynamo::AttributeValue;
using dynamo::Decimal;
using dynamo::Item;
using Kind = UpdateTerm::Kind;

bool only_adds(const PreparedWrite& write) {
  return write.operation == Operation::update_item && !write.update.empty() &&
         std::all_of(write.update.begin(), write.update.end(),
                     [](const UpdateTerm& term) { return term.is_sum(); });
}

const AttributeValue* value_of(const PreparedWrite& write, const UpdateTerm& term) {
  const auto found = write.expression.values.find(term.value);
  return found == write.expression.values.end() ? nullptr : &found->second;
}

std::optional<Decimal> sum_of(const Decimal& a, const Decimal& b) {
  const auto sum = Decimal::add(a, b);
  return sum ? std::optional(*sum) : std::nullopt;
}

std::optional<Decimal> negated(const Decimal& number) {
  const auto out = Decimal::subtract(Decimal(), number);
  return out ? std::optional(*out) : std::nullopt;
}

/// What the term adds, negative where it takes; nullopt: it is no sum of numbers.
std::optional<Decimal> added(const PreparedWrite& write, const UpdateTerm& term) {
  const AttributeValue* value = term.is_sum() ? value_of(write, term) : nullptr;
  const Decimal* number = value == nullptr ? nullptr : value->as_number();
  if (number == nullptr) return std::nullopt;
  return term.kind == Kind::subtract ? negated(*number) : std::optional(*number);
}

/// `text` with a placeholder under another name.
std::string renamed(const std::string& text, const std::string& from, const std::string& to) {
  const auto is_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const bool is_it = text.compare(at, from.size(), from) == 0 &&
                       (at + from.size() == text.size() || !is_name(text[at + from.size()]));
    out += is_it ? to : std::string(1, text[at]);
    at += is_it ? from.size() : 1;
  }
  return out;
}

void rename(PreparedWrite& write, const std::string& from, const std::string& to) {
  if (write.condition) write.condition = renamed(*write.condition, from, to);
  for (UpdateTerm& term : write.update) {
    term.target = renamed(term.target, from, to);
    term.text = renamed(term.text, from, to);
    if (term.value == from) term.value = to;
  }
  auto node = write.expression.values.extract(from);
  if (!node.empty()) {
    node.key() = to;
    write.expression.values.insert(std::move(node));
  }
  auto name = write.expression.names.extract(from);
  if (!name.empty()) {
    name.key() = to;
    write.expression.names.insert(std::move(name));
  }
}

template <class Map>
std::vector<std::string> clashes(const Map& ours, const Map& theirs) {
  std::vector<std::string> out;
  for (const auto& [placeholder, value] : theirs) {
    const auto found = ours.find(placeholder);
    if (found != ours.end() && !(found->second == value)) out.push_back(placeholder);
  }
  return out;
}

std::string free_placeholder(const PreparedWrite& a, const PreparedWrite& b,
                             const std::string& wish) {
  for (int n = 2;; ++n) {
    std::string name = wish + "_" + std::to_string(n);
    const auto is_free = [&name](const PreparedWrite& write) {
      return !write.expression.values.contains(name) && !write.expression.names.contains(name);
    };
    if (is_free(a) && is_free(b)) return name;
  }
}

/// How many terms and conditions have the placeholder.
int uses(const PreparedWrite& write, const std::string& placeholder) {
  const auto has = [&placeholder](const std::string& text) {
    return renamed(text, placeholder, "") == text ? 0 : 1;
  };
  int out = write.condition ? has(*write.condition) : 0;
  for (const UpdateTerm& term : write.update) out += has(term.text);
  return out;
}

/// One of our terms and one of theirs for the same attribute as one; false: they contradict each other.
bool join_terms(PreparedWrite& ours, UpdateTerm& mine, const PreparedWrite& theirs,
                const UpdateTerm& other) {
  const auto my_sum = added(ours, mine);
  const auto other_sum = added(theirs, other);
  if (my_sum && other_sum) {
    // An old value that goes and a new one that comes are one ADD of their difference.
    const auto sum = sum_of(*my_sum, *other_sum);
    const bool subtracts = mine.kind == Kind::subtract && other.kind == Kind::subtract;
    const auto written = sum && subtracts ? negated(*sum) : sum;
    if (!written) return false;
    if (mine.kind == Kind::subtract && !subtracts) {
      mine.kind = Kind::add;
      mine.text = mine.target + " " + mine.value;
    }
    // Others may use the placeholder for what it stood for.
    const bool is_used = uses(ours, mine.value) > 1 || uses(theirs, mine.value) > 1;
    const std::string placeholder =
        is_used ? free_placeholder(ours, theirs, mine.value) : mine.value;
    mine.text = renamed(mine.text, mine.value, placeholder);
    mine.value = placeholder;
    ours.expression.values.insert_or_assign(placeholder, AttributeValue::number(*written));
    return true;
  }
  if (mine.kind != other.kind) return false;
  const AttributeValue* my_value = value_of(ours, mine);
  const AttributeValue* other_value = value_of(theirs, other);
  if (my_value == nullptr || other_value == nullptr) return mine.text == other.text;
  const bool is_extreme = mine.kind == Kind::greatest || mine.kind == Kind::smallest;
  if (!is_extreme) return mine.text == other.text && *my_value == *other_value;
  const auto order = model::compare_in_order(nullptr, my_value, other_value);
  if (mine.kind == Kind::greatest ? order < 0 : order > 0) mine = other;
  return true;
}

/// Two updates as one; false, and `ours` as it was: they contradict each other.
bool join_updates(PreparedWrite& ours, const PreparedWrite& theirs) {
  PreparedWrite both = ours;
  both.expression.names.insert(theirs.expression.names.begin(), theirs.expression.names.end());
  both.expression.values.insert(theirs.expression.values.begin(), theirs.expression.values.end());
  for (const UpdateTerm& term : theirs.update) {
    const auto same =
        std::find_if(both.update.begin(), both.update.end(),
                     [&](const UpdateTerm& one) { return one.target == term.target; });
    if (same == both.update.end()) {
      both.update.push_back(term);
    } else if (!join_terms(both, *same, theirs, term)) {
      return false;
    }
  }
  ours = std::move(both);
  return true;
}

void join_condition(PreparedWrite& ours, const PreparedWrite& theirs) {
  if (!theirs.condition || ours.condition == theirs.condition) return;
  ours.condition = ours.condition ? "(" + *ours.condition + ") AND (" + *theirs.condition + ")"
                                  : *theirs.condition;
}

/// Values that no term of the update and no condition uses any more are refused by DynamoDB.
void drop_unused(PreparedWrite& write) {
  const auto is_unused = [&write](const auto& entry) { return uses(write, entry.first) == 0; };
  std::erase_if(write.expression.values, is_unused);
  std::erase_if(write.expression.names, is_unused);
}

/// Whether what one adds the other takes.
bool cancel_out(const PreparedWrite& a, const PreparedWrite& b) {
  if (!only_adds(a) || !only_adds(b) || a.update.size() != b.update.size()) return false;
  return std::all_of(a.update.begin(), a.update.end(), [&](const UpdateTerm& mine) {
    return std::any_of(b.update.begin(), b.update.end(), [&](const UpdateTerm& other) {
      const auto my_sum = added(a, mine);
      const auto other_sum = added(b, other);
      const auto sum = my_sum && other_sum ? sum_of(*my_sum, *other_sum) : std::nullopt;
      return mine.target == other.target && sum && *sum == Decimal();
    });
  });
}

/// The name that a term's target or a condition's operand stands for.
const std::string& name_of(const PreparedWrite& write, const std::string& target) {
  const auto found = write.expression.names.find(target);
  return found == write.expression.names.end() ? target : found->second;
}

/// Asks for nothing but that the item is there.
bool only_wants_item(const PreparedWrite& write) {
  constexpr std::string_view kExists = "attribute_exists(";
  if (!write.condition) return true;
  const std::string& text = *write.condition;
  return text.starts_with(kExists) && text.find(')') == text.size() - 1 &&
         write.key.contains(
             name_of(write, text.substr(kExists.size(), text.size() - kExists.size() - 1)));
}

/// What an update would make of the item that a Put of the same transaction brings; false: it cannot be told here.
bool fold_into_item(Item& item, const PreparedWrite& write, const UpdateTerm& term) {
  const std::string& name = name_of(write, term.target);
  const AttributeValue* value = value_of(write, term);
  if (value == nullptr) return false;
  auto* held = item.find(name);
  if (const auto change = added(write, term)) {
    const Decimal* number = held == item.end() ? nullptr : held->second.as_number();
    const auto sum = sum_of(number == nullptr ? Decimal() : *number, *change);
    if (sum) item.insert_or_assign(name, AttributeValue::number(*sum));
    return sum.has_value();
  }
  const bool is_extreme = term.kind == Kind::greatest || term.kind == Kind::smallest;
  if (is_extreme && held != item.end()) {
    const auto order = model::compare_in_order(nullptr, &held->second, value);
    if (term.kind == Kind::greatest ? order >= 0 : order <= 0) return true;
  }
  if (term.kind != Kind::set && !is_extreme) return false;
  item.insert_or_assign(name, *value);
  return true;
}

/// An update or a check of the item that a Put of the same transaction brings.
bool fold_into_put(PreparedWrite& put, const PreparedWrite& part) {
  if (!only_wants_item(part)) return false;
  Item item = put.item;
  for (const UpdateTerm& term : part.update) {
    if (!fold_into_item(item, part, term)) return false;
  }
  put.item = std::move(item);
  put.is_added_to = put.is_added_to || !part.update.empty();
  return true;
}

/// Joins `write` with ours of the same item. false: they contradict each other.
bool join(PreparedWrite& ours, PreparedWrite write) {
  const auto is_part = [](const PreparedWrite& one) {
    return one.operation == Operation::update_item || one.operation == Operation::condition_check;
  };
  if (ours.operation == Operation::put_item && is_part(write)) return fold_into_put(ours, write);
  if (write.operation == Operation::put_item && is_part(ours)) {
    if (!fold_into_put(write, ours)) return false;
    ours = std::move(write);
    return true;
  }
  for (const std::string& name : clashes(ours.expression.values, write.expression.values))
    rename(write, name, free_placeholder(ours, write, name));
  for (const std::string& name : clashes(ours.expression.names, write.expression.names))
    rename(write, name, free_placeholder(ours, write, name));
  const bool is_check = write.operation == Operation::condition_check;
  if (ours.operation == Operation::condition_check && !is_check) std::swap(ours, write);
  if (ours.operation == Operation::update_item && write.operation == Operation::update_item) {
    if (!join_updates(ours, write)) return false;
  } else if (write.operation == Operation::condition_check) {
    ours.expression.names.insert(write.expression.names.begin(), write.expression.names.end());
    ours.expression.values.insert(write.expression.values.begin(), write.expression.values.end());
  } else {
    return false;
  }
  join_condition(ours, write);
  drop_unused(ours);
  return true;
}

/// One removes what the other sets, or sets another value.
bool contradict(const IndexKeys& a, const IndexKeys& b) {
  const auto removes = [](const IndexKeys& keys, const std::string& name) {
    return std::find(keys.removed.begin(), keys.removed.end(), name) != keys.removed.end();
  };
  const auto clashes_with = [&](const IndexKeys& keys, const IndexKeys& others) {
    return std::any_of(keys.set.begin(), keys.set.end(), [&](const auto& one) {
      const auto* other = others.set.find(one.first);
      return removes(others, one.first) ||
             (other != others.set.end() && !(other->second == one.second));
    });
  };
  return clashes_with(a, b) || clashes_with(b, a);
}

void drop_keys(PreparedWrite& write) {
  std::set<std::string> names(write.keys.removed.begin(), write.keys.removed.end());
  for (const auto& [name, value] : write.keys.set) names.insert(name);
  std::erase_if(write.update, [&](const UpdateTerm& term) {
    return names.contains(name_of(write, term.target));
  });
  drop_unused(write);
}

/// What two actions know of one row: each is right about what it changes.
PreparedWrite known_to_both(const PreparedWrite& ours, const PreparedWrite& theirs) {
  PreparedWrite both = ours;
  for (const std::string& name : theirs.changed) both.after.erase(name);
  for (const auto& [name, value] : theirs.after) {
    if (!ours.changed.contains(name) || theirs.changed.contains(name))
      both.after.insert_or_assign(name, value);
  }
  both.changed.insert(theirs.changed.begin(), theirs.changed.end());
  for (const std::size_t entry : theirs.maintains) {
    if (std::find(both.maintains.begin(), both.maintains.end(), entry) == both.maintains.end())
      both.maintains.push_back(entry);
  }
  return both;
}

}  // namespace

void add_to_transaction(std::vector<PreparedWrite>& writes, PreparedWrite write,
                        const KeyUpdate& key_update) {
  const std::string signature = key_signature(write.key);
  const auto same = std::find_if(writes.begin(), writes.end(), [&](const PreparedWrite& other) {
    return other.table == write.table && key_signature(other.key) == signature;
  });
  if (same == writes.end()) {
    writes.push_back(std::move(write));
    return;
  }
  const bool is_replaced =
      same->operation == Operation::delete_item && write.operation == Operation::put_item;
  if (is_replaced && write.is_renewed) {
    *same = std::move(write);
    return;
  }
  const bool is_given_up =
      same->operation == Operation::put_item && write.operation == Operation::delete_item;
  if (is_replaced || is_given_up || cancel_out(*same, write)) {
    writes.erase(same);
    return;
  }
  const bool are_updates = same->operation == Operation::update_item &&
                           write.operation == Operation::update_item &&
                           same->layout == write.layout;
  if (!are_updates) {
    if (!join(*same, write)) writes.push_back(std::move(write));
    return;
  }
  PreparedWrite both = known_to_both(*same, write);
  std::optional<PreparedWrite> keys;
  if (contradict(same->keys, write.keys)) {
    keys = key_update(both);
    both.keys = keys->keys;
    drop_keys(*same);
    drop_keys(write);
  } else {
    both.keys.set.insert(write.keys.set.begin(), write.keys.set.end());
    both.keys.removed.insert(both.keys.removed.end(), write.keys.removed.begin(),
                             write.keys.removed.end());
  }
  if (!join(*same, write) || (keys && !join(*same, *std::move(keys)))) {
    writes.push_back(std::move(write));
    return;
  }
  same->after = std::move(both.after);
  same->changed = std::move(both.changed);
  same->maintains = std::move(both.maintains);
  same->keys = std::move(both.keys);
}

}  // namespace ddbplan::design
