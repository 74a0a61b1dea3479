#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/catalogue.h"
#include "cli/documents.h"
#include "cli/mdoc.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

struct Term {
  std::string_view term;
  std::string_view text;
};

constexpr std::array<Term, 4> kExitStatus = {{
    {"0", "The work is done, and nothing was found at or above --fail-on."},
    {"1",
     "Findings: of the rules, an access pattern that no plan serves, a failed proof, a budget "
     "passed. Commands that "
     "write files wrote none, unless --keep-going was given."},
    {"2",
     "Unusable input: a usage error, a file that cannot be read or written, or a schema with an "
     "error of the language "
     "(DDB0xx)."},
    {"3", "A defect of ddbplan. Please report it with the schema."},
}};

constexpr std::array<Term, 4> kEnvironment = {{
    {"NO_COLOR", "Any value that is not empty turns colour off, unless --color says otherwise."},
    {"FORCE_COLOR", "Any value that is not empty, except 0, turns colour on where nobody watches."},
    {"TERM", "With the value dumb there is no colour and no progress line."},
    {"COLUMNS", "The width of the report where standard output is no terminal."},
}};

/// What the cost model assumes, in the order of src/capacity/traffic.h, where the formulas are.
constexpr std::array<std::string_view, 12> kAssumptions = {
    "A month is settings.hours_per_month hours, 730 by default; 1 KB is 1,024 bytes, in limits and "
    "in bills. Costs are "
    "those of the average month over the horizon, with the growth of rows, rates and storage. "
    "Prices are those of the "
    "built-in price book, whose date every report prints, or of settings.prices. What is not "
    "priced is named.",
    "A call about rows that exist takes its values from one row, drawn evenly from the live rows "
    "of the first entity. "
    "So a list by customer meets the customer of a random order: parents are met in proportion to "
    "their children.",
    "Attributes with declared values are the exception: each value is asked for equally often, "
    "because screens ask for "
    "OPEN more than its share of the rows.",
    "A write finds a row that satisfies its condition and the state that it moves from; calls that "
    "fail find one that "
    "does not, and are paid. An upsert finds its row, a put does in its share of cases (replaces), "
    "a create never.",
    "A range with two run-time bounds spans a tenth of the rows, one run-time bound leaves a "
    "tenth, a run-time prefix "
    "keeps a tenth.",
    "Children of a parent follow a geometric distribution with the declared mean, cut off at the "
    "declared maximum, "
    "unless a skew is given; with skew: zipf the first rank has at most the declared maximum.",
    "Sizes have the declared mean and never pass the declared maximum; most rows lie below the "
    "mean where the maximum "
    "is far away. Attributes differ independently of each other.",
    "An attribute without declared values or a number of distinct ones takes ten; an identifier, "
    "one for ten rows.",
    "Rows are created evenly over their retention, or over a year. Expired rows are a negligible "
    "share of what a read "
    "meets; they are stored for two more days.",
    "Partition key values are judged at declared peaks against 1,000 write and 3,000 read units a "
    "second, planned to "
    "settings.capacity_target (70 %). Splitting and adaptive capacity are not relied on.",
    "Transactions double the units of the table, not those of indexes. An index entry whose key "
    "changes is deleted and "
    "inserted; one that does not change costs nothing.",
    "Write shards are chosen by a named hash of the identity (fnv1a-32), the same in every "
    "language that is emitted.",
};

std::string page_name(const CommandReference& command) {
  return command.name.empty() ? "ddbplan" : "ddbplan-" + command.name;
}

std::string option_macros(const OptionReference& option) {
  std::string macros;
  for (const std::string& name : option.names) {
    if (!macros.empty()) macros += " , ";
    // .Fl writes the first dash.
    macros += "Fl " + mdoc_word(std::string_view(name).substr(1));
  }
  if (!option.value.empty()) macros += " Ar " + mdoc_word(option.value);
  return macros;
}

std::string option_text(const OptionReference& option) {
  if (option.choices.empty()) return option.text;
  return fmt::format("{} One of {}.", option.text, support::join_list(option.choices, "or"));
}

void add_synopsis(const CommandReference& command, ManualPage& page) {
  page.section("SYNOPSIS");
  page.line(".Nm ddbplan" + (command.name.empty() ? "" : " " + command.name));
  for (const OptionReference& option : command.options) page.line(".Op " + option_macros(option));
  if (!command.commands.empty()) page.line(".Ar command ...");
  for (const OptionReference& argument : command.arguments) {
    const std::string form =
        mdoc_word(argument.names.front()) + (argument.repeatable ? " ..." : "");
    page.line((argument.required ? ".Ar " : ".Op Ar ") + form);
  }
}

void add_options(const CommandReference& command, ManualPage& page) {
  page.section("OPTIONS");
  page.begin_list();
  for (const OptionReference& argument : command.arguments) {
    page.item("Ar " + mdoc_word(argument.names.front()), option_text(argument));
  }
  for (const OptionReference& option : command.options) {
    page.item(option_macros(option), option_text(option));
  }
  page.end_list();
}

void add_commands(const CommandReference& program, ManualPage& page) {
  page.section("COMMANDS");
  page.begin_list();
  for (const CommandReference& command : program.commands) {
    page.item(fmt::format("Xr {} 1", page_name(command)), command.summary + ".");
  }
  page.end_list();
}

template <std::size_t N>
void add_terms(const std::array<Term, N>& terms, std::string_view macro, ManualPage& page) {
  page.begin_list();
  for (const Term& term : terms) page.item(fmt::format("{} {}", macro, term.term), term.text);
  page.end_list();
}

void add_files(const CommandReference& command, ManualPage& page) {
  page.section("FILES");
  if (command.name == "design" || command.name == "emit") {
    page.paragraph(
        "The folder of --output holds a manifest, .ddbplan-manifest.json, that lists what ddbplan "
        "wrote there. A folder "
        "with other files is refused.");
  } else if (command.name == "init") {
    page.paragraph("The schema is written to schema.yaml, an example to its name and .yaml.");
  } else if (command.name.empty()) {
    page.paragraph(
        "A schema is a YAML file, described in ddbplan-schema(5). Nothing else is read: no "
        "configuration, no network, no "
        "account. A price book is read where settings.prices names one.");
  } else {
    page.paragraph("Reads what its arguments name, and writes only what --format names.");
  }
}

void add_examples(const CommandReference& command, ManualPage& page) {
  page.section("EXAMPLES");
  for (const CommandReference::Line& example : command.examples) {
    page.paragraph(example.does + (example.does.ends_with('?') ? "" : ":"));
    page.display(example.command);
  }
}

void add_see_also(const CommandReference& command, const CommandReference& program,
                  ManualPage& page) {
  page.section("SEE ALSO");
  std::vector<std::string> pages;
  if (!command.name.empty()) pages.emplace_back("ddbplan 1");
  for (const CommandReference& other : program.commands) {
    if (other.name != command.name) pages.push_back(page_name(other) + " 1");
  }
  std::sort(pages.begin(), pages.end());
  pages.emplace_back("ddbplan-schema 5");
  pages.emplace_back("ddbplan-rules 7");
  for (std::size_t i = 0; i < pages.size(); ++i) {
    page.line(".Xr " + pages[i] + (i + 1 < pages.size() ? " ," : ""));
  }
}

GeneratedDocument manual_page(const CommandReference& command, const CommandReference& program) {
  ManualPage page(page_name(command), 1, command.summary);
  add_synopsis(command, page);
  page.section("DESCRIPTION");
  for (const std::string& paragraph : command.paragraphs) page.paragraph(paragraph);
  if (!command.commands.empty()) add_commands(command, page);
  add_options(command, page);
  if (command.name.empty()) {
    page.section("ASSUMPTIONS");
    page.paragraph(
        "The cost model is an expectation under stated laws; the seed and the proof draw by the "
        "same ones.");
    for (const std::string_view assumption : kAssumptions) page.paragraph(assumption);
    page.section("ENVIRONMENT");
    add_terms(kEnvironment, "Ev", page);
  }
  add_files(command, page);
  page.section("EXIT STATUS");
  add_terms(kExitStatus, "", page);
  add_examples(command, page);
  add_see_also(command, program, page);
  return {"man/" + page_name(command) + ".1", page.text()};
}

std::string upper_case(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return out;
}

void add_rule(const lint::RuleInfo& rule, ManualPage& page) {
  page.subsection(
      fmt::format("{} {} ({})", rule.code, rule.name, support::severity_name(rule.severity)));
  page.paragraph(rule.summary);
  if (!rule.rationale.empty()) page.paragraph(rule.rationale);
  if (!rule.bad.empty()) {
    page.paragraph("Found in:");
    page.display(rule.bad);
  }
  if (!rule.good.empty()) {
    page.paragraph("Not found in:");
    page.display(rule.good);
  }
  if (!rule.source.empty()) {
    page.line(".Pp");
    page.line(fmt::format("Source: {}", rule.source));
  }
}

}  // namespace

std::vector<GeneratedDocument> manual_pages(const CommandReference& program) {
  std::vector<GeneratedDocument> pages{manual_page(program, program)};
  for (const CommandReference& command : program.commands) {
    pages.push_back(manual_page(command, program));
  }
  return pages;
}

GeneratedDocument rules_manual_page() {
  ManualPage page("ddbplan-rules", 7, "the findings of ddbplan");
  page.section("DESCRIPTION");
  page.paragraph(
      "Each finding of ddbplan has a code: DDB and three digits, of which the first is the "
      "subject. A code never gets "
      "another meaning; its severity may change. 'ddbplan explain CODE' prints the same text as "
      "this page.");
  page.paragraph(
      "A finding is silenced by a comment with the reason, at the end of the line or on the line "
      "above: "
      "'# ddbplan: ignore DDB103 -- read by the data lake'. 'ignore-file' silences it in the whole "
      "file. Errors of the "
      "language and of the planner cannot be silenced.");
  std::string_view family;
  for (const lint::RuleInfo& rule : rule_catalogue()) {
    if (code_family(rule.code) != family) {
      family = code_family(rule.code);
      page.section(upper_case(family));
    }
    add_rule(rule, page);
  }
  page.section("SEE ALSO");
  page.line(".Xr ddbplan-explain 1 ,");
  page.line(".Xr ddbplan-lint 1 ,");
  page.line(".Xr ddbplan-schema 5");
  return {"man/ddbplan-rules.7", page.text()};
}

}  // namespace ddbplan::cli
