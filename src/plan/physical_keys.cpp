#include "plan/physical_keys.h"

#include <algorithm>

#include "dynamo/limits.h"
#include "plan/layouts.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::contains;

/// The text before the first attribute.
std::string leading_literal(const std::vector<design::KeyTemplate>& keys) {
  if (keys.empty() || keys.front().parts.empty()) return {};
  const auto* literal = std::get_if<design::Literal>(&keys.front().parts.front());
  return literal == nullptr ? std::string() : literal->text;
}

/// No value of one template is one of the other: their beginnings differ.
bool are_distinct(const std::vector<design::KeyTemplate>& a,
                  const std::vector<design::KeyTemplate>& b) {
  const std::string one = leading_literal(a);
  const std::string other = leading_literal(b);
  return !one.starts_with(other) && !other.starts_with(one);
}

/// Both are literals throughout, or the same.
bool are_distinct_constants(const std::vector<design::KeyTemplate>& a,
                            const std::vector<design::KeyTemplate>& b) {
  const auto is_constant = [](const std::vector<design::KeyTemplate>& keys) {
    return !keys.empty() && attributes_of(keys.front()).empty();
  };
  // "CUSTOMER" beside "CUSTOMER#ORDER#...": the constant is no beginning of itself followed by more.
  if (is_constant(a) && leading_literal(b).size() > leading_literal(a).size()) return true;
  if (is_constant(b) && leading_literal(a).size() > leading_literal(b).size()) return true;
  return is_constant(a) && is_constant(b) && leading_literal(a) != leading_literal(b);
}

/// In any order.
bool is_same(dynamo::Projection a, dynamo::Projection b) {
  std::sort(a.attributes.begin(), a.attributes.end());
  std::sort(b.attributes.begin(), b.attributes.end());
  return a == b;
}

/// Keeps or refuses the projection of one index.
class ProjectionRule {
 public:
  ProjectionRule(const Problem& problem, const State& state, const Placement& placement,
                 const design::Table& table, const design::Index& index, std::size_t number)
      : problem_(problem),
        state_(state),
        placement_(placement),
        table_(table),
        index_(index),
        number_(number) {}

  /// What the index would have to carry besides: the first access pattern that reads it, and what it lacks.
  [[nodiscard]] std::string lacking(const std::vector<std::string>& given) const {
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
      const Option* option = problem_.option(state_, n);
      if (option == nullptr || option->kind != Option::Kind::entry) continue;
      const Need& need = problem_.needs[n];
      const auto place = placement_.entries.find({need.entity.index, option->candidate});
      if (place == placement_.entries.end() || place->second.index != index_.name ||
          problem_.tables.table_of[need.entity.index] != number_)
        continue;
      const auto needed = needed_in_index(problem_, state_, need, *option);
      const model::Entity& entity = problem_.workload.entity(need.entity);
      std::vector<std::string> wanted = needed.value_or(std::vector<std::string>());
      if (!needed) {
        for (const model::Attribute& attribute : entity.attributes)
          wanted.push_back(attribute.name);
      }
      std::vector<std::string> missing;
      for (const std::string& name : wanted) {
        if (!contains(given, name) && !is_key(name)) missing.push_back(name);
      }
      if (!missing.empty())
        return problem_.workload.pattern(need.pattern).name + " reads " +
               support::join_list(missing) + " from it";
    }
    return {};
  }

  [[nodiscard]] bool is_key(const std::string& name) const {
    return table_.key.has(name) || index_.key.has(name);
  }

 private:
  const Problem& problem_;
  const State& state_;
  const Placement& placement_;
  const design::Table& table_;
  const design::Index& index_;
  std::size_t number_;
};

}  // namespace

support::Diagnostic physical_not_kept(std::string message, support::Span span) {
  return support::Diagnostic{
      "DDB114", "physical-not-kept", support::Severity::error, std::move(message), span, {}, {}};
}

const model::PhysicalOverride* hand_made_key(const model::Workload& workload,
                                             model::EntityId entity) {
  for (const model::PhysicalOverride& physical : workload.physical) {
    if (physical.entity == entity && (physical.partition_key || physical.sort_key))
      return &physical;
  }
  return nullptr;
}

support::Result<design::KeyTemplate, std::string> made_template(const model::Entity& entity,
                                                                const std::string& text) {
  design::KeyTemplate key;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find('{', at);
    if (open > at) {
      const std::string literal = text.substr(at, open == std::string::npos ? open : open - at);
      if (!key.parts.empty() && literal.front() != '#')
        return "a # has to part {" + attributes_of(key).back() + "} from what follows it in " +
               text;
      key.parts.emplace_back(design::Literal{literal});
    } else if (!key.parts.empty()) {
      return "a # has to part {" + attributes_of(key).back() + "} from what follows it in " + text;
    }
    if (open == std::string::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string::npos) return "a brace has no partner in " + text;
    const std::string name = text.substr(open + 1, close - open - 1);
    if (contains(attributes_of(key), name)) return name + " stands twice in " + text;
    design::Field field = close + 1 == text.size() ? key_field_in_order(entity, name)
                                                   : key_field(entity, name, false);
    key.parts.emplace_back(std::move(field));
    at = close + 1;
  }
  if (key.parts.empty()) return std::string("a key is no empty text");
  return key;
}

void report_indistinct_keys(const model::Workload& workload, const design::Design& design,
                            support::Diagnostics& diagnostics) {
  for (const design::ItemLayout& made : design.items) {
    const model::PhysicalOverride* physical = hand_made_key(workload, made.entity);
    if (physical == nullptr || made.role != design::ItemRole::row) continue;
    for (const design::ItemLayout& other : design.items) {
      if (&other == &made || other.table != made.table) continue;
      const bool distinct = are_distinct(made.base.partition, other.base.partition) ||
                            are_distinct(made.base.sort, other.base.sort) ||
                            are_distinct_constants(made.base.sort, other.base.sort);
      if (distinct) continue;
      const std::string helper = other.role == design::ItemRole::row
                                     ? "rows"
                                     : std::string(design::role_name(other.role)) + "s";
      diagnostics.add(physical_not_kept("the hand-made key of " +
                                            workload.entity(made.entity).name +
                                            " does not tell its items from the " + helper + " of " +
                                            workload.entity(other.entity).name +
                                            ": begin its partition or sort key with another word",
                                        physical->span));
      break;
    }
  }
}

bool keep_projections(const Problem& problem, const State& state, const Placement& placement,
                      design::Design& design, support::Diagnostics& diagnostics) {
  bool changed = false;
  for (const model::PhysicalOverride& physical : problem.workload.physical) {
    const std::size_t number = problem.tables.table_of[physical.entity.index];
    design::Table& table = design.tables[number];
    for (const auto& projection : physical.projections) {
      const std::string& name = projection.first;
      const std::vector<std::string>& given = projection.second;
      const auto index = std::find_if(table.indexes.begin(), table.indexes.end(),
                                      [&](const design::Index& one) { return one.name == name; });
      if (index == table.indexes.end()) {
        std::string message = "no index " + name + " is planned in " + table.name;
        if (!table.indexes.empty()) {
          std::vector<std::string> names;
          for (const design::Index& one : table.indexes) names.push_back(one.name);
          message += ", whose indexes are " + support::join_list(names);
        }
        diagnostics.add(physical_not_kept(std::move(message), physical.span));
        continue;
      }
      const ProjectionRule rule(problem, state, placement, table, *index, number);
      if (const std::string lacking = rule.lacking(given); !lacking.empty()) {
        diagnostics.add(physical_not_kept(
            "the projection of " + name + " is too narrow: " + lacking, physical.span));
        continue;
      }
      dynamo::Projection made{dynamo::ProjectionType::keys_only, {}};
      for (const std::string& attribute : given) {
        if (!rule.is_key(attribute)) made.attributes.push_back(attribute);
      }
      if (made.attributes.size() > dynamo::limits::kIncludeAttributesPerIndexMax) {
        diagnostics.add(physical_not_kept("the projection of " + name + " lists " +
                                              std::to_string(made.attributes.size()) +
                                              " attributes, and an index may list 20",
                                          physical.span));
        continue;
      }
      if (!made.attributes.empty()) made.type = dynamo::ProjectionType::include;
      changed = changed || !is_same(made, index->projection);
      index->projection = std::move(made);
    }
  }
  return changed;
}

}  // namespace ddbplan::plan
