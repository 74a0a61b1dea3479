#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "schema/checks.h"
#include "schema/resolve_action.h"
#include "schema/resolve_attribute.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::EntityId;
using model::OperandPtr;
using model::ValueType;
using model::Write;
using model::WriteKind;

bool is_numeric(ValueType type) {
  return type == ValueType::integer || type == ValueType::number || type == ValueType::epoch_s ||
         type == ValueType::epoch_ms;
}

class WriteResolver {
 public:
  WriteResolver(Context& context, const ActionContext& action, const Node& map)
      : context_(context), action_(action), map_(map) {}

  std::optional<Write> resolve(WriteKind kind, const Node& target) {
    write_.kind = kind;
    write_.span = target.span;
    write_.entities = resolve_targets(context_, target);
    if (write_.entities.empty()) return std::nullopt;
    entity_ = write_.entities.front();
    resolve_rows();
    resolve_set();
    resolve_add();
    resolve_append();
    for (const Node* item : scalars(child(map_, "remove"))) {
      if (const Attribute* attribute = own_attribute(*item))
        write_.remove.push_back(attribute->name);
    }
    resolve_move();
    write_.condition = resolve_condition_at(context_, entity_, map_, "if");
    resolve_amounts();
    const bool changes = kind == WriteKind::update || kind == WriteKind::upsert;
    const bool silent = write_.set.empty() && write_.add.empty() && write_.append.empty() &&
                        write_.remove.empty() && !write_.move;
    if (changes && silent && !says_something()) {
      write_.set_is_default = true;
      context_.use_default(action_.path + ".set", "any attribute outside the identity",
                           "nothing is said");
    }
    return std::move(write_);
  }

 private:
  /// A broken `set` is no reason for a default.
  [[nodiscard]] bool says_something() const {
    return has(map_, "set") || has(map_, "add") || has(map_, "append") || has(map_, "remove") ||
           has(map_, "move");
  }

  void resolve_rows() {
    const Node* by = child(map_, "by");
    if (const Node* each = child(map_, "for_each")) {
      write_.for_each = context_.entity(each->text, each->span);
      if (write_.for_each) write_.for_each_by = resolve_by(context_, action_, *write_.for_each, by);
      return;
    }
    const bool names_rows = write_.kind != WriteKind::create && write_.kind != WriteKind::put;
    if (!names_rows) {
      if (by != nullptr) {
        context_.report(Code::does_not_apply, by->span,
                        fmt::format("`by` finds existing rows; a {} brings a new one",
                                    write_.kind == WriteKind::create ? "create" : "put"),
                        "Remove `by`: the row's identity is part of what is written.");
      }
      return;
    }
    write_.by = resolve_by(context_, action_, entity_, by);
    for (std::size_t i = 1; i < write_.entities.size(); ++i) {
      for (const Node* name : scalars(by)) {
        const auto word = value(name, parse_reference);
        if (word)
          static_cast<void>(resolve_reference(context_, {write_.entities[i], name, true}, *word));
      }
    }
  }

  const Attribute* own_attribute(const Node& scalar) {
    const auto word = value(&scalar, parse_name);
    if (!word) return nullptr;
    const auto found = resolve_reference(context_, {entity_, &scalar, false}, *word);
    return found ? context_.at(entity_).find(found->name) : nullptr;
  }

  static Node key_scalar(const Entry& entry) {
    Node key;
    key.kind = Node::Kind::scalar;
    key.text = entry.key;
    key.span = entry.key_span;
    return key;
  }

  const Attribute* identity_sorting_as(std::string_view name) {
    for (const std::string& part : context_.at(entity_).id) {
      const Attribute* identity = context_.at(entity_).find(part);
      if (identity != nullptr && identity->sorts_as == name) return identity;
    }
    return nullptr;
  }

  void refuse_identity(const Attribute& attribute, support::Span span) {
    if (context_.at(entity_).is_identity(attribute.name)) {
      context_.report(
          Code::does_not_apply, span,
          fmt::format("`{}` is part of the identity of `{}`, which never changes", attribute.name,
                      context_.at(entity_).name),
          "A row with another identity is another row: delete the one and create the other.");
    } else if (const Attribute* identity = identity_sorting_as(attribute.name)) {
      context_.report(
          Code::does_not_apply, span,
          fmt::format("`{}` sorts as `{}` does, so that cannot change", identity->name,
                      attribute.name),
          fmt::format("Declare `{}` without `of {}`, or keep a second time that may change.",
                      identity->name, attribute.name));
    } else if (attribute.immutable && attribute.origin == model::Origin::declared) {
      context_.report(Code::does_not_apply, span,
                      fmt::format("`{}` is declared immutable", attribute.name),
                      "Remove one of the two.");
    }
  }

  /// What a row is found by and what it is set to would be one value of the call.
  void refuse_same_value(const Attribute& attribute, support::Span span) {
    const bool is_found_by_it =
        std::any_of(write_.by.begin(), write_.by.end(), [&](const model::AttributeRef& by) {
          return by.is_of(entity_) && by.name == attribute.name;
        });
    if (!is_found_by_it || context_.at(entity_).is_identity(attribute.name)) return;
    context_.report(
        Code::does_not_apply, span,
        fmt::format("`{0}` is set to `:{0}`, the value that the rows are found by", attribute.name),
        fmt::format("Give the new value another name: `set: {{{0}: :new_{0}}}`.", attribute.name));
  }

  void resolve_set() {
    const Node* node = child(map_, "set");
    for (const Node* item : scalars(node)) {
      const Attribute* attribute = own_attribute(*item);
      if (attribute == nullptr) continue;
      refuse_identity(*attribute, item->span);
      refuse_same_value(*attribute, item->span);
      write_.set.push_back({attribute->name, std::nullopt});
    }
    if (node == nullptr) return;
    for (const Entry& entry : node->entries) {
      const Node key = key_scalar(entry);
      const Attribute* attribute = own_attribute(key);
      if (attribute == nullptr) continue;
      refuse_identity(*attribute, entry.key_span);
      model::Assignment assignment{attribute->name, std::nullopt};
      if (entry.value.is_scalar()) assignment.value = amount(entry.value, *attribute);
      write_.set.push_back(std::move(assignment));
    }
  }

  /// A constant of the attribute's type, `now`, or a run-time value.
  std::optional<OperandPtr> amount(const Node& scalar, const Attribute& attribute) {
    const auto phrase = value(&scalar, parse_amount);
    if (!phrase) return std::nullopt;
    auto operand = std::make_shared<model::Operand>();
    operand->span = scalar.span;
    if (phrase->kind == AmountPhrase::Kind::parameter) {
      operand->node = model::ParameterRef{phrase->text};
    } else if (phrase->kind == AmountPhrase::Kind::now && !scalar.quoted) {
      operand->node = model::Now{};
    } else {
      const Scope scope{entity_, &scalar, false};
      auto constant =
          resolve_constant(context_, scope, attribute, {phrase->text, 0, scalar.text.size()});
      if (!constant) return std::nullopt;
      operand->node = model::Constant{std::move(*constant)};
    }
    return OperandPtr(std::move(operand));
  }

  void resolve_add() {
    const Node* node = child(map_, "add");
    if (node == nullptr) return;
    for (const Entry& entry : node->entries) {
      const Node key = key_scalar(entry);
      const Attribute* attribute = own_attribute(key);
      if (attribute == nullptr) continue;
      refuse_identity(*attribute, entry.key_span);
      if (!is_numeric(attribute->type) && attribute->type != ValueType::set) {
        context_.report(Code::type_mismatch, entry.key_span,
                        fmt::format("`{}` is a {}: only numbers and sets can be added to",
                                    attribute->name, type_name(attribute->type)),
                        "Use `set`, or `append` for a list.");
        continue;
      }
      if (auto addition = resolve_addition(entry.value, *attribute))
        write_.add.push_back(std::move(*addition));
    }
  }

  std::optional<model::Addition> resolve_addition(const Node& scalar, const Attribute& attribute) {
    const auto phrase = value(&scalar, parse_amount);
    if (!phrase) return std::nullopt;
    model::Addition addition;
    addition.attribute = attribute.name;
    auto operand = std::make_shared<model::Operand>();
    operand->span = scalar.span;
    if (phrase->kind == AmountPhrase::Kind::parameter) {
      addition.subtract = phrase->sign == '-';
      operand->node = model::ParameterRef{phrase->text};
    } else {
      Attribute element = attribute;
      if (attribute.element) element.type = *attribute.element;
      element.values.clear();
      std::string digits = phrase->text;
      // `-1` takes one away; the model keeps the sign apart.
      if (phrase->kind == AmountPhrase::Kind::number && digits.front() == '-') {
        addition.subtract = true;
        digits.erase(0, 1);
      }
      auto constant = resolve_constant(context_, {entity_, &scalar, false}, element,
                                       {digits, 0, scalar.text.size()});
      if (!constant) return std::nullopt;
      operand->node = model::Constant{std::move(*constant)};
    }
    addition.amount = std::move(operand);
    return addition;
  }

  void resolve_append() {
    const Node* node = child(map_, "append");
    const auto add = [&](const Node& key, const Node* given) {
      const Attribute* attribute = own_attribute(key);
      if (attribute == nullptr) return;
      if (attribute->type != ValueType::list) {
        context_.report(Code::type_mismatch, key.span,
                        fmt::format("`{}` is a {}: only lists can be appended to", attribute->name,
                                    type_name(attribute->type)));
        return;
      }
      model::Assignment assignment{attribute->name, std::nullopt};
      if (given != nullptr && given->is_scalar()) {
        Attribute element = *attribute;
        element.type = ValueType::string;
        assignment.value = amount(*given, element);
      }
      write_.append.push_back(std::move(assignment));
    };
    for (const Node* item : scalars(node)) add(*item, nullptr);
    if (node == nullptr) return;
    for (const Entry& entry : node->entries) add(key_scalar(entry), &entry.value);
  }

  void resolve_move() {
    const Node* node = child(map_, "move");
    const auto phrase = value(node, parse_state_move);
    if (!phrase) return;
    const auto found = resolve_reference(context_, {entity_, node, false}, phrase->attribute);
    if (!found) return;
    const Attribute& attribute = *context_.at(entity_).find(found->name);
    if (attribute.values.empty()) {
      context_.report(Code::type_mismatch, context_.span_of(*node, phrase->attribute),
                      fmt::format("`{}` has no states to move between", attribute.name),
                      "Declare them: `{states: {OPEN: 10%, DONE: 90%}}`, or use `set`.");
      return;
    }
    model::StateMove move;
    move.attribute = attribute.name;
    bool known = true;
    const Scope scope{entity_, node, false};
    for (const Word& word : phrase->from) {
      known = resolve_constant(context_, scope, named_states(attribute), word).has_value() && known;
      move.from.push_back(word.text);
    }
    if (phrase->to) {
      known = resolve_constant(context_, scope, named_states(attribute), *phrase->to).has_value() &&
              known;
      move.to = phrase->to->text;
    }
    if (!known) return;
    check_declared(*node, attribute, *phrase);
    write_.move = std::move(move);
  }

  /// For messages about names only: a number's states are compared as text.
  static Attribute named_states(Attribute attribute) {
    attribute.type = ValueType::string;
    return attribute;
  }

  void check_declared(const Node& node, const Attribute& attribute, const MovePhrase& phrase) {
    if (attribute.moves.empty() || !phrase.to) return;
    for (const Word& from : phrase.from) {
      const bool declared =
          std::any_of(attribute.moves.begin(), attribute.moves.end(), [&](const model::Move& move) {
            const bool leaves = move.from.empty() || std::find(move.from.begin(), move.from.end(),
                                                               from.text) != move.from.end();
            return leaves && (!move.to || *move.to == phrase.to->text);
          });
      if (declared) continue;
      support::Diagnostic diagnostic =
          finding(Code::unknown_value, context_.span_of(node, from.begin, phrase.to->end),
                  fmt::format("`{}` does not move from {} to {}", attribute.name, from.text,
                              phrase.to->text),
                  fmt::format("Add `{} -> {}` to its `moves`, or correct this one.", from.text,
                              phrase.to->text));
      diagnostic.notes.push_back({"its moves are declared here", attribute.span});
      context_.report(std::move(diagnostic));
    }
  }

  void resolve_amounts() {
    const auto share = [&](std::string_view key, double& out) {
      const Node* node = child(map_, key);
      const auto given = value(node, parse_share);
      if (given && check_between(context_, *node, *given * 100, {0, 100, "percent of the calls"}))
        out = *given;
      return given.has_value();
    };
    const bool silent = !share("replaces", write_.replaces) && write_.kind == WriteKind::put &&
                        !has(map_, "replaces");
    if (silent && write_.for_each) {
      write_.replaces = 0;
      context_.use_default(action_.path + ".replaces", "0%", "related rows get new rows");
    } else if (silent) {
      context_.use_default(action_.path + ".replaces", "50%", "share of the puts that find a row");
    }
    share("fails", write_.fails);
    if (const Node* times = child(map_, "times")) {
      if (const auto spread = value(times, parse_count_spread)) {
        write_.times = resolve_spread(context_, *times, *spread, 1, 1e6, "times");
      }
    }
    if (const Node* batch = child(map_, "batch")) {
      if (const auto spread = value(batch, parse_count_spread)) {
        write_.batch = resolve_spread(context_, *batch, *spread, 10, 1e6, "rows of a batch");
      }
    }
  }

  Context& context_;
  const ActionContext& action_;
  const Node& map_;
  Write write_;
  EntityId entity_;
};

}  // namespace

std::optional<Write> resolve_write(Context& context, const ActionContext& action, const Node& map,
                                   WriteKind kind) {
  const ActionKey* key = find_action(map);
  const Node* target = key == nullptr ? nullptr : child(map, key->key);
  if (target == nullptr) return std::nullopt;
  return WriteResolver(context, action, map).resolve(kind, *target);
}

}  // namespace ddbplan::schema
