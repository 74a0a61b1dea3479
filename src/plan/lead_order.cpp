#include "plan/lead_order.h"

#include <algorithm>
#include <optional>

#include "model/copies.h"
#include "plan/key_spec.h"

namespace ddbplan::plan {

namespace {

class LeadingRows {
 public:
  LeadingRows(const model::Workload& workload, const Need& need, const Need& lead)
      : workload_(workload),
        entity_(workload.entity(need.entity)),
        leading_(workload.entity(lead.entity)),
        need_(need),
        lead_(lead) {}

  [[nodiscard]] bool are_the_answer() const {
    const bool is_limited_list = need_.purpose == Purpose::answer && need_.limit &&
                                 need_.limit_per.empty() && !need_.at_most_one && !need_.count_only;
    const bool is_filtered = need_.residual || need_.range || need_.drops_expired ||
                             !need_.optional_equal.empty() || !need_.kept_by.empty();
    return is_limited_list && !is_filtered && each_leads_to_one() &&
           none_leads_where_another_does();
  }

  /// nullopt: nothing of a leading row tells the answer's order.
  [[nodiscard]] std::optional<std::vector<model::OrderBy>> order() const {
    std::vector<model::OrderBy> out;
    for (std::size_t i = 0; i < need_.order.size(); ++i) {
      const model::OrderBy& by = need_.order[i];
      if (by.attribute.via) return std::nullopt;
      const bool is_last = i + 1 == need_.order.size();
      std::optional<std::string> own = ordered_as(by.attribute.name, is_last);
      if (!own || key_use(leading_, *own) != KeyUse::anywhere) return std::nullopt;
      const model::Attribute* attribute = leading_.find(*own);
      if (attribute->present < 1) return std::nullopt;
      out.push_back(by);
      out.back().attribute.name = *std::move(own);
    }
    return out;
  }

 private:
  /// All that is asked of the row comes from the leading row, or from the call for both, and is its whole identity.
  [[nodiscard]] bool each_leads_to_one() const {
    const bool from_there =
        std::all_of(need_.equal.begin(), need_.equal.end(), [&](const Equality& equality) {
          return need_.led_from(equality.attribute) != nullptr || is_tenant(equality.attribute);
        });
    const bool always =
        std::all_of(need_.led_by->links.begin(), need_.led_by->links.end(), [&](const auto& link) {
          const model::Attribute* attribute = leading_.find(link.second);
          return attribute != nullptr && attribute->present >= 1;
        });
    return from_there && always && !entity_.id.empty() && need_.binds(entity_.id);
  }

  /// Leading rows that agree in what leads on are one row.
  [[nodiscard]] bool none_leads_where_another_does() const {
    const std::vector<std::string>& id = leading_.id;
    return !id.empty() && std::all_of(id.begin(), id.end(), [&](const std::string& name) {
      const auto& links = need_.led_by->links;
      return lead_.find_equality(name) != nullptr ||
             std::any_of(links.begin(), links.end(),
                         [&](const auto& link) { return link.second == name; });
    });
  }

  [[nodiscard]] bool is_tenant(const std::string& name) const {
    return workload_.settings.tenant && name == *workload_.settings.tenant &&
           lead_.find_equality(name) != nullptr;
  }

  /// The leading row's attribute that sorts as the answer's does.
  [[nodiscard]] std::optional<std::string> ordered_as(const std::string& attribute,
                                                      bool is_last) const {
    for (const auto& [own, theirs] : need_.led_by->links) {
      // An id that sorts as a time has no equals, so that nothing after it orders rows of one instant.
      if (own == attribute || (is_last && sorts_as(entity_, own, attribute))) return theirs;
    }
    for (const model::Relation& relation : leading_.relations) {
      if (relation.parents.size() != 1 || !(relation.parents.front() == need_.entity)) continue;
      return own_name_of(workload_, lead_.entity, relation, attribute, need_.strong);
    }
    return std::nullopt;
  }

  const model::Workload& workload_;
  const model::Entity& entity_;
  const model::Entity& leading_;
  const Need& need_;
  const Need& lead_;
};

}  // namespace

void limit_leading_rows(const model::Workload& workload, const Need& need, Need& lead) {
  const LeadingRows rows(workload, need, lead);
  if (!rows.are_the_answer()) return;
  std::optional<std::vector<model::OrderBy>> order = rows.order();
  if (!order) return;
  lead.order = *std::move(order);
  lead.limit = need.limit;
}

}  // namespace ddbplan::plan
