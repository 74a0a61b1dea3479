// What an application stores: entities, their attributes, relations, uniqueness and lifetime.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "model/expression.h"
#include "model/ids.h"
#include "support/units.h"

namespace ddbplan::model {

/// `40 B .. 120 B`: mean and maximum of a distribution over non-negative numbers. max >= mean.
struct Spread {
  double mean = 0;
  double max = 0;
  bool operator==(const Spread&) const = default;
};

enum class ValueType {
  ulid,
  ksuid,
  uuid,
  string,
  integer,
  number,
  boolean,
  binary,
  timestamp,  ///< ISO 8601, UTC, milliseconds: 2026-11-27T18:00:00.000Z (24 bytes, sorts as time)
  epoch_s,
  epoch_ms,
  date,  ///< 2026-11-27
  set,
  list,
  map
};

/// Timestamps, dates and epochs.
bool is_time(ValueType type);
/// Made so that no two are equal.
bool is_id(ValueType type);

/// One value of `one_of` or `states`. Shares of an attribute sum to 1.
struct EnumValue {
  std::string name;
  double share = 0;
  /// Position in `rank` order when the enum's order matters; by default the order of the YAML.
  int rank = 0;
};
/// OPEN -> PAID. An empty `from` is "any".
struct Move {
  std::vector<std::string> from;
  std::optional<std::string> to;  ///< nullopt: -> any
};

enum class Kept { transaction, stream, never };

/// An attribute that another entity's rows determine.
struct Upkeep {
  enum class Kind { count_of, sum_of, newest_of, copy_of } kind = Kind::count_of;
  EntityId source;
  std::string source_attribute;  ///< empty for count_of
  /// The relation's attribute: the row's own for copy_of ("brand_id" in copy_of: brand_id.name), the source's
  /// that refers to this entity for the others ("customer_id" of Order in count_of: Order).
  std::string through;
  ExpressionPtr where;
  Kept kept = Kept::transaction;
};

/// Why an attribute exists.
enum class Origin {
  declared,
  relation,  ///< a parent's identity, brought along by belongs_to
  tenant,    ///< settings.tenant
  implied,   ///< the epoch-seconds attribute of a retention, the filler of `size:`
};

struct Attribute {
  std::string name;
  support::Span span;
  Origin origin = Origin::declared;
  ValueType type = ValueType::string;
  std::optional<ValueType> element;     ///< of a set
  std::optional<std::string> sorts_as;  ///< `ulid of placed_at`
  /// Bytes of the value, without its name, of rows that have it. For numbers the typical stored size.
  Spread bytes;
  std::optional<Spread> entries;  ///< `list 12 .. 50 x 40 B`
  double present = 1;             ///< share of rows that have it
  /// Of a time: the share of the rows where it lies after now; nullopt: nobody says that it may.
  std::optional<double> ahead;
  std::vector<EnumValue> values;  ///< one_of, states; empty otherwise
  bool is_state = false;
  std::vector<Move> moves;
  std::optional<double> distinct;  ///< number of distinct values, when given
  bool distinct_all = false;       ///< no two rows share it, without a guard
  /// Of a date: the days that its rows' times span, which is how many values it has where nothing else tells.
  std::optional<double> days;
  std::optional<std::string> absent;  ///< stored in place of a missing value
  OperandPtr derive;
  bool immutable = false;
  bool lock = false;  ///< optimistic locking: version number, compared on every update
  std::optional<std::string> sequence_per;
  std::optional<Upkeep> upkeep;
  std::string about;
};

/// `belongs_to`: the child's `attributes[i]` equals the parent's identity `id[i]` (minus the tenant).
struct Relation {
  std::vector<EntityId> parents;  ///< more than one: polymorphic (`User | Organization as owner`)
  std::vector<std::string> attributes;  ///< the child's attributes that hold the parent's identity
  Spread children;                      ///< children of one parent: mean .. maximum
  bool children_is_default = false;     ///< neither said nor following from given counts
  double present = 1;                   ///< share of children that have this parent
  bool optional = false;
  /// `skew: zipf 1.05`; and named parents with their share of all children (`{acme: 12%}`).
  std::optional<double> zipf;
  std::map<std::string, double> named_shares;
  support::Span span;
};

struct Unique {
  std::vector<std::string> attributes;
  /// Other entities that share the name space; each of them has such a Unique too.
  std::vector<EntityId> across;
  bool ignore_case = false;
  support::Span span;
};

/// The entities that take their values from this name space, in the Workload's order.
std::vector<EntityId> name_space(EntityId entity, const Unique& unique);

/// `2 years after placed_at` or `until expires_at`. `attribute` is the epoch-seconds attribute that TTL uses.
struct Retention {
  std::optional<support::Duration> after;
  /// placed_at; for `until` the attribute that it names, which `attribute` may repeat
  std::string base_attribute;
  std::string attribute;  ///< expires_at
  /// The caller works `attribute` out from the other.
  [[nodiscard]] bool follows_base() const { return base_attribute != attribute; }
  support::Span span;
};

struct Archive {
  std::string to;
  ExpressionPtr where;
  std::optional<support::Duration> after;
};

/// `rollup: {of, by, keep}`: an entity whose rows are kept from another's.
struct Rollup {
  struct By {
    std::string name;
    OperandPtr from;
  };
  struct Keep {
    std::string name;
    std::string function;
    std::string attribute;
  };  // count min max sum newest
  EntityId of;
  std::vector<By> by;
  std::vector<Keep> keep;
  Kept kept = Kept::stream;
  /// The time that the rows are of, where their count follows from it.
  std::optional<support::Duration> spans;
};

struct Entity {
  std::string name;
  support::Span span;
  std::string about;
  /// The identity, in order; with tenancy the tenant attribute leads. Empty for a singleton.
  std::vector<std::string> id;
  bool singleton = false;
  bool shared = false;  ///< not under the tenant
  std::string tenant;   ///< the attribute that leads every `by`; empty: not under a tenant
  double count = 0;     ///< rows at the start of the horizon
  bool count_is_default = false;
  double growth_per_month = 0;        ///< 0.03 for 3%/month; children grow with their parents
  std::vector<Attribute> attributes;  ///< every one, relations' and implied ones included
  std::vector<Relation> relations;
  std::vector<Unique> unique;
  std::optional<Retention> retention;
  std::optional<Archive> archive;
  std::optional<Rollup> rollup;
  /// `size:` the stored item as a whole, names and key attributes included.
  std::optional<Spread> size;
  /// Attributes that stand in an item of their own beside the row's (vertical partitioning); a planner's decision.
  std::vector<std::string> facet;
  /// Items beside each row with all of it again, for reads that one key could not take; a planner's decision.
  int read_copies = 0;

  [[nodiscard]] const Attribute* find(std::string_view attribute) const;
  [[nodiscard]] bool is_identity(std::string_view attribute) const;
  /// An id of the row's own, which no other row ever has, also where the identity has more parts: not a parent's, and
  /// not the tenant's.
  [[nodiscard]] bool is_own_id(std::string_view attribute) const;
  /// The part of the identity that tells the rows of a parent apart, and is taken to tell all rows apart where nothing
  /// says how often a value of it comes.
  [[nodiscard]] bool is_last_part(std::string_view attribute) const;
  /// No two rows agree in all of these attributes.
  [[nodiscard]] bool is_one_row(const std::set<std::string>& attributes) const;
  [[nodiscard]] bool is_in_facet(std::string_view attribute) const;
  /// The relation that `attribute` names (way_of), else the first that it belongs to; null when none does.
  [[nodiscard]] const Relation* relation_by(std::string_view attribute) const;
  /// The attribute that names a relation: the last, which is the parent's own, where those before it name the
  /// parent's parents and may belong to relations of their own.
  static const std::string& way_of(const Relation& relation);
  /// Never changed by any declared write: the identity, `immutable`, and what no pattern sets (filled in by
  /// the schema stage as Attribute::immutable).
};

/// The entity is a rollup, and the attribute names its time buckets ("2026-11-27T18"): the buckets' unit. Not of a date,
/// which is compared as it is, nor of a number, which stays one.
std::optional<TimeUnit> bucket_of(const Entity& entity, const std::string& attribute);

/// A declared value of an enum: a number when the attribute is one.
dynamo::AttributeValue enum_value(const Attribute& attribute, const std::string& name);

}  // namespace ddbplan::model
