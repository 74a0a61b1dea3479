#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "schema/checks.h"
#include "schema/resolve.h"

namespace ddbplan::schema {
namespace {

using model::Settings;

template <class Choice, std::size_t N>
void choose(Choice& out, const std::optional<std::string>& text,
            const std::array<std::pair<std::string_view, Choice>, N>& choices) {
  if (!text) return;
  for (const auto& [name, choice] : choices) {
    if (*text == name) out = choice;
  }
}

constexpr std::array<std::pair<std::string_view, model::Billing>, 3> kBilling = {
    {{"auto", model::Billing::automatic},
     {"on-demand", model::Billing::on_demand},
     {"provisioned", model::Billing::provisioned}}};
constexpr std::array<std::pair<std::string_view, model::Replication>, 2> kReplication = {
    {{"eventual", model::Replication::eventual}, {"strong", model::Replication::strong}}};
constexpr std::array<std::pair<std::string_view, model::TableClass>, 3> kTableClass = {
    {{"auto", model::TableClass::automatic},
     {"standard", model::TableClass::standard},
     {"infrequent-access", model::TableClass::standard_infrequent_access}}};
constexpr std::array<std::pair<std::string_view, model::Layout>, 3> kLayout = {
    {{"auto", model::Layout::automatic},
     {"single-table", model::Layout::single_table},
     {"table-per-entity", model::Layout::table_per_entity}}};
constexpr std::array<std::pair<std::string_view, model::KeyStyle>, 3> kKeyStyle = {
    {{"auto", model::KeyStyle::automatic},
     {"generic", model::KeyStyle::generic},
     {"natural", model::KeyStyle::natural}}};

void read_backup(Context& context, const Node& node, Settings& settings) {
  model::Backup backup;
  if (node.is_scalar()) {
    if (node.text != "true") return;
    backup.point_in_time_recovery = true;
    settings.backup = backup;
    return;
  }
  if (const Node* recovery = child(node, "pitr"); recovery != nullptr && recovery->is_scalar()) {
    backup.point_in_time_recovery = recovery->text != "false";
    if (const auto days = value(recovery, parse_duration)) {
      const double count = days->resolve(context.calendar).seconds / support::kSecondsPerDay;
      // The service keeps between 1 and 35 days.
      if (check_between(context, *recovery, count, {1, 35, "days of point-in-time recovery"})) {
        backup.recovery_days = static_cast<int>(std::lround(count));
      }
    }
  }
  for (const Node* plan : scalars(child(node, "plans"))) backup.plans.push_back(plan->text);
  settings.backup = std::move(backup);
}

void read_money(Context& context, const Node* node, support::Money& out) {
  const auto usd = value(node, parse_usd);
  if (usd && check_between(context, *node, *usd, {0, 1e6, "dollars a month"})) {
    out = support::Money::from_usd(*usd);
  }
}

void read_limits(Context& context, const Node* node, model::ResourceLimits& limits) {
  if (node == nullptr) return;
  const auto read = [&](std::string_view key, double max, std::optional<int>& out) {
    const Node* number = child(*node, key);
    const auto count = value(number, parse_integer);
    if (count && check_between(context, *number, *count, {0, max, key}))
      out = static_cast<int>(*count);
  };
  read("tables", 2500, limits.tables);
  read("gsis", 100, limits.global_indexes);
  read("lsis", 5, limits.local_indexes);
}

void read_numbers(Context& context, const Node& node, Settings& settings) {
  const Node* hours = child(node, "hours_per_month");
  if (const auto count = value(hours, parse_count);
      count && check_between(context, *hours, *count, {1, 800, "hours per month"})) {
    settings.hours_per_month = *count;
  }
  context.calendar.hours_per_month = settings.hours_per_month;
  const Node* horizon = child(node, "horizon");
  if (const auto duration = value(horizon, parse_duration)) {
    const double months =
        duration->resolve(context.calendar).seconds / (settings.hours_per_month * 3600);
    if (check_between(context, *horizon, months, {0.01, 600, "months of horizon"})) {
      settings.horizon_months = months;
    }
  }
  const Node* target = child(node, "capacity_target");
  if (const auto share = value(target, parse_share);
      share && check_between(context, *target, *share * 100, {1, 100, "percent of a ceiling"})) {
    settings.capacity_target = *share;
  }
  if (const Node* complexity = child(node, "complexity")) {
    read_money(context, child(*complexity, "table"), settings.complexity_table);
    read_money(context, child(*complexity, "index"), settings.complexity_index);
  }
  if (const Node* seed = child(node, "seed")) {
    const Node* rows = child(*seed, "rows");
    if (const auto count = value(rows, parse_count);
        count && check_between(context, *rows, *count, {1, 1e7, "rows of seed"})) {
      settings.seed_rows = static_cast<int>(*count);
    }
    const Node* number = child(*seed, "number");
    if (const auto count = value(number, parse_integer);
        count && check_between(context, *number, *count, {0, 9e15, "as a seed number"})) {
      settings.seed_number = static_cast<std::uint64_t>(*count);
    }
  }
}

void check_regions(Context& context, const Node& node, const Settings& settings) {
  const std::vector<const Node*> regions = scalars(child(node, "regions"));
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const auto is_same = [&](const Node* other) { return other->text == regions[i]->text; };
    if (std::find_if(regions.begin(), regions.begin() + static_cast<std::ptrdiff_t>(i), is_same) ==
        regions.begin() + static_cast<std::ptrdiff_t>(i)) {
      continue;
    }
    context.report(Code::name_taken, regions[i]->span,
                   fmt::format("the region `{}` stands twice", regions[i]->text));
  }
  const Node* home = child(node, "home_region");
  if (home == nullptr || std::find(settings.regions.begin(), settings.regions.end(), home->text) !=
                             settings.regions.end()) {
    return;
  }
  context.report(Code::unknown_value, home->span,
                 fmt::format("`{}` is not one of the `regions`", home->text),
                 suggestion(home->text, settings.regions, "regions"));
}

void read_streams(const Node& node, Settings& settings) {
  const std::optional<std::string> streams = text(node, "streams");
  if (!streams || *streams == "false") return;
  settings.streams = *streams == "true" ? "on" : *streams;
}

}  // namespace

void resolve_settings(Context& context, const Node& root) {
  Settings& settings = context.workload.settings;
  if (const auto service = text(root, "service")) context.workload.service = *service;
  read_limits(context, child(root, "limits"), context.workload.limits);
  const Node* node = child(root, "settings");
  if (node == nullptr || !node->is_map()) {
    context.use_default("settings.regions", "us-east-1", "prices are those of this region");
    return;
  }
  read_numbers(context, *node, settings);
  const std::vector<const Node*> regions = scalars(child(*node, "regions"));
  if (!regions.empty()) settings.regions.clear();
  for (const Node* region : regions) settings.regions.push_back(region->text);
  if (!has(*node, "regions")) {
    context.use_default("settings.regions", "us-east-1", "prices are those of this region");
  }
  choose(settings.billing, text(*node, "billing"), kBilling);
  choose(settings.replication, text(*node, "replication"), kReplication);
  choose(settings.table_class, text(*node, "table_class"), kTableClass);
  choose(settings.layout, text(*node, "layout"), kLayout);
  choose(settings.key_style, text(*node, "key_style"), kKeyStyle);
  settings.home_region = text(*node, "home_region");
  check_regions(context, *node, settings);
  settings.tenant = text(*node, "tenant");
  if (const Node* backup = child(*node, "backup")) read_backup(context, *backup, settings);
  read_streams(*node, settings);
  settings.encryption = text(*node, "encryption");
  if (const Node* tags = child(*node, "tags")) {
    for (const Entry& tag : tags->entries) settings.tags[tag.key] = tag.value.text;
  }
  settings.prices = text(*node, "prices");
  settings.free_tier = flag(*node, "free_tier").value_or(false);
  settings.deletion_protection = flag(*node, "deletion_protection").value_or(false);
  if (const auto type = text(*node, "type_attribute")) settings.type_attribute = *type;
}

}  // namespace ddbplan::schema
