#include "tests/unit/plan/planned.h"

#include <doctest/doctest.h>

#include "plan/planner.h"
#include "schema/parse.h"

namespace ddbplan::test {

namespace {

std::string indented(const std::string& body) {
  std::string out = "  ";
  for (const char c : body) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out + "\n";
}

/// The templates of a key, several of a multi-attribute key.
std::string all(const std::vector<design::KeyTemplate>& keys) {
  std::string out;
  for (const design::KeyTemplate& key : keys)
    out += (out.empty() ? "" : ", ") + design::to_string(key);
  return out;
}

}  // namespace

const design::ItemLayout& Planned::row(std::string_view entity) const {
  return design->items[design->row_layout(*workload.find_entity(entity))];
}

const design::Table& Planned::table(std::string_view entity) const {
  return design->tables[row(entity).table];
}

const design::AccessPlan& Planned::pattern(std::string_view name) const {
  return design->plans[workload.find_pattern(name)->index];
}

std::string Planned::key(std::string_view entity, std::string_view index) const {
  const design::ItemLayout& layout = row(entity);
  const design::KeyEntry* entry = &layout.base;
  if (!index.empty()) {
    entry = nullptr;
    for (const design::KeyEntry& candidate : layout.entries) {
      if (candidate.index && *candidate.index == index) entry = &candidate;
    }
    if (entry == nullptr) return "none";
  }
  std::string text = all(entry->partition);
  if (!entry->sort.empty()) text += " / " + all(entry->sort);
  if (entry->when) text += " when " + model::to_string(*entry->when);
  return text;
}

std::vector<std::string> Planned::indexes() const {
  std::vector<std::string> out;
  for (const design::Index& index : design->tables.front().indexes) out.push_back(index.name);
  return out;
}

std::vector<std::string> Planned::errors() const {
  std::vector<std::string> out;
  for (const support::Diagnostic& diagnostic : diagnostics.items()) {
    if (diagnostic.severity == support::Severity::error) out.push_back(diagnostic.code);
  }
  return out;
}

std::string Planned::messages() const {
  std::string out;
  for (const support::Diagnostic& diagnostic : diagnostics.items()) {
    if (diagnostic.severity == support::Severity::error)
      out += diagnostic.code + " " + diagnostic.message + "\n";
  }
  return out;
}

namespace {

Planned planned(const design::EarlierDesign* earlier, const std::string& entities,
                const std::string& access_patterns, const std::string& settings,
                const std::string& more) {
  std::string yaml = "ddbplan: 1\nservice: test\n";
  if (!settings.empty()) yaml += "settings: " + settings + "\n";
  yaml +=
      "entities:\n" + indented(entities) + "access_patterns:\n" + indented(access_patterns) + more;
  const support::SourceText source("test.yaml", yaml);
  Planned out;
  auto workload = schema::parse(source, out.diagnostics);
  INFO(support::render(out.diagnostics, source));
  REQUIRE(workload.has_value());
  out.workload = std::move(*workload);
  plan::PlanOptions options;
  options.earlier = earlier;
  out.design = plan::plan(out.workload, pricing::PriceBook::built_in(), options, out.diagnostics);
  return out;
}

}  // namespace

Planned plan_text(const std::string& entities, const std::string& access_patterns,
                  const std::string& settings, const std::string& more) {
  return planned(nullptr, entities, access_patterns, settings, more);
}

Planned plan_around(const std::string& earlier, const std::string& entities,
                    const std::string& access_patterns, const std::string& settings) {
  const support::SourceText text("design.json", earlier);
  const auto read = design::read_design(text);
  REQUIRE(read.ok());
  return planned(&*read, entities, access_patterns, settings, {});
}

std::optional<design::Design> replan(const model::Workload& workload,
                                     support::Diagnostics& diagnostics) {
  return plan::plan(workload, pricing::PriceBook::built_in(), {}, diagnostics);
}

}  // namespace ddbplan::test
