#include "engine/read_target.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace ddbplan::engine {

using dynamo::Item;
using dynamo::KeyAttribute;
using dynamo::KeySchema;

namespace {

template <class F>
void for_each_attribute(const KeySchema& key, const F& f) {
  for (const KeyAttribute& attribute : key.partition) f(attribute);
  for (const KeyAttribute& attribute : key.sort) f(attribute);
}

}  // namespace

Position ReadTarget::position_of(const Item& entry) const {
  const dynamo::TableDescription& description = table_->description();
  return index_ == nullptr ? position_in_table(description, entry)
                           : position_in_index(description, index_->description, entry);
}

Item ReadTarget::key_of(const Item& entry) const {
  Item key;
  const auto copy = [&](const KeyAttribute& attribute) { key.insert(*entry.find(attribute.name)); };
  for_each_attribute(this->key(), copy);
  for_each_attribute(table_->description().key, copy);
  return key;
}

bool ReadTarget::projects(const std::string& attribute) const {
  if (index_ == nullptr) return true;
  const dynamo::Projection& projection = index_->description.projection;
  if (projection.type == dynamo::ProjectionType::all) return true;
  bool found = false;
  const auto look = [&](const KeyAttribute& key) { found = found || key.name == attribute; };
  for_each_attribute(key(), look);
  for_each_attribute(table_->description().key, look);
  const std::vector<std::string>& included = projection.attributes;
  return found || std::find(included.begin(), included.end(), attribute) != included.end();
}

ApiResult<ReadTarget> find_target(EngineState& state, const std::string& table,
                                  const std::optional<std::string>& index, bool consistent_read) {
  const ApiResult<TableStore*> found = state.find_table(table);
  if (!found) return found.error();
  if (!index) return ReadTarget(**found, nullptr);
  const IndexStore* store = (*found)->find_index(*index);
  if (store == nullptr) {
    return validation_error(fmt::format("The table does not have the specified index: {}", *index));
  }
  if (store->is_global && consistent_read) {
    return validation_error("Consistent reads are not supported on global secondary indexes");
  }
  return ReadTarget(**found, store);
}

std::optional<dynamo::ApiError> check_start_key(const ReadTarget& target, const Item& start) {
  std::size_t expected = 0;
  bool good = true;
  std::vector<std::string> seen;
  const auto check = [&](const KeyAttribute& attribute) {
    if (std::find(seen.begin(), seen.end(), attribute.name) != seen.end()) return;
    seen.push_back(attribute.name);
    ++expected;
    const auto* found = start.find(attribute.name);
    good = good && found != start.end() &&
           found->second.type_name() == dynamo::scalar_type_name(attribute.type);
  };
  for_each_attribute(target.key(), check);
  for_each_attribute(target.table().description().key, check);
  if (good && start.size() == expected) return std::nullopt;
  if (target.index() == nullptr) {
    return validation_error(
        "The provided starting key is invalid: The provided key element does not match the schema");
  }
  return validation_error("The provided starting key is invalid");
}

}  // namespace ddbplan::engine
