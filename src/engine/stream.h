// A table's stream: one shard of records, oldest first, kept for a day.
//
// Sequence numbers grow with time and are never used twice, also not by a process that starts again
// on a folder that kept no records: a reader that goes on after an old number is told that it is too
// late, and is never given other records than it asked for.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "dynamo/control.h"
#include "dynamo/json_writer.h"
#include "engine/collections.h"

namespace ddbplan::engine {

struct StreamRecord {
  std::uint64_t sequence = 0;
  std::int64_t created_ms = 0;
  ItemRef before;
  ItemRef after;
  /// Deleted by time to live, not by a user.
  bool is_expiry = false;
};

struct Stream {
  std::string table;
  std::string arn;
  std::string label;
  std::string region;
  dynamo::StreamView view = dynamo::StreamView::keys_only;
  dynamo::KeySchema key;
  std::int64_t created_ms = 0;
  std::uint64_t first_sequence = 0;  ///< nothing before can be asked for
  std::uint64_t oldest = 0;          ///< records before this one are forgotten
  std::uint64_t next_sequence = 0;
  std::deque<StreamRecord> records;
  /// When it was disabled: it can still be read, and nothing is added.
  std::optional<std::int64_t> closed_ms;
  [[nodiscard]] std::string shard() const;
  const StreamRecord& add(std::int64_t now_ms, const ItemRef& before, const ItemRef& after,
                          bool is_expiry);
  /// Whether there were any, by their time of creation.
  bool forget_before(std::int64_t limit_ms);
};

/// As the service writes them: 21 digits, so that they also order as text.
std::string sequence_text(std::uint64_t sequence);
std::optional<std::uint64_t> parse_sequence(const std::string& text);
/// The first number of a stream, or of a process that goes on with one.
std::uint64_t first_sequence_at(std::int64_t now_ms);

void append_record(dynamo::JsonWriter& json, const Stream& stream, const StreamRecord& record);
/// What GetRecords counts towards its page of 1 MB.
std::int64_t record_bytes(const Stream& stream, const StreamRecord& record);

}  // namespace ddbplan::engine
