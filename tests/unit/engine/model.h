// DynamoDB written naively: one unordered list of items, every index made anew from it for each
// question, every read a linear scan, conditions and updates C++ functions. Slow and plain, to be
// compared with the engine.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dynamo/request.h"
#include "dynamo/table.h"

namespace ddbplan::engine::testing {

class Model {
 public:
  using Stored = std::optional<dynamo::Item>;
  /// What a write does, as functions of the item before it.
  struct Write {
    dynamo::Item key;
    std::function<bool(const Stored&)> condition;
    std::function<Stored(const Stored&)> change;
    bool is_check = false;
  };
  struct Read {
    std::string index;  ///< "" is the table
    std::function<bool(const dynamo::Item&)> key_matches;
    std::function<bool(const dynamo::Item&)> passes;
    bool forward = true;
    bool strong = false;
    bool fetch = false;  ///< local indexes: whole items
    int limit = 0;       ///< 0 is none
    std::optional<dynamo::Item> start;
  };
  /// Half units by index name, "" for the table.
  using Units = std::map<std::string, std::int64_t>;
  struct Page {
    std::vector<dynamo::Item> items;
    int scanned = 0;
    std::optional<dynamo::Item> last_key;
    Units units;
  };

  Model(dynamo::TableDescription table, std::int64_t page_bytes)
      : table_(std::move(table)), page_bytes_(page_bytes) {}

  [[nodiscard]] Stored find(const dynamo::Item& key) const;
  /// False when a condition fails; then nothing changes. `units` is what is charged either way.
  bool write(const std::vector<Write>& writes, bool transactional, Units& units);
  [[nodiscard]] Page read(const Read& read) const;
  [[nodiscard]] const std::vector<dynamo::Item>& items() const { return items_; }
  [[nodiscard]] std::vector<dynamo::Item> entries(const std::string& name) const;

 private:
  [[nodiscard]] const dynamo::IndexDescription* index(const std::string& name) const;
  [[nodiscard]] bool is_before(const dynamo::IndexDescription* by, const dynamo::Item& a,
                               const dynamo::Item& b) const;
  void charge_indexes(const Stored& before, const Stored& after, Units& units) const;
  void store(const dynamo::Item& key, const Stored& after);

  dynamo::TableDescription table_;
  std::int64_t page_bytes_;
  std::vector<dynamo::Item> items_;
};

}  // namespace ddbplan::engine::testing
