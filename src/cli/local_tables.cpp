#include "cli/local_tables.h"

#include <array>

#include <fmt/format.h>

#include "dynamo/control.h"
#include "emit/resources.h"
#include "support/check.h"

namespace ddbplan::cli {

using dynamo::IndexDefinition;
using dynamo::KeyElement;
using dynamo::TableDefinition;
using support::Result;

namespace {

std::vector<KeyElement> key_elements(const dynamo::KeySchema& key) {
  std::vector<KeyElement> elements;
  for (const dynamo::KeyAttribute& part : key.partition) elements.push_back({part.name, true});
  for (const dynamo::KeyAttribute& part : key.sort) elements.push_back({part.name, false});
  return elements;
}

IndexDefinition index_definition(const emit::IndexResource& index) {
  return {index.name, key_elements(index.key), index.projection, std::nullopt};
}

std::optional<dynamo::StreamView> stream_view(const std::optional<std::string>& name) {
  using dynamo::StreamView;
  for (const StreamView view : {StreamView::keys_only, StreamView::new_image, StreamView::old_image,
                                StreamView::new_and_old_images}) {
    if (name && dynamo::stream_view_name(view) == *name) return view;
  }
  return std::nullopt;
}

/// On demand whatever the plan's billing is: nothing here throttles, and units cost nothing.
TableDefinition table_definition(const emit::TableResource& table) {
  TableDefinition definition;
  definition.name = table.name;
  definition.attributes = table.attributes;
  definition.keys = key_elements(table.key);
  for (const emit::IndexResource& index : table.global_indexes) {
    definition.global_indexes.push_back(index_definition(index));
  }
  for (const emit::IndexResource& index : table.local_indexes) {
    definition.local_indexes.push_back(index_definition(index));
  }
  definition.billing = dynamo::BillingMode::pay_per_request;
  definition.stream = stream_view(table.stream_view);
  definition.tags = table.tags;
  return definition;
}

std::optional<std::string> create(const emit::TableResource& table, engine::Account& account) {
  const auto created = account.execute(dynamo::CreateTableRequest{table_definition(table)});
  if (!created) return created.error().message;
  if (!table.ttl_attribute) return std::nullopt;
  const auto enabled =
      account.execute(dynamo::UpdateTimeToLiveRequest{table.name, *table.ttl_attribute, true});
  if (!enabled) return enabled.error().message;
  return std::nullopt;
}

/// The seed's rows live in the seed's own time, which is past: without this most would expire as
/// soon as they are there.
void postpone_expiry(const std::optional<std::string>& attribute, std::int64_t seconds,
                     dynamo::Item& item) {
  if (!attribute) return;
  auto* found = item.find(*attribute);
  if (found == item.end()) return;
  const dynamo::Decimal* time = found->second.as_number();
  const std::optional<std::int64_t> whole = time == nullptr ? std::nullopt : time->to_int64();
  if (whole) found->second = dynamo::AttributeValue::number(*whole + seconds);
}

Result<std::size_t, std::string> put_items(const emit::TableResource& table,
                                           const seed::SeedFile& file, std::int64_t age_seconds,
                                           engine::Account& account) {
  auto items = seed::read_seed(file);
  if (!items) return items.error();
  for (dynamo::Item& item : *items) {
    postpone_expiry(table.ttl_attribute, age_seconds, item);
    dynamo::PutItemRequest put;
    put.table = file.table;
    put.item = std::move(item);
    const auto done = account.execute(dynamo::Request(std::move(put)));
    if (!done) return done.error().message;
  }
  return items->size();
}

}  // namespace

Result<LoadedTables, std::string> load_tables(const Compilation& run, engine::Account& account,
                                              std::int64_t now_ms) {
  const std::int64_t age_seconds = run.data ? (now_ms - run.data->now_ms) / 1000 : 0;
  LoadedTables loaded;
  for (const emit::TableResource& table : emit::resources(bundle(run)).tables) {
    ++loaded.tables;
    if (account.database().describe_table(table.name) != nullptr) continue;
    if (auto error = create(table, account)) {
      return fmt::format("cannot make the table {}: {}", table.name, *error);
    }
    for (const seed::SeedFile& file : run.seed) {
      if (file.table != table.name) continue;
      const auto items = put_items(table, file, age_seconds, account);
      if (!items) return fmt::format("cannot load the seed of {}: {}", table.name, items.error());
      loaded.items += *items;
    }
  }
  return loaded;
}

}  // namespace ddbplan::cli
