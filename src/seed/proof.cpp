#include "seed/proof.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <unordered_map>

#include "seed/columns.h"
#include "seed/demands.h"
#include "seed/proof_context.h"
#include "support/check.h"
#include "support/parallel.h"

namespace ddbplan::seed {

using dynamo::Item;

namespace {

/// Tables as the design describes them, empty.
support::Result<Seeded, std::string> create_tables(const Subject& subject) {
  Seeded seeded{engine::Database(engine::Options{subject.options.page_bytes}),
                StoredState(subject.workload, subject.design)};
  for (std::size_t i = 0; i < subject.design.tables.size(); ++i) {
    const auto error = seeded.database.create_table(seeded.state.description(i));
    if (error) return "the engine refuses a table: " + error->message;
  }
  return seeded;
}

std::optional<std::string> put_all(engine::Database& database, const std::string& table,
                                   std::vector<Item> items) {
  constexpr std::size_t kBatch = 25;
  for (std::size_t begin = 0; begin < items.size(); begin += kBatch) {
    dynamo::BatchWriteItemRequest batch;
    std::vector<dynamo::BatchWrite>& writes = batch.tables[table];
    const std::size_t end = std::min(begin + kBatch, items.size());
    writes.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      writes.emplace_back().data.emplace<0>(std::move(items[i]));
    }
    const auto outcome = database.execute(dynamo::Request(std::move(batch)));
    if (!outcome) return "the engine refuses the seed: " + outcome.error().message;
  }
  return std::nullopt;
}

/// The bytes of the seed. The state shares what the engine then holds: what did not change since need not be
/// compared.
std::optional<std::string> load(Seeded& seeded, const std::vector<SeedFile>& seed,
                                std::deque<SeedReader>& readers) {
  for (std::size_t file = 0; file < seed.size(); ++file) {
    const std::string& name = seed[file].table;
    const auto table = seeded.state.table_named(name);
    if (!table) return "a seed file for a table that the design does not have: " + name;
    while (true) {
      auto items = readers[file].next();
      if (!items) return items.error();
      if (items->empty()) break;
      if (auto problem = put_all(seeded.database, name, *std::move(items))) return problem;
    }
    seeded.state.load(*table, seeded.database.share_items(name));
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

/// Which of the state's items these are, as far as they are shared with it: most were loaded and never written.
class Shared {
 public:
  explicit Shared(const std::unordered_map<std::string, StoredState::SharedItem>& items) {
    items_.reserve(items.size());
    for (const auto& [key, item] : items) items_.push_back(item.get());
    std::sort(items_.begin(), items_.end(), std::less<>());
  }
  [[nodiscard]] bool has(const Item* item) const {
    return std::binary_search(items_.begin(), items_.end(), item, std::less<>());
  }

 private:
  std::vector<const Item*> items_;
};

std::optional<std::string> index_difference(const ProofContext& context, std::size_t table,
                                            const Shared& shared,
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
  const bool is_whole = index.projection.type == dynamo::ProjectionType::all;
  for (const auto& entry : entries) {
    if (is_whole && shared.has(entry.get())) continue;
    const Item* meant = context.state.find(context.state.place_of(table, *entry));
    const auto projected =
        meant == nullptr ? std::nullopt : project_entry(*meant, description, index);
    if (!projected || !(*projected == *entry)) {
      return "an entry of " + index.name + " is not what its row makes of it";
    }
  }
  return std::nullopt;
}

std::optional<std::string> item_difference(const ProofContext& context, std::size_t table,
                                           const Shared& shared) {
  const dynamo::TableDescription& description = context.state.description(table);
  const auto& expected = context.state.items(table);
  const auto found = context.database.share_items(description.name);
  if (found.size() != expected.size()) {
    return description.name + " holds " + std::to_string(found.size()) + " items instead of " +
           std::to_string(expected.size());
  }
  for (const auto& item : found) {
    if (shared.has(item.get())) continue;
    const Item* meant = context.state.find(context.state.place_of(table, *item));
    if (meant == nullptr || !(*meant == *item)) {
      return "an item of " + description.name + " is not what its row makes of it";
    }
  }
  return std::nullopt;
}

/// Every item and index entry of the engine against the rows' items.
std::optional<std::string> final_difference(const ProofContext& context) {
  using Problem = std::optional<std::string>;
  for (std::size_t table = 0; table < context.design.tables.size(); ++table) {
    const dynamo::TableDescription& description = context.state.description(table);
    const Shared shared(context.state.items(table));
    std::vector<const dynamo::IndexDescription*> indexes;
    for (const auto* group : {&description.global_indexes, &description.local_indexes}) {
      for (const dynamo::IndexDescription& index : *group) indexes.push_back(&index);
    }
    std::vector<Problem> problems = support::in_parts(indexes.size() + 1, [&](std::size_t part) {
      return part == 0 ? item_difference(context, table, shared)
                       : index_difference(context, table, shared, *indexes[part - 1]);
    });
    const auto first = std::find_if(problems.begin(), problems.end(),
                                    [](const Problem& problem) { return problem.has_value(); });
    if (first != problems.end()) return *std::move(*first);
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
  const auto failed = [](const std::string& why) {
    ProofReport report;
    report.failures.push_back({model::PatternId{}, why, "loading the seed"});
    return report;
  };
  auto seeded = create_tables(subject);
  if (!seeded) return failed(seeded.error());
  std::deque<SeedReader> readers;
  for (const SeedFile& file : seed) readers.emplace_back(file);
  const auto help_reading = [&readers] {
    for (SeedReader& reader : readers) reader.help();
  };
  // Before the promise: when loading throws, the promise goes first, and nobody waits for it in vain.
  support::Beside<void> helper;
  support::Beside<ProofReport> reads;
  std::promise<std::optional<Seeded>> for_reads;
  // Who observes is told of one call after another; otherwise reads and writes are proven side by
  // side, each on a copy of its own.
  const std::shared_future<std::optional<Seeded>> loaded = for_reads.get_future().share();
  const auto of_reads = [&subject, loaded] { return prove_reads(subject, loaded); };
  if (options.observe) {
    helper = support::beside(help_reading);
  } else {
    reads = support::beside([help_reading, of_reads] {
      help_reading();
      return of_reads();
    });
  }
  if (const auto problem = load(*seeded, seed, readers)) {
    for_reads.set_value(std::nullopt);
    return failed(*problem);
  }
  for_reads.set_value(*seeded);
  ProofReport report;
  if (options.observe) report = of_reads();
  ProofReport writes = prove_writes(subject, *std::move(seeded));
  if (!options.observe) report = reads.get();
  for (const SeedFile& file : seed) report.items += static_cast<int>(file.items);
  add_writes(report, std::move(writes));
  return report;
}

}  // namespace ddbplan::seed
