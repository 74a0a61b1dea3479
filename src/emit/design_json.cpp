#include "emit/design_json.h"

#include "design/earlier_design.h"
#include "dynamo/limits.h"
#include "emit/json_parts.h"
#include "emit/plan_summary.h"

namespace ddbplan::emit {
namespace {

Json key_json(const std::vector<dynamo::KeyAttribute>& attributes) {
  Json out = Json::array();
  for (const dynamo::KeyAttribute& attribute : attributes) {
    out.push_back({{"name", attribute.name}, {"type", dynamo::scalar_type_name(attribute.type)}});
  }
  return out;
}

Json projection_json(const dynamo::Projection& projection) {
  switch (projection.type) {
    case dynamo::ProjectionType::all:
      return {{"type", "ALL"}, {"attributes", Json::array()}};
    case dynamo::ProjectionType::keys_only:
      return {{"type", "KEYS_ONLY"}, {"attributes", Json::array()}};
    case dynamo::ProjectionType::include:
      break;
  }
  return {{"type", "INCLUDE"}, {"attributes", projection.attributes}};
}

Json indexes_json(const design::Table& table, bool local) {
  Json out = Json::array();
  for (const design::Index& index : table.indexes) {
    if (index.local != local) continue;
    out.push_back({{"name", index.name},
                   {"partition_key", key_json(index.key.partition)},
                   {"sort_key", key_json(index.key.sort)},
                   {"projection", projection_json(index.projection)}});
  }
  return out;
}

Json recovery_days(const design::Table& table) {
  return table.recovery_days ? Json(*table.recovery_days) : Json(nullptr);
}

std::string_view billing_name(bool provisioned) {
  return provisioned ? "provisioned" : "on-demand";
}

std::string_view table_class(bool infrequent_access) {
  return infrequent_access ? "standard-infrequent-access" : "standard";
}

Json optional_money(const std::optional<support::Money>& money) {
  return money ? json_money(*money) : Json(nullptr);
}

Json tables_json(const Bundle& bundle) {
  Json out = Json::array();
  for (std::size_t i = 0; i < bundle.design.tables.size(); ++i) {
    const design::Table& table = bundle.design.tables[i];
    const pricing::PaymentMode mode = payment_mode(bundle, i);
    out.push_back({{"name", table.name},
                   {"partition_key", key_json(table.key.partition)},
                   {"sort_key", key_json(table.key.sort)},
                   {"billing", billing_name(mode.provisioned)},
                   {"table_class", table_class(mode.infrequent_access)},
                   {"ttl", json_optional(table.ttl_attribute)},
                   {"stream", json_optional(table.stream_view)},
                   {"point_in_time_recovery", table.point_in_time_recovery},
                   {"recovery_days", recovery_days(table)},
                   {"global_secondary_indexes", indexes_json(table, false)},
                   {"local_secondary_indexes", indexes_json(table, true)}});
  }
  return out;
}

/// One template is a text, those of a multi-attribute key a list; null where there is no sort key.
Json templates_json(const std::vector<design::KeyTemplate>& templates) {
  if (templates.empty()) return nullptr;
  if (templates.size() == 1) return design::to_string(templates.front());
  Json out = Json::array();
  for (const design::KeyTemplate& key : templates) out.push_back(design::to_string(key));
  return out;
}

Json entry_json(const design::KeyEntry& entry) {
  Json out = {{"index", json_optional(entry.index)},
              {"partition_key", templates_json(entry.partition)},
              {"sort_key", templates_json(entry.sort)}};
  if (entry.when) out["when"] = model::to_string(*entry.when);
  if (const design::Ranks ranks = entry.ranks(); !ranks.empty()) out["ranks"] = ranks;
  out["shards"] = entry.shards.count;
  if (!entry.shards.sharded()) return out;
  Json per_key = Json::object();
  for (const auto& named : entry.shards.per_key) per_key[named.first] = named.second;
  // One attribute is the usual case and reads as such; several are hashed joined by '#'.
  const std::vector<std::string>& by = entry.shards.by;
  const Json picked_by = entry.shards.by_request ? Json("request")
                         : by.size() == 1        ? Json(by.front())
                                                 : Json(by);
  out["shard"] = {{"by", picked_by}, {"hash", entry.shards.hash}, {"per_key", std::move(per_key)}};
  if (!entry.shards.per_key_attribute.empty()) {
    out["shard"]["per_key_attribute"] = entry.shards.per_key_attribute;
  }
  return out;
}

Json item_json(const Bundle& bundle, const design::ItemLayout& layout) {
  Json keys = Json::array();
  keys.push_back(entry_json(layout.base));
  for (const design::KeyEntry& entry : layout.entries) keys.push_back(entry_json(entry));
  Json out = {{"role", design::role_name(layout.role)},
              {"table", bundle.design.tables[layout.table].name},
              {"bytes", json_mean_max(layout.bytes.mean, layout.bytes.max)},
              {"keys", std::move(keys)},
              {"attributes", layout.attributes},
              {"type", json_optional(layout.type_value)}};
  if (layout.copy > 0) out["copy"] = layout.copy;
  if (layout.unique) {
    const model::Entity& entity = bundle.workload.entity(layout.entity);
    out["unique"] = entity.unique[*layout.unique].attributes;
  }
  return out;
}

Json entities_json(const Bundle& bundle) {
  Json out = Json::object();
  for (std::size_t i = 0; i < bundle.workload.entities.size(); ++i) {
    Json items = Json::array();
    for (const design::ItemLayout& layout : bundle.design.items) {
      if (layout.entity.index == i) items.push_back(item_json(bundle, layout));
    }
    const model::Entity& entity = bundle.workload.entities[i];
    out[entity.name] = {{"count", json_number(entity.count)}, {"items", std::move(items)}};
  }
  return out;
}

Json access_patterns_json(const Bundle& bundle) {
  Json out = Json::object();
  for (std::size_t i = 0; i < bundle.workload.patterns.size(); ++i) {
    out[bundle.workload.patterns[i].name] = access_pattern_json(bundle, i);
  }
  return out;
}

Json hot_keys_json(const Bundle& bundle) {
  Json out = Json::array();
  for (const design::HotKey& hot : bundle.design.hot_keys) {
    out.push_back({{"table", bundle.design.tables[hot.table].name},
                   {"index", json_optional(hot.index)},
                   {"key", hot.key},
                   {"when", hot.when},
                   {"peak_write_units", json_number(hot.peak_write_units)},
                   {"peak_read_units", json_number(hot.peak_read_units)},
                   {"ceiling", json_number(dynamo::limits::kPartitionWriteUnitsPerSecond)},
                   {"read_ceiling", json_number(dynamo::limits::kPartitionReadUnitsPerSecond)},
                   {"target", json_number(bundle.workload.settings.capacity_target)},
                   {"shards", hot.shards}});
  }
  return out;
}

Json capacity_json(const Bundle& bundle) {
  Json out = Json::array();
  for (const capacity::ResourceLoad& load : bundle.usage.loads) {
    out.push_back({{"table", bundle.design.tables[load.table].name},
                   {"index", json_optional(load.index)},
                   {"read", json_mean_peak(load.read.mean, load.read.max)},
                   {"write", json_mean_peak(load.write.mean, load.write.max)}});
  }
  return out;
}

Json storage_json(const Bundle& bundle) {
  Json out = Json::array();
  for (const capacity::ResourceStorage& storage : bundle.usage.storage) {
    out.push_back({{"table", bundle.design.tables[storage.table].name},
                   {"index", json_optional(storage.index)},
                   {"items", json_number(storage.items)},
                   {"bytes", json_number(storage.bytes)}});
  }
  return out;
}

Json cost_json(const Bundle& bundle) {
  const pricing::CostReport& cost = bundle.cost;
  Json lines = Json::array();
  for (const pricing::CostLine& line : cost.lines) {
    lines.push_back({{"what", line.what},
                     {"table", bundle.design.tables[line.table].name},
                     {"index", json_optional(line.index)},
                     {"region", line.region},
                     {"quantity", json_number(line.quantity)},
                     {"unit", line.unit},
                     {"usd", json_money(line.usd)}});
  }
  Json tables = Json::array();
  for (const pricing::TableChoice& choice : cost.tables) {
    tables.push_back({{"table", bundle.design.tables[choice.table].name},
                      {"billing", billing_name(choice.mode.provisioned)},
                      {"table_class", table_class(choice.mode.infrequent_access)},
                      {"usd_per_month", json_money(choice.total)},
                      {"on_demand_usd_per_month", optional_money(choice.on_demand)},
                      {"provisioned_usd_per_month", optional_money(choice.provisioned)},
                      {"standard_usd_per_month", optional_money(choice.standard)},
                      {"infrequent_access_usd_per_month", optional_money(choice.infrequent_access)},
                      {"scheduled_usd_per_month", optional_money(choice.scheduled)},
                      {"read_utilisation", json_number(choice.read_utilisation)},
                      {"write_utilisation", json_number(choice.write_utilisation)}});
  }
  return {{"usd_per_month", json_money(cost.total)},
          {"other_billing_usd_per_month", optional_money(cost.other_mode_total)},
          {"lines", std::move(lines)},
          {"tables", std::move(tables)},
          {"not_priced", cost.not_priced}};
}

Json assumptions_json(const Bundle& bundle) {
  Json defaults = Json::array();
  for (const model::DefaultUsed& used : bundle.workload.defaults) {
    defaults.push_back({{"path", used.path}, {"value", used.value}, {"reason", used.reason}});
  }
  return {{"region", bundle.cost.region},
          {"regions", bundle.workload.settings.regions},
          {"hours_per_month", json_number(bundle.cost.hours_per_month)},
          {"horizon_months", json_number(bundle.workload.settings.horizon_months)},
          {"prices_as_of", bundle.cost.prices_as_of},
          {"defaults", std::move(defaults)}};
}

Json optimality_json(const design::Optimality& optimality) {
  return {{"objective_usd_per_month", json_money(optimality.objective)},
          {"complexity_usd_per_month", json_money(optimality.complexity)},
          {"lower_bound_usd_per_month", optional_money(optimality.lower_bound)},
          {"gap", optimality.gap ? json_number(*optimality.gap) : Json(nullptr)},
          {"proven", optimality.proven},
          {"nodes", optimality.nodes}};
}

Json validation_json(const Bundle& bundle) {
  if (bundle.proof == nullptr) return nullptr;
  Json failures = Json::array();
  for (const seed::ProofFailure& failure : bundle.proof->failures) {
    failures.push_back({{"pattern", bundle.workload.pattern(failure.pattern).name},
                        {"what", failure.what},
                        {"parameters", failure.parameters}});
  }
  return {{"patterns", bundle.proof->patterns},
          {"requests", bundle.proof->requests},
          {"items", bundle.proof->items},
          {"failed", bundle.proof->failures.size()},
          {"failures", std::move(failures)},
          {"uncalled", uncalled_names(bundle.workload, *bundle.proof)}};
}

Json decisions_json(const Bundle& bundle) {
  Json out = Json::array();
  for (const design::Decision& decision : bundle.design.decisions) {
    Json alternatives = Json::array();
    for (const design::Decision::Alternative& other : decision.alternatives) {
      alternatives.push_back({{"what", other.what},
                              {"extra_usd_per_month", optional_money(other.extra)},
                              {"ruled_out", json_text_or_null(other.ruled_out)}});
    }
    out.push_back({{"subject", decision.subject},
                   {"chosen", decision.chosen},
                   {"reason", decision.reason},
                   {"alternatives", std::move(alternatives)}});
  }
  return out;
}

Json other_designs_json(const std::vector<design::OtherDesign>& others) {
  Json out = Json::array();
  for (const design::OtherDesign& other : others) {
    out.push_back({{"indexes", other.indexes},
                   {"objective_usd_per_month", optional_money(other.objective)},
                   {"complexity_usd_per_month", json_money(other.complexity)},
                   {"differences", other.differences}});
  }
  return out;
}

Json changes_json(const std::vector<design::Continuity::Change>& changes) {
  Json out = Json::array();
  for (const design::Continuity::Change& one : changes)
    out.push_back({{"subject", one.subject}, {"what", one.what}});
  return out;
}

Json keep_json(const design::Continuity& kept) {
  Json lost = Json::array();
  for (const design::Continuity::Loss& one : kept.lost)
    lost.push_back({{"subject", one.subject}, {"what", one.what}, {"why", one.why}});
  return {{"earlier", kept.earlier},
          {"usd_per_month", json_money(kept.cost)},
          {"objective_usd_per_month", json_money(kept.objective)},
          {"fresh_usd_per_month", optional_money(kept.fresh_cost)},
          {"fresh_objective_usd_per_month", optional_money(kept.fresh_objective)},
          {"extra_usd_per_month", optional_money(extra_for_keeping(kept))},
          {"new", changes_json(kept.added)},
          {"no_longer_used", changes_json(kept.unused)},
          {"not_kept", std::move(lost)}};
}

Json diagnostics_json(const Bundle& bundle) {
  Json out = Json::array();
  for (const support::Diagnostic& diagnostic : bundle.diagnostics.items()) {
    const support::LineColumn begin = bundle.source.position(diagnostic.span.begin);
    const support::LineColumn end = bundle.source.position(diagnostic.span.end);
    Json entry = {{"code", diagnostic.code},
                  {"rule", diagnostic.rule},
                  {"severity", support::severity_name(diagnostic.severity)},
                  {"message", diagnostic.message},
                  {"file", bundle.source.name()},
                  {"line", begin.line},
                  {"column", begin.column},
                  {"end_line", end.line},
                  {"end_column", end.column}};
    if (!diagnostic.help.empty()) entry["help"] = diagnostic.help;
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace

std::string design_json(const Bundle& bundle) {
  Json out = {{"schema_version", design::kDocumentVersion}, {"service", bundle.workload.service}};
  out["tables"] = tables_json(bundle);
  out["entities"] = entities_json(bundle);
  out["access_patterns"] = access_patterns_json(bundle);
  out["hot_keys"] = hot_keys_json(bundle);
  out["capacity"] = capacity_json(bundle);
  out["storage"] = storage_json(bundle);
  out["cost"] = cost_json(bundle);
  out["assumptions"] = assumptions_json(bundle);
  out["optimality"] = optimality_json(bundle.design.optimality);
  if (!bundle.design.alternatives.empty())
    out["alternatives"] = other_designs_json(bundle.design.alternatives);
  if (!bundle.design.frontier.empty()) out["frontier"] = other_designs_json(bundle.design.frontier);
  if (bundle.design.continuity) out["keep"] = keep_json(*bundle.design.continuity);
  out["validation"] = validation_json(bundle);
  out["decisions"] = decisions_json(bundle);
  out["diagnostics"] = diagnostics_json(bundle);
  return dump_json(out);
}

}  // namespace ddbplan::emit
