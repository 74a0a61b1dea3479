#include "engine/database.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/operations.h"
#include "engine/state.h"
#include "engine/validation.h"

namespace ddbplan::engine {

using dynamo::Item;

namespace {

using SharedItem = std::shared_ptr<const Item>;

std::vector<SharedItem> list_items(const Collections* collections) {
  if (collections == nullptr) return {};
  std::vector<std::pair<std::string_view, ItemRef>> entries;
  entries.reserve(collections->size());
  const Collections::Span all = collections->all();
  for (Collections::Cursor at = all.begin; at != all.end; at = collections->next(at)) {
    const Collections::Entry entry = collections->entry(at);
    entries.emplace_back(entry.key, entry.item);
  }
  // Readable order, which that of hashes is not.
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<SharedItem> items;
  items.reserve(entries.size());
  for (const auto& entry : entries) items.emplace_back(entry.second, &entry.second->item);
  return items;
}

std::vector<Item> copied(const std::vector<SharedItem>& shared) {
  std::vector<Item> items;
  items.reserve(shared.size());
  for (const SharedItem& item : shared) items.push_back(*item);
  return items;
}

}  // namespace

Database::Database(Options options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
}
Database::~Database() = default;
Database::Database(const Database& other) : state_(std::make_unique<State>(*other.state_)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

EngineState& Database::state() {
  return *state_;
}

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

support::Result<dynamo::Response, dynamo::ApiError> Database::execute(dynamo::Request&& request) {
  return std::visit(
      [this](auto& operation) { return engine::execute(*state_, std::move(operation)); }, request);
}

std::vector<SharedItem> Database::share_items(const std::string& table) const {
  const auto found = state_->tables.find(table);
  return list_items(found == state_->tables.end() ? nullptr : &found->second.items());
}

std::vector<SharedItem> Database::share_entries(const std::string& table,
                                                const std::string& index) const {
  const auto found = state_->tables.find(table);
  if (found == state_->tables.end()) return {};
  const IndexStore* store = found->second.find_index(index);
  return list_items(store == nullptr ? nullptr : &store->entries);
}

std::vector<Item> Database::all_items(const std::string& table) const {
  return copied(share_items(table));
}

std::vector<Item> Database::all_entries(const std::string& table, const std::string& index) const {
  return copied(share_entries(table, index));
}

}  // namespace ddbplan::engine
