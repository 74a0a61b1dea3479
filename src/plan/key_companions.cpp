#include "plan/key_companions.h"

#include <algorithm>
#include <string>

#include "capacity/writes.h"
#include "model/upkeep.h"
#include "plan/row_change.h"
#include "support/text.h"

namespace ddbplan::plan {
namespace {

/// Attributes that keys for this Need may be made of.
std::vector<std::string> key_parts(const model::Entity& entity, const Need& need) {
  std::vector<std::string> names;
  for (const Equality& equality : need.equal) support::add_once(names, equality.attribute);
  for (const model::OrderBy& by : need.order) {
    if (!by.attribute.via) support::add_once(names, by.attribute.name);
  }
  if (need.range) support::add_once(names, need.range->attribute);
  if (need.residual != nullptr) model::collect_attributes(*need.residual, names);
  std::erase_if(names, [&](const std::string& name) { return entity.find(name) == nullptr; });
  return names;
}

void add_companion(Need& need, const std::string& attribute,
                   const std::vector<std::string>& changed) {
  if (support::contains(need.attributes, attribute)) return;
  const auto found = std::find_if(need.companions.begin(), need.companions.end(),
                                  [&](const Companion& one) { return one.attribute == attribute; });
  Companion& companion = found == need.companions.end()
                             ? need.companions.emplace_back(Companion{attribute, {}})
                             : *found;
  for (const std::string& name : changed) support::add_once(companion.changed, name);
}

/// What decides where an entry stands, and whether.
std::vector<std::string> inputs_of(const KeySpec& spec) {
  std::vector<std::string> out = spec.partition;
  out.insert(out.end(), spec.sort.begin(), spec.sort.end());
  for (const Equality& one : spec.fixed) out.push_back(one.attribute);
  out.insert(out.end(), spec.required.begin(), spec.required.end());
  out.insert(out.end(), spec.lacking.begin(), spec.lacking.end());
  return out;
}

/// What changes of the rows that the Need finds; nothing where they are not found to be changed.
std::vector<std::string> changed_by(const model::Workload& workload, const Need& need) {
  if (need.purpose != Purpose::find_writes && need.purpose != Purpose::find_copies) return {};
  const model::Write* write = capacity::write_of(workload.pattern(need.pattern), need.action);
  if (write == nullptr || write->kind == model::WriteKind::delete_rows) return {};
  std::vector<std::string> changed = row_change(workload, *write).changed;
  if (need.purpose == Purpose::find_writes) return changed;
  std::vector<std::string> copies;
  for (const model::KeptCopy& copy : model::copies_of(workload, write->entities.front())) {
    if (copy.holder == need.entity && support::contains(changed, copy.original))
      copies.push_back(copy.attribute);
  }
  return copies;
}

}  // namespace

void add_key_companions(const model::Workload& workload, std::vector<Need>& needs) {
  for (Need& need : needs) {
    const std::vector<std::string> changed = changed_by(workload, need);
    if (changed.empty()) continue;
    for (const Need& other : needs) {
      if (!(other.entity == need.entity)) continue;
      const std::vector<std::string> parts = key_parts(workload.entity(need.entity), other);
      std::vector<std::string> touched;
      for (const std::string& part : parts) {
        if (support::contains(changed, part)) touched.push_back(part);
      }
      if (touched.empty()) continue;
      for (const std::string& part : parts) {
        if (!support::contains(changed, part)) add_companion(need, part, touched);
      }
    }
  }
}

std::vector<std::string> companions_in_keys(const Problem& problem, const State& state,
                                            const Need& need) {
  std::vector<std::string> out;
  if (need.companions.empty()) return out;
  if (state.serve.empty()) {
    for (const Companion& one : need.companions) out.push_back(one.attribute);
    return out;
  }
  for (std::size_t n = 0; n < problem.needs.size(); ++n) {
    const Option* option =
        problem.needs[n].entity == need.entity ? problem.option(state, n) : nullptr;
    if (option == nullptr || option->kind != Option::Kind::entry) continue;
    const std::vector<std::string> inputs =
        inputs_of(problem.entry(need.entity, option->candidate));
    for (const Companion& one : need.companions) {
      if (support::contains(inputs, one.attribute) && support::share_one(inputs, one.changed))
        support::add_once(out, one.attribute);
    }
  }
  return out;
}

}  // namespace ddbplan::plan
