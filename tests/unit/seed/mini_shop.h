// A small shop and a design for it made by hand: what the tests of recipes, oracle and proof run
// on. Orders lie beside their customer, open ones in a sharded sparse index; a guard keeps e-mail
// addresses unique.
#pragma once

#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::test {

model::Workload mini_shop();
design::Design mini_shop_design(const model::Workload& workload);

/// Positions in mini_shop_design().items.
inline constexpr std::size_t kCustomerRow = 0;
inline constexpr std::size_t kOrderRow = 1;
inline constexpr std::size_t kProductRow = 2;
inline constexpr std::size_t kEmailGuard = 3;

/// The plan of a pattern, to be spoiled.
design::AccessPlan& plan_of(design::Design& design, const model::Workload& workload,
                            const std::string& pattern);

/// `text` as an expression over stored attributes: "exists PK", "missing PK", "status = OPEN",
/// "expires_at > now".
model::ExpressionPtr exists(const std::string& attribute);
model::ExpressionPtr missing(const std::string& attribute);
model::ExpressionPtr compare(const std::string& attribute, model::CompareOp op,
                             model::Operand right);
model::ExpressionPtr both(model::ExpressionPtr a, model::ExpressionPtr b);
model::Operand text_constant(const std::string& text);
model::Operand parameter(const std::string& name);

}  // namespace ddbplan::test
