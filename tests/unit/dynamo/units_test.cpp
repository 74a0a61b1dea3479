#include "dynamo/units.h"

#include <doctest/doctest.h>

#include <optional>

#include "dynamo/request.h"

using namespace ddbplan::dynamo;  // NOLINT(google-build-using-namespace)
using ddbplan::support::Bytes;

namespace {

constexpr std::int64_t kKb = 1024;

HalfUnits u(std::int64_t whole) {
  return HalfUnits::units(whole);
}

HalfUnits index_units(std::optional<Bytes> before, std::optional<Bytes> after, bool same_key,
                      bool same_content) {
  return index_write_units({before, after, same_key, same_content});
}

}  // namespace

TEST_CASE("a read is charged in blocks of 4 KB, at least one") {
  CHECK(read_units({0}, Consistency::strong) == u(1));
  CHECK(read_units({0}, Consistency::eventual) == HalfUnits{1});
  CHECK(read_units({0}, Consistency::transactional) == u(2));
  CHECK(read_units({4096}, Consistency::strong) == u(1));
  CHECK(read_units({4097}, Consistency::strong) == u(2));
  CHECK(read_units({4097}, Consistency::eventual) == u(1));
  CHECK(read_units({4097}, Consistency::transactional) == u(4));
  // Developer Guide: a 1 MB page is 128 units eventual, 256 strong; a 20 KB item 5 strong.
  CHECK(read_units({1024 * kKb}, Consistency::eventual) == u(128));
  CHECK(read_units({1024 * kKb}, Consistency::strong) == u(256));
  CHECK(read_units({20 * kKb}, Consistency::strong) == u(5));
}

TEST_CASE("a write is charged in blocks of 1 KB, at least one") {
  CHECK(write_units({0}) == u(1));
  CHECK(write_units({1}) == u(1));
  CHECK(write_units({1024}) == u(1));
  CHECK(write_units({1025}) == u(2));
  CHECK(write_units({400 * kKb}) == u(400));
}

TEST_CASE("the table part of a write is the larger of before and after") {
  CHECK(table_write_units(std::nullopt, Bytes{1500}, false) == u(2));
  CHECK(table_write_units(Bytes{3000}, Bytes{1500}, false) == u(3));
  CHECK(table_write_units(Bytes{1500}, Bytes{3000}, false) == u(3));
  CHECK(table_write_units(Bytes{3000}, std::nullopt, false) == u(3));
  CHECK(table_write_units(std::nullopt, std::nullopt, false) == u(1));
  // Developer Guide: 300 KB stored, 310 KB attempted: 310 units.
  CHECK(table_write_units(Bytes{300 * kKb}, Bytes{310 * kKb}, false) == u(310));
}

TEST_CASE("a transaction rounds and then doubles") {
  // 1.5 KB: 2 units, doubled 4; not ceil(3 KB) = 3.
  CHECK(table_write_units(std::nullopt, Bytes{1536}, true) == u(4));
  CHECK(table_write_units(std::nullopt, std::nullopt, true) == u(2));
  CHECK(condition_check_units(Bytes{1536}) == u(4));
  CHECK(condition_check_units(std::nullopt) == u(2));
}

TEST_CASE("index writes (Developer Guide, GSI: storage and write considerations)") {
  const Bytes small{500};
  const Bytes large{1517};
  CHECK(index_units(std::nullopt, std::nullopt, true, false) == u(0));
  CHECK(index_units(std::nullopt, large, true, false) == u(2));
  CHECK(index_units(large, std::nullopt, true, false) == u(2));
  CHECK(index_units(large, large, true, true) == u(0));
  CHECK(index_units(small, large, true, false) == u(2));
  CHECK(index_units(large, small, true, false) == u(2));
  CHECK(index_units(small, large, false, false) == u(3));
  // Captured by others: a key move with 1,517 bytes on both sides is 4.
  CHECK(index_units(large, large, false, false) == u(4));
}

TEST_CASE("half units add exactly") {
  HalfUnits sum;
  for (int i = 0; i < 3; ++i) sum += read_units({10}, Consistency::eventual);
  CHECK(sum.units() == 1.5);
  CHECK(sum * 2 == u(3));
}

TEST_CASE("consumed capacity's total includes every index") {
  ConsumedCapacity consumed;
  consumed.table_units = u(2);
  consumed.global_indexes = {{"GSI1", u(3)}, {"GSI2", HalfUnits{1}}};
  consumed.local_indexes = {{"LSI1", u(1)}};
  CHECK(consumed.total() == HalfUnits{13});
}
