#include "plan/continuity.h"

#include <algorithm>

#include "support/text.h"

namespace ddbplan::plan {

namespace {

std::vector<std::string> texts(const std::vector<design::KeyTemplate>& keys) {
  std::vector<std::string> out;
  for (const design::KeyTemplate& key : keys) out.push_back(design::to_string(key));
  return out;
}

std::string key_text(const design::KeyEntry& key) {
  return support::join(texts(key.partition), " + ") +
         (key.sort.empty() ? "" : " / " + support::join(texts(key.sort), " + "));
}

/// A key without shards says nothing of how it would be split.
bool is_same(const design::ShardRule& now, const design::ShardRule& then) {
  return now.sharded() == then.sharded() && (!now.sharded() || now == then);
}

bool is_same(const design::KeyEntry& now, const design::EarlierKey& then) {
  return now.index == then.index && texts(now.partition) == then.partition &&
         texts(now.sort) == then.sort &&
         (now.when ? model::to_string(*now.when) : "") == then.when && now.ranks() == then.ranks &&
         is_same(now.shards, then.shards);
}

bool is_same(const design::Index& now, const design::Index& then) {
  return now.local == then.local && now.key == then.key && now.projection == then.projection;
}

class Comparison {
 public:
  Comparison(const model::Workload& workload, const design::Design& design,
             const design::EarlierDesign& earlier)
      : workload_(workload), design_(design), earlier_(earlier) {}

  /// Nothing of the earlier design is missing or another.
  [[nodiscard]] bool is_all_there() const {
    if (design_.tables.size() != 1 || earlier_.tables.size() != 1) return false;
    const design::Table& table = design_.tables.front();
    const design::Table& before = earlier_.tables.front();
    if (table.name != before.name || !(table.key == before.key)) return false;
    for (const design::Index& index : before.indexes) {
      const design::Index* now = table.find_index(index.name);
      if (now == nullptr || !is_same(*now, index)) return false;
    }
    return std::all_of(earlier_.entities.begin(), earlier_.entities.end(), [&](const auto& entity) {
      return std::all_of(entity.second.begin(), entity.second.end(),
                         [&](const auto& item) { return is_there(entity.first, item); });
    });
  }

  design::Continuity run() {
    for (const model::Entity& entity : workload_.entities) {
      if (!earlier_.entities.contains(entity.name))
        add("entity:" + entity.name, row_text(entity.name));
    }
    for (const design::Index& index : design_.tables.front().indexes) {
      if (earlier_.tables.front().find_index(index.name) == nullptr)
        add("index:" + index.name, entries_text(index.name));
    }
    for (const design::ItemLayout& item : design_.items) compare_item(item);
    for (std::size_t p = 0; p < workload_.patterns.size(); ++p) {
      const std::string& name = workload_.patterns[p].name;
      if (!earlier_.patterns.contains(name)) add("pattern:" + name, places_text(design_.plans[p]));
    }
    list_unused();
    return std::move(out_);
  }

 private:
  void add(std::string subject, std::string what) {
    out_.added.push_back({std::move(subject), std::move(what)});
  }

  [[nodiscard]] const design::ItemLayout* find(const std::string& entity,
                                               const design::EarlierItem& item) const {
    for (const design::ItemLayout& now : design_.items) {
      const model::Entity& owner = workload_.entity(now.entity);
      const bool is_it = owner.name == entity && design::role_name(now.role) == item.role &&
                         (!now.unique || owner.unique[*now.unique].attributes == item.unique) &&
                         (now.copy == 0 || is_same(now.base, item.keys.front()));
      if (is_it) return &now;
    }
    return nullptr;
  }

  [[nodiscard]] static const design::KeyEntry* find(const design::ItemLayout& item,
                                                    const design::EarlierKey& key) {
    if (!key.index) return &item.base;
    for (const design::KeyEntry& entry : item.entries) {
      if (entry.index == key.index) return &entry;
    }
    return nullptr;
  }

  [[nodiscard]] bool is_there(const std::string& entity, const design::EarlierItem& item) const {
    const design::ItemLayout* now = find(entity, item);
    return now != nullptr && now->type_value == item.type &&
           std::all_of(item.keys.begin(), item.keys.end(), [&](const design::EarlierKey& key) {
             const design::KeyEntry* entry = find(*now, key);
             return entry != nullptr && is_same(*entry, key);
           });
  }

  [[nodiscard]] std::string row_text(const std::string& entity) const {
    for (const design::ItemLayout& item : design_.items) {
      if (item.role == design::ItemRole::row && workload_.entity(item.entity).name == entity)
        return key_text(item.base);
    }
    return {};
  }

  [[nodiscard]] std::string entry_text(const design::ItemLayout& item,
                                       const design::KeyEntry& entry) const {
    const std::string when = entry.when ? " if " + model::to_string(*entry.when) : "";
    return workload_.entity(item.entity).name + ": " + key_text(entry) + when;
  }

  [[nodiscard]] std::string entries_text(const std::string& index) const {
    std::vector<std::string> out;
    for (const design::ItemLayout& item : design_.items) {
      for (const design::KeyEntry& entry : item.entries) {
        if (entry.index == index) out.push_back(entry_text(item, entry));
      }
    }
    return support::join(out, "; ");
  }

  /// "GSI1", "table and GSI2".
  [[nodiscard]] static std::string places_text(const design::AccessPlan& plan) {
    std::vector<std::string> places;
    for (const design::Step& step : plan.steps)
      support::add_once(places, step.index.value_or("table"));
    return places.empty() ? std::string(design::served_name(plan.served))
                          : "by " + support::join_list(places);
  }

  void compare_item(const design::ItemLayout& item) {
    const std::string& entity = workload_.entity(item.entity).name;
    const auto before = earlier_.entities.find(entity);
    if (before == earlier_.entities.end()) return add_joining(item, {});
    const auto then =
        std::find_if(before->second.begin(), before->second.end(),
                     [&](const design::EarlierItem& one) { return find(entity, one) == &item; });
    if (then == before->second.end()) {
      add("entity:" + entity,
          std::string(design::role_name(item.role)) + " " + key_text(item.base));
      return;
    }
    if (item.role != design::ItemRole::row && !is_same(item.base, then->keys.front()))
      out_.lost.push_back({entity, "entity:" + entity,
                           "the " + then->role + " " + then->keys.front().partition.front(),
                           "with this schema it is " + key_text(item.base)});
    if (item.type_value != then->type)
      out_.lost.push_back({entity, "entity:" + entity, "items without a type attribute",
                           "the table holds several kinds of item now; write it to those that "
                           "are there"});
    if (item.role == design::ItemRole::row) add_copies(item, *then);
    add_joining(item, then->keys);
  }

  /// Copies that the rows which are there do not hold yet: reads take them for what the parent has.
  void add_copies(const design::ItemLayout& item, const design::EarlierItem& then) {
    const model::Entity& entity = workload_.entity(item.entity);
    for (const model::Attribute& attribute : entity.attributes) {
      const bool is_copy =
          attribute.upkeep && attribute.upkeep->kind == model::Upkeep::Kind::copy_of;
      if (!is_copy || support::contains(then.attributes, attribute.name)) continue;
      add("entity:" + entity.name,
          attribute.name + ", a copy of " + workload_.entity(attribute.upkeep->source).name +
              "'s " + attribute.upkeep->source_attribute + ": write it to the rows that are there");
    }
  }

  /// Entries in indexes of the earlier design, which these items did not have.
  void add_joining(const design::ItemLayout& item, const std::vector<design::EarlierKey>& then) {
    for (const design::KeyEntry& entry : item.entries) {
      const bool is_old_index = earlier_.tables.front().find_index(*entry.index) != nullptr;
      const bool had_it = std::any_of(then.begin(), then.end(), [&](const design::EarlierKey& key) {
        return key.index == entry.index;
      });
      if (is_old_index && !had_it) add("index:" + *entry.index, entry_text(item, entry));
    }
  }

  void list_unused() {
    const auto drop = [this](std::string subject, std::string what) {
      out_.unused.push_back({std::move(subject), std::move(what)});
    };
    for (const design::Index& index : earlier_.tables.front().indexes) {
      if (design_.tables.front().find_index(index.name) == nullptr) {
        drop("index:" + index.name, "delete it");
      } else if (entries_text(index.name).empty()) {
        drop("index:" + index.name, "local: it goes only with its table");
      }
    }
    for (const auto& [name, items] : earlier_.entities) {
      if (!workload_.find_entity(name)) {
        drop("entity:" + name, "its items");
        continue;
      }
      for (const design::EarlierItem& item : items) list_unused(name, item, drop);
    }
    for (const auto& [name, queries] : earlier_.patterns) {
      if (!workload_.find_pattern(name)) drop("pattern:" + name, "its requests");
    }
  }

  template <class Drop>
  void list_unused(const std::string& entity, const design::EarlierItem& item,
                   const Drop& drop) const {
    const design::ItemLayout* now = find(entity, item);
    if (now == nullptr)
      return drop("entity:" + entity, item.role + " " + item.keys.front().partition.front());
    for (const std::string& name : item.attributes) {
      if (!support::contains(now->attributes, name))
        drop("entity:" + entity, "the attribute " + name);
    }
    for (const design::EarlierKey& key : item.keys) {
      if (!key.index || find(*now, key) != nullptr) continue;
      if (design_.tables.front().find_index(*key.index) != nullptr)
        drop("index:" + *key.index, "the entries of " + entity);
    }
  }

  const model::Workload& workload_;
  const design::Design& design_;
  const design::EarlierDesign& earlier_;
  design::Continuity out_;
};

}  // namespace

bool extends(const model::Workload& workload, const design::Design& design,
             const design::EarlierDesign& earlier) {
  return Comparison(workload, design, earlier).is_all_there();
}

design::Continuity compare(const model::Workload& workload, const design::Design& design,
                           const design::EarlierDesign& earlier) {
  return Comparison(workload, design, earlier).run();
}

}  // namespace ddbplan::plan
