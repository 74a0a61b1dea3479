#include "plan/candidates.h"

#include <algorithm>
#include <array>

#include "model/conjuncts.h"
#include "model/upkeep.h"
#include "plan/apart_keys.h"
#include "plan/base_key.h"
#include "plan/counter.h"
#include "plan/expressions.h"
#include "plan/natural_keys.h"
#include "plan/physical_keys.h"
#include "plan/sort_tail.h"
#include "plan/sparse_entries.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::add_once;
using support::contains;

/// Generates the keys of one entity from the Needs that ask for it.
class EntityGenerator {
 public:
  EntityGenerator(const model::Workload& workload, const std::vector<Need>& needs,
                  const TablePlan& tables, model::EntityId id)
      : workload_(workload),
        needs_(needs),
        tables_(tables),
        id_(id),
        entity_(workload.entity(id)),
        summed_(model::summed_attributes(workload, id)),
        base_rule_(workload, id) {}

  EntityCandidates run() {
    bases_from_identity();
    for (const Need& need : needs_) {
      if (need.entity == id_) base_from_need(need);
    }
    drop_crowded_bases();
    if (const model::PhysicalOverride* made = hand_made_key(workload_, id_)) keep_hand_made(*made);
    // A counter may be several items, of which an index would hold every one.
    const bool counter = is_counter(workload_, id_) || may_need_parts(workload_, id_);
    for (const Need& need : needs_) {
      if (need.entity == id_ && !counter) entries_from_need(need);
    }
    merge_sparse_entries(workload_, needs_, out_.entries);
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool is_tenanted() const { return workload_.settings.tenant && !entity_.shared; }

  /// Every way to cut the identity into a partition key and a sort key, the whole as partition key first.
  void bases_from_identity() {
    std::vector<std::string> id = entity_.id;
    const std::size_t n = std::min<std::size_t>(id.size(), 4);
    for (std::size_t mask = (std::size_t{1} << n); mask-- > 1;) {
      KeySpec key = base_key();
      for (std::size_t i = 0; i < id.size(); ++i) {
        const bool in_partition = i < n && (mask >> (n - 1 - i) & 1U) != 0;
        (in_partition ? key.partition : key.sort).push_back(id[i]);
      }
      offer_base(std::move(key));
    }
    if (id.empty()) offer_base(base_key());  // a singleton
  }

  [[nodiscard]] KeySpec base_key() const {
    KeySpec key;
    key.entity = id_;
    key.is_base = true;
    return key;
  }

  void base_from_need(const Need& need) {
    std::vector<std::string> bound;
    std::vector<std::string> constants;
    for (const Equality& equality : need.equal) {
      if (equality.is_parameter()) {
        bound.push_back(equality.attribute);
      } else if (equality.values.size() == 1 && is_immutable(entity_, equality.attribute)) {
        constants.push_back(equality.attribute);
      }
    }
    if (bound.empty()) return;
    for (const SortTail& tail : sort_tails(entity_, need)) {
      for (const auto& [partition, lead] : splits(bound)) {
        KeySpec key = base_key();
        key.partition = partition;
        for (const std::vector<std::string>& sort : with_constants(lead, constants)) {
          key.sort = sort;
          add_tail(key, tail);
          for (const std::string& id : entity_.id) add_sort(key, id);
          offer_base(key);
        }
      }
    }
    for (const auto& [partition, lead] : splits(bound)) offer_short_base(partition, lead);
  }

  /// Without the order and the range: a shorter key, where few rows are left for the client to put in order.
  void offer_short_base(const std::vector<std::string>& partition,
                        const std::vector<std::string>& lead) {
    KeySpec key = base_key();
    key.partition = partition;
    key.sort = lead;
    for (const std::string& id : entity_.id) add_sort(key, id);
    if (base_rule_.can_be(key) && base_rule_.why_not(key).empty())
      add_key(out_.bases, std::move(key));
  }

  /// Constants in a base key tell rows apart for those that want some values; before the other equalities or after
  /// them, as another Need may bind only these or only those. A partition key of a constant would be one partition.
  static std::vector<std::vector<std::string>> with_constants(
      const std::vector<std::string>& lead, const std::vector<std::string>& constants) {
    std::vector<std::vector<std::string>> out{lead};
    if (constants.empty()) return out;
    std::vector<std::string> before = constants;
    before.insert(before.end(), lead.begin(), lead.end());
    std::vector<std::string> after = lead;
    after.insert(after.end(), constants.begin(), constants.end());
    out.push_back(std::move(before));
    if (!lead.empty()) out.push_back(std::move(after));
    return out;
  }

  static void add_sort(KeySpec& key, const std::string& attribute) {
    if (!contains(key.partition, attribute)) add_once(key.sort, attribute);
  }

  static void add_tail(KeySpec& key, const SortTail& tail) {
    for (const std::string& attribute : tail.names) {
      const bool is_new = !contains(key.partition, attribute) && !contains(key.sort, attribute);
      if (is_new && contains(tail.inverted, attribute)) key.inverted.push_back(attribute);
      add_sort(key, attribute);
    }
  }

  /// Keeps a base key if it may exist; otherwise remembers why not.
  void offer_base(KeySpec key) {
    if (!base_rule_.can_be(key)) return;
    if (std::string reason = base_rule_.why_not(key); !reason.empty()) {
      out_.rejected.push_back({std::move(key), std::move(reason)});
      return;
    }
    add_key(out_.bases, styled_base(std::move(key)));
  }

  /// Attributes become keys where that leaves the base key as useful as it was.
  [[nodiscard]] KeySpec styled_base(KeySpec key) const {
    KeySpec natural = with_natural_sides(workload_, tables_, key);
    const bool is_as_useful = std::none_of(needs_.begin(), needs_.end(), [&](const Need& need) {
      return need.entity == id_ && match(workload_, key, need) && !match(workload_, natural, need);
    });
    return is_as_useful ? natural : key;
  }

  /// Only keys of the attributes that the hand-made templates hold, with these templates.
  void keep_hand_made(const model::PhysicalOverride& physical) {
    std::optional<design::KeyTemplate> partition;
    std::optional<design::KeyTemplate> sort;
    if (!make(physical.partition_key, partition) || !make(physical.sort_key, sort)) {
      out_.bases.clear();
      return;
    }
    KeySpec wanted = base_key();
    if (partition) wanted.partition = attributes_of(*partition);
    if (sort) wanted.sort = attributes_of(*sort);
    // What is left open is the rest of the identity.
    for (const std::string& id : entity_.id) {
      if (contains(wanted.partition, id) || contains(wanted.sort, id)) continue;
      if (partition && sort) {
        out_.refused =
            "the key lacks " + id + ", so rows that differ in it alone would share a key";
        out_.bases.clear();
        return;
      }
      (partition ? wanted.sort : wanted.partition).push_back(id);
    }
    const std::size_t rejected = out_.rejected.size();
    offer_base(wanted);
    std::erase_if(out_.bases, [&](const KeySpec& key) {
      return (partition && key.partition != wanted.partition) || (sort && key.sort != wanted.sort);
    });
    for (KeySpec& key : out_.bases) {
      key.made_partition = partition;
      key.made_sort = sort;
      key.natural_partition = false;
      key.natural_sort = false;
    }
    if (!out_.bases.empty()) return;
    out_.refused = out_.rejected.size() > rejected
                       ? out_.rejected.back().reason
                       : "its attributes have to be always there, and text or whole numbers";
  }

  bool make(const std::optional<std::string>& text, std::optional<design::KeyTemplate>& out) {
    if (!text) return true;
    auto made = made_template(entity_, *text);
    if (!made) {
      out_.refused = made.error();
      return false;
    }
    out = *std::move(made);
    return true;
  }

  /// Where every list binds more than a base's partition key, a base with all of that in its partition key
  /// serves the same lists, and spreads them over more key values.
  void drop_crowded_bases() {
    const std::vector<KeySpec> all = out_.bases;
    std::erase_if(out_.bases, [&](const KeySpec& key) {
      return std::any_of(all.begin(), all.end(),
                         [&](const KeySpec& other) { return is_finer(other, key); });
    });
  }

  [[nodiscard]] bool is_finer(const KeySpec& finer, const KeySpec& key) const {
    const auto covers = [](const std::vector<std::string>& names,
                           const std::vector<std::string>& wanted) {
      return std::all_of(wanted.begin(), wanted.end(),
                         [&](const std::string& name) { return contains(names, name); });
    };
    if (finer.partition.size() <= key.partition.size() || !covers(finer.partition, key.partition) ||
        finer.partition.size() + finer.sort.size() != key.partition.size() + key.sort.size())
      return false;
    std::size_t lists = 0;
    for (const Need& need : needs_) {
      if (!(need.entity == id_) || need.at_most_one) continue;
      std::vector<std::string> bound;
      for (const Equality& equality : need.equal) bound.push_back(equality.attribute);
      if (!covers(bound, key.partition)) continue;
      if (!covers(bound, finer.partition)) return false;
      ++lists;
    }
    return lists > 0;
  }

  /// Ways to divide bound attributes between the partition key and the lead of the sort key: all in the
  /// partition, or one leading (so that a hierarchy of equalities shares one key). The tenant always leads.
  [[nodiscard]] std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> splits(
      const std::vector<std::string>& bound) const {
    std::vector<std::string> head;
    std::vector<std::string> rest;
    for (const std::string& name : bound) {
      const bool tenant = workload_.settings.tenant && name == *workload_.settings.tenant;
      (tenant ? head : rest).push_back(name);
    }
    std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> out;
    const auto offer = [&](std::vector<std::string> partition, std::vector<std::string> sort) {
      partition.insert(partition.begin(), head.begin(), head.end());
      out.emplace_back(std::move(partition), std::move(sort));
    };
    offer(rest, {});
    if (!head.empty() && !rest.empty()) offer({}, rest);
    if (rest.size() < 2) return out;
    for (std::size_t lead = 0; lead < rest.size(); ++lead) {
      std::vector<std::string> others;
      for (std::size_t i = 0; i < rest.size(); ++i) {
        if (i != lead) others.push_back(rest[i]);
      }
      offer({rest[lead]}, by_frequency(std::move(others)));
    }
    return out;
  }

  /// Attributes that more Needs bind come first: their sort key is then a prefix for all of those.
  [[nodiscard]] std::vector<std::string> by_frequency(std::vector<std::string> names) const {
    const auto bound_by = [&](const std::string& name) {
      return std::count_if(needs_.begin(), needs_.end(), [&](const Need& need) {
        return need.entity == id_ && need.find_equality(name) != nullptr;
      });
    };
    std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
      return bound_by(a) > bound_by(b);
    });
    return names;
  }

  void entries_from_need(const Need& need) {
    std::vector<std::string> parameters;
    std::vector<const Equality*> constants;
    for (const Equality& equality : need.equal) {
      if (equality.is_parameter()) {
        parameters.push_back(equality.attribute);
      } else if (!contains(summed_, equality.attribute)) {
        constants.push_back(&equality);
      }
    }
    for (const SortTail& tail : sort_tails(entity_, need)) {
      for (const auto& [partition, lead] : splits(parameters)) {
        if (!need.strong && !is_shared(partition, parameters, need) && !change_apart(parameters))
          continue;
        KeySpec key;
        key.entity = id_;
        key.partition = partition;
        key.sort = lead;
        offer_with_constants(key, constants, tail, need);
        offer_sparse(key, constants, tail, need);
      }
      if (parameters.empty() || constants.empty()) continue;
      for (const Need& other : needs_) {
        if (&other == &need || !asks_for_constants_alone(constants, other)) continue;
        KeySpec key;
        key.entity = id_;
        key.sort = in_order_of(other, parameters);
        offer_with_constants(key, constants, tail, need, asks_for_one_of(constants, other));
      }
    }
  }

  /// The Need wants all rows with these constants: in its index the parameters of another can lead the sort key.
  [[nodiscard]] bool asks_for_constants_alone(const std::vector<const Equality*>& constants,
                                              const Need& need) const {
    if (!(need.entity == id_) || need.equal.size() != constants.size()) return false;
    return std::all_of(constants.begin(), constants.end(), [&](const Equality* constant) {
      const Equality* found = need.find_equality(constant->attribute);
      return found != nullptr && !found->is_parameter();
    });
  }

  /// Of other values it reads nothing of an index of these rows alone, which would have one hot key for nothing.
  [[nodiscard]] static bool asks_for_one_of(const std::vector<const Equality*>& constants,
                                            const Need& need) {
    return std::all_of(constants.begin(), constants.end(), [&](const Equality* constant) {
      const auto& asked = need.find_equality(constant->attribute)->values;
      return std::find_first_of(asked.begin(), asked.end(), constant->values.begin(),
                                constant->values.end()) != asked.end();
    });
  }

  /// First what the Need orders by.
  [[nodiscard]] std::vector<std::string> in_order_of(const Need& need,
                                                     const std::vector<std::string>& names) const {
    std::vector<std::string> out;
    for (const model::OrderBy& by : need.order) {
      if (contains(names, by.attribute.name)) add_once(out, by.attribute.name);
    }
    for (const std::string& name : by_frequency(names)) add_once(out, name);
    return out;
  }

  /// A partition key of some of the equalities has fewer and hotter values than one of all of them. It is worth
  /// that where another Need binds a part of the same equalities, and so reads the same index.
  [[nodiscard]] bool is_shared(const std::vector<std::string>& partition,
                               const std::vector<std::string>& bound, const Need& need) const {
    if (partition.size() == bound.size()) return true;
    return std::any_of(needs_.begin(), needs_.end(), [&](const Need& other) {
      if (!(other.entity == id_) || &other == &need) return false;
      const bool binds_all = std::all_of(partition.begin(), partition.end(), [&](const auto& name) {
        return other.find_equality(name) != nullptr;
      });
      const auto parameters =
          std::count_if(other.equal.begin(), other.equal.end(), [&](const Equality& equality) {
            return equality.is_parameter() && contains(bound, equality.attribute);
          });
      const bool asks_nothing_else =
          std::all_of(other.equal.begin(), other.equal.end(), [&](const Equality& equality) {
            return !equality.is_parameter() || contains(bound, equality.attribute);
          });
      return binds_all && asks_nothing_else &&
             parameters < static_cast<std::ptrdiff_t>(bound.size());
    });
  }

  /// An update that changes some of them need not read the others first, if no key attribute holds both.
  [[nodiscard]] bool change_apart(const std::vector<std::string>& names) const {
    return std::any_of(
        workload_.patterns.begin(), workload_.patterns.end(), [&](const model::Pattern& pattern) {
          const std::vector<const model::Write*> writes = writes_of(pattern);
          return std::any_of(writes.begin(), writes.end(), [&](const model::Write* write) {
            if (write->kind != model::WriteKind::update || !(write->entities.front() == id_))
              return false;
            const auto changed = std::count_if(names.begin(), names.end(), [&](const auto& name) {
              return model::may_change(entity_, *write, name);
            });
            return changed > 0 && changed < static_cast<std::ptrdiff_t>(names.size());
          });
        });
  }

  /// Of optional attributes that every wanted row has, or that none has: an index without the other rows answers too.
  void offer_sparse(KeySpec key, const std::vector<const Equality*>& constants,
                    const SortTail& tail, const Need& need) {
    const std::vector<std::string> lacking = optional_of(model::lacking_attributes(need.residual));
    if (!lacking.empty()) {
      KeySpec without = key;
      without.lacking = lacking;
      offer_with_constants(without, constants, tail, need);
    }
    key.required = optional_of(model::required_attributes(need.residual));
    if (key.required.empty()) return;
    offer_with_constants(key, constants, tail, need);
    if (lacking.empty()) return;
    key.lacking = lacking;
    offer_with_constants(key, constants, tail, need);
  }

  [[nodiscard]] std::vector<std::string> optional_of(std::vector<std::string> names) const {
    std::erase_if(names, [this](const std::string& name) {
      const model::Attribute* attribute = entity_.find(name);
      return attribute == nullptr || attribute->present >= 1;
    });
    return names;
  }

  /// Constants make the index sparse, or stand in the key of an index over all rows.
  void offer_with_constants(const KeySpec& key, const std::vector<const Equality*>& constants,
                            const SortTail& tail, const Need& need, bool may_be_sparse = true) {
    const auto finish = [&](KeySpec spec) {
      add_tail(spec, tail);
      // A number of its own has another type than the texts that other entities' rows may stand beside.
      if (sorts_by_number(workload_, spec)) offer_entry(spec, need);
      if (!need.at_most_one) break_ties(spec);
      offer_entry(std::move(spec), need);
    };
    if (constants.empty()) return finish(key);
    KeySpec sparse = key;
    KeySpec leading = key;
    KeySpec sorted = key;
    for (const Equality* constant : constants) {
      sparse.fixed.push_back(*constant);
      add_once(sparse.partition, constant->attribute);
      add_once(leading.partition, constant->attribute);
      add_sort(sorted, constant->attribute);
    }
    if (may_be_sparse) finish(sparse);
    // Of several values none need stand in the key: one Query finds all of them, in one order, and a row that goes from
    // one to another stays where it is.
    const bool of_several = std::any_of(constants.begin(), constants.end(),
                                        [](const Equality* one) { return one->values.size() > 1; });
    if (of_several && may_be_sparse) {
      KeySpec apart = key;
      apart.fixed = sparse.fixed;
      finish(std::move(apart));
    }
    finish(leading);
    if (!sorted.partition.empty()) finish(sorted);
  }

  /// Rows with equal keys have no order in an index; the identity gives lists one that stays.
  void break_ties(KeySpec& key) const {
    for (const std::string& id : entity_.id) {
      const bool text = key_use(entity_, id) == KeyUse::anywhere;
      if (text && (!workload_.settings.tenant || id != *workload_.settings.tenant))
        add_sort(key, id);
    }
  }

  void offer_entry(KeySpec key, const Need& need) {
    if (is_tenanted() && !contains(key.partition, *workload_.settings.tenant) &&
        !workload_.pattern(need.pattern).across_tenants)
      return;
    const KeySpec natural = with_natural_sides(workload_, tables_, key);
    const bool is_natural = match(workload_, natural, need).has_value();
    if (is_natural) key = natural;
    std::vector<std::string> all =
        key.natural_partition ? std::vector<std::string>() : key.partition;
    if (!key.natural_sort) all.insert(all.end(), key.sort.begin(), key.sort.end());
    for (const std::string& attribute : all) {
      const bool is_number = sorts_by_number(workload_, key) && attribute == key.sort.front();
      if (contains(summed_, attribute) && !is_number) return;
      const auto fixed = std::find_if(key.fixed.begin(), key.fixed.end(),
                                      [&](const Equality& e) { return e.attribute == attribute; });
      if (fixed != key.fixed.end() && fixed->values.size() == 1) continue;  // a literal
      const KeyUse use = key_use(entity_, attribute);
      if (use == KeyUse::never) return;
      if (use == KeyUse::alone && !is_number) return;
    }
    if (KeySpec bucketed = key; needs_bucket(key) && add_bucket(bucketed)) {
      bucketed.natural_partition = false;
      if (match(workload_, bucketed, need)) return add_key(out_.entries, std::move(bucketed));
    }
    if (need.strong) {
      KeySpec local = key;
      local.local = true;
      local.natural_partition = false;
      local.natural_sort = local.natural_sort && local.sort.size() == 1;
      add_key(out_.entries, std::move(local));
    }
    add_key(out_.entries, std::move(key));
  }

  /// One key value that all rows share and that grows with time.
  [[nodiscard]] bool needs_bucket(const KeySpec& key) const {
    return std::all_of(key.partition.begin(), key.partition.end(), [&](const std::string& name) {
      const model::Attribute* attribute = entity_.find(name);
      return attribute != nullptr && !attribute->values.empty();
    });
  }

  /// The widest unit of time whose rows stay under kCollectionBytesPlanned.
  bool add_bucket(KeySpec& key) const {
    if (key.sort.empty()) return false;
    const std::string time = time_attribute(key.sort.front());
    if (time.empty()) return false;
    const double rows = model::rows_after(workload_, id_, workload_.settings.horizon_months);
    const double lifetime_seconds = entity_.retention && entity_.retention->after
                                        ? entity_.retention->after->seconds
                                        : rows / std::max(create_rate(), 1e-9);
    const double bytes_per_second = rows / std::max(lifetime_seconds, 1.0) * kEntryBytesGuess;
    if (bytes_per_second * lifetime_seconds <= kCollectionBytesPlanned) return false;
    key.bucket_attribute = time;
    key.bucket = model::TimeUnit::hour;
    constexpr auto kUnits = std::to_array<std::pair<model::TimeUnit, double>>(
        {{model::TimeUnit::month, 31 * support::kSecondsPerDay},
         {model::TimeUnit::day, support::kSecondsPerDay}});
    for (const auto& [unit, seconds] : kUnits) {
      if (bytes_per_second * seconds <= kCollectionBytesPlanned) {
        key.bucket = unit;
        break;
      }
    }
    return true;
  }

  /// The timestamp that a sort attribute is, or sorts as.
  [[nodiscard]] std::string time_attribute(const std::string& name) const {
    const model::Attribute* attribute = entity_.find(name);
    if (attribute != nullptr && attribute->sorts_as) attribute = entity_.find(*attribute->sorts_as);
    const bool time = attribute != nullptr && (attribute->type == model::ValueType::timestamp ||
                                               attribute->type == model::ValueType::date);
    return time ? attribute->name : std::string();
  }

  [[nodiscard]] double create_rate() const {
    double rate = 0;
    for (const model::Pattern& pattern : workload_.patterns) {
      for (const model::Write* write : writes_of(pattern)) {
        if (write->kind == model::WriteKind::create && write->entities.front() == id_)
          rate += pattern.load.mean.per_second * write->times.mean;
      }
    }
    return rate;
  }

  /// Bytes of an index entry with keys only, for the choice of a bucket's width alone.
  static constexpr double kEntryBytesGuess = 250;

  const model::Workload& workload_;
  const std::vector<Need>& needs_;
  const TablePlan& tables_;
  model::EntityId id_;
  const model::Entity& entity_;
  /// No composed key holds one: who adds to it cannot write the key.
  std::vector<std::string> summed_;
  BaseKeyRule base_rule_;
  EntityCandidates out_;
};

}  // namespace

std::vector<Option> options_of(const model::Workload& workload, const Need& need,
                               const EntityCandidates& keys) {
  std::vector<Option> options;
  const bool some_base =
      std::any_of(keys.bases.begin(), keys.bases.end(),
                  [&](const KeySpec& base) { return match(workload, base, need).has_value(); });
  if (some_base) options.push_back({Option::Kind::base, 0, false});
  const model::Entity& entity = workload.entity(need.entity);
  for (std::size_t u = 0; u < entity.unique.size() && need.at_most_one; ++u) {
    const std::vector<std::string>& attributes = entity.unique[u].attributes;
    const bool all_bound =
        std::all_of(attributes.begin(), attributes.end(), [&](const std::string& a) {
          const Equality* equality = need.find_equality(a);
          return equality != nullptr && equality->is_parameter();
        });
    if (all_bound && !need.batch) options.push_back({Option::Kind::guard, u, false});
  }
  for (std::size_t i = 0; i < keys.entries.size(); ++i) {
    if (!match(workload, keys.entries[i], need)) continue;
    options.push_back({Option::Kind::entry, i, false});
    const bool fetchable = need.purpose != Purpose::find_writes &&
                           need.purpose != Purpose::find_copies && !need.count_only && !need.strong;
    if (fetchable) options.push_back({Option::Kind::entry, i, true});
  }
  if (need.whole_entity) options.push_back({Option::Kind::scan, 0, false});
  return options;
}

Candidates generate(const model::Workload& workload, const std::vector<Need>& needs,
                    const TablePlan& tables) {
  Candidates out;
  for (std::size_t i = 0; i < workload.entities.size(); ++i) {
    out.entities.push_back(EntityGenerator(workload, needs, tables, model::EntityId{i}).run());
    add_keys_apart(workload, tables, out.entities.back().bases);
  }
  for (const Need& need : needs) {
    out.options.push_back(options_of(workload, need, out.entities[need.entity.index]));
  }
  return out;
}

}  // namespace ddbplan::plan
