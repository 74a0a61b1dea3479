// Rows of every entity, and children per parent: from what is given, through the relations, else by
// default.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "model/row_times.h"
#include "schema/checks.h"
#include "schema/resolve.h"
#include "support/text.h"

namespace ddbplan::schema {
namespace {

using model::Entity;
using model::EntityId;
using model::Relation;
using model::Spread;

constexpr double kRows = 10'000;
constexpr Spread kChildren{10, 100};
/// Of an attribute of which nothing tells how many values it has (capacity/traffic.h).
constexpr double kValues = 10;
/// A given mean without a maximum: as far as the default's.
constexpr double kMaxOverMean = 10;

class Counts {
 public:
  explicit Counts(Context& context)
      : context_(context), states_(context.entities.size(), State::open) {}

  void run() {
    for (Entity& entity : context_.workload.entities) count_days(entity);
    for (std::size_t i = 0; i < states_.size(); ++i) count(EntityId{i});
    for (std::size_t i = 0; i < states_.size(); ++i) fill_children(EntityId{i});
    count_tenants();
    for (Entity& entity : context_.workload.entities) {
      count_sequences(entity);
      count_last_part(entity);
    }
    for (Entity& entity : context_.workload.entities) {
      if (entity.rollup) count_grouped(entity);
    }
    for (std::size_t round = 0; round < context_.workload.entities.size(); ++round) {
      bool is_settled = true;
      for (std::size_t i = 0; i < context_.workload.entities.size(); ++i)
        is_settled = !count_brought_along(EntityId{i}) && is_settled;
      if (is_settled) break;
    }
  }

 private:
  enum class State { open, visiting, done };

  double count(EntityId id) {
    Entity& entity = context_.at(id);
    State& state = states_[id.index];
    if (state == State::done) return entity.count;
    if (state == State::visiting) {
      report_cycle(id);
      return kRows;
    }
    state = State::visiting;
    entity.count = resolve(id);
    state = State::done;
    return entity.count;
  }

  double resolve(EntityId id) {
    Entity& entity = context_.at(id);
    const EntityDraft& draft = context_.draft(id);
    const std::string path = "entities." + entity.name + ".count";
    // Parents first in any case: a cycle is an error even where a count breaks it for us.
    std::optional<double> from_parents = count_from_parents(id);
    if (draft.count) return *draft.count;
    if (entity.singleton) return 1;
    if (entity.rollup) {
      entity.count_is_default = true;
      entity.rollup->spans = support::Duration{kept_seconds(entity)};
      const double rows = count_of_rollup(entity);
      context_.use_default(path, support::format_count(rows),
                           "groups of the source, times the time kept");
      return rows;
    }
    if (from_parents) return capped(id, *from_parents);
    entity.count_is_default = true;
    double rows = kRows;
    std::string reason = "no count is given";
    for (const Relation& relation : entity.relations) {
      if (!is_countable(id, relation)) continue;
      rows = parents_rows(relation) * kChildren.mean / relation.present;
      reason = fmt::format("10 for each {}", context_.at(relation.parents.front()).name);
      break;
    }
    rows = capped(id, rows);
    context_.use_default(path, support::format_count(rows), reason);
    return rows;
  }

  double capped(EntityId id, double rows) {
    if (rows <= kRowsMax) return rows;
    const Entity& entity = context_.at(id);
    context_.report(Code::absurd, entity.span,
                    fmt::format("`{}` would have {} rows, following its parents", entity.name,
                                support::format_count(rows)),
                    "Check the children per parent, from the top down.");
    return kRowsMax;
  }

  [[nodiscard]] static bool is_countable(EntityId id, const Relation& relation) {
    return std::find(relation.parents.begin(), relation.parents.end(), id) ==
           relation.parents.end();
  }

  double parents_rows(const Relation& relation) {
    double rows = 0;
    for (const EntityId parent : relation.parents) rows += count(parent);
    return rows;
  }

  /// The first relation whose children are given says how many rows there are.
  std::optional<double> count_from_parents(EntityId id) {
    std::optional<double> rows;
    for (std::size_t i = 0; i < context_.at(id).relations.size(); ++i) {
      const Relation& relation = context_.at(id).relations[i];
      if (!is_countable(id, relation)) continue;
      const double parents = parents_rows(relation);
      const RelationDraft& given = context_.draft(id).relations[i];
      std::optional<double> mean = given.mean;
      if (!mean && given.max) mean = std::min(kChildren.mean, *given.max / 2);
      if (mean && !rows) rows = parents * *mean / relation.present;
    }
    return rows;
  }

  double count_of_rollup(const Entity& entity) {
    const double source = std::max(1.0, count(entity.rollup->of));
    double groups = 1;
    double unknown = 1;
    bool grouped = false;
    for (const Relation& relation : entity.relations) {
      groups = std::max(groups, parents_rows(relation));
      grouped = true;
    }
    for (const model::Rollup::By& by : entity.rollup->by) {
      const model::Attribute* from = grouped_attribute(entity, by);
      if (from == nullptr || is_of_relation(entity, by.name)) continue;
      const std::optional<double> values = values_grouped(entity, *from, source);
      (values ? groups : unknown) *= values.value_or(kValues);
      grouped = grouped || values;
    }
    if (!grouped) groups = std::min(kRows, source);
    if (grouped) groups *= unknown;
    return std::min({groups * buckets(entity), rows_of_source(entity), kRowsMax});
  }

  /// The source's attribute that a rollup groups by as it is; null: it cuts one, or computes.
  const model::Attribute* grouped_attribute(const Entity& entity, const model::Rollup::By& by) {
    const auto* reference = std::get_if<model::AttributeRef>(&by.from->node);
    if (reference == nullptr) return nullptr;
    return context_.at(reference->via.value_or(entity.rollup->of)).find(reference->name);
  }

  /// The rollup has a row for each of the values, and for whatever else it groups by.
  bool is_grouped(const Entity& entity, const std::string& name) {
    if (!entity.rollup) return false;
    const auto& groups = entity.rollup->by;
    return std::any_of(groups.begin(), groups.end(), [&](const model::Rollup::By& by) {
      return by.name == name && grouped_attribute(entity, by) != nullptr;
    });
  }

  static bool is_of_relation(const Entity& entity, const std::string& name) {
    return std::any_of(
        entity.relations.begin(), entity.relations.end(),
        [&](const Relation& relation) { return support::contains(relation.attributes, name); });
  }

  /// A date has no more values than there are days in which rows may lie (law 9 of capacity/traffic.h).
  static void count_days(Entity& entity) {
    for (model::Attribute& attribute : entity.attributes) {
      const bool is_told =
          !attribute.values.empty() || attribute.distinct || attribute.distinct_all;
      if (attribute.type == model::ValueType::date && !is_told)
        attribute.days = days_in(model::age_span(entity).seconds);
    }
  }
  static double days_in(double seconds) {
    return std::max(1.0, std::round(seconds / support::kSecondsPerDay));
  }

  /// Of an attribute of the source that a rollup groups by as it is: the days are those that it keeps its rows for.
  std::optional<double> values_grouped(const Entity& rollup, const model::Attribute& from,
                                       double rows) {
    if (from.days) return std::min(rows, days_in(kept_seconds(rollup)));
    return values_among(from, rows);
  }

  /// nullopt: nothing tells how many values it has.
  static std::optional<double> values_among(const model::Attribute& attribute, double rows) {
    if (!attribute.values.empty()) return static_cast<double>(attribute.values.size());
    if (attribute.type == model::ValueType::boolean) return 2;
    if (attribute.distinct_all) return rows;
    if (attribute.distinct) return std::min(rows, *attribute.distinct);
    return std::nullopt;
  }

  /// No group is without a row of the source: the most there can be, where those are as many at any time.
  double rows_of_source(const Entity& entity) {
    const auto& source = context_.at(entity.rollup->of).retention;
    const double rows = std::max(1.0, count(entity.rollup->of));
    if (source && source->after)
      return rows * std::max(1.0, kept_seconds(entity) / source->after->seconds);
    return buckets(entity) > 1 ? kRowsMax : rows;
  }

  /// How long the rollup keeps a row: its own retention, else the source's, else the horizon.
  double kept_seconds(const Entity& entity) {
    const auto& source = context_.at(entity.rollup->of).retention;
    if (entity.retention && entity.retention->after) return entity.retention->after->seconds;
    if (source && source->after) return source->after->seconds;
    return context_.workload.settings.horizon_months * context_.calendar.hours_per_month * 3600;
  }

  /// Hours (days, …) that the rollup keeps.
  double buckets(const Entity& entity) {
    const double kept = kept_seconds(entity);
    double product = 1;
    for (const model::Rollup::By& by : entity.rollup->by) {
      const auto* truncated = std::get_if<model::Truncate>(&by.from->node);
      if (truncated != nullptr) product *= std::max(1.0, kept / seconds_of(truncated->unit));
    }
    return product;
  }

  [[nodiscard]] double seconds_of(model::TimeUnit unit) const {
    switch (unit) {
      case model::TimeUnit::second:
        return 1;
      case model::TimeUnit::minute:
        return 60;
      case model::TimeUnit::hour:
        return 3600;
      case model::TimeUnit::day:
        return support::kSecondsPerDay;
      case model::TimeUnit::week:
        return 7 * support::kSecondsPerDay;
      case model::TimeUnit::month:
        return context_.calendar.hours_per_month * 3600;
      case model::TimeUnit::year:
        return support::kSecondsPerYear;
    }
    return support::kSecondsPerDay;
  }

  void fill_children(EntityId id) {
    Entity& entity = context_.at(id);
    for (std::size_t i = 0; i < entity.relations.size(); ++i) {
      Relation& relation = entity.relations[i];
      const RelationDraft& given = context_.draft(id).relations[i];
      const double parents = parents_rows(relation);
      const bool countable = is_countable(id, relation);
      if (given.mean) {
        relation.children.mean = *given.mean;
      } else if (given.max) {
        relation.children.mean = std::min(kChildren.mean, *given.max / 2);
      } else if (countable && parents > 0 && (!entity.count_is_default || entity.rollup)) {
        relation.children.mean = entity.count * relation.present / parents;
      } else {
        relation.children = kChildren;
        relation.children_is_default = true;
        if (countable && parents > 0)
          relation.children.mean = entity.count * relation.present / parents;
      }
      fill_max(entity, relation, given);
    }
  }

  void fill_max(const Entity& entity, Relation& relation, const RelationDraft& given) {
    if (given.max) {
      relation.children.max = *given.max;
      return;
    }
    if (entity.rollup) {
      relation.children.max = relation.children.mean;
      return;
    }
    const double usual =
        relation.children_is_default ? kChildren.max : relation.children.mean * kMaxOverMean;
    relation.children.max = std::max({usual, relation.children.mean, 1.0});
    if (!given.text.empty()) {
      context_.use_default("entities." + entity.name + ".belongs_to." + given.text,
                           support::format_count(relation.children.mean) + " .. " +
                               support::format_count(relation.children.max),
                           given.mean ? "the maximum is 10 x the mean" : "children of one parent");
    }
  }

  /// Rows that no relation leads to a tenant belong to as many tenants as there are.
  void count_tenants() {
    const std::optional<EntityId> tenants = model::tenant_entity(context_.workload);
    if (!tenants) return;
    for (Entity& entity : context_.workload.entities) {
      if (&entity == &context_.at(*tenants)) continue;
      for (model::Attribute& attribute : entity.attributes) {
        // However the attribute has come to the entity, be it by a parent's relation.
        const bool is_told = attribute.distinct || attribute.distinct_all;
        if (attribute.name == entity.tenant && !is_told)
          attribute.distinct = std::max(1.0, context_.at(*tenants).count);
      }
    }
  }

  /// A number that runs within another attribute's values comes as often as these have rows.
  void count_sequences(Entity& entity) {
    for (model::Attribute& attribute : entity.attributes) {
      if (!attribute.sequence_per || attribute.distinct || entity.is_identity(attribute.name))
        continue;
      if (const auto groups = values_of(entity, *attribute.sequence_per))
        attribute.distinct = std::max(1.0, entity.count / std::max(1.0, *groups));
    }
  }

  /// What tells the rows of a parent apart is taken to tell all rows apart, where nothing says how often a value comes.
  void count_last_part(Entity& entity) {
    for (model::Attribute& attribute : entity.attributes) {
      if (is_grouped(entity, attribute.name)) continue;
      if (entity.is_last_part(attribute.name) && !attribute.distinct)
        attribute.distinct = std::max(1.0, entity.count);
    }
  }

  /// A rollup's rows have the values that it groups by.
  void count_grouped(Entity& entity) {
    for (model::Attribute& attribute : entity.attributes) {
      const auto& groups = entity.rollup->by;
      const auto by = std::find_if(groups.begin(), groups.end(),
                                   [&](const auto& one) { return one.name == attribute.name; });
      const bool is_told =
          attribute.distinct || !attribute.values.empty() || is_of_relation(entity, attribute.name);
      const model::Attribute* from =
          by == groups.end() || is_told ? nullptr : grouped_attribute(entity, *by);
      if (from != nullptr)
        attribute.distinct = values_grouped(entity, *from, std::max(1.0, count(entity.rollup->of)));
    }
  }

  /// True where a relation has brought an attribute whose number of values has become known.
  bool count_brought_along(EntityId id) {
    Entity& entity = context_.at(id);
    bool is_changed = false;
    for (const Relation& relation : entity.relations) {
      if (relation.parents.size() != 1 || relation.parents.front() == id) continue;
      const EntityId parent = relation.parents.front();
      for (const auto& [own, theirs] : identity_links(context_.workload, id, relation, parent)) {
        const model::Attribute* from = context_.at(parent).find(theirs);
        const auto to = std::find_if(
            entity.attributes.begin(), entity.attributes.end(),
            [&, &name = own](const model::Attribute& one) { return one.name == name; });
        if (from == nullptr || to == entity.attributes.end()) continue;
        is_changed = is_changed || to->days != from->days;
        to->days = from->days;
        if (!from->distinct || to->distinct) continue;
        to->distinct = from->distinct;
        is_changed = true;
      }
    }
    for (model::Attribute& attribute : entity.attributes)
      is_changed = count_copied(attribute) || is_changed;
    return is_changed;
  }

  /// A copy has the values of what it is copied from, spread over the rows of as many parents.
  bool count_copied(model::Attribute& copy) {
    const bool is_open = copy.upkeep && copy.upkeep->kind == model::Upkeep::Kind::copy_of &&
                         !copy.distinct && !copy.distinct_all && copy.values.empty();
    if (!is_open) return false;
    const Entity& parent = context_.at(copy.upkeep->source);
    const model::Attribute* original = parent.find(copy.upkeep->source_attribute);
    if (original == nullptr) return false;
    copy.days = original->days;
    copy.distinct =
        original->distinct_all ? std::optional(std::max(1.0, parent.count)) : original->distinct;
    return copy.distinct.has_value();
  }

  /// nullopt: nothing tells.
  std::optional<double> values_of(const Entity& entity, const std::string& name) {
    for (const Relation& relation : entity.relations) {
      if (relation.attributes == std::vector<std::string>{name}) return parents_rows(relation);
    }
    const model::Attribute* attribute = entity.find(name);
    return attribute == nullptr ? std::nullopt : attribute->distinct;
  }

  void report_cycle(EntityId id) {
    const Entity& entity = context_.at(id);
    if (reported_) return;
    reported_ = true;
    context_.report(
        Code::cycle, entity.span,
        fmt::format("`{}` belongs to itself, through its parents", entity.name),
        "Two entities cannot belong to each other; only an entity to itself, as a tree.");
  }

  Context& context_;
  std::vector<State> states_;
  bool reported_ = false;
};

}  // namespace

void resolve_counts(Context& context) {
  Counts(context).run();
}

}  // namespace ddbplan::schema
