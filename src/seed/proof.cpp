#include "seed/proof.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <future>
#include <memory>

#include "seed/columns.h"
#include "seed/demands.h"
#include "seed/proof_context.h"
#include "support/check.h"
#include "support/parallel.h"

namespace ddbplan::seed {

using dynamo::Item;

namespace {

/// Puts the items, which the state then takes.
std::optional<std::string> load_table(Seeded& seeded, std::size_t table, std::vector<Item> items) {
  const std::string& name = seeded.state.description(table).name;
  constexpr std::size_t kBatch = 25;
  for (std::size_t begin = 0; begin < items.size(); begin += kBatch) {
    dynamo::BatchWriteItemRequest batch;
    std::vector<dynamo::BatchWrite>& writes = batch.tables[name];
    const std::size_t end = std::min(begin + kBatch, items.size());
    for (std::size_t i = begin; i < end; ++i) {
      writes.emplace_back().data.emplace<0>(std::move(items[i]));
    }
    dynamo::Request request(std::move(batch));
    const auto outcome = seeded.database.execute(request);
    if (!outcome) return "the engine refuses the seed: " + outcome.error().message;
    // Thousands of items are moved through the request instead of copied into it.
    auto& sent = std::get<dynamo::BatchWriteItemRequest>(request).tables.begin()->second;
    for (std::size_t i = begin; i < end; ++i) {
      items[i] = std::move(*std::get_if<0>(&sent[i - begin].data));
    }
  }
  seeded.state.load(table, std::move(items));
  return std::nullopt;
}

/// Tables as the design describes them, filled with the bytes of the seed.
support::Result<Seeded, std::string> load(const Subject& subject,
                                          const std::vector<SeedFile>& seed) {
  Seeded seeded{engine::Database(engine::Options{subject.options.page_bytes}),
                StoredState(subject.workload, subject.design)};
  for (std::size_t i = 0; i < subject.design.tables.size(); ++i) {
    const auto error = seeded.database.create_table(seeded.state.description(i));
    if (error) return "the engine refuses a table: " + error->message;
  }
  for (const SeedFile& file : seed) {
    const auto table = seeded.state.table_named(file.table);
    if (!table) return "a seed file for a table that the design does not have: " + file.table;
    auto items = read_seed(file);
    if (!items) return items.error();
    if (auto problem = load_table(seeded, *table, *std::move(items))) return *std::move(problem);
  }
  return seeded;
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
    if (is_member(*item, index)) ++members;
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

/// The planned patterns of one kind, in the schema's order.
std::vector<model::PatternId> planned(const Subject& subject, bool reads) {
  std::vector<model::PatternId> patterns;
  for (std::size_t i = 0; i < subject.workload.patterns.size(); ++i) {
    const design::AccessPlan& plan = subject.design.plans[i];
    const bool is_shown = !plan.steps.empty() && plan.served != design::Served::offload &&
                          plan.served != design::Served::no;
    if (is_shown && subject.workload.patterns[i].is_read() == reads)
      patterns.push_back(model::PatternId{i});
  }
  return patterns;
}

/// On the seed as it is.
ProofReport prove_reads(const Subject& subject,
                        const std::shared_future<std::optional<Seeded>>& loaded) {
  LogicalRows rows(subject.workload, subject.data);
  const std::vector<model::PatternId> patterns = planned(subject, true);
  const auto trial_of = [&](model::PatternId pattern) {
    return std::make_unique<ReadTrial>(rows, pattern, subject.typical_calls);
  };
  // The time until the engine is loaded is for what asks for the rows only. Not all of it at once:
  // of a thousand patterns that would be much memory.
  std::deque<std::unique_ptr<ReadTrial>> ready;
  while (ready.size() < patterns.size() &&
         loaded.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    ready.push_back(trial_of(patterns[ready.size()]));
  }
  const std::optional<Seeded>& seeded = loaded.get();
  if (!seeded) return {};
  ProofContext context(subject, rows, *seeded);
  for (const model::PatternId pattern : patterns) {
    if (ready.empty()) ready.push_back(trial_of(pattern));
    const std::unique_ptr<ReadTrial> trial = std::move(ready.front());
    ready.pop_front();
    context.begin(pattern);
    trial->run(context);
    context.end();
  }
  return std::move(context.report);
}

/// One after another, each on what the earlier ones left.
ProofReport prove_writes(const Subject& subject, Seeded seeded) {
  struct Kept {
    LogicalRows rows;
    ProofContext context;
    Kept(const Subject& of, Seeded from)
        : rows(of.workload, of.data), context(of, rows, std::move(from)) {}
  };
  const auto kept = std::make_shared<Kept>(subject, std::move(seeded));
  ProofContext& context = kept->context;
  const Demands demands(subject.workload);
  Columns columns(subject.workload, demands, subject.data.now_ms);
  columns.know(subject.data.rows);
  for (const model::PatternId pattern : planned(subject, false)) {
    context.begin(pattern);
    prove_write(context, columns, subject.typical_calls);
    context.end();
  }
  if (context.report.failures.empty()) {
    if (const auto problem = final_difference(context)) {
      context.report.failures.push_back({model::PatternId{}, *problem, "after all patterns"});
    }
  }
  ProofReport report = std::move(context.report);
  if (subject.options.keeps_remains) report.remains = kept;
  return report;
}

/// `report` is of the reads.
void add_writes(ProofReport& report, ProofReport writes) {
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  report.patterns += writes.patterns;
  report.requests += writes.requests;
  append(report.details, writes.details);
  append(report.failures, writes.failures);
  append(report.uncalled, writes.uncalled);
  report.remains = std::move(writes.remains);
  std::sort(report.details.begin(), report.details.end(),
            [](const PatternProof& a, const PatternProof& b) { return a.pattern < b.pattern; });
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
  const Subject subject{
      workload, design, data, options,
      options.calls_per_pattern > 0 ? options.calls_per_pattern : kCallsByDefault};
  // Before the promise: when loading throws, the promise goes first, and nobody waits for it in vain.
  std::future<ProofReport> reads;
  std::promise<std::optional<Seeded>> for_reads;
  // Who observes is told of one call after another; otherwise reads and writes are proven side by
  // side, each on a copy of its own.
  const std::shared_future<std::optional<Seeded>> loaded = for_reads.get_future().share();
  const auto of_reads = [&subject, loaded] { return prove_reads(subject, loaded); };
  reads = options.observe ? std::async(std::launch::deferred, of_reads) : support::beside(of_reads);
  auto seeded = load(subject, seed);
  if (!seeded) {
    for_reads.set_value(std::nullopt);
    ProofReport report = reads.get();
    report.failures.push_back({model::PatternId{}, seeded.error(), "loading the seed"});
    return report;
  }
  int items = 0;
  for (const SeedFile& file : seed) items += static_cast<int>(file.items);
  for_reads.set_value(*seeded);
  if (options.observe) reads.wait();
  ProofReport writes = prove_writes(subject, *std::move(seeded));
  ProofReport report = reads.get();
  report.items = items;
  add_writes(report, std::move(writes));
  return report;
}

}  // namespace ddbplan::seed
