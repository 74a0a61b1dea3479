#include "engine/account.h"

#include <mutex>
#include <shared_mutex>
#include <utility>

#include <fmt/format.h>

#include "engine/account_state.h"
#include "engine/kept_json.h"
#include "engine/table_record_json.h"
#include "engine/validation.h"
#include "support/check.h"

namespace ddbplan::engine {

using dynamo::ApiError;

namespace {

/// One tick deletes no more, so that requests wait for it a few milliseconds at most.
constexpr std::size_t kExpiriesPerTick = 1000;
constexpr std::int64_t kStreamRetentionMs = 24LL * 60 * 60 * 1000;

/// "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME" names a table as well as NAME does.
std::string table_name_of(const std::string& name_or_arn) {
  constexpr std::string_view kTable = ":table/";
  const std::size_t at = name_or_arn.find(kTable);
  if (!name_or_arn.starts_with("arn:") || at == std::string::npos) return name_or_arn;
  return name_or_arn.substr(at + kTable.size());
}

std::int64_t bytes_of(const ItemRef& item) {
  return item == nullptr ? 0 : item->bytes.count;
}

/// For a request that may change something: alone, and a whole for the journal.
class WriterLock {
 public:
  explicit WriterLock(AccountState& state) : state_(state), lock_(state.mutex) {}
  ~WriterLock() {
    if (state_.journal != nullptr) state_.journal->end_of_request();
  }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  AccountState& state_;
  std::unique_lock<std::shared_mutex> lock_;
};

}  // namespace

std::string AccountState::table_arn(const std::string& table) const {
  return fmt::format("arn:aws:dynamodb:{}:{}:table/{}", options.region, options.account_id, table);
}

TableStore& AccountState::store(const std::string& table) {
  const ApiResult<TableStore*> found = engine().find_table(table);
  DDBPLAN_CHECK(found.ok());
  return **found;
}

ApiResult<TableRecord*> AccountState::find_table(const std::string& table) {
  const std::string name = table_name_of(table);
  const auto found = tables.find(name);
  if (found != tables.end()) return &found->second;
  return ApiError{"ResourceNotFoundException",
                  fmt::format("Requested resource not found: Table: {} not found", name),
                  {},
                  {}};
}

void AccountState::on_change(const TableStore& table, const Position& position,
                             const ItemRef& before, const ItemRef& after) {
  TableRecord& record = tables.at(table.description().name);
  record.item_count += (after != nullptr ? 1 : 0) - (before != nullptr ? 1 : 0);
  record.item_bytes += bytes_of(after) - bytes_of(before);
  if (record.expiry) record.expiry->change(position, before, after);
  if (same_content(before, after)) return;
  const StreamRecord* added = nullptr;
  if (record.stream_arn) {
    added = &streams.at(*record.stream_arn).add(now_ms(), before, after, is_expiring);
  }
  if (journal == nullptr) return;
  journal->item_changed(record.definition.name, position, after);
  if (added != nullptr) journal->stream_grew(*record.stream_arn, *added);
}

void AccountState::on_transaction(const std::string& token, const MadeTransaction& made) {
  if (journal != nullptr) journal->transaction_made(token, made);
}

void AccountState::note_table(const TableRecord& record) const {
  if (journal == nullptr) return;
  journal->table_changed(record.definition.name, table_record_json(*this, record));
}

void AccountState::note_stream(const Stream& stream) const {
  if (journal != nullptr) journal->stream_changed(stream.arn, stream_json(stream));
}

void AccountState::open_stream(TableRecord& record, dynamo::StreamView view,
                               std::int64_t created_ms) {
  Stream stream;
  stream.table = record.definition.name;
  stream.label = timestamp_text(created_ms);
  stream.arn = table_arn(stream.table) + "/stream/" + stream.label;
  stream.region = options.region;
  stream.view = view;
  stream.key = store(stream.table).description().key;
  stream.created_ms = created_ms;
  stream.first_sequence = stream.oldest = stream.next_sequence = first_sequence_at(now_ms());
  record.stream_arn = stream.arn;
  note_stream(stream);
  streams.insert_or_assign(stream.arn, std::move(stream));
}

void AccountState::close_stream(TableRecord& record) {
  if (!record.stream_arn) return;
  Stream& stream = streams.at(*record.stream_arn);
  stream.closed_ms = now_ms();
  note_stream(stream);
  record.stream_arn.reset();
}

void AccountState::forget_records(std::int64_t before_ms) {
  for (auto at = streams.begin(); at != streams.end();) {
    Stream& stream = at->second;
    if (stream.forget_before(before_ms) && journal != nullptr) {
      journal->stream_records_forgotten(stream.arn, stream.oldest);
      note_stream(stream);
    }
    const bool is_over = stream.closed_ms && *stream.closed_ms < before_ms;
    if (is_over && journal != nullptr) journal->stream_dropped(stream.arn);
    at = is_over ? streams.erase(at) : std::next(at);
  }
}

void AccountState::set_expiry(TableRecord& record, std::optional<std::string> attribute) {
  record.expiry.reset();
  if (!attribute) return;
  record.expiry.emplace(*std::move(attribute));
  for (const auto& [position, item] : store(record.definition.name).all_items()) {
    record.expiry->change(position, nullptr, item);
  }
}

Account::Account(AccountOptions options) : state_(std::make_unique<State>(std::move(options))) {
  DDBPLAN_CHECK(state_->options.now_ms != nullptr);
}
Account::~Account() = default;

support::Result<dynamo::Response, ApiError> Account::execute(const dynamo::Request& request) {
  if (!dynamo::may_write(request)) {
    const std::shared_lock lock(state_->mutex);
    return state_->database.execute(request);
  }
  const WriterLock lock(*state_);
  return state_->database.execute(request);
}

support::Result<dynamo::Response, ApiError> Account::execute(dynamo::Request&& request) {
  if (!dynamo::may_write(request)) {
    const std::shared_lock lock(state_->mutex);
    return state_->database.execute(std::move(request));
  }
  const WriterLock lock(*state_);
  return state_->database.execute(std::move(request));
}

support::Result<std::string, ApiError> Account::execute(const dynamo::ControlRequest& request) {
  AccountState& state = *state_;
  const WriterLock lock(state);
  return std::visit([&state](const auto& operation) { return engine::execute(state, operation); },
                    request);
}

void Account::tick() {
  const WriterLock lock(*state_);
  const std::int64_t now = state_->now_ms();
  MadeTransactions& transactions = state_->engine().transactions;
  transactions.forget(now);
  if (transactions.take_forgotten() && state_->journal != nullptr) {
    state_->journal->transactions_forgotten(now - MadeTransactions::kRememberedMs);
  }
  state_->is_expiring = true;
  for (auto& [name, record] : state_->tables) {
    if (!record.expiry) continue;
    for (const Position& place : record.expiry->expired(now / 1000, kExpiriesPerTick)) {
      static_cast<void>(state_->store(name).replace(place, nullptr));
    }
  }
  state_->is_expiring = false;
  state_->forget_records(now - kStreamRetentionMs);
}

void Account::set_journal(Journal* journal) {
  state_->journal = journal;
  if (journal == nullptr) return;
  // A folder of an older version has kept none of them.
  for (const auto& [arn, stream] : state_->streams) state_->note_stream(stream);
  journal->end_of_request();
}

std::optional<std::string> Account::restore_table(std::string_view record_json) {
  DDBPLAN_CHECK(state_->journal == nullptr);
  return read_table_record(*state_, record_json);
}

std::optional<std::string> Account::restore_item(const std::string& table, dynamo::Item item) {
  const ApiResult<TableStore*> found = state_->engine().find_table(table);
  if (!found) return fmt::format("there is no table {}", table);
  if (auto error = check_item((*found)->description(), item, ItemSource::put))
    return error->message;
  const Position position = position_in_table((*found)->description(), item);
  // Restoring is no change: streams do not hear of it.
  TableRecord& record = state_->tables.at(table);
  const std::optional<std::string> stream = std::exchange(record.stream_arn, std::nullopt);
  static_cast<void>(
      (*found)->replace(position, std::make_shared<const StoredItem>(std::move(item))));
  record.stream_arn = stream;
  return std::nullopt;
}

std::optional<std::string> Account::restore_stream(std::string_view record_json) {
  DDBPLAN_CHECK(state_->journal == nullptr);
  std::optional<Stream> stream = read_stream_json(record_json);
  if (!stream) return "a stream cannot be read";
  stream->next_sequence = stream->oldest;
  const std::string arn = stream->arn;
  state_->streams.insert_or_assign(arn, *std::move(stream));
  return std::nullopt;
}

std::optional<std::string> Account::restore_stream_record(const std::string& arn,
                                                          StreamRecord record) {
  const auto found = state_->streams.find(arn);
  if (found == state_->streams.end()) return fmt::format("there is no stream {}", arn);
  if (record.sequence < found->second.next_sequence) return "stream records are not in order";
  found->second.next_sequence = record.sequence + 1;
  found->second.records.push_back(std::move(record));
  return std::nullopt;
}

void Account::restore_transaction(const std::string& token, MadeTransaction made) {
  state_->engine().transactions.add(token, std::move(made));
}

const Database& Account::database() const {
  return state_->database;
}

}  // namespace ddbplan::engine
