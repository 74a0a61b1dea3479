// The choices of one entity, priced apart from the rest: which base key, which index entries, and by which of
// them each of its Needs is served. What the design costs is the sum of its entities' own parts (their steps,
// their writes, their bytes) and of the indexes, which entities share; so the search first finds, entity by
// entity, the few choices that can be part of a cheapest design.
//
// A part is priced with everything around it at its lightest: other entities on their lightest base key and in
// no index, no foreign attributes in a shared index, the entity's own heat alone. All of these only add cost,
// so the sum of parts is a lower bound for every design made of them.
//
// A parent that is read with its children by one Query concerns two entities. Both have to claim it, and the
// choices of an entity are kept apart by their claims.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "plan/evaluate.h"
#include "plan/load_profile.h"

namespace ddbplan::plan {

/// Indexes that an entity's entries need, by what may share an index: keys only, some attributes, all; then
/// the same for local ones; last, entries whose sort key is a number of its own, which share nothing.
inline constexpr std::size_t kSlotKinds = 7;
inline constexpr std::size_t kUnshared = kSlotKinds - 1;
using SlotDemand = std::array<std::uint8_t, kSlotKinds>;

/// One way to decide everything about an entity.
struct EntityChoice {
  std::size_t base = 0;
  std::vector<std::size_t> serve;  ///< by position in EntityParts::needs; kUnserved where nothing serves
  std::vector<std::size_t> all;    ///< entries that project everything where a list would do
  double cost = 0;                 ///< dollars a month in the prices it was searched with
  SlotDemand slots{};
};

/// A bit for each of EntityParts::joints: read in one Query.
using Claims = std::uint32_t;

struct EntityParts {
  std::vector<std::size_t> needs;
  /// Parents' Needs of which this entity is the parent or the child, and which one Query might read.
  std::vector<std::size_t> joints;
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
  /// Every entity on its lightest base key, in no index; its Needs by the base key, else by their first option.
  [[nodiscard]] const State& lightest() const { return lightest_; }
  [[nodiscard]] const std::vector<std::size_t>& patterns_of(std::size_t entity) const {
    return patterns_of_[entity];
  }
  [[nodiscard]] const std::vector<std::size_t>& needs_of(std::size_t entity) const {
    return needs_of_[entity];
  }
  /// Parents' Needs that one Query might read with their children, under some base keys.
  [[nodiscard]] const std::vector<std::size_t>& joints() const { return joints_; }
  /// Rows that the parent's step finds for the child's step to read on, at least; 1 where it does not matter.
  [[nodiscard]] double fewest_parents(std::size_t joint_or_parent) const;
  /// Whether an option serves the Need under this base key.
  [[nodiscard]] bool valid(std::size_t need, std::size_t option, std::size_t base) const;
  /// Position of the option of that kind; kUnserved when there is none.
  [[nodiscard]] std::size_t base_option(std::size_t need) const;

  std::int64_t nodes = 0;
  std::int64_t effort = 0;
  [[nodiscard]] bool exhausted() const { return nodes >= effort; }

 private:
  void choose_lightest();
  void serve_from_base();
  void find_joints();
  void count_parents();
  [[nodiscard]] Scope scope_of_pattern(std::size_t pattern) const;

  const Problem& problem_;
  CostMemo& memo_;
  ProfileSpace space_;
  State lightest_;
  std::vector<std::vector<std::size_t>> patterns_of_;
  std::vector<std::vector<std::size_t>> needs_of_;
  std::vector<std::size_t> joints_;
  std::map<std::size_t, double> fewest_parents_;
};

class EntitySearch {
 public:
  EntitySearch(Surroundings& around, std::size_t entity);

  /// The choices that matter at these prices. What an evaluation found is remembered for other prices.
  EntityParts search(const std::vector<double>& prices, const Keep& keep, const Forced& forced = {});
  /// The load of a choice, for ProfileSpace::dominant.
  LoadProfile profile(const EntityChoice& choice, Claims claims);
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
    bool joined = false;
    std::optional<std::size_t> entry;
    bool takes_all = false;  ///< the entry must project everything
    LoadProfile read;        ///< its pattern's own steps
    LoadProfile open;        ///< what keeping the index entry costs
    LoadProfile heavier;     ///< what its key attributes add to the items and all that reads them
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
  std::optional<Solo> solo(std::size_t base, std::size_t position, std::size_t option, bool joined,
                           const LoadProfile& bare);
  [[nodiscard]] std::size_t owner(const design::Design& design, const design::AccessPlan& plan,
                                  const PlanUnits::Part& part) const;
  [[nodiscard]] bool may_be_in_another(const Decisions& decisions, model::PatternId pattern,
                                       const design::Step& step) const;
  [[nodiscard]] SlotDemand slots_of(const Decisions& decisions) const;
  [[nodiscard]] bool can_claim(std::size_t base, std::size_t joint) const;
  /// The joint that a Need, by position, is the parent's or the child's side of.
  [[nodiscard]] std::optional<std::size_t> joint_of(std::size_t position) const;
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
