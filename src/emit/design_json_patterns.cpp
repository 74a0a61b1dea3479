#include <algorithm>
#include <map>

#include "design/requests.h"
#include "emit/json_parts.h"
#include "emit/key_text.h"
#include "emit/plan_summary.h"

namespace ddbplan::emit {
namespace {

const design::Table& table_of(const Bundle& bundle, std::size_t table) {
  return bundle.design.tables[table];
}

Json names_json(const std::map<std::string, std::string>& names) {
  Json out = Json::object();
  for (const auto& name : names) out[name.first] = name.second;
  return out;
}

/// The template as this action fills it: what is read before stands as {step0.email}.
design::KeyExpr filled(const design::KeyTemplate& key,
                       const std::map<std::string, design::Source>& known) {
  struct Visitor {
    const std::map<std::string, design::Source>& known;
    design::KeyExprPart operator()(const design::Literal& part) const { return part; }
    design::KeyExprPart operator()(const design::ShardField& part) const { return part; }
    design::KeyExprPart operator()(const design::Field& part) const {
      const auto source = known.find(part.attribute);
      return design::FieldFrom{part, source == known.end()
                                         ? design::Source{design::FromParameter{part.attribute}}
                                         : source->second};
    }
  };
  design::KeyExpr out;
  for (const design::KeyPart& part : key.parts)
    out.parts.push_back(std::visit(Visitor{known}, part));
  return out;
}

/// {"PK": "CUSTOMER#{customer_id}", "SK": ...}: the key attributes with what a write puts there.
Json action_key_json(const design::Table& table, const design::KeyEntry& base,
                     const std::map<std::string, design::Source>& known) {
  Json out = Json::object();
  const auto add = [&](const std::vector<dynamo::KeyAttribute>& attributes,
                       const std::vector<design::KeyTemplate>& templates) {
    for (std::size_t i = 0; i < attributes.size() && i < templates.size(); ++i) {
      out[attributes[i].name] = key_expression_text(filled(templates[i], known));
    }
  };
  add(table.key.partition, base.partition);
  add(table.key.sort, base.sort);
  return out;
}

/// The same for a read that names one item.
Json step_key_json(const design::Table& table, const design::Step& step) {
  Json out = Json::object();
  const auto add = [&out](const std::vector<dynamo::KeyAttribute>& attributes,
                          const std::vector<design::KeyExpr>& expressions) {
    for (std::size_t i = 0; i < attributes.size() && i < expressions.size(); ++i) {
      out[attributes[i].name] = key_expression_text(expressions[i]);
    }
  };
  add(table.key.partition, step.partition);
  add(table.key.sort, step.sort);
  return out;
}

bool names_items(design::Operation operation) {
  return operation == design::Operation::get_item ||
         operation == design::Operation::batch_get_item ||
         operation == design::Operation::transact_get_items;
}

Json entities_of(const Bundle& bundle, const std::vector<std::size_t>& layouts) {
  Json out = Json::array();
  for (const std::size_t layout : layouts) {
    const model::EntityId entity = bundle.design.items[layout].entity;
    const Json name = bundle.workload.entity(entity).name;
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  }
  return out;
}

Json action_json(const Bundle& bundle, const design::WriteAction& action) {
  const design::ItemLayout& layout = bundle.design.items[action.layout];
  const design::Table& table = table_of(bundle, layout.table);
  const design::StepText text = design::describe(bundle.design, bundle.workload, action);
  Json out = {{"operation", design::operation_name(action.operation)},
              {"entity", bundle.workload.entity(layout.entity).name},
              {"role", design::role_name(layout.role)},
              {"table", table.name},
              {"key", action_key_json(table, layout.base, action.known)},
              {"condition", json_text_or_null(text.condition)},
              {"update", json_text_or_null(text.update)},
              {"times", json_mean_max(action.times.mean, action.times.max)}};
  if (!text.names.empty()) out["names"] = names_json(text.names);
  if (action.for_each_found) out["for_each_found"] = true;
  if (action.is_renewed) out["renewed"] = true;
  if (action.is_joined) out["joined"] = true;
  if (!action.only_if_given.empty()) out["only_if_given"] = action.only_if_given;
  if (action.only_if != nullptr) {
    out["only_if"] =
        (action.looks_back ? "before: " : "after: ") + model::to_string(*action.only_if);
  }
  return out;
}

Json order_json(const std::vector<model::OrderBy>& order) {
  Json out = Json::array();
  for (const model::OrderBy& by : order) {
    out.push_back(
        {{"attribute", by.attribute.name},
         {"direction", by.direction == model::Direction::ascending ? "ascending" : "descending"}});
  }
  return out;
}

Json alternatives_json(const design::Step& step) {
  Json out = Json::array();
  for (const auto& bindings : step.alternatives) {
    Json values = Json::object();
    for (const auto& binding : bindings) values[binding.first] = value_text(binding.second);
    out.push_back(std::move(values));
  }
  return out;
}

Json units_json(const Bundle& bundle, const std::vector<capacity::ResourceUnits>& units) {
  Json out = Json::array();
  for (const capacity::ResourceUnits& unit : units) {
    out.push_back({{"table", table_of(bundle, unit.table).name},
                   {"index", json_optional(unit.index)},
                   {"read", json_number(unit.read)},
                   {"write", json_number(unit.write)}});
  }
  return out;
}

/// What a reader needs beside the contract's fields, left out where it says nothing.
void add_details(const Bundle& bundle, const design::Step& step, Json& out) {
  if (names_items(step.operation)) {
    out["key"] = step_key_json(table_of(bundle, step.table), step);
  }
  if (step.shards.sharded()) out["shards"] = step.shards.count;
  if (step.buckets) {
    out["buckets"] = {{"attribute", step.buckets->attribute},
                      {"unit", time_unit_name(step.buckets->unit)}};
  }
  if (!step.alternatives.empty()) out["alternatives"] = alternatives_json(step);
  if (!step.merge_order.empty()) out["merge_order"] = order_json(step.merge_order);
  if (step.count_only) out["count_only"] = true;
  if (step.leads_on) out["leads_on"] = true;
  if (step.may_find_nothing) out["may_find_nothing"] = true;
  if (!step.only_if_given.empty()) out["only_if_given"] = step.only_if_given;
  if (!step.only_if_left_out.empty()) out["only_if_left_out"] = step.only_if_left_out;
  if (step.times.max > 1) out["times"] = json_mean_max(step.times.mean, step.times.max);
  if (step.copies > 0) out["copies"] = step.copies;
  if (step.completes) out["completes"] = *step.completes;
}

Json step_json(const Bundle& bundle, const design::Step& step, const capacity::StepUsage& usage) {
  const design::StepText text = design::describe(bundle.design, bundle.workload, step);
  Json out = {
      {"operation", design::operation_name(step.operation)},
      {"table", table_of(bundle, step.table).name},
      {"index", json_optional(step.index)},
      {"entities", entities_of(bundle, step.layouts)},
      {"consistent_read", step.consistent_read},
      {"requests", json_mean_max(usage.requests.mean, usage.requests.max)},
      {"key_condition", json_text_or_null(text.key_condition)},
      {"filter", json_text_or_null(text.filter)},
      {"condition", json_text_or_null(text.condition)},
      {"update", json_text_or_null(text.update)},
      {"scan_index_forward", step.scan_index_forward},
      {"limit", step.limit ? Json(*step.limit) : Json(nullptr)},
      {"items", json_number(usage.items)},
      {"bytes", json_number(usage.bytes)},
      {"scanned",
       {{"items", json_number(usage.scanned_items)}, {"bytes", json_number(usage.scanned_bytes)}}},
      {"after", step.after}};
  if (!text.names.empty()) out["names"] = names_json(text.names);
  add_details(bundle, step, out);
  if (!step.actions.empty()) {
    Json actions = Json::array();
    for (const design::WriteAction& action : step.actions) {
      actions.push_back(action_json(bundle, action));
    }
    out["actions"] = std::move(actions);
  }
  return out;
}

Json copied_json(const std::vector<design::CopiedAttribute>& copied) {
  Json out = Json::array();
  for (const design::CopiedAttribute& one : copied) {
    out.push_back({{"of", one.relation_attribute + "." + one.attribute}, {"attribute", one.copy}});
  }
  return out;
}

}  // namespace

Json access_pattern_json(const Bundle& bundle, std::size_t pattern) {
  const model::Pattern& asked = bundle.workload.patterns[pattern];
  const design::AccessPlan& plan = bundle.design.plans[pattern];
  const capacity::PatternUsage& usage = bundle.usage.patterns[pattern];
  Json steps = Json::array();
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    steps.push_back(step_json(bundle, plan.steps[i], usage.steps[i]));
  }
  Json out = {{"served", design::served_name(plan.served)},
              {"offload", json_text_or_null(plan.offload)},
              {"steps", std::move(steps)},
              {"units", units_json(bundle, usage.units)},
              {"rate", json_mean_peak(asked.load.mean.per_second, asked.load.peak.per_second)},
              {"usd_per_month", json_money(bundle.cost.patterns[pattern])}};
  if (asked.implied) out["implied"] = true;
  if (!plan.copied.empty()) out["copied"] = copied_json(plan.copied);
  if (!plan.client_order.empty()) out["client_order"] = order_json(plan.client_order);
  for (const design::ChildOrder& one : plan.client_children)
    out["client_children"][bundle.workload.entity(one.child).name] = order_json(one.order);
  for (const design::KeptAggregate& one : plan.kept_in)
    out["kept_in"][to_string(one.what)] = one.attribute;
  for (const model::Aggregate& one : plan.client_aggregates)
    out["client_aggregates"].push_back(to_string(one));
  if (!plan.client_keeps.empty()) out["client_keeps"] = plan.client_keeps;
  if (plan.client_limit) out["client_limit"] = *plan.client_limit;
  if (!plan.client_notes.empty()) out["client_notes"] = plan.client_notes;
  return out;
}

}  // namespace ddbplan::emit
