// Which share of an entity's rows has an index entry, by stock or for rows about which more is
// known (a row just created, a row that a move leaves behind).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::capacity {

/// What is known about the attributes of the rows looked at; what is not named here is as in the
/// stock.
struct RowView {
  /// Probabilities of an attribute's declared values, in their order; of a boolean, false and true.
  std::map<std::string, std::vector<double>> values;
  /// Share of the rows that have the attribute, when it is not Attribute::present.
  std::map<std::string, double> present;
};

/// Share of the rows that have the attribute.
double presence(const model::Attribute& attribute, const RowView& view);
/// Probabilities of the declared values by stock: empty for an attribute without.
std::vector<double> stock_values(const model::Attribute& attribute);
/// The probability that all changed ones among `names` have the same value before and after, or none both times.
double share_unchanged(const model::Entity& entity, const std::set<std::string>& names,
                       const std::set<std::string>& changed, const RowView& before,
                       const RowView& after);
/// The position of a declared value; nullopt when there is none of that name.
std::optional<std::size_t> value_position(const model::Attribute& attribute,
                                          const dynamo::AttributeValue& value);

/// Share of the rows for which the expression holds. Terms are independent, as in
/// model::selectivity, but the declared values of one attribute are looked at together, and a
/// comparison of an expiry with now holds (law 10).
double share_of(const model::Workload& workload, model::EntityId entity,
                const model::ExpressionPtr& expression, RowView view = {});

/// The view of those rows of `view` for which the expression holds: its terms about single
/// attributes with declared values, or about presence, restrict them; other terms tell no more than
/// that what they compare is there.
RowView restricted(const model::Workload& workload, model::EntityId entity,
                   const model::ExpressionPtr& expression, RowView view);
/// Both at once: makes `view` the restricted one and returns the share.
double restrict_view(const model::Workload& workload, model::EntityId entity,
                     const model::ExpressionPtr& expression, RowView& view);

/// Names of the row's own attributes in an expression.
std::set<std::string> attributes_in(const model::ExpressionPtr& expression);
/// Names of the attributes in an entry's key templates.
std::set<std::string> key_attributes(const design::KeyEntry& entry);

/// Share of the rows that have the entry: `when` holds and every attribute of its key is there.
double entry_share(const model::Workload& workload, const design::ItemLayout& layout,
                   const design::KeyEntry& entry, RowView view = {});

}  // namespace ddbplan::capacity
