#include "seed/relations.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "capacity/distribution.h"
#include "capacity/traffic.h"
#include "support/text.h"

namespace ddbplan::seed {

using dynamo::AttributeValue;
using dynamo::Item;
using model::Entity;
using model::EntityId;
using model::Relation;
using model::Workload;
using support::Prng;

namespace {

constexpr int kTriesForAPair = 30;

/// A row that may be a parent.
struct Parent {
  EntityId entity;
  const Item* row = nullptr;
};

std::string value_text(const AttributeValue& value) {
  if (const std::string* text = value.as_string()) return "S" + *text;
  if (const dynamo::Decimal* number = value.as_number()) return "N" + number->to_string();
  return std::string(value.type_name());
}

/// Parents of one kind, by what they share with children that have other parents already.
class Kind {
 public:
  /// Attributes of the child and of the parent.
  using Links = std::vector<std::pair<std::string, std::string>>;
  struct Group {
    /// Each parent as often as it should have children.
    std::vector<std::size_t> slots;
    std::size_t rows = 0;
    [[nodiscard]] double slots_per_row() const {
      return static_cast<double>(slots.size()) /
             static_cast<double>(std::max<std::size_t>(rows, 1));
    }
  };

  explicit Kind(Links shared) : shared_(std::move(shared)) {}

  void add(std::size_t parent, const Item& row, std::size_t children) {
    parents_.push_back({parent, &row, children});
  }
  /// Those that agree with the row in what it has; what it has not yet, it takes from them. Null: none does.
  const Group* agreeing(const Item& row) { return find(row); }
  /// Counts a row among those that such parents may be of; false: it agrees with none.
  bool count(const Item& row) {
    Group* group = find(row);
    if (group != nullptr) ++group->rows;
    return group != nullptr;
  }

 private:
  struct OfKind {
    std::size_t parent = 0;
    const Item* row = nullptr;
    std::size_t children = 0;
  };
  using Groups = std::map<std::string, Group>;

  static void append(std::string& text, const Item& row, const std::string& name) {
    const auto* value = row.find(name);
    if (value != row.end()) text += value_text(value->second) + '\0';
  }

  Group* find(const Item& row) {
    std::vector<bool> has;
    std::string text;
    for (const auto& [mine, theirs] : shared_) {
      has.push_back(row.contains(mine));
      append(text, row, mine);
    }
    const auto [known, is_new] = by_what_is_there_.try_emplace(has);
    Groups& groups = known->second;
    for (std::size_t i = 0; is_new && i < parents_.size(); ++i) {
      std::string shown;
      for (std::size_t link = 0; link < has.size(); ++link) {
        if (has[link]) append(shown, *parents_[i].row, shared_[link].second);
      }
      std::vector<std::size_t>& slots = groups[shown].slots;
      slots.insert(slots.end(), parents_[i].children, parents_[i].parent);
    }
    const auto group = groups.find(text);
    return group == groups.end() ? nullptr : &group->second;
  }

  Links shared_;
  std::vector<OfKind> parents_;
  std::map<std::vector<bool>, Groups> by_what_is_there_;
};

class ChildMaker {
 public:
  ChildMaker(const Workload& workload, EntityId child, const RowSets& made)
      : workload_(workload), child_(child), entity_(workload.entity(child)), made_(made) {
    if (are_brought_by_parents(entity_, entity_.id)) told_apart_by_.push_back(entity_.id);
    for (const model::Unique& unique : entity_.unique) {
      if (are_brought_by_parents(entity_, unique.attributes))
        told_apart_by_.push_back(unique.attributes);
    }
  }

  std::vector<Item> make(std::size_t wanted) {
    const Prng base = Prng(workload_.settings.seed_number).fork(entity_.name);
    bool is_first = true;
    for (std::size_t i = 0; i < entity_.relations.size(); ++i) {
      const Relation& relation = entity_.relations[i];
      Prng prng = base.fork("relation " + std::to_string(i));
      const std::vector<Parent> parents = parents_of(relation);
      const bool is_own = std::find(relation.parents.begin(), relation.parents.end(), child_) !=
                          relation.parents.end();
      if (is_own) {
        own_relations_.push_back(&relation);
        continue;
      }
      if (is_first) {
        lead(relation, parents, wanted, prng);
      } else {
        follow(relation, parents, prng);
      }
      is_first = false;
    }
    if (is_first) rows_.resize(wanted);
    drop_repeated();
    return std::move(rows_);
  }

 private:
  [[nodiscard]] std::vector<Parent> parents_of(const Relation& relation) const {
    std::vector<Parent> parents;
    for (const EntityId id : relation.parents) {
      for (const Item& row : made_[id.index]) parents.push_back({id, &row});
    }
    return parents;
  }

  void adopt(Item& row, const Relation& relation, const Parent& parent) const {
    for (const auto& [mine, theirs] : identity_links(workload_, child_, relation, parent.entity)) {
      const auto* value = parent.row->find(theirs);
      if (value != parent.row->end()) row.insert_or_assign(mine, value->second);
    }
  }

  [[nodiscard]] bool is_named(const Relation& relation, const Parent& parent, double& share) const {
    for (const auto& [mine, theirs] : identity_links(workload_, child_, relation, parent.entity)) {
      const auto* value = parent.row->find(theirs);
      const std::string* text = value == parent.row->end() ? nullptr : value->second.as_string();
      const auto named =
          text == nullptr ? relation.named_shares.end() : relation.named_shares.find(*text);
      if (named == relation.named_shares.end()) continue;
      share = named->second;
      return true;
    }
    return false;
  }

  /// The parents of another relation that there are to go with: those that rows have, or else all.
  [[nodiscard]] double parents_to_go_with(const Relation& other) const {
    std::set<std::string> seen;
    for (const Item& row : rows_) {
      if (auto text = text_of(row, other.attributes)) seen.insert(*std::move(text));
    }
    return static_cast<double>(seen.empty() ? parents_of(other).size() : seen.size());
  }

  /// The relation with no more children of one parent than there are different rows of it: where the parent and those of
  /// other relations are a row's identity, a small data set has not as many others as the busiest parent would have of a
  /// skew that many more share in. Half way between the mean and all of them: a parent that goes with every other one
  /// leaves those that have a single row none to go with.
  [[nodiscard]] Relation within_pairs(Relation relation, double mean, double total) const {
    for (const std::vector<std::string>& names : told_apart_by_) {
      const auto is_part = [&names](const Relation& one) {
        return !one.attributes.empty() &&
               std::all_of(one.attributes.begin(), one.attributes.end(),
                           [&](const auto& name) { return support::contains(names, name); });
      };
      if (!is_part(relation)) continue;
      double others = 1;
      for (const Relation& other : entity_.relations) {
        if (other.attributes != relation.attributes && is_part(other))
          others *= parents_to_go_with(other);
      }
      const double share = (mean + std::max(mean, others)) / 2 / std::max(total, 1.0);
      const double all = relation.children.mean * static_cast<double>(parents_of(relation).size());
      relation.children.max = std::min(relation.children.max, share * all);
    }
    return relation;
  }

  /// How many children each parent has, in sum about `total`.
  [[nodiscard]] std::vector<std::size_t> counts(const Relation& relation,
                                                const std::vector<Parent>& parents, double total,
                                                Prng& prng) const {
    std::vector<std::size_t> result(parents.size(), 0);
    std::vector<std::size_t> unnamed;
    double rest = total;
    for (std::size_t i = 0; i < parents.size(); ++i) {
      double share = 0;
      if (!is_named(relation, parents[i], share)) {
        unnamed.push_back(i);
        continue;
      }
      result[i] = static_cast<std::size_t>(std::llround(share * total));
      rest -= static_cast<double>(result[i]);
    }
    if (unnamed.empty()) return result;
    rest = std::max(rest, 0.0);
    const std::vector<std::size_t> order = permutation(unnamed.size(), prng);
    const auto n = static_cast<double>(unnamed.size());
    if (relation.zipf && *relation.zipf > 0) {
      const capacity::ParentShares shares(within_pairs(relation, total / n, total),
                                          static_cast<double>(parents.size()));
      const double all = std::max(shares.unnamed_share(), 1e-9);
      double carry = 0;
      for (std::size_t i = 0; i < unnamed.size(); ++i) {
        const double exact = shares.of_rank(static_cast<double>(i + 1)) / all * rest + carry;
        const double whole = std::floor(exact + 0.5);
        carry = exact - whole;
        result[unnamed[order[i]]] = static_cast<std::size_t>(std::max(0.0, whole));
      }
      return result;
    }
    const double mean = rest / n;
    const model::Spread spread{mean,
                               std::max(std::ceil(mean), std::min(relation.children.max, total))};
    const auto law = capacity::CountDistribution::children(spread);
    for (std::size_t i = 0; i < unnamed.size(); ++i) {
      const double u = (static_cast<double>(i) + 0.5) / n;
      result[unnamed[order[i]]] =
          static_cast<std::size_t>(std::max(0.0, std::round(law.quantile(u))));
    }
    return result;
  }

  [[nodiscard]] std::size_t with_parent(const Relation& relation, std::size_t rows) const {
    const double share = std::min(1.0, relation.present);
    return static_cast<std::size_t>(std::llround(share * static_cast<double>(rows)));
  }

  /// The first relation decides how many rows there are.
  void lead(const Relation& relation, const std::vector<Parent>& parents, std::size_t wanted,
            Prng& prng) {
    const std::size_t children = with_parent(relation, wanted);
    const std::vector<std::size_t> each =
        counts(relation, parents, static_cast<double>(children), prng);
    std::vector<std::size_t> owners;
    for (std::size_t i = 0; i < each.size(); ++i) owners.insert(owners.end(), each[i], i);
    // Rows of one parent do not lie together: position must not tell the parent.
    const std::vector<std::size_t> order = permutation(owners.size(), prng);
    for (const std::size_t i : order) {
      Item row;
      adopt(row, relation, parents[owners[i]]);
      rows_.push_back(std::move(row));
    }
    rows_.resize(rows_.size() + (wanted - children));
  }

  /// Attributes of the child that an earlier relation has set, and that this one sets too.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> shared(const Relation& relation,
                                                                        EntityId parent) const {
    std::vector<std::pair<std::string, std::string>> names;
    for (const auto& pair : identity_links(workload_, child_, relation, parent)) {
      const bool is_set = std::any_of(rows_.begin(), rows_.end(),
                                      [&](const Item& row) { return row.contains(pair.first); });
      if (is_set) names.push_back(pair);
    }
    return names;
  }

  void follow(const Relation& relation, const std::vector<Parent>& parents, Prng& prng) {
    if (parents.empty() || rows_.empty()) return;
    const std::size_t n = rows_.size();
    const std::size_t children = with_parent(relation, n);
    const std::vector<std::size_t> presence = permutation(n, prng);
    const std::vector<std::size_t> each =
        counts(relation, parents, static_cast<double>(children), prng);
    const bool is_free =
        std::all_of(relation.parents.begin(), relation.parents.end(),
                    [&](EntityId parent) { return shared(relation, parent).empty(); });
    if (is_free) {
      deal(relation, parents, each, presence, children, prng);
    } else {
      match(relation, parents, each, presence, children, prng);
    }
  }

  /// Any parent will do: each is dealt out as often as it has children.
  void deal(const Relation& relation, const std::vector<Parent>& parents,
            const std::vector<std::size_t>& each, const std::vector<std::size_t>& presence,
            std::size_t children, Prng& prng) {
    std::vector<std::size_t> slots;
    for (std::size_t i = 0; i < each.size(); ++i) slots.insert(slots.end(), each[i], i);
    while (slots.size() < children) slots.push_back(prng.below(parents.size()));
    const std::vector<std::size_t> order = permutation(slots.size(), prng);
    std::vector<Dealt> dealt;
    std::vector<Dealt> repeated;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (presence[i] >= children) continue;
      const Dealt one{i, &parents[slots[order[dealt.size() + repeated.size()]]]};
      adopt(rows_[i], relation, *one.parent);
      (repeats(rows_[i], taken_) ? repeated : dealt).push_back(one);
    }
    // A pair that is there already changes its second half with another row's, so that each parent keeps as many
    // children as it should have; only where none is found it takes any.
    for (Dealt& one : repeated) {
      bool is_apart = exchange(relation, one, dealt, prng);
      for (int tries = 0; tries < kTriesForAPair && !is_apart; ++tries) {
        one.parent = &parents[prng.below(parents.size())];
        adopt(rows_[one.row], relation, *one.parent);
        is_apart = !repeats(rows_[one.row], taken_);
      }
      if (is_apart) dealt.push_back(one);
    }
  }

  struct Dealt {
    std::size_t row = 0;
    const Parent* parent = nullptr;
  };

  /// False: no row was found that this one can change parents with, both being unlike all others then.
  bool exchange(const Relation& relation, Dealt& one, std::vector<Dealt>& dealt, Prng& prng) {
    for (int tries = 0; tries < kTriesForAPair && !dealt.empty(); ++tries) {
      Dealt& other = dealt[prng.below(dealt.size())];
      Item mine = rows_[one.row];
      Item theirs = rows_[other.row];
      adopt(mine, relation, *other.parent);
      adopt(theirs, relation, *one.parent);
      forget(rows_[other.row]);
      if (!repeats(mine, taken_)) {
        if (!repeats(theirs, taken_)) {
          rows_[one.row] = std::move(mine);
          rows_[other.row] = std::move(theirs);
          std::swap(one.parent, other.parent);
          return true;
        }
        forget(mine);
      }
      static_cast<void>(repeats(rows_[other.row], taken_));
    }
    return false;
  }

  /// The parent must agree with what the row has from earlier relations.
  void match(const Relation& relation, const std::vector<Parent>& parents,
             const std::vector<std::size_t>& each, const std::vector<std::size_t>& presence,
             std::size_t children, Prng& prng) {
    std::vector<Kind> kinds;
    for (const EntityId id : relation.parents) kinds.emplace_back(shared(relation, id));
    for (std::size_t i = 0; i < parents.size(); ++i) {
      const auto kind =
          std::find(relation.parents.begin(), relation.parents.end(), parents[i].entity);
      kinds[static_cast<std::size_t>(kind - relation.parents.begin())].add(
          i, *parents[i].row, std::max<std::size_t>(each[i], 1));
    }
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      bool fits = false;
      for (Kind& kind : kinds) fits = kind.count(rows_[i]) || fits;
      if (fits) fitting.push_back(i);
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (presence[i] >= children) continue;
      std::vector<const Kind::Group*> groups = agreeing(kinds, rows_[i]);
      // Without a parent that agrees, the row moves to where there is one, with all that it has from earlier relations.
      if (groups.empty() && !fitting.empty()) {
        rows_[i] = rows_[fitting[prng.below(fitting.size())]];
        groups = agreeing(kinds, rows_[i]);
      }
      const auto draw = [&] {
        if (groups.empty()) return prng.below(parents.size());
        const std::vector<std::size_t>& slots = one_of(groups, prng).slots;
        return slots[prng.below(slots.size())];
      };
      adopt(rows_[i], relation, parents[draw()]);
      for (int tries = 0; tries < kTriesForAPair && repeats(rows_[i], taken_); ++tries)
        adopt(rows_[i], relation, parents[draw()]);
    }
  }

  static std::vector<const Kind::Group*> agreeing(std::vector<Kind>& kinds, const Item& row) {
    std::vector<const Kind::Group*> groups;
    for (Kind& kind : kinds) {
      if (const Kind::Group* group = kind.agreeing(row)) groups.push_back(group);
    }
    return groups;
  }

  /// Each kind has as many children as it should: those that are of one tenant have that tenant's rows alone to be
  /// chosen by, shared ones have all.
  static const Kind::Group& one_of(const std::vector<const Kind::Group*>& groups, Prng& prng) {
    if (groups.size() == 1) return *groups.front();
    double all = 0;
    for (const Kind::Group* group : groups) all += group->slots_per_row();
    double left = prng.unit() * all;
    for (const Kind::Group* group : groups) {
      left -= group->slots_per_row();
      if (left < 0) return *group;
    }
    return *groups.back();
  }

  /// Values that tell rows apart, by position in told_apart_by_.
  using Taken = std::vector<std::set<std::string>>;

  /// nullopt: a row that lacks a part of a unique value holds none. Tenants come later, and so may parts of the
  /// identity.
  [[nodiscard]] std::optional<std::string> text_of(const Item& row,
                                                   const std::vector<std::string>& names) const {
    std::string text;
    for (const std::string& name : names) {
      const auto* value = row.find(name);
      if (value != row.end()) {
        text += value_text(value->second);
      } else if (name != entity_.tenant && names != entity_.id) {
        return std::nullopt;
      }
      text += '\0';
    }
    return text;
  }

  /// Whether values that must differ are those of another row; else they are taken from now on.
  bool repeats(const Item& row, Taken& taken) const {
    taken.resize(told_apart_by_.size());
    std::vector<std::optional<std::string>> texts;
    for (std::size_t i = 0; i < told_apart_by_.size(); ++i) {
      texts.push_back(text_of(row, told_apart_by_[i]));
      if (texts.back() && taken[i].contains(*texts.back())) return true;
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i]) taken[i].insert(*std::move(texts[i]));
    }
    return false;
  }

  /// Its values are free again. REQUIRES: they are taken by this row.
  void forget(const Item& row) {
    for (std::size_t i = 0; i < taken_.size(); ++i) {
      if (const auto text = text_of(row, told_apart_by_[i])) taken_[i].erase(*text);
    }
  }

  /// Rows whose identity, or a unique value, is made of relations alone must differ.
  void drop_repeated() {
    if (told_apart_by_.empty()) return;
    Taken seen;
    std::erase_if(rows_, [&](const Item& row) { return repeats(row, seen); });
  }

  const Workload& workload_;
  EntityId child_;
  const Entity& entity_;
  const RowSets& made_;
  std::vector<Item> rows_;
  /// The identity and the unique values that are made of parents' identities.
  std::vector<std::vector<std::string>> told_apart_by_;
  Taken taken_;
  std::vector<const Relation*> own_relations_;
};

}  // namespace

bool are_brought_by_parents(const Entity& entity, const std::vector<std::string>& names) {
  const auto is_brought = [&](const std::string& name) {
    return std::any_of(entity.relations.begin(), entity.relations.end(), [&](const auto& relation) {
      return support::contains(relation.attributes, name);
    });
  };
  return std::any_of(names.begin(), names.end(), is_brought) &&
         std::all_of(names.begin(), names.end(), [&](const std::string& name) {
           return name == entity.tenant || is_brought(name);
         });
}

std::vector<Item> children_rows(const Workload& workload, EntityId child, std::size_t rows,
                                const RowSets& made) {
  return ChildMaker(workload, child, made).make(rows);
}

namespace {

/// False where a parent that every row has is not among those that agree with the others chosen.
bool try_parents(const Workload& workload, EntityId child, const RowSets& rows, Prng& prng,
                 Item& row) {
  bool is_whole = true;
  for (const Relation& relation : workload.entity(child).relations) {
    if (relation.present < 1 && prng.unit() >= relation.present) continue;
    std::vector<Parent> fitting;
    for (const EntityId id : relation.parents) {
      const auto pairs = identity_links(workload, child, relation, id);
      for (const Item& candidate : rows[id.index]) {
        const bool agrees = std::all_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
          const auto mine = row.find(pair.first);
          const auto theirs = candidate.find(pair.second);
          return mine == row.end() || (theirs != candidate.end() && mine->second == theirs->second);
        });
        if (agrees) fitting.push_back({id, &candidate});
      }
    }
    if (fitting.empty()) {
      is_whole = is_whole && (relation.present < 1 || relation.optional);
      continue;
    }
    const Parent& chosen = fitting[prng.below(fitting.size())];
    for (const auto& [mine, theirs] : identity_links(workload, child, relation, chosen.entity)) {
      const auto* value = chosen.row->find(theirs);
      if (value != chosen.row->end()) row.insert_or_assign(mine, value->second);
    }
  }
  return is_whole;
}

}  // namespace

void choose_parents(const Workload& workload, EntityId child, const RowSets& rows, Prng& prng,
                    Item& row) {
  const Item given = row;
  for (int tries = 0; tries < kTriesForAPair; ++tries) {
    row = given;
    if (try_parents(workload, child, rows, prng, row)) return;
  }
}

}  // namespace ddbplan::seed
