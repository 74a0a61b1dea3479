#include "design/earlier_design.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "design/document_place.h"
#include "support/text.h"

namespace ddbplan::design {

namespace {

using Json = nlohmann::json;

/// What is wrong, and at which value. Thrown and caught in this file: a document has many values, and the first
/// that is not what it must be ends the reading.
struct Unusable {
  std::vector<PlaceStep> place;
  std::string message;
};

/// A value of the document and the way to it.
class Value {
 public:
  Value(const Json& json, std::vector<PlaceStep> place) : json_(&json), place_(std::move(place)) {}

  [[noreturn]] void refuse(std::string message) const {
    throw Unusable{place_, std::move(message)};
  }

  [[nodiscard]] bool is_null() const { return json_->is_null(); }
  [[nodiscard]] bool is_text() const { return json_->is_string(); }
  [[nodiscard]] bool has(const std::string& name) const {
    return json_->is_object() && json_->contains(name);
  }
  [[nodiscard]] Value at(const std::string& name) const {
    if (!json_->is_object()) refuse("an object is expected here");
    if (!json_->contains(name))
      refuse(fmt::format("'{}' is missing here: this is no design of ddbplan", name));
    return {json_->at(name), deeper(name)};
  }
  [[nodiscard]] std::vector<Value> elements() const {
    if (!json_->is_array()) refuse("a list is expected here");
    std::vector<Value> out;
    for (std::size_t i = 0; i < json_->size(); ++i) out.emplace_back((*json_)[i], deeper(i));
    return out;
  }
  [[nodiscard]] std::vector<std::pair<std::string, Value>> members() const {
    if (!json_->is_object()) refuse("an object is expected here");
    std::vector<std::pair<std::string, Value>> out;
    for (const auto& one : json_->items())
      out.emplace_back(one.key(), Value(one.value(), deeper(one.key())));
    return out;
  }
  [[nodiscard]] std::string text() const {
    if (!json_->is_string()) refuse("a text is expected here");
    return json_->get<std::string>();
  }
  [[nodiscard]] std::optional<std::string> text_or_null() const {
    return json_->is_null() ? std::nullopt : std::optional(text());
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> out;
    for (const Value& one : elements()) out.push_back(one.text());
    return out;
  }
  [[nodiscard]] int number() const {
    constexpr std::int64_t kMost = 1'000'000;
    if (!json_->is_number_integer() || json_->get<std::int64_t>() < 0 ||
        json_->get<std::int64_t>() > kMost)
      refuse("a small whole number is expected here");
    return json_->get<int>();
  }

 private:
  [[nodiscard]] std::vector<PlaceStep> deeper(PlaceStep step) const {
    std::vector<PlaceStep> out = place_;
    out.push_back(std::move(step));
    return out;
  }

  const Json* json_;
  std::vector<PlaceStep> place_;
};

dynamo::ScalarType scalar_type(const Value& value) {
  const std::string name = value.text();
  for (const dynamo::ScalarType type :
       {dynamo::ScalarType::S, dynamo::ScalarType::N, dynamo::ScalarType::B}) {
    if (name == dynamo::scalar_type_name(type)) return type;
  }
  value.refuse("a key attribute has the type S, N or B");
}

std::vector<dynamo::KeyAttribute> key_attributes(const Value& value) {
  std::vector<dynamo::KeyAttribute> out;
  for (const Value& one : value.elements())
    out.push_back({one.at("name").text(), scalar_type(one.at("type"))});
  return out;
}

dynamo::Projection projection(const Value& value) {
  const std::string type = value.at("type").text();
  if (type == "ALL") return {dynamo::ProjectionType::all, {}};
  if (type == "KEYS_ONLY") return {dynamo::ProjectionType::keys_only, {}};
  if (type == "INCLUDE") return {dynamo::ProjectionType::include, value.at("attributes").texts()};
  value.at("type").refuse("a projection is ALL, KEYS_ONLY or INCLUDE");
}

Table table(const Value& value) {
  Table out;
  out.name = value.at("name").text();
  out.key = {key_attributes(value.at("partition_key")), key_attributes(value.at("sort_key"))};
  for (const bool local : {false, true}) {
    const Value indexes = value.at(local ? "local_secondary_indexes" : "global_secondary_indexes");
    for (const Value& one : indexes.elements()) {
      Index index;
      index.name = one.at("name").text();
      index.local = local;
      index.key = {key_attributes(one.at("partition_key")), key_attributes(one.at("sort_key"))};
      index.projection = projection(one.at("projection"));
      out.indexes.push_back(std::move(index));
    }
  }
  return out;
}

std::vector<std::string> templates(const Value& value) {
  if (value.is_null()) return {};
  if (value.is_text()) return {value.text()};
  return value.texts();
}

ShardRule shards(const Value& key) {
  ShardRule out;
  out.count = key.at("shards").number();
  if (out.count < 1) key.at("shards").refuse("a key has one shard or more");
  if (!key.has("shard")) return out;
  const Value shard = key.at("shard");
  const Value by = shard.at("by");
  out.by_request = by.is_text() && by.text() == "request";
  if (!out.by_request) out.by = templates(by);
  out.hash = shard.at("hash").text();
  for (const auto& [name, count] : shard.at("per_key").members())
    out.per_key[name] = count.number();
  if (shard.has("per_key_attribute")) out.per_key_attribute = shard.at("per_key_attribute").text();
  return out;
}

EarlierKey key(const Value& value) {
  EarlierKey out;
  out.index = value.at("index").text_or_null();
  out.partition = templates(value.at("partition_key"));
  if (out.partition.empty()) value.at("partition_key").refuse("a key has a partition key");
  out.sort = templates(value.at("sort_key"));
  if (value.has("when")) out.when = value.at("when").text();
  out.shards = shards(value);
  if (value.has("ranks")) {
    for (const auto& [name, ranks] : value.at("ranks").members()) out.ranks[name] = ranks.texts();
  }
  return out;
}

EarlierItem item(const Value& value) {
  EarlierItem out;
  out.role = value.at("role").text();
  out.table = value.at("table").text();
  for (const Value& one : value.at("keys").elements()) out.keys.push_back(key(one));
  if (out.keys.empty() || out.keys.front().index)
    value.at("keys").refuse("an item's first key is that of the table");
  out.type = value.at("type").text_or_null();
  out.attributes = value.at("attributes").texts();
  if (value.has("unique")) out.unique = value.at("unique").texts();
  return out;
}

/// Reads of indexes, and whether a later step gets the rows that one of them found.
std::vector<EarlierQuery> queries(const Value& pattern) {
  std::vector<EarlierQuery> out;
  std::vector<std::size_t> of_step;
  const std::vector<Value> steps = pattern.at("steps").elements();
  for (const Value& step : steps) {
    const std::optional<std::string> index = step.at("index").text_or_null();
    const std::vector<std::string> entities = step.at("entities").texts();
    of_step.push_back(out.size());
    if (index) {
      out.push_back({*index, entities, false});
      continue;
    }
    const std::string operation = step.at("operation").text();
    if (operation != "GetItem" && operation != "BatchGetItem") continue;
    if (step.has("completes")) continue;
    for (const Value& before : step.at("after").elements()) {
      const auto number = static_cast<std::size_t>(before.number());
      const bool is_query = number < of_step.size() && of_step[number] < out.size() &&
                            !steps[number].at("index").is_null();
      if (is_query && out[of_step[number]].entities == entities)
        out[of_step[number]].fetches = true;
    }
  }
  return out;
}

EarlierDesign document(const Value& root) {
  const Value version = root.at("schema_version");
  if (version.number() != kDocumentVersion)
    version.refuse(fmt::format("this design is of schema_version {}, and this ddbplan reads {}",
                               version.number(), kDocumentVersion));
  EarlierDesign out;
  out.service = root.at("service").text();
  for (const Value& one : root.at("tables").elements()) out.tables.push_back(table(one));
  if (out.tables.empty()) root.at("tables").refuse("a design has a table");
  for (const auto& [name, entity] : root.at("entities").members()) {
    for (const Value& one : entity.at("items").elements()) out.entities[name].push_back(item(one));
  }
  for (const auto& [name, pattern] : root.at("access_patterns").members())
    out.patterns[name] = queries(pattern);
  return out;
}

support::Diagnostic unusable(std::string message, support::Span span) {
  return {kUnusableDesignCode,
          kUnusableDesignRule,
          support::Severity::error,
          std::move(message),
          span,
          {},
          {}};
}

}  // namespace

support::Result<EarlierDesign, support::Diagnostic> read_design(const support::SourceText& text) {
  Json json;
  try {
    json = Json::parse(text.text());
  } catch (const Json::parse_error& broken) {
    const auto at = static_cast<std::uint32_t>(broken.byte == 0 ? 0 : broken.byte - 1);
    return unusable("this is not JSON from here on", {at, at + 1});
  } catch (const Json::exception&) {
    return unusable("this is no JSON of ddbplan: it has a number that no double holds", {0, 1});
  }
  try {
    EarlierDesign out = document(Value(json, {}));
    out.service_span = place_in_json(text.text(), {std::string("service")});
    return out;
  } catch (const Unusable& found) {
    return unusable(found.message, place_in_json(text.text(), found.place));
  }
}

}  // namespace ddbplan::design
