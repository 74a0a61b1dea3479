// An account asked by several threads at once: single writes are linearisable, transactions
// serialisable. Each test looks for what could not be seen if requests came one after the other.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "engine/account.h"
#include "support/prng.h"

using namespace ddbplan::engine;  // NOLINT(google-build-using-namespace)
namespace dynamo = ddbplan::dynamo;
using dynamo::AttributeValue;
using dynamo::Item;

namespace {

constexpr int kThreads = 4;

/// Long under no sanitizer, so that threads meet.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr int kRounds = 300;
#else
constexpr int kRounds = 2000;
#endif
#else
constexpr int kRounds = 2000;
#endif

std::int64_t still() {
  return 1'700'000'000'000;
}

void create(Account& account, const std::string& name = "tab") {
  dynamo::CreateTableRequest create;
  create.table.name = name;
  create.table.attributes = {{"pk", dynamo::ScalarType::S}, {"group", dynamo::ScalarType::S}};
  create.table.keys = {{"pk", true}};
  create.table.global_indexes.push_back({"by_group", {{"group", true}}, {}, {}});
  create.table.billing = dynamo::BillingMode::pay_per_request;
  const auto made = account.execute(dynamo::ControlRequest(create));
  if (!made.ok()) throw std::logic_error(made.error().message);
}

Item key_of(const std::string& key) {
  return {{"pk", AttributeValue::string(key)}};
}

std::int64_t number_in(const Item& item) {
  const auto* found = item.find("n");
  return found == item.end() ? 0 : found->second.as_number()->to_int64().value();
}

void put(Account& account, const std::string& key, std::int64_t number) {
  dynamo::PutItemRequest put;
  put.table = "tab";
  put.item = key_of(key);
  put.item.emplace("n", AttributeValue::number(number));
  put.item.emplace("group", AttributeValue::string("g" + std::to_string(number % 3)));
  if (!account.execute(std::move(put)).ok()) throw std::logic_error("put");
}

std::int64_t get(Account& account, const std::string& key) {
  dynamo::GetItemRequest get;
  get.table = "tab";
  get.key = key_of(key);
  const auto answer = account.execute(std::move(get));
  const dynamo::ReadItem& item = answer->items.front();
  return item ? number_in(*item) : 0;
}

dynamo::UpdateItemRequest add(const std::string& key, std::int64_t amount) {
  dynamo::UpdateItemRequest update;
  update.table = "tab";
  update.key = key_of(key);
  update.update = "ADD n :a";
  update.expression.values = {{":a", AttributeValue::number(amount)}};
  return update;
}

/// Runs `work(thread)` in so many threads. doctest's checks stay outside of them.
void in_threads(int threads, const std::function<void(int)>& work) {
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) running.emplace_back([&work, i] { work(i); });
  for (std::thread& thread : running) thread.join();
}

}  // namespace

TEST_CASE("every addition to a counter answers a number of its own") {
  Account account({.now_ms = still});
  create(account);
  std::array<std::vector<std::int64_t>, kThreads> seen;
  in_threads(kThreads, [&](int thread) {
    for (int i = 0; i < kRounds; ++i) {
      dynamo::UpdateItemRequest update = add("counter", 1);
      update.return_values = dynamo::ReturnValues::updated_new;
      const auto answer = account.execute(std::move(update));
      seen[static_cast<std::size_t>(thread)].push_back(number_in(*answer->attributes));
    }
  });
  std::vector<std::int64_t> all;
  for (const auto& one : seen) {
    CHECK(std::is_sorted(one.begin(), one.end()));
    all.insert(all.end(), one.begin(), one.end());
  }
  std::sort(all.begin(), all.end());
  REQUIRE(all.size() == std::size_t{kThreads} * kRounds);
  for (std::size_t i = 0; i < all.size(); ++i) REQUIRE(all[i] == static_cast<std::int64_t>(i) + 1);
}

TEST_CASE("of writers with the same condition one succeeds") {
  Account account({.now_ms = still});
  create(account);
  put(account, "counter", 0);
  std::atomic<std::int64_t> successes = 0;
  in_threads(kThreads, [&](int) {
    for (int i = 0; i < kRounds; ++i) {
      const std::int64_t old = get(account, "counter");
      dynamo::UpdateItemRequest update;
      update.table = "tab";
      update.key = key_of("counter");
      update.update = "SET n = :new";
      update.condition = "n = :old";
      update.expression.values = {{":old", AttributeValue::number(old)},
                                  {":new", AttributeValue::number(old + 1)}};
      if (account.execute(std::move(update)).ok()) ++successes;
    }
  });
  CHECK(successes > 0);
  CHECK(get(account, "counter") == successes);
}

TEST_CASE("a read sees no write that began after it, and all that ended before it") {
  Account account({.now_ms = still});
  create(account);
  constexpr std::size_t kKeys = 3;
  struct Register {
    std::atomic<std::int64_t> begun = 0;
    std::atomic<std::int64_t> ended = 0;
    /// The newest that any reader was answered.
    std::atomic<std::int64_t> read = 0;
  };
  std::array<Register, kKeys> registers;
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::atomic<int> reads = 0;
  const auto write = [&] {
    for (std::int64_t number = 1; number <= kRounds; ++number) {
      for (std::size_t k = 0; k < kKeys; ++k) {
        registers[k].begun = number;
        put(account, "k" + std::to_string(k), number);
        registers[k].ended = number;
      }
    }
    done = true;
  };
  const auto read = [&](int thread) {
    ddbplan::support::Prng random(static_cast<std::uint64_t>(thread));
    while (!done) {
      const std::size_t k = random.below(kKeys);
      Register& one = registers[k];
      const std::int64_t least = std::max(one.ended.load(), one.read.load());
      const std::int64_t got = get(account, "k" + std::to_string(k));
      if (got < least || got > one.begun) ++wrong;
      std::int64_t newest = one.read;
      while (newest < got && !one.read.compare_exchange_weak(newest, got)) {
      }
      ++reads;
    }
  };
  in_threads(kThreads, [&](int thread) { thread == 0 ? write() : read(thread); });
  CHECK(wrong == 0);
  CHECK(reads > 0);
}

TEST_CASE("transfers between accounts: no sum is seen that is not the whole") {
  Account account({.now_ms = still});
  create(account);
  constexpr int kAccounts = 5;
  constexpr std::int64_t kBalance = 20;
  const auto name = [](std::uint64_t number) { return "account" + std::to_string(number); };
  for (int i = 0; i < kAccounts; ++i) put(account, name(static_cast<std::uint64_t>(i)), kBalance);
  std::atomic<int> wrong = 0;
  std::atomic<int> transfers = 0;
  const auto transfer = [&](ddbplan::support::Prng& random) {
    const std::uint64_t from = random.below(kAccounts);
    const std::uint64_t to = (from + 1 + random.below(kAccounts - 1)) % kAccounts;
    const auto amount = static_cast<std::int64_t>(1 + random.below(9));
    dynamo::TransactWriteItemsRequest both;
    dynamo::UpdateItemRequest taken = add(name(from), -amount);
    taken.condition = "n >= :least";
    taken.expression.values.emplace(":least", AttributeValue::number(amount));
    both.actions = {std::move(taken), add(name(to), amount)};
    if (account.execute(std::move(both)).ok()) ++transfers;
  };
  const auto audit = [&] {
    dynamo::TransactGetItemsRequest all;
    for (int i = 0; i < kAccounts; ++i) {
      dynamo::GetItemRequest get;
      get.table = "tab";
      get.key = key_of(name(static_cast<std::uint64_t>(i)));
      all.gets.push_back(std::move(get));
    }
    const auto answer = account.execute(std::move(all));
    std::int64_t sum = 0;
    for (const dynamo::ReadItem& item : answer->items) {
      const std::int64_t balance = number_in(*item);
      if (balance < 0) ++wrong;
      sum += balance;
    }
    if (sum != kAccounts * kBalance) ++wrong;
  };
  in_threads(kThreads, [&](int thread) {
    ddbplan::support::Prng random(static_cast<std::uint64_t>(thread));
    for (int i = 0; i < kRounds; ++i) thread % 2 == 0 ? transfer(random) : audit();
  });
  CHECK(wrong == 0);
  CHECK(transfers > 0);
}

TEST_CASE("indexes keep up, tables come and go, and expressions are parsed by all") {
  Account account({.now_ms = still});
  create(account);
  std::atomic<int> wrong = 0;
  in_threads(kThreads, [&](int thread) {
    for (int i = 0; i < kRounds / 4; ++i) {
      const std::string mine = "tab" + std::to_string(thread);
      put(account, mine + "-" + std::to_string(i % 20), i);
      dynamo::QueryRequest query;
      query.table = "tab";
      query.index = "by_group";
      query.key_condition = "#g = :g";
      query.filter = "n >= :n" + std::to_string(i % 50);
      query.expression.names = {{"#g", "group"}};
      query.expression.values = {{":g", AttributeValue::string("g1")},
                                 {":n" + std::to_string(i % 50), AttributeValue::number(0)}};
      const auto page = account.execute(std::move(query));
      if (!page.ok()) {
        ++wrong;
        continue;
      }
      for (const dynamo::ReadItem& item : page->items) {
        if (number_in(*item) % 3 != 1) ++wrong;
      }
      if (thread != 0 || i % 10 != 0) continue;
      create(account, "other");
      account.tick();
      if (!account.execute(dynamo::ControlRequest(dynamo::DeleteTableRequest{"other"})).ok()) {
        ++wrong;
      }
    }
  });
  CHECK(wrong == 0);
  CHECK(account.database().all_items("tab").size() == std::size_t{kThreads} * 20);
  CHECK(account.database().all_entries("tab", "by_group").size() == std::size_t{kThreads} * 20);
}
