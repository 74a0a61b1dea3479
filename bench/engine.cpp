// Single requests in process, from request struct to response struct, on 500 B items: what the
// engine itself costs, without a wire. `bench/engine` builds and runs it.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/database.h"
#include "support/large_pages.h"
#include "support/prng.h"

namespace {

namespace dynamo = ddbplan::dynamo;
namespace engine = ddbplan::engine;
using dynamo::AttributeValue;
using dynamo::Item;

constexpr int kItems = 100'000;
constexpr int kPerCollection = 25;

std::string padded(int number) {
  std::string text = std::to_string(number);
  return std::string(8 - text.size(), '0') + text;
}

Item key_of(int number) {
  return {{"PK", AttributeValue::string("CUSTOMER#" + padded(number / kPerCollection))},
          {"SK", AttributeValue::string("ORDER#" + padded(number))}};
}

/// 500 B with names: keys, what an index is on, and a body.
Item item_of(int number, int version = 0) {
  Item item = key_of(number);
  item.emplace("GSI1PK", AttributeValue::string("STATUS#" + std::to_string(number % 1000)));
  item.emplace("amount", AttributeValue::number(std::int64_t{number} * 7 + version));
  item.emplace("paid", AttributeValue::boolean(number % 2 == 0));
  item.emplace("body", AttributeValue::string(""));
  const std::int64_t rest = 500 - dynamo::item_bytes(item).count;
  item.insert_or_assign("body",
                        AttributeValue::string(std::string(static_cast<std::size_t>(rest), 'x')));
  return item;
}

dynamo::TableDescription table(bool has_index) {
  dynamo::TableDescription made;
  made.name = "orders";
  made.key = {{{"PK", dynamo::ScalarType::S}}, {{"SK", dynamo::ScalarType::S}}};
  if (has_index) {
    made.global_indexes.push_back(
        {"GSI1",
         {{{"GSI1PK", dynamo::ScalarType::S}}, {{"SK", dynamo::ScalarType::S}}},
         {dynamo::ProjectionType::all, {}}});
  }
  return made;
}

engine::Database loaded(bool has_index) {
  engine::Database database;
  static_cast<void>(database.create_table(table(has_index)));
  for (int i = 0; i < kItems; ++i) {
    dynamo::PutItemRequest put;
    put.table = "orders";
    put.item = item_of(i);
    static_cast<void>(database.execute(std::move(put)));
  }
  return database;
}

/// Runs requests on random items, in batches that are made while the clock stands: as in a server,
/// a request was made a moment ago and is not needed afterwards, and its item was last touched long
/// before.
template <class Make>
void run(benchmark::State& state, engine::Database database, const Make& make) {
  constexpr int kBatch = 256;
  ddbplan::support::Prng prng(42);
  std::vector<dynamo::Request> batch;
  for (auto _ : state) {
    state.PauseTiming();
    batch.clear();
    for (int i = 0; i < kBatch; ++i) {
      batch.emplace_back(make(static_cast<int>(prng.below(kItems))));
    }
    state.ResumeTiming();
    for (dynamo::Request& request : batch) {
      const auto response = database.execute(std::move(request));
      if (!response) state.SkipWithError(response.error().message.c_str());
      benchmark::DoNotOptimize(response);
    }
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}

void get_item(benchmark::State& state) {
  run(state, loaded(false), [](int number) {
    dynamo::GetItemRequest get;
    get.table = "orders";
    get.key = key_of(number);
    return get;
  });
}
BENCHMARK(get_item);

void get_item_projected(benchmark::State& state) {
  run(state, loaded(false), [](int number) {
    dynamo::GetItemRequest get;
    get.table = "orders";
    get.key = key_of(number);
    get.projection = "amount, #p";
    get.expression.names = {{"#p", "paid"}};
    return get;
  });
}
BENCHMARK(get_item_projected);

void put_item(benchmark::State& state) {
  run(state, loaded(state.range(0) == 1), [](int number) {
    dynamo::PutItemRequest put;
    put.table = "orders";
    put.item = item_of(number, 1);
    return put;
  });
}
BENCHMARK(put_item)->ArgName("indexes")->Arg(0)->Arg(1);

void put_new_items(benchmark::State& state) {
  engine::Database database;
  static_cast<void>(database.create_table(table(true)));
  int number = 0;
  run(state, std::move(database), [&number](int) {
    dynamo::PutItemRequest put;
    put.table = "orders";
    put.item = item_of(number++);
    return put;
  });
}
BENCHMARK(put_new_items)->Iterations(1000);

void update_item(benchmark::State& state) {
  run(state, loaded(true), [](int number) {
    dynamo::UpdateItemRequest update;
    update.table = "orders";
    update.key = key_of(number);
    update.update = "SET amount = amount + :one";
    update.condition = "attribute_exists(PK)";
    update.expression.values = {{":one", AttributeValue::number(1)}};
    return update;
  });
}
BENCHMARK(update_item);

void query_25(benchmark::State& state) {
  const bool on_index = state.range(0) == 1;
  run(state, loaded(true), [on_index](int number) {
    dynamo::QueryRequest query;
    query.table = "orders";
    query.key_condition = on_index ? "GSI1PK = :p" : "PK = :p";
    if (on_index) query.index = "GSI1";
    const Item item = item_of(number);
    query.expression.values = {{":p", item.at(on_index ? "GSI1PK" : "PK")}};
    query.limit = kPerCollection;
    return query;
  });
}
BENCHMARK(query_25)->ArgName("on_index")->Arg(0)->Arg(1);

void transact_write_2(benchmark::State& state) {
  run(state, loaded(true), [](int number) {
    dynamo::TransactWriteItemsRequest transaction;
    for (const int each : {number, (number + 1) % kItems}) {
      dynamo::PutItemRequest put;
      put.table = "orders";
      put.item = item_of(each, 2);
      transaction.actions.emplace_back(std::move(put));
    }
    return transaction;
  });
}
BENCHMARK(transact_write_2);

}  // namespace

int main(int argc, char** argv) {
  // As `ddbplan serve` does.
  ddbplan::support::prefer_large_pages(1024);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
