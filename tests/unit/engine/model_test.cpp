#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "support/prng.h"
#include "tests/unit/engine/model.h"
#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
using ddbplan::dynamo::AttributeValue;
using ddbplan::dynamo::compare_keys;
using ddbplan::dynamo::ConsumedCapacity;
using ddbplan::dynamo::Decimal;
using ddbplan::dynamo::Item;
using ddbplan::dynamo::ProjectionType;
using ddbplan::support::Prng;
namespace dynamo = ddbplan::dynamo;

namespace {

AttributeValue s(std::string text) {
  return AttributeValue::string(std::move(text));
}
AttributeValue n(std::int64_t number) {
  return AttributeValue::number(number);
}

dynamo::TableDescription described() {
  dynamo::TableDescription t = table("tab", "PK", "SK:N");
  t.global_indexes = {index("GSI1", {"g"}, {"h:N"}, {ProjectionType::include, {"c", "none"}}),
                      index("GSI2", {"g", "c"}, {"h:N", "SK:N"}, {ProjectionType::keys_only, {}}),
                      index("GSI3", {"c"}, {}, {ProjectionType::all, {}})};
  t.local_indexes = {index("LSI1", {"PK"}, {"l"}, {ProjectionType::keys_only, {}}),
                     index("LSI2", {"PK"}, {"h:N"}, {ProjectionType::all, {}})};
  return t;
}

/// A write as the service takes it and as the model takes it.
struct BothWrites {
  dynamo::TransactWrite request;
  Model::Write write;
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : prng_(seed) {}

  bool chance(std::uint64_t one_in) { return prng_.below(one_in) == 0; }
  std::uint64_t below(std::uint64_t bound) { return prng_.below(bound); }

  Item key() { return {{"PK", s(pick({"p", "q", "p\1"}))}, {"SK", sort_number()}}; }

  /// Small numbers of several signs and scales, equal ones in several notations.
  AttributeValue sort_number() {
    return AttributeValue::number(
        *Decimal::parse(pick({"-20", "-3", "0", "0.5", "3", "3.0", "20", "1E2"})));
  }

  Item random_item() {
    Item item = key();
    if (!chance(3)) item["g"] = s(pick({"A", "B", "BB"}));
    if (!chance(3)) item["h"] = sort_number();
    if (!chance(3)) item["c"] = s(pick({"x", "y"}));
    if (!chance(3)) item["l"] = s(pick({"a", "ab", "b"}));
    if (chance(2)) item["fill"] = s(std::string(below(2600), 'z'));
    return item;
  }

  BothWrites put() {
    dynamo::PutItemRequest request;
    request.table = "tab";
    request.item = random_item();
    Model::Write write;
    write.key = {{"PK", request.item.at("PK")}, {"SK", request.item.at("SK")}};
    write.change = [item = request.item](const Model::Stored&) { return Model::Stored(item); };
    write.condition = condition(request.condition, request.expression);
    return {request, write};
  }

  BothWrites erase() {
    dynamo::DeleteItemRequest request;
    request.table = "tab";
    request.key = key();
    Model::Write write;
    write.key = request.key;
    write.change = [](const Model::Stored&) { return Model::Stored(); };
    write.condition = condition(request.condition, request.expression);
    return {request, write};
  }

  BothWrites update() {
    dynamo::UpdateItemRequest request;
    request.table = "tab";
    request.key = key();
    Model::Write write;
    write.key = request.key;
    const Item fresh = random_item();
    std::string text;
    const auto value = [&](const char* name, AttributeValue v) {
      request.expression.values.emplace(name, std::move(v));
      return std::string(name);
    };
    std::function<void(Item&)> edit;
    bool creates = true;
    switch (below(4)) {
      case 0:
        text = "SET g = " + value(":g", s("A")) + ", h = if_not_exists(h, " + value(":h", n(3)) +
               ") REMOVE l";
        edit = [](Item& item) {
          item["g"] = s("A");
          item.emplace("h", n(3));
          item.erase("l");
        };
        break;
      case 1:
        text = "ADD h " + value(":d", n(7));
        edit = [](Item& item) {
          auto* at = item.find("h");
          item["h"] = at == item.end() ? n(7)
                                       : AttributeValue::number(*Decimal::add(
                                             *at->second.as_number(), Decimal::from_int(7)));
        };
        break;
      case 2:
        text = "REMOVE g, fill";
        creates = false;
        edit = [](Item& item) {
          item.erase("g");
          item.erase("fill");
        };
        break;
      default: {
        const std::string padding(below(3000), 'y');
        text = "SET fill = " + value(":p", s(padding)) + ", c = " + value(":c", s("y"));
        edit = [padding](Item& item) {
          item["fill"] = s(padding);
          item["c"] = s("y");
        };
      }
    }
    request.update = text;
    write.change = [edit, creates, made = request.key](const Model::Stored& before) {
      if (!before && !creates) return Model::Stored();
      Item item = before ? *before : made;
      edit(item);
      return Model::Stored(item);
    };
    write.condition = condition(request.condition, request.expression);
    return {request, write};
  }

  BothWrites check() {
    dynamo::ConditionCheck request;
    request.table = "tab";
    request.key = key();
    Model::Write write;
    write.key = request.key;
    write.is_check = true;
    std::optional<std::string> text;
    do {
      request.expression = {};
      write.condition = condition(text, request.expression);
    } while (!text);
    request.condition = *text;
    return {request, write};
  }

  BothWrites any_write() {
    switch (below(5)) {
      case 0:
        return erase();
      case 1:
      case 2:
        return update();
      default:
        return put();
    }
  }

  std::string pick(std::initializer_list<std::string> choices) {
    return *(choices.begin() + static_cast<std::ptrdiff_t>(below(choices.size())));
  }

 private:
  /// None most of the time; else a text with its meaning.
  std::function<bool(const Model::Stored&)> condition(std::optional<std::string>& text,
                                                      dynamo::ExpressionNames& names) {
    switch (below(10)) {
      case 0:
        text = "attribute_not_exists(PK)";
        return [](const Model::Stored& item) { return !item; };
      case 1:
        text = "attribute_exists(PK) AND (NOT #c = :x OR h > :zero)";
        names.names.emplace("#c", "c");
        names.values.emplace(":x", s("x"));
        names.values.emplace(":zero", n(0));
        return [](const Model::Stored& item) {
          if (!item) return false;
          const bool is_x = item->count("c") > 0 && item->at("c") == s("x");
          const bool positive =
              item->count("h") > 0 && *item->at("h").as_number() > Decimal::from_int(0);
          return !is_x || positive;
        };
      case 2:
        text = "size(fill) < :k";
        names.values.emplace(":k", n(1000));
        return [](const Model::Stored& item) {
          return item && item->count("fill") > 0 && item->at("fill").as_string()->size() < 1000;
        };
      default:
        text.reset();
        return [](const Model::Stored&) { return true; };
    }
  }

  Prng prng_;
};

Model::Units units_of(const std::vector<ConsumedCapacity>& consumed) {
  Model::Units units;
  for (const ConsumedCapacity& one : consumed) {
    if (one.table_units.halves > 0) units[""] += one.table_units.halves;
    for (const auto* indexes : {&one.global_indexes, &one.local_indexes}) {
      for (const auto& [name, amount] : *indexes) units[name] += amount.halves;
    }
  }
  return units;
}

dynamo::Request single(const dynamo::TransactWrite& write) {
  return std::visit(
      [](const auto& request) -> dynamo::Request {
        if constexpr (std::is_same_v<std::decay_t<decltype(request)>, dynamo::ConditionCheck>) {
          return dynamo::GetItemRequest{};
        } else {
          return request;
        }
      },
      write);
}

class Comparison {
 public:
  explicit Comparison(std::uint64_t seed)
      : generator_(seed), database_(Options{kPageBytes}), model_(described(), kPageBytes) {
    REQUIRE_FALSE(database_.create_table(described()).has_value());
  }

  void step() {
    switch (generator_.below(6)) {
      case 0:
        transaction();
        break;
      case 1:
      case 2:
        query();
        break;
      default:
        write();
    }
  }

  void compare_everything() {
    const auto sorted = [](std::vector<Item> items) {
      std::sort(items.begin(), items.end(),
                [](const Item& a, const Item& b) { return text(a) < text(b); });
      return items;
    };
    CHECK(sorted(database_.all_items("tab")) == sorted(model_.items()));
    for (const char* name : {"GSI1", "GSI2", "GSI3", "LSI1", "LSI2"}) {
      CAPTURE(name);
      CHECK(sorted(database_.all_entries("tab", name)) == sorted(model_.entries(name)));
    }
  }

 private:
  // Small, so that queries page.
  static constexpr std::int64_t kPageBytes = 6000;

  void write() {
    const BothWrites both = generator_.any_write();
    Model::Units expected;
    const bool good = model_.write({both.write}, false, expected);
    const auto response = database_.execute(single(both.request));
    REQUIRE(response.ok() == good);
    if (!good) CHECK(response.error().type == "ConditionalCheckFailedException");
    CHECK(units_of(good ? response->consumed : response.error().consumed) == expected);
  }

  void transaction() {
    dynamo::TransactWriteItemsRequest request;
    std::vector<Model::Write> writes;
    for (auto i = 1 + generator_.below(4); i > 0; --i) {
      const BothWrites both = generator_.chance(4) ? generator_.check() : generator_.any_write();
      const bool repeated = std::any_of(writes.begin(), writes.end(), [&](const Model::Write& w) {
        return w.key == both.write.key;
      });
      if (repeated) continue;
      request.actions.push_back(both.request);
      writes.push_back(both.write);
    }
    Model::Units expected;
    const bool good = model_.write(writes, true, expected);
    const auto response = database_.execute(request);
    REQUIRE(response.ok() == good);
    if (!good) {
      CHECK(response.error().type == "TransactionCanceledException");
      CHECK(response.error().cancellation_reasons.size() == writes.size());
    }
    CHECK(units_of(good ? response->consumed : response.error().consumed) == expected);
  }

  /// A random range on the sort attribute of the target, as text and as a function.
  void add_range(const std::string& attribute, const AttributeValue& low,
                 const AttributeValue& high, dynamo::QueryRequest& request, Model::Read& read) {
    auto& values = request.expression.values;
    const auto matches = read.key_matches;
    const auto with = [&](const std::function<bool(const AttributeValue&)>& more) {
      read.key_matches = [matches, more, attribute](const Item& item) {
        return matches(item) && more(item.at(attribute));
      };
    };
    switch (generator_.below(5)) {
      case 0:
        request.key_condition += " AND " + attribute + " >= :low";
        values.emplace(":low", low);
        with([low](const AttributeValue& v) { return compare_keys(v, low) >= 0; });
        break;
      case 1:
        request.key_condition += " AND " + attribute + " < :low";
        values.emplace(":low", low);
        with([low](const AttributeValue& v) { return compare_keys(v, low) < 0; });
        break;
      case 2: {
        const bool in_order = compare_keys(low, high) <= 0;
        const AttributeValue& from = in_order ? low : high;
        const AttributeValue& to = in_order ? high : low;
        request.key_condition += " AND " + attribute + " BETWEEN :low AND :high";
        values.emplace(":low", from);
        values.emplace(":high", to);
        with([from, to](const AttributeValue& v) {
          return compare_keys(v, from) >= 0 && compare_keys(v, to) <= 0;
        });
        break;
      }
      case 3:
        if (low.as_string() == nullptr) break;
        request.key_condition += " AND begins_with(" + attribute + ", :low)";
        values.emplace(":low", low);
        with([low](const AttributeValue& v) {
          return v.as_string()->starts_with(*low.as_string());
        });
        break;
      default:
        break;
    }
  }

  void query() {
    dynamo::QueryRequest request;
    request.table = "tab";
    Model::Read read;
    const auto equals = [&](const std::string& attribute, const AttributeValue& v) {
      const auto before = read.key_matches;
      read.key_matches = [before, attribute, v](const Item& item) {
        return (!before || before(item)) && item.at(attribute) == v;
      };
      request.key_condition +=
          (request.key_condition.empty() ? "" : " AND ") + attribute + " = :" + attribute;
      request.expression.values.emplace(":" + attribute, v);
    };
    const std::string target = generator_.pick({"", "GSI1", "GSI2", "GSI3", "LSI1", "LSI2"});
    if (!target.empty()) request.index = read.index = target;
    if (target.empty() || target == "LSI1" || target == "LSI2") {
      equals("PK", s(generator_.pick({"p", "q", "p\1"})));
      request.consistent_read = read.strong = generator_.chance(2);
    }
    if (target == "GSI1" || target == "GSI2") equals("g", s(generator_.pick({"A", "B", "BB"})));
    if (target == "GSI2" || target == "GSI3") equals("c", s(generator_.pick({"x", "y"})));
    const AttributeValue one = generator_.sort_number();
    const AttributeValue other = generator_.sort_number();
    if (target.empty()) add_range("SK", one, other, request, read);
    if (target == "LSI1") {
      add_range("l", s(generator_.pick({"a", "b"})), s("ab"), request, read);
    }
    if (target == "GSI2" && generator_.chance(2)) {
      equals("h", one);
      add_range("SK", other, one, request, read);
    } else if (target == "GSI1" || target == "GSI2" || target == "LSI2") {
      add_range("h", one, other, request, read);
    }
    if (target == "LSI1" && generator_.chance(2)) {
      request.select = dynamo::Select::all_attributes;
      read.fetch = true;
    }
    request.scan_index_forward = read.forward = generator_.chance(2);
    if (generator_.chance(2)) {
      read.limit = static_cast<int>(1 + generator_.below(4));
      request.limit = read.limit;
    }
    read.passes = [](const Item&) { return true; };
    // A filter may ask only for what the index has.
    const bool has_c = target.empty() || target == "GSI1" || target == "LSI2";
    if (generator_.chance(3) && has_c) {
      request.filter = "attribute_not_exists(c) OR c <> :cx";
      request.expression.values.emplace(":cx", s("x"));
      read.passes = [](const Item& item) { return item.count("c") == 0 || item.at("c") != s("x"); };
    }
    walk_pages(request, read);
  }

  void walk_pages(dynamo::QueryRequest& request, Model::Read& read) {
    while (true) {
      const Model::Page expected = model_.read(read);
      const auto response = database_.execute(request);
      REQUIRE_MESSAGE(response.ok(), response.error().message);
      std::vector<Item> items;
      for (const auto& one : response->items) items.push_back(*one);
      CHECK(items == expected.items);
      CHECK(response->count == static_cast<int>(expected.items.size()));
      CHECK(response->scanned_count == expected.scanned);
      CHECK(response->last_evaluated_key == expected.last_key);
      Model::Units units = expected.units;
      std::erase_if(units, [](const auto& entry) { return entry.second == 0; });
      CHECK(units_of(response->consumed) == units);
      if (!expected.last_key) return;
      request.exclusive_start_key = read.start = expected.last_key;
    }
  }

  Generator generator_;
  Database database_;
  Model model_;
};

std::uint64_t first_seed() {
  const char* given = std::getenv("DDBPLAN_TEST_SEED");
  return given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
}

std::uint64_t seed_count() {
  const char* effort = std::getenv("DDBPLAN_TEST_EFFORT");
  return effort != nullptr && std::string(effort) == "long" ? 300 : 12;
}

}  // namespace

TEST_CASE("property: the engine does what the model does, and charges the same") {
  const std::uint64_t from = first_seed();
  for (std::uint64_t seed = from; seed < from + seed_count(); ++seed) {
    CAPTURE(seed);  // DDBPLAN_TEST_SEED=<seed> runs this one first
    Comparison comparison(seed);
    for (int i = 0; i < 150; ++i) {
      CAPTURE(i);
      comparison.step();
    }
    comparison.compare_everything();
  }
}
