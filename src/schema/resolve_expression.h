// Names in expressions and lists of attributes, looked up: own attributes, a parent's, a related
// entity's.
#pragma once

#include <functional>

#include "schema/context.h"
#include "schema/expression_syntax.h"

namespace ddbplan::schema {

/// Where a name is looked up and where its slip is shown.
struct Scope {
  model::EntityId entity;
  const Node* scalar = nullptr;  ///< the text that the bytes count in
  /// May the name be an ancestor's attribute (`by: site_id` of a Reading's Device)?
  bool ancestors = true;
};

/// `status`, `Bid.user_id`, `room_id.last_at`; nullopt after reporting.
std::optional<model::AttributeRef> resolve_reference(Context& context, const Scope& scope,
                                                     const Word& word);
/// The attribute that a reference names. REQUIRES: it came from resolve_reference.
const model::Attribute& referred(const Context& context, model::EntityId entity,
                                 const model::AttributeRef& reference);

model::ExpressionPtr resolve_condition(Context& context, const Scope& scope, const Syntax& syntax);
model::OperandPtr resolve_operand(Context& context, const Scope& scope, const Syntax& syntax);
/// A word as a value of the attribute, reported at the scalar's bytes when it is none.
std::optional<dynamo::AttributeValue> resolve_constant(Context& context, const Scope& scope,
                                                       const model::Attribute& attribute,
                                                       const Word& word);

/// Is `other` a parent, grandparent … or a child of `entity`?
bool is_related(const Context& context, model::EntityId entity, model::EntityId other);

}  // namespace ddbplan::schema
