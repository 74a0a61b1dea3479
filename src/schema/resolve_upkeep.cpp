// Attributes and entities that are kept from other rows: count_of, sum_of, newest_of, copy_of,
// rollup.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "schema/resolve.h"
#include "schema/resolve_attribute.h"
#include "schema/resolve_expression.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::Entity;
using model::EntityId;
using model::Kept;
using model::Upkeep;
using model::ValueType;

Kept kept_of(const Node& map, Kept usual) {
  const auto word = text(map, "kept");
  if (!word) return usual;
  if (*word == "transaction") return Kept::transaction;
  return *word == "stream" ? Kept::stream : Kept::never;
}

struct KindKey {
  std::string_view key;
  Upkeep::Kind kind;
};
constexpr auto kKinds = std::to_array<KindKey>({{"count_of", Upkeep::Kind::count_of},
                                                {"sum_of", Upkeep::Kind::sum_of},
                                                {"newest_of", Upkeep::Kind::newest_of},
                                                {"copy_of", Upkeep::Kind::copy_of}});

class UpkeepReader {
 public:
  UpkeepReader(Context& context, EntityId id) : context_(context), id_(id) {}

  /// Copies that know nothing of rollups are read before these, which may group by them; everything else after.
  enum class Turn { before_rollups, after_rollups };

  void read(Attribute& attribute, const Node& map, Turn turn) {
    for (const KindKey& known : kKinds) {
      const Node* node = child(map, known.key);
      const auto phrase = value(node, parse_source);
      if (!phrase) continue;
      const bool is_early =
          known.kind == Upkeep::Kind::copy_of && !is_of_rollup(phrase->source.text);
      if (is_early != (turn == Turn::before_rollups)) continue;
      Upkeep upkeep;
      upkeep.kind = known.kind;
      upkeep.kept = kept_of(map, Kept::transaction);
      const bool found = known.kind == Upkeep::Kind::copy_of
                             ? find_copy(upkeep, *node, *phrase)
                             : find_children(upkeep, *node, *phrase, known.key);
      if (!found) continue;
      const bool takes_type = !has(map, "type") && known.kind != Upkeep::Kind::count_of &&
                              known.kind != Upkeep::Kind::sum_of;
      if (takes_type)
        context_.draft(id_).inherited[attribute.name] = {upkeep.source, upkeep.source_attribute};
      if (known.kind == Upkeep::Kind::copy_of && attribute.present == 1)
        attribute.present = share_of_originals(upkeep);
      attribute.upkeep = std::move(upkeep);
    }
  }

 private:
  [[nodiscard]] bool is_of_rollup(const std::string& through) const {
    const auto is_rollup = [this](EntityId id) {
      return child(context_.draft(id).entry->value, "rollup") != nullptr;
    };
    const model::Relation* way = context_.at(id_).relation_by(through);
    return is_rollup(id_) || (way != nullptr && is_rollup(way->parents.front()));
  }

  /// A row without that parent, or whose parent lacks the attribute, has no copy.
  double share_of_originals(const Upkeep& upkeep) {
    const model::Relation* way = context_.at(id_).relation_by(upkeep.through);
    const Attribute* original = context_.at(upkeep.source).find(upkeep.source_attribute);
    return (way == nullptr ? 1 : way->present) * (original == nullptr ? 1 : original->present);
  }

  /// `brand_id.name`: the parent that `brand_id` refers to.
  bool find_copy(Upkeep& upkeep, const Node& node, const SourcePhrase& phrase) {
    upkeep.through = phrase.source.text;
    upkeep.source_attribute = phrase.attribute;
    const Entity& entity = context_.at(id_);
    std::vector<std::string> known;
    for (const model::Relation& relation : entity.relations) {
      known.insert(known.end(), relation.attributes.begin(), relation.attributes.end());
    }
    if (const model::Relation* way = entity.relation_by(upkeep.through))
      upkeep.source = way->parents.front();
    if (std::find(known.begin(), known.end(), upkeep.through) == known.end()) {
      if (context_.draft(id_).incomplete) return false;
      context_.report(Code::no_relation, context_.span_of(node, phrase.source),
                      fmt::format("`{}` has no relation through `{}`", entity.name, upkeep.through),
                      suggestion(upkeep.through, known, "attributes that refer to a parent"));
      return false;
    }
    return require_attribute(upkeep, node, phrase);
  }

  /// `Order`, `Ticket as assignee_id`, `Message.sent_at`: children that refer to this entity.
  bool find_children(Upkeep& upkeep, const Node& node, const SourcePhrase& phrase,
                     std::string_view key) {
    const auto source = context_.entity(phrase.source.text, context_.span_of(node, phrase.source));
    if (!source) return false;
    upkeep.source = *source;
    upkeep.source_attribute = phrase.attribute;
    std::vector<const model::Relation*> ways;
    for (const model::Relation& relation : context_.at(*source).relations) {
      const bool refers = std::find(relation.parents.begin(), relation.parents.end(), id_) !=
                          relation.parents.end();
      const bool chosen =
          !phrase.as || std::find(relation.attributes.begin(), relation.attributes.end(),
                                  phrase.as->text) != relation.attributes.end();
      if (refers && chosen) ways.push_back(&relation);
    }
    if (ways.size() != 1) {
      report_ways(node, phrase, ways);
      return false;
    }
    upkeep.through = Entity::way_of(*ways.front());
    if (phrase.attribute.empty() && key != "count_of") {
      context_.report(Code::missing_key, node.span, fmt::format("`{}` needs an attribute", key),
                      fmt::format("Write `{}: {}.ATTRIBUTE`.", key, phrase.source.text));
      return false;
    }
    return phrase.attribute.empty() || require_attribute(upkeep, node, phrase);
  }

  void report_ways(const Node& node, const SourcePhrase& phrase,
                   const std::vector<const model::Relation*>& ways) {
    const std::string& entity = context_.at(id_).name;
    if (context_.draft(*context_.workload.find_entity(phrase.source.text)).incomplete) return;
    if (ways.empty()) {
      context_.report(
          Code::no_relation, context_.span_of(node, phrase.source),
          phrase.as ? fmt::format("`{}` does not belong to `{}` through `{}`", phrase.source.text,
                                  entity, phrase.as->text)
                    : fmt::format("`{}` does not belong to `{}`", phrase.source.text, entity),
          fmt::format("Add `belongs_to: {{{}: …}}` to `{}`.", entity, phrase.source.text));
      return;
    }
    std::vector<std::string> names;
    for (const model::Relation* way : ways) names.push_back(way->attributes.front());
    context_.report(
        Code::no_relation, context_.span_of(node, phrase.source),
        fmt::format("`{}` belongs to `{}` in {} ways", phrase.source.text, entity, ways.size()),
        fmt::format("Say which: `{} as {}`; the ways are {}.", phrase.source.text, names.front(),
                    quoted_list(names)));
  }

  bool require_attribute(const Upkeep& upkeep, const Node& node, const SourcePhrase& phrase) {
    const Entity& source = context_.at(upkeep.source);
    if (source.find(phrase.attribute) != nullptr) return true;
    if (context_.draft(upkeep.source).incomplete) return false;
    std::vector<std::string> names;
    for (const Attribute& attribute : source.attributes) names.push_back(attribute.name);
    context_.report(Code::unknown_attribute, node.span,
                    fmt::format("`{}` has no attribute `{}`", source.name, phrase.attribute),
                    suggestion(phrase.attribute, names, "attributes"));
    return false;
  }

  Context& context_;
  EntityId id_;
};

class RollupReader {
 public:
  RollupReader(Context& context, EntityId id)
      : context_(context), id_(id), entity_(context.at(id)) {}

  void read(const Node& map) {
    const Node* of = child(map, "of");
    if (of == nullptr || !of->is_scalar()) return;
    const auto source = context_.entity(of->text, of->span);
    if (!source) {
      context_.draft(id_).incomplete = true;
      return;
    }
    rollup_.of = *source;
    rollup_.kept = kept_of(map, Kept::stream);
    if (const Node* by = child(map, "by")) read_by(*by);
    if (const Node* keep = child(map, "keep")) read_keep(*keep);
    entity_.rollup = std::move(rollup_);
    add_relations();
  }

 private:
  void read_by(const Node& by) {
    for (const Node* name : scalars(&by)) add_by(name->text, *name, name->text);
    for (const Entry& entry : by.entries) {
      if (entry.value.is_scalar()) {
        add_by(entry.key, entry.value, entry.value.text);
        continue;
      }
      Node key;
      key.kind = Node::Kind::scalar;
      key.text = entry.key;
      key.span = entry.key_span;
      add_by(entry.key, key, entry.key);
    }
  }

  void add_by(const std::string& name, const Node& scalar, const std::string& expression) {
    const Parsed<Syntax> syntax = parse_operand(expression);
    if (!syntax) return;
    const Scope scope{rollup_.of, &scalar, true};
    model::OperandPtr from = resolve_operand(context_, scope, *syntax);
    if (from == nullptr) {
      context_.draft(id_).incomplete = true;
      return;
    }
    // A truncated time keeps its attribute's type: an hour of an epoch_ms is an epoch_ms.
    const model::Operand* leaf = from.get();
    if (const auto* truncated = std::get_if<model::Truncate>(&leaf->node))
      leaf = truncated->operand.get();
    Attribute attribute = implied_attribute(name, ValueType::string, model::Origin::implied);
    attribute.span = scalar.span;
    attribute.immutable = true;
    if (const auto* reference = std::get_if<model::AttributeRef>(&leaf->node)) {
      context_.draft(id_).inherited[name] = {reference->via.value_or(rollup_.of), reference->name};
    }
    entity_.attributes.push_back(std::move(attribute));
    rollup_.by.push_back({name, std::move(from)});
  }

  void read_keep(const Node& keep) {
    for (const Entry& entry : keep.entries) {
      const auto phrase = value(&entry.value, parse_return);
      if (!phrase) continue;
      if (phrase->function == "average") {
        context_.report(Code::does_not_apply, entry.value.span,
                        "a rollup keeps no average: the next row cannot be added to it",
                        fmt::format("Keep `count` and `sum {}`; whoever reads them divides.",
                                    phrase->attribute->text));
        continue;
      }
      model::Rollup::Keep kept{entry.key, phrase->function, {}};
      if (phrase->function.empty()) {
        kept.function = "newest";
      }
      Attribute attribute = implied_attribute(
          entry.key, kept.function == "count" ? ValueType::integer : ValueType::number,
          model::Origin::implied);
      attribute.span = entry.key_span;
      if (phrase->attribute) {
        kept.attribute = phrase->attribute->text;
        const Scope scope{rollup_.of, &entry.value, false};
        const auto reference = resolve_reference(context_, scope, *phrase->attribute);
        if (!reference) continue;
        if (kept.function != "sum") {
          context_.draft(id_).inherited[entry.key] = {rollup_.of, reference->name};
        }
      }
      entity_.attributes.push_back(std::move(attribute));
      rollup_.keep.push_back(std::move(kept));
    }
  }

  /// Grouped by a parent's whole identity, the rollup's rows belong to that parent too.
  void add_relations() {
    for (const model::Relation& relation : context_.at(entity_.rollup->of).relations) {
      const bool whole =
          std::all_of(relation.attributes.begin(), relation.attributes.end(),
                      [this](const std::string& name) { return entity_.is_identity(name); });
      if (!whole) continue;
      model::Relation own;
      own.parents = relation.parents;
      own.attributes = relation.attributes;
      own.span = entity_.span;
      entity_.relations.push_back(std::move(own));
      context_.draft(id_).relations.emplace_back();
    }
  }

  Context& context_;
  EntityId id_;
  Entity& entity_;
  model::Rollup rollup_;
};

void read_upkeep(Context& context, UpkeepReader::Turn turn) {
  for (std::size_t i = 0; i < context.workload.entities.size(); ++i) {
    for (Attribute& attribute : context.workload.entities[i].attributes) {
      const auto node = context.entities[i].attribute_nodes.find(attribute.name);
      if (node == context.entities[i].attribute_nodes.end() || !node->second->is_map()) continue;
      UpkeepReader(context, EntityId{i}).read(attribute, *node->second, turn);
    }
  }
}

}  // namespace

void resolve_rollups(Context& context) {
  for (std::size_t i = 0; i < context.workload.entities.size(); ++i) {
    const Node* rollup = child(context.entities[i].entry->value, "rollup");
    if (rollup != nullptr && rollup->is_map()) RollupReader(context, EntityId{i}).read(*rollup);
  }
}

void resolve_copies(Context& context) {
  read_upkeep(context, UpkeepReader::Turn::before_rollups);
}

void resolve_upkeep(Context& context) {
  read_upkeep(context, UpkeepReader::Turn::after_rollups);
}

}  // namespace ddbplan::schema
