// Calls of `for_each`: what they say of the rows that they write, and which related rows those follow.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "model/fan_out.h"
#include "seed/calls.h"

namespace ddbplan::seed {

using dynamo::Item;
using model::EntityId;
using model::Write;
using model::WriteKind;

namespace {

using Links = std::vector<std::pair<std::string, std::string>>;

bool is_linked(const Links& links, const std::string& own) {
  return std::any_of(links.begin(), links.end(),
                     [&](const auto& link) { return link.first == own; });
}

/// The identity that the write for a related row is about.
Item identity_for(const model::Entity& written, const Links& links, const Item& related,
                  const Item& values) {
  Item out;
  for (const std::string& name : written.id) {
    const auto link = std::find_if(links.begin(), links.end(),
                                   [&](const auto& one) { return one.first == name; });
    const Item& from = link == links.end() ? values : related;
    const auto* value = from.find(link == links.end() ? name : link->second);
    if (value != from.end()) out.insert_or_assign(name, value->second);
  }
  return out;
}

}  // namespace

std::optional<WriteCalls::FanOut> WriteCalls::fan_out(const Write& write) {
  const std::vector<Item>& base = rows_.base(*write.for_each);
  const bool brings_rows = write.kind == WriteKind::create || write.kind == WriteKind::put;
  const bool replaces = write.kind == WriteKind::put && prng_.unit() < write.replaces;
  constexpr int kTries = 200;
  for (int tries = 0; tries < kTries && !base.empty(); ++tries) {
    // By traffic: related rows of those with many are met more often.
    const Item* related = rows_.find(
        {*write.for_each, rows_.identity(*write.for_each, base[prng_.below(base.size())])});
    if (related == nullptr || rows_.is_expired(*write.for_each, *related)) continue;
    std::optional<FanOut> call =
        brings_rows ? fan_in_new_rows(write, *related, replaces) : fan_in_changes(write, *related);
    if (call && !brings_rows && !call->is_typical) {
      if (std::optional<FanOut> again = fan_in_earlier(write)) call = std::move(again);
    }
    if (!call) continue;
    if (brings_rows && !replaces) fanned_out_[&write].push_back(call->values);
    return call;
  }
  return std::nullopt;
}

void WriteCalls::name_related(const Write& write, const Item& related, Item& values) const {
  for (const auto& link : model::for_each_links(rows_.workload(), write)) values.erase(link.first);
  for (const model::AttributeRef& by : write.for_each_by) {
    if (const auto* value = related.find(by.name); value != related.end())
      values.insert_or_assign(by.name, value->second);
  }
  const std::string& tenant = rows_.workload().entity(*write.for_each).tenant;
  if (const auto* value = related.find(tenant); value != related.end())
    values.insert_or_assign(tenant, value->second);
}

std::optional<WriteCalls::FanOut> WriteCalls::fan_in_new_rows(const Write& write,
                                                              const Item& related, bool replaces) {
  const EntityId entity = write.entities.front();
  const model::Entity& described = rows_.workload().entity(entity);
  std::optional<Item> values = new_row(write);
  if (!values) return std::nullopt;
  name_related(write, related, *values);
  const std::vector<Item>& earlier = fanned_out_[&write];
  if (replaces && !earlier.empty()) {
    // The same rows once more, with other contents.
    const Item& again = earlier[prng_.below(earlier.size())];
    for (const std::string& name : described.id) {
      if (const auto* value = again.find(name); value != again.end())
        values->insert_or_assign(name, value->second);
    }
    for (const model::AttributeRef& by : write.for_each_by)
      values->insert_or_assign(by.name, again.at(by.name));
    return FanOut{*std::move(values), true};
  }
  const Links links = model::for_each_links(rows_.workload(), write);
  const std::vector<const Item*> all = related_rows(rows_, write, *values);
  const bool is_new = std::none_of(all.begin(), all.end(), [&](const Item* one) {
    const Item identity = identity_for(described, links, *one, *values);
    return rows_.find({entity, rows_.identity(entity, identity)}) != nullptr;
  });
  if (!is_new) return std::nullopt;
  return FanOut{*std::move(values), true};
}

std::optional<WriteCalls::FanOut> WriteCalls::fan_in_changes(const Write& write,
                                                             const Item& related) {
  const EntityId entity = write.entities.front();
  const model::Entity& described = rows_.workload().entity(entity);
  std::vector<std::string> names;
  Item known;
  for (const auto& [own, theirs] : model::for_each_links(rows_.workload(), write)) {
    if (!described.is_identity(own)) continue;
    const auto* value = related.find(theirs);
    if (value == related.end()) return std::nullopt;
    names.push_back(own);
    known.insert_or_assign(own, value->second);
  }
  const std::optional<std::string> text = text_of(known, names);
  if (!text || names.empty()) return std::nullopt;
  for (const Item* row : rows_.where_equal(entity, names, *text, false)) {
    if (fits(write, entity, *row)) return fan_in_row(write, related, *row);
  }
  return std::nullopt;
}

std::optional<WriteCalls::FanOut> WriteCalls::fan_in_earlier(const Write& write) {
  const EntityId entity = write.entities.front();
  const Links links = model::for_each_links(rows_.workload(), write);
  std::vector<std::string> said;  // parts of the identity that the call says
  for (const std::string& name : rows_.workload().entity(entity).id) {
    if (!is_linked(links, name)) said.push_back(name);
  }
  std::set<std::string> seeded;
  for (const Item& row : rows_.base(entity)) seeded.insert(rows_.identity(entity, row));
  std::map<std::string, std::vector<const Item*>> calls;
  for (const auto& [id, row] : rows_.changed()) {
    if (!(id.entity == entity) || !row || seeded.contains(id.identity)) continue;
    if (const auto text = text_of(*row, said)) calls[*text].push_back(&*row);
  }
  constexpr int kTries = 10;
  for (int tries = 0; tries < kTries && !calls.empty(); ++tries) {
    auto chosen = calls.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(prng_.below(calls.size())));
    const Item& row = *chosen->second.front();
    for (const Item* related : rows_.all(*write.for_each)) {
      const bool is_of = std::all_of(links.begin(), links.end(), [&](const auto& link) {
        const auto mine = row.find(link.first);
        const auto theirs = related->find(link.second);
        return mine != row.end() && theirs != related->end() && mine->second == theirs->second;
      });
      if (!is_of || rows_.is_expired(*write.for_each, *related)) continue;
      std::optional<FanOut> call = fan_in_row(write, *related, row);
      if (call && call->is_typical) return call;
    }
  }
  return std::nullopt;
}

std::optional<WriteCalls::FanOut> WriteCalls::fan_in_row(const Write& write, const Item& related,
                                                         const Item& row) {
  const EntityId entity = write.entities.front();
  const model::Entity& described = rows_.workload().entity(entity);
  const Links links = model::for_each_links(rows_.workload(), write);
  Item values;
  name_related(write, related, values);
  for (const std::string& name : described.id) {
    if (!is_linked(links, name)) values.insert_or_assign(name, row.at(name));
  }
  add_asked_values(write, row, values);
  add_new_values(write, {entity, &row}, values);
  const std::vector<const Item*> all = related_rows(rows_, write, values);
  // The plan expects that every related row has its row; where some have none, the call proves what is written and
  // tells nothing of the mean.
  const bool is_typical = std::all_of(all.begin(), all.end(), [&](const Item* one) {
    const Item identity = identity_for(described, links, *one, values);
    const Item* target = rows_.find({entity, rows_.identity(entity, identity)});
    return target != nullptr && fits(write, entity, *target) &&
           model::holds(write.condition, rows_.scope(entity, *target, values));
  });
  return FanOut{std::move(values), is_typical};
}

}  // namespace ddbplan::seed
