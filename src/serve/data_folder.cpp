#include "serve/data_folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "dynamo/json_lines.h"
#include "engine/kept_json.h"
#include "serve/sqlite_statement.h"

namespace ddbplan::serve {
namespace {

/// 1 kept tables and items only; what it wrote is read as it is.
constexpr int kFormat = 2;

constexpr std::string_view kSchema = R"sql(
CREATE TABLE IF NOT EXISTS tables (
  id INTEGER PRIMARY KEY,
  name_space BLOB NOT NULL,
  name BLOB NOT NULL,
  record BLOB NOT NULL,
  UNIQUE (name_space, name));
CREATE TABLE IF NOT EXISTS items (
  table_id INTEGER NOT NULL,
  key BLOB NOT NULL,
  item BLOB NOT NULL,
  PRIMARY KEY (table_id, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS streams (
  id INTEGER PRIMARY KEY,
  name_space BLOB NOT NULL,
  arn BLOB NOT NULL,
  record BLOB NOT NULL,
  UNIQUE (name_space, arn));
CREATE TABLE IF NOT EXISTS stream_records (
  stream_id INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  is_expiry INTEGER NOT NULL,
  before BLOB NOT NULL,
  after BLOB NOT NULL,
  PRIMARY KEY (stream_id, sequence)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transactions (
  id INTEGER PRIMARY KEY,
  name_space BLOB NOT NULL,
  token BLOB NOT NULL,
  made_ms INTEGER NOT NULL,
  request BLOB NOT NULL,
  replay BLOB NOT NULL,
  UNIQUE (name_space, token));
CREATE INDEX IF NOT EXISTS transactions_by_time ON transactions (name_space, made_ms);
)sql";

/// What a journal was told, until it is written.
struct ItemChange {
  std::string table;
  std::string key;
  engine::ItemRef after;
};
struct TableChange {
  std::string table;
  std::string record;
};
struct TableDrop {
  std::string table;
};
struct StreamChange {
  std::string arn;
  std::string record;
};
struct StreamGrowth {
  std::string arn;
  engine::StreamRecord record;
};
struct RecordsForgotten {
  std::string arn;
  std::uint64_t oldest = 0;
};
struct StreamDrop {
  std::string arn;
};
struct TransactionChange {
  std::string token;
  engine::MadeTransaction made;
};
struct TransactionsForgotten {
  std::int64_t made_ms = 0;
};
using Change = std::variant<ItemChange, TableChange, TableDrop, StreamChange, StreamGrowth,
                            RecordsForgotten, StreamDrop, TransactionChange, TransactionsForgotten>;
struct PendingChange {
  const std::string* name_space = nullptr;
  Change change;
};

/// What requests have changed and is not on disk yet, from every account and thread; those of one
/// request come together.
class PendingChanges {
 public:
  void append(std::vector<PendingChange>& request) {
    const std::lock_guard lock(mutex_);
    changes_.insert(changes_.end(), std::make_move_iterator(request.begin()),
                    std::make_move_iterator(request.end()));
  }
  std::vector<PendingChange> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(changes_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<PendingChange> changes_;
};

/// The journal of one account. Items are shared, not copied: writing them as text can wait until no
/// request waits for the account.
class Writer final : public engine::Journal {
 public:
  Writer(PendingChanges& pending, std::string name_space)
      : pending_(pending), name_space_(std::move(name_space)) {}

  void item_changed(const std::string& table, const engine::Position& position,
                    const engine::ItemRef& after) override {
    // Each part's encoding ends itself, so the two need no border.
    add(ItemChange{table, position.partition + position.sort, after});
  }
  void table_changed(const std::string& table, const std::string& record) override {
    add(TableChange{table, record});
  }
  void table_dropped(const std::string& table) override { add(TableDrop{table}); }
  void stream_changed(const std::string& arn, const std::string& record) override {
    add(StreamChange{arn, record});
  }
  void stream_grew(const std::string& arn, const engine::StreamRecord& record) override {
    add(StreamGrowth{arn, record});
  }
  void stream_records_forgotten(const std::string& arn, std::uint64_t oldest) override {
    add(RecordsForgotten{arn, oldest});
  }
  void stream_dropped(const std::string& arn) override { add(StreamDrop{arn}); }
  void transaction_made(const std::string& token, const engine::MadeTransaction& made) override {
    add(TransactionChange{token, made});
  }
  void transactions_forgotten(std::int64_t made_ms) override {
    add(TransactionsForgotten{made_ms});
  }
  void end_of_request() override {
    if (request_.empty()) return;
    pending_.append(request_);
    request_.clear();
  }

 private:
  void add(Change change) { request_.push_back({&name_space_, std::move(change)}); }

  PendingChanges& pending_;
  std::string name_space_;
  std::vector<PendingChange> request_;
};

class SqliteFolder final : public DataFolder {
 public:
  explicit SqliteFolder(DatabasePtr database) : database_(std::move(database)) {}

  std::optional<std::string> load(
      const std::function<engine::Account&(const std::string&)>& account_of) override {
    if (auto error = load_tables(account_of)) return error;
    if (auto error = load_streams(account_of)) return error;
    return load_transactions(account_of);
  }

  engine::Journal& journal(const std::string& name_space) override {
    std::unique_ptr<Writer>& writer = writers_[name_space];
    if (writer == nullptr) writer = std::make_unique<Writer>(pending_, name_space);
    return *writer;
  }

  bool commit() override {
    // A request may have seen what another thread is writing right now: it waits for that too.
    const std::lock_guard lock(commit_mutex_);
    if (!error_.empty()) return false;
    const std::vector<PendingChange> changes = pending_.take();
    if (changes.empty()) return true;
    if (execute("BEGIN IMMEDIATE") && write_all(changes) && execute("COMMIT")) return true;
    // SQLite has ended the transaction itself after some errors; then there is nothing to undo.
    sqlite3_exec(sql(), "ROLLBACK", nullptr, nullptr, nullptr);
    return false;
  }

  [[nodiscard]] std::string error() const override {
    const std::lock_guard lock(commit_mutex_);
    return error_;
  }

 private:
  using AccountOf = std::function<engine::Account&(const std::string&)>;
  using Name = std::pair<std::string, std::string>;

  [[nodiscard]] sqlite3* sql() const { return database_.get(); }
  [[nodiscard]] std::string message() const { return sqlite3_errmsg(sql()); }

  /// Returns `good`, after noting why not.
  bool check(bool good) {
    if (!good && error_.empty()) error_ = message();
    return good;
  }
  bool execute(const char* text) {
    return check(sqlite3_exec(sql(), text, nullptr, nullptr, nullptr) == SQLITE_OK);
  }

  std::optional<std::string> load_tables(const AccountOf& account_of) {
    Statement tables(sql(), "SELECT id, name_space, name, record FROM tables ORDER BY id");
    while (tables.step()) {
      const std::string name_space(tables.bytes(1));
      const std::string name(tables.bytes(2));
      engine::Account& account = account_of(name_space);
      if (auto error = account.restore_table(tables.bytes(3))) return *error;
      table_ids_[{name_space, name}] = tables.integer(0);
      if (auto error = load_items(account, name, tables.integer(0))) return error;
    }
    if (!tables.ended_well()) return message();
    return std::nullopt;
  }

  std::optional<std::string> load_items(engine::Account& account, const std::string& table,
                                        std::int64_t id) {
    Statement items(sql(), "SELECT item FROM items WHERE table_id = ?");
    items.bind(1, id);
    while (items.step()) {
      auto item = dynamo::parse_item_json(items.bytes(0));
      if (!item) return fmt::format("table {}: {}", table, item.error());
      if (auto error = account.restore_item(table, *std::move(item))) {
        return fmt::format("table {}: {}", table, *error);
      }
    }
    if (!items.ended_well()) return message();
    return std::nullopt;
  }

  std::optional<std::string> load_streams(const AccountOf& account_of) {
    Statement streams(sql(), "SELECT id, name_space, arn, record FROM streams ORDER BY id");
    while (streams.step()) {
      const std::string name_space(streams.bytes(1));
      const std::string arn(streams.bytes(2));
      engine::Account& account = account_of(name_space);
      if (auto error = account.restore_stream(streams.bytes(3))) return *error;
      stream_ids_[{name_space, arn}] = streams.integer(0);
      if (auto error = load_records(account, arn, streams.integer(0))) {
        return fmt::format("stream {}: {}", arn, *error);
      }
    }
    if (!streams.ended_well()) return message();
    return std::nullopt;
  }

  std::optional<std::string> load_records(engine::Account& account, const std::string& arn,
                                          std::int64_t id) {
    Statement records(sql(),
                      "SELECT sequence, created_ms, is_expiry, before, after FROM stream_records "
                      "WHERE stream_id = ? ORDER BY sequence");
    records.bind(1, id);
    while (records.step()) {
      engine::StreamRecord record;
      record.sequence = static_cast<std::uint64_t>(records.integer(0));
      record.created_ms = records.integer(1);
      record.is_expiry = records.integer(2) != 0;
      if (auto error = read_image(records.bytes(3), record.before)) return error;
      if (auto error = read_image(records.bytes(4), record.after)) return error;
      if (auto error = account.restore_stream_record(arn, std::move(record))) return error;
    }
    if (!records.ended_well()) return message();
    return std::nullopt;
  }

  static std::optional<std::string> read_image(std::string_view text, engine::ItemRef& image) {
    if (text.empty()) return std::nullopt;
    auto item = dynamo::parse_item_json(text);
    if (!item) return item.error();
    image = std::make_shared<const engine::StoredItem>(*std::move(item));
    return std::nullopt;
  }

  std::optional<std::string> load_transactions(const AccountOf& account_of) {
    Statement made(sql(),
                   "SELECT name_space, token, made_ms, request, replay FROM transactions "
                   "ORDER BY made_ms, id");
    while (made.step()) {
      auto replay = engine::read_replay_json(made.bytes(4));
      if (!replay) return std::string("a transaction cannot be read");
      engine::MadeTransaction transaction{std::string(made.bytes(3)), *std::move(replay),
                                          made.integer(2)};
      account_of(std::string(made.bytes(0)))
          .restore_transaction(std::string(made.bytes(1)), std::move(transaction));
    }
    if (!made.ended_well()) return message();
    return std::nullopt;
  }

  /// Stops at the first failure: after some, SQLite has rolled the transaction back, and what is
  /// written next would become durable by itself.
  bool write_all(const std::vector<PendingChange>& changes) {
    return std::all_of(changes.begin(), changes.end(), [this](const PendingChange& one) {
      return std::visit([&](const auto& change) { return write(*one.name_space, change); },
                        one.change);
    });
  }

  /// The row of a table or a stream; nullopt after noting that there is none.
  std::optional<std::int64_t> id_of(const std::map<Name, std::int64_t>& ids,
                                    const std::string& name_space, const std::string& name) {
    const auto found = ids.find({name_space, name});
    if (found != ids.end()) return found->second;
    if (error_.empty()) error_ = fmt::format("a change of {}, which is not there", name);
    return std::nullopt;
  }
  /// Inserts or changes a row that has one of our ids.
  bool put_named(Statement& statement, std::map<Name, std::int64_t>& ids,
                 const std::string& name_space, const std::string& name,
                 const std::string& record) {
    statement.bind(1, name_space).bind(2, name).bind(3, record);
    if (!check(statement.step())) return false;
    ids[{name_space, name}] = statement.integer(0);
    return check(statement.run());
  }

  bool write(const std::string& name_space, const ItemChange& change) {
    const auto table = id_of(table_ids_, name_space, change.table);
    if (!table) return false;
    if (change.after == nullptr) {
      return check(delete_item_.bind(1, *table).bind(2, change.key).run());
    }
    put_item_.bind(1, *table).bind(2, change.key).bind(3, text(change.after, after_));
    return check(put_item_.run());
  }
  bool write(const std::string& name_space, const TableChange& change) {
    return put_named(put_table_, table_ids_, name_space, change.table, change.record);
  }
  bool write(const std::string& name_space, const TableDrop& change) {
    const auto table = id_of(table_ids_, name_space, change.table);
    if (!table) return false;
    table_ids_.erase({name_space, change.table});
    return check(delete_items_.bind(1, *table).run()) && check(delete_table_.bind(1, *table).run());
  }
  bool write(const std::string& name_space, const StreamChange& change) {
    return put_named(put_stream_, stream_ids_, name_space, change.arn, change.record);
  }
  bool write(const std::string& name_space, const StreamGrowth& change) {
    const auto stream = id_of(stream_ids_, name_space, change.arn);
    if (!stream) return false;
    const engine::StreamRecord& record = change.record;
    put_record_.bind(1, *stream)
        .bind(2, static_cast<std::int64_t>(record.sequence))
        .bind(3, record.created_ms)
        .bind(4, std::int64_t{record.is_expiry ? 1 : 0})
        .bind(5, text(record.before, before_))
        .bind(6, text(record.after, after_));
    return check(put_record_.run());
  }
  bool write(const std::string& name_space, const RecordsForgotten& change) {
    const auto stream = id_of(stream_ids_, name_space, change.arn);
    if (!stream) return false;
    forget_records_.bind(1, *stream).bind(2, static_cast<std::int64_t>(change.oldest));
    return check(forget_records_.run());
  }
  bool write(const std::string& name_space, const StreamDrop& change) {
    const auto stream = id_of(stream_ids_, name_space, change.arn);
    if (!stream) return false;
    stream_ids_.erase({name_space, change.arn});
    return check(delete_records_.bind(1, *stream).run()) &&
           check(delete_stream_.bind(1, *stream).run());
  }
  bool write(const std::string& name_space, const TransactionChange& change) {
    const std::string replay = engine::replay_json(change.made.replay);
    put_transaction_.bind(1, name_space)
        .bind(2, change.token)
        .bind(3, change.made.made_ms)
        .bind(4, change.made.request)
        .bind(5, replay);
    return check(put_transaction_.run());
  }
  bool write(const std::string& name_space, const TransactionsForgotten& change) {
    return check(forget_transactions_.bind(1, name_space).bind(2, change.made_ms).run());
  }

  /// Empty for no item; else written to memory that is used again.
  static std::string_view text(const engine::ItemRef& item, std::string& memory) {
    memory.clear();
    if (item != nullptr) dynamo::append_item_json(memory, item->item);
    return memory;
  }

  DatabasePtr database_;
  Statement put_item_{sql(), "INSERT OR REPLACE INTO items VALUES (?, ?, ?)"};
  Statement delete_item_{sql(), "DELETE FROM items WHERE table_id = ? AND key = ?"};
  Statement put_table_{sql(),
                       "INSERT INTO tables (name_space, name, record) VALUES (?, ?, ?) "
                       "ON CONFLICT (name_space, name) DO UPDATE SET record = excluded.record "
                       "RETURNING id"};
  Statement delete_table_{sql(), "DELETE FROM tables WHERE id = ?"};
  Statement delete_items_{sql(), "DELETE FROM items WHERE table_id = ?"};
  Statement put_stream_{sql(),
                        "INSERT INTO streams (name_space, arn, record) VALUES (?, ?, ?) "
                        "ON CONFLICT (name_space, arn) DO UPDATE SET record = excluded.record "
                        "RETURNING id"};
  Statement delete_stream_{sql(), "DELETE FROM streams WHERE id = ?"};
  Statement put_record_{sql(), "INSERT INTO stream_records VALUES (?, ?, ?, ?, ?, ?)"};
  Statement forget_records_{sql(),
                            "DELETE FROM stream_records WHERE stream_id = ? AND sequence < ?"};
  Statement delete_records_{sql(), "DELETE FROM stream_records WHERE stream_id = ?"};
  Statement put_transaction_{
      sql(),
      "INSERT OR REPLACE INTO transactions "
      "(name_space, token, made_ms, request, replay) VALUES (?, ?, ?, ?, ?)"};
  Statement forget_transactions_{sql(),
                                 "DELETE FROM transactions WHERE name_space = ? AND made_ms <= ?"};
  /// By name space and name.
  std::map<Name, std::int64_t> table_ids_;
  std::map<Name, std::int64_t> stream_ids_;
  PendingChanges pending_;
  std::map<std::string, std::unique_ptr<Writer>> writers_;
  std::string before_;
  std::string after_;
  /// Held while changes are written; everything of SQLite is behind it.
  mutable std::mutex commit_mutex_;
  std::string error_;
};

std::optional<std::string> prepare(sqlite3* database) {
  const auto run = [database](const std::string& text) {
    return sqlite3_exec(database, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
  };
  std::int64_t format = 0;
  // Exclusive: a second process would write what this one does not know.
  if (!run("PRAGMA locking_mode = EXCLUSIVE") || !run("PRAGMA journal_mode = WAL") ||
      !run("PRAGMA synchronous = FULL") || !run("BEGIN EXCLUSIVE; COMMIT")) {
    return std::string(sqlite3_errmsg(database));
  }
  {
    Statement version(database, "PRAGMA user_version");
    if (version.step()) format = version.integer(0);
  }
  if (format > kFormat) return std::string("it was written by a newer ddbplan");
  if (!run(std::string(kSchema)) || !run(fmt::format("PRAGMA user_version = {}", kFormat))) {
    return std::string(sqlite3_errmsg(database));
  }
  return std::nullopt;
}

}  // namespace

support::Result<std::unique_ptr<DataFolder>, std::string> DataFolder::open(
    const std::string& path) {
  constexpr mode_t kMode = 0777;  // less what the user's umask takes
  if (mkdir(path.c_str(), kMode) != 0 && errno != EEXIST) {
    return fmt::format("cannot make the folder {}: {}", path, std::strerror(errno));
  }
  sqlite3* opened = nullptr;
  const std::string file = path + "/ddbplan.sqlite3";
  const int status = sqlite3_open(file.c_str(), &opened);
  DatabasePtr database(opened);
  if (status != SQLITE_OK) return fmt::format("cannot open {}: {}", file, sqlite3_errstr(status));
  if (auto error = prepare(database.get())) return fmt::format("cannot use {}: {}", file, *error);
  return std::unique_ptr<DataFolder>(std::make_unique<SqliteFolder>(std::move(database)));
}

}  // namespace ddbplan::serve
