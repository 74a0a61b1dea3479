#include "capacity/matches.h"

#include <algorithm>
#include <cmath>

#include "capacity/traffic.h"

namespace ddbplan::capacity {
namespace {

using model::Attribute;
using model::Entity;
using model::EntityId;
using model::Relation;

/// Ancestors further away than this are not looked at: no model needs them, and cycles end.
constexpr int kAncestorsMax = 8;

using Names = std::set<std::string>;

bool covers(const Names& bound, const std::vector<std::string>& wanted) {
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return bound.contains(name);
  });
}

bool has_few_values(const Attribute& attribute) {
  return !attribute.values.empty() || attribute.type == model::ValueType::boolean;
}

/// The rows of one entity that agree with a call in some attributes whose values are of one row.
class Together {
 public:
  Together(const model::Workload& workload, EntityId entity, double month,
           const ParentCase* parents = nullptr)
      : workload_(workload),
        id_(entity),
        entity_(workload.entity(entity)),
        month_(month),
        rows_(model::rows_after(workload, entity, month)),
        parents_(parents) {}

  CountDistribution count(const Names& bound, std::optional<EntityId> found) const {
    if (bound.empty()) return CountDistribution::exactly(rows_);
    if (entity_.is_one_row(bound)) return CountDistribution::exactly(1);
    const Relation* relation = narrowest(bound);
    if (relation == nullptr) {
      if (const auto ancestor = by_ancestor(bound)) return *ancestor;
      if (const auto tenants = by_tenant(bound)) return *tenants;
      if (is_evenly_spread(bound)) return CountDistribution::exactly(rows_ * equal_share(bound));
      return CountDistribution::matches(rows_, equal_share(bound)).by_traffic();
    }
    CountDistribution law = children_law(*relation);
    const bool as_it_is = found && std::find(relation->parents.begin(), relation->parents.end(),
                                             *found) != relation->parents.end();
    if (!as_it_is) law = law.by_traffic();
    Names rest = bound;
    for (const std::string& name : relation->attributes) rest.erase(name);
    if (rest.erase(entity_.tenant) > 0) law = of_one_tenant(*relation, law);
    drop_implied(*relation, rest);
    return law.thinned(rest_share(rest));
  }

 private:
  [[nodiscard]] CountDistribution children_law(const Relation& relation) const {
    const bool is_asked =
        parents_ != nullptr && std::find(relation.attributes.begin(), relation.attributes.end(),
                                         parents_->attribute) != relation.attributes.end();
    if (!is_asked) return children_after(workload_, id_, relation, month_);
    if (parents_->name.empty()) return children_of_others(relation);
    const auto named = relation.named_shares.find(parents_->name);
    return CountDistribution::exactly(named == relation.named_shares.end() ? 0
                                                                           : named->second * rows_);
  }

  /// Without the parents that are looked at by themselves, the others share what those leave.
  [[nodiscard]] CountDistribution children_of_others(Relation relation) const {
    double rest = 1;
    double parents = parents_after(workload_, relation, month_);
    for (const std::string& name : parents_->others) {
      const auto named = relation.named_shares.find(name);
      if (named == relation.named_shares.end()) continue;
      rest -= named->second;
      --parents;
      relation.named_shares.erase(named);
    }
    if (rest <= 0 || parents < 1) return CountDistribution::exactly(0);
    for (auto& [name, share] : relation.named_shares) share /= rest;
    relation.children.mean = rows_ * std::min(1.0, relation.present) * rest / parents;
    relation.children.max = std::max(relation.children.max, relation.children.mean);
    return CountDistribution::children(relation, parents);
  }

  /// A value of one attribute without declared values has as many rows as any other (law 8).
  [[nodiscard]] bool is_evenly_spread(const Names& bound) const {
    const Attribute* attribute = bound.size() == 1 ? entity_.find(*bound.begin()) : nullptr;
    return attribute != nullptr && !has_few_values(*attribute);
  }

  [[nodiscard]] const Relation* narrowest(const Names& bound) const {
    const Relation* best = nullptr;
    for (const Relation& relation : entity_.relations) {
      if (!covers(bound, relation.attributes) && !tells_parent(bound, relation)) continue;
      if (best == nullptr || relation.children.mean < best->children.mean) best = &relation;
    }
    return best;
  }

  [[nodiscard]] static bool has_fewer_values(const Entity& entity, const std::string& name) {
    const std::optional<double>& values = entity.find(name)->distinct;
    return values && *values < entity.count;
  }

  /// A part of the parent's identity that no two parents share says which it is.
  [[nodiscard]] bool tells_parent(const Names& bound, const Relation& relation) const {
    if (relation.parents.size() != 1 || relation.attributes.size() < 2) return false;
    const Entity& parent = workload_.entity(relation.parents.front());
    for (const auto& [own, theirs] :
         identity_links(workload_, id_, relation, relation.parents.front())) {
      if (!bound.contains(own)) continue;
      const bool is_last = parent.is_last_part(theirs) && !has_fewer_values(parent, theirs);
      if (parent.is_own_id(theirs) || is_last) return true;
    }
    return false;
  }

  /// Attributes that follow from the parent: of its own parents.
  void drop_implied(const Relation& relation, Names& rest) const {
    for (const Relation& other : entity_.relations) {
      if (&other == &relation || !covers(rest, other.attributes)) continue;
      for (const EntityId parent : relation.parents) {
        for (const Relation& above : workload_.entity(parent).relations) {
          if (above.parents != other.parents) continue;
          for (const std::string& name : other.attributes) rest.erase(name);
        }
      }
    }
  }

  /// Share of the rows that agree in these attributes, each by itself.
  [[nodiscard]] double rest_share(Names rest) const {
    double share = 1;
    for (const Relation& other : entity_.relations) {
      if (!covers(rest, other.attributes)) continue;
      share /= std::max(1.0, parents_after(workload_, other, month_));
      for (const std::string& name : other.attributes) rest.erase(name);
    }
    return share * equal_share(rest);
  }

  /// Rows of a shared parent are of all tenants.
  [[nodiscard]] CountDistribution of_one_tenant(const Relation& relation,
                                                const CountDistribution& law) const {
    double all = 0;
    double shared = 0;
    for (const EntityId parent : relation.parents) {
      const double rows = model::rows_after(workload_, parent, month_);
      all += rows;
      if (workload_.entity(parent).tenant.empty()) shared += rows;
    }
    if (shared <= 0) return law;
    // Two of them are of one tenant as often as any two rows.
    const double same = family_of_tenant(id_, 0).by_traffic().mean() / std::max(1.0, rows_);
    return CountDistribution::either(shared / all, law.thinned(std::min(1.0, same)), law);
  }

  [[nodiscard]] double equal_share(const Names& names) const {
    double share = 1;
    for (const std::string& name : names) {
      const Attribute* attribute = entity_.find(name);
      // Rows without a value are of no value.
      const double present = attribute == nullptr ? 1 : attribute->present;
      const double rows = std::max(1.0, rows_ * present);
      share *= present / (attribute == nullptr ? 10 : distinct_values(*attribute, rows));
    }
    return share;
  }

  /// Rows per value of something above, in two moments: a sum of as many counts as another count says.
  struct Family {
    double mean = 0;
    double variance = 0;
    double max = 0;
    /// The relation whose attributes name what is above; null: none does.
    const Relation* named_by = nullptr;
    /// Each of these has that many rows of a child.
    [[nodiscard]] Family of(const CountDistribution& children) const {
      const double each = children.mean();
      return {mean * each, mean * children.variance() + variance * each * each,
              max * children.max(), named_by};
    }
    /// With the rows of the same tenant that came another way.
    Family& operator+=(const Family& other) {
      variance += other.variance;
      mean += other.mean;
      max += other.max;
      return *this;
    }
    /// Each row is counted with this probability.
    [[nodiscard]] Family thinned(double share) const {
      return {mean * share, variance * share * share + mean * share * (1 - share), max, named_by};
    }
    /// Geometric, with mass at zero for the values that have no rows: what the sum of a geometric number of
    /// geometric counts is exactly. A law that is nearly the same for all values is a point.
    [[nodiscard]] CountDistribution by_traffic() const {
      if (mean <= 0) return CountDistribution::exactly(0);
      const double seen = (variance + mean * mean) / mean;
      constexpr double kNarrow = 0.25;  // of the geometric law's variance
      if (variance < kNarrow * mean * (mean + 1))
        return CountDistribution::exactly(seen).by_traffic();
      const double inner = std::max(mean, (seen - 1) / 2);
      const CountDistribution law =
          CountDistribution::children(model::Spread{inner, std::max(inner, max)});
      CountDistribution wide =
          CountDistribution::either(mean / inner, law, CountDistribution::exactly(0)).by_traffic();
      // Between the two: some of each, so that the mean is what the moments say.
      if (seen >= wide.mean() || wide.mean() <= mean) return wide;
      return CountDistribution::either((seen - mean) / (wide.mean() - mean), wide,
                                       CountDistribution::exactly(mean).by_traffic());
    }
  };

  /// The shortest way up: `by: site_id` where Reading belongs to Device and Device to Site. The tenant's rows are those
  /// that come by any way.
  [[nodiscard]] std::optional<CountDistribution> by_ancestor(const Names& bound) const {
    for (int steps = 2; steps <= kAncestorsMax; ++steps) {
      const auto family = family_below(id_, bound, steps);
      if (!family) continue;
      Names rest = bound;
      for (const std::string& name : family->named_by->attributes) rest.erase(name);
      rest.erase(entity_.tenant);
      return family->by_traffic().thinned(rest_share(rest));
    }
    return std::nullopt;
  }
  [[nodiscard]] std::optional<Family> family_below(EntityId child, const Names& bound,
                                                   int steps) const {
    for (const Relation& relation : workload_.entity(child).relations) {
      const CountDistribution own = children_of_one(child, relation);
      if (steps <= 1) {
        if (!covers(bound, relation.attributes) || is_tenant_of(entity_, relation.attributes))
          continue;
        return Family{own.mean(), own.variance(), own.max(), &relation};
      }
      for (const EntityId parent : relation.parents) {
        if (parent == child) continue;
        if (const auto above = family_below(parent, bound, steps - 1)) return above->of(own);
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] CountDistribution children_of_one(EntityId child, const Relation& relation) const {
    const double parents = parents_after(workload_, relation, month_);
    const double rows = model::rows_after(workload_, child, month_);
    const double mean = parents > 0 ? rows * relation.present / parents : relation.children.mean;
    return CountDistribution::children(model::Spread{mean, std::max(mean, relation.children.max)});
  }

  /// Rows of a tenant that no relation leads to: those of entities without parents are dealt out evenly, the
  /// others come with theirs.
  [[nodiscard]] std::optional<CountDistribution> by_tenant(const Names& bound) const {
    if (entity_.tenant.empty() || !bound.contains(entity_.tenant)) return std::nullopt;
    Names rest = bound;
    rest.erase(entity_.tenant);
    return family_of_tenant(id_, 0).by_traffic().thinned(rest_share(rest));
  }
  [[nodiscard]] bool has_tenant(EntityId id) const { return !workload_.entity(id).tenant.empty(); }
  /// The relations that bring an entity's rows their tenant: a row has it from the first whose parent has one, and looks
  /// for others that agree (seed/relations.cpp).
  [[nodiscard]] std::vector<const Relation*> ways_to_tenant(EntityId id) const {
    std::vector<const Relation*> ways;
    for (const Relation& relation : workload_.entity(id).relations) {
      const auto& parents = relation.parents;
      const bool is_own = std::find(parents.begin(), parents.end(), id) != parents.end();
      const bool is_way = std::any_of(parents.begin(), parents.end(),
                                      [&](EntityId parent) { return has_tenant(parent); });
      if (is_way && !is_own && relation.present >= 0.5) ways.push_back(&relation);
    }
    return ways;
  }
  /// The parents of one relation that a tenant has, and their part of all parents.
  [[nodiscard]] std::pair<Family, double> parents_of_tenant(const Relation& way, int depth) const {
    Family parents;
    double own = 0;
    for (const EntityId parent : way.parents) {
      if (!has_tenant(parent)) continue;
      parents += family_of_tenant(parent, depth + 1);
      own += model::rows_after(workload_, parent, month_);
    }
    const double all = parents_after(workload_, way, month_);
    return {parents, all > 0 ? own / all : 1};
  }
  [[nodiscard]] Family family_of_tenant(EntityId id, int depth) const {
    const Entity& entity = workload_.entity(id);
    const Attribute* tenant = entity.find(entity.tenant);
    const double rows = model::rows_after(workload_, id, month_);
    const double each =
        tenant == nullptr ? rows : rows / distinct_values(*tenant, std::max(1.0, rows));
    Family family;
    double left = 1;
    for (const Relation* way : ways_to_tenant(id)) {
      if (depth >= kAncestorsMax || left <= 0) break;
      const auto [parents, own] = parents_of_tenant(*way, depth);
      family += parents.of(children_of_one(id, *way)).thinned(left);
      left *= 1 - way->present * own;
    }
    // Rows that none brings, and those of shared parents alone, belong to any tenant.
    family.mean += each * left;
    family.max += each * left;
    return family;
  }
  [[nodiscard]] static bool is_tenant_of(const Entity& entity,
                                         const std::vector<std::string>& names) {
    return names.size() == 1 && names.front() == entity.tenant;
  }

  const model::Workload& workload_;
  EntityId id_;
  const Entity& entity_;
  double month_;
  double rows_;
  const ParentCase* parents_;
};

/// Share of the rows that have this constant, among rows as the view says.
double constant_share(const Entity& entity, const std::string& name,
                      const dynamo::AttributeValue& value, const RowView& view) {
  const Attribute* attribute = entity.find(name);
  if (attribute == nullptr) return 0.1;
  if (!has_few_values(*attribute)) return 1 / distinct_values(*attribute, 1e18);
  const auto position = value_position(*attribute, value);
  if (!position) return 0;
  const auto known = view.values.find(name);
  return known == view.values.end() ? stock_values(*attribute)[*position]
                                    : known->second[*position];
}

void fix_value(const Entity& entity, const std::string& name, const dynamo::AttributeValue& value,
               RowView& view) {
  const Attribute* attribute = entity.find(name);
  if (attribute == nullptr || !has_few_values(*attribute)) return;
  std::vector<double> shares(stock_values(*attribute).size(), 0.0);
  if (const auto position = value_position(*attribute, value)) shares[*position] = 1;
  view.values[name] = std::move(shares);
  view.present[name] = 1;
}

}  // namespace

CountDistribution rows_of_tenant(const model::Workload& workload, EntityId entity, double month) {
  return Together(workload, entity, month).count({workload.entity(entity).tenant}, std::nullopt);
}

double parents_after(const model::Workload& workload, const Relation& relation, double month) {
  double sum = 0;
  for (const EntityId parent : relation.parents) sum += model::rows_after(workload, parent, month);
  return sum;
}

CountDistribution children_after(const model::Workload& workload, EntityId child,
                                 const Relation& relation, double month) {
  const double parents = parents_after(workload, relation, month);
  if (month <= 0) return CountDistribution::children(relation, parents);
  const double rows_before = model::rows_after(workload, child, 0);
  const double parents_before = parents_after(workload, relation, 0);
  if (rows_before <= 0 || parents_before <= 0 || parents <= 0) {
    return CountDistribution::children(relation, parents);
  }
  const double growth =
      model::rows_after(workload, child, month) / rows_before / (parents / parents_before);
  Relation grown = relation;
  grown.children.mean *= growth;
  grown.children.max = std::max(grown.children.max, grown.children.mean);
  return CountDistribution::children(grown, parents);
}

RowView matched_view(const model::Workload& workload, const design::ItemLayout& layout,
                     const design::KeyEntry& entry, const KeyMatch& match) {
  const Entity& entity = workload.entity(layout.entity);
  RowView view = restricted(workload, layout.entity, entry.when, {});
  for (const Binding& binding : match.equal) {
    view.present[binding.attribute] = 1;
    if (binding.constant) fix_value(entity, binding.attribute, *binding.constant, view);
  }
  return view;
}

CountDistribution match_count(const model::Workload& workload, const design::ItemLayout& layout,
                              const design::KeyEntry& entry, const KeyMatch& match,
                              std::optional<EntityId> found, double month,
                              const ParentCase* parents) {
  if (match.impossible) return CountDistribution::exactly(0);
  const Entity& entity = workload.entity(layout.entity);
  RowView view;
  Names together;
  std::vector<const Attribute*> asked_evenly;
  for (const Binding& binding : match.equal) {
    view.present[binding.attribute] = 1;
    if (binding.constant) continue;
    const Attribute* attribute = entity.find(binding.attribute);
    const bool by_value = attribute != nullptr && has_few_values(*attribute) &&
                          !binding.from_step && !entity.is_identity(binding.attribute);
    if (by_value) {
      asked_evenly.push_back(attribute);
    } else {
      together.insert(binding.attribute);
    }
  }
  CountDistribution law = Together(workload, layout.entity, month, parents).count(together, found);
  double share = entry_share(workload, layout, entry, view);
  if (match.range_has_row) {
    law = law.thinned(match.range_share);
  } else {
    share *= match.range_share;
  }
  const RowView inside = restricted(workload, layout.entity, entry.when, view);
  for (const Binding& binding : match.equal) {
    if (!binding.constant) continue;
    share *= constant_share(entity, binding.attribute, *binding.constant, inside);
    // The row has the attribute only with its presence; entry_share was told that it always does.
    const Attribute* attribute = entity.find(binding.attribute);
    if (attribute != nullptr) share *= attribute->present;
  }
  law = law.filtered(share);
  for (const Attribute* attribute : asked_evenly) {
    const auto known = inside.values.find(attribute->name);
    const std::vector<double> shares =
        known == inside.values.end() ? stock_values(*attribute) : known->second;
    CountDistribution mixed = law.filtered(shares.front());
    for (std::size_t i = 1; i < shares.size(); ++i) {
      const double weight = 1 / static_cast<double>(i + 1);
      mixed = CountDistribution::either(weight, law.filtered(shares[i]), mixed);
    }
    law = mixed;
  }
  return law;
}

}  // namespace ddbplan::capacity
