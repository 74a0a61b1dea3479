// `belongs_to` brings the parents' identities along as attributes; then every attribute whose type
// is somebody else's gets it.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "model/timestamp.h"
#include "schema/checks.h"
#include "schema/resolve.h"
#include "schema/resolve_attribute.h"
#include "support/text.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::Entity;
using model::EntityId;
using model::Origin;
using model::Relation;
using model::ValueType;

/// A parent's identity as a child carries it: without the tenant, which the child has anyway,
/// unless the tenant is all of it.
std::vector<std::string> carried_identity(const Entity& parent, const Entity& child) {
  std::vector<std::string> names;
  for (const std::string& name : parent.id) {
    if (name == child.tenant && parent.id.size() > 1) continue;
    names.push_back(name);
  }
  return names;
}

/// As long as a ULID: what an identity that nobody described is taken for.
constexpr double kIdentityBytes = 26;

/// Of a tree's rows, those that have a parent.
constexpr double kBelowTheRoot = 0.9;

class RelationReader {
 public:
  RelationReader(Context& context, EntityId id)
      : context_(context),
        id_(id),
        entity_(context.at(id)),
        draft_(context.draft(id)),
        path_("entities." + entity_.name + ".belongs_to.") {}

  void read() {
    const Node* node = child(draft_.entry->value, "belongs_to");
    if (node == nullptr) return;
    if (node->is_scalar()) add(*node, node->text, nullptr);
    for (const Node* item : scalars(node->is_list() ? node : nullptr))
      add(*item, item->text, nullptr);
    for (const Entry& entry : node->entries) {
      // Spans of a key: as if it were a scalar that reads as the key does.
      Node key;
      key.kind = Node::Kind::scalar;
      key.text = entry.key;
      key.span = entry.key_span;
      add(key, entry.key, &entry.value);
    }
  }

 private:
  void add(const Node& key, const std::string& text_of_key, const Node* details) {
    const Parsed<RelationPhrase> phrase = parse_relation(text_of_key);
    if (!phrase) return;
    Relation relation;
    relation.span = key.span;
    relation.optional = phrase->optional;
    for (const Word& word : phrase->parents) {
      const auto parent = context_.entity(word.text, context_.span_of(key, word));
      if (!parent) {
        draft_.incomplete = true;
        return;
      }
      relation.parents.push_back(*parent);
    }
    if (!name_attributes(relation, *phrase, key)) return;
    if (refuse_clash(relation, key)) return;
    RelationDraft draft;
    draft.text = text_of_key;
    if (details != nullptr) read_details(relation, draft, *details);
    default_presence(relation, text_of_key, details);
    bring_attributes(relation);
    entity_.relations.push_back(std::move(relation));
    draft_.relations.push_back(std::move(draft));
  }

  bool name_attributes(Relation& relation, const RelationPhrase& phrase, const Node& key) {
    const std::vector<std::string> carried =
        carried_identity(context_.at(relation.parents.front()), entity_);
    for (const EntityId parent : relation.parents) {
      if (context_.draft(parent).incomplete && context_.at(parent).id.empty()) return false;
      if (carried_identity(context_.at(parent), entity_).size() == carried.size()) continue;
      context_.report(
          Code::type_mismatch, key.span,
          fmt::format("the identities of `{}` and `{}` do not have the same number of parts",
                      context_.at(relation.parents.front()).name, context_.at(parent).name),
          "Only entities with alike identities can stand for each other.");
      return false;
    }
    if (carried.empty()) {
      context_.report(Code::no_relation, key.span,
                      fmt::format("`{}` is a singleton: nothing can belong to it",
                                  context_.at(relation.parents.front()).name));
      return false;
    }
    if (phrase.attributes.empty()) {
      if (relation.parents.size() > 1) {
        context_.report(Code::missing_key, key.span,
                        "a relation to one of several entities needs a name",
                        fmt::format("Write `{} as ATTRIBUTE`.", key.text));
        return false;
      }
      relation.attributes = carried;
      return true;
    }
    if (phrase.attributes.size() != carried.size()) {
      context_.report(Code::type_mismatch, key.span,
                      fmt::format("the identity of `{}` has {} {} ({}), but `as` names {}",
                                  context_.at(relation.parents.front()).name, carried.size(),
                                  carried.size() == 1 ? "part" : "parts", quoted_list(carried),
                                  phrase.attributes.size()),
                      "Name each of them: `as first + second`.");
      return false;
    }
    for (const Word& word : phrase.attributes) relation.attributes.push_back(word.text);
    return true;
  }

  /// Two relations may share an attribute (a compound parent's); not all of them.
  bool refuse_clash(const Relation& relation, const Node& key) {
    const bool is_self =
        std::find(relation.parents.begin(), relation.parents.end(), id_) != relation.parents.end();
    if (is_self && relation.attributes == carried_identity(entity_, entity_)) {
      context_.report(Code::name_taken, key.span,
                      fmt::format("`{}` would have to hold its own identity and its parent's in {}",
                                  entity_.name, quoted_list(relation.attributes)),
                      fmt::format("Give the parent's a name: `{} as parent_id`.", entity_.name));
      return true;
    }
    for (const Relation& other : entity_.relations) {
      if (other.attributes != relation.attributes) continue;
      support::Diagnostic diagnostic =
          finding(Code::name_taken, key.span,
                  fmt::format("this relation would use {}, which holds another parent's identity",
                              quoted_list(relation.attributes)),
                  fmt::format("Rename one of them: `{} as ATTRIBUTE`.", key.text));
      diagnostic.notes.push_back({"already used by this one", other.span});
      context_.report(std::move(diagnostic));
      return true;
    }
    return false;
  }

  void read_details(Relation& relation, RelationDraft& draft, const Node& details) {
    const Node* children = details.is_scalar() ? &details : child(details, "children");
    if (const auto spread = value(children, parse_count_spread)) {
      if (check_spread(context_, *children, *spread, {0, kRowsMax, "children", Code::absurd})) {
        draft.mean = spread->mean;
        draft.max = spread->max;
      }
    }
    if (!details.is_map()) return;
    const Node* present = child(details, "present");
    const auto share = value(present, parse_share);
    if (share &&
        check_between(context_, *present, *share * 100, {0.0001, 100, "percent of the rows"})) {
      relation.present = *share;
    }
    read_skew(relation, child(details, "skew"));
    read_skew(relation, child(details, "hottest"));
  }

  void read_skew(Relation& relation, const Node* skew) {
    if (skew == nullptr) return;
    if (const auto exponent = value(skew, parse_zipf)) {
      if (check_between(context_, *skew, *exponent,
                        {0, 10, "as the exponent of a Zipf distribution"})) {
        relation.zipf = *exponent;
      }
    }
    if (const auto share = value(skew, parse_share)) {
      if (check_between(context_, *skew, *share * 100, {0, 100, "percent of the children"})) {
        relation.named_shares["hottest"] = *share;
      }
    }
    double sum = 0;
    for (const Entry& entry : skew->entries) {
      const auto share = value(&entry.value, parse_share);
      if (!share ||
          !check_between(context_, entry.value, *share * 100, {0, 100, "percent of the children"}))
        continue;
      relation.named_shares[entry.key] = *share;
      sum += *share;
    }
    if (sum > 1.0001) {
      context_.report(Code::shares_do_not_sum, skew->span,
                      fmt::format("the named parents hold {}% of the children together",
                                  support::format_number(sum * 100, 2)),
                      "Shares of one whole cannot exceed 100%.");
    }
  }

  void default_presence(Relation& relation, const std::string& text_of_key, const Node* details) {
    if (details != nullptr && has(*details, "present")) return;
    const bool is_self =
        std::find(relation.parents.begin(), relation.parents.end(), id_) != relation.parents.end();
    if (relation.optional) {
      relation.present = 0.5;
      context_.use_default(path_ + text_of_key + ".present", "50%", "an optional parent");
    } else if (is_self) {
      relation.present = kBelowTheRoot;
      context_.use_default(path_ + text_of_key + ".present", "90%", "a tree has roots");
    }
  }

  void bring_attributes(Relation& relation) {
    const std::vector<std::string> carried =
        carried_identity(context_.at(relation.parents.front()), entity_);
    for (std::size_t i = 0; i < relation.attributes.size(); ++i) {
      const std::string& name = relation.attributes[i];
      if (entity_.find(name) != nullptr) continue;
      Attribute attribute = implied_attribute(name, ValueType::string, Origin::relation);
      attribute.span = relation.span;
      attribute.present = relation.present;
      entity_.attributes.push_back(std::move(attribute));
      draft_.inherited[name] = {relation.parents.front(), carried[i]};
    }
    if (relation.present < 1) relation.optional = true;
  }

  Context& context_;
  EntityId id_;
  Entity& entity_;
  EntityDraft& draft_;
  std::string path_;
};

void add_tenant(Context& context, EntityId id) {
  Entity& entity = context.at(id);
  if (entity.tenant.empty() || entity.find(entity.tenant) != nullptr) return;
  entity.attributes.insert(entity.attributes.begin(),
                           implied_attribute(entity.tenant, ValueType::string, Origin::tenant));
  entity.attributes.front().bytes = {kIdentityBytes, kIdentityBytes};
  if (const auto owner = model::tenant_entity(context.workload); owner && *owner != id) {
    context.draft(id).inherited[entity.tenant] = {*owner, entity.tenant};
  }
}

/// An identity attribute that was neither declared nor brought: text of a ULID's length.
void add_missing_identity(Context& context, EntityId id) {
  Entity& entity = context.at(id);
  if (context.draft(id).incomplete || context.draft(id).entry->value.find("rollup") != nullptr)
    return;
  // Backwards, each to the front: they then stand in the identity's order.
  for (auto name = entity.id.rbegin(); name != entity.id.rend(); ++name) {
    if (entity.find(*name) != nullptr) continue;
    Attribute attribute = implied_attribute(*name, ValueType::string, Origin::implied);
    attribute.bytes = {kIdentityBytes, kIdentityBytes};
    attribute.span = context.draft(id).entry->key_span;
    entity.attributes.insert(entity.attributes.begin(), std::move(attribute));
    context.use_default("entities." + entity.name + "." + *name, "string 26 B",
                        "the identity's type is not declared");
  }
}

class Inheritance {
 public:
  explicit Inheritance(Context& context) : context_(context) {}

  void run() {
    for (std::size_t i = 0; i < context_.entities.size(); ++i) {
      for (const auto& [name, from] : context_.entities[i].inherited) {
        static_cast<void>(from);
        settle(EntityId{i}, name);
      }
    }
    for (std::size_t i = 0; i < context_.entities.size(); ++i) name_buckets(EntityId{i});
  }

 private:
  /// A time kept as text that is cut to a bucket becomes the bucket's name (model::bucket_text), a day a date.
  void name_buckets(EntityId id) {
    const model::Entity& entity = context_.at(id);
    if (!entity.rollup) return;
    for (const model::Rollup::By& by : entity.rollup->by) {
      const auto* cut = std::get_if<model::Truncate>(&by.from->node);
      Attribute* attribute = cut == nullptr ? nullptr : find({id, by.name});
      if (attribute == nullptr || attribute->type != model::ValueType::timestamp) continue;
      const auto length = static_cast<double>(model::bucket_text(0, cut->unit).size());
      attribute->bytes = {length, length};
      if (cut->unit == model::TimeUnit::day || cut->unit == model::TimeUnit::week)
        attribute->type = model::ValueType::date;
    }
  }

  using Key = std::pair<EntityId, std::string>;

  Attribute* find(const Key& key) {
    for (Attribute& attribute : context_.at(key.first).attributes) {
      if (attribute.name == key.second) return &attribute;
    }
    return nullptr;
  }

  /// Follows the chain of sources to a declared attribute, then hands its type back down.
  void settle(EntityId id, const std::string& name) {
    std::vector<Key> chain;
    Key at{id, name};
    while (true) {
      const bool seen = std::find(chain.begin(), chain.end(), at) != chain.end();
      if (seen) {
        report_cycle(chain);
        return;
      }
      chain.push_back(at);
      const auto& inherited = context_.draft(at.first).inherited;
      const auto source = inherited.find(at.second);
      if (source == inherited.end()) break;
      at = {source->second.entity, source->second.attribute};
    }
    const Attribute* origin = find(chain.back());
    if (origin == nullptr) return;
    for (const Key& key : chain) {
      if (Attribute* attribute = find(key); attribute != nullptr && attribute != origin)
        take(*attribute, *origin);
    }
  }

  static void take(Attribute& attribute, const Attribute& origin) {
    attribute.type = origin.type;
    attribute.element = origin.element;
    attribute.bytes = origin.bytes;
    attribute.entries = origin.entries;
    if (attribute.origin != Origin::declared || attribute.values.empty())
      attribute.values = origin.values;
  }

  void report_cycle(const std::vector<Key>& chain) {
    bool is_known = false;
    for (const Key& key : chain) {
      bool& reported = context_.draft(key.first).is_in_circle;
      is_known = is_known || reported;
      reported = true;
    }
    if (is_known) return;
    std::vector<std::string> names;
    for (const Key& key : chain) names.push_back(context_.at(key.first).name);
    names.push_back(context_.at(chain.front().first).name);
    context_.report(
        Code::cycle, context_.draft(chain.front().first).entry->key_span,
        fmt::format("identities go round in a circle: {}", support::join(names, " -> ")),
        "One of these entities needs an identity of its own.");
  }

  Context& context_;
};

}  // namespace

void resolve_relations(Context& context) {
  const std::size_t count = context.workload.entities.size();
  for (std::size_t i = 0; i < count; ++i) RelationReader(context, EntityId{i}).read();
  // The tenant first: it leads the identity and has a type of its own.
  for (std::size_t i = 0; i < count; ++i) add_tenant(context, EntityId{i});
  for (std::size_t i = 0; i < count; ++i) add_missing_identity(context, EntityId{i});
}

void resolve_inherited_types(Context& context) {
  Inheritance(context).run();
}

}  // namespace ddbplan::schema
