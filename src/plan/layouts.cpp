#include "plan/layouts.h"

#include <algorithm>
#include <set>

#include "dynamo/limits.h"
#include "dynamo/reserved.h"
#include "plan/beside_row.h"
#include "plan/entries_beside.h"
#include "plan/expressions.h"
#include "plan/key_companions.h"
#include "plan/natural_keys.h"
#include "plan/slot.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::contains;

class LayoutBuilder {
 public:
  LayoutBuilder(const Problem& problem, const State& state, const ShardPlan& shards,
                const Scope& scope, Assembly& assembly)
      : problem_(problem),
        workload_(problem.workload),
        state_(state),
        shards_(shards),
        scope_(scope),
        assembly_(assembly),
        beside_(problem) {}

  std::string build() {
    assembly_.design.tables = problem_.bare_tables;
    if (problem_.held) {
      assembly_.design.tables.front().name = problem_.held->table;
      assembly_.design.tables.front().key = problem_.held->table_key;
    }
    assembly_.placement.row.assign(workload_.entities.size(), Placement::kNotPlaced);
    for (const std::size_t e : scope_.entities) add_row(model::EntityId{e});
    if (std::string problem = pack_slots(); !problem.empty()) return problem;
    for (const std::size_t e : scope_.entities) {
      if (std::string problem = add_beside(model::EntityId{e}); !problem.empty()) return problem;
      add_guards(model::EntityId{e});
    }
    set_type_values();
    for (design::Table& table : assembly_.design.tables) widen_projections(table);
    check_limits();
    return {};
  }

 private:
  [[nodiscard]] std::size_t table_of(std::size_t entity) const {
    return problem_.tables.table_of[entity];
  }

  /// The literal that tells an entity's items apart in their collection. Children that are read with their
  /// parent stand right before it (newest first, "#ORDER#..." < "CUSTOMER") or right after it.
  [[nodiscard]] std::string sort_literal(model::EntityId entity) const {
    if (const std::string* held = held_literal(problem_, entity)) return *held;
    std::string own = literal_of(workload_.entity(entity).name);
    for (const std::size_t n : assembly_.together) {
      const Need& child = problem_.needs[n];
      if (!(child.entity == entity)) continue;
      const auto found = match(workload_, problem_.base(state_, entity), child);
      const Need& of = problem_.needs[*child.child_of];
      return literal_beside(workload_, of.entity, entity, found && found->forward);
    }
    return own;
  }

  [[nodiscard]] design::ShardRule shard_rule(model::EntityId entity, std::size_t candidate) const {
    const auto found = shards_.find({entity.index, candidate});
    return found == shards_.end() ? design::ShardRule{} : found->second;
  }

  void add_row(model::EntityId id) {
    const model::Entity& entity = workload_.entity(id);
    design::ItemLayout layout;
    layout.role = design::ItemRole::row;
    layout.entity = id;
    layout.table = table_of(id.index);
    layout.base.shards = shard_rule(id, kBaseKey);
    KeyTemplates keys = templates_of(workload_, problem_.base(state_, id),
                                     layout.base.shards.sharded(), sort_literal(id));
    layout.base.partition = keys.partition;
    layout.base.sort = keys.sort;
    // A table whose keys are attributes has one kind of item, and this is its row.
    const KeySpec& spec = problem_.base(state_, id);
    dynamo::KeySchema& key = assembly_.design.tables[layout.table].key;
    if (spec.natural_partition && !layout.base.shards.sharded())
      key.partition = key_attributes(entity, spec.partition);
    if (needs_no_sort_key(id)) {
      key.sort.clear();
      layout.base.sort.clear();
    } else if (keys.sort.empty()) {
      layout.base.sort = {design::KeyTemplate{{design::Literal{literal_of(entity.name)}}, {}}};
    } else if (spec.natural_sort) {
      key.sort = key_attributes(entity, spec.sort);
    }
    for (const model::Attribute& attribute : entity.attributes) {
      if (!entity.is_in_facet(attribute.name)) layout.attributes.push_back(attribute.name);
    }
    assembly_.placement.row[id.index] = assembly_.design.items.size();
    assembly_.design.items.push_back(std::move(layout));
  }

  /// A table of one kind of item, each under a partition key of its own. The single table keeps a sort key, so
  /// that a further entity can move in.
  [[nodiscard]] bool needs_no_sort_key(model::EntityId id) const {
    const bool is_open =
        workload_.settings.layout != model::Layout::single_table || problem_.tables.natural;
    return is_open && !problem_.held && problem_.item_kinds[table_of(id.index)] == 1 &&
           problem_.base(state_, id).sort.empty();
  }

  static std::vector<dynamo::KeyAttribute> key_attributes(const model::Entity& entity,
                                                          const std::vector<std::string>& names) {
    std::vector<dynamo::KeyAttribute> out;
    for (const std::string& name : names) {
      const model::Attribute* attribute = entity.find(name);
      const auto type = attribute == nullptr ? std::nullopt : key_type(*attribute);
      out.push_back({name, type.value_or(dynamo::ScalarType::S)});
    }
    return out;
  }

  /// The entries in use, each with what the Needs that it serves read from it.
  [[nodiscard]] std::vector<EntryDemand> demands() const {
    std::vector<EntryDemand> out;
    for (const std::size_t n : scope_.needs) {
      const Option* option = problem_.option(state_, n);
      if (option == nullptr || option->kind != Option::Kind::entry) continue;
      const Need& need = problem_.needs[n];
      const std::pair<std::size_t, std::size_t> key{need.entity.index, option->candidate};
      auto found =
          std::find_if(out.begin(), out.end(), [&](const EntryDemand& d) { return d.key == key; });
      if (found == out.end()) {
        out.push_back({key, false, {}});
        found = out.end() - 1;
        const auto all = state_.project_all.find(key);
        found->everything = all != state_.project_all.end() && all->second;
      }
      const auto needed = needed_in_index(problem_, state_, need, *option);
      if (!needed) {
        found->everything = true;
        continue;
      }
      for (const std::string& name : *needed) {
        if (!contains(found->attributes, name)) found->attributes.push_back(name);
      }
    }
    return out;
  }

  std::string pack_slots() {
    std::vector<Slot> held = held_slots();
    std::vector<Slot> slots;
    const std::vector<EntryDemand> all = demands();
    const std::vector<EntryPair> pairs = entries_together(problem_, state_, shards_, scope_);
    for (const EntryPair& pair : pairs) pack_pair(slots, pair, all);
    for (const EntryDemand& demand : all) {
      if (slot_of(slots, demand.key) != nullptr) continue;
      const KeySpec& spec = problem_.entry(model::EntityId{demand.key.first}, demand.key.second);
      if (spec.held) {
        Slot& slot = held[*spec.held];
        if (!slot.entities.insert(demand.key.first).second)
          return "an item has one entry in an index, " + slot.held->index.name;
        slot.entries.push_back(demand.key);
      } else if (!pack(slots, demand)) {
        Slot slot = slot_for(demand);
        slots.push_back(std::move(slot));
      }
    }
    for (const EntryPair& pair : pairs) {
      for (const std::vector<Slot>* some : {&held, &slots}) {
        const Slot* slot = slot_of(*some, pair.child_entry);
        if (slot != nullptr && beside_.take(pair, slot->entries))
          assembly_.together.push_back(pair.child);
      }
    }
    std::sort(assembly_.together.begin(), assembly_.together.end());
    return open_all(held, slots);
  }

  static const Slot* slot_of(const std::vector<Slot>& slots, const EntryName& entry) {
    const auto found = std::find_if(slots.begin(), slots.end(), [&](const Slot& slot) {
      return std::find(slot.entries.begin(), slot.entries.end(), entry) != slot.entries.end();
    });
    return found == slots.end() ? nullptr : &*found;
  }

  /// Both into one index, where they are of a kind and neither has its place: no more indexes than without.
  void pack_pair(std::vector<Slot>& slots, const EntryPair& pair,
                 const std::vector<EntryDemand>& all) const {
    const auto of = [&](const EntryName& entry) {
      return std::find_if(all.begin(), all.end(),
                          [&](const EntryDemand& demand) { return demand.key == entry; });
    };
    const EntryDemand& parent = *of(pair.parent_entry);
    const EntryDemand& child = *of(pair.child_entry);
    for (const EntryDemand* demand : {&parent, &child}) {
      const KeySpec& spec = problem_.entry(model::EntityId{demand->key.first}, demand->key.second);
      if (spec.held || slot_of(slots, demand->key) != nullptr) return;
    }
    for (Slot& slot : slots) {
      std::vector<Slot> one{slot};
      if (!pack(one, parent) || !pack(one, child)) continue;
      slot = std::move(one.front());
      return;
    }
    std::vector<Slot> fresh{slot_for(parent)};
    if (pack(fresh, child)) slots.push_back(std::move(fresh.front()));
  }

  [[nodiscard]] std::vector<Slot> held_slots() const {
    std::vector<Slot> out;
    if (!problem_.held) return out;
    for (const HeldIndex& one : problem_.held->indexes) {
      Slot& slot = out.emplace_back();
      slot.local = one.index.local;
      slot.held = &one;
    }
    return out;
  }

  /// Those that are held first, under their names, unless nothing is in them any more. A new one takes no name of
  /// an earlier one, used or not: items may still have its key attributes.
  std::string open_all(const std::vector<Slot>& held, const std::vector<Slot>& slots) {
    std::set<std::string> taken;
    const bool is_whole = scope_.entities.size() == workload_.entities.size();
    for (const Slot& slot : held) {
      taken.insert(slot.held->index.name);
      if (slot.entries.empty() && !(slot.local && is_whole)) continue;
      if (std::string problem = open(slot, slot.held->index); !problem.empty()) return problem;
    }
    std::map<std::pair<std::size_t, bool>, int> numbers;
    for (const Slot& slot : slots) {
      std::string name;
      do {
        name = (slot.local ? "LSI" : "GSI") + std::to_string(++numbers[{slot.table, slot.local}]);
      } while (taken.contains(name));
      if (std::string problem = open(slot, made_for(slot, name)); !problem.empty()) return problem;
    }
    return {};
  }

  [[nodiscard]] Slot slot_for(const EntryDemand& demand) const {
    const KeySpec& spec = problem_.entry(model::EntityId{demand.key.first}, demand.key.second);
    Slot slot;
    slot.table = table_of(demand.key.first);
    slot.local = spec.local;
    if (partition_is_natural(demand.key)) slot.partition = spec.partition;
    if (spec.natural_sort || sorts_by_number(workload_, spec)) slot.sort = spec.sort;
    slot.is_shareable = !slot.partition && !slot.sort;
    slot.entities.insert(demand.key.first);
    slot.entries.push_back(demand.key);
    slot.attributes = without_keys(demand, slot);
    const bool too_long = slot.attributes.size() > dynamo::limits::kIncludeAttributesPerIndexMax;
    if (demand.everything || too_long) {
      slot.projection = dynamo::ProjectionType::all;
      slot.attributes.clear();
    } else if (!slot.attributes.empty()) {
      slot.projection = dynamo::ProjectionType::include;
    }
    return slot;
  }

  /// A sharded partition key holds the shard, so it is made for it.
  [[nodiscard]] bool partition_is_natural(std::pair<std::size_t, std::size_t> key) const {
    const model::EntityId id{key.first};
    return problem_.entry(id, key.second).natural_partition &&
           !shard_rule(id, key.second).sharded();
  }

  /// What a projection has to list: key attributes of the index and of the table are in it anyway.
  [[nodiscard]] std::vector<std::string> without_keys(const EntryDemand& demand,
                                                      const Slot& slot) const {
    const dynamo::KeySchema& base = assembly_.design.tables[slot.table].key;
    const auto is_key = [&](const std::string& name) {
      return (slot.partition && contains(*slot.partition, name)) ||
             (slot.sort && contains(*slot.sort, name)) || base.has(name);
    };
    std::vector<std::string> out;
    for (const std::string& name : demand.attributes) {
      if (!is_key(name)) out.push_back(name);
    }
    return out;
  }

  /// Shares an open slot when key types and projection agree: each further index has its price, and an entry
  /// in a foreign slot carries at most the attributes it asked for and the other entity's namesakes.
  bool pack(std::vector<Slot>& slots, const EntryDemand& demand) const {
    Slot wanted = slot_for(demand);
    for (Slot& slot : slots) {
      if (slot.table != wanted.table || slot.local != wanted.local || !slot.is_shareable ||
          !wanted.is_shareable)
        continue;
      if (slot.entities.contains(demand.key.first) || slot.projection != wanted.projection)
        continue;
      std::vector<std::string> joined = slot.attributes;
      for (const std::string& name : wanted.attributes) {
        if (!contains(joined, name)) joined.push_back(name);
      }
      if (joined.size() > dynamo::limits::kIncludeAttributesPerIndexMax) continue;
      slot.attributes = std::move(joined);
      slot.entities.insert(demand.key.first);
      slot.entries.push_back(demand.key);
      return true;
    }
    return false;
  }

  [[nodiscard]] design::Index made_for(const Slot& slot, const std::string& name) const {
    design::Index index;
    index.name = name;
    index.local = slot.local;
    const model::Entity& first = workload_.entities[slot.entries.front().first];
    if (slot.local) {
      index.key.partition = assembly_.design.tables[slot.table].key.partition;
    } else if (slot.partition) {
      index.key.partition = key_attributes(first, *slot.partition);
    } else {
      index.key.partition = {{name + "PK", dynamo::ScalarType::S}};
    }
    index.key.sort = {{name + "SK", dynamo::ScalarType::S}};
    if (slot.sort) index.key.sort = key_attributes(first, *slot.sort);
    index.projection = {slot.projection, slot.attributes};
    return index;
  }

  std::string open(const Slot& slot, design::Index index) {
    const std::string name = index.name;
    assembly_.design.tables[slot.table].indexes.push_back(std::move(index));
    for (const auto& [entity, candidate] : slot.entries) {
      if (std::string problem = add_entry(model::EntityId{entity}, candidate, name);
          !problem.empty())
        return problem;
    }
    return {};
  }

  std::string add_entry(model::EntityId id, std::size_t candidate, const std::string& index) {
    const KeySpec& spec = problem_.entry(id, candidate);
    design::ItemLayout& layout = assembly_.design.items[assembly_.placement.row[id.index]];
    design::KeyEntry entry;
    entry.index = index;
    entry.shards = shard_rule(id, candidate);
    if (spec.local) {
      if (spec.partition != problem_.base(state_, id).partition || layout.base.shards.sharded())
        return "a local index needs the base table's partition key";
      entry.shards = layout.base.shards;
    }
    KeyTemplates keys =
        templates_of(workload_, spec, entry.shards.sharded(), beside_.literal(id, candidate));
    entry.partition = spec.local ? layout.base.partition : keys.partition;
    entry.sort = keys.sort;
    // Where the attributes are keys themselves, a row without one of them is not in the index anyway.
    if (!partition_is_natural({id.index, candidate})) entry.when = membership(spec);
    assembly_.placement.entries[{id.index, candidate}] = {assembly_.placement.row[id.index],
                                                          layout.entries.size(), index};
    layout.entries.push_back(std::move(entry));
    return {};
  }

  std::string add_beside(model::EntityId id) {
    const model::Entity& entity = workload_.entity(id);
    if (entity.facet.empty() && entity.read_copies == 0) return {};
    const design::ItemLayout row = assembly_.design.items[assembly_.placement.row[id.index]];
    if (row.base.shards.by_request) return "a row that is the sum of its shards stands alone";
    std::vector<design::ItemLayout>& items = assembly_.design.items;
    if (!entity.facet.empty()) {
      assembly_.placement.facet[id.index] = items.size();
      items.push_back(facet_layout(row, entity));
    }
    for (int copy = 1; copy <= entity.read_copies; ++copy) {
      assembly_.placement.copies[id.index].push_back(items.size());
      items.push_back(read_copy_layout(row, copy));
    }
    return {};
  }

  void add_guards(model::EntityId id) {
    const model::Entity& entity = workload_.entity(id);
    for (std::size_t u = 0; u < entity.unique.size(); ++u) {
      design::ItemLayout layout;
      layout.role = design::ItemRole::guard;
      layout.entity = id;
      layout.table = guard_table(workload_, problem_.tables, id, entity.unique[u]);
      layout.unique = u;
      layout.base.partition = {guard_partition(id, entity.unique[u])};
      layout.base.sort = {design::KeyTemplate{{design::Literal{"UNIQUE"}}, {}}};
      const KeySpec& base = problem_.base(state_, id);
      for (const model::Attribute& attribute : entity.attributes) {
        const bool in_base =
            contains(base.partition, attribute.name) || contains(base.sort, attribute.name);
        const bool ttl = entity.retention && entity.retention->attribute == attribute.name;
        if (in_base || ttl || entity.is_identity(attribute.name))
          layout.attributes.push_back(attribute.name);
      }
      assembly_.placement.guard[{id.index, u}] = assembly_.design.items.size();
      assembly_.design.items.push_back(std::move(layout));
    }
  }

  /// UNIQUE#CUSTOMER#EMAIL#{email}; under a tenant TENANT#{tenant_id}#UNIQUE#AGENT#EMAIL#{email}. Entities that
  /// share a name space have the same guard: UNIQUE#USER+TEAM#HANDLE#{handle}.
  [[nodiscard]] design::KeyTemplate guard_partition(model::EntityId id,
                                                    const model::Unique& unique) const {
    const model::Entity& entity = workload_.entity(id);
    design::KeyTemplate key;
    std::string literal;
    std::vector<std::string> rest = unique.attributes;
    const std::optional<std::string>& tenant = workload_.settings.tenant;
    // Without the tenant among its attributes a value is unique over all tenants.
    if (tenant && support::contains(rest, *tenant)) {
      rest.erase(std::remove(rest.begin(), rest.end(), *tenant), rest.end());
      key.parts.emplace_back(design::Literal{"TENANT#"});
      key.parts.emplace_back(key_field(entity, *tenant, false));
      literal = "#";
    }
    std::vector<std::string> owners;
    for (const model::EntityId owner : model::name_space(id, unique))
      owners.push_back(literal_of(workload_.entity(owner).name));
    literal += "UNIQUE#" + support::join(owners, "+");
    for (std::size_t i = 0; i < rest.size(); ++i) {
      literal += "#" + literal_of(rest[i]) + "#";
      key.parts.emplace_back(design::Literal{literal});
      design::Field field = guard_field(id, unique, rest[i], i + 1 == rest.size());
      if (unique.ignore_case) field.encoding = design::Encoding::lower;
      key.parts.emplace_back(std::move(field));
      literal.clear();
    }
    return key;
  }

  /// Equal values must be written alike, whichever entity of the name space they are of.
  [[nodiscard]] design::Field guard_field(model::EntityId id, const model::Unique& unique,
                                          const std::string& name, bool last) const {
    design::Field widest = key_field(workload_.entity(id), name, last);
    for (const model::EntityId other : unique.across) {
      const design::Field field = key_field(workload_.entity(other), name, last);
      widest.width = std::max(widest.width, field.width);
      // Text that is safe before a delimiter in one of them need not be so in the other.
      if (field.encoding == design::Encoding::escape) widest.encoding = field.encoding;
    }
    return widest;
  }

  /// "ArticleFacet", which no entity may be called.
  [[nodiscard]] std::string helper_type(const model::Entity& entity, const char* helper) const {
    std::string out = entity.name + helper;
    while (workload_.find_entity(out)) out += "_";
    return out;
  }

  void set_type_values() {
    for (design::ItemLayout& layout : assembly_.design.items) {
      // Kinds of the whole table, not of the scope.
      const std::size_t kinds = problem_.item_kinds[layout.table];
      const model::Entity& entity = workload_.entity(layout.entity);
      const bool is_held = problem_.held && problem_.held->typed.contains(layout.entity.index);
      if (kinds < 2 && !is_held) continue;
      layout.type_value = entity.name;
      if (layout.role == design::ItemRole::guard) layout.type_value = helper_type(entity, "Guard");
      if (layout.role == design::ItemRole::facet) layout.type_value = helper_type(entity, "Facet");
      if (layout.role == design::ItemRole::copy) layout.type_value = helper_type(entity, "Copy");
    }
  }

  void check_limits() {
    for (const design::Table& table : assembly_.design.tables) check_limits(table);
  }

  /// A table has so many attributes in the projections of its indexes; beyond that the longest ones hold all.
  void widen_projections(design::Table& table) const {
    for (;;) {
      std::size_t included = 0;
      design::Index* longest = nullptr;
      for (design::Index& index : table.indexes) {
        const std::size_t own = index.projection.attributes.size();
        included += own;
        if (own > 0 && !is_held(index) &&
            (longest == nullptr || own > longest->projection.attributes.size()))
          longest = &index;
      }
      if (included <= static_cast<std::size_t>(dynamo::limits::kIncludeAttributesPerTableMax) ||
          longest == nullptr)
        return;
      longest->projection = {dynamo::ProjectionType::all, {}};
    }
  }

  [[nodiscard]] bool is_held(const design::Index& index) const {
    return problem_.held &&
           std::any_of(problem_.held->indexes.begin(), problem_.held->indexes.end(),
                       [&](const HeldIndex& held) { return held.index.name == index.name; });
  }

  void check_limits(const design::Table& table) {
    std::size_t global = 0;
    std::size_t local = 0;
    std::size_t included = 0;
    for (const design::Index& index : table.indexes) {
      ++(index.local ? local : global);
      included += index.projection.attributes.size();
    }
    const auto limit = [](const std::optional<int>& given, int most) {
      return given ? std::min(*given, most) : most;
    };
    check_limit(global, limit(workload_.limits.global_indexes, dynamo::limits::kGlobalIndexesMax),
                "global secondary indexes");
    check_limit(local, limit(workload_.limits.local_indexes, dynamo::limits::kLocalIndexesMax),
                "local secondary indexes");
    check_limit(included, dynamo::limits::kIncludeAttributesPerTableMax,
                "projected attributes over all indexes");
  }

  void check_limit(std::size_t needed, int most, const std::string& what) {
    const auto allowed = static_cast<std::size_t>(std::max(most, 0));
    if (needed <= allowed) return;
    assembly_.excess += needed - allowed;
    assembly_.over_limit =
        std::to_string(needed) + " " + what + ", and there may be " + std::to_string(allowed);
  }

  const Problem& problem_;
  const model::Workload& workload_;
  const State& state_;
  const ShardPlan& shards_;
  const Scope& scope_;
  Assembly& assembly_;
  EntriesBeside beside_;
};

}  // namespace

const std::string* held_literal(const Problem& problem, model::EntityId entity) {
  if (!problem.held) return nullptr;
  const auto found = problem.held->sort_literals.find(entity.index);
  return found == problem.held->sort_literals.end() ? nullptr : &found->second;
}

namespace {

/// Whether a look-up may be several requests whose keys differ.
bool sends_several(const Need& need) {
  return need.led_by || std::any_of(need.equal.begin(), need.equal.end(),
                                    [](const auto& one) { return one.values.size() > 1; });
}

}  // namespace

std::optional<std::vector<std::string>> needed_in_index(const Problem& problem, const State& state,
                                                        const Need& need, const Option& option) {
  const model::Workload& workload = problem.workload;
  const model::Entity& entity = workload.entity(need.entity);
  const KeySpec& spec = problem.entry(need.entity, option.candidate);
  std::vector<std::string> out;
  const auto add = [&](const std::string& name) {
    if (!contains(out, name)) out.push_back(name);
  };
  const auto found = match(workload, spec, need);
  if (found) {
    for (const std::string& name : found->filtered_equal) add(name);
    if (found->filters_range) add(need.range->attribute);
    if (found->residual) collect_attributes(*found->residual, out);
    // Entries of several sort keys tell their order only by the attributes.
    const bool orders_here = found->client_order && !option.fetch;
    if (orders_here || (found->sort_equal > 0 && sends_several(need))) {
      for (const model::OrderBy& by : need.order) {
        if (entity.find(by.attribute.name) != nullptr && !by.attribute.via) add(by.attribute.name);
      }
    }
  }
  for (const std::string& name : need.optional_equal) add(name);
  if (need.drops_expired) add(entity.retention->attribute);
  if (option.fetch) return out;
  if (need.purpose == Purpose::find_writes || need.purpose == Purpose::find_copies) {
    const KeySpec& base = problem.base(state, need.entity);
    for (const std::string& name : base.partition) add(name);
    for (const std::string& name : base.sort) add(name);
    for (const std::string& name : need.attributes) add(name);
    for (const std::string& name : companions_in_keys(problem, state, need)) add(name);
    return out;
  }
  if (need.returns_all) return std::nullopt;
  if (need.count_only) return out;
  for (const std::string& name : need.attributes) add(name);
  return out;
}

std::string lay_out(const Problem& problem, const State& state, const ShardPlan& shards,
                    const Scope& scope, Assembly& assembly) {
  return LayoutBuilder(problem, state, shards, scope, assembly).build();
}

}  // namespace ddbplan::plan
