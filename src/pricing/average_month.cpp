#include "pricing/average_month.h"

#include <algorithm>
#include <cmath>

namespace ddbplan::pricing {
namespace {

constexpr double kSecondsPerHour = 3600;

bool grows(const model::Workload& workload) {
  return workload.settings.horizon_months > 0 &&
         std::any_of(workload.entities.begin(), workload.entities.end(),
                     [](const model::Entity& entity) { return entity.growth_per_month != 0; });
}

/// How often a declared event comes in an average month: once in the horizon.
double times_a_month(const model::Workload& workload) {
  return 1 / std::max(1.0, workload.settings.horizon_months);
}

double seconds_a_month(const model::Workload& workload) {
  return workload.settings.hours_per_month * kSecondsPerHour;
}

void add_events(const model::Workload& workload, const capacity::Usage& usage, std::size_t position,
                double weight, AverageResource& out) {
  const double target = workload.settings.capacity_target;
  const capacity::ResourceLoad& load = usage.loads[position];
  double read_peak = load.read.max;
  double write_peak = load.write.max;
  const double read_base = provisioned_units(load.read.mean, load.read.max, target);
  const double write_base = provisioned_units(load.write.mean, load.write.max, target);
  for (const capacity::EventLoad& event : usage.events) {
    const double length = workload.events[event.event].length.seconds;
    const double share = length * times_a_month(workload) / seconds_a_month(workload);
    const double hours = std::ceil(length / kSecondsPerHour) * times_a_month(workload);
    const double read = event.loads[position].read.mean;
    const double write = event.loads[position].write.mean;
    out.read += weight * share * (read - load.read.mean);
    out.write += weight * share * (write - load.write.mean);
    read_peak = std::max(read_peak, read);
    write_peak = std::max(write_peak, write);
    out.read_event_hours +=
        weight * hours * std::max(0.0, provisioned_units(read, read, target) - read_base);
    out.write_event_hours +=
        weight * hours * std::max(0.0, provisioned_units(write, write, target) - write_base);
  }
  out.read_ordinary += weight * read_base;
  out.write_ordinary += weight * write_base;
  out.read_provisioned += weight * provisioned_units(load.read.mean, read_peak, target);
  out.write_provisioned += weight * provisioned_units(load.write.mean, write_peak, target);
}

bool schedulable(const model::Workload& workload, const AverageMonth& month) {
  const bool needed = std::any_of(
      month.resources.begin(), month.resources.end(), [](const AverageResource& resource) {
        return resource.read_event_hours > 0 || resource.write_event_hours > 0;
      });
  return needed && std::all_of(workload.events.begin(), workload.events.end(),
                               [](const model::Event& event) { return !event.from.empty(); });
}

}  // namespace

std::vector<SampledMonth> sampled_months(const model::Workload& workload) {
  if (!grows(workload)) return {{0, 1}};
  const double end = workload.settings.horizon_months;
  return {{0, 1.0 / 6}, {end / 2, 4.0 / 6}, {end, 1.0 / 6}};
}

double calls_at(const model::Workload& workload, const model::Pattern& pattern, double month) {
  const double mean = model::rate_after(workload, pattern.load, month).per_second;
  const double growth = pattern.load.mean.per_second > 0 ? mean / pattern.load.mean.per_second : 1;
  double calls = mean;
  for (const model::Event& event : workload.events) {
    const auto named = event.rates.find(pattern.name);
    if (named == event.rates.end()) continue;
    const double share = event.length.seconds * times_a_month(workload) / seconds_a_month(workload);
    calls += share * (named->second.per_second * growth - mean);
  }
  return calls * capacity::share_past_cache(pattern);
}

double average_calls(const model::Workload& workload, const model::Pattern& pattern) {
  double calls = 0;
  for (const SampledMonth& sample : sampled_months(workload))
    calls += sample.weight * calls_at(workload, pattern, sample.month);
  return calls;
}

double provisioned_units(double mean, double peak, double target) {
  const double room = target > 0 ? mean / target : mean;
  return std::max(1.0, std::ceil(std::max(room, peak) - 1e-9));
}

AverageMonth average_month(const model::Workload& workload, const design::Design& design) {
  const std::vector<SampledMonth> samples = sampled_months(workload);
  std::vector<double> months;
  for (const SampledMonth& sample : samples) months.push_back(sample.month);
  return average_month(workload, samples, capacity::usage_over(workload, design, months));
}

AverageMonth average_month(const model::Workload& workload,
                           const std::vector<SampledMonth>& samples,
                           std::vector<capacity::Usage> usages) {
  AverageMonth average;
  for (std::size_t at = 0; at < samples.size(); ++at) {
    const SampledMonth& sample = samples[at];
    capacity::Usage& usage = usages[at];
    if (average.resources.empty()) {
      for (const capacity::ResourceLoad& load : usage.loads) {
        AverageResource resource;
        resource.table = load.table;
        resource.index = load.index;
        average.resources.push_back(std::move(resource));
      }
      for (const capacity::ResourceStorage& stored : usage.storage) {
        average.storage.push_back({stored.table, stored.index, 0, 0});
      }
    }
    for (std::size_t i = 0; i < usage.loads.size(); ++i) {
      average.resources[i].read += sample.weight * usage.loads[i].read.mean;
      average.resources[i].write += sample.weight * usage.loads[i].write.mean;
      add_events(workload, usage, i, sample.weight, average.resources[i]);
    }
    for (std::size_t i = 0; i < usage.storage.size(); ++i) {
      average.storage[i].items += sample.weight * usage.storage[i].items;
      average.storage[i].bytes += sample.weight * usage.storage[i].bytes;
    }
    if (sample.month <= 0) average.patterns = std::move(usage.patterns);
  }
  average.schedulable = schedulable(workload, average);
  return average;
}

}  // namespace ddbplan::pricing
