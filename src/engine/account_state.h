// What an Account is made of, for the operations of the control plane, which are functions over it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "engine/account.h"
#include "engine/change_listener.h"
#include "engine/errors.h"
#include "engine/expiry.h"
#include "engine/state.h"
#include "engine/stream.h"

namespace ddbplan::engine {

/// A table as the control plane sees it.
struct TableRecord {
  dynamo::TableDefinition definition;
  std::string id;
  std::int64_t created_ms = 0;
  std::int64_t item_count = 0;
  std::int64_t item_bytes = 0;
  std::optional<Expiry> expiry;
  std::int64_t expiry_changed_ms = 0;
  std::optional<std::int64_t> recovery_since_ms;
  /// The ARN of the stream that is written to.
  std::optional<std::string> stream_arn;
};

struct AccountState : ChangeListener {
  explicit AccountState(AccountOptions given)
      : options(std::move(given)), database(engine_options(options)) {
    database.state().listener = this;
  }
  static Options engine_options(const AccountOptions& options) {
    Options engine = options.engine;
    engine.now_ms = options.now_ms;
    return engine;
  }

  void on_change(const TableStore& table, const Position& position, const ItemRef& before,
                 const ItemRef& after) override;
  void on_transaction(const std::string& token, const MadeTransaction& made) override;

  [[nodiscard]] std::int64_t now_ms() const { return options.now_ms(); }
  [[nodiscard]] EngineState& engine() { return database.state(); }
  [[nodiscard]] std::string table_arn(const std::string& table) const;
  /// REQUIRES: the table exists.
  [[nodiscard]] TableStore& store(const std::string& table);
  /// By name or ARN.
  [[nodiscard]] ApiResult<TableRecord*> find_table(const std::string& table);
  /// Tells the journal how the table, or the stream, is described now.
  void note_table(const TableRecord& record) const;
  void note_stream(const Stream& stream) const;

  /// Makes the store and hangs it up to be listened to.
  std::optional<dynamo::ApiError> add_table(TableRecord record);
  void open_stream(TableRecord& record, dynamo::StreamView view, std::int64_t created_ms);
  void close_stream(TableRecord& record);
  void forget_records(std::int64_t before_ms);
  /// Items that are there already are put in order.
  void set_expiry(TableRecord& record, std::optional<std::string> attribute);

  AccountOptions options;
  Database database;
  std::map<std::string, TableRecord> tables;
  /// By ARN; those of tables that are gone stay for a day.
  std::map<std::string, Stream> streams;
  Journal* journal = nullptr;
  /// Held by every request: shared by those that only read. A request is atomic for it, so that what
  /// they all do is as if they came one after the other.
  std::shared_mutex mutex;
  /// While time to live deletes.
  bool is_expiring = false;
};

struct Account::State : AccountState {
  using AccountState::AccountState;
};

using ControlResponse = ApiResult<std::string>;

ControlResponse execute(AccountState& state, const dynamo::CreateTableRequest& request);
ControlResponse execute(AccountState& state, const dynamo::UpdateTableRequest& request);
ControlResponse execute(AccountState& state, const dynamo::DeleteTableRequest& request);
ControlResponse execute(AccountState& state, const dynamo::DescribeTableRequest& request);
ControlResponse execute(AccountState& state, const dynamo::ListTablesRequest& request);
ControlResponse execute(AccountState& state, const dynamo::UpdateTimeToLiveRequest& request);
ControlResponse execute(AccountState& state, const dynamo::DescribeTimeToLiveRequest& request);
ControlResponse execute(AccountState& state, const dynamo::TagResourceRequest& request);
ControlResponse execute(AccountState& state, const dynamo::UntagResourceRequest& request);
ControlResponse execute(AccountState& state, const dynamo::ListTagsOfResourceRequest& request);
ControlResponse execute(AccountState& state, const dynamo::DescribeLimitsRequest& request);
ControlResponse execute(AccountState& state, const dynamo::DescribeEndpointsRequest& request);
ControlResponse execute(AccountState& state,
                        const dynamo::DescribeContinuousBackupsRequest& request);
ControlResponse execute(AccountState& state, const dynamo::UpdateContinuousBackupsRequest& request);
ControlResponse execute(AccountState& state, const dynamo::ListStreamsRequest& request);
ControlResponse execute(AccountState& state, const dynamo::DescribeStreamRequest& request);
ControlResponse execute(AccountState& state, const dynamo::GetShardIteratorRequest& request);
ControlResponse execute(AccountState& state, const dynamo::GetRecordsRequest& request);

}  // namespace ddbplan::engine
