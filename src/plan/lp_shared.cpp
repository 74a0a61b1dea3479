#include "plan/lp_shared.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace ddbplan::plan {

namespace {

/// Foreign attributes of one layout beyond which their products are left out; each doubles them.
constexpr std::size_t kForeignMost = 6;

/// An attribute that an index of the kind which projects a list has.
using Projected = std::pair<std::size_t, std::string>;

void subtract(std::vector<std::vector<double>>& from,
              const std::vector<std::vector<double>>& what) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    for (std::size_t j = 0; j < from[i].size(); ++j) from[i][j] -= what[i][j];
  }
}

/// What `loads` are more than `less`.
ChoiceLoads difference(ChoiceLoads loads, const ChoiceLoads& less) {
  for (std::size_t i = 0; i < loads.storage.size(); ++i) loads.storage[i] -= less.storage[i];
  for (ChoiceLoads::Load& one : loads.loads) {
    for (const ChoiceLoads::Load& other : less.loads) {
      if (one.pattern != other.pattern || one.table != other.table || one.slot != other.slot)
        continue;
      subtract(one.read, other.read);
      subtract(one.write, other.write);
    }
  }
  return loads;
}

/// The pattern reads no more.
bool is_nothing(const ChoiceLoads& loads, std::size_t pattern) {
  constexpr double kNoise = 1e-9;
  const auto is_zero = [](const std::vector<std::vector<double>>& units) {
    return std::all_of(units.begin(), units.end(), [](const std::vector<double>& sample) {
      return std::all_of(sample.begin(), sample.end(),
                         [](double one) { return std::abs(one) < kNoise; });
    });
  };
  return std::all_of(loads.loads.begin(), loads.loads.end(), [&](const ChoiceLoads::Load& one) {
    return one.pattern != pattern || (is_zero(one.read) && is_zero(one.write));
  });
}

/// The way of serving goes by one of the indexes.
bool reads_any(const SharingColumn& reading, const std::vector<Projected>& projected) {
  return std::any_of(
      reading.loads.loads.begin(), reading.loads.loads.end(), [&](const ChoiceLoads::Load& one) {
        const bool is_shared =
            one.pattern == reading.pattern && one.slot && one.slot->first == kIncludeKind;
        return is_shared && std::any_of(projected.begin(), projected.end(), [&](const auto& added) {
                 return added.first == one.slot->second;
               });
      });
}

class SharedProjections {
 public:
  SharedProjections(const std::vector<SharingEntity>& entities, std::string suffix,
                    const ChargeLoads& charge, Names& names, Program& program)
      : entities_(entities),
        suffix_(std::move(suffix)),
        charge_(charge),
        names_(names),
        program_(program) {}

  void add() {
    for (const SharingEntity& entity : entities_) {
      for (const SharingLayout& layout : entity.layouts) {
        const SlotAttributes own =
            entity.search.included(layout.layout.choice, layout.layout.claims);
        for (const auto& [number, attributes] : own) {
          for (const std::string& name : attributes)
            projected_by_[{number, name}][entity.name].push_back(layout.layout.column);
        }
        included_[&layout] = own;
      }
    }
    for (const SharingEntity& entity : entities_) {
      for (const SharingLayout& layout : entity.layouts) add_layout(entity, layout);
    }
  }

 private:
  /// What others may add to the layout's entries, and what makes them heavier.
  [[nodiscard]] std::vector<Projected> foreign(const SharingEntity& entity,
                                               const SharingLayout& layout) const {
    std::vector<Projected> out;
    const SlotAttributes& own = included_.at(&layout);
    for (const auto& [projected, by] : projected_by_) {
      const auto index = own.find(projected.first);
      const bool by_others = by.size() > (by.contains(entity.name) ? 1U : 0U);
      if (index == own.end() || !by_others || support::contains(index->second, projected.second))
        continue;
      if (loads(entity, layout.layout, {projected}).storage != layout.layout.loads.storage)
        out.push_back(projected);
    }
    return out;
  }

  static ChoiceLoads loads(const SharingEntity& entity, const SharingColumn& of,
                           const std::vector<Projected>& more) {
    SlotAttributes added;
    for (const auto& [number, name] : more) added[number].push_back(name);
    return entity.search.take_apart(of.choice, of.claims, added);
  }

  void add_layout(const SharingEntity& entity, const SharingLayout& layout) {
    if (included_.at(&layout).empty()) return;
    std::vector<Projected> all = foreign(entity, layout);
    if (all.size() > kForeignMost) {
      program_.comment("Left out: what other entities' projections add to " + layout.layout.column +
                       " beyond " + std::to_string(kForeignMost) + " attributes.");
      all.resize(kForeignMost);
    }
    for (std::size_t chosen = 1; chosen < std::size_t{1} << all.size(); ++chosen) {
      std::vector<Projected> some;
      for (std::size_t i = 0; i < all.size(); ++i) {
        if ((chosen >> i & 1U) != 0) some.push_back(all[i]);
      }
      add_product(entity, layout, all, some);
    }
  }

  /// The layout, with these projected for others and no more.
  void add_product(const SharingEntity& entity, const SharingLayout& layout,
                   const std::vector<Projected>& all, const std::vector<Projected>& some) {
    const std::string column =
        names_.unique("heavier_" + plain(entity.name) + "_" + std::to_string(++products_));
    program_.binary(column);
    Program::Terms terms{{1, column}, {-1, layout.layout.column}};
    for (const Projected& one : all) {
      const bool is_in = std::find(some.begin(), some.end(), one) != some.end();
      terms.emplace_back(is_in ? -1 : 1, shared_column(one));
    }
    program_.row("product_" + column, terms, ">=", -static_cast<double>(some.size()));
    const ChoiceLoads written = loads(entity, layout.layout, some);
    charge_(column, difference(written, layout.layout.loads), std::nullopt);
    for (const SharingColumn& reading : layout.readings) {
      if (!reads_any(reading, some)) continue;
      const ChoiceLoads more = difference(loads(entity, reading, some), reading.loads);
      if (is_nothing(more, *reading.pattern)) continue;
      const std::string read = names_.unique(column + "_" + reading.column);
      program_.binary(read);
      program_.row("product_" + read, {{1, read}, {-1, column}, {-1, reading.column}}, ">=", -1);
      charge_(read, more, reading.pattern);
    }
  }

  const std::string& shared_column(const Projected& projected) {
    const auto [place, is_new] = shared_.try_emplace(projected);
    if (!is_new) return place->second;
    place->second = names_.unique("shared_" + std::to_string(projected.first + 1) + "_" +
                                  plain(projected.second) + suffix_);
    program_.binary(place->second);
    Program::Terms any{{1, place->second}};
    for (const auto& [entity, layouts] : projected_by_.at(projected)) {
      Program::Terms one{{1, place->second}};
      for (const std::string& layout : layouts) {
        one.emplace_back(-1, layout);
        any.emplace_back(-1, layout);
      }
      program_.row("projects_" + place->second + "_" + plain(entity), one, ">=", 0);
    }
    program_.row("projects_" + place->second, any, "<=", 0);
    return place->second;
  }

  const std::vector<SharingEntity>& entities_;
  std::string suffix_;
  const ChargeLoads& charge_;
  Names& names_;
  Program& program_;
  std::map<Projected, std::map<std::string, std::vector<std::string>>> projected_by_;
  std::map<const SharingLayout*, SlotAttributes> included_;
  std::map<Projected, std::string> shared_;
  std::size_t products_ = 0;
};

}  // namespace

void add_shared_projections(const std::vector<SharingEntity>& entities, const std::string& suffix,
                            const ChargeLoads& charge, Names& names, Program& program) {
  SharedProjections(entities, suffix, charge, names, program).add();
}

}  // namespace ddbplan::plan
