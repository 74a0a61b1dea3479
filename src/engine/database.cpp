#include "engine/database.h"

#include <utility>

#include <fmt/format.h>

#include "engine/operations.h"
#include "engine/state.h"
#include "engine/validation.h"

namespace ddbplan::engine {

using dynamo::Item;

namespace {

std::vector<Item> list_items(const Collections& collections) {
  std::vector<Item> items;
  for (const auto& [partition, collection] : collections.partitions()) {
    for (const auto& [sort, item] : collection.read()) items.push_back(item->item);
  }
  return items;
}

}  // namespace

Database::Database(Options options) : state_(std::make_unique<State>()) {
  state_->options = options;
}
Database::~Database() = default;
Database::Database(const Database& other) : state_(std::make_unique<State>(*other.state_)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

std::optional<dynamo::ApiError> Database::create_table(const dynamo::TableDescription& table) {
  if (auto error = check_table(table)) return error;
  const auto [at, is_new] = state_->tables.try_emplace(table.name, table);
  if (is_new) return std::nullopt;
  return dynamo::ApiError{
      "ResourceInUseException", fmt::format("Table already exists: {}", table.name), {}, {}};
}

const dynamo::TableDescription* Database::describe_table(const std::string& name) const {
  const auto found = state_->tables.find(name);
  return found == state_->tables.end() ? nullptr : &found->second.description();
}

support::Result<dynamo::Response, dynamo::ApiError> Database::execute(
    const dynamo::Request& request) {
  return std::visit([this](const auto& operation) { return engine::execute(*state_, operation); },
                    request);
}

std::vector<Item> Database::all_items(const std::string& table) const {
  const auto found = state_->tables.find(table);
  if (found == state_->tables.end()) return {};
  return list_items(found->second.items());
}

std::vector<Item> Database::all_entries(const std::string& table, const std::string& index) const {
  const auto found = state_->tables.find(table);
  if (found == state_->tables.end()) return {};
  const IndexStore* store = found->second.find_index(index);
  if (store == nullptr) return {};
  return list_items(store->entries);
}

}  // namespace ddbplan::engine
