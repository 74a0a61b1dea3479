// One action of an access pattern: a read or a write, alone or inside of a transaction.
#pragma once

#include "schema/context.h"
#include "schema/resolve_expression.h"

namespace ddbplan::schema {

/// The action's key and what it stands for.
struct ActionKey {
  std::string_view key;
  std::variant<model::ReadKind, model::WriteKind> kind;
};
/// `get`, `list` … `check`; nullptr where the map names none.
const ActionKey* find_action(const Node& map);

struct ActionContext {
  std::string path;  ///< "access_patterns.order", for defaults
  bool across_tenants = false;
};

/// nullopt when its entities could not be found; that was reported.
std::optional<model::Read> resolve_read(Context& context, const ActionContext& action,
                                        const Node& map, model::ReadKind kind);
std::optional<model::Write> resolve_write(Context& context, const ActionContext& action,
                                          const Node& map, model::WriteKind kind);

/// The entities behind the action's key: `Order`, `User | Organization`, `[Comment, Change]`.
std::vector<model::EntityId> resolve_targets(Context& context, const Node& node);
/// `by`, with the tenant first where there is one.
std::vector<model::AttributeRef> resolve_by(Context& context, const ActionContext& action,
                                            model::EntityId entity, const Node* node);
/// A condition under `key`, or nothing.
model::ExpressionPtr resolve_condition_at(Context& context, model::EntityId entity, const Node& map,
                                          std::string_view key);
model::Spread resolve_spread(Context& context, const Node& scalar, const GivenSpread& given,
                             double usual_mean, double high, std::string_view noun);

}  // namespace ddbplan::schema
