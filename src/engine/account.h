// The DynamoDB of one account in one region: a Database, and what the control plane knows about its
// tables: billing, streams, time to live, tags. What `ddbplan serve` answers from.
//
// Threads may send requests at the same time. Each is atomic, and what all of them did is what they
// would have done one after the other.
//
// A library without I/O; time comes from the clock in the options, so that tests own it. Changes of
// tables are complete when the answer is given: it says CREATING, UPDATING or DELETING as the
// service's does, and the next request finds the table ACTIVE or gone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "dynamo/control.h"
#include "dynamo/request.h"
#include "engine/database.h"
#include "engine/journal.h"
#include "support/result.h"

namespace ddbplan::engine {

struct AccountOptions {
  Options engine = {};
  /// Both stand in ARNs only.
  std::string region = "ddblocal";
  std::string account_id = "000000000000";
  /// Milliseconds since 1970. REQUIRES: never empty.
  std::function<std::int64_t()> now_ms;
};

class Account {
 public:
  explicit Account(AccountOptions options);
  ~Account();
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  support::Result<dynamo::Response, dynamo::ApiError> execute(const dynamo::Request& request);
  /// The same, and an item to be put is moved; the rest of the request stays as it is.
  support::Result<dynamo::Response, dynamo::ApiError> execute(dynamo::Request&& request);
  /// The response's JSON body: nobody but a wire asks for these.
  support::Result<std::string, dynamo::ApiError> execute(const dynamo::ControlRequest& request);

  /// Deletes items whose time to live is over, a bounded number per call, and forgets stream
  /// records after a day. To be called about once a second.
  void tick();

  /// From now on every change is told. The journal must outlive the account.
  void set_journal(Journal* journal);
  /// What a journal was told: tables, then items in any order; streams after tables, and their
  /// records and the transactions in the order of their making. The error says what is wrong with
  /// the record. REQUIRES: no journal is set.
  std::optional<std::string> restore_table(std::string_view record_json);
  std::optional<std::string> restore_item(const std::string& table, dynamo::Item item);
  std::optional<std::string> restore_stream(std::string_view record_json);
  std::optional<std::string> restore_stream_record(const std::string& arn, StreamRecord record);
  void restore_transaction(const std::string& token, MadeTransaction made);

  [[nodiscard]] const Database& database() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ddbplan::engine
