// The choices of one entity, priced apart from the rest: which base key, which index entries, and by which of
// them each of its Needs is served. What the design costs is the sum of its entities' own parts (their steps,
// their writes, their bytes) and of the indexes, which entities share; so the search first finds, entity by
// entity, the few choices that can be part of a cheapest design.
//
// A part is priced with everything around it at its lightest: other entities on their lightest base key and in
// no index, no foreign attributes in a shared index, the entity's own heat alone. All of these only add cost,
// so the sum of parts is a lower bound for every design made of them.
//
// How a parent is read with its children concerns two entities: by one Query, or the children after the parent
// was found, or both by the call's key. Both entities have to claim the same, and the choices of an entity are
// kept apart by their claims.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "plan/evaluate.h"
#include "plan/load_profile.h"

namespace ddbplan::plan {

/// Indexes that an entity's entries need, by what may share an index: keys only, some attributes, all; then
/// the same for local ones; last, entries whose sort key is a number of its own, which share nothing.
inline constexpr std::size_t kSlotKinds = 7;
inline constexpr std::size_t kFirstLocal = 3;
inline constexpr std::size_t kUnshared = kSlotKinds - 1;
using SlotDemand = std::array<std::uint8_t, kSlotKinds>;

/// A bit for each of Held::indexes.
using HeldUse = std::uint64_t;

/// One way to decide everything about an entity.
struct EntityChoice {
  std::size_t base = 0;
  std::vector<std::size_t>
      serve;  ///< by position in EntityParts::needs; kUnserved where nothing serves
  std::vector<std::size_t> all;  ///< entries that project everything where a list would do
  double cost = 0;               ///< dollars a month in the prices it was searched with
  SlotDemand slots{};
  HeldUse held = 0;  ///< of the indexes of an earlier design that do not stay anyway, those it uses
};

/// What a parent's Need and its children's have to agree on.
struct Joint {
  std::size_t need = 0;              ///< the parent's
  std::optional<std::size_t> child;  ///< of these children only; nullopt: of all
  enum class Kind {
    together,  ///< one Query reads the parent and these children
    in_index,  ///< the same, of an index
    follows    ///< the parent is found by an index first, and the children by what was found
  } kind = Kind::together;
  bool operator==(const Joint&) const = default;
};
/// A bit for each of EntityParts::joints: it is so.
using Claims = std::uint32_t;

struct EntityParts {
  std::vector<std::size_t> needs;
  std::vector<std::size_t> joints;  ///< positions in Surroundings::joints
  /// By claims: the choices that matter, cheapest first.
  std::map<Claims, std::vector<EntityChoice>> choices;
  /// By claims: no choice costs less. Below the cheapest choice only where the effort ran out.
  std::map<Claims, double> floor;
};

/// A decision that must be taken in a certain way, to price the alternative.
struct Forced {
  std::optional<std::size_t> base;
  std::optional<std::size_t> need;  ///< position in Problem::needs
  std::size_t option = 0;
  std::vector<std::size_t> without;  ///< entries that must not be used
};

/// An index as the entities see it: of a kind, and the how-manieth entry of each entity it holds (entities that
/// share an index share it in the order of their entries). nullopt: the table, local indexes included.
using Slot = std::optional<std::pair<std::size_t, std::size_t>>;
/// Of entries that share no index the number is the entity's times this, plus the entry's.
inline constexpr std::size_t kSlotsOfEntity = 64;
/// Attributes that indexes of the kind that projects some have, by their number.
inline constexpr std::size_t kIncludeKind = 1;
using SlotAttributes = std::map<std::size_t, std::vector<std::string>>;
/// The kind of an index of an earlier design; the number is its position in Held::indexes.
inline constexpr std::size_t kHeldSlot = kSlotKinds;

/// A choice taken apart for the linear program: what it stores and writes, and what each Need's pattern reads.
struct ChoiceLoads {
  struct Load {
    std::optional<std::size_t> pattern;  ///< of a Need; nullopt: whatever else the entity does
    std::size_t table = 0;
    Slot slot;
    std::vector<std::vector<double>>
        read;  ///< units a second by sampled month and moment, weighted
    std::vector<std::vector<double>> write;
  };
  std::vector<Load> loads;
  LoadProfile storage;
};

/// What the search keeps of an entity's choices.
struct Keep {
  /// Dollars that one more index is worth at most. Infinite: nothing makes up for an index.
  double slot_price = 0;
  /// Choices that cost up to this more than others that would do as well are kept too.
  double slack = 0;
};

/// Shared by the entities' searches.
class Surroundings {
 public:
  Surroundings(const Problem& problem, CostMemo& memo);
  [[nodiscard]] const Problem& problem() const { return problem_; }
  [[nodiscard]] CostMemo& memo() const { return memo_; }
  [[nodiscard]] const ProfileSpace& space() const { return space_; }
  /// Every entity on its lightest base key, in no index; its Needs by the base key, else by their first option, but
  /// those that lead to others by what finds the fewest rows.
  [[nodiscard]] const State& lightest() const { return lightest_; }
  [[nodiscard]] const std::vector<std::size_t>& patterns_of(std::size_t entity) const {
    return patterns_of_[entity];
  }
  [[nodiscard]] const std::vector<std::size_t>& needs_of(std::size_t entity) const {
    return needs_of_[entity];
  }
  [[nodiscard]] const std::vector<Joint>& joints() const { return joints_; }
  /// Of a parent's Need that an index finds: the option that leaves its children the least to read.
  [[nodiscard]] std::size_t scarcest_option(std::size_t need) const {
    return scarcest_option_.at(need);
  }
  /// Whether an option serves the Need under this base key.
  [[nodiscard]] bool valid(std::size_t need, std::size_t option, std::size_t base) const;
  /// An option of a Need by whose entries one Query reads a parent and these children; kUnserved when there is none.
  [[nodiscard]] std::size_t joining_option(std::size_t need, std::size_t child) const;
  /// Position of the option of that kind; kUnserved when there is none.
  [[nodiscard]] std::size_t base_option(std::size_t need) const;

  std::int64_t nodes = 0;
  std::int64_t effort = 0;
  [[nodiscard]] bool exhausted() const { return nodes >= effort; }

 private:
  void choose_lightest();
  void serve_from_base();
  void serve_leads();
  void find_joints();
  [[nodiscard]] bool may_be_in_index(std::size_t child) const;
  void find_scarcest_option(std::size_t need);
  [[nodiscard]] std::size_t scarcest(std::size_t need,
                                     const std::function<bool(const Option&)>& is_meant) const;
  [[nodiscard]] Scope scope_of_pattern(std::size_t pattern) const;

  const Problem& problem_;
  CostMemo& memo_;
  ProfileSpace space_;
  State lightest_;
  std::vector<std::vector<std::size_t>> patterns_of_;
  std::vector<std::vector<std::size_t>> needs_of_;
  std::vector<Joint> joints_;
  std::map<std::size_t, std::size_t> scarcest_option_;
};

class EntitySearch {
 public:
  EntitySearch(Surroundings& around, std::size_t entity);

  /// The choices that matter at these prices. What an evaluation found is remembered for other prices.
  EntityParts search(const Prices& prices, const Keep& keep, const Forced& forced = {});
  /// The load of a choice, for ProfileSpace::dominant.
  LoadProfile profile(const EntityChoice& choice, Claims claims);
  /// What a State has chosen for the entity.
  EntityChoice choice_of(const State& state, const Prices& prices, Claims& claims);
  [[nodiscard]] const std::vector<std::size_t>& joints() const { return joints_; }
  /// Its patterns, their Needs, and the entities that they touch.
  [[nodiscard]] const Scope& scope() const { return scope_; }
  /// The choice with everything around it at its lightest.
  [[nodiscard]] State surrounded(const EntityChoice& choice, Claims claims) const {
    return state_of({choice.base, claims, choice.serve, choice.all});
  }
  /// What one Query may read together with other kinds of items: as if it were alone, or its bytes only, which that
  /// Query costs at least.
  enum class Shared { alone, least };
  /// `foreign`: what others make its entries carry.
  ChoiceLoads take_apart(const EntityChoice& choice, Claims claims,
                         const SlotAttributes& foreign = {}, Shared shared = Shared::alone) const;
  /// What its entries make an index carry that others may share.
  [[nodiscard]] SlotAttributes included(const EntityChoice& choice, Claims claims) const;
  /// The entries that a choice opens, and the attributes that each carries; nullopt: all.
  using Carried = std::map<std::size_t, std::optional<std::vector<std::string>>>;
  [[nodiscard]] Carried carried(const EntityChoice& choice, Claims claims) const;
  /// The same choice in a State, claims included.
  void apply(const EntityChoice& choice, Claims claims, State& state) const;

 private:
  /// Everything decided about the entity.
  struct Decisions {
    std::size_t base = 0;
    Claims claims = 0;
    std::vector<std::size_t> serve;
    std::vector<std::size_t> all;
    auto operator<=>(const Decisions&) const = default;
  };
  struct Measured {
    bool possible = false;
    LoadProfile profile;
    double penalty = 0;
  };
  /// One way to serve one Need, alone under a base key.
  struct Solo {
    std::size_t option = 0;
    Claims claims = 0;  ///< what it takes
    std::optional<std::size_t> entry;
    bool is_fixed = false;  ///< the entry projects everything, or what its index has: no decision
    LoadProfile read;       ///< its pattern's own steps
    LoadProfile open;       ///< what keeping the index entry costs
    LoadProfile heavier;    ///< what its key attributes add to the items and all that reads them
  };
  struct BaseNumbers {
    LoadProfile bare;  ///< no Need served
    std::vector<std::vector<Solo>> solos;
  };
  struct Split;
  class Descent;

  [[nodiscard]] State state_of(const Decisions& decisions) const;
  /// Evaluates; parts of the whole go to `split` when it is given.
  Measured evaluate(const Decisions& decisions, Split* split) const;
  const Measured& measure(const Decisions& decisions);
  const BaseNumbers& numbers(std::size_t base);
  std::optional<Solo> solo(std::size_t base, std::size_t position, std::size_t option,
                           Claims claims, const LoadProfile& bare);
  [[nodiscard]] std::size_t owner(const design::Design& design, const design::AccessPlan& plan,
                                  const PlanUnits::Part& part) const;
  [[nodiscard]] bool may_be_in_another(const Decisions& decisions, model::PatternId pattern,
                                       const design::Step& step) const;
  [[nodiscard]] SlotDemand slots_of(const Decisions& decisions) const;
  /// By the entry's position in its row: the index, and where it is one that others may share.
  struct PlacedEntry {
    std::string index;
    std::size_t candidate = 0;
    Slot slot;
  };
  [[nodiscard]] std::vector<PlacedEntry> placed(const Assembly& assembly,
                                                const Decisions& decisions) const;
  [[nodiscard]] HeldUse held_of(const Decisions& decisions) const;
  [[nodiscard]] Carried carried(const Decisions& decisions) const;
  [[nodiscard]] std::size_t slot_kind(std::size_t entry,
                                      const std::optional<std::vector<std::string>>& names) const;
  [[nodiscard]] bool can_claim(std::size_t base, std::size_t joint) const;
  [[nodiscard]] const Joint& joint(std::size_t j) const { return around_.joints()[joints_[j]]; }
  /// What the claims of one side of a joint come to by this option.
  [[nodiscard]] bool can_be_way(std::size_t j, std::size_t need, std::size_t option) const;
  /// What a State has decided about a joint.
  [[nodiscard]] bool is_so(std::size_t j, const State& state) const;
  /// The children's side of a joint.
  [[nodiscard]] bool is_child_side(std::size_t j, std::size_t need) const;
  [[nodiscard]] bool is_parent(std::size_t j) const {
    return problem_.needs[joint(j).need].entity.index == entity_;
  }
  /// The joints that a Need, by position, is the parent's or a child's side of.
  [[nodiscard]] Claims joints_of(std::size_t position) const;
  [[nodiscard]] bool is_consistent(Claims claims) const;
  /// Whether a way of serving a Need is what the claims say.
  [[nodiscard]] bool agrees(std::size_t position, const Solo& solo, Claims claims) const;
  void serve_others(State& state) const;
  void set_other_side(std::size_t j, bool claimed, State& state) const;
  [[nodiscard]] bool surely_fails(const Decisions& decisions, model::PatternId pattern) const;
  [[nodiscard]] bool claimed_by_parent(const Decisions& decisions, const Assembly& assembly,
                                       model::PatternId pattern) const;

  Surroundings& around_;
  const Problem& problem_;
  std::size_t entity_;
  Scope scope_;
  const std::vector<std::size_t>& needs_;
  std::vector<std::size_t> joints_;
  std::map<std::size_t, BaseNumbers> numbers_;
  std::map<Decisions, Measured> measured_;
};

}  // namespace ddbplan::plan
