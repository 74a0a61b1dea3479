// ListStreams, DescribeStream, GetShardIterator, GetRecords.

#include <algorithm>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

#include "dynamo/base64.h"
#include "engine/account_state.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::JsonWriter;
using dynamo::ShardIteratorType;

namespace {

constexpr int kStreamsPerPage = 100;
constexpr int kRecordsPerPage = 1000;
constexpr std::int64_t kRecordBytesPerPage = std::int64_t{1024} * 1024;
/// API Reference, GetShardIterator: "A shard iterator expires 15 minutes after it is returned".
constexpr std::int64_t kIteratorMs = 15LL * 60 * 1000;

ApiError not_found(std::string message) {
  return {"ResourceNotFoundException", std::move(message), {}, {}};
}

ApiResult<Stream*> find_stream(AccountState& state, const std::string& arn) {
  const auto found = state.streams.find(arn);
  if (found != state.streams.end()) return &found->second;
  return not_found(fmt::format("Requested resource not found: Stream: {} not found", arn));
}

struct Iterator {
  std::string arn;
  std::uint64_t sequence = 0;  ///< of the next record
  std::int64_t issued_ms = 0;
};

std::string to_text(const Iterator& iterator) {
  return iterator.arn + "|1|" +
         dynamo::base64_encode(fmt::format("{} {}", iterator.sequence, iterator.issued_ms));
}

template <class Number>
bool parse_number(std::string_view text, Number& out) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size();
}

std::optional<Iterator> parse_iterator(const std::string& text) {
  const std::size_t bar = text.find("|1|");
  if (bar == std::string::npos) return std::nullopt;
  const std::optional<std::string> inner = dynamo::base64_decode(text.substr(bar + 3));
  if (!inner) return std::nullopt;
  const std::size_t blank = inner->find(' ');
  if (blank == std::string::npos) return std::nullopt;
  Iterator iterator;
  iterator.arn = text.substr(0, bar);
  const std::string_view view = *inner;
  if (!parse_number(view.substr(0, blank), iterator.sequence)) return std::nullopt;
  if (!parse_number(view.substr(blank + 1), iterator.issued_ms)) return std::nullopt;
  return iterator;
}

ApiError trimmed() {
  return {"TrimmedDataAccessException",
          "The operation attempted to read past the oldest stream record in a shard.",
          {},
          {}};
}

ApiResult<std::uint64_t> starting_sequence(const Stream& stream,
                                           const dynamo::GetShardIteratorRequest& request) {
  switch (request.type) {
    case ShardIteratorType::trim_horizon:
      return stream.oldest;
    case ShardIteratorType::latest:
      return stream.next_sequence;
    case ShardIteratorType::at_sequence:
    case ShardIteratorType::after_sequence:
      break;
  }
  if (!request.sequence) {
    return invalid_parameter("SequenceNumber is required for this type of shard iterator");
  }
  const std::optional<std::uint64_t> sequence = parse_sequence(*request.sequence);
  if (!sequence || *sequence > stream.next_sequence) {
    return validation_error("Invalid SequenceNumber");
  }
  const bool is_after = request.type == ShardIteratorType::after_sequence;
  const std::uint64_t first = *sequence + (is_after ? 1 : 0);
  if (first < stream.oldest) return trimmed();
  return first;
}

void append_shard(JsonWriter& json, const Stream& stream) {
  json.begin_object();
  json.name("SequenceNumberRange");
  json.begin_object();
  if (stream.closed_ms) {
    json.member("EndingSequenceNumber",
                sequence_text(std::max(stream.next_sequence - 1, stream.first_sequence)));
  }
  json.member("StartingSequenceNumber", sequence_text(stream.first_sequence));
  json.end_object();
  json.member("ShardId", stream.shard());
  json.end_object();
}

void append_stream_key(JsonWriter& json, const dynamo::KeySchema& key) {
  json.name("KeySchema");
  json.begin_array();
  for (const auto* part : {&key.partition, &key.sort}) {
    for (const dynamo::KeyAttribute& attribute : *part) {
      json.begin_object();
      json.member("AttributeName", attribute.name);
      json.member("KeyType", part == &key.partition ? "HASH" : "RANGE");
      json.end_object();
    }
  }
  json.end_array();
}

}  // namespace

ControlResponse execute(AccountState& state, const dynamo::ListStreamsRequest& request) {
  if (request.table && !state.tables.contains(*request.table)) {
    return not_found(
        fmt::format("Requested resource not found: Table: {} not found", *request.table));
  }
  const auto limit = static_cast<std::size_t>(request.limit.value_or(kStreamsPerPage));
  std::vector<const Stream*> page;
  bool is_full = false;
  auto at =
      request.start_after ? state.streams.upper_bound(*request.start_after) : state.streams.begin();
  for (; at != state.streams.end() && !is_full; ++at) {
    if (request.table && at->second.table != *request.table) continue;
    is_full = page.size() == limit;
    if (!is_full) page.push_back(&at->second);
  }
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  if (is_full) json.member("LastEvaluatedStreamArn", page.back()->arn);
  json.name("Streams");
  json.begin_array();
  for (const Stream* stream : page) {
    json.begin_object();
    json.member("StreamArn", stream->arn);
    json.member("StreamLabel", stream->label);
    json.member("TableName", stream->table);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out;
}

ControlResponse execute(AccountState& state, const dynamo::DescribeStreamRequest& request) {
  const ApiResult<Stream*> found = find_stream(state, request.arn);
  if (!found) return found.error();
  const Stream& stream = **found;
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.name("StreamDescription");
  json.begin_object();
  json.member("CreationRequestDateTime", stream.created_ms / 1000);
  append_stream_key(json, stream.key);
  json.name("Shards");
  json.begin_array();
  if (!request.start_after || *request.start_after < stream.shard()) append_shard(json, stream);
  json.end_array();
  json.member("StreamArn", stream.arn);
  json.member("StreamLabel", stream.label);
  json.member("StreamStatus", stream.closed_ms ? "DISABLED" : "ENABLED");
  json.member("StreamViewType", dynamo::stream_view_name(stream.view));
  json.member("TableName", stream.table);
  json.end_object();
  json.end_object();
  return out;
}

ControlResponse execute(AccountState& state, const dynamo::GetShardIteratorRequest& request) {
  const ApiResult<Stream*> found = find_stream(state, request.arn);
  if (!found) return found.error();
  if (request.shard != (*found)->shard()) {
    return not_found("Requested resource not found: Shard does not exist");
  }
  const ApiResult<std::uint64_t> sequence = starting_sequence(**found, request);
  if (!sequence) return sequence.error();
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("ShardIterator", to_text({request.arn, *sequence, state.now_ms()}));
  json.end_object();
  return out;
}

ControlResponse execute(AccountState& state, const dynamo::GetRecordsRequest& request) {
  std::optional<Iterator> iterator = parse_iterator(request.iterator);
  if (!iterator) return validation_error("Invalid ShardIterator");
  const ApiResult<Stream*> found = find_stream(state, iterator->arn);
  if (!found) return found.error();
  const Stream& stream = **found;
  if (state.now_ms() - iterator->issued_ms > kIteratorMs) {
    return ApiError{"ExpiredIteratorException", "Iterator expired.", {}, {}};
  }
  if (iterator->sequence < stream.oldest) return trimmed();

  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.name("Records");
  json.begin_array();
  const auto limit = static_cast<std::size_t>(request.limit.value_or(kRecordsPerPage));
  auto at = std::lower_bound(
      stream.records.begin(), stream.records.end(), iterator->sequence,
      [](const StreamRecord& record, std::uint64_t wanted) { return record.sequence < wanted; });
  std::int64_t bytes = 0;
  for (std::size_t count = 0; at != stream.records.end() && count < limit; ++at, ++count) {
    bytes += record_bytes(stream, *at);
    if (count > 0 && bytes > kRecordBytesPerPage) break;
    append_record(json, stream, *at);
    iterator->sequence = at->sequence + 1;
  }
  json.end_array();
  const bool is_over = stream.closed_ms && at == stream.records.end();
  if (!is_over) {
    iterator->issued_ms = state.now_ms();
    json.member("NextShardIterator", to_text(*iterator));
  }
  json.end_object();
  return out;
}

}  // namespace ddbplan::engine
