#include "seed/demands.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <variant>

#include "capacity/traffic.h"

namespace ddbplan::seed {
namespace {

using model::EntityId;

const model::AttributeRef* reference_of(const model::OperandPtr& operand) {
  return std::get_if<model::AttributeRef>(&operand->node);
}

const dynamo::AttributeValue* constant_of(const model::OperandPtr& operand) {
  const auto* constant = std::get_if<model::Constant>(&operand->node);
  return constant == nullptr ? nullptr : &constant->value;
}

}  // namespace

void Demand::add_constant(const dynamo::AttributeValue& value) {
  if (std::find(constants.begin(), constants.end(), value) == constants.end())
    constants.push_back(value);
}

Demands::Demands(const model::Workload& workload) : named_(workload.entities.size()) {
  for (const model::Pattern& pattern : workload.patterns) {
    std::vector<const model::Read*> reads;
    std::vector<const model::Write*> writes;
    if (const auto* read = std::get_if<model::Read>(&pattern.action)) reads.push_back(read);
    if (const auto* write = std::get_if<model::Write>(&pattern.action)) writes.push_back(write);
    if (const auto* transaction = std::get_if<model::Transaction>(&pattern.action)) {
      for (const model::Read& read : transaction->reads) reads.push_back(&read);
      for (const model::Write& write : transaction->writes) writes.push_back(&write);
    }
    for (const model::Read* read : reads) {
      for (const EntityId entity : read->entities) {
        for (const model::AttributeRef& by : read->by) note_equality(entity, by);
        note_parts(workload, entity, read->by);
        for (const model::NarrowBy& narrow : read->narrow_by)
          note_equality(entity, narrow.attribute);
        note(entity, read->where);
        if (read->range) note(entity, read->range->condition);
      }
    }
    for (const model::Write* write : writes) {
      for (const EntityId entity : write->entities) {
        for (const model::AttributeRef& by : write->by) note_equality(entity, by);
        note_parts(workload, entity, write->by);
        note(entity, write->condition);
        for (const auto& [name, rate] : pattern.load.hottest_named)
          note_named(workload, entity, name);
      }
    }
    for (const model::Read* read : reads) {
      for (const EntityId entity : read->entities) {
        for (const auto& [name, rate] : pattern.load.hottest_named)
          note_named(workload, entity, name);
      }
    }
  }
  for (std::size_t i = 0; i < workload.entities.size(); ++i) {
    for (const model::Attribute& attribute : workload.entities[i].attributes)
      note_original(workload, EntityId{i}, attribute);
    note_grouped(workload.entities[i], EntityId{i});
    for (const model::Relation& relation : workload.entities[i].relations) {
      for (const auto& [name, share] : relation.named_shares) {
        for (const EntityId parent : relation.parents) named_[parent.index].push_back(name);
      }
    }
  }
  for (const model::PhysicalOverride& physical : workload.physical) {
    for (const auto& [name, shards] : physical.shards) {
      if (name != "others") note_named(workload, physical.entity, name);
    }
  }
  for (std::vector<std::string>& names : named_) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
  }
}

const Demand* Demands::find(EntityId entity, const std::string& attribute) const {
  const auto found = demands_.find({entity.index, attribute});
  return found == demands_.end() ? nullptr : &found->second;
}

const std::vector<std::string>& Demands::named(EntityId entity) const {
  return named_[entity.index];
}

void Demands::note_equality(EntityId entity, const model::AttributeRef& attribute) {
  demands_[{attribute.via.value_or(entity).index, attribute.name}].equality = true;
}

void Demands::note_parts(const model::Workload& workload, EntityId entity,
                         const std::vector<model::AttributeRef>& by) {
  std::set<std::string> named;
  for (const model::AttributeRef& one : by) {
    if (one.is_of(entity)) named.insert(one.name);
  }
  if (workload.entity(entity).is_one_row(named)) return;
  for (const std::string& name : named) demands_[{entity.index, name}].is_asked_apart = true;
}

void Demands::note_grouped(const model::Entity& entity, EntityId id) {
  if (!entity.rollup) return;
  for (const model::Rollup::By& by : entity.rollup->by) {
    const auto* from =
        by.from == nullptr ? nullptr : std::get_if<model::AttributeRef>(&by.from->node);
    const Demand* asked = from == nullptr ? nullptr : find(id, by.name);
    if (asked == nullptr || !asked->equality) continue;
    note_equality(entity.rollup->of, *from);
  }
}

void Demands::note_original(const model::Workload& workload, EntityId holder,
                            const model::Attribute& attribute) {
  if (!attribute.upkeep || attribute.upkeep->kind != model::Upkeep::Kind::copy_of) return;
  const Demand* asked = find(holder, attribute.name);
  if (asked == nullptr) return;
  const EntityId source = attribute.upkeep->source;
  Demand& original = demands_[{source.index, attribute.upkeep->source_attribute}];
  if (&original == asked) return;
  original.equality = original.equality || asked->equality;
  for (const dynamo::AttributeValue& constant : asked->constants) original.add_constant(constant);
  original.thresholds.insert(original.thresholds.end(), asked->thresholds.begin(),
                             asked->thresholds.end());
  original.sought_words = std::max(original.sought_words, asked->sought_words);
  const model::Attribute* copied = workload.entity(source).find(attribute.upkeep->source_attribute);
  if (copied != nullptr) note_original(workload, source, *copied);
}

void Demands::note(EntityId entity, const model::ExpressionPtr& expression) {
  if (expression == nullptr) return;
  struct Visitor {
    Demands& demands;
    EntityId entity;
    double share;

    Demand& of(const model::AttributeRef& attribute) const {
      return demands.demands_[{attribute.via.value_or(entity).index, attribute.name}];
    }
    void operator()(const model::Compare& node) const {
      const model::AttributeRef* attribute = reference_of(node.left);
      if (attribute == nullptr) return;
      Demand& demand = of(*attribute);
      const dynamo::AttributeValue* constant = constant_of(node.right);
      if (node.op == model::CompareOp::eq || node.op == model::CompareOp::ne) {
        demand.equality = true;
        if (constant != nullptr) demand.add_constant(*constant);
        return;
      }
      if (constant == nullptr || constant->as_number() == nullptr) return;
      const bool below = node.op == model::CompareOp::lt || node.op == model::CompareOp::le;
      demand.thresholds.push_back({below, *constant->as_number(), share});
    }
    void operator()(const model::OneOf& node) const {
      Demand& demand = of(node.attribute);
      demand.equality = true;
      for (const model::OperandPtr& alternative : node.alternatives) {
        if (const auto* constant = constant_of(alternative)) demand.add_constant(*constant);
      }
    }
    void operator()(const model::And& node) const {
      for (const model::ExpressionPtr& term : node.terms) demands.note(entity, term);
    }
    void operator()(const model::Or& node) const {
      for (const model::ExpressionPtr& term : node.terms) demands.note(entity, term);
    }
    void operator()(const model::Not& node) const { demands.note(entity, node.term); }
    void operator()(const model::Between&) const {}
    void operator()(const model::BeginsWith&) const {}
    void operator()(const model::Contains& node) const {
      if (constant_of(node.element) == nullptr && share > 0)
        of(node.attribute).sought_words = std::max(1, static_cast<int>(std::lround(1 / share)));
    }
    void operator()(const model::Exists&) const {}
    void operator()(const model::Missing&) const {}
  };
  std::visit(Visitor{*this, entity, expression->share.value_or(capacity::kOneBoundShare)},
             expression->node);
}

void Demands::note_named(const model::Workload& workload, EntityId entity,
                         const std::string& name) {
  // A busy value is of the parent that leads the rows, or of the entity's own identity.
  for (const model::Relation& relation : workload.entity(entity).relations) {
    for (const EntityId parent : relation.parents) {
      const model::Entity& owner = workload.entity(parent);
      const model::Attribute* id = owner.id.empty() ? nullptr : owner.find(owner.id.back());
      if (id == nullptr || id->type != model::ValueType::string) continue;
      named_[parent.index].push_back(name);
      return;
    }
  }
}

}  // namespace ddbplan::seed
