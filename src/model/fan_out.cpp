#include "model/fan_out.h"

#include <algorithm>
#include <set>

#include "model/references.h"
#include "support/text.h"

namespace ddbplan::model {

namespace {

using Links = std::vector<std::pair<std::string, std::string>>;

class Linker {
 public:
  Linker(const Workload& workload, const Write& write)
      : workload_(workload),
        written_id_(write.entities.front()),
        related_id_(*write.for_each),
        written_(workload.entity(written_id_)),
        related_(workload.entity(related_id_)) {
    for (const AttributeRef& by : write.for_each_by) bound_.insert(by.name);
    if (!written_.tenant.empty()) bound_.insert(written_.tenant);
  }

  Links find() {
    link_namesakes();
    link_parent();
    link_children();
    link_siblings();
    return std::move(links_);
  }

 private:
  /// Names that say which row it is, or whose.
  static std::vector<std::string> naming(const Entity& entity) {
    std::vector<std::string> out = entity.id;
    for (const Relation& relation : entity.relations)
      out.insert(out.end(), relation.attributes.begin(), relation.attributes.end());
    return out;
  }

  [[nodiscard]] bool is_linked(const std::string& own) const {
    return std::any_of(links_.begin(), links_.end(),
                       [&](const auto& link) { return link.first == own; });
  }
  [[nodiscard]] bool is_used(const std::string& theirs) const {
    return std::any_of(links_.begin(), links_.end(),
                       [&](const auto& link) { return link.second == theirs; });
  }
  void link(const std::string& own, const std::string& theirs) {
    if (!bound_.contains(own) && !is_linked(own)) links_.emplace_back(own, theirs);
  }

  void link_namesakes() {
    const std::vector<std::string> theirs = naming(related_);
    for (const std::string& own : naming(written_)) {
      if (!bound_.contains(own) && support::contains(theirs, own)) link(own, own);
    }
  }

  /// The written row belongs to the related one.
  void link_parent() {
    for (const Relation& relation : written_.relations) {
      if (relation.parents.size() != 1 || relation.parents.front() != related_id_) continue;
      for (const auto& [own, theirs] :
           identity_links(workload_, written_id_, relation, related_id_))
        link(own, theirs);
      return;
    }
  }

  /// The related row belongs to the written one.
  void link_children() {
    for (const Relation& relation : related_.relations) {
      if (relation.parents.size() != 1 || relation.parents.front() != written_id_ ||
          !is_free(relation))
        continue;
      for (const auto& [theirs, own] :
           identity_links(workload_, related_id_, relation, written_id_))
        link(own, theirs);
      return;
    }
  }

  /// Both belong to the same kind of parent.
  void link_siblings() {
    for (const Relation& own : written_.relations) {
      const bool known = std::any_of(own.attributes.begin(), own.attributes.end(),
                                     [&](const std::string& name) { return is_linked(name); });
      if (known || own.parents.size() != 1) continue;
      for (const Relation& theirs : related_.relations) {
        if (theirs.parents != own.parents || !is_free(theirs) ||
            theirs.attributes.size() != own.attributes.size())
          continue;
        for (std::size_t i = 0; i < own.attributes.size(); ++i)
          link(own.attributes[i], theirs.attributes[i]);
        break;
      }
    }
  }

  /// Neither bound by the call nor taken for something else.
  [[nodiscard]] bool is_free(const Relation& relation) const {
    const auto& names = relation.attributes;
    return std::none_of(names.begin(), names.end(),
                        [&](const std::string& name) { return is_used(name); }) &&
           !std::all_of(names.begin(), names.end(),
                        [&](const std::string& name) { return bound_.contains(name); });
  }

  const Workload& workload_;
  EntityId written_id_;
  EntityId related_id_;
  const Entity& written_;
  const Entity& related_;
  std::set<std::string> bound_;
  Links links_;
};

}  // namespace

Links for_each_links(const Workload& workload, const Write& write) {
  return Linker(workload, write).find();
}

ParentOfEach parent_of_each(const Workload& workload, const Write& write,
                            const Relation& relation) {
  const Links links = for_each_links(workload, write);
  const bool is_linked = std::any_of(
      relation.attributes.begin(), relation.attributes.end(), [&](const std::string& name) {
        return std::any_of(links.begin(), links.end(),
                           [&](const auto& link) { return link.first == name; });
      });
  if (!is_linked) return ParentOfEach::named;
  if (relation.parents != std::vector<EntityId>{*write.for_each}) return ParentOfEach::others;
  const Links told = identity_links(workload, write.entities.front(), relation, *write.for_each);
  const bool is_related = std::all_of(told.begin(), told.end(), [&](const auto& link) {
    return std::find(links.begin(), links.end(), link) != links.end();
  });
  return is_related ? ParentOfEach::related : ParentOfEach::others;
}

Spread fan_out(const Workload& workload, const Write& write) {
  const Entity& related = workload.entity(*write.for_each);
  Spread out{related.count, related.count};
  for (const Relation& relation : related.relations) {
    const bool bound =
        !relation.attributes.empty() &&
        std::all_of(relation.attributes.begin(), relation.attributes.end(),
                    [&](const std::string& name) {
                      return std::any_of(write.for_each_by.begin(), write.for_each_by.end(),
                                         [&](const AttributeRef& by) { return by.name == name; });
                    });
    if (!bound || relation.children.max > out.max) continue;
    out = relation.children;
  }
  return out;
}

namespace {

/// Ways up longer than this are circles.
constexpr int kAncestorsMax = 8;

/// Share of the rows that agree with a run-time value of an attribute that no relation explains.
double share_of_value(const Workload& workload, EntityId entity, const std::string& name) {
  const auto operand = [](auto node) {
    return std::make_shared<const Operand>(Operand{std::move(node), {}});
  };
  AttributeRef reference;
  reference.name = name;
  return selectivity(
      workload, entity,
      std::make_shared<const Expression>(
          Expression{Compare{CompareOp::eq, operand(reference), operand(ParameterRef{name})}, {}}));
}

/// Rows that one call finds by these equalities.
double rows_found(const Workload& workload, EntityId id, const std::vector<AttributeRef>& by,
                  int depth) {
  const Entity& entity = workload.entity(id);
  std::set<std::string> names{entity.tenant};
  std::vector<EntityId> ways;
  for (const AttributeRef& given : by) {
    const AttributeRef seen = seen_from(workload, id, given);
    if (seen.is_of(id)) {
      names.insert(seen.name);
    } else {
      ways.push_back(*seen.via);
    }
  }
  if (entity.is_one_row(names)) return 1;
  double rows = entity.count;
  std::set<std::string> explained{entity.tenant};
  explained.insert(entity.id.begin(), entity.id.end());
  for (const Relation& relation : entity.relations) {
    const std::vector<std::string>& own = relation.attributes;
    explained.insert(own.begin(), own.end());
    const bool is_named = !own.empty() && std::all_of(own.begin(), own.end(), [&](const auto& one) {
      return names.contains(one);
    });
    if (is_named) rows = std::min(rows, relation.children.mean);
    const bool leads_there =
        relation.parents.size() == 1 && depth < kAncestorsMax &&
        std::find(ways.begin(), ways.end(), relation.parents.front()) != ways.end();
    if (leads_there)
      rows = std::min(rows, relation.children.mean *
                                rows_found(workload, relation.parents.front(), by, depth + 1));
  }
  for (const std::string& name : names) {
    if (entity.find(name) != nullptr && !explained.contains(name))
      rows *= share_of_value(workload, id, name);
  }
  return rows;
}

}  // namespace

double rows_written(const Workload& workload, const Write& write, EntityId entity) {
  const double times = write.times.mean * (write.batch ? write.batch->mean : 1);
  if (write.for_each) return fan_out(workload, write).mean;
  if (write.kind == WriteKind::create || write.kind == WriteKind::put ||
      names_identity(workload.entity(entity), write.by))
    return times;
  return rows_found(workload, entity, write.by, 0);
}

}  // namespace ddbplan::model
