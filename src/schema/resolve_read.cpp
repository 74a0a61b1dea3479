#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "schema/checks.h"
#include "schema/resolve_action.h"
#include "schema/resolve_attribute.h"
#include "support/text.h"

namespace ddbplan::schema {
namespace {

using model::AttributeRef;
using model::EntityId;
using model::Read;
using model::ReadKind;

class ReadResolver {
 public:
  ReadResolver(Context& context, const ActionContext& action, const Node& map)
      : context_(context), action_(action), map_(map) {}

  std::optional<Read> resolve(ReadKind kind, const Node& target) {
    read_.kind = kind;
    read_.entities = resolve_targets(context_, target);
    if (read_.entities.empty()) return std::nullopt;
    entity_ = read_.entities.front();
    read_.alternatives = target.is_scalar() && read_.entities.size() > 1;
    read_.by = resolve_by(context_, action_, entity_, child(map_, "by"));
    check_other_entities();
    resolve_narrow_by();
    resolve_range();
    read_.where = resolve_condition_at(context_, entity_, map_, "where");
    resolve_order();
    resolve_limit();
    resolve_amounts();
    resolve_returns();
    resolve_with();
    resolve_offload();
    return std::move(read_);
  }

 private:
  std::optional<AttributeRef> reference(const Node& scalar, const Word& word,
                                        bool ancestors = true) {
    return resolve_reference(context_, {entity_, &scalar, ancestors}, word);
  }

  /// `list: [Comment, Change], by: number`: the others need the same attributes.
  void check_other_entities() {
    for (const Node* name : scalars(child(map_, "by"))) {
      const auto word = value(name, parse_reference);
      for (std::size_t i = 1; word && i < read_.entities.size(); ++i) {
        static_cast<void>(resolve_reference(context_, {read_.entities[i], name, true}, *word));
      }
    }
  }

  void resolve_narrow_by() {
    for (const Node* item : scalars(child(map_, "narrow_by"))) {
      const auto phrase = value(item, parse_narrow);
      if (!phrase) continue;
      const auto found = reference(*item, phrase->attribute);
      if (!found) continue;
      model::NarrowBy narrow{*found, 0.5};
      if (phrase->share) {
        if (check_between(context_, *item, *phrase->share * 100,
                          {0, 100, "percent of the requests"})) {
          narrow.share = *phrase->share;
        }
      } else {
        context_.use_default(action_.path + ".narrow_by." + found->name, "50%",
                             "share of the requests that give it");
      }
      read_.narrow_by.push_back(std::move(narrow));
    }
  }

  void resolve_range() {
    const Node* node = child(map_, "range");
    const auto syntax = value(node, parse_range);
    if (!syntax) return;
    const Scope scope{entity_, node, true};
    model::Range range;
    if (syntax->kind == Syntax::Kind::name) {
      const auto found =
          resolve_reference(context_, scope, {syntax->text, syntax->begin, syntax->end});
      if (!found) return;
      range.attribute = *found;
    } else {
      range.condition = resolve_condition(context_, scope, *syntax);
      if (range.condition == nullptr) return;
      const auto attribute = range_attribute(*range.condition);
      if (!attribute) {
        context_.report(Code::type_mismatch, node->span,
                        "a range compares one attribute with a value",
                        "Write `due_at < now`; everything else belongs in `where`.");
        return;
      }
      range.attribute = *attribute;
    }
    check_range_type(*node, range.attribute);
    read_.range = std::move(range);
  }

  static std::optional<AttributeRef> range_attribute(const model::Expression& condition) {
    const model::Operand* operand = nullptr;
    if (const auto* compare = std::get_if<model::Compare>(&condition.node)) {
      if (compare->op != model::CompareOp::ne) operand = compare->left.get();
    } else if (const auto* between = std::get_if<model::Between>(&condition.node)) {
      operand = between->operand.get();
    } else if (const auto* begins = std::get_if<model::BeginsWith>(&condition.node)) {
      return begins->attribute;
    }
    const auto* reference =
        operand == nullptr ? nullptr : std::get_if<AttributeRef>(&operand->node);
    return reference == nullptr ? std::nullopt : std::optional<AttributeRef>(*reference);
  }

  void check_range_type(const Node& node, const AttributeRef& reference) {
    const model::ValueType type = referred(context_, entity_, reference).type;
    if (type != model::ValueType::list && type != model::ValueType::map &&
        type != model::ValueType::set && type != model::ValueType::boolean) {
      return;
    }
    context_.report(Code::type_mismatch, node.span,
                    fmt::format("`{}` is a {}: it has no order to take a range of", reference.name,
                                type_name(type)));
  }

  std::vector<model::OrderBy> order_of(const Node* node, EntityId entity) {
    std::vector<model::OrderBy> order;
    for (const Node* item : scalars(node)) {
      const auto phrase = value(item, parse_order);
      if (!phrase) continue;
      const auto found = resolve_reference(context_, {entity, item, true}, phrase->attribute);
      if (found) order.push_back({*found, phrase->direction});
    }
    return order;
  }

  void resolve_order() {
    const Node* node = child(map_, "order");
    read_.order = order_of(node, entity_);
    for (std::size_t i = 1; i < read_.entities.size(); ++i)
      static_cast<void>(order_of(node, read_.entities[i]));
  }

  void resolve_limit() {
    const Node* node = child(map_, "limit");
    const auto phrase = value(node, parse_limit);
    if (!phrase) return;
    if (check_between(context_, *node, phrase->count, {1, 1e9, "rows"}))
      read_.limit = static_cast<int>(phrase->count);
    if (phrase->per && reference(*node, *phrase->per)) read_.limit_per = phrase->per->text;
  }

  void resolve_amounts() {
    if (const Node* pages = child(map_, "pages")) {
      if (const auto spread = value(pages, parse_count_spread)) {
        read_.pages = resolve_spread(context_, *pages, *spread, 1, 1e6, "pages");
      }
    }
    if (const Node* batch = child(map_, "batch")) {
      if (const auto spread = value(batch, parse_count_spread)) {
        read_.batch = resolve_spread(context_, *batch, *spread, 10, 1e6, "rows of a batch");
      }
    }
    const Node* matches = child(map_, "matches");
    if (const auto share = value(matches, parse_share);
        share && check_between(context_, *matches, *share * 100, {0, 100, "percent of the rows"})) {
      read_.matches = *share;
    }
    if (const Node* cache = child(map_, "cache")) {
      const Node* hits = cache->is_map() ? child(*cache, "hits") : nullptr;
      if (const auto share = value(hits, parse_share);
          share && check_between(context_, *hits, *share * 100, {0, 100, "percent of the calls"})) {
        read_.cache_hits = *share;
      }
    }
    read_.strong = text(map_, "consistency") == "strong";
    read_.include_expired = flag(map_, "include_expired").value_or(false);
  }

  void resolve_returns() {
    for (const Node* item : scalars(child(map_, "returns"))) {
      const auto phrase = value(item, parse_return);
      if (!phrase) continue;
      const bool is_attribute =
          phrase->function.empty() ||
          (phrase->function == "count" && context_.at(entity_).find("count") != nullptr &&
           read_.kind != ReadKind::count);
      if (is_attribute) {
        const Word word = phrase->attribute ? *phrase->attribute : Word{"count", 0, 5};
        if (reference(*item, word, false)) read_.returns.push_back(word.text);
      } else if (!phrase->attribute) {
        read_.aggregates.emplace_back();
      } else if (reference(*item, *phrase->attribute, false)) {
        add_aggregate(*item, *phrase);
      }
    }
    if (read_.kind == ReadKind::count && read_.aggregates.empty()) read_.aggregates.emplace_back();
    for (const Node* item : scalars(child(map_, "exclude"))) {
      const auto word = value(item, parse_name);
      if (word && reference(*item, *word, false)) read_.exclude.push_back(word->text);
    }
    if (!read_.exclude.empty() && read_.kind != ReadKind::count) leave_out();
  }

  void add_aggregate(const Node& item, const ReturnPhrase& phrase) {
    using Function = model::Aggregate::Function;
    const bool adds_up = phrase.function == "sum" || phrase.function == "average";
    const model::Attribute* attribute = context_.at(entity_).find(phrase.attribute->text);
    if (attribute != nullptr && !can_be_aggregated(attribute->type, adds_up)) {
      context_.report(Code::type_mismatch, context_.span_of(item, *phrase.attribute),
                      fmt::format("`{}` is a {}, of which there is no {}", phrase.attribute->text,
                                  type_name(attribute->type), phrase.function),
                      adds_up ? "Name a number." : "Name a number, a text or a time.");
      return;
    }
    const Function function = phrase.function == "sum"   ? Function::sum
                              : phrase.function == "min" ? Function::min
                              : phrase.function == "max" ? Function::max
                                                         : Function::average;
    read_.aggregates.push_back({function, phrase.attribute->text});
  }

  static bool can_be_aggregated(model::ValueType type, bool adds_up) {
    using model::ValueType;
    switch (type) {
      case ValueType::integer:
      case ValueType::number:
        return true;
      case ValueType::boolean:
      case ValueType::binary:
      case ValueType::set:
      case ValueType::list:
      case ValueType::map:
        return false;
      default:
        return !adds_up;
    }
  }

  /// What is returned is all that is named, or everything, without what is excluded.
  void leave_out() {
    if (read_.returns.empty()) {
      for (const EntityId id : read_.entities) {
        for (const model::Attribute& attribute : context_.at(id).attributes) {
          const bool is_stored = !attribute.upkeep || attribute.upkeep->kept != model::Kept::never;
          if (is_stored) support::add_once(read_.returns, attribute.name);
        }
      }
    }
    std::erase_if(read_.returns,
                  [&](const std::string& name) { return support::contains(read_.exclude, name); });
    if (read_.returns.empty())
      context_.report(Code::does_not_apply, child(map_, "exclude")->span,
                      "`exclude` leaves nothing of the answer",
                      "Leave an attribute, or count the rows.");
  }

  void resolve_with() {
    const Node* node = child(map_, "with");
    for (const Node* name : scalars(node)) add_with(*name, name->text, nullptr);
    if (node == nullptr) return;
    for (const Entry& entry : node->entries) {
      Node key;
      key.kind = Node::Kind::scalar;
      key.text = entry.key;
      key.span = entry.key_span;
      add_with(key, entry.key, &entry.value);
    }
  }

  /// A name in `with` is a child entity, or an attribute that refers to a parent.
  void add_with(const Node& key, const std::string& name, const Node* details) {
    if (const auto child_id = context_.workload.find_entity(name)) {
      add_children(key, *child_id, details);
      return;
    }
    for (const model::Relation& relation : context_.at(entity_).relations) {
      if (std::find(relation.attributes.begin(), relation.attributes.end(), name) ==
          relation.attributes.end())
        continue;
      for (const EntityId parent : relation.parents) add_parent(key, name, parent, details);
      return;
    }
    if (context_.broken_entities.contains(name) || context_.draft(entity_).incomplete) return;
    std::vector<std::string> names = context_.entity_names();
    for (const model::Relation& relation : context_.at(entity_).relations) {
      names.insert(names.end(), relation.attributes.begin(), relation.attributes.end());
    }
    const bool is_attribute = context_.at(entity_).find(name) != nullptr;
    context_.report(Code::no_relation, key.span,
                    is_attribute ? fmt::format("`{}` of `{}` does not refer to another entity",
                                               name, context_.at(entity_).name)
                                 : fmt::format("`{}` is neither an entity nor a relation of `{}`",
                                               name, context_.at(entity_).name),
                    is_attribute ? "" : suggestion(name, names, "names"));
  }

  void add_children(const Node& key, EntityId child_id, const Node* details) {
    bool belongs = false;
    for (const model::Relation& relation : context_.at(child_id).relations) {
      for (const EntityId target : read_.entities) {
        belongs = belongs || std::find(relation.parents.begin(), relation.parents.end(), target) !=
                                 relation.parents.end();
      }
    }
    for (const model::Relation& relation : context_.at(entity_).relations) {
      const bool is_parent = std::find(relation.parents.begin(), relation.parents.end(),
                                       child_id) != relation.parents.end();
      if (belongs || !is_parent) continue;
      context_.report(
          Code::no_relation, key.span,
          fmt::format("`{}` is a parent of `{}`, not a child", key.text, context_.at(entity_).name),
          fmt::format("Name the attribute that refers to it: `{}`.", relation.attributes.front()));
      return;
    }
    if (!belongs && !context_.draft(child_id).incomplete) {
      context_.report(
          Code::no_relation, key.span,
          fmt::format("`{}` does not belong to `{}`", context_.at(child_id).name,
                      context_.at(entity_).name),
          fmt::format(
              "`with` reads children by entity and parents by attribute; add `belongs_to: [{}]` "
              "to `{}` if it is a child.",
              context_.at(entity_).name, context_.at(child_id).name));
      return;
    }
    model::WithChildren with;
    with.child = child_id;
    with.span = key.span;
    if (details != nullptr && details->is_map()) {
      with.order = order_of(child(*details, "order"), child_id);
      const Node* limit = child(*details, "limit");
      const auto phrase = value(limit, parse_limit);
      if (phrase && check_between(context_, *limit, phrase->count, {1, 1e9, "rows"})) {
        with.limit = static_cast<int>(phrase->count);
      }
    }
    read_.with_children.push_back(std::move(with));
  }

  void add_parent(const Node& key, const std::string& name, EntityId parent, const Node* details) {
    model::WithParent with;
    with.relation_attribute = name;
    with.parent = parent;
    with.span = key.span;
    for (const Node* item : scalars(details)) {
      const auto word = value(item, parse_name);
      if (word && resolve_reference(context_, {parent, item, false}, *word))
        with.attributes.push_back(word->text);
    }
    read_.with_parents.push_back(std::move(with));
  }

  void resolve_offload() {
    for (const Node* item : scalars(child(map_, "text"))) {
      const auto word = value(item, parse_reference);
      if (!word) continue;
      const auto has_it =
          std::find_if(read_.entities.begin(), read_.entities.end(),
                       [&](EntityId id) { return context_.at(id).find(word->text) != nullptr; });
      const EntityId owner = has_it == read_.entities.end() ? entity_ : *has_it;
      if (resolve_reference(context_, {owner, item, true}, *word)) read_.text.push_back(word->text);
    }
    const Node* to = child(map_, "to");
    const auto word = value(to, parse_name);
    if (word && reference(*to, *word, false)) read_.similar_to = word->text;
  }

  Context& context_;
  const ActionContext& action_;
  const Node& map_;
  Read read_;
  EntityId entity_;
};

}  // namespace

std::optional<Read> resolve_read(Context& context, const ActionContext& action, const Node& map,
                                 ReadKind kind) {
  const ActionKey* key = find_action(map);
  const Node* target = key == nullptr ? nullptr : child(map, key->key);
  if (target == nullptr) return std::nullopt;
  return ReadResolver(context, action, map).resolve(kind, *target);
}

}  // namespace ddbplan::schema
