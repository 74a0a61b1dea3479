#include "capacity/shares.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "capacity/traffic.h"

namespace ddbplan::capacity {
namespace {

using model::Attribute;
using model::Entity;
using Names = std::set<std::string>;

bool covers(const Names& names, const std::vector<std::string>& wanted) {
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return names.contains(name);
  });
}

/// A time bucket that rows are summed up in: what is written now is all of the present one.
bool is_bucket(const Entity& entity, const Attribute& attribute) {
  return entity.rollup && model::is_time(attribute.type) && entity.is_identity(attribute.name);
}

/// The attributes of the partition key, without those that have declared values or are cut to a
/// time bucket.
Names partition_fields(const Entity& entity, const design::KeyEntry& entry, const Flow& flow) {
  Names fields;
  for (const design::KeyTemplate& key : entry.partition) {
    for (const design::KeyPart& part : key.parts) {
      const auto* field = std::get_if<design::Field>(&part);
      if (field == nullptr) continue;
      // All that happens now happens in the present bucket.
      if (field->encoding == design::Encoding::truncate) continue;
      const Attribute* attribute = entity.find(field->attribute);
      if (attribute != nullptr && (!attribute->values.empty() ||
                                   (!flow.pattern.is_read() && is_bucket(entity, *attribute))))
        continue;
      fields.insert(field->attribute);
    }
  }
  return fields;
}

double parents_of(const model::Workload& workload, const model::Relation& relation) {
  double sum = 0;
  for (const model::EntityId parent : relation.parents) sum += workload.entity(parent).count;
  return sum;
}

/// Relations of the rows that a write keeps something up of in rows of the flow's entity: it writes those as often as
/// they have such rows. Of a parent, the relation to it; of a rollup, those that its group says.
std::vector<const model::Relation*> followed_relations(const model::Workload& workload,
                                                       const Flow& flow, const Names& fields) {
  std::vector<const model::Relation*> out;
  if (flow.creates) return out;
  const Entity& entity = workload.entity(flow.layout.entity);
  const model::Pattern& cause =
      flow.pattern.after ? workload.pattern(*flow.pattern.after) : flow.pattern;
  for (const model::Write* write : writes_of(cause)) {
    if (write->entities.empty()) continue;
    const model::EntityId source = write->entities.front();
    if (entity.rollup && entity.rollup->of == source) {
      for (const model::Relation& relation : workload.entity(source).relations) {
        if (covers(fields, relation.attributes)) out.push_back(&relation);
      }
    }
    for (const Attribute& attribute : entity.attributes) {
      const bool is_kept = attribute.upkeep && attribute.upkeep->source == source &&
                           attribute.upkeep->kind != model::Upkeep::Kind::copy_of &&
                           attribute.upkeep->kept != model::Kept::never;
      if (!is_kept || !entity.is_one_row(fields)) continue;
      const auto* relation = workload.entity(source).relation_by(attribute.upkeep->through);
      if (relation != nullptr) out.push_back(relation);
    }
  }
  return out;
}

class Skew {
 public:
  Skew(const model::Workload& workload, const Flow& flow, const Names& fields)
      : workload_(workload),
        flow_(flow),
        entity_(workload.entity(flow.layout.entity)),
        fields_(fields),
        followed_(followed_relations(workload, flow, fields)) {}

  /// Share of the rows that the busiest value has.
  double hottest() const {
    if (!followed_.empty()) {
      double share = 1;
      for (const model::Relation* relation : followed_)
        share =
            std::min(share, ParentShares(*relation, parents_of(workload_, *relation)).hottest());
      return share;
    }
    if (entity_.is_one_row(fields_)) {
      return flow_.creates ? 0 : 1 / std::max(1.0, entity_.count);
    }
    Names rest = fields_;
    double share = 1;
    for (const model::Relation& relation : entity_.relations) {
      if (!covers(fields_, relation.attributes)) continue;
      const ParentShares shares(relation, parents_of(workload_, relation));
      // One value of several relations is at most as busy as its least busy part.
      share = std::min(share, shares.hottest());
      for (const std::string& name : relation.attributes) rest.erase(name);
    }
    if (rest.size() < fields_.size()) rest.erase(entity_.tenant);
    for (const std::string& name : rest) {
      const Attribute* attribute = entity_.find(name);
      if (attribute == nullptr) continue;
      share /= distinct_values(*attribute, std::max(1.0, entity_.count));
    }
    return share;
  }

  void name(double rate, HotShare& out) const {
    for (const model::Relation* relation : followed_) name(*relation, rate, out);
    if (!followed_.empty()) return;
    for (const model::Relation& relation : entity_.relations) {
      if (covers(fields_, relation.attributes)) name(relation, rate, out);
    }
  }

 private:
  static void name(const model::Relation& relation, double rate, HotShare& out) {
    for (const auto& [value, share] : relation.named_shares)
      out.named[value] = std::max(out.named[value], share * rate);
  }

  const model::Workload& workload_;
  const Flow& flow_;
  const Entity& entity_;
  const Names& fields_;
  std::vector<const model::Relation*> followed_;
};

/// The attributes that the pattern names in `by` for this entity; nullopt: it creates, and names none.
std::optional<Names> named_by(const Flow& flow) {
  Names names;
  const auto take = [&](const auto& action) {
    const auto& of = action.entities;
    if (std::find(of.begin(), of.end(), flow.layout.entity) == of.end()) return;
    for (const model::AttributeRef& by : action.by) names.insert(by.name);
  };
  if (const auto* write = std::get_if<model::Write>(&flow.pattern.action)) take(*write);
  if (const auto* read = std::get_if<model::Read>(&flow.pattern.action)) take(*read);
  if (const auto* both = std::get_if<model::Transaction>(&flow.pattern.action)) {
    for (const model::Write& write : both->writes) take(write);
    for (const model::Read& read : both->reads) take(read);
  }
  if (names.empty() && flow.creates) return std::nullopt;
  return names;
}

/// A busy value that is named is a parent's, where calls tell the parent. Over how many values of a key that
/// holds more than that parent its calls are spread; 1: the key is no finer.
double named_spread(const Flow& flow, const Entity& entity, const Names& fields, double share) {
  const std::optional<Names> by = named_by(flow);
  for (const model::Relation& relation : entity.relations) {
    if (by && !covers(*by, relation.attributes)) continue;
    if (!covers(fields, relation.attributes)) continue;
    Names rest = fields;
    for (const std::string& name : relation.attributes) rest.erase(name);
    rest.erase(entity.tenant);
    if (rest.empty()) return 1;
    if (entity.is_one_row(fields)) return std::max(1.0, entity.count * share);
    double values = 1;
    for (const std::string& name : rest) {
      const Attribute* attribute = entity.find(name);
      // What is created now has the present time.
      const bool is_now = flow.creates && attribute != nullptr && model::is_time(attribute->type);
      if (attribute != nullptr && !is_now)
        values *= distinct_values(*attribute, std::max(1.0, entity.count));
    }
    return values;
  }
  return 1;
}

/// True when the declared `hottest` is about values of this partition key. A call about one row
/// takes all of the row's keys with it; a create's is about the base table's collection.
bool declared_applies(const Flow& flow, const Names& names, const Names& base) {
  const std::string& attribute = flow.pattern.load.hottest_attribute;
  if (!attribute.empty()) return names.contains(attribute);
  if (!flow.creates) return true;
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return base.contains(name); });
}

}  // namespace

bool is_of_present(const Entity& entity, const design::ShardRule& rule) {
  return rule.sharded() && !rule.by.empty() &&
         std::all_of(rule.by.begin(), rule.by.end(), [&](const std::string& name) {
           const Attribute* attribute = entity.find(name);
           return attribute != nullptr && is_bucket(entity, *attribute);
         });
}

HotShare hot_share(const model::Workload& workload, const Flow& flow, const design::KeyEntry& entry,
                   double rate) {
  HotShare out;
  const Entity& entity = workload.entity(flow.layout.entity);
  const Names fields = partition_fields(entity, entry, flow);
  if (fields.empty()) {
    out.calls = rate;
    return out;
  }
  const Skew skew(workload, flow, fields);
  out.calls = skew.hottest() * rate;
  skew.name(rate, out);
  const model::Load& load = flow.pattern.load;
  const bool single_create = flow.creates && entity.is_one_row(fields);
  const Names base = partition_fields(entity, flow.layout.base, flow);
  if (flow.from_step || single_create || !declared_applies(flow, fields, base)) {
    return out;
  }
  // Declared at the peak; another moment scales it.
  const double scale = load.peak.per_second > 0 ? rate / load.peak.per_second : 1;
  if (load.hottest) out.calls = std::min(rate, load.hottest->per_second * scale);
  for (const auto& [value, calls] : load.hottest_named) {
    const double share = load.peak.per_second > 0 ? calls.per_second / load.peak.per_second : 1;
    out.named[value] = std::min(rate, calls.per_second * scale) /
                       named_spread(flow, entity, fields, std::min(1.0, share));
  }
  return out;
}

}  // namespace ddbplan::capacity
