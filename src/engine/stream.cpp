#include "engine/stream.h"

#include <charconv>

#include <fmt/format.h>

namespace ddbplan::engine {

using dynamo::Item;
using dynamo::JsonWriter;
using dynamo::StreamView;

namespace {

/// Sequence numbers begin with this, so that all have as many digits.
constexpr std::string_view kSequencePrefix = "1";
constexpr std::size_t kSequenceDigits = 20;
constexpr std::uint64_t kSequencesPerMillisecond = 1'000'000;

Item keys_of(const Stream& stream, const StreamRecord& record) {
  const Item& item = (record.after == nullptr ? record.before : record.after)->item;
  Item keys;
  for (const auto* part : {&stream.key.partition, &stream.key.sort}) {
    for (const dynamo::KeyAttribute& attribute : *part) keys.insert(*item.find(attribute.name));
  }
  return keys;
}

bool has_old(StreamView view) {
  return view == StreamView::old_image || view == StreamView::new_and_old_images;
}
bool has_new(StreamView view) {
  return view == StreamView::new_image || view == StreamView::new_and_old_images;
}

}  // namespace

std::string sequence_text(std::uint64_t sequence) {
  return fmt::format("{}{:0{}}", kSequencePrefix, sequence, kSequenceDigits);
}

std::optional<std::uint64_t> parse_sequence(const std::string& text) {
  if (text.size() != kSequencePrefix.size() + kSequenceDigits) return std::nullopt;
  if (!text.starts_with(kSequencePrefix)) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + kSequencePrefix.size(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

std::uint64_t first_sequence_at(std::int64_t now_ms) {
  return static_cast<std::uint64_t>(now_ms) * kSequencesPerMillisecond;
}

std::string Stream::shard() const {
  return fmt::format("shardId-{:020}-{:08x}", created_ms, first_sequence & 0xFFFFFFFFU);
}

const StreamRecord& Stream::add(std::int64_t now_ms, const ItemRef& before, const ItemRef& after,
                                bool is_expiry) {
  return records.emplace_back(StreamRecord{next_sequence++, now_ms, before, after, is_expiry});
}

bool Stream::forget_before(std::int64_t limit_ms) {
  const std::uint64_t before = oldest;
  while (!records.empty() && records.front().created_ms < limit_ms) {
    oldest = records.front().sequence + 1;
    records.pop_front();
  }
  return oldest != before;
}

std::int64_t record_bytes(const Stream& stream, const StreamRecord& record) {
  std::int64_t bytes = dynamo::item_bytes(keys_of(stream, record)).count;
  if (has_old(stream.view) && record.before != nullptr) bytes += record.before->bytes.count;
  if (has_new(stream.view) && record.after != nullptr) bytes += record.after->bytes.count;
  return bytes;
}

void append_record(JsonWriter& json, const Stream& stream, const StreamRecord& record) {
  const char* event = record.before == nullptr  ? "INSERT"
                      : record.after == nullptr ? "REMOVE"
                                                : "MODIFY";
  json.begin_object();
  json.member("awsRegion", stream.region);
  json.name("dynamodb");
  json.begin_object();
  json.member("ApproximateCreationDateTime", record.created_ms / 1000);
  json.member("Keys", keys_of(stream, record));
  if (has_new(stream.view) && record.after != nullptr) {
    json.member("NewImage", record.after->item);
  }
  if (has_old(stream.view) && record.before != nullptr) {
    json.member("OldImage", record.before->item);
  }
  json.member("SequenceNumber", sequence_text(record.sequence));
  json.member("SizeBytes", record_bytes(stream, record));
  json.member("StreamViewType", dynamo::stream_view_name(stream.view));
  json.end_object();
  json.member("eventID", fmt::format("{:032x}", record.sequence));
  json.member("eventName", event);
  json.member("eventSource", "aws:dynamodb");
  json.member("eventVersion", "1.1");
  if (record.is_expiry) {
    json.name("userIdentity");
    json.begin_object();
    json.member("PrincipalId", "dynamodb.amazonaws.com");
    json.member("Type", "Service");
    json.end_object();
  }
  json.end_object();
}

}  // namespace ddbplan::engine
