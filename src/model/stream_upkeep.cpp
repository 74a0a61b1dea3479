#include "model/stream_upkeep.h"

#include <algorithm>
#include <set>
#include <utility>

namespace ddbplan::model {
namespace {

/// Attributes that an update names; an update that names none may change any.
bool changes(const Write& write, const std::set<std::string>& names) {
  if (write.kind == WriteKind::check || names.empty()) return false;
  if (write.set_is_default) return true;
  const auto is_one = [&](const std::string& name) { return names.contains(name); };
  const auto assigns = [&](const auto& clause) { return is_one(clause.attribute); };
  return std::any_of(write.set.begin(), write.set.end(), assigns) ||
         std::any_of(write.add.begin(), write.add.end(), assigns) ||
         std::any_of(write.remove.begin(), write.remove.end(), is_one) ||
         (write.move && is_one(write.move->attribute));
}

void collect(const ExpressionPtr& condition, std::set<std::string>& names) {
  if (condition == nullptr) return;
  struct Visitor {
    std::set<std::string>& names;
    void operand(const OperandPtr& operand) const {
      if (const auto* reference = std::get_if<AttributeRef>(&operand->node))
        names.insert(reference->name);
    }
    void all(const std::vector<ExpressionPtr>& terms) const {
      for (const ExpressionPtr& term : terms) collect(term, names);
    }
    void operator()(const Compare& node) const { operand(node.left), operand(node.right); }
    void operator()(const Between& node) const { operand(node.operand); }
    void operator()(const OneOf& node) const { names.insert(node.attribute.name); }
    void operator()(const BeginsWith& node) const { names.insert(node.attribute.name); }
    void operator()(const Contains& node) const { names.insert(node.attribute.name); }
    void operator()(const Exists& node) const { names.insert(node.attribute.name); }
    void operator()(const Missing& node) const { names.insert(node.attribute.name); }
    void operator()(const And& node) const { all(node.terms); }
    void operator()(const Or& node) const { all(node.terms); }
    void operator()(const Not& node) const { collect(node.term, names); }
  };
  std::visit(Visitor{names}, condition->node);
}

AttributeRef reference(const std::string& name) {
  AttributeRef out;
  out.name = name;
  return out;
}

/// `:name`, a value that the consumer computes.
OperandPtr parameter(const std::string& name) {
  return std::make_shared<const Operand>(Operand{ParameterRef{name}, {}});
}

/// Patterns that change what an attribute is kept from.
std::vector<PatternId> causes(const Workload& workload, EntityId source, const Upkeep& upkeep,
                              std::size_t patterns) {
  std::set<std::string> names;
  collect(upkeep.where, names);
  if (!upkeep.source_attribute.empty()) names.insert(upkeep.source_attribute);
  const bool copies = upkeep.kind == Upkeep::Kind::copy_of;
  const bool newest = upkeep.kind == Upkeep::Kind::newest_of;
  if (!copies) names.insert(upkeep.through);
  std::vector<PatternId> out;
  for (std::size_t i = 0; i < patterns; ++i) {
    for (const Write* write : writes_of(workload.patterns[i])) {
      if (!is_about(*write, source)) continue;
      // A parent without children has no copies to write; a row that goes was not the newest.
      const bool whole_row =
          !copies && (may_insert(*write) || (write->kind == WriteKind::delete_rows && !newest));
      if (!whole_row && (write->kind == WriteKind::delete_rows || !changes(*write, names)))
        continue;
      out.push_back(PatternId{i});
      break;
    }
  }
  return out;
}

std::string follower_name(const Workload& workload, EntityId owner, const std::string& attribute,
                          PatternId cause) {
  std::string name = "keep_" + snake_case(workload.entity(owner).name);
  if (!attribute.empty()) name += "_" + attribute;
  return name + "_after_" + workload.pattern(cause).name;
}

/// What the rows that hold a kept attribute are found by: a copy in every child, else the row itself.
std::vector<AttributeRef> holders(const Entity& entity, const Upkeep& upkeep) {
  std::vector<AttributeRef> by;
  if (upkeep.kind != Upkeep::Kind::copy_of) {
    for (const std::string& name : entity.id) {
      if (name != entity.tenant) by.push_back(reference(name));
    }
    return by;
  }
  for (const Relation& relation : entity.relations) {
    const auto& names = relation.attributes;
    if (std::find(names.begin(), names.end(), upkeep.through) == names.end()) continue;
    for (const std::string& name : names) by.push_back(reference(name));
  }
  return by;
}

}  // namespace

std::string snake_case(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool upper = name[i] >= 'A' && name[i] <= 'Z';
    const bool after_lower =
        i > 0 && !(name[i - 1] >= 'A' && name[i - 1] <= 'Z') && name[i - 1] != '_';
    if (upper && after_lower) out += '_';
    out += upper ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
  }
  return out;
}

std::vector<Follower> followers_of(const Workload& workload, EntityId owner,
                                   const Attribute& attribute, std::size_t patterns) {
  const Upkeep& upkeep = *attribute.upkeep;
  std::vector<Follower> out;
  for (const PatternId cause : causes(workload, upkeep.source, upkeep, patterns)) {
    Write write;
    write.kind = WriteKind::update;
    write.entities = {owner};
    write.span = attribute.span;
    write.by = holders(workload.entity(owner), upkeep);
    const bool counts =
        upkeep.kind == Upkeep::Kind::count_of || upkeep.kind == Upkeep::Kind::sum_of;
    if (counts) {
      write.add.push_back({attribute.name, false, parameter(attribute.name + "_change")});
    } else {
      write.set.push_back({attribute.name, std::nullopt});
    }
    out.push_back({follower_name(workload, owner, attribute.name, cause), std::move(write), cause});
  }
  return out;
}

/// Sums and counts add up; the consumer works out the other values from the row and the new one.
std::vector<Follower> followers_of_rollup(const Workload& workload, EntityId id,
                                          std::size_t patterns) {
  const Entity& entity = workload.entity(id);
  const Rollup& rollup = *entity.rollup;
  std::vector<Follower> out;
  for (std::size_t i = 0; i < patterns; ++i) {
    const auto writes = writes_of(workload.patterns[i]);
    const bool adds = std::any_of(writes.begin(), writes.end(), [&](const Write* write) {
      return may_insert(*write) && is_about(*write, rollup.of);
    });
    if (!adds) continue;
    Write write;
    write.kind = WriteKind::upsert;
    write.entities = {id};
    write.span = entity.span;
    for (const Rollup::By& by : rollup.by) {
      if (by.name != entity.tenant) write.by.push_back(reference(by.name));
    }
    for (const Rollup::Keep& keep : rollup.keep) {
      if (keep.function == "count" || keep.function == "sum") {
        write.add.push_back({keep.name, false, parameter(keep.name + "_change")});
      } else {
        write.set.push_back({keep.name, std::nullopt});
      }
    }
    out.push_back({follower_name(workload, id, {}, PatternId{i}), std::move(write), PatternId{i}});
  }
  return out;
}

}  // namespace ddbplan::model
