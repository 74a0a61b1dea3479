// The proof of a read: items, order and attributes equal the oracle's answer.
#include <algorithm>
#include <memory>

#include "model/copies.h"
#include "seed/proof_context.h"
#include "support/text.h"

namespace ddbplan::seed {
namespace {

using dynamo::Item;
using model::EntityId;
using model::Read;
using Finds = design::Step::Finds;

/// An item of the answer and the entity whose row it should be.
struct Got {
  EntityId entity;
  std::size_t layout = 0;
  const Item* item = nullptr;
  Finds finds = Finds::rows;
};

class ReadProof {
 public:
  ReadProof(ProofContext& context, const ReadOracle& oracle, const Read& read)
      : context_(context), oracle_(oracle), read_(read) {}

  /// A sentence when the answer is wrong.
  std::optional<std::string> problem(const design::Answer& answer,
                                     const design::Parameters& parameters) {
    if (answer.error)
      return "the engine answered " + answer.error->type + ": " + answer.error->message;
    if (auto scan = unwanted_scan(answer)) return scan;
    if (read_.kind == model::ReadKind::count) return wrong_count(answer, parameters);
    sort_out(answer);
    OrderedRows expected = expected_rows(parameters);
    std::vector<Answered> answered;
    if (auto what = wrong_rows(rows_, expected, read_.order, read_.returns, answered)) return what;
    for (std::size_t i = 0; i < read_.with_children.size(); ++i) {
      if (auto what = wrong_children(i, answered)) return what;
    }
    for (const model::WithParent& with : read_.with_parents) {
      if (auto what = wrong_parents(with, answered)) return what;
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<std::string> unwanted_scan(const design::Answer& answer) const {
    if (context_.design.plans[context_.pattern.index].served != design::Served::keys)
      return std::nullopt;
    for (const design::Exchange& exchange : answer.exchanges) {
      if (std::holds_alternative<dynamo::ScanRequest>(exchange.request)) {
        return "the plan says that keys serve it, and it scans";
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::string> wrong_count(const design::Answer& answer,
                                                       const design::Parameters& parameters) const {
    std::int64_t expected = 0;
    std::vector<Answered> counted;
    for (const design::Call& call : parameters.calls) {
      const std::vector<Answered> matches = oracle_.matches(call.values);
      counted.insert(counted.end(), matches.begin(), matches.end());
      auto count = static_cast<std::int64_t>(matches.size());
      if (read_.limit && parameters.pages > 0) {
        count = std::min<std::int64_t>(count,
                                       static_cast<std::int64_t>(*read_.limit) * parameters.pages);
      }
      expected += count;
    }
    if (answer.count != expected)
      return "counted " + (answer.count ? std::to_string(*answer.count) : "nothing") + " of " +
             std::to_string(expected) + " rows";
    if (!model::only_counts(read_) && answer.aggregates.size() != read_.aggregates.size())
      return "not all aggregates are answered";
    for (std::size_t i = 0; i < answer.aggregates.size(); ++i) {
      const design::Answer::Aggregated& one = answer.aggregates[i];
      if (!(one.what == read_.aggregates[i])) return "another aggregate than was asked for";
      if (!is_right(one, counted)) return "another " + to_string(one.what) + " than the rows have";
    }
    return std::nullopt;
  }

  [[nodiscard]] bool is_right(const design::Answer::Aggregated& found,
                              const std::vector<Answered>& rows) const {
    using Function = model::Aggregate::Function;
    const auto as_number = [&] {
      const dynamo::Decimal* number = found.value ? found.value->as_number() : nullptr;
      return number == nullptr ? 0.0 : number->to_double();
    };
    if (found.what.function == Function::count)
      return as_number() == static_cast<double>(rows.size());
    dynamo::Decimal sum;
    std::size_t with_value = 0;
    bool is_met = false;
    bool is_passed = false;
    for (const Answered& row : rows) {
      const auto* held = row.row->find(found.what.attribute);
      if (held == row.row->end() || std::holds_alternative<dynamo::Null>(held->second.data))
        continue;
      ++with_value;
      if (const dynamo::Decimal* number = held->second.as_number()) {
        if (const auto added = dynamo::Decimal::add(sum, *number)) sum = *added;
      }
      if (!found.value) continue;
      const model::Attribute* attribute =
          context_.workload.entity(row.entity).find(found.what.attribute);
      const auto order = model::compare_in_order(attribute, &held->second, &*found.value);
      is_met = is_met || order == 0;
      is_passed = is_passed || (found.what.function == Function::min ? order < 0 : order > 0);
    }
    if (with_value == 0) return !found.value.has_value();
    if (!found.value) return false;
    switch (found.what.function) {
      case Function::sum:
        return *found.value == dynamo::AttributeValue::number(sum);
      case Function::average: {
        const double mean = sum.to_double() / static_cast<double>(with_value);
        return std::abs(as_number() - mean) <= 1e-12 * std::abs(mean);
      }
      default:
        return is_met && !is_passed;
    }
  }

  /// All calls of a batch together; in any order, as a batch promises none.
  [[nodiscard]] OrderedRows expected_rows(const design::Parameters& parameters) const {
    OrderedRows all;
    std::set<const Item*> seen;
    for (const design::Call& call : parameters.calls) {
      OrderedRows one = oracle_.rows(call.values, parameters.pages);
      if (parameters.calls.size() == 1) return one;
      for (std::size_t i = 0; i < one.wanted; ++i) {
        if (seen.insert(one.rows[i].row).second) all.rows.push_back(one.rows[i]);
      }
    }
    all.wanted = all.rows.size();
    return all;
  }

  void sort_out(const design::Answer& answer) {
    rows_.clear();
    others_.clear();
    for (std::size_t i = 0; i < answer.items.size(); ++i) {
      const EntityId entity = context_.design.items[answer.layouts[i]].entity;
      const bool is_main = answer.finds[i] == Finds::rows;
      (is_main ? rows_ : others_)
          .push_back({entity, answer.layouts[i], &answer.items[i], answer.finds[i]});
    }
  }

  /// The text of the table key that a row's item has.
  const std::string& key_of(const Answered& row) {
    const auto [place, is_new] = keys_.try_emplace(row.row);
    if (!is_new) return place->second;
    const design::ItemLayout& layout =
        context_.design.items[context_.design.row_layout(row.entity)];
    const design::Table& table = context_.design.tables[layout.table];
    const auto key = entry_key(layout.base, table.key, *row.row);
    if (key) place->second = context_.state.place_of(layout.table, *key).key;
    return place->second;
  }
  std::string key_of(const Got& got) const {
    const design::ItemLayout& row = context_.design.items[context_.design.row_layout(got.entity)];
    if (context_.design.items[got.layout].role != design::ItemRole::copy)
      return context_.state.place_of(row.table, *got.item).key;
    // A read copy is the row that it says it is.
    const auto key = entry_key(row.base, context_.design.tables[row.table].key, *got.item);
    return key ? context_.state.place_of(row.table, *key).key : std::string();
  }

  /// The end of the rows that may take the last wanted places: those that tie with it.
  [[nodiscard]] std::size_t end_of_ties(const OrderedRows& expected,
                                        const std::vector<model::OrderBy>& order) const {
    std::size_t end = expected.wanted;
    if (end == 0) return 0;
    while (end < expected.rows.size() &&
           oracle_.compare(order, expected.rows[expected.wanted - 1], expected.rows[end]) == 0) {
      ++end;
    }
    return end;
  }

  /// Of a limit per group: the row of this key, where a tie has left it out; null: there is none.
  const OrderedRows::StandIn* stand_in_of(const std::string& key, const OrderedRows& expected) {
    for (const OrderedRows::StandIn& one : expected.stand_ins) {
      if (key_of(one.row) == key) return &one;
    }
    return nullptr;
  }

  /// The rows that the items are, each in a place of the answer that no other has. An item of the answer has its own;
  /// one that a tie has left out takes what is free. Null: there is none for it.
  std::vector<const Answered*> rows_of(const std::vector<Got>& got, const OrderedRows& expected,
                                       const std::vector<model::OrderBy>& order) {
    std::map<std::string, std::size_t> positions;
    const std::size_t end = end_of_ties(expected, order);
    for (std::size_t i = 0; i < end; ++i) positions.emplace(key_of(expected.rows[i]), i);
    const std::size_t most = std::min(got.size(), expected.wanted);
    std::vector<const Answered*> rows(most, nullptr);
    std::set<std::size_t> used;
    for (std::size_t i = 0; i < most; ++i) {
      const auto position = positions.find(key_of(got[i]));
      if (position != positions.end() && used.insert(position->second).second)
        rows[i] = &expected.rows[position->second];
    }
    for (std::size_t i = 0; i < most && !expected.stand_ins.empty(); ++i) {
      const auto* other = rows[i] == nullptr ? stand_in_of(key_of(got[i]), expected) : nullptr;
      if (other != nullptr &&
          std::any_of(other->positions.begin(), other->positions.end(),
                      [&](std::size_t place) { return used.insert(place).second; }))
        rows[i] = &other->row;
    }
    return rows;
  }

  /// `answered`: the rows that the items are, in their order.
  std::optional<std::string> wrong_rows(const std::vector<Got>& got, const OrderedRows& expected,
                                        const std::vector<model::OrderBy>& order,
                                        const std::vector<std::string>& attributes,
                                        std::vector<Answered>& answered) {
    const std::vector<const Answered*> rows = rows_of(got, expected, order);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string item = "item " + std::to_string(i + 1);
      if (rows[i] == nullptr) return item + " comes twice or is not part of the answer";
      if (oracle_.compare(order, *rows[i], expected.rows[i]) != 0) return item + " is out of order";
      if (auto what = wrong_attributes(*got[i].item, *rows[i], attributes)) return what;
      answered.push_back(*rows[i]);
    }
    if (got.size() == expected.wanted) return std::nullopt;
    return "answered " + std::to_string(got.size()) + " of " + std::to_string(expected.wanted) +
           " rows";
  }

  [[nodiscard]] std::optional<std::string> wrong_attributes(
      const Item& item, const Answered& row, const std::vector<std::string>& wanted) const {
    const auto differs = [&](const std::string& name) {
      const auto* stored = item.find(name);
      const auto* meant = row.row->find(name);
      if (stored == item.end() || meant == row.row->end()) {
        return (stored == item.end()) != (meant == row.row->end());
      }
      return !(stored->second == meant->second);
    };
    if (!wanted.empty()) {
      for (const std::string& name : wanted) {
        if (differs(name)) return "an item has another " + name + " than its row";
      }
      return std::nullopt;
    }
    for (const model::Attribute& attribute : context_.workload.entity(row.entity).attributes) {
      const bool is_computed = attribute.upkeep && attribute.upkeep->kept == model::Kept::never;
      if (!is_computed && differs(attribute.name)) {
        return "an item has another " + attribute.name + " than its row";
      }
    }
    return std::nullopt;
  }

  std::optional<std::string> wrong_children(std::size_t with,
                                            const std::vector<Answered>& parents) {
    const model::WithChildren& children = read_.with_children[with];
    std::vector<Got> got;
    for (const Got& other : others_) {
      if (other.entity == children.child && other.finds == Finds::children) got.push_back(other);
    }
    std::size_t matched = 0;
    for (const Answered& parent : parents) {
      const OrderedRows expected = oracle_.children(parent, with);
      std::set<std::string> keys;
      const std::size_t end = end_of_ties(expected, children.order);
      for (std::size_t i = 0; i < end; ++i) keys.insert(key_of(expected.rows[i]));
      std::vector<Got> own;
      for (const Got& item : got) {
        if (keys.contains(key_of(item))) own.push_back(item);
      }
      matched += own.size();
      std::vector<Answered> answered;
      if (auto what = wrong_rows(own, expected, children.order, {}, answered)) {
        return context_.workload.entity(children.child).name + ": " + *what;
      }
    }
    if (matched == got.size()) return std::nullopt;
    return "the answer has children of other rows, or too many";
  }

  /// What the rows hold of their parent themselves, against the parent. `children` are the rows of rows_.
  [[nodiscard]] std::optional<std::string> wrong_copies(
      const model::WithParent& with, const std::vector<Answered>& children) const {
    const std::string& owner = context_.workload.entity(with.parent).name;
    for (const std::string& name : asked_of_parent(context_.workload, with)) {
      const std::optional<std::string> copy = copy_of(with, name);
      if (!copy) return "the answer lacks " + name + " of " + owner;
      for (std::size_t i = 0; i < children.size(); ++i) {
        const auto parent = oracle_.parent(children[i], with);
        if (!parent) continue;
        const auto* held = rows_[i].item->find(*copy);
        const auto* meant = parent->row->find(name);
        const bool is_held = held != rows_[i].item->end();
        const bool is_meant = meant != parent->row->end();
        if (is_held == is_meant && (!is_held || held->second == meant->second)) continue;
        return "an item has another " + *copy + " than its " + owner + " has " + name;
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::string> copy_of(const model::WithParent& with,
                                                   const std::string& name) const {
    for (const design::CopiedAttribute& one :
         context_.design.plans[context_.pattern.index].copied) {
      if (one.relation_attribute == with.relation_attribute && one.attribute == name)
        return one.copy;
    }
    return std::nullopt;
  }

  [[nodiscard]] bool is_copied(const model::WithParent& with) const {
    const auto& copied = context_.design.plans[context_.pattern.index].copied;
    return std::any_of(copied.begin(), copied.end(), [&](const design::CopiedAttribute& one) {
      return one.relation_attribute == with.relation_attribute;
    });
  }

  std::optional<std::string> wrong_parents(const model::WithParent& with,
                                           const std::vector<Answered>& children) {
    if (is_copied(with)) return wrong_copies(with, children);
    std::map<std::string, Answered> expected;
    for (const Answered& child : children) {
      if (const auto parent = oracle_.parent(child, with))
        expected.emplace(key_of(*parent), *parent);
    }
    std::set<std::string> seen;
    for (const Got& other : others_) {
      if (!(other.entity == with.parent) || other.finds != Finds::parents) continue;
      const auto parent = expected.find(key_of(other));
      if (parent == expected.end()) continue;
      seen.insert(parent->first);
      if (auto what = wrong_attributes(*other.item, parent->second, with.attributes)) return what;
    }
    if (seen.size() == expected.size()) return std::nullopt;
    return "answered " + std::to_string(seen.size()) + " of " + std::to_string(expected.size()) +
           " parents";
  }

  ProofContext& context_;
  const ReadOracle& oracle_;
  const Read& read_;
  std::vector<Got> rows_;
  std::vector<Got> others_;
  std::unordered_map<const Item*, std::string> keys_;
};

}  // namespace

/// One read, with the calls that are drawn for it.
struct ReadTrial::Part {
  Part(const LogicalRows& rows, const Read& part_read, const model::Pattern& pattern,
       std::uint64_t seed, int typical)
      : read(part_read),
        oracle(rows, read),
        calls(ReadCalls(oracle, pattern, seed).draw(typical)) {}

  const Read& read;
  ReadOracle oracle;
  std::vector<DrawnCall> calls;
};

namespace {

/// The n-th calls of all reads as one; nullopt: one of them has no more.
template <class Parts>
std::optional<DrawnCall> call_together(const Parts& reads, std::size_t n) {
  DrawnCall together;
  together.is_typical = true;
  for (std::size_t action = 0; action < reads.size(); ++action) {
    if (n >= reads[action]->calls.size()) return std::nullopt;
    const DrawnCall& one = reads[action]->calls[n];
    together.kind = one.kind;
    together.is_typical = together.is_typical && one.is_typical;
    together.parameters.now_ms = one.parameters.now_ms;
    for (const design::Call& call : one.parameters.calls)
      together.parameters.calls.push_back({action, call.values});
  }
  return together;
}

/// Two of the reads ask for one row: DynamoDB takes an item once (API Reference, TransactGetItems), so nobody calls so.
template <class Parts>
bool asks_twice(const Parts& reads, const DrawnCall& together) {
  const std::vector<design::Call>& calls = together.parameters.calls;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    for (std::size_t j = i + 1; j < calls.size(); ++j) {
      const bool is_same = calls[i].action != calls[j].action && calls[i].values == calls[j].values;
      if (is_same && reads[calls[i].action]->read.entities == reads[calls[j].action]->read.entities)
        return true;
    }
  }
  return false;
}

/// The answer holds the rows of one read after those of the other.
template <class Parts>
std::optional<std::string> wrong_snapshot(ProofContext& context, const Parts& reads,
                                          const design::Answer& answer,
                                          const design::Parameters& parameters) {
  std::size_t next = 0;
  for (std::size_t action = 0; action < reads.size(); ++action) {
    design::Parameters own = parameters;
    std::erase_if(own.calls, [&](const design::Call& call) { return call.action != action; });
    std::size_t wanted = 0;
    for (const design::Call& call : own.calls)
      wanted += reads[action]->oracle.rows(call.values, own.pages).wanted;
    design::Answer part;
    part.error = answer.error;
    for (; wanted > 0 && next < answer.items.size(); --wanted, ++next) {
      part.items.push_back(answer.items[next]);
      part.layouts.push_back(answer.layouts[next]);
      part.finds.push_back(answer.finds[next]);
    }
    ReadProof proof(context, reads[action]->oracle, reads[action]->read);
    if (auto what = proof.problem(part, own)) return what;
  }
  if (next == answer.items.size()) return std::nullopt;
  return "answered " + std::to_string(answer.items.size()) + " rows instead of " +
         std::to_string(next);
}

}  // namespace

ReadTrial::ReadTrial(const LogicalRows& rows, model::PatternId pattern, int typical)
    : pattern_(rows.workload().pattern(pattern)) {
  const std::uint64_t seed = rows.workload().settings.seed_number;
  if (const auto* read = std::get_if<Read>(&pattern_.action)) {
    parts_.push_back(std::make_unique<Part>(rows, *read, pattern_, seed, typical));
    return;
  }
  for (const Read& read : std::get<model::Transaction>(pattern_.action).reads) {
    parts_.push_back(std::make_unique<Part>(rows, read, pattern_, seed + parts_.size(), typical));
  }
}

ReadTrial::~ReadTrial() = default;

void ReadTrial::run(ProofContext& context) const {
  if (!std::holds_alternative<Read>(pattern_.action)) return run_together(context);
  const Part& part = *parts_.front();
  ReadProof proof(context, part.oracle, part.read);
  for (const DrawnCall& call : part.calls) {
    if (context.is_hopeless()) return;
    const design::Answer answer = context.run(call);
    if (const auto what = proof.problem(answer, call.parameters)) context.fail(*what, call);
  }
}

void ReadTrial::run_together(ProofContext& context) const {
  for (std::size_t n = 0; !context.is_hopeless(); ++n) {
    const auto call = call_together(parts_, n);
    if (!call) return;
    if (asks_twice(parts_, *call)) continue;
    const design::Answer answer = context.run(*call);
    if (const auto what = wrong_snapshot(context, parts_, answer, call->parameters))
      context.fail(*what, *call);
  }
}

}  // namespace ddbplan::seed
