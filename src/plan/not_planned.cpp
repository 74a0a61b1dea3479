#include "plan/not_planned.h"

#include <vector>

#include "model/expression.h"
#include "support/text.h"

namespace ddbplan::plan {
namespace {

std::vector<std::string> attributes_in(const model::Expression& expression) {
  std::vector<std::string> names;
  model::collect_attributes(expression, names);
  return names;
}

}  // namespace

std::optional<std::string> unplanned_read(const model::Read& read) {
  const bool several = read.entities.size() > 1;
  if (several && (!read.with_children.empty() || !read.with_parents.empty()))
    return "related rows of several entities";
  if (several && read.kind == model::ReadKind::count && read.limit)
    return "a limited count of several entities";
  if (!read.limit_per.empty() && read.kind != model::ReadKind::list)
    return "a limit per " + read.limit_per + " of what is no list";
  for (const model::NarrowBy& narrow : read.narrow_by) {
    if (narrow.attribute.via)
      return "an optional equality on " + narrow.attribute.name + " of another entity";
    if (read.where != nullptr &&
        support::contains(attributes_in(*read.where), narrow.attribute.name))
      return "an optional equality on " + narrow.attribute.name + ", which `where` restricts too";
  }
  if (!read.aggregates.empty() &&
      !(read.aggregates.size() == 1 && read.aggregates.front() == "count"))
    return "aggregates other than count";
  if (!read.exclude.empty()) return "exclude";
  if (read.range && read.range->attribute.via) return "a range over an attribute of another entity";
  return std::nullopt;
}

}  // namespace ddbplan::plan
