#include "emit/resources.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>

#include "emit/plan_summary.h"
#include "pricing/average_month.h"
#include "support/text.h"

namespace ddbplan::emit {
namespace {

/// The regions among which multi-Region strong consistency replicates (Developer Guide, "Multi-Region strong
/// consistency", region sets; read 2026-04).
constexpr std::array<std::array<std::string_view, 4>, 3> kStrongRegionSets = {
    {{"us-east-1", "us-east-2", "us-west-2", ""},
     {"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"},
     {"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", ""}}};

/// The first region of the set of `regions` that is not one of them.
std::optional<std::string> witness_of(const std::vector<std::string>& regions) {
  for (const auto& set : kStrongRegionSets) {
    if (std::find(set.begin(), set.end(), regions.front()) == set.end()) continue;
    for (const std::string_view region : set) {
      if (region.empty()) continue;
      if (std::find(regions.begin(), regions.end(), region) == regions.end()) {
        return std::string(region);
      }
    }
  }
  return std::nullopt;
}

/// The load of a table (index nullopt) or a global index at its highest: the declared peaks, or an
/// event where that asks for more.
capacity::ResourceLoad highest_load(const Bundle& bundle, std::size_t table,
                                    const std::optional<std::string>& index) {
  for (const capacity::ResourceLoad& load : capacity::highest_loads(bundle.usage)) {
    if (load.table == table && load.index == index) return load;
  }
  return {table, index, {}, {}};
}

/// What is priced is held all month, so that a peak is served from its first second; scaling adds
/// the room that its target asks for when a peak lasts.
Scaling scaling_of(const capacity::MeanMax& load, double target) {
  Scaling scaling;
  scaling.min = std::llround(pricing::provisioned_units(load.mean, load.max, target));
  scaling.max =
      std::max<std::int64_t>(scaling.min, std::llround(std::ceil(load.max / target - 1e-9)));
  scaling.initial = scaling.min;
  return scaling;
}

Throughput throughput_of(const Bundle& bundle, std::size_t table,
                         const std::optional<std::string>& index, double target) {
  const capacity::ResourceLoad load = highest_load(bundle, table, index);
  return {scaling_of(load.read, target), scaling_of(load.write, target)};
}

void define_attributes(const dynamo::KeySchema& key,
                       std::vector<dynamo::KeyAttribute>& attributes) {
  const auto define = [&attributes](const dynamo::KeyAttribute& attribute) {
    const bool known = std::any_of(
        attributes.begin(), attributes.end(),
        [&](const dynamo::KeyAttribute& other) { return other.name == attribute.name; });
    if (!known) attributes.push_back(attribute);
  };
  for (const dynamo::KeyAttribute& attribute : key.partition) define(attribute);
  for (const dynamo::KeyAttribute& attribute : key.sort) define(attribute);
}

/// settings.encryption: "owned" is AWS's own key, "managed" or "kms" the account's aws/dynamodb key, anything
/// else names a key.
std::optional<Encryption> encryption_of(const std::optional<std::string>& setting) {
  if (!setting) return std::nullopt;
  const std::string word = support::to_lower_ascii(*setting);
  if (word == "owned" || word == "aws_owned" || word == "default") return std::nullopt;
  if (word == "managed" || word == "aws_managed" || word == "kms") return Encryption{};
  return Encryption{*setting};
}

std::optional<WarmThroughput> warm_of(const design::Table& table) {
  if (!table.warm_read_units && !table.warm_write_units) return std::nullopt;
  WarmThroughput warm;
  const auto whole = [](double units) { return static_cast<std::int64_t>(std::ceil(units)); };
  if (table.warm_read_units) warm.read_units = whole(*table.warm_read_units);
  if (table.warm_write_units) warm.write_units = whole(*table.warm_write_units);
  return warm;
}

TableResource table_resource(const Bundle& bundle, std::size_t number) {
  const design::Table& table = bundle.design.tables[number];
  const model::Settings& settings = bundle.workload.settings;
  const double target = std::clamp(settings.capacity_target, 0.2, 0.9);

  TableResource out;
  out.logical_name = logical_name(table.name);
  out.name = table.name;
  out.service = bundle.workload.service;
  out.key = table.key;
  out.target_percent = static_cast<int>(std::lround(target * 100));
  out.warm = warm_of(table);
  out.ttl_attribute = table.ttl_attribute;
  out.stream_view = table.stream_view;
  out.point_in_time_recovery = table.point_in_time_recovery;
  if (table.point_in_time_recovery) out.recovery_days = table.recovery_days;
  out.encryption = encryption_of(settings.encryption);
  const pricing::PaymentMode mode = payment_mode(bundle, number);
  out.infrequent_access = mode.infrequent_access;
  out.deletion_protection = settings.deletion_protection;
  out.tags = settings.tags;
  out.needed_by = readers_of(bundle, number, std::nullopt);
  if (mode.provisioned) out.throughput = throughput_of(bundle, number, {}, target);

  define_attributes(table.key, out.attributes);
  for (const design::Index& index : table.indexes) {
    define_attributes(index.key, out.attributes);
    IndexResource resource{index.name, index.key, index.projection, std::nullopt,
                           readers_of(bundle, number, index.name)};
    if (!index.local && mode.provisioned) {
      resource.throughput = throughput_of(bundle, number, index.name, target);
    }
    (index.local ? out.local_indexes : out.global_indexes).push_back(std::move(resource));
  }
  return out;
}

/// Two tables may differ in characters that a logical name cannot hold: "a-b" and "a_b".
void make_unique(std::vector<TableResource>& tables) {
  std::set<std::string> taken;
  for (TableResource& table : tables) {
    const std::string base = table.logical_name;
    for (int n = 2; !taken.insert(table.logical_name).second; ++n) {
      table.logical_name = base + std::to_string(n);
    }
  }
}

}  // namespace

std::string logical_name(std::string_view name) {
  std::string out;
  bool starts_word = true;
  for (const char c : name) {
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_lower && !is_upper && !is_digit) {
      starts_word = true;
      continue;
    }
    out += starts_word && is_lower ? static_cast<char>(c - 'a' + 'A') : c;
    starts_word = false;
  }
  // "shop" and "shop_table" would both become ShopTable once the template adds its own word.
  constexpr std::string_view kWord = "Table";
  if (out.size() > kWord.size() && out.ends_with(kWord)) out.resize(out.size() - kWord.size());
  return out.empty() ? std::string("Main") : out;
}

Resources resources(const Bundle& bundle) {
  const model::Settings& settings = bundle.workload.settings;
  Resources out;
  out.service = bundle.workload.service;
  out.source_name = bundle.source.name();
  out.regions = settings.regions;
  out.strong = out.is_global() && settings.replication == model::Replication::strong;
  if (out.strong && out.regions.size() == 2) out.witness = witness_of(out.regions);
  for (std::size_t i = 0; i < bundle.design.tables.size(); ++i) {
    out.tables.push_back(table_resource(bundle, i));
    // Eventually consistent replicas are fed from the stream; strong ones are not.
    std::optional<std::string>& stream = out.tables.back().stream_view;
    if (out.is_global() && !out.strong) stream = "NEW_AND_OLD_IMAGES";
  }
  make_unique(out.tables);
  return out;
}

}  // namespace ddbplan::emit
