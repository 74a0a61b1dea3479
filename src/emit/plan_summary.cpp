#include "emit/plan_summary.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "support/text.h"
#include "support/units.h"

namespace ddbplan::emit {
namespace {

std::string counted(std::size_t count, std::string_view one) {
  return fmt::format("{} {}{}", support::format_grouped(static_cast<std::int64_t>(count)), one,
                     count == 1 ? "" : "s");
}

/// DynamoDB's word for it, but for transactions, whose words are longer than what they say.
std::string operation_text(const design::Step& step) {
  if (step.operation == design::Operation::transact_write_items) {
    const auto repeated = static_cast<std::size_t>(
        std::count_if(step.actions.begin(), step.actions.end(),
                      [](const design::WriteAction& action) { return action.for_each_found; }));
    const auto joined = static_cast<std::size_t>(
        std::count_if(step.actions.begin(), step.actions.end(),
                      [](const design::WriteAction& action) { return action.is_joined; }));
    const std::size_t fixed = step.actions.size() - repeated - joined;
    if (repeated == 0) return "transaction of " + counted(fixed, "write");
    // Alone they are a transaction for each row found.
    if (fixed == 0) return "transactions of " + counted(repeated, "write");
    return "transaction of " + counted(fixed, "write") + " and " +
           (repeated == 1 ? "one" : support::format_grouped(static_cast<std::int64_t>(repeated))) +
           " for each row found";
  }
  if (step.operation == design::Operation::transact_get_items) return "transaction of reads";
  return std::string(design::operation_name(step.operation));
}

std::size_t tables_written(const Bundle& bundle, const design::Step& step) {
  std::set<std::size_t> tables;
  for (const design::WriteAction& action : step.actions)
    tables.insert(bundle.design.items[action.layout].table);
  return tables.size();
}

std::string step_text(const Bundle& bundle, const design::Step& step) {
  std::string out = operation_text(step);
  const std::size_t tables = tables_written(bundle, step);
  const std::string resource = resource_text(bundle, step.table, step.index);
  if (tables > 1) {
    out += " in " + counted(tables, "table");
  } else if (!resource.empty()) {
    out += " " + resource;
  }
  if (step.shards.sharded()) {
    out += ", " + counted(static_cast<std::size_t>(step.shards.count), "shard");
  }
  if (step.buckets) out += ", by " + std::string(time_unit_name(step.buckets->unit));
  if (step.alternatives.size() > 1) out += ", " + counted(step.alternatives.size(), "value");
  // On an item that is named by its key a filter is the caller's, and told as such.
  const bool is_query =
      step.operation == design::Operation::query || step.operation == design::Operation::scan;
  if (step.filter && is_query) out += ", filtered";
  const bool is_first = step.after.empty() && step.actions.empty() && is_query;
  if (is_first && !step.only_if_given.empty())
    out = "with " + support::join_list(step.only_if_given) + ": " + out;
  return out;
}

std::string units_sum(const capacity::PatternUsage& usage,
                      double capacity::ResourceUnits::*member) {
  double sum = 0;
  for (const capacity::ResourceUnits& units : usage.units) sum += units.*member;
  if (sum == 0) return "-";
  // A delete of all that a tenant has would take the width that the other columns need.
  constexpr double kCountedMin = 100'000;
  return sum < kCountedMin ? support::format_number(sum, sum < 10 ? 2 : 1)
                           : support::format_count(sum);
}

/// The step is the first that is for calls which leave out what those of the step before it give.
bool is_of_other_calls(const design::AccessPlan& plan, const design::Step& step) {
  if (&step == plan.steps.data()) return false;
  const design::Step& before = *(&step - 1);
  return !step.only_if_left_out.empty() && (step.only_if_given != before.only_if_given ||
                                            step.only_if_left_out != before.only_if_left_out);
}

/// What answers outside DynamoDB, without how it is connected.
std::string outside_text(const std::string& offload) {
  return "outside: " + offload.substr(0, std::min(offload.find(" through "), offload.find(" (")));
}

}  // namespace

std::string_view time_unit_name(model::TimeUnit unit) {
  switch (unit) {
    case model::TimeUnit::second:
      return "second";
    case model::TimeUnit::minute:
      return "minute";
    case model::TimeUnit::hour:
      return "hour";
    case model::TimeUnit::day:
      return "day";
    case model::TimeUnit::week:
      return "week";
    case model::TimeUnit::month:
      return "month";
    case model::TimeUnit::year:
      return "year";
  }
  return "day";
}

std::string resource_text(const Bundle& bundle, std::size_t table,
                          const std::optional<std::string>& index) {
  const bool is_only = bundle.design.tables.size() == 1;
  if (is_only) return index.value_or("");
  const std::string& name = bundle.design.tables[table].name;
  return index ? name + "." + *index : name;
}

std::string plan_text(const Bundle& bundle, const design::AccessPlan& plan) {
  if (plan.served == design::Served::no) return "not served";
  std::vector<std::string> steps;
  std::vector<std::string> kinds;
  for (const design::Step& step : plan.steps) {
    if (is_of_other_calls(plan, step)) {
      kinds.push_back(support::join(steps, "; then "));
      steps.clear();
    }
    // Known by the same as its row is, a facet is read beside it.
    const bool at_once = step.completes && plan.steps[*step.completes].after == step.after;
    if (at_once) {
      steps.back() += " and " + step_text(bundle, step);
    } else {
      steps.push_back(step_text(bundle, step));
    }
  }
  if (plan.served == design::Served::offload) steps.push_back(outside_text(plan.offload));
  if (steps.empty()) return "no request";
  kinds.push_back(support::join(steps, "; then "));
  return support::join(kinds, "; else ");
}

std::string read_units_text(const capacity::PatternUsage& usage) {
  return units_sum(usage, &capacity::ResourceUnits::read);
}

std::string write_units_text(const capacity::PatternUsage& usage) {
  return units_sum(usage, &capacity::ResourceUnits::write);
}

std::string projection_text(const dynamo::Projection& projection) {
  switch (projection.type) {
    case dynamo::ProjectionType::all:
      return "all";
    case dynamo::ProjectionType::keys_only:
      return "keys";
    case dynamo::ProjectionType::include:
      break;
  }
  return support::join(projection.attributes, ", ");
}

std::string key_schema_text(const dynamo::KeySchema& key) {
  std::vector<std::string> parts;
  const auto add = [&parts](const dynamo::KeyAttribute& attribute) {
    const bool is_text = attribute.type == dynamo::ScalarType::S;
    const std::string type(dynamo::scalar_type_name(attribute.type));
    parts.push_back(is_text ? attribute.name : attribute.name + " (" + type + ")");
  };
  for (const dynamo::KeyAttribute& attribute : key.partition) add(attribute);
  for (const dynamo::KeyAttribute& attribute : key.sort) add(attribute);
  return support::join(parts, ", ");
}

std::string item_name(const Bundle& bundle, const design::ItemLayout& layout) {
  const model::Entity& entity = bundle.workload.entity(layout.entity);
  if (layout.role == design::ItemRole::row) return entity.name;
  std::string out = entity.name + ": " + std::string(design::role_name(layout.role));
  if (layout.copy > 0) out += " " + std::to_string(layout.copy);
  if (layout.unique) {
    out += " of " + support::join(entity.unique[*layout.unique].attributes, " + ");
  }
  return out;
}

std::string entry_note(const design::KeyEntry& entry) {
  std::vector<std::string> notes;
  if (entry.when) notes.push_back("if " + model::to_string(*entry.when));
  if (entry.shards.sharded()) {
    std::string shards =
        counted(static_cast<std::size_t>(entry.shards.count), "shard") + " by " +
        (entry.shards.by_request ? "request" : support::join(entry.shards.by, " + "));
    for (const auto& named : entry.shards.per_key) {
      shards += fmt::format(", {} for {}", named.second, named.first);
    }
    notes.push_back(std::move(shards));
  }
  return support::join(notes, "; ");
}

std::string table_features(const design::Table& table) {
  std::vector<std::string> features;
  if (table.ttl_attribute) features.push_back("TTL on " + *table.ttl_attribute);
  if (table.stream_view) features.push_back("stream of " + *table.stream_view);
  if (table.point_in_time_recovery) {
    features.push_back(table.recovery_days
                           ? fmt::format("point-in-time recovery for {} days", *table.recovery_days)
                           : "point-in-time recovery");
  }
  if (table.warm_read_units) {
    features.push_back(support::format_count(*table.warm_read_units) + " warm read units/s");
  }
  if (table.warm_write_units) {
    features.push_back(support::format_count(*table.warm_write_units) + " warm write units/s");
  }
  return support::join(features, ", ");
}

std::vector<std::string> readers_of(const Bundle& bundle, std::size_t table,
                                    const std::optional<std::string>& index) {
  std::vector<std::string> names;
  for (const design::AccessPlan& plan : bundle.design.plans) {
    const bool uses = std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) {
      return step.table == table && step.index == index;
    });
    if (uses) names.push_back(bundle.workload.pattern(plan.pattern).name);
  }
  return names;
}

std::string optimality_text(const design::Optimality& optimality) {
  const std::string nodes = support::format_grouped(optimality.nodes);
  if (optimality.proven) {
    return fmt::format("Proven to be the cheapest design in the search space, in {} nodes.", nodes);
  }
  if (optimality.gap) {
    return fmt::format(
        "At most {} % above the cheapest design in the search space, after {} nodes; --effort "
        "searches longer.",
        support::format_number(*optimality.gap * 100, 2), nodes);
  }
  return fmt::format("The cheapest of {} designs compared; not proven to be the cheapest possible.",
                     nodes);
}

std::optional<support::Money> extra_for_keeping(const design::Continuity& kept) {
  if (!kept.fresh_objective) return std::nullopt;
  return kept.objective - *kept.fresh_objective;
}

std::string keeping_text(const design::Continuity& kept) {
  const std::optional<support::Money> extra = extra_for_keeping(kept);
  if (!extra) return "Starting anew, no design could be made.";
  if (extra->micro_usd == 0 && kept.lost.empty())
    return "Keeping it costs nothing: a fresh design would be no cheaper.";
  if (extra->micro_usd == 0)
    return fmt::format("{} of it could not stay; a fresh design would be no cheaper.",
                       counted(kept.lost.size(), "part"));
  const std::string both = fmt::format(
      "A fresh design would cost {} a month, {} with complexity; this one costs {} and {}",
      support::format_money(*kept.fresh_cost), support::format_money(*kept.fresh_objective),
      support::format_money(kept.cost), support::format_money(kept.objective));
  if (extra->micro_usd < 0) return both + ".";
  return fmt::format("{}: {} more for keeping what is there.", both, support::format_money(*extra));
}

std::string subject_text(const std::string& subject) {
  const std::size_t colon = subject.find(':');
  if (colon == std::string::npos) return subject;
  const std::string kind = subject.substr(0, colon);
  return (kind == "pattern" ? "access pattern" : kind) + " " + subject.substr(colon + 1);
}

std::string proof_text(const Bundle& bundle) {
  if (bundle.proof == nullptr) return "Not proven in this run.";
  const seed::ProofReport& proof = *bundle.proof;
  const std::string ran = fmt::format(
      "{} ran in {} over {}", counted(static_cast<std::size_t>(proof.patterns), "access pattern"),
      counted(static_cast<std::size_t>(proof.requests), "request"),
      counted(static_cast<std::size_t>(proof.items), "item"));
  const std::string result = proof.ok() ? ": each answer and each unit as planned."
                                        : ": " + counted(proof.failures.size(), "failure") + ".";
  if (proof.uncalled.empty()) return ran + result;
  return ran + result + " Nothing is shown of " +
         support::join_list(uncalled_names(bundle.workload, proof)) +
         ": the sample has no row that a call could be about.";
}

pricing::PaymentMode payment_mode(const Bundle& bundle, std::size_t table) {
  for (const pricing::TableChoice& choice : bundle.cost.tables) {
    if (choice.table == table) return choice.mode;
  }
  return {bundle.cost.provisioned, false};
}

std::string short_money(support::Money money) {
  constexpr std::int64_t kMicroPerCent = 10'000;
  const bool is_tiny = money.micro_usd > 0 && money.micro_usd < kMicroPerCent;
  return is_tiny ? "<$0.01" : support::format_money(money);
}

namespace {

void add_note(std::vector<PatternNote>& notes, const std::string& text,
              const std::string& pattern) {
  auto found = std::find_if(notes.begin(), notes.end(),
                            [&](const PatternNote& note) { return note.text == text; });
  if (found == notes.end()) found = notes.insert(notes.end(), {text, {}});
  support::add_once(found->patterns, pattern);
}

}  // namespace

std::vector<PatternNote> client_notes(const Bundle& bundle) {
  std::vector<PatternNote> notes;
  for (const design::AccessPlan& plan : bundle.design.plans) {
    for (const std::string& text : plan.client_notes)
      add_note(notes, text, bundle.workload.pattern(plan.pattern).name);
  }
  return notes;
}

std::vector<PatternNote> copy_notes(const Bundle& bundle) {
  std::vector<PatternNote> notes;
  for (const design::AccessPlan& plan : bundle.design.plans) {
    const model::Pattern& pattern = bundle.workload.pattern(plan.pattern);
    const auto* read = std::get_if<model::Read>(&pattern.action);
    if (read == nullptr || read->entities.empty()) continue;
    const model::Entity& child = bundle.workload.entity(read->entities.front());
    struct Copies {
      std::vector<std::string> names;
      std::vector<std::string> ways;
    };
    std::map<std::string, Copies> by_parent;
    for (const design::CopiedAttribute& one : plan.copied) {
      const model::Relation* relation = child.relation_by(one.relation_attribute);
      if (relation == nullptr) continue;
      Copies& copies = by_parent[bundle.workload.entity(relation->parents.front()).name];
      support::add_once(copies.names, one.attribute);
      support::add_once(copies.ways, one.relation_attribute);
    }
    for (const auto& [parent, copies] : by_parent) {
      const std::string ways =
          copies.ways.size() > 1 ? " (by " + support::join_list(copies.ways) + ")" : "";
      add_note(notes,
               child.name + " holds copies of " + parent + "'s " +
                   support::join_list(copies.names) + ways,
               pattern.name);
    }
  }
  return notes;
}

double ceiling_share(const design::HotKey& hot) {
  const double share =
      std::max(hot.peak_read_units / dynamo::limits::kPartitionReadUnitsPerSecond,
               hot.peak_write_units / dynamo::limits::kPartitionWriteUnitsPerSecond);
  return share / std::max(hot.shards, 1);
}

std::string billing_text(const Bundle& bundle) {
  std::size_t provisioned = 0;
  for (std::size_t i = 0; i < bundle.design.tables.size(); ++i) {
    if (payment_mode(bundle, i).provisioned) ++provisioned;
  }
  if (provisioned == 0) return "on-demand";
  return provisioned == bundle.design.tables.size() ? "provisioned" : "mixed billing";
}

std::string other_billing_text(const Bundle& bundle) {
  if (!bundle.cost.other_mode_total) return "";
  const std::string billing = billing_text(bundle);
  std::string_view other = "With each table's billing mode changed";
  if (billing == "on-demand") other = "Provisioned";
  if (billing == "provisioned") other = "On-demand";
  return fmt::format("{} it would be {} a month.", other,
                     support::format_money(*bundle.cost.other_mode_total));
}

}  // namespace ddbplan::emit
