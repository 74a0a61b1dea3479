#include "plan/key_companions.h"

#include <algorithm>
#include <string>

#include "capacity/writes.h"
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

}  // namespace

void add_key_companions(const model::Workload& workload, std::vector<Need>& needs) {
  for (Need& need : needs) {
    const model::Write* write =
        need.purpose == Purpose::find_writes
            ? capacity::write_of(workload.pattern(need.pattern), need.action)
            : nullptr;
    if (write == nullptr || write->kind != model::WriteKind::update) continue;
    const std::vector<std::string> changed = row_change(workload, *write).changed;
    for (const Need& other : needs) {
      if (!(other.entity == need.entity)) continue;
      const std::vector<std::string> parts = key_parts(workload.entity(need.entity), other);
      const bool is_touched = std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
        return support::contains(changed, part);
      });
      if (!is_touched) continue;
      for (const std::string& part : parts) {
        if (!support::contains(changed, part)) support::add_once(need.attributes, part);
      }
    }
  }
}

}  // namespace ddbplan::plan
