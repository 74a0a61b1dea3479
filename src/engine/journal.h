// What an account tells whoever keeps it beyond memory. Calls come in the order of the changes, from
// one thread at a time; a journal that applies them in order and makes durable either all calls
// before an end_of_request or none since, can restore the account with the restore functions of
// Account.
#pragma once

#include <cstdint>
#include <string>

#include "engine/collections.h"
#include "engine/key_encoding.h"
#include "engine/made_transactions.h"
#include "engine/stream.h"

namespace ddbplan::engine {

class Journal {
 public:
  virtual ~Journal() = default;
  /// nullptr: there is no item any more.
  virtual void item_changed(const std::string& table, const Position& position,
                            const ItemRef& after) = 0;
  /// A table is new or is described differently: everything about it but its items.
  virtual void table_changed(const std::string& table, const std::string& record_json) = 0;
  /// With all its items, but not its stream.
  virtual void table_dropped(const std::string& table) = 0;
  /// A stream is new, was closed, or has forgotten records: everything about it but its records.
  virtual void stream_changed(const std::string& arn, const std::string& record_json) = 0;
  virtual void stream_grew(const std::string& arn, const StreamRecord& record) = 0;
  /// Those before this sequence number.
  virtual void stream_records_forgotten(const std::string& arn, std::uint64_t oldest) = 0;
  /// With all its records.
  virtual void stream_dropped(const std::string& arn) = 0;
  virtual void transaction_made(const std::string& token, const MadeTransaction& made) = 0;
  /// Those made up to this time.
  virtual void transactions_forgotten(std::int64_t made_ms) = 0;
  /// What came since the last is one request's, which is kept as a whole or not at all.
  virtual void end_of_request() = 0;
};

}  // namespace ddbplan::engine
