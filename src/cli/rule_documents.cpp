#include "cli/rule_documents.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/text.h"

namespace ddbplan::cli {
namespace {

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty()) out += fmt::format("{}{}", indent, line);
    out += '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

std::string paragraph(std::string_view text, int width) {
  return "\n" + support::wrap(text, static_cast<std::size_t>(width), 0) + "\n";
}

std::string as_text(const lint::RuleInfo& rule, int width) {
  std::string out = fmt::format("{} {} ({}, since {})\n", rule.code, rule.name,
                                support::severity_name(rule.severity), rule.since);
  out += paragraph(rule.summary, width);
  if (!rule.rationale.empty()) out += paragraph(rule.rationale, width);
  if (!rule.bad.empty()) out += "\nFound in:\n\n" + indented(rule.bad, "    ");
  if (!rule.good.empty()) out += "\nNot found in:\n\n" + indented(rule.good, "    ");
  if (!rule.source.empty()) out += fmt::format("\nSource: {}\n", rule.source);
  return out;
}

std::string as_markdown(const lint::RuleInfo& rule) {
  std::string out = fmt::format("## {} {}\n\nSeverity: {}. Since {}.\n\n{}\n", rule.code, rule.name,
                                support::severity_name(rule.severity), rule.since, rule.summary);
  if (!rule.rationale.empty()) out += fmt::format("\n{}\n", rule.rationale);
  if (!rule.bad.empty()) out += fmt::format("\nFound in:\n\n```yaml\n{}```\n", rule.bad);
  if (!rule.good.empty()) out += fmt::format("\nNot found in:\n\n```yaml\n{}```\n", rule.good);
  if (!rule.source.empty()) out += fmt::format("\nSource: <{}>\n", rule.source);
  return out;
}

}  // namespace

std::string rules_as_text(const std::vector<lint::RuleInfo>& rules, int width) {
  std::string out;
  for (const lint::RuleInfo& rule : rules) {
    if (!out.empty()) out += "\n\n";
    out += as_text(rule, width);
  }
  return out;
}

std::string rules_as_markdown(const std::vector<lint::RuleInfo>& rules) {
  std::string out;
  for (const lint::RuleInfo& rule : rules) {
    if (!out.empty()) out += "\n";
    out += as_markdown(rule);
  }
  return out;
}

std::string rules_as_json(const std::vector<lint::RuleInfo>& rules) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const lint::RuleInfo& rule : rules) {
    nlohmann::ordered_json entry;
    entry["code"] = rule.code;
    entry["name"] = rule.name;
    entry["severity"] = support::severity_name(rule.severity);
    entry["since"] = rule.since;
    entry["summary"] = rule.summary;
    entry["rationale"] = rule.rationale;
    entry["source"] = rule.source;
    entry["bad"] = rule.bad;
    entry["good"] = rule.good;
    list.push_back(std::move(entry));
  }
  nlohmann::ordered_json document;
  document["schema_version"] = 1;
  document["rules"] = std::move(list);
  return document.dump(2) + "\n";
}

}  // namespace ddbplan::cli
