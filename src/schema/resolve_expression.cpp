#include "schema/resolve_expression.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "model/references.h"
#include "model/timestamp.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::AttributeRef;
using model::Entity;
using model::EntityId;
using model::Expression;
using model::ExpressionPtr;
using model::Operand;
using model::OperandPtr;
using model::ValueType;

bool is_number_type(ValueType type) {
  return type == ValueType::integer || type == ValueType::number || type == ValueType::epoch_s ||
         type == ValueType::epoch_ms;
}

bool is_collection(ValueType type) {
  return type == ValueType::list || type == ValueType::map || type == ValueType::set;
}

std::optional<model::CompareOp> compare_op(std::string_view text) {
  if (text == "=") return model::CompareOp::eq;
  if (text == "!=") return model::CompareOp::ne;
  if (text == "<") return model::CompareOp::lt;
  if (text == "<=") return model::CompareOp::le;
  if (text == ">") return model::CompareOp::gt;
  if (text == ">=") return model::CompareOp::ge;
  return std::nullopt;
}

model::TimeUnit time_unit(std::string_view text) {
  if (text == "second") return model::TimeUnit::second;
  if (text == "minute") return model::TimeUnit::minute;
  if (text == "hour") return model::TimeUnit::hour;
  if (text == "week") return model::TimeUnit::week;
  if (text == "month") return model::TimeUnit::month;
  if (text == "year") return model::TimeUnit::year;
  return model::TimeUnit::day;
}

std::vector<std::string> attribute_names(const Entity& entity) {
  std::vector<std::string> names;
  for (const Attribute& attribute : entity.attributes) names.push_back(attribute.name);
  return names;
}

Word word_of(const Syntax& syntax) {
  return {syntax.text, syntax.begin, syntax.end};
}

/// All direct parents, once each.
std::vector<EntityId> parents_of(const Entity& entity) {
  std::vector<EntityId> parents;
  for (const model::Relation& relation : entity.relations) {
    for (const EntityId parent : relation.parents) {
      if (std::find(parents.begin(), parents.end(), parent) == parents.end())
        parents.push_back(parent);
    }
  }
  return parents;
}

/// A rollup's `hour: at to hour` answers for the source's `at`.
std::optional<std::string> rollup_name(const Entity& entity, std::string_view attribute) {
  if (!entity.rollup) return std::nullopt;
  for (const model::Rollup::By& by : entity.rollup->by) {
    const Operand* from = by.from.get();
    if (from == nullptr) continue;
    if (const auto* truncated = std::get_if<model::Truncate>(&from->node))
      from = truncated->operand.get();
    const auto* reference = std::get_if<AttributeRef>(&from->node);
    if (reference != nullptr && reference->name == attribute) return by.name;
  }
  return std::nullopt;
}

class Resolver {
 public:
  Resolver(Context& context, const Scope& scope) : context_(context), scope_(scope) {}

  ExpressionPtr condition(const Syntax& syntax) {
    switch (syntax.kind) {
      case Syntax::Kind::conjunction:
      case Syntax::Kind::disjunction:
        return junction(syntax);
      case Syntax::Kind::negation: {
        ExpressionPtr term = condition(syntax.children[0]);
        return term == nullptr ? nullptr : make(syntax, model::Not{std::move(term)});
      }
      case Syntax::Kind::exists:
      case Syntax::Kind::missing:
        return existence(syntax);
      case Syntax::Kind::compare:
        return compare(syntax);
      case Syntax::Kind::between:
        return between(syntax);
      case Syntax::Kind::one_of:
        return one_of(syntax);
      case Syntax::Kind::begins_with:
      case Syntax::Kind::contains:
        return text_condition(syntax);
      case Syntax::Kind::last:
        return last(syntax);
      default:
        return nullptr;
    }
  }

  /// `like` says what a bare word means: a value of that attribute, if there is one.
  OperandPtr operand(const Syntax& syntax, const Attribute* like) {
    switch (syntax.kind) {
      case Syntax::Kind::name:
        return bare_word(syntax, like);
      case Syntax::Kind::number:
      case Syntax::Kind::text:
        return literal(syntax, like);
      case Syntax::Kind::parameter:
        return make_operand(syntax, model::ParameterRef{syntax.text});
      case Syntax::Kind::now:
        return make_operand(syntax, model::Now{});
      case Syntax::Kind::duration:
        return make_operand(syntax,
                            model::DurationConstant{syntax.duration.resolve(context_.calendar)});
      case Syntax::Kind::size: {
        const auto reference = this->reference(syntax.children[0]);
        if (!reference) return nullptr;
        return make_operand(syntax, model::SizeOf{*reference});
      }
      case Syntax::Kind::arithmetic:
        return arithmetic(syntax);
      case Syntax::Kind::truncate: {
        OperandPtr inner = operand(syntax.children[0], nullptr);
        if (inner == nullptr || !require_time(*inner, syntax.children[0])) return nullptr;
        return make_operand(syntax, model::Truncate{std::move(inner), time_unit(syntax.text)});
      }
      default:
        return nullptr;
    }
  }

 private:
  template <class Node>
  ExpressionPtr make(const Syntax& syntax, Node node) const {
    auto expression = std::make_shared<Expression>();
    expression->node = std::move(node);
    expression->span = span(syntax);
    return expression;
  }
  template <class Node>
  OperandPtr make_operand(const Syntax& syntax, Node node) const {
    auto result = std::make_shared<Operand>();
    result->node = std::move(node);
    result->span = span(syntax);
    return result;
  }
  [[nodiscard]] support::Span span(const Syntax& syntax) const {
    return scope_.scalar == nullptr ? support::Span{}
                                    : context_.span_of(*scope_.scalar, syntax.begin, syntax.end);
  }

  std::optional<AttributeRef> reference(const Syntax& syntax) {
    return resolve_reference(context_, scope_, word_of(syntax));
  }
  [[nodiscard]] const Attribute* attribute_of(const Operand& operand) const {
    const auto* reference = std::get_if<AttributeRef>(&operand.node);
    return reference == nullptr ? nullptr : &referred(context_, scope_.entity, *reference);
  }

  ExpressionPtr junction(const Syntax& syntax) {
    std::vector<ExpressionPtr> terms;
    bool whole = true;
    for (const Syntax& child : syntax.children) {
      ExpressionPtr term = condition(child);
      whole = whole && term != nullptr;
      terms.push_back(std::move(term));
    }
    if (!whole) return nullptr;
    if (syntax.kind == Syntax::Kind::conjunction) return make(syntax, model::And{std::move(terms)});
    return make(syntax, model::Or{std::move(terms)});
  }

  ExpressionPtr existence(const Syntax& syntax) {
    const auto reference = this->reference(syntax.children[0]);
    if (!reference) return nullptr;
    if (syntax.kind == Syntax::Kind::exists) return make(syntax, model::Exists{*reference});
    return make(syntax, model::Missing{*reference});
  }

  ExpressionPtr compare(const Syntax& syntax) {
    OperandPtr left = operand(syntax.children[0], nullptr);
    // What a word on the right means depends on the attribute on the left.
    if (left == nullptr) return nullptr;
    const Attribute* like = attribute_of(*left);
    OperandPtr right = operand(syntax.children[1], like);
    if (right == nullptr) return nullptr;
    const model::CompareOp op = *compare_op(syntax.text);
    const bool is_order = op != model::CompareOp::eq && op != model::CompareOp::ne;
    if (like != nullptr && is_order && is_collection(like->type)) {
      context_.report(
          Code::type_mismatch, span(syntax.children[0]),
          fmt::format("`{}` is a {}: it has no order", like->name, type_name(like->type)),
          "Compare `size(…)`, or use `contains`.");
      return nullptr;
    }
    return make(syntax, model::Compare{op, std::move(left), std::move(right)});
  }

  ExpressionPtr between(const Syntax& syntax) {
    OperandPtr value = operand(syntax.children[0], nullptr);
    if (value == nullptr) return nullptr;
    const Attribute* like = attribute_of(*value);
    OperandPtr low = operand(syntax.children[1], like);
    OperandPtr high = operand(syntax.children[2], like);
    if (low == nullptr || high == nullptr) return nullptr;
    return make(syntax, model::Between{std::move(value), std::move(low), std::move(high)});
  }

  ExpressionPtr one_of(const Syntax& syntax) {
    const auto reference = this->reference(syntax.children[0]);
    if (!reference) return nullptr;
    const Attribute& attribute = referred(context_, scope_.entity, *reference);
    model::OneOf node;
    node.attribute = *reference;
    bool whole = true;
    for (std::size_t i = 1; i < syntax.children.size(); ++i) {
      OperandPtr alternative = operand(syntax.children[i], &attribute);
      whole = whole && alternative != nullptr;
      node.alternatives.push_back(std::move(alternative));
    }
    return whole ? make(syntax, std::move(node)) : nullptr;
  }

  ExpressionPtr text_condition(const Syntax& syntax) {
    const auto reference = this->reference(syntax.children[0]);
    if (!reference) return nullptr;
    const Attribute& attribute = referred(context_, scope_.entity, *reference);
    const bool contains = syntax.kind == Syntax::Kind::contains;
    if (!contains && (is_number_type(attribute.type) || is_collection(attribute.type) ||
                      attribute.type == ValueType::boolean)) {
      context_.report(Code::type_mismatch, span(syntax.children[0]),
                      fmt::format("`{}` is {} {}: only text begins with something", attribute.name,
                                  attribute.type == ValueType::integer ? "an" : "a",
                                  type_name(attribute.type)));
      return nullptr;
    }
    Attribute element = attribute;
    if (contains && attribute.element) element.type = *attribute.element;
    if (!contains || !attribute.element) element.type = ValueType::string;
    element.values.clear();
    OperandPtr right = operand(syntax.children[1], &element);
    if (right == nullptr) return nullptr;
    if (contains) return make(syntax, model::Contains{*reference, std::move(right)});
    return make(syntax, model::BeginsWith{*reference, std::move(right)});
  }

  /// `at last 24 hours` is `at >= now - 24 hours`.
  ExpressionPtr last(const Syntax& syntax) {
    OperandPtr left = operand(syntax.children[0], nullptr);
    if (left == nullptr || !require_time(*left, syntax.children[0])) return nullptr;
    model::Arithmetic difference;
    difference.op = '-';
    difference.left = make_operand(syntax, model::Now{});
    difference.right =
        make_operand(syntax, model::DurationConstant{syntax.duration.resolve(context_.calendar)});
    OperandPtr since = make_operand(syntax, std::move(difference));
    return make(syntax, model::Compare{model::CompareOp::ge, std::move(left), std::move(since)});
  }

  bool require_time(const Operand& operand, const Syntax& syntax) {
    const Attribute* attribute = attribute_of(operand);
    if (attribute == nullptr || is_time(attribute->type)) return true;
    context_.report(
        Code::type_mismatch, span(syntax),
        fmt::format("`{}` is a {}, not a time", attribute->name, type_name(attribute->type)),
        "Times are timestamp, date, epoch_s and epoch_ms.");
    return false;
  }

  OperandPtr arithmetic(const Syntax& syntax) {
    OperandPtr left = operand(syntax.children[0], nullptr);
    OperandPtr right = operand(syntax.children[1], nullptr);
    if (left == nullptr || right == nullptr) return nullptr;
    return make_operand(syntax,
                        model::Arithmetic{syntax.text.front(), std::move(left), std::move(right)});
  }

  OperandPtr bare_word(const Syntax& syntax, const Attribute* like) {
    const bool has_dot = syntax.text.find('.') != std::string::npos;
    const bool is_flag = syntax.text == "true" || syntax.text == "false";
    const bool is_value = like != nullptr && !has_dot &&
                          (!like->values.empty() || is_flag ||
                           context_.at(scope_.entity).find(syntax.text) == nullptr);
    if (!is_value) {
      const auto found = reference(syntax);
      if (!found) return nullptr;
      return make_operand(syntax, *found);
    }
    return literal(syntax, like);
  }

  OperandPtr literal(const Syntax& syntax, const Attribute* like) {
    if (like != nullptr) {
      auto constant = resolve_constant(context_, scope_, *like, word_of(syntax));
      if (!constant) return nullptr;
      return make_operand(syntax, model::Constant{std::move(*constant)});
    }
    if (syntax.kind == Syntax::Kind::number) {
      const auto number = dynamo::Decimal::parse(syntax.text);
      if (number)
        return make_operand(syntax, model::Constant{dynamo::AttributeValue::number(*number)});
      context_.report(Code::absurd, span(syntax),
                      fmt::format("`{}` is not a number that DynamoDB can hold", syntax.text),
                      "It holds 38 digits, between 1E-130 and 9.99E+125.");
      return nullptr;
    }
    return make_operand(syntax, model::Constant{dynamo::AttributeValue::string(syntax.text)});
  }

  Context& context_;
  const Scope& scope_;
};

support::Span word_span(const Context& context, const Scope& scope, const Word& word) {
  return scope.scalar == nullptr ? support::Span{} : context.span_of(*scope.scalar, word);
}

void report_unknown_attribute(Context& context, const Scope& scope, EntityId entity,
                              const Word& word, std::string_view name) {
  if (context.draft(entity).incomplete) return;
  const Entity& owner = context.at(entity);
  context.report(Code::unknown_attribute, word_span(context, scope, word),
                 fmt::format("`{}` has no attribute `{}`", owner.name, name),
                 suggestion(name, attribute_names(owner), "attributes"));
}

/// Above both, the nearest to `entity`; nullopt: nothing is.
std::optional<EntityId> common_ancestor(const Context& context, EntityId entity, EntityId other) {
  std::vector<EntityId> above = parents_of(context.at(entity));
  for (std::size_t i = 0; i < above.size(); ++i) {
    if (above[i] != entity && above[i] != other && is_related(context, other, above[i]))
      return above[i];
    for (const EntityId parent : parents_of(context.at(above[i]))) {
      if (std::find(above.begin(), above.end(), parent) == above.end()) above.push_back(parent);
    }
  }
  return std::nullopt;
}

/// What to write where a pattern about one entity names another that has nothing to do with it but a common ancestor.
std::string way_round(const Context& context, EntityId entity, const std::string& reference,
                      EntityId other) {
  const auto above = common_ancestor(context, entity, other);
  if (!above) return "One of them has to belong to the other, through `belongs_to`.";
  const std::string& own = context.at(entity).name;
  const std::string& meeting = context.at(*above).name;
  const std::vector<EntityId> parents = parents_of(context.at(entity));
  const bool is_child = std::find(parents.begin(), parents.end(), *above) != parents.end();
  const std::string asked = fmt::format("`list: {}, by: {}", meeting, reference);
  return fmt::format("Both belong to `{}`: ", meeting) +
         (is_child
              ? fmt::format("write {}, with: [{}]`.", asked, own)
              : fmt::format("write {}`, and another pattern for the `{}` of what that answers.",
                            asked, own));
}

/// `Bid.user_id` or `room_id.last_at`.
std::optional<AttributeRef> resolve_dotted(Context& context, const Scope& scope, const Word& word,
                                           std::size_t dot) {
  const std::string head = word.text.substr(0, dot);
  const std::string name = word.text.substr(dot + 1);
  AttributeRef reference;
  reference.name = name;
  reference.span = word_span(context, scope, word);
  for (const model::Relation& relation : context.at(scope.entity).relations) {
    const bool named = std::find(relation.attributes.begin(), relation.attributes.end(), head) !=
                       relation.attributes.end();
    if (!named) continue;
    reference.via = relation.parents.front();
    reference.through = head;
  }
  if (!reference.via) {
    if (context.at(scope.entity).find(head) != nullptr) {
      context.report(Code::no_relation, reference.span,
                     fmt::format("`{}` of `{}` does not refer to another entity", head,
                                 context.at(scope.entity).name),
                     "Only an attribute that `belongs_to` brought can be followed.");
      return std::nullopt;
    }
    const auto other = context.entity(head, reference.span);
    if (!other) return std::nullopt;
    if (*other != scope.entity && !is_related(context, scope.entity, *other)) {
      context.report(
          Code::no_relation, reference.span,
          fmt::format("`{}` and `{}` are not related", context.at(scope.entity).name, head),
          way_round(context, scope.entity, word.text, *other));
      return std::nullopt;
    }
    if (*other != scope.entity) reference.via = *other;
  }
  const EntityId owner = reference.via.value_or(scope.entity);
  if (context.at(owner).find(name) == nullptr) {
    report_unknown_attribute(context, scope, owner, word, name);
    return std::nullopt;
  }
  return reference;
}

}  // namespace

bool is_related(const Context& context, EntityId entity, EntityId other) {
  const auto descends = [&](EntityId from, EntityId to) {
    std::vector<EntityId> seen{from};
    for (std::size_t i = 0; i < seen.size(); ++i) {
      for (const EntityId parent : parents_of(context.at(seen[i]))) {
        if (parent == to) return true;
        if (std::find(seen.begin(), seen.end(), parent) == seen.end()) seen.push_back(parent);
      }
    }
    return false;
  };
  // `list: Item, by: Bid.user_id` where both belong to something common needs a direct edge, which
  // this finds or not.
  return descends(entity, other) || descends(other, entity);
}

std::optional<AttributeRef> resolve_reference(Context& context, const Scope& scope,
                                              const Word& word) {
  if (const std::size_t dot = word.text.find('.'); dot != std::string::npos) {
    return resolve_dotted(context, scope, word, dot);
  }
  AttributeRef reference;
  reference.name = word.text;
  reference.span = word_span(context, scope, word);
  const Entity& entity = context.at(scope.entity);
  if (entity.find(word.text) != nullptr) return reference;
  if (const auto name = rollup_name(entity, word.text)) {
    reference.name = *name;
    return reference;
  }
  if (scope.ancestors) {
    if (const auto ancestor = model::ancestor_with(context.workload, scope.entity, word.text)) {
      reference.via = *ancestor;
      return reference;
    }
  }
  report_unknown_attribute(context, scope, scope.entity, word, word.text);
  return std::nullopt;
}

const Attribute& referred(const Context& context, EntityId entity, const AttributeRef& reference) {
  const Attribute* attribute = context.at(reference.via.value_or(entity)).find(reference.name);
  DDBPLAN_CHECK(attribute != nullptr);
  return *attribute;
}

std::optional<dynamo::AttributeValue> resolve_constant(Context& context, const Scope& scope,
                                                       const Attribute& attribute,
                                                       const Word& word) {
  const auto mismatch = [&](std::string_view expected) {
    context.report(
        Code::type_mismatch, word_span(context, scope, word),
        fmt::format("`{}` is {} {}; `{}` is not", attribute.name,
                    attribute.type == ValueType::integer ? "an" : "a", expected, word.text));
  };
  if (!attribute.values.empty()) {
    std::vector<std::string> names;
    for (const model::EnumValue& one : attribute.values) names.push_back(one.name);
    if (std::find(names.begin(), names.end(), word.text) == names.end()) {
      context.report(Code::unknown_value, word_span(context, scope, word),
                     fmt::format("`{}` is not a value of `{}`", word.text, attribute.name),
                     suggestion(word.text, names, "values"));
      return std::nullopt;
    }
  }
  if (is_number_type(attribute.type)) {
    const auto number = dynamo::Decimal::parse(word.text);
    if (number) return dynamo::AttributeValue::number(*number);
    mismatch(type_name(attribute.type));
    return std::nullopt;
  }
  if (attribute.type == ValueType::boolean) {
    if (word.text == "true" || word.text == "false")
      return dynamo::AttributeValue::boolean(word.text == "true");
    mismatch("boolean: true or false");
    return std::nullopt;
  }
  const bool is_text_of_time =
      attribute.type == ValueType::timestamp || attribute.type == ValueType::date;
  if (is_text_of_time && !model::parse_timestamp(word.text)) {
    context.report(Code::type_mismatch, word_span(context, scope, word),
                   fmt::format("`{}` is a {}; `{}` is not", attribute.name,
                               type_name(attribute.type), word.text),
                   "A date is written 2026-11-27 and a time 2026-11-27T18:00. The time of the call "
                   "is `now`, and a value of the call has a name, such as `:since`.");
    return std::nullopt;
  }
  return dynamo::AttributeValue::string(word.text);
}

ExpressionPtr resolve_condition(Context& context, const Scope& scope, const Syntax& syntax) {
  return Resolver(context, scope).condition(syntax);
}

OperandPtr resolve_operand(Context& context, const Scope& scope, const Syntax& syntax) {
  return Resolver(context, scope).operand(syntax, nullptr);
}

}  // namespace ddbplan::schema
