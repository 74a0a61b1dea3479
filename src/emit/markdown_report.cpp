#include "emit/markdown_report.h"

#include <fmt/format.h>

#include "design/requests.h"
#include "emit/key_text.h"
#include "emit/markdown.h"
#include "emit/plan_summary.h"
#include "support/text.h"
#include "support/units.h"

namespace ddbplan::emit {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string code_list(const std::vector<std::string>& names) {
  std::vector<std::string> codes;
  for (const std::string& name : names) codes.push_back(markdown_code(name));
  return support::join(codes, ", ");
}

class Report {
 public:
  explicit Report(const Bundle& bundle) : bundle_(bundle) {}

  std::string print() {
    head();
    continuity();
    tables();
    entities();
    patterns();
    hot_keys();
    cost();
    decisions();
    failures();
    findings();
    assumptions();
    return std::move(out_);
  }

 private:
  void heading(std::string_view text) { out_ += fmt::format("\n## {}\n\n", text); }
  void head();
  void continuity();
  void tables();
  void entities();
  void patterns();
  void pattern(std::size_t number);
  void step(const design::Step& step, const capacity::StepUsage& usage);
  void expressions(const design::StepText& text, const std::string& margin);
  void hot_keys();
  void cost();
  void decisions();
  void failures();
  void findings();
  void assumptions();

  [[nodiscard]] std::string place(std::size_t table,
                                  const std::optional<std::string>& index) const {
    const std::string& name = bundle_.design.tables[table].name;
    return markdown_code(index ? name + "." + *index : name);
  }

  const Bundle& bundle_;
  std::string out_;
};

void Report::head() {
  out_ += fmt::format("# {}\n\n", markdown_text(bundle_.workload.service));
  out_ += fmt::format("**{} a month**, {}, in {}. Made by ddbplan from {}.\n\n",
                      support::format_money(bundle_.cost.total), billing_text(bundle_),
                      markdown_text(support::join(bundle_.workload.settings.regions, " and ")),
                      markdown_code(bundle_.source.name()));
  out_ += markdown_text(proof_text(bundle_)) + "\n";
  out_ += markdown_text(optimality_text(bundle_.design.optimality)) + "\n";
}

void Report::continuity() {
  if (!bundle_.design.continuity) return;
  const design::Continuity& kept = *bundle_.design.continuity;
  heading("Beside the earlier design");
  out_ += fmt::format("Planned around {}. {}\n", markdown_code(kept.earlier), keeping_text(kept));
  Rows rows;
  const auto add = [&rows](std::string_view state, const std::string& subject,
                           const std::string& what) {
    rows.push_back({std::string(state), markdown_text(subject_text(subject)), markdown_text(what)});
  };
  for (const auto& one : kept.added) add("new", one.subject, one.what);
  for (const auto& one : kept.unused) add("no longer used", one.subject, one.what);
  for (const auto& one : kept.lost) add("not kept", one.subject, one.what + ": " + one.why);
  if (rows.empty()) {
    out_ += "\nNothing is new, and all of it is used.\n";
  } else {
    out_ += "\n" + markdown_table({"", "What", "How"}, rows);
  }
}

void Report::tables() {
  heading("Tables and indexes");
  Rows rows;
  const auto size_of = [this](std::size_t number, const std::optional<std::string>& index) {
    for (const capacity::ResourceStorage& storage : bundle_.usage.storage) {
      if (storage.table == number && storage.index == index) return storage;
    }
    return capacity::ResourceStorage{};
  };
  for (std::size_t i = 0; i < bundle_.design.tables.size(); ++i) {
    const design::Table& table = bundle_.design.tables[i];
    const auto add = [&](const std::optional<std::string>& index, const dynamo::KeySchema& key,
                         const std::string& projection) {
      const capacity::ResourceStorage size = size_of(i, index);
      rows.push_back({place(i, index), markdown_code(key_schema_text(key)), projection,
                      support::format_count(size.items), support::format_bytes(size.bytes),
                      code_list(readers_of(bundle_, i, index))});
    };
    add(std::nullopt, table.key, markdown_text(table_features(table)));
    for (const design::Index& index : table.indexes) {
      const bool has_names = index.projection.type == dynamo::ProjectionType::include;
      std::string projection =
          has_names ? code_list(index.projection.attributes) : projection_text(index.projection);
      if (index.local) projection += " (local)";
      add(index.name, index.key, projection);
    }
  }
  out_ += markdown_table(
      {"Table or index", "Key", "Projection, features", "Items", "Size", "Used by"}, rows, {3, 4});
}

void Report::entities() {
  heading("Entities and keys");
  out_ += "```mermaid\n" + mermaid_entities(bundle_.workload) + "```\n\n";
  Rows rows;
  for (const design::ItemLayout& layout : bundle_.design.items) {
    const auto add = [&](const design::KeyEntry& entry, const std::string& bytes) {
      rows.push_back({markdown_text(item_name(bundle_, layout)), place(layout.table, entry.index),
                      markdown_code(templates_text(entry.partition)),
                      markdown_code(templates_text(entry.sort)), markdown_text(entry_note(entry)),
                      bytes});
    };
    add(layout.base, support::format_bytes(layout.bytes.mean) + " (at most " +
                         support::format_bytes(layout.bytes.max) + ")");
    for (const design::KeyEntry& entry : layout.entries) add(entry, "");
  }
  out_ += markdown_table({"Item", "In", "Partition key", "Sort key", "Note", "Bytes"}, rows, {5});
  Rows meanings;
  for (const Notation& one : notations(bundle_.design))
    meanings.push_back({markdown_code(one.written), markdown_text(one.meaning)});
  if (!meanings.empty()) out_ += "\n" + markdown_table({"In a key", "Stands for"}, meanings);
}

void Report::patterns() {
  heading("Access patterns");
  Rows rows;
  for (std::size_t i = 0; i < bundle_.workload.patterns.size(); ++i) {
    const model::Pattern& asked = bundle_.workload.patterns[i];
    const capacity::PatternUsage& usage = bundle_.usage.patterns[i];
    rows.push_back(
        {markdown_code(asked.name), markdown_text(plan_text(bundle_, bundle_.design.plans[i])),
         read_units_text(usage), write_units_text(usage), support::format_rate(asked.load.mean),
         support::format_rate(asked.load.peak), support::format_money(bundle_.cost.patterns[i])});
  }
  out_ += markdown_table(
      {"Pattern", "Answered by", "Read units", "Write units", "Mean", "Peak", "$ a month"}, rows,
      {2, 3, 4, 5, 6});
  out_ += "\nUnits are request units of one call, indexes included.\n";
  for (std::size_t i = 0; i < bundle_.workload.patterns.size(); ++i) pattern(i);
}

void Report::pattern(std::size_t number) {
  const model::Pattern& asked = bundle_.workload.patterns[number];
  const design::AccessPlan& plan = bundle_.design.plans[number];
  out_ += fmt::format("\n### {}\n\n", markdown_text(asked.name));
  if (!asked.about.empty()) out_ += markdown_text(asked.about) + "\n\n";
  if (plan.served == design::Served::no) out_ += "Not served.\n";
  if (!plan.offload.empty()) out_ += "Outside of keys: " + markdown_text(plan.offload) + "\n";
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    step(plan.steps[i], bundle_.usage.patterns[number].steps[i]);
  }
  for (const design::CopiedAttribute& one : plan.copied) {
    out_ += fmt::format("- {}: from the copy {} in the row\n",
                        markdown_text(one.relation_attribute + "." + one.attribute),
                        markdown_text(one.copy));
  }
  for (const std::string& note : plan.client_notes) {
    out_ += "- left to the caller: " + markdown_text(note) + "\n";
  }
}

void Report::step(const design::Step& step, const capacity::StepUsage& usage) {
  out_ += fmt::format("1. **{}** on {}", design::operation_name(step.operation),
                      place(step.table, step.index));
  if (!step.only_if_given.empty())
    out_ += ", for calls that give " + markdown_text(support::join_list(step.only_if_given));
  if (!step.only_if_left_out.empty())
    out_ += ", for calls without " + markdown_text(support::join_list(step.only_if_left_out));
  if (step.consistent_read) out_ += ", strongly consistent";
  if (step.shards.sharded()) out_ += fmt::format(", one for each of {} shards", step.shards.count);
  if (usage.items > 0) {
    out_ += fmt::format(": {} items, {}", support::format_count(usage.items),
                        support::format_bytes(usage.bytes));
  }
  if (usage.scanned_items > usage.items) {
    out_ += fmt::format(" (of {} read)", support::format_count(usage.scanned_items));
  }
  out_ += "\n";
  expressions(design::describe(bundle_.design, bundle_.workload, step), "   ");
  if (step.actions.size() < 2) return;
  for (const design::WriteAction& action : step.actions) {
    const design::ItemLayout& layout = bundle_.design.items[action.layout];
    out_ += fmt::format("   - {} {}", design::operation_name(action.operation),
                        markdown_text(item_name(bundle_, layout)));
    if (action.times.max > 1) {
      out_ += fmt::format(", {} times (at most {})", support::format_number(action.times.mean, 2),
                          support::format_number(action.times.max, 2));
    }
    if (action.is_joined) out_ += ", part of the action on the same item";
    out_ += "\n";
    expressions(design::describe(bundle_.design, bundle_.workload, action), "     ");
  }
}

void Report::expressions(const design::StepText& text, const std::string& margin) {
  const auto line = [&](std::string_view what, const std::string& expression) {
    if (expression.empty()) return;
    out_ += fmt::format("{}- {}: {}\n", margin, what, markdown_code(expression));
  };
  line("keys", text.key_condition);
  line("filter", text.filter);
  line("condition", text.condition);
  line("update", text.update);
  for (const auto& name : text.names) line(markdown_code(name.first) + " is", name.second);
}

void Report::hot_keys() {
  if (bundle_.design.hot_keys.empty()) return;
  heading("Hottest partition keys");
  Rows rows;
  for (const design::HotKey& hot : bundle_.design.hot_keys) {
    rows.push_back({markdown_code(hot.key), place(hot.table, hot.index), markdown_text(hot.when),
                    support::format_count(hot.peak_read_units),
                    support::format_count(hot.peak_write_units), std::to_string(hot.shards),
                    support::format_number(ceiling_share(hot) * 100, 1) + " %"});
  }
  out_ +=
      markdown_table({"Key", "In", "When", "Read units/s", "Write units/s", "Shards", "Of ceiling"},
                     rows, {3, 4, 5, 6});
}

void Report::cost() {
  heading("Cost a month");
  Rows rows;
  for (const pricing::CostLine& line : bundle_.cost.lines) {
    rows.push_back({markdown_text(line.what), place(line.table, line.index),
                    markdown_text(line.region), support::format_count(line.quantity),
                    markdown_text(line.unit), support::format_money(line.usd)});
  }
  rows.push_back(
      {"**total**", "", "", "", "", "**" + support::format_money(bundle_.cost.total) + "**"});
  out_ += markdown_table({"What", "Of", "Region", "Quantity", "Unit", "Cost"}, rows, {3, 5});
  const std::string other = other_billing_text(bundle_);
  if (!other.empty()) out_ += "\n" + other + "\n";
  if (bundle_.cost.not_priced.empty()) return;
  out_ += "\nNot priced: " + markdown_text(support::join(bundle_.cost.not_priced, "; ")) + ".\n";
}

void Report::decisions() {
  if (bundle_.design.decisions.empty()) return;
  heading("Decisions");
  for (const design::Decision& decision : bundle_.design.decisions) {
    out_ += fmt::format("- {}: **{}**. {}\n", markdown_code(decision.subject),
                        markdown_text(decision.chosen), markdown_text(decision.reason));
    for (const design::Decision::Alternative& other : decision.alternatives) {
      out_ += "  - instead " + markdown_text(other.what);
      if (other.extra) {
        const bool saves = other.extra->micro_usd < 0;
        const support::Money difference = saves ? support::Money() - *other.extra : *other.extra;
        out_ += fmt::format(": {} {} a month", support::format_money(difference),
                            saves ? "less" : "more");
      }
      if (!other.ruled_out.empty()) out_ += ": ruled out by " + markdown_text(other.ruled_out);
      out_ += "\n";
    }
  }
}

void Report::failures() {
  if (bundle_.proof == nullptr || bundle_.proof->ok()) return;
  heading("Failures of the proof");
  for (const seed::ProofFailure& failure : bundle_.proof->failures) {
    out_ += fmt::format("- {}: {} ({})\n",
                        markdown_code(bundle_.workload.pattern(failure.pattern).name),
                        markdown_text(failure.what), markdown_text(failure.parameters));
  }
}

void Report::findings() {
  if (bundle_.diagnostics.empty()) return;
  heading("Findings");
  for (const support::Diagnostic& diagnostic : bundle_.diagnostics.items()) {
    const support::LineColumn at = bundle_.source.position(diagnostic.span.begin);
    out_ += fmt::format(
        "- {} {} at {}: {}\n", support::severity_name(diagnostic.severity), diagnostic.code,
        markdown_code(fmt::format("{}:{}:{}", bundle_.source.name(), at.line, at.column)),
        markdown_text(diagnostic.message));
  }
}

void Report::assumptions() {
  heading("Assumptions");
  out_ += fmt::format("Prices of {} as of {}; {} hours a month; the average over {} months.\n",
                      markdown_text(bundle_.cost.region), markdown_text(bundle_.cost.prices_as_of),
                      support::format_number(bundle_.cost.hours_per_month),
                      support::format_number(bundle_.workload.settings.horizon_months));
  if (bundle_.workload.defaults.empty()) return;
  Rows rows;
  for (const model::DefaultUsed& used : bundle_.workload.defaults) {
    rows.push_back(
        {markdown_code(used.path), markdown_text(used.value), markdown_text(used.reason)});
  }
  out_ += "\n" + markdown_table({"Default", "Value", "Because"}, rows);
}

}  // namespace

std::string markdown_report(const Bundle& bundle) {
  return Report(bundle).print();
}

}  // namespace ddbplan::emit
