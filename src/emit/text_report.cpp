#include "emit/text_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "emit/key_text.h"
#include "emit/plan_summary.h"
#include "emit/text_table.h"
#include "support/text.h"
#include "support/units.h"

namespace ddbplan::emit {
namespace {

constexpr int kIndent = 2;

class Report {
 public:
  Report(const Bundle& bundle, const TextOptions& options)
      : bundle_(bundle), width_(std::clamp(options.width, 60, 200)), bold_(options.bold) {}

  std::string print() {
    head();
    continuity();
    tables();
    patterns();
    keys();
    hot_keys();
    cost();
    alternatives();
    frontier();
    proof();
    diagnostics();
    assumptions();
    return std::move(out_);
  }

 private:
  void heading(std::string_view text) {
    out_ += "\n";
    out_ += bold_ ? "\x1b[1m" + std::string(text) + "\x1b[0m\n" : std::string(text) + "\n";
  }
  void paragraph(const std::string& text, std::size_t hanging = 0) {
    const std::string safe = support::escape_for_terminal(text);
    const auto columns = static_cast<std::size_t>(width_ - kIndent);
    bool is_first = true;
    std::string rest = safe;
    while (true) {
      const std::size_t indent = kIndent + (is_first ? 0 : hanging);
      const std::vector<std::string> lines = wrap_cell(rest, columns - (is_first ? 0 : hanging));
      out_ += std::string(indent, ' ') + lines.front() + "\n";
      if (lines.size() == 1) return;
      rest = rest.substr(lines.front().size());
      rest.erase(0, rest.find_first_not_of(' '));
      is_first = false;
    }
  }
  void table(const TextTable& table) { out_ += table.print(width_, kIndent); }

  void head();
  void continuity();
  void tables();
  void patterns();
  void keys();
  void hot_keys();
  void cost();
  void alternatives();
  void frontier();
  void proof();
  void diagnostics();
  void assumptions();

  const Bundle& bundle_;
  int width_;
  bool bold_;
  std::string out_;
};

void Report::head() {
  const std::string title =
      fmt::format("{}: {} a month, {}, {}", support::escape_for_terminal(bundle_.workload.service),
                  support::format_money(bundle_.cost.total), billing_text(bundle_),
                  support::join(bundle_.workload.settings.regions, " + "));
  out_ += bold_ ? "\x1b[1m" + title + "\x1b[0m\n" : title + "\n";
  paragraph(proof_text(bundle_));
  paragraph(optimality_text(bundle_.design.optimality));
}

void Report::continuity() {
  if (!bundle_.design.continuity) return;
  const design::Continuity& kept = *bundle_.design.continuity;
  heading("Beside the earlier design");
  paragraph(fmt::format("Planned around {}. {}", kept.earlier, keeping_text(kept)));
  TextTable table({{""}, {"What", Align::left, true}, {"How", Align::left, true}});
  for (const auto& one : kept.added) table.add({"new", subject_text(one.subject), one.what});
  for (const auto& one : kept.unused)
    table.add({"no longer used", subject_text(one.subject), one.what});
  for (const auto& one : kept.lost)
    table.add({"not kept", subject_text(one.subject), one.what + ": " + one.why});
  if (table.empty()) {
    paragraph("Nothing is new, and all of it is used.");
  } else {
    this->table(table);
  }
}

void Report::tables() {
  heading("Tables and indexes");
  TextTable table({{"Name"},
                   {"Key", Align::left, true},
                   {"Projects", Align::left, true},
                   {"Items", Align::right},
                   {"Size", Align::right},
                   {"Used by", Align::left, true}});
  const auto size_of = [this](std::size_t number, const std::optional<std::string>& index) {
    for (const capacity::ResourceStorage& storage : bundle_.usage.storage) {
      if (storage.table == number && storage.index == index) return storage;
    }
    return capacity::ResourceStorage{};
  };
  for (std::size_t i = 0; i < bundle_.design.tables.size(); ++i) {
    const design::Table& made = bundle_.design.tables[i];
    const capacity::ResourceStorage size = size_of(i, std::nullopt);
    const std::size_t users = readers_of(bundle_, i, std::nullopt).size();
    table.add({made.name, key_schema_text(made.key), "", support::format_count(size.items),
               support::format_bytes(size.bytes),
               fmt::format("{} pattern{}", users, users == 1 ? "" : "s")});
    const std::string features = table_features(made);
    if (!features.empty()) table.note(features);
    for (const design::Index& index : made.indexes) {
      const capacity::ResourceStorage entries = size_of(i, index.name);
      table.add({(index.local ? "  local " : "  ") + index.name, key_schema_text(index.key),
                 projection_text(index.projection), support::format_count(entries.items),
                 support::format_bytes(entries.bytes),
                 support::join(readers_of(bundle_, i, index.name), ", ")});
    }
  }
  this->table(table);
}

void Report::patterns() {
  heading("Access patterns");
  TextTable table({{"Pattern", Align::left, true},
                   {"Answered by", Align::left, true},
                   {"Read", Align::right},
                   {"Write", Align::right},
                   {"Mean", Align::right},
                   {"Peak", Align::right},
                   {"$/month", Align::right}});
  for (std::size_t i = 0; i < bundle_.workload.patterns.size(); ++i) {
    const model::Pattern& pattern = bundle_.workload.patterns[i];
    const capacity::PatternUsage& usage = bundle_.usage.patterns[i];
    const design::AccessPlan& plan = bundle_.design.plans[i];
    table.add({pattern.name, plan_text(bundle_, plan), read_units_text(usage),
               write_units_text(usage), support::format_rate(pattern.load.mean),
               support::format_rate(pattern.load.peak), short_money(bundle_.cost.patterns[i])});
  }
  this->table(table);
  paragraph("Read and Write: request units of one call, indexes included.");
  for (const PatternNote& note : copy_notes(bundle_)) {
    paragraph(fmt::format("{}, for {}.", note.text, support::join_list(note.patterns)));
  }
  for (const PatternNote& note : client_notes(bundle_)) {
    paragraph(
        fmt::format("Left to the caller of {}: {}.", support::join_list(note.patterns), note.text));
  }
}

void Report::keys() {
  heading("Keys");
  TextTable table({{"Item", Align::left, true},
                   {"In"},
                   {"Partition key", Align::left, true},
                   {"Sort key", Align::left, true},
                   {"Bytes", Align::right}});
  for (const design::ItemLayout& layout : bundle_.design.items) {
    const auto add = [&](const std::string& name, const design::KeyEntry& entry,
                         const std::string& bytes) {
      const std::string& base = bundle_.design.tables[layout.table].name;
      table.add({name, entry.index.value_or(base), templates_text(entry.partition),
                 entry.sort.empty() ? "-" : templates_text(entry.sort), bytes});
      const std::string note = entry_note(entry);
      if (!note.empty()) table.note(note);
    };
    add(item_name(bundle_, layout), layout.base, support::format_bytes(layout.bytes.mean));
    for (const design::KeyEntry& entry : layout.entries) add("", entry, "");
  }
  this->table(table);
  const std::vector<Notation> notations = emit::notations(bundle_.design);
  if (notations.empty()) return;
  TextTable meanings({{"In a key", Align::left, true}, {"Stands for", Align::left, true}});
  for (const Notation& one : notations) meanings.add({one.written, one.meaning});
  out_ += "\n";
  this->table(meanings);
}

void Report::hot_keys() {
  constexpr double kShareMin = 0.01;  // Below a hundredth of a partition nothing is hot.
  TextTable table({{"Key", Align::left, true},
                   {"In"},
                   {"When", Align::left, true},
                   {"Reads/s", Align::right},
                   {"Writes/s", Align::right},
                   {"Shards", Align::right},
                   {"Of ceiling", Align::right}});
  for (const design::HotKey& hot : bundle_.design.hot_keys) {
    const double share = ceiling_share(hot);
    if (share < kShareMin) continue;
    const bool is_table = !hot.index && bundle_.design.tables.size() == 1;
    table.add({hot.key,
               is_table ? bundle_.design.tables.front().name
                        : resource_text(bundle_, hot.table, hot.index),
               hot.when, support::format_count(hot.peak_read_units),
               support::format_count(hot.peak_write_units), std::to_string(hot.shards),
               support::format_number(share * 100, 0) + " %"});
  }
  if (table.empty()) return;
  heading("Hottest partition keys, in units a second");
  this->table(table);
}

void Report::cost() {
  heading("Cost a month");
  TextTable table({{"What", Align::left, true},
                   {"Of"},
                   {"Quantity", Align::right},
                   {"Unit"},
                   {"Cost", Align::right}});
  for (const pricing::CostLine& line : bundle_.cost.lines) {
    std::string place = bundle_.design.tables[line.table].name;
    if (line.index) place += "." + *line.index;
    if (bundle_.workload.settings.regions.size() > 1) place += " in " + line.region;
    table.add({line.what, std::move(place), support::format_count(line.quantity), line.unit,
               short_money(line.usd)});
  }
  table.add({"total", "", "", "", support::format_money(bundle_.cost.total)});
  this->table(table);
  const std::string other = other_billing_text(bundle_);
  if (!other.empty()) paragraph(other);
  if (!bundle_.cost.not_priced.empty()) {
    paragraph("Not priced: " + support::join(bundle_.cost.not_priced, "; ") + ".");
  }
}

void Report::alternatives() {
  if (bundle_.design.alternatives.empty()) return;
  heading("The next best designs");
  TextTable table({{"", Align::right},
                   {"With complexity", Align::right},
                   {"More", Align::right},
                   {"Indexes", Align::right},
                   {"What differs", Align::left, true}});
  for (std::size_t i = 0; i < bundle_.design.alternatives.size(); ++i) {
    const design::OtherDesign& other = bundle_.design.alternatives[i];
    table.add({std::to_string(i + 1), support::format_money(*other.objective),
               "+" + support::format_money(*other.objective - bundle_.design.optimality.objective),
               std::to_string(other.indexes), support::join(other.differences, "; ")});
  }
  this->table(table);
}

void Report::frontier() {
  if (bundle_.design.frontier.empty()) return;
  heading("Cost against the number of indexes");
  TextTable table({{"Indexes at most", Align::right},
                   {"Cost", Align::right},
                   {"With complexity", Align::right},
                   {"What differs", Align::left, true}});
  for (const design::OtherDesign& other : bundle_.design.frontier) {
    if (other.objective) {
      table.add({std::to_string(other.indexes),
                 support::format_money(*other.objective - other.complexity),
                 support::format_money(*other.objective), support::join(other.differences, "; ")});
    } else {
      table.add({std::to_string(other.indexes), "-", "-", "an access pattern would have no plan"});
    }
  }
  const design::Optimality& best = bundle_.design.optimality;
  table.add({std::to_string(bundle_.design.tables.front().indexes.size()) + " or more",
             support::format_money(best.objective - best.complexity),
             support::format_money(best.objective), "this design"});
  this->table(table);
}

void Report::proof() {
  if (bundle_.proof == nullptr || bundle_.proof->ok()) return;
  heading("Failures of the proof");
  for (const seed::ProofFailure& failure : bundle_.proof->failures) {
    paragraph(fmt::format("{}: {} ({})", bundle_.workload.pattern(failure.pattern).name,
                          failure.what, failure.parameters),
              2);
  }
}

void Report::diagnostics() {
  if (bundle_.diagnostics.empty()) return;
  heading("Findings");
  for (const support::Diagnostic& diagnostic : bundle_.diagnostics.items()) {
    const support::LineColumn at = bundle_.source.position(diagnostic.span.begin);
    paragraph(
        fmt::format("{}[{}] {}:{}:{} {}", support::severity_name(diagnostic.severity),
                    diagnostic.code, bundle_.source.name(), at.line, at.column, diagnostic.message),
        2);
  }
}

void Report::assumptions() {
  heading("Assumptions");
  paragraph(fmt::format("Prices of {} as of {}; {} hours a month; average over {} months.",
                        bundle_.cost.region, bundle_.cost.prices_as_of,
                        support::format_number(bundle_.cost.hours_per_month),
                        support::format_number(bundle_.workload.settings.horizon_months)));
  if (bundle_.workload.defaults.empty()) return;
  TextTable table({{"Default", Align::left, true},
                   {"Value", Align::left, true},
                   {"Because", Align::left, true}});
  for (const model::DefaultUsed& used : bundle_.workload.defaults) {
    table.add({used.path, used.value, used.reason});
  }
  this->table(table);
}

}  // namespace

std::string text_report(const Bundle& bundle, const TextOptions& options) {
  return Report(bundle, options).print();
}

}  // namespace ddbplan::emit
