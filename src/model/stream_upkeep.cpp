#include "model/stream_upkeep.h"

#include <algorithm>
#include <utility>

#include "model/counting.h"
#include "model/fan_out.h"
#include "model/upkeep.h"
#include "support/text.h"

namespace ddbplan::model {
namespace {

/// Whether a write may give one of these attributes of its row another value: an update of it, or a put over it.
bool may_change_any(const Entity& entity, const Write& write,
                    const std::vector<std::string>& names) {
  if (write.kind == WriteKind::put) return write.replaces > 0 && !names.empty();
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return may_change(entity, write, name); });
}

AttributeRef reference(const std::string& name) {
  AttributeRef out;
  out.name = name;
  return out;
}

/// `:name`, a value that the consumer computes.
OperandPtr parameter(const std::string& name) {
  return std::make_shared<const Operand>(Operand{ParameterRef{name}, {}});
}

/// Neither before the write nor after it the row counts, as its states say: of a new row the first one, of a move where
/// it comes from and goes to.
bool never_counts(const Entity& entity, const Write& write, const ExpressionPtr& where) {
  if (write.kind == WriteKind::create) return counts_when_created(entity, where) == false;
  const std::optional<StateMove>& move = write.move;
  if (write.kind != WriteKind::update || !move || move->from.empty() || !move->to) return false;
  const Attribute* state = entity.find(move->attribute);
  const auto is_left_out = [&](const std::vector<std::string>& names) {
    return counts(where, [&](const std::string& name) -> Values {
             if (state == nullptr || name != state->name) return std::nullopt;
             std::vector<dynamo::AttributeValue> values;
             for (const std::string& one : names) values.push_back(enum_value(*state, one));
             return values;
           }) == false;
  };
  return is_left_out(move->from) && is_left_out({*move->to});
}

/// Patterns that change what an attribute is kept from; `beside`: attributes of the source that are taken along.
std::vector<PatternId> causes(const Workload& workload, EntityId source, const Upkeep& upkeep,
                              const std::vector<std::string>& beside, Causes among) {
  std::vector<std::string> names = beside;
  if (upkeep.where) collect_attributes(*upkeep.where, names);
  if (!upkeep.source_attribute.empty()) support::add_once(names, upkeep.source_attribute);
  const bool copies = upkeep.kind == Upkeep::Kind::copy_of;
  const bool newest = upkeep.kind == Upkeep::Kind::newest_of;
  if (!copies) support::add_once(names, upkeep.through);
  std::vector<PatternId> out;
  for (std::size_t i = among.first; i < among.last; ++i) {
    for (const Write* write : writes_of(workload.patterns[i])) {
      if (!is_about(*write, source)) continue;
      // A parent without children has no copies to write; a row that goes was not the newest.
      const bool whole_row =
          !copies && (may_insert(*write) || (write->kind == WriteKind::delete_rows && !newest));
      if (!whole_row && !may_change_any(workload.entity(source), *write, names)) continue;
      if (never_counts(workload.entity(source), *write, upkeep.where)) continue;
      out.push_back(PatternId{i});
      break;
    }
  }
  return out;
}

std::string follower_name(const Workload& workload, EntityId owner, const std::string& attribute,
                          PatternId cause) {
  std::string name = "keep_" + snake_case(workload.entity(owner).name);
  if (!attribute.empty()) name += "_" + attribute;
  return name + "_after_" + workload.pattern(cause).name;
}

/// What the rows that hold a kept attribute are found by: a copy in every child, else the row itself.
std::vector<AttributeRef> holders(const Entity& entity, const Upkeep& upkeep) {
  std::vector<AttributeRef> by;
  if (upkeep.kind != Upkeep::Kind::copy_of) {
    for (const std::string& name : entity.id) {
      if (name != entity.tenant) by.push_back(reference(name));
    }
    return by;
  }
  if (const Relation* relation = entity.relation_by(upkeep.through)) {
    for (const std::string& name : relation->attributes) by.push_back(reference(name));
  }
  return by;
}

bool is_newest(const Attribute& attribute) {
  return attribute.upkeep && attribute.upkeep->kind == Upkeep::Kind::newest_of;
}

/// The attribute is a time, or an id that sorts as one: what is newer is greater.
bool tells_age(const Workload& workload, const Attribute& attribute) {
  const Attribute* from =
      workload.entity(attribute.upkeep->source).find(attribute.upkeep->source_attribute);
  return from != nullptr && (is_time(from->type) || from->sorts_as ||
                             from->type == ValueType::ulid || from->type == ValueType::ksuid);
}

bool are_of_same_rows(const Upkeep& a, const Upkeep& b) {
  const auto text = [](const ExpressionPtr& where) { return where ? to_string(*where) : ""; };
  return a.source == b.source && a.through == b.through && a.kept == b.kept &&
         text(a.where) == text(b.where);
}

/// attribute < :attribute, or there is none yet. `or_equal`: what stands beside the time may change with it.
ExpressionPtr is_older(const Attribute& attribute, bool or_equal) {
  const auto make = [](auto node) {
    return std::make_shared<const Expression>(Expression{std::move(node), {}});
  };
  const OperandPtr own = std::make_shared<const Operand>(Operand{reference(attribute.name), {}});
  const ExpressionPtr less =
      make(Compare{or_equal ? CompareOp::le : CompareOp::lt, own, parameter(attribute.name)});
  return make(Or{{make(Missing{reference(attribute.name)}), less}});
}

bool adds_up(const Upkeep& upkeep) {
  return upkeep.kind == Upkeep::Kind::count_of || upkeep.kind == Upkeep::Kind::sum_of;
}

/// Counts and sums that the same event may change in the same row of `owner`: one write adds to all of them.
std::vector<std::string> counted_together(const Workload& workload, EntityId owner,
                                          const Upkeep& upkeep, PatternId cause) {
  std::vector<std::string> out;
  for (const Attribute& other : workload.entity(owner).attributes) {
    if (!other.upkeep || !adds_up(*other.upkeep) || other.upkeep->kept != upkeep.kept ||
        !(other.upkeep->source == upkeep.source) || other.upkeep->through != upkeep.through)
      continue;
    const Causes only{cause.index, cause.index + 1};
    if (!causes(workload, upkeep.source, *other.upkeep, {}, only).empty())
      out.push_back(other.name);
  }
  return out;
}

/// What one of the writes makes of a rollup: which of its kept values it may change, and in how many groups.
struct Rolling {
  std::vector<std::string> kept;
  double groups = 1;
};

/// Counts and sums follow a row that comes, goes or changes, and both groups of one that moves; the least, the greatest
/// and the newest only a row that comes.
Rolling rolling(const Workload& workload, EntityId id, const std::vector<const Write*>& writes) {
  const Rollup& rollup = *workload.entity(id).rollup;
  const Entity& source = workload.entity(rollup.of);
  Rolling out;
  const auto any = [&](const auto& does) {
    return std::any_of(writes.begin(), writes.end(), [&](const Write* write) {
      return is_about(*write, rollup.of) && does(*write);
    });
  };
  const bool comes = any([](const Write& write) { return may_insert(write); });
  // What it is summed up in may go with it.
  const bool goes = any([&](const Write& write) {
    return write.kind == WriteKind::delete_rows && !is_about(write, id);
  });
  const bool moves = any([&](const Write& write) {
    // An update of whatever a call names is no move.
    return !may_insert(write) && !write.set_is_default &&
           may_change_any(source, write, grouped_by(rollup));
  });
  for (const Rollup::Keep& keep : rollup.keep) {
    const bool adds_up = keep.function == "count" || keep.function == "sum";
    const bool changes = keep.function == "sum" && any([&](const Write& write) {
                           return may_change_any(source, write, {keep.attribute});
                         });
    if (comes || moves || (adds_up && goes) || changes) out.kept.push_back(keep.name);
  }
  if (moves) out.groups = 2;
  return out;
}

/// Rows of the source that one call of the pattern changes.
double rows_changed(const Workload& workload, PatternId cause, EntityId source) {
  double rows = 0;
  for (const Write* write : writes_of(workload.pattern(cause))) {
    if (is_about(*write, source) && write->kind != WriteKind::check)
      rows += rows_written(workload, *write, source);
  }
  return rows;
}

}  // namespace

std::string reason_of(const Follower& follower, const Workload& workload) {
  const double rows = follower.per_cause;
  return (rows == 1 ? "one" : support::format_number(rows, 2)) + " for each " +
         workload.pattern(follower.cause).name;
}

Load load_after(const Load& cause, double per_cause) {
  Load load;
  load.mean = cause.mean * per_cause;
  load.peak = cause.peak * per_cause;
  // Its rate is a consequence, as certain as its cause.
  load.mean_is_default = cause.mean_is_default;
  load.peak_is_default = cause.peak_is_default;
  load.grows_with = cause.grows_with;
  load.window = cause.window;
  if (load.window) load.window->calls *= per_cause;
  return load;
}

std::string snake_case(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool upper = name[i] >= 'A' && name[i] <= 'Z';
    const bool after_lower =
        i > 0 && !(name[i - 1] >= 'A' && name[i - 1] <= 'Z') && name[i - 1] != '_';
    if (upper && after_lower) out += '_';
    out += upper ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
  }
  return out;
}

std::optional<std::string> age_beside(const Workload& workload, EntityId owner,
                                      const Attribute& attribute) {
  if (!is_newest(attribute)) return std::nullopt;
  if (tells_age(workload, attribute)) return attribute.name;
  for (const Attribute& other : workload.entity(owner).attributes) {
    if (is_newest(other) && tells_age(workload, other) &&
        are_of_same_rows(*attribute.upkeep, *other.upkeep))
      return other.name;
  }
  return std::nullopt;
}

std::vector<Follower> followers_of(const Workload& workload, EntityId owner,
                                   const Attribute& attribute, Causes among) {
  const Upkeep& upkeep = *attribute.upkeep;
  std::vector<Follower> out;
  const std::optional<std::string> age = age_beside(workload, owner, attribute);
  if (age && *age != attribute.name) return out;
  std::vector<std::string> taken_along;
  std::vector<std::string> beside;
  for (const Attribute& other : workload.entity(owner).attributes) {
    if (!age || other.name == *age || age_beside(workload, owner, other) != age) continue;
    taken_along.push_back(other.name);
    beside.push_back(other.upkeep->source_attribute);
  }
  for (const PatternId cause : causes(workload, upkeep.source, upkeep, beside, among)) {
    Write write;
    write.kind = WriteKind::update;
    write.entities = {owner};
    write.span = attribute.span;
    write.by = holders(workload.entity(owner), upkeep);
    std::string kept = attribute.name;
    if (adds_up(upkeep)) {
      const std::vector<std::string> all = counted_together(workload, owner, upkeep, cause);
      // The first one's write adds to the others too.
      if (all.front() != attribute.name) continue;
      for (const std::string& name : all)
        write.add.push_back({name, false, parameter(name + "_change")});
      kept = support::join(all, "_and_");
    } else {
      write.set.push_back({attribute.name, std::nullopt});
      for (const std::string& other : taken_along) write.set.push_back({other, std::nullopt});
      // Events of several rows come in any order.
      if (age) write.condition = is_older(attribute, !taken_along.empty());
    }
    out.push_back({follower_name(workload, owner, kept, cause), std::move(write), cause,
                   rows_changed(workload, cause, upkeep.source)});
  }
  return out;
}

/// Sums and counts add up; the consumer works out the other values from the row and the new one.
std::vector<Follower> followers_of_rollup(const Workload& workload, EntityId id, Causes among) {
  const Entity& entity = workload.entity(id);
  const Rollup& rollup = *entity.rollup;
  std::vector<Follower> out;
  for (std::size_t i = among.first; i < among.last; ++i) {
    const auto writes = writes_of(workload.patterns[i]);
    const Rolling rolled = rolling(workload, id, writes);
    if (rolled.kept.empty()) continue;
    Write write;
    write.kind = WriteKind::upsert;
    write.entities = {id};
    write.span = entity.span;
    for (const Rollup::By& by : rollup.by) {
      if (by.name != entity.tenant) write.by.push_back(reference(by.name));
    }
    for (const Rollup::Keep& keep : rollup.keep) {
      if (!support::contains(rolled.kept, keep.name)) continue;
      if (keep.function == "count" || keep.function == "sum") {
        write.add.push_back({keep.name, false, parameter(keep.name + "_change")});
      } else {
        using Extreme = Assignment::Extreme;
        write.set.push_back({keep.name, std::nullopt,
                             keep.function == "max"   ? Extreme::greatest
                             : keep.function == "min" ? Extreme::least
                                                      : Extreme::none});
      }
    }
    if (entity.retention && entity.retention->after)
      write.set.push_back({entity.retention->attribute, std::nullopt});
    out.push_back({follower_name(workload, id, {}, PatternId{i}), std::move(write), PatternId{i},
                   rolled.groups * rows_changed(workload, PatternId{i}, rollup.of)});
  }
  return out;
}

void follow_causes(const Workload& workload, Event& event) {
  bool is_settled = false;
  while (!is_settled) {  // a follower may have followers
    is_settled = true;
    for (const Pattern& pattern : workload.patterns) {
      if (!pattern.after || event.rates.contains(pattern.name)) continue;
      const Pattern& cause = workload.pattern(*pattern.after);
      const auto rate = event.rates.find(cause.name);
      if (rate == event.rates.end() || cause.load.mean.per_second <= 0) continue;
      const double share = pattern.load.mean.per_second / cause.load.mean.per_second;
      event.rates[pattern.name] = rate->second * share;
      is_settled = false;
    }
  }
}

}  // namespace ddbplan::model
