#include "seed/proof.h"

#include <algorithm>
#include <cmath>

#include "seed/columns.h"
#include "seed/demands.h"
#include "seed/proof_context.h"
#include "support/check.h"
#include "support/text.h"
#include "support/units.h"

namespace ddbplan::seed {

using dynamo::Item;

void UnitSamples::add_call(const std::string& values) {
  calls_.emplace_back();
  values_.insert(values);
}

void UnitSamples::add(const UnitsByTable& units, bool is_write) {
  for (const auto& [table, by_index] : units) {
    for (const auto& [index, count] : by_index) {
      calls_.back()[{table, index, is_write}] += count.units();
    }
  }
}

double UnitSamples::mean() const {
  double sum = 0;
  for (const auto& call : calls_) {
    for (const auto& [resource, units] : call) sum += units;
  }
  return calls_.empty() ? 0 : sum / static_cast<double>(calls_.size());
}

UnitSamples::Statistics UnitSamples::of(const std::string& table, const std::string& index,
                                        bool is_write) const {
  Statistics result;
  if (calls_.empty()) return result;
  const auto n = static_cast<double>(calls_.size());
  double sum = 0;
  double squares = 0;
  for (const auto& call : calls_) {
    const auto found = call.find({table, index, is_write});
    const double units = found == call.end() ? 0 : found->second;
    sum += units;
    squares += units * units;
  }
  result.mean = sum / n;
  const double variance = n > 1 ? std::max(0.0, (squares - sum * sum / n) / (n - 1)) : 0;
  result.standard_error = std::sqrt(variance / n);
  return result;
}

std::set<UnitSamples::Resource> UnitSamples::resources() const {
  std::set<Resource> all;
  for (const auto& call : calls_) {
    for (const auto& [resource, units] : call) all.insert(resource);
  }
  return all;
}

ProofContext::ProofContext(const model::Workload& made_workload, const design::Design& made_design,
                           const Dataset& made_data, const ProofOptions& made_options)
    : workload(made_workload),
      design(made_design),
      data(made_data),
      options(made_options),
      database(engine::Options{made_options.page_bytes}),
      rows(made_workload, made_data),
      state(made_workload, made_design) {}

bool ProofContext::is_hopeless() const {
  constexpr int kFailuresMax = 3;
  const auto own =
      std::count_if(report.failures.begin(), report.failures.end(),
                    [this](const ProofFailure& failure) { return failure.pattern == pattern; });
  return own >= kFailuresMax;
}

void ProofContext::fail(const std::string& what, const DrawnCall& call) {
  report.failures.push_back({pattern, what, call.kind + ": " + describe_call(call.parameters)});
}

design::Answer ProofContext::run(const model::Pattern& described, const DrawnCall& call) {
  const design::Executor execute = [this](const dynamo::Request& request) {
    return database.execute(request);
  };
  design::Answer answer = design::run(design, workload, pattern, call.parameters, execute);
  ++proof.calls;
  proof.requests += static_cast<int>(answer.exchanges.size());
  if (call.is_typical) samples.add_call(describe_call(call.parameters));
  for (const design::Exchange& exchange : answer.exchanges) {
    if (!exchange.outcome.ok()) continue;
    const UnitsByTable found = metered(exchange.outcome->consumed);
    const auto expected = state.read_units(exchange, options.page_bytes);
    const bool is_write =
        !exchange.outcome->consumed.empty() && exchange.outcome->consumed.front().is_write;
    if (call.is_typical) samples.add(found, is_write);
    if (!expected || found == *expected) continue;
    fail("a read should cost " + to_string(*expected) + " units and the engine metered " +
             to_string(found),
         call);
  }
  if (options.observe) options.observe({pattern, call.parameters, call.is_typical, answer});
  static_cast<void>(described);
  return answer;
}

namespace {

using UnitsOf = std::map<UnitSamples::Resource, double>;

/// How far calls are spread about their mean for reasons that the sample need not show, as a part of it.
double own_spread(const model::Pattern& pattern, const design::AccessPlan& plan) {
  // The first rows that pass a filter are waited for, and a wait is as spread as it is long.
  const bool waits = std::any_of(plan.steps.begin(), plan.steps.end(), [](const auto& step) {
    return step.operation == design::Operation::query && step.filter != nullptr && step.limit;
  });
  if (waits) return 1;
  // How wide a range is only the caller knows.
  const auto* read = std::get_if<model::Read>(&pattern.action);
  return read != nullptr && read->range ? 0.6 : 0;
}

/// What one call is expected to cost on each resource.
UnitsOf expected_units(const model::Workload& workload, const design::Design& design,
                       const design::AccessPlan& plan, std::int64_t page_bytes) {
  capacity::Options at;
  at.page_bytes = page_bytes;
  UnitsOf units;
  for (const capacity::ResourceUnits& one :
       capacity::pattern_usage(workload, design, plan, at).units) {
    const std::string& table = design.tables[one.table].name;
    const std::string index = one.index.value_or("");
    if (one.read > 0) units[{table, index, false}] += one.read;
    if (one.write > 0) units[{table, index, true}] += one.write;
  }
  return units;
}

/// The same rows, every value at its largest.
model::Workload at_largest(model::Workload workload) {
  const auto raise = [](model::Spread& spread) { spread.mean = spread.max; };
  for (model::Entity& entity : workload.entities) {
    if (entity.size) raise(*entity.size);
    for (model::Attribute& attribute : entity.attributes) {
      raise(attribute.bytes);
      if (attribute.entries) raise(*attribute.entries);
    }
  }
  return workload;
}

/// The standard error of the mean of `draws` different calls. The sample's own is too small where the dear
/// calls are rare and none was drawn (one row in thirty has 40 KB, the others 1 KB), so two bounds
/// stand beside it, and a third where own_spread knows one:
/// units come in whole steps, and a variable of whole numbers with mean m has a
/// variance of at least f (1 - f), f being m's fraction; and one more call, of the largest rows
/// there may be, is counted among the sample.
double standard_error(const UnitSamples::Statistics& found, double expected, double largest,
                      double step, int draws, double spread) {
  const double n = draws;
  const double steps = expected / step;
  const double fraction = steps - std::floor(steps);
  const double whole_steps = step * step * fraction * (1 - fraction);
  const double variance = found.standard_error * found.standard_error * n;
  // One draw may itself be the dear one.
  const double usual = draws == 1 ? std::min(found.mean, expected) : found.mean;
  const double dear = std::max(0.0, largest - usual);
  const double with_dear_call = variance * (n - 1) / n + dear * dear / (n + 1);
  const double wait = spread * spread * expected * expected;
  // Of a single call, which side of a block's end its bytes are on.
  const double rounding = draws == 1 ? step * step / 4 : 0;
  return std::sqrt(std::max({variance, whole_steps, with_dear_call, wait, rounding}) / n);
}

}  // namespace

double ProofContext::drift() const {
  double most = 0;
  for (std::size_t i = 0; i < workload.entities.size(); ++i) {
    const model::EntityId entity{i};
    const std::vector<Item>& before = rows.base(entity);
    const auto kept = std::count_if(before.begin(), before.end(), [&](const Item& row) {
      return rows.find({entity, rows.identity(entity, row)}) != nullptr;
    });
    const auto changed = static_cast<double>(before.size() + rows.all(entity).size()) -
                         2 * static_cast<double>(kept);
    if (!before.empty()) most = std::max(most, changed / static_cast<double>(before.size()));
  }
  return most;
}

void ProofContext::compare_units(const model::Pattern& described) {
  proof.observed_units_mean = samples.mean();
  const design::AccessPlan& plan = design.plans[pattern.index];
  UnitsOf expected;
  for (const UnitSamples::Resource& resource : samples.resources()) expected[resource] = 0;
  for (const auto& [resource, units] :
       expected_units(data.scaled, design, plan, options.page_bytes)) {
    expected[resource] = units;
    proof.expected_units_mean += units;
  }
  constexpr int kCallsMin = 5;
  if (samples.calls() < kCallsMin) return;
  constexpr double kDriftedMost = 0.5;
  const double spread = own_spread(described, plan);
  // Both are worked out for the few patterns whose plain sample is not conclusive.
  UnitsOf largest;
  std::optional<double> drifted;
  for (const auto& [resource, units] : expected) {
    const auto found = samples.of(resource.table, resource.index, resource.is_write);
    // Formulas over spread sizes promise about one percent.
    const double slack = 0.02 * units + 0.05;
    if (std::abs(found.mean - units) <= 4 * found.standard_error + slack) continue;
    // The plan knows nothing of what earlier writes have added and deleted.
    if (!drifted) drifted = described.is_read() ? 0 : drift();
    if (*drifted > kDriftedMost) return;
    if (largest.empty())
      largest = expected_units(at_largest(data.scaled), design, plan, options.page_bytes);
    const double step = resource.is_write ? 1 : 0.5;
    const double error =
        standard_error(found, units, largest[resource], step, samples.draws(), spread);
    if (std::abs(found.mean - units) <= 4 * error + slack + *drifted * units) continue;
    std::string name = resource.table;
    if (!resource.index.empty()) name.append("/").append(resource.index);
    const std::string what = resource.is_write ? " write units" : " read units";
    report.failures.push_back(
        {pattern,
         "calls cost " + support::format_number(found.mean, 3) + what + " of " + name +
             " on average, and the plan expects " + support::format_number(units, 3) +
             " (standard error " + support::format_number(error, 3) + ")",
         std::to_string(samples.calls()) + " typical calls of " + described.name});
  }
}

namespace {

/// Tables as the design describes them, filled with the bytes of the seed.
std::optional<std::string> load(ProofContext& context, const std::vector<SeedFile>& seed) {
  for (std::size_t i = 0; i < context.design.tables.size(); ++i) {
    const auto error = context.database.create_table(context.state.description(i));
    if (error) return "the engine refuses a table: " + error->message;
  }
  for (const SeedFile& file : seed) {
    const auto table = context.state.table_named(file.table);
    if (!table) return "a seed file for a table that the design does not have: " + file.table;
    auto items = read_seed(file);
    if (!items) return items.error();
    context.report.items += static_cast<int>(items->size());
    constexpr std::size_t kBatch = 25;
    for (std::size_t begin = 0; begin < items->size(); begin += kBatch) {
      dynamo::BatchWriteItemRequest batch;
      std::vector<dynamo::BatchWrite>& writes = batch.tables[file.table];
      const std::size_t end = std::min(begin + kBatch, items->size());
      for (std::size_t i = begin; i < end; ++i) {
        writes.emplace_back().data.emplace<0>(std::move((*items)[i]));
      }
      dynamo::Request request(std::move(batch));
      const auto outcome = context.database.execute(request);
      if (!outcome) return "the engine refuses the seed: " + outcome.error().message;
      // Thousands of items are moved through the request instead of copied into it.
      auto& sent = std::get<dynamo::BatchWriteItemRequest>(request).tables.begin()->second;
      for (std::size_t i = begin; i < end; ++i) {
        (*items)[i] = std::move(*std::get_if<0>(&sent[i - begin].data));
      }
    }
    context.state.load(*table, *std::move(items));
  }
  return std::nullopt;
}

bool is_member(const Item& item, const dynamo::IndexDescription& index) {
  const auto has = [&item](const dynamo::KeyAttribute& attribute) {
    return item.contains(attribute.name);
  };
  return std::all_of(index.key.partition.begin(), index.key.partition.end(), has) &&
         std::all_of(index.key.sort.begin(), index.key.sort.end(), has);
}

std::optional<std::string> index_difference(ProofContext& context, std::size_t table,
                                            const dynamo::IndexDescription& index) {
  const dynamo::TableDescription& description = context.state.description(table);
  std::size_t members = 0;
  for (const auto& [key, item] : context.state.items(table)) {
    if (is_member(item, index)) ++members;
  }
  const auto entries = context.database.share_entries(description.name, index.name);
  if (entries.size() != members) {
    return index.name + " holds " + std::to_string(entries.size()) + " entries instead of " +
           std::to_string(members);
  }
  for (const auto& entry : entries) {
    const Item* meant = context.state.find(context.state.place_of(table, *entry));
    const auto projected =
        meant == nullptr ? std::nullopt : project_entry(*meant, description, index);
    if (!projected || !(*projected == *entry)) {
      return "an entry of " + index.name + " is not what its row makes of it";
    }
  }
  return std::nullopt;
}

/// Every item and index entry of the engine against the rows' items.
std::optional<std::string> final_difference(ProofContext& context) {
  for (std::size_t table = 0; table < context.design.tables.size(); ++table) {
    const dynamo::TableDescription& description = context.state.description(table);
    const auto& expected = context.state.items(table);
    const auto found = context.database.share_items(description.name);
    if (found.size() != expected.size()) {
      return description.name + " holds " + std::to_string(found.size()) + " items instead of " +
             std::to_string(expected.size());
    }
    for (const auto& item : found) {
      const Item* meant = context.state.find(context.state.place_of(table, *item));
      if (meant == nullptr || !(*meant == *item)) {
        return "an item of " + description.name + " is not what its row makes of it";
      }
    }
    for (const auto* group : {&description.global_indexes, &description.local_indexes}) {
      for (const dynamo::IndexDescription& index : *group) {
        if (auto problem = index_difference(context, table, index)) return problem;
      }
    }
  }
  return std::nullopt;
}

bool is_planned(const ProofContext& context, model::PatternId pattern) {
  const design::AccessPlan& plan = context.design.plans[pattern.index];
  return !plan.steps.empty() && plan.served != design::Served::offload &&
         plan.served != design::Served::no;
}

void prove_pattern(ProofContext& context, Columns& columns, bool reads, int typical) {
  const model::Pattern& pattern = context.workload.pattern(context.pattern);
  context.proof = PatternProof{};
  context.proof.pattern = context.pattern;
  context.samples = UnitSamples{};
  if (reads) {
    if (const auto* read = std::get_if<model::Read>(&pattern.action)) {
      prove_read(context, *read, typical);
    } else {
      prove_snapshot(context, std::get<model::Transaction>(pattern.action), typical);
    }
  } else {
    prove_write(context, columns, typical);
  }
  if (context.proof.calls == 0) context.report.uncalled.push_back(context.pattern);
  if (!context.is_hopeless()) context.compare_units(pattern);
  if (context.proof.calls > 0) ++context.report.patterns;
  context.report.requests += context.proof.requests;
  context.report.details.push_back(context.proof);
}

}  // namespace

std::vector<std::string> uncalled_names(const model::Workload& workload,
                                        const ProofReport& report) {
  std::vector<std::string> names;
  for (const model::PatternId id : report.uncalled) names.push_back(workload.pattern(id).name);
  return names;
}

ProofReport prove(const model::Workload& workload, const design::Design& design,
                  const Dataset& data, const std::vector<SeedFile>& seed,
                  const ProofOptions& options) {
  DDBPLAN_CHECK(design.plans.size() == workload.patterns.size());
  constexpr int kCallsByDefault = 24;
  const int typical = options.calls_per_pattern > 0 ? options.calls_per_pattern : kCallsByDefault;
  ProofContext context(workload, design, data, options);
  if (const auto problem = load(context, seed)) {
    context.report.failures.push_back({model::PatternId{}, *problem, "loading the seed"});
    return context.report;
  }
  const Demands demands(workload);
  Columns columns(workload, demands, data.now_ms);
  columns.know(data.rows);
  // Reads first, on the seed as it is; then the writes, one after another on what the earlier ones
  // left.
  for (const bool reads : {true, false}) {
    for (std::size_t i = 0; i < workload.patterns.size(); ++i) {
      context.pattern = model::PatternId{i};
      if (workload.patterns[i].is_read() != reads || !is_planned(context, context.pattern))
        continue;
      prove_pattern(context, columns, reads, typical);
    }
  }
  if (context.report.failures.empty()) {
    if (const auto problem = final_difference(context)) {
      context.report.failures.push_back({model::PatternId{}, *problem, "after all patterns"});
    }
  }
  std::sort(context.report.details.begin(), context.report.details.end(),
            [](const PatternProof& a, const PatternProof& b) { return a.pattern < b.pattern; });
  return context.report;
}

}  // namespace ddbplan::seed
