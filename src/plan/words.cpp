#include "plan/words.h"

#include "plan/layouts.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::contains;

/// What an index holds beside its keys where the rows are fetched: what filters and the client's order read.
std::vector<std::string> beside_keys(const Problem& problem, const State& state, const Need& need,
                                     const Option& option) {
  const KeySpec& spec = problem.entry(need.entity, option.candidate);
  const KeySpec& base = problem.base(state, need.entity);
  const auto is_key = [&](const std::string& name) {
    return (spec.natural_partition && contains(spec.partition, name)) ||
           ((spec.natural_sort || sorts_by_number(problem.workload, spec)) &&
            contains(spec.sort, name)) ||
           (base.natural_partition && contains(base.partition, name)) ||
           (base.natural_sort && contains(base.sort, name));
  };
  std::vector<std::string> out;
  for (const std::string& name :
       needed_in_index(problem, state, need, option).value_or(std::vector<std::string>())) {
    if (!is_key(name)) out.push_back(name);
  }
  return out;
}

std::string shards_text(int count) {
  return std::to_string(count) + (count == 1 ? " shard" : " shards");
}

}  // namespace

std::string describe_option(const Problem& problem, const State& state, const Need& need,
                            const Option& option) {
  switch (option.kind) {
    case Option::Kind::base:
      return "the base table";
    case Option::Kind::guard:
      return "the item that guards " +
             support::join_list(
                 problem.workload.entity(need.entity).unique[option.candidate].attributes) +
             ", then the row";
    case Option::Kind::scan:
      return "a Scan";
    case Option::Kind::entry:
      break;
  }
  std::string text = "an index " + to_string(problem.entry(need.entity, option.candidate));
  if (!option.fetch) return text;
  const std::vector<std::string> beside = beside_keys(problem, state, need, option);
  return text + (beside.empty() ? ", keys only" : ", keys and " + support::join_list(beside)) +
         ", then the rows";
}

std::string describe(const dynamo::Projection& projection) {
  switch (projection.type) {
    case dynamo::ProjectionType::all:
      return "ALL";
    case dynamo::ProjectionType::keys_only:
      return "KEYS_ONLY";
    case dynamo::ProjectionType::include:
      return "INCLUDE " + support::join(projection.attributes, ", ");
  }
  return {};
}

std::string describe(const design::ShardRule& rule) {
  if (rule.per_key.empty()) return shards_text(rule.count);
  std::vector<std::string> parts;
  for (const auto& [value, count] : rule.per_key)
    parts.push_back(shards_text(count) + " for " + value);
  parts.push_back(std::to_string(rule.count) + " for every other value");
  return support::join(parts, ", ");
}

}  // namespace ddbplan::plan
