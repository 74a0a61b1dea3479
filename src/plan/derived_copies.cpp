#include "plan/derived_copies.h"

#include <algorithm>
#include <utility>

#include "model/fan_out.h"
#include "model/references.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using model::EntityId;
using model::PatternId;
using model::Read;
using support::add_once;
using support::contains;

/// Whoever brings rows of the entity can take along what they copy of this parent.
bool are_taken_along(const model::Workload& workload, EntityId entity,
                     const model::Relation& relation) {
  for (const model::Pattern& pattern : workload.patterns) {
    for (const model::Write* write : writes_of(pattern)) {
      if (!is_about(*write, entity) || !may_insert(*write)) continue;
      if (write->kind == model::WriteKind::upsert) return false;
      if (write->for_each &&
          model::parent_of_each(workload, *write, relation) == model::ParentOfEach::others)
        return false;
    }
  }
  return true;
}

/// A change of a parent with more children than this is a job of its own, and its copies are stale for as long
/// as that takes: nothing that a planner should begin unasked. (Our judgement; a declared copy has no such bound.)
constexpr double kChildrenToFollow = 10'000;

bool can_be_copied(const model::Entity& parent, const model::Relation& relation,
                   const std::string& name) {
  const model::Attribute* attribute = parent.find(name);
  return attribute != nullptr && !attribute->upkeep && !attribute->lock && !attribute->derive &&
         !attribute->sequence_per &&
         (attribute->origin == model::Origin::declared ||
          attribute->origin == model::Origin::relation) &&
         (attribute->immutable || relation.children.max <= kChildrenToFollow);
}

class Choices {
 public:
  explicit Choices(const model::Workload& workload) : workload_(workload) {}

  std::vector<CopyChoice> collect() {
    for (std::size_t i = 0; i < workload_.patterns.size(); ++i) {
      const auto* read = std::get_if<Read>(&workload_.patterns[i].action);
      if (read != nullptr) consider(PatternId{i}, *read);
    }
    return std::move(out_);
  }

 private:
  void consider(PatternId pattern, const Read& read) {
    const bool by_keys = read.kind == model::ReadKind::list || read.kind == model::ReadKind::get ||
                         read.kind == model::ReadKind::count;
    if (!by_keys || read.strong || read.entities.size() != 1) return;
    const EntityId rows = read.entities.front();
    const std::vector<model::Relation>& relations = workload_.entity(rows).relations;
    for (std::size_t r = 0; r < relations.size(); ++r)
      consider(pattern, rows, r, asked(read, relations[r]));
    for (const model::AttributeRef& by : read.by) consider_leading(pattern, read, by);
  }

  /// Rows that are found by their children come in the order of what these hold of them.
  void consider_leading(PatternId pattern, const Read& read, const model::AttributeRef& by) {
    const EntityId rows = read.entities.front();
    const std::optional<EntityId> leading = model::seen_from(workload_, rows, by).via;
    if (!leading || !read.limit || read.kind != model::ReadKind::list) return;
    std::vector<std::string> ordered_by;
    for (const model::OrderBy& order : read.order) {
      if (order.attribute.via || is_told_by_id(rows, order.attribute.name)) return;
      add_once(ordered_by, order.attribute.name);
    }
    const std::vector<model::Relation>& relations = workload_.entity(*leading).relations;
    for (std::size_t r = 0; r < relations.size(); ++r) {
      if (relations[r].parents.front() == rows) consider(pattern, *leading, r, ordered_by);
    }
  }

  /// Whoever knows which row it is knows its place in this order.
  [[nodiscard]] bool is_told_by_id(EntityId id, const std::string& name) const {
    const model::Entity& entity = workload_.entity(id);
    return std::any_of(entity.id.begin(), entity.id.end(), [&](const std::string& own) {
      const model::Attribute* attribute = entity.find(own);
      return own == name || (attribute != nullptr && attribute->sorts_as == name);
    });
  }

  /// Copies of these attributes of the relation's parent, where the child does not have them already.
  void consider(PatternId pattern, EntityId child, std::size_t r,
                const std::vector<std::string>& asked_of_it) {
    const model::Entity& entity = workload_.entity(child);
    const model::Relation& relation = entity.relations[r];
    if (entity.rollup || !is_steady(entity, relation) ||
        !are_taken_along(workload_, child, relation))
      return;
    std::vector<std::string> wanted;
    for (const std::string& name : asked_of_it) {
      if (!own_name_of(workload_, child, relation, name, false)) add_once(wanted, name);
    }
    const model::Entity& parent = workload_.entity(relation.parents.front());
    const bool all = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
      return can_be_copied(parent, relation, name);
    });
    if (all && !wanted.empty()) add(pattern, {child, r, wanted, workload_.pattern(pattern).span});
  }

  /// Every child has its one parent, and keeps it.
  static bool is_steady(const model::Entity& entity, const model::Relation& relation) {
    const auto never_changes = [&](const std::string& name) {
      const model::Attribute* attribute = entity.find(name);
      return entity.is_identity(name) || (attribute != nullptr && attribute->immutable);
    };
    return relation.parents.size() == 1 && relation.present >= 1 && !relation.optional &&
           std::all_of(relation.attributes.begin(), relation.attributes.end(), never_changes);
  }

  /// What the read uses of the relation's parent.
  [[nodiscard]] std::vector<std::string> asked(const Read& read,
                                               const model::Relation& relation) const {
    std::vector<std::string> out;
    for (const model::WithParent& with : read.with_parents) {
      if (!contains(relation.attributes, with.relation_attribute)) continue;
      for (const std::string& name : asked_of_parent(workload_, with)) add_once(out, name);
    }
    const auto add_via = [&](const model::AttributeRef& reference) {
      if (reference.via && *reference.via == relation.parents.front())
        add_once(out, reference.name);
    };
    for (const model::AttributeRef& by : read.by) add_via(by);
    for (const model::OrderBy& by : read.order) add_via(by.attribute);
    return out;
  }

  void add(PatternId pattern, model::CopyPlan copies) {
    for (CopyChoice& choice : out_) {
      if (!(choice.copies.child == copies.child) || choice.copies.relation != copies.relation ||
          choice.copies.attributes != copies.attributes)
        continue;
      choice.readers.push_back(pattern);
      return;
    }
    out_.push_back({std::move(copies), {pattern}});
  }

  const model::Workload& workload_;
  std::vector<CopyChoice> out_;
};

}  // namespace

std::vector<CopyChoice> copy_choices(const model::Workload& workload) {
  return Choices(workload).collect();
}

std::vector<Variant> copy_variants(const model::Workload& workload) {
  std::vector<Variant> out;
  for (const CopyChoice& choice : copy_choices(workload)) {
    const model::Entity& child = workload.entity(choice.copies.child);
    const model::Relation& relation = child.relations[choice.copies.relation];
    const std::string& parent = workload.entity(relation.parents.front()).name;
    Variant variant;
    variant.what = "copies of " + parent + "'s " + support::join_list(choice.copies.attributes) +
                   " in every " + child.name;
    variant.otherwise = "reading " + parent + " as well";
    variant.why = "a copy is read with the row, and written once and when it changes";
    variant.why_not = "a copy would have to be written too, and save more than an index costs";
    variant.gainers = choice.readers;
    for (const PatternId reader : choice.readers)
      variant.subjects.push_back("pattern:" + workload.pattern(reader).name);
    variant.apply = [copies = choice.copies](model::Workload given) {
      return with_copies(std::move(given), copies);
    };
    out.push_back(std::move(variant));
  }
  return out;
}

}  // namespace ddbplan::plan
