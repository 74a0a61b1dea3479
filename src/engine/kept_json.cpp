#include "engine/kept_json.h"

#include <array>
#include <charconv>

#include "dynamo/json_tree.h"
#include "dynamo/json_writer.h"

namespace ddbplan::engine {

using dynamo::JsonKind;
using dynamo::JsonNode;
using dynamo::JsonWriter;
using dynamo::ScalarType;
using dynamo::StreamView;

namespace {

std::optional<std::int64_t> kept_integer(const JsonNode& object, std::string_view name) {
  const JsonNode* found = object.find(name);
  if (found == nullptr || !found->is(JsonKind::integer)) return std::nullopt;
  std::int64_t value = 0;
  const char* end = found->text.data() + found->text.size();
  const auto read = std::from_chars(found->text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

std::optional<std::string> kept_text(const JsonNode& object, std::string_view name) {
  const JsonNode* found = object.find(name);
  if (found == nullptr || !found->is(JsonKind::string)) return std::nullopt;
  return std::string(found->text);
}

void append_kept_key(JsonWriter& json, std::string_view name,
                     const std::vector<dynamo::KeyAttribute>& attributes) {
  json.name(name);
  json.begin_array();
  for (const dynamo::KeyAttribute& attribute : attributes) {
    json.begin_object();
    json.member("Name", attribute.name);
    json.member("Type", dynamo::scalar_type_name(attribute.type));
    json.end_object();
  }
  json.end_array();
}

bool read_kept_key(const JsonNode& root, std::string_view name,
                   std::vector<dynamo::KeyAttribute>& attributes) {
  const JsonNode* found = root.find(name);
  if (found == nullptr || !found->is(JsonKind::array)) return false;
  bool is_good = true;
  found->for_each_element([&](const JsonNode& element) {
    const auto attribute = element.is(JsonKind::object) ? kept_text(element, "Name") : std::nullopt;
    const auto type_name = element.is(JsonKind::object) ? kept_text(element, "Type") : std::nullopt;
    is_good = is_good && attribute && type_name;
    for (const ScalarType type : {ScalarType::S, ScalarType::N, ScalarType::B}) {
      if (is_good && *type_name == dynamo::scalar_type_name(type)) {
        attributes.push_back({*attribute, type});
      }
    }
  });
  return is_good;
}

std::optional<StreamView> kept_view(std::string_view name) {
  for (const StreamView view : {StreamView::keys_only, StreamView::new_image, StreamView::old_image,
                                StreamView::new_and_old_images}) {
    if (name == dynamo::stream_view_name(view)) return view;
  }
  return std::nullopt;
}

}  // namespace

std::string stream_json(const Stream& stream) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("Arn", stream.arn);
  json.member("Table", stream.table);
  json.member("Label", stream.label);
  json.member("Region", stream.region);
  json.member("View", dynamo::stream_view_name(stream.view));
  append_kept_key(json, "PartitionKey", stream.key.partition);
  append_kept_key(json, "SortKey", stream.key.sort);
  json.member("CreatedMs", stream.created_ms);
  json.member("FirstSequence", static_cast<std::int64_t>(stream.first_sequence));
  json.member("Oldest", static_cast<std::int64_t>(stream.oldest));
  if (stream.closed_ms) json.member("ClosedMs", *stream.closed_ms);
  json.end_object();
  return out;
}

std::optional<Stream> read_stream_json(std::string_view text) {
  dynamo::JsonTree tree;
  if (!tree.parse(text) || !tree.root().is(JsonKind::object)) return std::nullopt;
  const JsonNode& root = tree.root();
  const auto arn = kept_text(root, "Arn");
  const auto table = kept_text(root, "Table");
  const auto label = kept_text(root, "Label");
  const auto region = kept_text(root, "Region");
  const auto view_name = kept_text(root, "View");
  const auto created = kept_integer(root, "CreatedMs");
  const auto first = kept_integer(root, "FirstSequence");
  const auto oldest = kept_integer(root, "Oldest");
  if (!arn || !table || !label || !region || !view_name || !created || !first || !oldest) {
    return std::nullopt;
  }
  const std::optional<StreamView> view = kept_view(*view_name);
  Stream stream;
  const bool has_key = read_kept_key(root, "PartitionKey", stream.key.partition) &&
                       read_kept_key(root, "SortKey", stream.key.sort);
  if (!view || !has_key) return std::nullopt;
  stream.arn = *arn;
  stream.table = *table;
  stream.label = *label;
  stream.region = *region;
  stream.view = *view;
  stream.created_ms = *created;
  stream.first_sequence = static_cast<std::uint64_t>(*first);
  stream.oldest = static_cast<std::uint64_t>(*oldest);
  stream.closed_ms = kept_integer(root, "ClosedMs");
  return stream;
}

std::string replay_json(const std::vector<dynamo::ConsumedCapacity>& replay) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const dynamo::ConsumedCapacity& consumed : replay) {
    json.begin_object();
    json.member("Table", consumed.table);
    json.member("HalfUnits", consumed.table_units.halves);
    json.end_object();
  }
  json.end_array();
  return out;
}

std::optional<std::vector<dynamo::ConsumedCapacity>> read_replay_json(std::string_view text) {
  dynamo::JsonTree tree;
  if (!tree.parse(text) || !tree.root().is(JsonKind::array)) return std::nullopt;
  std::vector<dynamo::ConsumedCapacity> replay;
  bool is_good = true;
  tree.root().for_each_element([&](const JsonNode& element) {
    const auto table = element.is(JsonKind::object) ? kept_text(element, "Table") : std::nullopt;
    const auto halves =
        element.is(JsonKind::object) ? kept_integer(element, "HalfUnits") : std::nullopt;
    is_good = is_good && table && halves;
    if (!is_good) return;
    dynamo::ConsumedCapacity& consumed = replay.emplace_back();
    consumed.table = *table;
    consumed.table_units = {*halves};
  });
  if (!is_good) return std::nullopt;
  return replay;
}

}  // namespace ddbplan::engine
