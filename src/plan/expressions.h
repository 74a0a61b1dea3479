// Small constructors and walks over model::Expression that the planner needs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "design/access_plan.h"
#include "model/expression.h"

namespace ddbplan::plan {

model::OperandPtr attribute_operand(std::string name);
model::OperandPtr parameter(std::string name);
model::OperandPtr constant(dynamo::AttributeValue value);
model::OperandPtr now();
/// The same of the entity's rows, said by what there may be instead where a term says what there may not be: of three states
/// `status != CLOSED` is two. REQUIRES: where.
model::ExpressionPtr affirmed(const model::Entity& entity, const model::ExpressionPtr& where);
model::ExpressionPtr compare(model::CompareOp op, model::OperandPtr left, model::OperandPtr right);
/// attribute >= now - age
model::ExpressionPtr younger_than(const std::string& attribute, support::Duration age);
model::ExpressionPtr missing(std::string attribute);
model::ExpressionPtr exists(std::string attribute);
model::ExpressionPtr disjunction(std::vector<model::ExpressionPtr> terms);
/// attribute = value, or attribute = a | b.
model::ExpressionPtr equals_any(const std::string& attribute,
                                const std::vector<dynamo::AttributeValue>& values);

/// Where a bound's value comes from when it can stand in a key condition: a parameter, a constant, now, or now
/// and a duration. nullopt: only a filter can compute it.
std::optional<design::Source> key_source(const model::OperandPtr& operand);
/// attribute = :given
model::ExpressionPtr equals_parameter(const std::string& attribute, const std::string& given);
/// attribute between :attribute_from and :attribute_to
model::ExpressionPtr between_parameters(const std::string& attribute);

}  // namespace ddbplan::plan
