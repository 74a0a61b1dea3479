#include "engine/account.h"

#include <utility>

#include <fmt/format.h>

#include "engine/account_state.h"
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
  const bool is_same =
      before == after || (before != nullptr && after != nullptr && before->item == after->item);
  if (is_same) return;
  if (record.stream_arn) {
    streams.at(*record.stream_arn).add(now_ms(), before, after, is_expiring);
  }
  if (journal != nullptr) journal->item_changed(record.definition.name, position, after);
}

void AccountState::note_table(const TableRecord& record) {
  if (journal == nullptr) return;
  journal->table_changed(record.definition.name, table_record_json(*this, record));
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
  stream.first_sequence = stream.next_sequence = first_sequence_at(now_ms());
  record.stream_arn = stream.arn;
  streams.insert_or_assign(stream.arn, std::move(stream));
}

void AccountState::close_stream(TableRecord& record) {
  if (!record.stream_arn) return;
  streams.at(*record.stream_arn).closed_ms = now_ms();
  record.stream_arn.reset();
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
  return state_->database.execute(request);
}

support::Result<dynamo::Response, ApiError> Account::execute(dynamo::Request&& request) {
  return state_->database.execute(std::move(request));
}

support::Result<std::string, ApiError> Account::execute(const dynamo::ControlRequest& request) {
  AccountState& state = *state_;
  return std::visit([&state](const auto& operation) { return engine::execute(state, operation); },
                    request);
}

void Account::tick() {
  const std::int64_t now = state_->now_ms();
  state_->is_expiring = true;
  for (auto& [name, record] : state_->tables) {
    if (!record.expiry) continue;
    for (const Position& place : record.expiry->expired(now / 1000, kExpiriesPerTick)) {
      static_cast<void>(state_->store(name).replace(place, nullptr));
    }
  }
  state_->is_expiring = false;
  for (auto at = state_->streams.begin(); at != state_->streams.end();) {
    Stream& stream = at->second;
    stream.forget_before(now - kStreamRetentionMs);
    const bool is_over = stream.closed_ms && *stream.closed_ms < now - kStreamRetentionMs;
    at = is_over ? state_->streams.erase(at) : std::next(at);
  }
}

void Account::set_journal(Journal* journal) {
  state_->journal = journal;
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

const Database& Account::database() const {
  return state_->database;
}

}  // namespace ddbplan::engine
