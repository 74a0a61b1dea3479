// What an account tells whoever keeps it beyond memory. Calls come in the order of the changes; a
// journal that applies them in order, in batches that it makes durable as a whole, can restore the
// account with Account::restore_table and Account::restore_item.
#pragma once

#include <string>

#include "engine/collections.h"
#include "engine/key_encoding.h"

namespace ddbplan::engine {

class Journal {
 public:
  virtual ~Journal() = default;
  /// nullptr: there is no item any more.
  virtual void item_changed(const std::string& table, const Position& position,
                            const ItemRef& after) = 0;
  /// A table is new or is described differently: everything about it but its items.
  virtual void table_changed(const std::string& table, const std::string& record_json) = 0;
  /// With all its items.
  virtual void table_dropped(const std::string& table) = 0;
};

}  // namespace ddbplan::engine
