// An embedded DynamoDB: tables with global and local secondary indexes, the data plane, consumed
// capacity per index. A library without I/O and without a clock; what the proof runs every access
// pattern on.
//
// Errors are the service's (type and message), returned as ApiError, never thrown.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dynamo/request.h"
#include "dynamo/table.h"
#include "support/result.h"

namespace ddbplan::engine {

struct EngineState;

struct Options {
  /// A Query or Scan page ends before the item that would take it over this many bytes read. The
  /// service's limit is 1 MB; the proof sets it low so that every list pages.
  std::int64_t page_bytes = std::int64_t{1024} * 1024;
  /// Milliseconds since 1970, for what is forgotten after a time: idempotency tokens. Empty: time
  /// stands still.
  std::function<std::int64_t()> now_ms = nullptr;
};

class Database {
 public:
  explicit Database(Options options = {});
  ~Database();
  Database(const Database& other);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  /// nullopt when created; the service's ValidationException or ResourceInUseException otherwise.
  std::optional<dynamo::ApiError> create_table(const dynamo::TableDescription& table);
  [[nodiscard]] const dynamo::TableDescription* describe_table(const std::string& name) const;

  support::Result<dynamo::Response, dynamo::ApiError> execute(const dynamo::Request& request);
  /// The same for a request that is not needed any more: what it puts is moved, not copied.
  support::Result<dynamo::Response, dynamo::ApiError> execute(dynamo::Request&& request);

  /// Every item of a table in key order (partition keys by bytes): for comparisons, not an API
  /// operation.
  [[nodiscard]] std::vector<dynamo::Item> all_items(const std::string& table) const;
  /// Every entry of an index in index order.
  [[nodiscard]] std::vector<dynamo::Item> all_entries(const std::string& table,
                                                      const std::string& index) const;

  /// The same items, shared instead of copied: they stay as they are whatever is written later, and
  /// an item that did not change is the same pointer in a Database and its copies.
  [[nodiscard]] std::vector<std::shared_ptr<const dynamo::Item>> share_items(
      const std::string& table) const;
  [[nodiscard]] std::vector<std::shared_ptr<const dynamo::Item>> share_entries(
      const std::string& table, const std::string& index) const;

  /// For the rest of this library.
  [[nodiscard]] EngineState& state();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ddbplan::engine
