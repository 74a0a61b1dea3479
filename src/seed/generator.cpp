#include "seed/generator.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "capacity/traffic.h"
#include "seed/columns.h"
#include "seed/logical_rows.h"
#include "seed/relations.h"
#include "seed/scale.h"
#include "seed/upkeep.h"
#include "seed/values.h"
#include "support/prng.h"

namespace ddbplan::seed {

using dynamo::AttributeValue;
using dynamo::Item;
using model::Attribute;
using model::Entity;
using model::EntityId;
using model::Relation;
using model::Workload;
using support::Prng;

namespace {

/// 2026-06-15T12:00:00Z: a fixed instant, since the same input must give the same bytes.
constexpr std::int64_t kNowMs = 1'781'524'800'000;

/// Relations of an entity to itself: a row's parent is one made before it, so that there is no
/// circle.
void adopt_own(const Workload& workload, EntityId id, std::vector<Item>& rows) {
  const Entity& entity = workload.entity(id);
  for (std::size_t r = 0; r < entity.relations.size(); ++r) {
    const Relation& relation = entity.relations[r];
    const bool is_own =
        std::find(relation.parents.begin(), relation.parents.end(), id) != relation.parents.end();
    if (!is_own) continue;
    Prng prng =
        Prng(workload.settings.seed_number).fork(entity.name).fork("tree " + std::to_string(r));
    const auto pairs = identity_links(workload, id, relation, id);
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (relation.present < 1 && prng.unit() >= relation.present) continue;
      const Item& parent = rows[prng.below(i)];
      const bool agrees = std::all_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
        const auto mine = rows[i].find(pair.first);
        return mine == rows[i].end() || mine->second == parent.at(pair.second);
      });
      if (!agrees) continue;
      for (const auto& [mine, theirs] : pairs) rows[i].insert_or_assign(mine, parent.at(theirs));
    }
  }
}

/// The parents that patterns name are there: the first rows get these identities.
void name_parents(const Workload& workload, const Demands& demands, EntityId id,
                  std::vector<Item>& rows) {
  const Entity& entity = workload.entity(id);
  if (entity.id.empty()) return;
  const Attribute* last = entity.find(entity.id.back());
  if (last == nullptr || last->type != model::ValueType::string) return;
  std::size_t next = 0;
  for (const std::string& name : demands.named(id)) {
    if (next == rows.size()) return;
    rows[next++].insert_or_assign(last->name, AttributeValue::string(name));
  }
}

/// Rows under a tenant that no relation brought one: some tenant, the same few for all entities.
void give_tenants(const Workload& workload, EntityId id, std::vector<Item>& rows,
                  const RowSets& made) {
  const Entity& entity = workload.entity(id);
  if (entity.tenant.empty()) return;
  const bool is_tenant_itself = entity.id.size() == 1 && entity.id.front() == entity.tenant;
  if (is_tenant_itself) return;
  std::vector<AttributeValue> tenants;
  if (const auto owner = model::tenant_entity(workload)) {
    for (const Item& row : made[owner->index]) tenants.push_back(row.at(entity.tenant));
  }
  const Prng base = Prng(workload.settings.seed_number).fork("tenants");
  if (tenants.empty()) {
    constexpr int kTenants = 20;
    const Attribute* attribute = entity.find(entity.tenant);
    for (int i = 0; i < kTenants; ++i) {
      Prng prng = base.fork(std::to_string(i));
      const bool is_uuid = attribute != nullptr && attribute->type == model::ValueType::uuid;
      const auto bytes =
          static_cast<std::int64_t>(attribute == nullptr ? 8 : attribute->bytes.mean);
      tenants.push_back(
          AttributeValue::string(is_uuid ? random_uuid(prng) : random_text(prng, bytes)));
    }
  }
  Prng prng = base.fork(entity.name);
  // In rounds: one tenant has as many rows as another (capacity/matches.h).
  std::size_t left = 0;
  for (Item& row : rows) {
    if (row.contains(entity.tenant)) continue;
    if (left == 0) left = tenants.size();
    std::swap(tenants[prng.below(left)], tenants[left - 1]);
    row.insert_or_assign(entity.tenant, tenants[--left]);
  }
}

double share(std::size_t some, std::size_t all) {
  return all == 0 ? 0 : static_cast<double>(some) / static_cast<double>(all);
}

double tenants_of(const Entity& entity, const std::vector<Item>& rows) {
  std::set<std::string> tenants;
  for (const Item& row : rows) {
    if (auto text = text_of(row, {entity.tenant})) tenants.insert(*std::move(text));
  }
  return std::max(1.0, static_cast<double>(tenants.size()));
}

/// What the rows turned out to be, where rounding a small sample differs from what was declared.
void measure_attributes(Entity& entity, const std::vector<Item>& rows) {
  for (Attribute& attribute : entity.attributes) {
    std::size_t present = 0;
    std::vector<std::size_t> values(attribute.values.size(), 0);
    for (const Item& row : rows) {
      const auto* value = row.find(attribute.name);
      if (value == row.end()) continue;
      ++present;
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (value->second == enum_value(attribute, attribute.values[i].name)) ++values[i];
      }
    }
    if (!rows.empty()) attribute.present = share(present, rows.size());
    if (attribute.origin == model::Origin::tenant) attribute.distinct = tenants_of(entity, rows);
    for (std::size_t i = 0; i < values.size() && present > 0; ++i) {
      attribute.values[i].share = share(values[i], present);
    }
  }
}

/// Named parents (`{acme: 12%}`) are shorter or longer than other values, and a small data set may have few
/// others.
void measure_identities(const std::vector<Item>& rows, Entity& entity) {
  for (Attribute& attribute : entity.attributes) {
    const bool is_identity = entity.is_identity(attribute.name) ||
                             attribute.origin == model::Origin::relation ||
                             attribute.origin == model::Origin::tenant;
    if (!is_identity || attribute.type != model::ValueType::string) continue;
    double bytes = 0;
    std::size_t counted = 0;
    for (const Item& row : rows) {
      const auto* value = row.find(attribute.name);
      const std::string* text = value == row.end() ? nullptr : value->second.as_string();
      if (text == nullptr) continue;
      bytes += static_cast<double>(text->size());
      ++counted;
    }
    if (counted == 0) continue;
    attribute.bytes.mean = bytes / static_cast<double>(counted);
    attribute.bytes.max = std::max(attribute.bytes.max, attribute.bytes.mean);
  }
}

/// The parent has a share of its own.
bool is_of_named(const Relation& relation, const Item& row) {
  return std::any_of(
      relation.attributes.begin(), relation.attributes.end(), [&](const std::string& name) {
        const auto* value = row.find(name);
        const std::string* text = value == row.end() ? nullptr : value->second.as_string();
        return text != nullptr && relation.named_shares.contains(*text);
      });
}

/// The most rows that name one parent, of those that have no share of their own.
double most_children(const std::vector<Item>& children, const Relation& relation) {
  std::map<std::string, std::size_t> counts;
  std::size_t most = 1;
  for (const Item& row : children) {
    if (is_of_named(relation, row)) continue;
    if (const auto parent = text_of(row, relation.attributes))
      most = std::max(most, ++counts[*parent]);
  }
  return static_cast<double>(most);
}

void measure_relations(const Workload& workload, EntityId id, const RowSets& rows, Entity& entity) {
  for (Relation& relation : entity.relations) {
    std::size_t parents = 0;
    for (const EntityId parent : relation.parents) parents += rows[parent.index].size();
    const std::vector<Item>& children = rows[id.index];
    const auto linked = static_cast<std::size_t>(
        std::count_if(children.begin(), children.end(), [&](const Item& row) {
          return !relation.attributes.empty() && row.contains(relation.attributes.back());
        }));
    const std::size_t counted = relation.attributes.empty() ? children.size() : linked;
    if (parents == 0 || children.empty()) continue;
    relation.children.mean = share(counted, parents);
    // Fewer than the law allows where the data set has not so many others to go with: children come by the law of the
    // first relation, the others' parents are drawn, and no two rows have the same identity.
    const bool is_by_law = relation.zipf || relation.named_shares.empty();
    const double most =
        is_by_law ? most_children(children, relation) : std::max(static_cast<double>(counted), 1.0);
    relation.children.max =
        std::max(std::min(relation.children.max, most), std::ceil(relation.children.mean));
    relation.present = share(counted, children.size());
  }
  static_cast<void>(workload);
}

Workload scaled_workload(const Workload& workload, const RowSets& rows) {
  Workload scaled = workload;
  for (std::size_t i = 0; i < scaled.entities.size(); ++i) {
    Entity& entity = scaled.entities[i];
    entity.count = static_cast<double>(rows[i].size());
    entity.growth_per_month = 0;
    measure_attributes(entity, rows[i]);
    measure_identities(rows[i], entity);
    measure_relations(workload, EntityId{i}, rows, entity);
  }
  return scaled;
}

const Attribute* filler_of(const Entity& entity) {
  if (!entity.size) return nullptr;
  const Attribute* filler = nullptr;
  for (const Attribute& attribute : entity.attributes) {
    const bool is_implied_text =
        attribute.origin == model::Origin::implied && attribute.type == model::ValueType::string;
    if (is_implied_text) filler = &attribute;
  }
  return filler;
}

}  // namespace

Dataset generate(const Workload& workload, const SeedOptions& options) {
  Dataset data;
  data.now_ms = kNowMs;
  data.rows.resize(workload.entities.size());
  const Demands demands(workload);
  Columns columns(workload, demands, data.now_ms);
  const std::vector<std::size_t> counts = row_counts(workload, options);
  for (const EntityId id : parents_first(workload)) {
    std::vector<Item>& rows = data.rows[id.index];
    if (workload.entity(id).rollup) {
      rows = rollup_rows(workload, id, data.rows);
      for (Item& row : rows) columns.complete(id, row);
      continue;
    }
    rows = children_rows(workload, id, counts[id.index], data.rows);
    for (Item& row : rows) row.reserve(workload.entity(id).attributes.size());
    give_tenants(workload, id, rows, data.rows);
    columns.fill(id, rows);
    name_parents(workload, demands, id, rows);
    adopt_own(workload, id, rows);
  }
  keep_all(workload, data.now_ms, data.rows);
  data.scaled = scaled_workload(workload, data.rows);
  return data;
}

void fit_size(const Workload& workload, const design::Design& design, EntityId entity, double bytes,
              Item& row) {
  const Attribute* filler = filler_of(workload.entity(entity));
  if (filler == nullptr) return;
  const design::ItemLayout& layout = design.items[design.row_layout(entity)];
  row.insert_or_assign(filler->name, AttributeValue::string(""));
  const auto item = design::materialise(layout, design.tables[layout.table],
                                        workload.settings.type_attribute, row);
  if (!item) return;
  const std::int64_t missing = std::llround(bytes) - dynamo::item_bytes(*item).count;
  if (missing <= 0) return;
  Prng prng = Prng(workload.settings.seed_number).fork("filler").fork(std::to_string(missing));
  row.insert_or_assign(filler->name, AttributeValue::string(random_text(prng, missing)));
}

void fit_sizes(const Workload& workload, const design::Design& design, Dataset& data) {
  for (std::size_t i = 0; i < workload.entities.size(); ++i) {
    const Entity& entity = workload.entities[i];
    if (filler_of(entity) == nullptr) continue;
    Prng prng = Prng(workload.settings.seed_number).fork(entity.name).fork("sizes");
    const std::vector<std::size_t> order = permutation(data.rows[i].size(), prng);
    for (std::size_t row = 0; row < order.size(); ++row) {
      const double u = (static_cast<double>(order[row]) + 0.5) / static_cast<double>(order.size());
      fit_size(workload, design, EntityId{i}, capacity::size_quantile(*entity.size, u),
               data.rows[i][row]);
    }
  }
}

Dataset generate(const Workload& workload, const design::Design& design,
                 const SeedOptions& options) {
  Dataset data = generate(workload, options);
  fit_sizes(workload, design, data);
  return data;
}

}  // namespace ddbplan::seed
