#include "plan/collection_read.h"

#include <algorithm>
#include <string>

#include "design/encoding.h"
#include "plan/expressions.h"
#include "plan/key_condition.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

/// The literal that tells a kind of item apart in its collection; null: there is none.
const std::string* leading_literal(const design::ItemLayout& layout) {
  if (layout.base.sort.empty() || layout.base.sort.front().parts.empty()) return nullptr;
  const auto* literal = std::get_if<design::Literal>(&layout.base.sort.front().parts.front());
  return literal == nullptr ? nullptr : &literal->text;
}

/// Equal attributes give equal keys, whatever an entity calls them.
bool same_literals(const design::KeyTemplate& a, const design::KeyTemplate& b) {
  return std::equal(
      a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
      [](const design::KeyPart& one, const design::KeyPart& other) {
        const auto* text = std::get_if<design::Literal>(&one);
        return one.index() == other.index() &&
               (text == nullptr || text->text == std::get<design::Literal>(other).text);
      });
}

class CollectionRule {
 public:
  CollectionRule(const Problem& problem, const State& state, const Assembly& assembly)
      : problem_(problem), state_(state), assembly_(assembly) {}

  [[nodiscard]] const design::ItemLayout& row(model::EntityId entity) const {
    return assembly_.design.items[assembly_.placement.row[entity.index]];
  }

  /// A whole kind of item of the collection, as it lies there.
  [[nodiscard]] bool is_whole(std::size_t n) const {
    const Need& need = problem_.needs[n];
    const Option* option = problem_.option(state_, n);
    if (option == nullptr || option->kind != Option::Kind::base) return false;
    const bool plain = !need.limit && !need.led_by && !need.count_only && need.limit_per.empty() &&
                       !need.batch && !need.wants_facet &&
                       row(need.entity).base.shards.count == 1 &&
                       !row(need.entity).base.shards.sharded();
    if (!plain || (need.purpose == Purpose::child && !need.order.empty())) return false;
    const auto found = match(problem_.workload, problem_.base(state_, need.entity), need);
    const KeySpec& base = problem_.base(state_, need.entity);
    const bool alone = found && found->sort_equal == base.sort.size();
    return found && !found->range_in_key && !found->filters(need) &&
           (found->sort_equal == 0 || alone);
  }

  [[nodiscard]] std::optional<model::EntityId> owner(model::EntityId entity) const {
    return partition_owner(problem_.workload, problem_.base(state_, entity));
  }

  /// No other kind of item of the collection lies between the first and the last of these.
  [[nodiscard]] bool nothing_between(const std::vector<std::size_t>& group,
                                     model::EntityId of) const {
    std::string low;
    std::string high;
    for (const std::size_t n : group) {
      const std::string* literal = leading_literal(row(problem_.needs[n].entity));
      if (literal == nullptr) return false;
      if (low.empty() || *literal < low) low = *literal;
      if (high.empty() || *literal > high) high = *literal;
    }
    high += design::kHighSentinel;
    for (std::size_t e = 0; e < problem_.workload.entities.size(); ++e) {
      const model::EntityId entity{e};
      const auto whose = owner(entity);
      if (!whose || !(*whose == of) || is_member(group, entity) ||
          !problem_.tables.share(entity, problem_.needs[group.front()].entity))
        continue;
      const std::string* literal = leading_literal(row(entity));
      if (literal == nullptr || (*literal >= low && *literal <= high)) return false;
    }
    return true;
  }

  [[nodiscard]] bool is_member(const std::vector<std::size_t>& group,
                               model::EntityId entity) const {
    return std::any_of(group.begin(), group.end(),
                       [&](std::size_t n) { return problem_.needs[n].entity == entity; });
  }

 private:
  const Problem& problem_;
  const State& state_;
  const Assembly& assembly_;
};

}  // namespace

std::vector<std::size_t> collection_group(const Problem& problem, std::size_t need) {
  const Need& first = problem.needs[need];
  if (first.is_of_some_calls()) return {};  // each of these is about other calls
  std::vector<std::size_t> group{need};
  if (!first.children.empty()) {
    // Of an order or a limit one Query has the first of one kind at most: see read_together.
    const bool several =
        first.children.size() > 1 && first.at_most_one &&
        std::all_of(first.children.begin(), first.children.end(), [&](std::size_t child) {
          const Need& kind = problem.needs[child];
          return !kind.limit && kind.order.empty();
        });
    if (!several || first.batch) return {};
    group.insert(group.end(), first.children.begin(), first.children.end());
    return group;
  }
  for (const std::size_t n : problem.needs_of_pattern[first.pattern.index]) {
    const Need& other = problem.needs[n];
    if (n == need || other.action != first.action || other.purpose != Purpose::answer) continue;
    if (n < need) return {};
    group.push_back(n);
  }
  return group;
}

std::optional<CollectionRead> collection_read(const Problem& problem, const State& state,
                                              const Assembly& assembly, std::size_t need) {
  const CollectionRule rule(problem, state, assembly);
  if (assembly.apart) return std::nullopt;
  const std::vector<std::size_t> group = collection_group(problem, need);
  if (group.size() < 2) return std::nullopt;
  const auto owner = rule.owner(problem.needs[need].entity);
  if (!owner) return std::nullopt;
  const design::KeyTemplate& partition =
      rule.row(problem.needs[need].entity).base.partition.front();
  for (const std::size_t n : group) {
    const model::EntityId entity = problem.needs[n].entity;
    if (!problem.tables.share(entity, problem.needs[need].entity)) return std::nullopt;
    const auto whose = rule.owner(entity);
    if (!whose || !(*whose == *owner) || !rule.is_whole(n)) return std::nullopt;
    if (problem.needs[n].strong != problem.needs[need].strong) return std::nullopt;
    if (!same_literals(rule.row(entity).base.partition.front(), partition)) return std::nullopt;
  }
  if (!rule.nothing_between(group, *owner)) return std::nullopt;
  return CollectionRead{group};
}

model::ExpressionPtr nothing_expired(const Problem& problem,
                                     const std::vector<std::size_t>& needs) {
  std::vector<std::string> times;
  for (const std::size_t n : needs) {
    const Need& need = problem.needs[n];
    if (need.drops_expired)
      support::add_once(times, problem.workload.entity(need.entity).retention->attribute);
  }
  model::ExpressionPtr out;
  for (const std::string& ttl : times) {
    out = conjunction(
        out,
        disjunction({missing(ttl), compare(model::CompareOp::gt, attribute_operand(ttl), now())}));
  }
  return out;
}

design::Step collection_step(const Problem& problem, const Assembly& assembly,
                             const CollectionRead& read) {
  const Need& first = problem.needs[read.needs.front()];
  design::Step step;
  step.operation = design::Operation::query;
  step.consistent_read = first.strong;
  std::string low;
  std::string high;
  for (const std::size_t n : read.needs) {
    const Need& need = problem.needs[n];
    const std::size_t position = assembly.placement.row[need.entity.index];
    step.layouts.push_back(position);
    const std::string literal = *leading_literal(assembly.design.items[position]);
    if (low.empty() || literal < low) low = literal;
    if (high.empty() || literal > high) high = literal;
  }
  const SourceOf sources = [&](const std::string& attribute) -> design::Source {
    const Equality* equality = first.find_equality(attribute);
    if (equality != nullptr && equality->values.size() == 1)
      return design::FromConstant{equality->values.front()};
    return design::FromParameter{attribute};
  };
  const design::ItemLayout& layout = assembly.design.items[step.layouts.front()];
  step.table = layout.table;
  step.partition = bind_keys(layout.base.partition, sources);
  const bool is_all = std::none_of(
      assembly.design.items.begin(), assembly.design.items.end(), [&](const auto& other) {
        const auto& own = other.base.partition.front();
        const auto at = static_cast<std::size_t>(&other - assembly.design.items.data());
        return std::find(step.layouts.begin(), step.layouts.end(), at) == step.layouts.end() &&
               other.table == layout.table && own == layout.base.partition.front();
      });
  if (!is_all) {
    design::SortCondition condition;
    condition.op = design::SortCondition::Op::between;
    condition.low.parts = {design::Literal{low}};
    condition.high = design::KeyExpr{{design::Literal{high}, design::HighSentinel{}}, {}};
    step.sort_condition = std::move(condition);
  }
  step.filter = nothing_expired(problem, read.needs);
  return step;
}

}  // namespace ddbplan::plan
