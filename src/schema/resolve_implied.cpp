// Access patterns that nobody writes down because others imply them.
#include <algorithm>
#include <set>
#include <utility>

#include "schema/resolve.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::AttributeRef;
using model::Entity;
using model::EntityId;
using model::Pattern;
using model::PatternId;
using model::Upkeep;
using model::Write;
using model::WriteKind;

bool is_about(const Write& write, EntityId entity) {
  return std::find(write.entities.begin(), write.entities.end(), entity) != write.entities.end();
}

bool is_insert(const Write& write) {
  return write.kind == WriteKind::create || write.kind == WriteKind::put ||
         write.kind == WriteKind::upsert;
}

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

void collect(const model::ExpressionPtr& condition, std::set<std::string>& names) {
  if (condition == nullptr) return;
  struct Visitor {
    std::set<std::string>& names;
    void operand(const model::OperandPtr& operand) const {
      if (const auto* reference = std::get_if<AttributeRef>(&operand->node))
        names.insert(reference->name);
    }
    void all(const std::vector<model::ExpressionPtr>& terms) const {
      for (const model::ExpressionPtr& term : terms) collect(term, names);
    }
    void operator()(const model::Compare& node) const { operand(node.left), operand(node.right); }
    void operator()(const model::Between& node) const { operand(node.operand); }
    void operator()(const model::OneOf& node) const { names.insert(node.attribute.name); }
    void operator()(const model::BeginsWith& node) const { names.insert(node.attribute.name); }
    void operator()(const model::Contains& node) const { names.insert(node.attribute.name); }
    void operator()(const model::Exists& node) const { names.insert(node.attribute.name); }
    void operator()(const model::Missing& node) const { names.insert(node.attribute.name); }
    void operator()(const model::And& node) const { all(node.terms); }
    void operator()(const model::Or& node) const { all(node.terms); }
    void operator()(const model::Not& node) const { collect(node.term, names); }
  };
  std::visit(Visitor{names}, condition->node);
}

AttributeRef reference(const std::string& name) {
  AttributeRef out;
  out.name = name;
  return out;
}

/// `:name`, a value that the consumer computes.
model::OperandPtr parameter(const std::string& name) {
  return std::make_shared<const model::Operand>(model::Operand{model::ParameterRef{name}, {}});
}

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

class Implied {
 public:
  explicit Implied(Context& context)
      : context_(context), stated_(context.workload.patterns.size()) {}

  void creates() {
    for (std::size_t i = 0; i < context_.workload.entities.size(); ++i) {
      const Entity& entity = context_.workload.entities[i];
      if (entity.rollup || entity.singleton || is_created(EntityId{i})) continue;
      Write write;
      write.kind = WriteKind::create;
      write.entities = {EntityId{i}};
      write.span = entity.span;
      const std::string name =
          add("create_" + snake_case(entity.name), entity.span, std::move(write), {});
      context_.use_default("access_patterns." + name, "create: " + entity.name,
                           "nothing else creates its rows");
    }
  }

  void upkeep() {
    for (std::size_t i = 0; i < context_.workload.entities.size(); ++i) {
      const Entity entity = context_.workload.entities[i];
      if (entity.rollup && entity.rollup->kept == model::Kept::stream) keep_rollup(EntityId{i});
      for (const Attribute& attribute : entity.attributes) {
        if (attribute.upkeep && attribute.upkeep->kept == model::Kept::stream)
          keep(EntityId{i}, attribute);
      }
    }
  }

 private:
  [[nodiscard]] bool is_created(EntityId entity) const {
    return std::any_of(context_.workload.patterns.begin(), context_.workload.patterns.end(),
                       [&](const Pattern& pattern) {
                         const auto writes = writes_of(pattern);
                         return std::any_of(writes.begin(), writes.end(), [&](const Write* write) {
                           return is_insert(*write) && is_about(*write, entity);
                         });
                       });
  }

  std::string add(std::string name, support::Span span, Write write,
                  std::optional<PatternId> after) {
    while (context_.workload.find_pattern(name)) name += "_";
    Pattern pattern;
    pattern.name = name;
    pattern.span = span;
    pattern.implied = true;
    pattern.after = after;
    pattern.action = std::move(write);
    context_.workload.patterns.push_back(std::move(pattern));
    context_.patterns.push_back({nullptr, "access_patterns." + name});
    return name;
  }

  /// Patterns that change what an attribute is kept from.
  [[nodiscard]] std::vector<PatternId> causes(EntityId source, const Upkeep& upkeep) const {
    std::set<std::string> names;
    collect(upkeep.where, names);
    if (!upkeep.source_attribute.empty()) names.insert(upkeep.source_attribute);
    const bool copies = upkeep.kind == Upkeep::Kind::copy_of;
    const bool newest = upkeep.kind == Upkeep::Kind::newest_of;
    if (!copies) names.insert(upkeep.through);
    std::vector<PatternId> out;
    for (std::size_t i = 0; i < stated_; ++i) {
      for (const Write* write : writes_of(context_.workload.patterns[i])) {
        if (!is_about(*write, source)) continue;
        // A parent without children has no copies to write; a row that goes was not the newest.
        const bool whole_row =
            !copies && (is_insert(*write) || (write->kind == WriteKind::delete_rows && !newest));
        if (!whole_row && (write->kind == WriteKind::delete_rows || !changes(*write, names)))
          continue;
        out.push_back(PatternId{i});
        break;
      }
    }
    return out;
  }

  void keep(EntityId owner, const Attribute& attribute) {
    const Upkeep& upkeep = *attribute.upkeep;
    for (const PatternId cause : causes(upkeep.source, upkeep)) {
      const Entity& entity = context_.workload.entity(owner);
      Write write;
      write.kind = WriteKind::update;
      write.entities = {owner};
      write.span = attribute.span;
      if (upkeep.kind == Upkeep::Kind::copy_of) {
        // Every row that holds a copy.
        for (const model::Relation& relation : entity.relations) {
          const auto& names = relation.attributes;
          if (std::find(names.begin(), names.end(), upkeep.through) == names.end()) continue;
          for (const std::string& name : names) write.by.push_back(reference(name));
        }
      } else {
        for (const std::string& name : entity.id) {
          if (name != entity.tenant) write.by.push_back(reference(name));
        }
      }
      const bool counts =
          upkeep.kind == Upkeep::Kind::count_of || upkeep.kind == Upkeep::Kind::sum_of;
      if (counts) {
        write.add.push_back({attribute.name, false, parameter(attribute.name + "_change")});
      } else {
        write.set.push_back({attribute.name, std::nullopt});
      }
      follow(owner, attribute.name, attribute.span, std::move(write), cause);
    }
  }

  /// Sums and counts add up; the consumer works out the other values from the row and the new one.
  void keep_rollup(EntityId id) {
    const Entity entity = context_.workload.entity(id);
    const model::Rollup& rollup = *entity.rollup;
    for (std::size_t i = 0; i < stated_; ++i) {
      const auto writes = writes_of(context_.workload.patterns[i]);
      const bool adds = std::any_of(writes.begin(), writes.end(), [&](const Write* write) {
        return is_insert(*write) && is_about(*write, rollup.of);
      });
      if (!adds) continue;
      Write write;
      write.kind = WriteKind::upsert;
      write.entities = {id};
      write.span = entity.span;
      for (const model::Rollup::By& by : rollup.by) {
        if (by.name != entity.tenant) write.by.push_back(reference(by.name));
      }
      for (const model::Rollup::Keep& keep : rollup.keep) {
        if (keep.function == "count" || keep.function == "sum") {
          write.add.push_back({keep.name, false, parameter(keep.name + "_change")});
        } else {
          write.set.push_back({keep.name, std::nullopt});
        }
      }
      follow(id, {}, entity.span, std::move(write), PatternId{i});
    }
  }

  void follow(EntityId owner, const std::string& attribute, support::Span span, Write write,
              PatternId cause) {
    std::string name = "keep_" + snake_case(context_.workload.entity(owner).name);
    if (!attribute.empty()) name += "_" + attribute;
    name += "_after_" + context_.workload.pattern(cause).name;
    name = add(std::move(name), span, std::move(write), cause);
    context_.use_default("access_patterns." + name, "a write of a stream consumer",
                         "one for each " + context_.workload.pattern(cause).name);
  }

  Context& context_;
  std::size_t stated_;
};

}  // namespace

void add_implied_patterns(Context& context) {
  // A pattern that could not be read may be the one that creates.
  if (context.patterns_broken || !context.broken_patterns.empty()) return;
  Implied(context).creates();
  Implied(context).upkeep();
}

}  // namespace ddbplan::schema
