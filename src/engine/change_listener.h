// Who wants to know what was written: streams, expiry, and storage outside of memory.
#pragma once

#include <string>

#include "engine/collections.h"
#include "engine/key_encoding.h"

namespace ddbplan::engine {

class TableStore;
struct MadeTransaction;

class ChangeListener {
 public:
  virtual ~ChangeListener() = default;
  /// After the table and its indexes have changed. nullptr is "no item".
  virtual void on_change(const TableStore& table, const Position& position, const ItemRef& before,
                         const ItemRef& after) = 0;
  /// After its items have changed.
  virtual void on_transaction(const std::string& token, const MadeTransaction& made) = 0;
};

}  // namespace ddbplan::engine
