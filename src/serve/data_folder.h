// Accounts on disk: one SQLite database in the folder of --data.
//
// SQLite and not LMDB or RocksDB, because the engine reads from memory and a store has to do three
// things only: take batches of writes, lose none of them, give all of them back at the start. SQLite
// does these in one file that its own program reads and repairs, is in every distribution, and has
// no memory map whose size must be guessed (LMDB) and no background threads (RocksDB). Written ahead
// and flushed at every commit (journal_mode WAL, synchronous FULL), a batch survives the process and
// the machine; the server commits once for all requests that came in together.
//
// Kept: tables with everything about them, items, streams with their records, and the tokens of
// transactions. What one request changed is in one batch, whatever threads do.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/account.h"
#include "engine/journal.h"
#include "support/result.h"

namespace ddbplan::serve {

class DataFolder {
 public:
  /// Makes the folder when there is none. The error is a sentence that names it; another process
  /// that uses the folder is one.
  static support::Result<std::unique_ptr<DataFolder>, std::string> open(const std::string& path);
  virtual ~DataFolder() = default;

  /// Fills accounts with what was kept; `account_of` gives the account of a name space.
  virtual std::optional<std::string> load(
      const std::function<engine::Account&(const std::string&)>& account_of) = 0;
  /// Valid as long as the folder is open. To be asked for by one thread at a time.
  virtual engine::Journal& journal(const std::string& name_space) = 0;
  /// What requests that have ended told the journals becomes durable; from any thread. False: none of it has, error() says
  /// why, and nothing is written any more: the accounts are ahead of the folder, and must not be served on.
  virtual bool commit() = 0;
  [[nodiscard]] virtual std::string error() const = 0;
};

}  // namespace ddbplan::serve
