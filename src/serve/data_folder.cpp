#include "serve/data_folder.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <string_view>

#include <fmt/format.h>
#include <sqlite3.h>

#include "dynamo/json_lines.h"

namespace ddbplan::serve {
namespace {

constexpr int kFormat = 1;

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using DatabasePtr = std::unique_ptr<sqlite3, CloseDatabase>;

/// One prepared statement; parameters are bound from 1.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql) {
    sqlite3_stmt* made = nullptr;
    sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &made, nullptr);
    statement_.reset(made);
  }
  Statement& bind(int place, std::string_view bytes) {
    sqlite3_bind_blob64(statement_.get(), place, bytes.data(), bytes.size(), SQLITE_STATIC);
    return *this;
  }
  Statement& bind(int place, std::int64_t value) {
    sqlite3_bind_int64(statement_.get(), place, value);
    return *this;
  }
  /// The next row is there.
  bool step() {
    status_ = sqlite3_step(statement_.get());
    return status_ == SQLITE_ROW;
  }
  /// Runs to the end. False when SQLite refused.
  bool run() {
    step();
    sqlite3_reset(statement_.get());
    return status_ == SQLITE_DONE || status_ == SQLITE_ROW;
  }
  [[nodiscard]] bool ended_well() const { return status_ == SQLITE_DONE; }
  [[nodiscard]] std::string_view bytes(int column) const {
    const void* data = sqlite3_column_blob(statement_.get(), column);
    return {static_cast<const char*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
  }
  [[nodiscard]] std::int64_t integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
  }

 private:
  std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement_;
  int status_ = SQLITE_ERROR;
};

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
)sql";

class SqliteFolder final : public DataFolder {
 public:
  explicit SqliteFolder(DatabasePtr database)
      : database_(std::move(database)),
        put_item_(sql(), "INSERT OR REPLACE INTO items VALUES (?, ?, ?)"),
        delete_item_(sql(), "DELETE FROM items WHERE table_id = ? AND key = ?"),
        put_table_(sql(),
                   "INSERT INTO tables (name_space, name, record) VALUES (?, ?, ?) "
                   "ON CONFLICT (name_space, name) DO UPDATE SET record = excluded.record "
                   "RETURNING id"),
        delete_table_(sql(), "DELETE FROM tables WHERE id = ?"),
        delete_items_(sql(), "DELETE FROM items WHERE table_id = ?") {}

  std::optional<std::string> load(
      const std::function<engine::Account&(const std::string&)>& account_of) override {
    Statement tables(sql(), "SELECT id, name_space, name, record FROM tables ORDER BY id");
    while (tables.step()) {
      const std::string name_space(tables.bytes(1));
      const std::string name(tables.bytes(2));
      engine::Account& account = account_of(name_space);
      if (auto error = account.restore_table(tables.bytes(3))) return *error;
      ids_[{name_space, name}] = tables.integer(0);
      if (auto error = load_items(account, name, tables.integer(0))) return error;
    }
    if (!tables.ended_well()) return message();
    return std::nullopt;
  }

  engine::Journal& journal(const std::string& name_space) override {
    std::unique_ptr<Writer>& writer = writers_[name_space];
    if (writer == nullptr) writer = std::make_unique<Writer>(*this, name_space);
    return *writer;
  }

  bool commit() override {
    if (!error_.empty()) return false;
    if (!in_transaction_) return true;
    in_transaction_ = false;
    return execute("COMMIT");
  }

  [[nodiscard]] const std::string& error() const override { return error_; }

 private:
  struct Writer final : engine::Journal {
    Writer(SqliteFolder& owner, std::string name) : folder(owner), name_space(std::move(name)) {}
    void item_changed(const std::string& table, const engine::Position& position,
                      const engine::ItemRef& after) override {
      folder.write_item(folder.ids_.at({name_space, table}), position, after);
    }
    void table_changed(const std::string& table, const std::string& record) override {
      folder.write_table(name_space, table, record);
    }
    void table_dropped(const std::string& table) override {
      folder.drop_table({name_space, table});
    }
    SqliteFolder& folder;
    std::string name_space;
  };

  [[nodiscard]] sqlite3* sql() const { return database_.get(); }
  [[nodiscard]] std::string message() const { return sqlite3_errmsg(sql()); }

  bool check(bool good) {
    if (!good && error_.empty()) error_ = message();
    return good;
  }
  bool execute(const char* text) {
    return check(sqlite3_exec(sql(), text, nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  void begin() {
    if (in_transaction_ || !error_.empty()) return;
    in_transaction_ = execute("BEGIN IMMEDIATE");
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

  void write_item(std::int64_t table, const engine::Position& position,
                  const engine::ItemRef& after) {
    begin();
    // Each part's encoding ends itself, so the two need no border.
    const std::string key = position.partition + position.sort;
    if (after == nullptr) {
      check(delete_item_.bind(1, table).bind(2, key).run());
      return;
    }
    item_text_.clear();
    dynamo::append_item_json(item_text_, after->item);
    check(put_item_.bind(1, table).bind(2, key).bind(3, item_text_).run());
  }

  void write_table(const std::string& name_space, const std::string& table,
                   const std::string& record) {
    begin();
    put_table_.bind(1, name_space).bind(2, table).bind(3, record);
    if (put_table_.step()) ids_[{name_space, table}] = put_table_.integer(0);
    check(put_table_.run());
  }

  void drop_table(const std::pair<std::string, std::string>& table) {
    begin();
    const std::int64_t id = ids_.at(table);
    check(delete_items_.bind(1, id).run());
    check(delete_table_.bind(1, id).run());
    ids_.erase(table);
  }

  DatabasePtr database_;
  Statement put_item_;
  Statement delete_item_;
  Statement put_table_;
  Statement delete_table_;
  Statement delete_items_;
  /// By name space and name.
  std::map<std::pair<std::string, std::string>, std::int64_t> ids_;
  std::map<std::string, std::unique_ptr<Writer>> writers_;
  std::string item_text_;
  std::string error_;
  bool in_transaction_ = false;
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
