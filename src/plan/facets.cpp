#include "plan/facets.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dynamo/limits.h"
#include "dynamo/units.h"
#include "model/copies.h"
#include "plan/beside_rules.h"
#include "plan/expressions.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using model::EntityId;
using model::PatternId;
using support::add_once;
using support::contains;

/// Below a write unit there is nothing to save.
constexpr auto kBytesLeast = static_cast<double>(dynamo::kWriteBlockBytes);

bool is_by_keys(const model::Read& read) {
  return read.kind == model::ReadKind::get || read.kind == model::ReadKind::list ||
         read.kind == model::ReadKind::count || read.kind == model::ReadKind::export_all;
}

/// Names that something looks at beside the answer: by whatever entity, since a name too many costs only a choice.
class Governed {
 public:
  explicit Governed(const model::Workload& workload) : workload_(workload) {
    for (const model::Entity& entity : workload.entities) add(entity);
    for (const model::Pattern& pattern : workload.patterns) {
      for (const model::Read* read : reads_of(pattern)) add(*read);
      for (const model::Write* write : writes_of(pattern)) add(*write);
    }
  }

  [[nodiscard]] bool has(const std::string& name) const { return contains(names_, name); }

 private:
  void add(const model::ExpressionPtr& expression) {
    if (expression) collect_attributes(*expression, names_);
  }
  void add(const model::OperandPtr& operand) {
    if (operand) collect_attributes(*operand, names_);
  }
  void add(const model::AttributeRef& reference) { add_once(names_, reference.name); }

  void add(const model::Entity& entity) {
    for (const model::Attribute& attribute : entity.attributes) {
      add(attribute.derive);
      if (!attribute.upkeep) continue;
      add_once(names_, attribute.upkeep->source_attribute);
      add(attribute.upkeep->where);
    }
    for (const model::Unique& unique : entity.unique) {
      for (const std::string& name : unique.attributes) add_once(names_, name);
    }
    if (entity.retention) {
      add_once(names_, entity.retention->attribute);
      add_once(names_, entity.retention->base_attribute);
    }
    if (entity.archive) add(entity.archive->where);
    if (!entity.rollup) return;
    for (const model::Rollup::By& by : entity.rollup->by) add(by.from);
    for (const model::Rollup::Keep& keep : entity.rollup->keep) add_once(names_, keep.attribute);
  }

  void add(const model::Read& read) {
    for (const model::AttributeRef& by : read.by) add(by);
    for (const model::NarrowBy& by : read.narrow_by) add(by.attribute);
    if (read.range) {
      add(read.range->attribute);
      add(read.range->condition);
    }
    add(read.where);
    for (const model::OrderBy& by : read.order) add(by.attribute);
    for (const model::WithChildren& with : read.with_children) {
      for (const model::OrderBy& by : with.order) add(by.attribute);
    }
    for (const model::WithParent& with : read.with_parents) {
      for (const std::string& name : asked_of_parent(workload_, with)) add_once(names_, name);
    }
    add_once(names_, read.limit_per);
    for (const model::Aggregate& one : read.aggregates) add_once(names_, one.attribute);
  }

  void add(const model::Write& write) {
    for (const model::AttributeRef& by : write.by) add(by);
    for (const model::AttributeRef& by : write.for_each_by) add(by);
    add(write.condition);
    for (const model::Assignment& one : write.set) add(one.value.value_or(nullptr));
    for (const model::Addition& one : write.add) add(one.amount);
    for (const model::Assignment& one : write.append) add(one.value.value_or(nullptr));
    if (write.move) add_once(names_, write.move->attribute);
  }

  const model::Workload& workload_;
  std::vector<std::string> names_;
};

class FacetChoices {
 public:
  explicit FacetChoices(const model::Workload& workload)
      : workload_(workload), governed_(workload) {}

  std::vector<FacetChoice> collect() {
    for (std::size_t e = 0; e < workload_.entities.size(); ++e) consider(EntityId{e});
    return std::move(out_);
  }

 private:
  void consider(EntityId id) {
    const model::Entity& entity = workload_.entity(id);
    if (entity.size || !may_stand_beside(workload_, id)) return;
    // By the access patterns that use them.
    std::map<std::vector<bool>, std::vector<std::string>> groups;
    std::vector<std::string> all;
    for (const model::Attribute& attribute : entity.attributes) {
      if (!is_large(entity, attribute) || !is_read_plainly(id, attribute.name)) continue;
      std::vector<bool> used;
      for (const model::Pattern& pattern : workload_.patterns)
        used.push_back(uses(pattern, id, attribute.name));
      groups[used].push_back(attribute.name);
      all.push_back(attribute.name);
    }
    for (const auto& [used, names] : groups) add(id, names);
    if (groups.size() > 1) add(id, all);
  }

  void add(EntityId id, const std::vector<std::string>& names) {
    FacetChoice choice{id, names, {}};
    for (std::size_t p = 0; p < workload_.patterns.size(); ++p) {
      const model::Pattern& pattern = workload_.patterns[p];
      const bool uses_some = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return uses(pattern, id, name);
      });
      if (uses_row(pattern, id) && !uses_some) choice.gainers.push_back(PatternId{p});
    }
    constexpr int kRowAndFacet = 2;
    const bool fits = bytes_most(id, names) <= static_cast<double>(dynamo::limits::kItemBytesMax) &&
                      fit_transactions(workload_, id, kRowAndFacet, bytes_most(id, {}));
    if (!choice.gainers.empty() && fits) out_.push_back(std::move(choice));
  }

  /// Of these attributes, or of all.
  [[nodiscard]] double bytes_most(EntityId id, const std::vector<std::string>& names) const {
    double bytes = 0;
    for (const model::Attribute& attribute : workload_.entity(id).attributes) {
      if (names.empty() || contains(names, attribute.name))
        bytes += static_cast<double>(attribute.name.size()) + attribute.bytes.max;
    }
    return bytes;
  }

  [[nodiscard]] bool is_large(const model::Entity& entity,
                              const model::Attribute& attribute) const {
    const bool is_own = attribute.origin == model::Origin::declared && !attribute.upkeep &&
                        !attribute.lock && !attribute.derive && !attribute.sequence_per &&
                        !attribute.is_state && !entity.is_identity(attribute.name) &&
                        entity.relation_by(attribute.name) == nullptr;
    return is_own && attribute.bytes.mean >= kBytesLeast && !governed_.has(attribute.name);
  }

  /// Whoever wants the attribute may read two items for it, one after the other.
  [[nodiscard]] bool is_read_plainly(EntityId id, const std::string& name) const {
    for (const model::Pattern& pattern : workload_.patterns) {
      const bool in_transaction = std::holds_alternative<model::Transaction>(pattern.action);
      for (const model::Read* read : reads_of(pattern)) {
        if (!wants(*read, id, name)) continue;
        if (in_transaction || read->strong || read->alternatives || read->entities.size() > 1 ||
            read->kind == model::ReadKind::export_all)
          return false;
      }
    }
    return true;
  }

  [[nodiscard]] static bool reads_row(const model::Read& read, EntityId id) {
    if (!is_by_keys(read)) return false;
    return std::find(read.entities.begin(), read.entities.end(), id) != read.entities.end() ||
           std::any_of(read.with_children.begin(), read.with_children.end(),
                       [&](const auto& with) { return with.child == id; });
  }

  /// Its answer shows the attribute.
  [[nodiscard]] static bool wants(const model::Read& read, EntityId id, const std::string& name) {
    if (!reads_row(read, id)) return false;
    const bool is_child = std::any_of(read.with_children.begin(), read.with_children.end(),
                                      [&](const auto& with) { return with.child == id; });
    if (is_child) return true;
    return read.kind != model::ReadKind::count &&
           (read.returns.empty() || contains(read.returns, name));
  }

  [[nodiscard]] static bool changes(const model::Write& write, const std::string& name) {
    const auto names_it = [&](const auto& one) { return one.attribute == name; };
    return std::any_of(write.set.begin(), write.set.end(), names_it) ||
           std::any_of(write.add.begin(), write.add.end(), names_it) ||
           std::any_of(write.append.begin(), write.append.end(), names_it) ||
           contains(write.remove, name);
  }

  [[nodiscard]] static bool uses(const model::Pattern& pattern, EntityId id,
                                 const std::string& name) {
    for (const model::Read* read : reads_of(pattern)) {
      if (wants(*read, id, name)) return true;
    }
    for (const model::Write* write : writes_of(pattern)) {
      if (!is_about(*write, id) || write->kind == model::WriteKind::check) continue;
      if (write->kind != model::WriteKind::update || changes(*write, name)) return true;
    }
    return false;
  }

  [[nodiscard]] static bool uses_row(const model::Pattern& pattern, EntityId id) {
    for (const model::Read* read : reads_of(pattern)) {
      if (reads_row(*read, id)) return true;
    }
    for (const model::Write* write : writes_of(pattern)) {
      if (is_about(*write, id)) return true;
    }
    return false;
  }

  const model::Workload& workload_;
  Governed governed_;
  std::vector<FacetChoice> out_;
};

/// The attributes that stand apart from an entity's rows in an earlier design; null: none do.
const design::EarlierItem* earlier_facet(const design::EarlierDesign& earlier,
                                         const model::Entity& entity) {
  const auto items = earlier.entities.find(entity.name);
  if (items == earlier.entities.end()) return nullptr;
  const auto found =
      std::find_if(items->second.begin(), items->second.end(), [](const design::EarlierItem& item) {
        return item.role == design::role_name(design::ItemRole::facet);
      });
  return found == items->second.end() ? nullptr : &*found;
}

Variant variant_of(const model::Workload& workload, const FacetChoice& choice) {
  const model::Entity& entity = workload.entity(choice.entity);
  const std::string names = support::join_list(choice.attributes);
  Variant out;
  out.what = names + " of every " + entity.name + " in an item of its own";
  out.otherwise = names + " in the item of its " + entity.name;
  out.why =
      "what uses the rest of the row does not pay for it; a row is made and deleted in a "
      "transaction of two items, and whoever reads all of it reads both";
  out.why_not =
      "a second item would be made, read and deleted with every row, and save more than an index "
      "costs";
  out.gainers = choice.gainers;
  out.subjects.push_back("entity:" + entity.name);
  for (const PatternId gainer : choice.gainers)
    out.subjects.push_back("pattern:" + workload.pattern(gainer).name);
  out.excludes = choice.entity;
  out.apply = [choice](model::Workload given) {
    given.entities[choice.entity.index].facet = choice.attributes;
    return given;
  };
  return out;
}

/// What an earlier design has put apart and the entity still has.
FacetChoice held_choice(const model::Workload& workload, EntityId id,
                        const design::EarlierItem& facet) {
  const model::Entity& entity = workload.entity(id);
  FacetChoice out{id, {}, {}};
  for (const std::string& name : facet.attributes) {
    const bool ttl = entity.retention && entity.retention->attribute == name;
    if (!ttl && entity.find(name) != nullptr) out.attributes.push_back(name);
  }
  return out;
}

}  // namespace

std::vector<FacetChoice> facet_choices(const model::Workload& workload) {
  return FacetChoices(workload).collect();
}

std::vector<Variant> facet_variants(const model::Workload& workload,
                                    const design::EarlierDesign* earlier) {
  std::vector<Variant> out;
  for (std::size_t e = 0; earlier != nullptr && e < workload.entities.size(); ++e) {
    const design::EarlierItem* facet = earlier_facet(*earlier, workload.entities[e]);
    if (facet == nullptr) continue;
    const FacetChoice held = held_choice(workload, EntityId{e}, *facet);
    if (held.attributes.empty()) continue;
    out.push_back(variant_of(workload, held));
    out.back().is_held = true;
  }
  for (const FacetChoice& choice : facet_choices(workload)) {
    const bool is_there =
        earlier != nullptr && earlier->entities.contains(workload.entity(choice.entity).name);
    if (!is_there) out.push_back(variant_of(workload, choice));
  }
  return out;
}

}  // namespace ddbplan::plan
