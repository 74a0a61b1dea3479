// The proof of a write: after its requests every item is what the design makes of the rows after
// the same write, and a write whose condition fails leaves everything as it was.
#include <algorithm>

#include "design/row_parts.h"
#include "seed/proof_context.h"

namespace ddbplan::seed {
namespace {

using dynamo::Item;

bool has_write(const dynamo::Request& request) {
  return !std::holds_alternative<dynamo::GetItemRequest>(request) &&
         !std::holds_alternative<dynamo::QueryRequest>(request) &&
         !std::holds_alternative<dynamo::ScanRequest>(request) &&
         !std::holds_alternative<dynamo::BatchGetItemRequest>(request) &&
         !std::holds_alternative<dynamo::TransactGetItemsRequest>(request);
}

class WriteProof {
 public:
  explicit WriteProof(ProofContext& context)
      : context_(context), pattern_(context.workload.pattern(context.pattern)) {}

  void run(const DrawnCall& call) {
    const auto changes = write_effect(context_.rows, pattern_, call.parameters);
    std::map<ItemPlace, ItemChange> effects =
        changes ? context_.state.effects(*changes) : std::map<ItemPlace, ItemChange>{};
    // What is refused, or changes nothing, tells nothing of what a typical call costs.
    DrawnCall sent = call;
    sent.is_typical = call.is_typical && changes.has_value() && !effects.empty();
    const design::Answer answer = context_.run(sent);
    const bool changes_nothing = effects.empty();
    const auto parts_problem = changes ? settle_parts(*changes, answer, effects) : std::nullopt;
    if (parts_problem && !answer.error) context_.fail(*parts_problem, call);
    if (const auto what = outcome_problem(answer, changes.has_value(), changes_nothing)) {
      context_.fail(*what, call);
    }
    if (changes && !answer.error) check_units(answer, effects, call);
    std::set<ItemPlace> touched;
    for (const design::Exchange& exchange : answer.exchanges) {
      for (ItemPlace& place : context_.state.places_written(exchange.request)) {
        touched.insert(std::move(place));
      }
    }
    for (const auto& [place, change] : effects) touched.insert(place);
    if (changes) {
      context_.state.apply(effects);
      context_.rows.apply(*changes);
    }
    if (const auto what = state_problem(touched)) context_.fail(*what, call);
  }

 private:
  static std::optional<std::string> outcome_problem(const design::Answer& answer, bool succeeds,
                                                    bool changes_nothing) {
    if (succeeds && answer.error && !changes_nothing) {
      return "the engine answered " + answer.error->type + ": " + answer.error->message;
    }
    if (succeeds) return std::nullopt;
    const bool wrote = std::any_of(answer.exchanges.begin(), answer.exchanges.end(),
                                   [](const design::Exchange& exchange) {
                                     return has_write(exchange.request) && exchange.outcome.ok();
                                   });
    if (!wrote) return std::nullopt;
    return "a condition of the pattern does not hold, and the write went through";
  }

  /// Which shard a request picks is its own affair: the item there is as it is found, and all shards together must make
  /// the row.
  std::optional<std::string> settle_parts(const std::vector<Change>& changes,
                                          const design::Answer& answer,
                                          std::map<ItemPlace, ItemChange>& effects) {
    std::set<ItemPlace> written;
    for (const design::Exchange& exchange : answer.exchanges) {
      for (ItemPlace& place : context_.state.places_written(exchange.request))
        written.insert(std::move(place));
    }
    std::optional<std::string> problem;
    for (const Change& change : changes) {
      const design::ItemLayout& layout =
          context_.design.items[context_.design.row_layout(change.id.entity)];
      // Of several changes of a row the last says what it is.
      const bool is_last = std::none_of(&change + 1, changes.data() + changes.size(),
                                        [&](const Change& later) { return later.id == change.id; });
      if (!layout.base.shards.by_request || !change.after || !is_last) continue;
      const Item together = parts_of(layout, *change.after, written, effects);
      for (const std::string& name : layout.attributes) {
        const auto* meant = change.after->find(name);
        const auto* found = together.find(name);
        const bool is_meant = meant != change.after->end();
        if (is_meant != (found != together.end()) ||
            (is_meant && !(meant->second == found->second)))
          problem = "the items of a row's shards do not make its " + name;
      }
    }
    return problem;
  }

  /// The row that its items make; those that were written are effects.
  Item parts_of(const design::ItemLayout& layout, const Item& row,
                const std::set<ItemPlace>& written, std::map<ItemPlace, ItemChange>& effects) {
    const model::Entity& entity = context_.workload.entity(layout.entity);
    const design::Table& table = context_.design.tables[layout.table];
    Item together;
    for (int shard = 0; shard < design::shard_count(layout.base.shards, row); ++shard) {
      Item picked = row;
      picked.insert_or_assign(design::kRequestShard,
                              dynamo::AttributeValue::number(std::int64_t{shard}));
      const ItemPlace place =
          context_.state.place_of(layout.table, *entry_key(layout.base, table.key, picked));
      const Item* before = context_.state.find(place);
      std::optional<Item> now = before == nullptr ? std::nullopt : std::optional(*before);
      effects.erase(place);
      if (written.contains(place)) {
        ItemChange change{now, stored(place, before)};
        now = change.after;
        effects.emplace(place, std::move(change));
      }
      if (now) design::add_part(entity, *now, together);
    }
    return together;
  }

  void check_units(const design::Answer& answer, const std::map<ItemPlace, ItemChange>& effects,
                   const DrawnCall& call) {
    std::map<ItemPlace, int> times;
    for (const design::Exchange& exchange : answer.exchanges) {
      for (const ItemPlace& place : context_.state.places_written(exchange.request)) ++times[place];
    }
    for (const design::Exchange& exchange : answer.exchanges) {
      if (!exchange.outcome.ok()) continue;
      // What several requests of a call make of one item is known, not what each of them does.
      const std::vector<ItemPlace> places = context_.state.places_written(exchange.request);
      if (std::any_of(places.begin(), places.end(),
                      [&](const ItemPlace& place) { return times.at(place) > 1; }))
        continue;
      const auto expected = context_.state.write_units(exchange.request, effects);
      if (!expected) continue;
      const UnitsByTable found = metered(exchange.outcome->consumed);
      if (found == *expected) continue;
      context_.fail("a write should cost " + to_string(*expected) +
                        " units and the engine metered " + to_string(found),
                    call);
      return;
    }
  }

  std::optional<std::string> state_problem(const std::set<ItemPlace>& touched) {
    for (const ItemPlace& place : touched) {
      const Item* expected = context_.state.find(place);
      const std::optional<Item> found = stored(place, expected);
      if (expected == nullptr && found) return "an item is there that no row has: " + shown(place);
      if (expected != nullptr && !found) return "an item is missing: " + shown(place);
      if (expected == nullptr || *found == *expected) continue;
      return "an item is not what its row makes of it: " + shown(place) + " differs in " +
             first_difference(*expected, *found);
    }
    return std::nullopt;
  }

  /// The engine's item at this place.
  std::optional<Item> stored(const ItemPlace& place, const Item* expected) {
    const dynamo::KeySchema& key = context_.state.description(place.table).key;
    dynamo::GetItemRequest get;
    get.table = context_.state.description(place.table).name;
    get.consistent_read = true;
    if (expected != nullptr) {
      for (const auto* part : {&key.partition, &key.sort}) {
        for (const dynamo::KeyAttribute& attribute : *part) {
          get.key.insert(*expected->find(attribute.name));
        }
      }
    } else {
      get.key = keys_from_text(place, key);
    }
    const auto outcome = context_.database.execute(get);
    if (!outcome || outcome->items.empty()) return std::nullopt;
    const dynamo::ReadItem& item = outcome->items.front();
    return item ? std::optional<Item>(*item) : std::nullopt;
  }

  /// The inverse of StoredState::place_of.
  static Item keys_from_text(const ItemPlace& place, const dynamo::KeySchema& key) {
    Item item;
    std::size_t at = 0;
    for (const auto* part : {&key.partition, &key.sort}) {
      for (const dynamo::KeyAttribute& attribute : *part) {
        const std::size_t end = place.key.find('\0', at);
        const std::string text = place.key.substr(at + 1, end - at - 1);
        if (attribute.type == dynamo::ScalarType::N) {
          const auto number = dynamo::Decimal::parse(text);
          item[attribute.name] =
              dynamo::AttributeValue::number(number ? *number : dynamo::Decimal());
        } else if (attribute.type == dynamo::ScalarType::B) {
          item[attribute.name] =
              dynamo::AttributeValue(dynamo::AttributeValue::Variant(dynamo::Binary{text}));
        } else {
          item[attribute.name] = dynamo::AttributeValue::string(text);
        }
        at = end + 1;
      }
    }
    return item;
  }

  static std::string shown(const ItemPlace& place) {
    std::string text = place.key;
    std::replace(text.begin(), text.end(), '\0', ' ');
    return text;
  }

  static std::string first_difference(const Item& expected, const Item& found) {
    for (const auto& [name, value] : expected) {
      const auto* other = found.find(name);
      if (other == found.end()) return name + ", which is missing";
      if (!(other->second == value)) return name;
    }
    for (const auto& [name, value] : found) {
      if (!expected.contains(name)) return name + ", which should not be there";
    }
    return "nothing";
  }

  ProofContext& context_;
  const model::Pattern& pattern_;
};

}  // namespace

void prove_write(ProofContext& context, Columns& columns, int typical) {
  const model::Pattern& pattern = context.workload.pattern(context.pattern);
  WriteCalls calls(context.rows, context.design, pattern, columns,
                   context.workload.settings.seed_number);
  WriteProof proof(context);
  const int most = calls.sparing(typical);
  for (int i = 0; i < most && !context.is_hopeless(); ++i) {
    const std::optional<DrawnCall> call = calls.typical();
    if (!call) break;
    proof.run(*call);
  }
  for (const WriteCalls::Membership& membership : calls.memberships()) {
    if (context.is_hopeless()) return;
    if (const auto call = calls.about(membership)) proof.run(*call);
  }
  for (const DrawnCall& call : calls.failing()) {
    if (context.is_hopeless()) return;
    proof.run(call);
  }
}

}  // namespace ddbplan::seed
