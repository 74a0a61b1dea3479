#include "schema/dump.h"

#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "schema/phrases.h"
#include "support/text.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::AttributeRef;
using model::Entity;
using model::EntityId;
using model::Spread;
using model::Workload;

/// Six significant digits: enough to see a wrong factor, few enough to be the same on every
/// machine.
std::string number(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  return fmt::format("{:.6g}", value);
}
std::string spread(const Spread& spread) {
  return spread.mean == spread.max ? number(spread.mean)
                                   : number(spread.mean) + " .. " + number(spread.max);
}
std::string percent(double share) {
  return number(share * 100) + "%";
}

std::string_view origin_name(model::Origin origin) {
  switch (origin) {
    case model::Origin::declared:
      return "declared";
    case model::Origin::relation:
      return "relation";
    case model::Origin::tenant:
      return "tenant";
    case model::Origin::implied:
      return "implied";
  }
  return "declared";
}

std::string_view kept_name(model::Kept kept) {
  switch (kept) {
    case model::Kept::transaction:
      return "transaction";
    case model::Kept::stream:
      return "stream";
    case model::Kept::never:
      return "never";
  }
  return "transaction";
}

std::string_view upkeep_name(model::Upkeep::Kind kind) {
  switch (kind) {
    case model::Upkeep::Kind::count_of:
      return "count_of";
    case model::Upkeep::Kind::sum_of:
      return "sum_of";
    case model::Upkeep::Kind::newest_of:
      return "newest_of";
    case model::Upkeep::Kind::copy_of:
      return "copy_of";
  }
  return "count_of";
}

std::string_view read_name(model::ReadKind kind) {
  constexpr std::array<std::string_view, 7> kNames = {"get",    "list",    "count",  "export",
                                                      "search", "similar", "analyse"};
  return kNames[static_cast<std::size_t>(kind)];
}
std::string_view write_name(model::WriteKind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"create", "put",    "update",
                                                      "upsert", "delete", "check"};
  return kNames[static_cast<std::size_t>(kind)];
}

class Dump {
 public:
  explicit Dump(const Workload& workload) : workload_(workload) {}

  std::string run() {
    line(0, "service {}", workload_.service);
    settings();
    for (const Entity& entity : workload_.entities) dump_entity(entity);
    for (const model::Pattern& pattern : workload_.patterns) dump_pattern(pattern);
    rest();
    for (const model::DefaultUsed& one : workload_.defaults) {
      line(0, "default {} = {} ({})", one.path, one.value, one.reason);
    }
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(int indent, fmt::format_string<Args...> format, Args&&... args) {
    out_.append(static_cast<std::size_t>(indent) * 2, ' ');
    out_ += fmt::format(format, std::forward<Args>(args)...);
    out_ += '\n';
  }

  [[nodiscard]] std::string name(EntityId id) const { return workload_.entity(id).name; }
  [[nodiscard]] std::string names(const std::vector<EntityId>& ids,
                                  std::string_view separator) const {
    std::vector<std::string> parts;
    for (const EntityId id : ids) parts.push_back(name(id));
    return support::join(parts, separator);
  }
  [[nodiscard]] std::string reference(const AttributeRef& reference) const {
    if (!reference.via) return reference.name;
    const std::string through = reference.through.empty() ? "" : " through " + reference.through;
    return name(*reference.via) + "." + reference.name + through;
  }
  [[nodiscard]] std::string references(const std::vector<AttributeRef>& list) const {
    std::vector<std::string> parts;
    for (const AttributeRef& one : list) parts.push_back(reference(one));
    return support::join(parts, ", ");
  }

  template <class Choice>
  static std::string_view choice(Choice chosen, const std::array<std::string_view, 3>& names) {
    return names[static_cast<std::size_t>(chosen)];
  }

  void settings() {
    const model::Settings& settings = workload_.settings;
    line(0, "regions {}", support::join(settings.regions, ", "));
    line(0, "horizon {} months, target {}", number(settings.horizon_months),
         percent(settings.capacity_target));
    line(0, "replication {}, billing {}, class {}, layout {}, keys {}",
         settings.replication == model::Replication::eventual ? "eventual" : "strong",
         choice(settings.billing, {"auto", "on-demand", "provisioned"}),
         choice(settings.table_class, {"auto", "standard", "infrequent-access"}),
         choice(settings.layout, {"auto", "single-table", "table-per-entity"}),
         choice(settings.key_style, {"auto", "generic", "natural"}));
    line(0, "complexity {} a table, {} an index", support::format_money(settings.complexity_table),
         support::format_money(settings.complexity_index));
    line(0, "{} hours a month{}, seed of {} rows by {}, type in {}",
         number(settings.hours_per_month), settings.free_tier ? " with the free tier" : "",
         settings.seed_rows, settings.seed_number, settings.type_attribute);
    if (settings.home_region) line(0, "home region {}", *settings.home_region);
    if (settings.tenant) line(0, "tenant {}", *settings.tenant);
    if (settings.streams) line(0, "streams {}", *settings.streams);
    if (settings.encryption) line(0, "encryption {}", *settings.encryption);
    if (settings.deletion_protection) line(0, "deletion protection");
    for (const auto& [name, value] : settings.tags) line(0, "tag {} {}", name, value);
    if (settings.prices) line(0, "prices {}", *settings.prices);
    if (settings.backup) {
      line(0, "backup pitr {}{}{}", settings.backup->point_in_time_recovery,
           settings.backup->recovery_days
               ? fmt::format(", {} days", *settings.backup->recovery_days)
               : "",
           settings.backup->plans.empty()
               ? ""
               : ", plans " + support::join(settings.backup->plans, ", "));
    }
    const model::ResourceLimits& limits = workload_.limits;
    if (limits.tables) line(0, "limit tables {}", *limits.tables);
    if (limits.global_indexes) line(0, "limit gsis {}", *limits.global_indexes);
    if (limits.local_indexes) line(0, "limit lsis {}", *limits.local_indexes);
  }

  void dump_entity(const Entity& entity) {
    line(0, "entity {}{}{}", entity.name, entity.singleton ? " singleton" : "",
         entity.shared ? " shared" : "");
    line(1, "id {}", support::join(entity.id, ", "));
    line(1, "count {}{}", number(entity.count), entity.count_is_default ? " (default)" : "");
    if (entity.growth_per_month != 0) line(1, "growth {}/month", percent(entity.growth_per_month));
    if (entity.size) line(1, "size {}", spread(*entity.size));
    for (const Attribute& attribute : entity.attributes) dump_attribute(attribute);
    for (const model::Relation& relation : entity.relations) dump_relation(relation);
    for (const model::Unique& unique : entity.unique) {
      line(1, "unique {}{}{}", support::join(unique.attributes, ", "),
           unique.across.empty() ? "" : " across " + names(unique.across, ", "),
           unique.ignore_case ? " ignoring case" : "");
    }
    if (entity.retention) {
      const model::Retention& retention = *entity.retention;
      if (retention.after) {
        line(1, "retention {} after {} in {}", support::format_duration(*retention.after),
             retention.base_attribute, retention.attribute);
      } else {
        line(1, "retention until {}{}", retention.base_attribute,
             retention.follows_base() ? " in " + retention.attribute : "");
      }
    }
    if (entity.archive) {
      line(1, "archive to {}{}", entity.archive->to,
           entity.archive->where == nullptr ? "" : " where " + to_string(*entity.archive->where));
    }
    if (entity.rollup) dump_rollup(*entity.rollup);
  }

  void dump_attribute(const Attribute& attribute) {
    std::string text = fmt::format("{} {}", attribute.name, type_name(attribute.type));
    if (attribute.element) text += fmt::format(" of {}", type_name(*attribute.element));
    if (attribute.sorts_as) text += " sorting as " + *attribute.sorts_as;
    text += " " + spread(attribute.bytes) + " B";
    if (attribute.entries) text += ", entries " + spread(*attribute.entries);
    if (attribute.present < 1) text += ", present " + percent(attribute.present);
    if (attribute.ahead) text += ", ahead " + percent(*attribute.ahead);
    if (attribute.origin != model::Origin::declared)
      text += fmt::format(", {}", origin_name(attribute.origin));
    if (attribute.immutable) text += ", immutable";
    if (attribute.lock) text += ", lock";
    if (attribute.distinct) text += ", distinct " + number(*attribute.distinct);
    if (attribute.distinct_all) text += ", distinct all";
    if (attribute.absent) text += ", absent " + *attribute.absent;
    if (attribute.sequence_per) text += ", sequence per " + *attribute.sequence_per;
    if (attribute.derive) text += ", derived " + to_string(*attribute.derive);
    line(1, "attribute {}", text);
    for (const model::EnumValue& value : attribute.values) {
      line(2, "value {} {} rank {}", value.name, percent(value.share), value.rank);
    }
    for (const model::Move& move : attribute.moves) {
      line(2, "move {} -> {}", move.from.empty() ? "any" : support::join(move.from, " | "),
           move.to.value_or("any"));
    }
    if (attribute.upkeep) {
      const model::Upkeep& upkeep = *attribute.upkeep;
      line(2, "{} {}{} through {}, kept {}{}", upkeep_name(upkeep.kind), name(upkeep.source),
           upkeep.source_attribute.empty() ? "" : "." + upkeep.source_attribute, upkeep.through,
           kept_name(upkeep.kept),
           upkeep.where == nullptr ? "" : " where " + to_string(*upkeep.where));
    }
  }

  void dump_relation(const model::Relation& relation) {
    std::string text =
        names(relation.parents, " | ") + " as " + support::join(relation.attributes, " + ");
    text += ", children " + spread(relation.children);
    if (relation.children_is_default) text += " (default)";
    if (relation.present < 1) text += ", present " + percent(relation.present);
    if (relation.optional) text += ", optional";
    if (relation.zipf) text += ", zipf " + number(*relation.zipf);
    for (const auto& [parent, share] : relation.named_shares)
      text += ", " + parent + " " + percent(share);
    line(1, "belongs to {}", text);
  }

  void dump_rollup(const model::Rollup& rollup) {
    line(1, "rollup of {}, kept {}", name(rollup.of), kept_name(rollup.kept));
    for (const model::Rollup::By& by : rollup.by)
      line(2, "by {} = {}", by.name, to_string(*by.from));
    for (const model::Rollup::Keep& keep : rollup.keep) {
      line(2, "keep {} = {}{}", keep.name, keep.function,
           keep.attribute.empty() ? "" : " " + keep.attribute);
    }
  }

  void dump_pattern(const model::Pattern& pattern) {
    line(0, "pattern {}{}{}{}", pattern.name, pattern.implied ? " implied" : "",
         pattern.across_tenants ? " across tenants" : "",
         pattern.after ? " after " + workload_.pattern(*pattern.after).name : "");
    if (const auto* read = std::get_if<model::Read>(&pattern.action)) dump_read(*read);
    if (const auto* write = std::get_if<model::Write>(&pattern.action)) dump_write(*write);
    if (const auto* transaction = std::get_if<model::Transaction>(&pattern.action)) {
      for (const model::Read& read : transaction->reads) dump_read(read);
      for (const model::Write& write : transaction->writes) dump_write(write);
      if (transaction->fails > 0) line(1, "fails {}", percent(transaction->fails));
    }
    if (pattern.idempotent) line(1, "idempotent {}", support::format_duration(*pattern.idempotent));
    dump_load(pattern.load);
  }

  std::string order(const std::vector<model::OrderBy>& order) const {
    std::vector<std::string> parts;
    for (const model::OrderBy& one : order) {
      parts.push_back(reference(one.attribute) +
                      (one.direction == model::Direction::ascending ? " asc" : " desc"));
    }
    return support::join(parts, ", ");
  }

  void dump_read(const model::Read& read) {
    line(1, "{} {}", read_name(read.kind), names(read.entities, read.alternatives ? " | " : ", "));
    if (!read.by.empty()) line(2, "by {}", references(read.by));
    for (const model::NarrowBy& one : read.narrow_by)
      line(2, "narrow by {} {}", reference(one.attribute), percent(one.share));
    if (read.range) {
      line(2, "range {}{}", reference(read.range->attribute),
           read.range->condition == nullptr ? "" : ": " + to_string(*read.range->condition));
    }
    if (read.where != nullptr) line(2, "where {}", to_string(*read.where));
    if (read.matches) line(2, "matches {}", percent(*read.matches));
    if (!read.order.empty()) line(2, "order {}", order(read.order));
    if (read.limit)
      line(2, "limit {}{}", *read.limit, read.limit_per.empty() ? "" : " per " + read.limit_per);
    if (!(read.pages == Spread{1, 1})) line(2, "pages {}", spread(read.pages));
    if (!read.returns.empty()) line(2, "returns {}", support::join(read.returns, ", "));
    std::vector<std::string> aggregates;
    for (const model::Aggregate& one : read.aggregates) aggregates.push_back(to_string(one));
    if (!aggregates.empty()) line(2, "aggregates {}", support::join(aggregates, ", "));
    if (read.strong) line(2, "strong");
    if (read.batch) line(2, "batch {}", spread(*read.batch));
    if (read.cache_hits) line(2, "cache hits {}", percent(*read.cache_hits));
    if (!read.exclude.empty()) line(2, "exclude {}", support::join(read.exclude, ", "));
    if (read.include_expired) line(2, "including expired");
    for (const model::WithChildren& with : read.with_children) {
      line(2, "with children {}{}{}", name(with.child),
           with.order.empty() ? "" : " order " + order(with.order),
           with.limit ? fmt::format(" limit {}", *with.limit) : "");
    }
    for (const model::WithParent& with : read.with_parents) {
      line(2, "with parent {} through {}: {}", name(with.parent), with.relation_attribute,
           with.attributes.empty() ? "all" : support::join(with.attributes, ", "));
    }
    if (!read.text.empty()) line(2, "text {}", support::join(read.text, ", "));
    if (!read.similar_to.empty()) line(2, "similar to {}", read.similar_to);
  }

  void dump_write(const model::Write& write) {
    line(1, "{} {}", write_name(write.kind), names(write.entities, ", "));
    if (!write.by.empty()) line(2, "by {}", references(write.by));
    if (write.for_each)
      line(2, "for each {} by {}", name(*write.for_each), references(write.for_each_by));
    for (const model::Assignment& one : write.set) {
      using Extreme = model::Assignment::Extreme;
      const std::string_view how = one.extreme == Extreme::greatest ? "set greatest"
                                   : one.extreme == Extreme::least  ? "set least"
                                                                    : "set";
      line(2, "{} {}{}", how, one.attribute, one.value ? " = " + to_string(**one.value) : "");
    }
    if (write.set_is_default) line(2, "set anything (default)");
    for (const model::Addition& one : write.add) {
      line(2, "add {} {} {}", one.attribute, one.subtract ? "-" : "+", to_string(*one.amount));
    }
    for (const model::Assignment& one : write.append) {
      line(2, "append {}{}", one.attribute, one.value ? " = " + to_string(**one.value) : "");
    }
    if (!write.remove.empty()) line(2, "remove {}", support::join(write.remove, ", "));
    if (write.move) {
      line(2, "move {} {} -> {}", write.move->attribute,
           write.move->from.empty() ? "any" : support::join(write.move->from, " | "),
           write.move->to.value_or("any"));
    }
    if (write.condition != nullptr) line(2, "if {}", to_string(*write.condition));
    if (write.kind == model::WriteKind::put) line(2, "replaces {}", percent(write.replaces));
    if (write.fails > 0) line(2, "fails {}", percent(write.fails));
    if (!(write.times == Spread{1, 1})) line(2, "times {}", spread(write.times));
    if (write.batch) line(2, "batch {}", spread(*write.batch));
  }

  void dump_load(const model::Load& load) {
    line(1, "load {}/s{}, peak {}/s{}{}", number(load.mean.per_second),
         load.mean_is_default ? " (default)" : "", number(load.peak.per_second),
         load.peak_is_default ? " (default)" : "",
         load.grows_with ? ", grows with " + name(*load.grows_with) : "");
    if (load.uncertainty > 0) line(2, "uncertain by {}", percent(load.uncertainty));
    if (load.window) {
      line(2, "window {} in {} every {}", number(load.window->calls),
           support::format_duration(load.window->length),
           support::format_duration(load.window->every));
    }
    if (load.hottest) {
      line(2, "hottest {}/s{}", number(load.hottest->per_second),
           load.hottest_attribute.empty() ? "" : " of " + load.hottest_attribute);
    }
    for (const auto& [value, rate] : load.hottest_named)
      line(2, "hottest {} {}/s", value, number(rate.per_second));
  }

  void rest() {
    for (const EntityId id : workload_.feeds) line(0, "feed {}", name(id));
    for (const model::Event& event : workload_.events) {
      line(0, "event {} from {} for {}", event.name, event.from.empty() ? "(unknown)" : event.from,
           support::format_duration(event.length));
      for (const auto& [pattern, rate] : event.rates)
        line(1, "{} {}/s", pattern, number(rate.per_second));
    }
    for (const model::Mix& mix : workload_.mixes) {
      line(0, "mix {} {} of the time, {}/s", mix.name, percent(mix.share),
           number(mix.total.per_second));
      for (const auto& [pattern, weight] : mix.weights) line(1, "{} {}", pattern, number(weight));
    }
    for (const model::Shape& shape : workload_.shapes)
      line(0, "shape {} with {} hours", shape.name, shape.hours.size());
    for (const model::PhysicalOverride& physical : workload_.physical) {
      line(0, "physical {}", name(physical.entity));
      if (physical.partition_key) line(1, "partition key {}", *physical.partition_key);
      if (physical.sort_key) line(1, "sort key {}", *physical.sort_key);
      for (const auto& [value, count] : physical.shards) line(1, "shards {} {}", value, count);
      for (const auto& [index, attributes] : physical.projections) {
        line(1, "projection {}: {}", index, support::join(attributes, ", "));
      }
    }
    for (const model::SampleRow& sample : workload_.samples) {
      line(0, "sample {}", name(sample.entity));
      for (const auto& [attribute, value] : sample.row)
        line(1, "{} {}", attribute, value.type_name());
    }
  }

  const Workload& workload_;
  std::string out_;
};

}  // namespace

std::string dump(const Workload& workload) {
  return Dump(workload).run();
}

}  // namespace ddbplan::schema
