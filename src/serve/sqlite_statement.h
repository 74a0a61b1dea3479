// The little of SQLite that the data folder needs, with owners for what SQLite wants closed.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <sqlite3.h>

namespace ddbplan::serve {

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
  /// The bytes must stay until run or the last step.
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

}  // namespace ddbplan::serve
