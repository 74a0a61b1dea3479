#include "seed/proof_context.h"

#include <algorithm>
#include <cmath>

#include "capacity/usage.h"
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

ProofContext::ProofContext(const Subject& subject, LogicalRows& own_rows, Seeded seeded)
    : workload(subject.workload),
      design(subject.design),
      data(subject.data),
      options(subject.options),
      database(std::move(seeded.database)),
      rows(own_rows),
      state(std::move(seeded.state)) {}

void ProofContext::begin(model::PatternId next) {
  pattern = next;
  proof = PatternProof{};
  proof.pattern = next;
  samples = UnitSamples{};
}

void ProofContext::end() {
  if (proof.calls == 0) report.uncalled.push_back(pattern);
  if (!is_hopeless()) compare_units(workload.pattern(pattern));
  if (proof.calls > 0) ++report.patterns;
  report.requests += proof.requests;
  report.details.push_back(proof);
}

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

design::Answer ProofContext::run(const DrawnCall& call) {
  const design::Executor execute = [this](const dynamo::Request& request) {
    return database.execute(request);
  };
  // Where a filter drops items a request asks for as many as its share among these rows makes likely.
  design::Answer answer = design::run(design, data.scaled, pattern, call.parameters, execute);
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

namespace {

/// Written before and after in the same index entries, as far as attributes that it has say so.
bool has_same_attributes(const Item& before, const Item& after) {
  return before.size() == after.size() &&
         std::all_of(before.begin(), before.end(),
                     [&](const auto& attribute) { return after.contains(attribute.first); });
}

}  // namespace

double ProofContext::drift() const {
  double most = 0;
  for (std::size_t i = 0; i < workload.entities.size(); ++i) {
    const model::EntityId entity{i};
    const std::vector<Item>& before = rows.base(entity);
    std::size_t kept = 0;
    std::size_t reshaped = 0;
    for (const Item& row : before) {
      const Item* now = rows.find({entity, rows.identity(entity, row)});
      if (now == nullptr) continue;
      ++kept;
      if (!has_same_attributes(row, *now)) ++reshaped;
    }
    const std::size_t changed = before.size() + rows.all(entity).size() - 2 * kept + reshaped;
    if (!before.empty())
      most = std::max(most, static_cast<double>(changed) / static_cast<double>(before.size()));
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
    // The plan knows nothing of what earlier writes have added and deleted, or given and taken.
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

}  // namespace ddbplan::seed
