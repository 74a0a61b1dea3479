// What the resolving steps share: the Workload as it grows, the tree it comes from, and how
// findings are made.
//
// The tree has passed the structural check (structure.h): a value either has its shape or is marked
// broken, and was reported. So the steps below read with value(), get nothing for what is broken,
// and say nothing about it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/workload.h"
#include "schema/codes.h"
#include "schema/node.h"
#include "schema/phrases.h"
#include "schema/quantity.h"

namespace ddbplan::schema {

/// What was written about a relation and is needed until the counts are known.
struct RelationDraft {
  std::optional<double> mean;
  std::optional<double> max;
  std::string text;  ///< `User as sender_id`, for messages
};

/// Where an attribute's type comes from when it is another attribute's: a parent's identity, a
/// copy, a rollup.
struct TypeSource {
  model::EntityId entity;
  std::string attribute;
};

struct EntityDraft {
  const Entry* entry = nullptr;
  std::optional<double> count;
  support::Span count_span;
  bool growth_given = false;
  /// Parts of it were broken, so an attribute that is not there may have been meant to be.
  bool incomplete = false;
  bool is_in_circle = false;  ///< of identities, and that was said
  std::vector<RelationDraft> relations;
  std::map<std::string, TypeSource> inherited;
  std::map<std::string, const Node*> attribute_nodes;
};

struct PatternDraft {
  const Entry* entry = nullptr;
  std::string path;  ///< "access_patterns.order"
};

class Context {
 public:
  Context(const support::SourceText& source, support::Diagnostics& diagnostics)
      : source_(source), diagnostics_(diagnostics) {}

  model::Workload workload;
  Calendar calendar;
  std::vector<EntityDraft> entities;   ///< beside workload.entities
  std::vector<PatternDraft> patterns;  ///< beside workload.patterns

  [[nodiscard]] const support::SourceText& source() const { return source_; }

  void report(support::Diagnostic diagnostic);
  void report(Code code, support::Span span, std::string message, std::string help = {}) {
    report(finding(code, span, std::move(message), std::move(help)));
  }
  /// Some attribute's description was broken: nothing is said about types and values then.
  bool uncertain_types = false;
  /// The place of a word inside a scalar.
  [[nodiscard]] support::Span span_of(const Node& scalar, const Word& word) const {
    return span_within(scalar, word.begin, word.end, source_);
  }
  [[nodiscard]] support::Span span_of(const Node& scalar, std::size_t begin,
                                      std::size_t end) const {
    return span_within(scalar, begin, end, source_);
  }

  void use_default(std::string path, std::string value, std::string reason) {
    workload.defaults.push_back({std::move(path), std::move(value), std::move(reason)});
  }

  /// The entity of that name, or nullopt after reporting it (nothing is reported when an entity of
  /// that name was broken).
  std::optional<model::EntityId> entity(std::string_view name, support::Span span);
  [[nodiscard]] std::vector<std::string> entity_names() const;
  /// `entities` as a whole could not be read: none is missing.
  bool entities_broken = false;
  /// Entities that exist but could not be read.
  std::set<std::string, std::less<>> broken_entities;
  bool patterns_broken = false;
  /// Paths of patterns whose `by` could not be looked up: what it identifies is not known.
  std::set<std::string, std::less<>> uncertain_by;
  std::set<std::string, std::less<>> broken_patterns;

  model::Entity& at(model::EntityId id) { return workload.entities[id.index]; }
  [[nodiscard]] const model::Entity& at(model::EntityId id) const {
    return workload.entities[id.index];
  }
  EntityDraft& draft(model::EntityId id) { return entities[id.index]; }
  [[nodiscard]] const EntityDraft& draft(model::EntityId id) const { return entities[id.index]; }

 private:
  const support::SourceText& source_;
  support::Diagnostics& diagnostics_;
};

// Reading a checked tree.
// ------------------------------------------------------------------------------------

/// The value under a key of a map; nullptr where it is missing or broken.
const Node* child(const Node& map, std::string_view key);
/// Is the key there at all, broken or not?
bool has(const Node& map, std::string_view key);
/// The scalar's parsed value; nullopt for what is not a scalar or was refused.
template <class T>
std::optional<T> value(const Node* node, Parsed<T> (*parse)(std::string_view)) {
  if (node == nullptr || !node->is_scalar()) return std::nullopt;
  Parsed<T> parsed = parse(node->text);
  if (!parsed) return std::nullopt;
  return std::move(*parsed);
}
template <class T>
std::optional<T> value(const Node& map, std::string_view key,
                       Parsed<T> (*parse)(std::string_view)) {
  return value(child(map, key), parse);
}
std::optional<std::string> text(const Node& map, std::string_view key);
/// `true` or `false`; nullopt where it is not said.
std::optional<bool> flag(const Node& map, std::string_view key);
/// A scalar alone, or the scalars of a list: `by: a` and `by: [a, b]`.
std::vector<const Node*> scalars(const Node* node);
/// "`a`, `b` and `c`".
std::string quoted_list(const std::vector<std::string>& names);
std::string quoted(std::string_view name);
/// "Did you mean `x`?" or, without a near name and with few of them, "The attributes are `a`, `b`
/// and `c`."
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates,
                       std::string_view plural_noun);

}  // namespace ddbplan::schema
