#include "lint/reporters.h"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "support/check.h"

namespace ddbplan::lint {
namespace {

using Json = nlohmann::ordered_json;

/// Bytes that are not UTF-8 (a file's name may hold any) become U+FFFD: JSON has no other way.
std::string dump(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool has_place(support::Span span) {
  return span.known() || span.begin > 0;
}

struct Place {
  support::LineColumn begin;
  support::LineColumn end;
};

Place place_of(support::Span span, const support::SourceText& source) {
  return {source.position(span.begin), source.position(std::max(span.end, span.begin))};
}

void add_place(Json& object, support::Span span, const support::SourceText& source) {
  object["file"] = source.name();
  if (!has_place(span)) return;
  const Place place = place_of(span, source);
  object["line"] = place.begin.line;
  object["column"] = place.begin.column;
  object["end_line"] = place.end.line;
  object["end_column"] = place.end.column;
}

Json to_json(const support::Diagnostic& diagnostic, const support::SourceText& source) {
  Json object;
  object["code"] = diagnostic.code;
  object["rule"] = diagnostic.rule;
  object["severity"] = std::string(support::severity_name(diagnostic.severity));
  object["message"] = diagnostic.message;
  add_place(object, diagnostic.span, source);
  if (!diagnostic.help.empty()) object["help"] = diagnostic.help;
  for (const support::Note& note : diagnostic.notes) {
    Json entry;
    entry["message"] = note.message;
    if (has_place(note.span)) add_place(entry, note.span, source);
    object["notes"].push_back(std::move(entry));
  }
  return object;
}

/// SARIF's words: "note" is the least.
std::string_view sarif_level(support::Severity severity) {
  switch (severity) {
    case support::Severity::error:
      return "error";
    case support::Severity::warning:
      return "warning";
    case support::Severity::info:
      break;
  }
  return "note";
}

/// A path as a URI reference (RFC 3986): what is not plain is %XX, byte by byte.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "/-._~";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (alphanumeric || kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return uri;
}

Json sarif_location(support::Span span, const support::SourceText& source) {
  Json physical;
  physical["artifactLocation"]["uri"] = uri_of(source.name());
  if (has_place(span)) {
    const Place place = place_of(span, source);
    Json& region = physical["region"];
    region["startLine"] = place.begin.line;
    region["startColumn"] = place.begin.column;
    region["endLine"] = place.end.line;
    region["endColumn"] = place.end.column;
  }
  Json location;
  location["physicalLocation"] = std::move(physical);
  return location;
}

Json sarif_rule(const RuleInfo& info) {
  Json rule;
  rule["id"] = info.code;
  rule["name"] = info.name;
  rule["shortDescription"]["text"] = info.summary;
  rule["fullDescription"]["text"] = info.rationale.empty() ? info.summary : info.rationale;
  rule["defaultConfiguration"]["level"] = sarif_level(info.severity);
  if (!info.source.empty()) rule["helpUri"] = info.source;
  return rule;
}

Json sarif_result(const support::Diagnostic& diagnostic, const support::SourceText& source,
                  std::size_t rule_index) {
  Json result;
  result["ruleId"] = diagnostic.code;
  result["ruleIndex"] = rule_index;
  result["level"] = sarif_level(diagnostic.severity);
  result["message"]["text"] =
      diagnostic.help.empty() ? diagnostic.message : diagnostic.message + "\n" + diagnostic.help;
  result["locations"].push_back(sarif_location(diagnostic.span, source));
  for (const support::Note& note : diagnostic.notes) {
    Json related = sarif_location(note.span, source);
    related["message"]["text"] = note.message;
    result["relatedLocations"].push_back(std::move(related));
  }
  return result;
}

std::set<std::string> codes_in(const std::vector<FileFindings>& files) {
  std::set<std::string> codes;
  for (const FileFindings& file : files) {
    for (const support::Diagnostic& each : file.diagnostics->items()) codes.insert(each.code);
  }
  return codes;
}

}  // namespace

std::string text_findings(const std::vector<FileFindings>& files,
                          const support::RenderOptions& options) {
  std::string out;
  for (const FileFindings& file : files) {
    const std::string rendered = support::render(*file.diagnostics, *file.source, options);
    if (!out.empty() && !rendered.empty()) out += "\n";
    out += rendered;
  }
  return out;
}

std::string json_findings(const std::vector<FileFindings>& files) {
  Json diagnostics = Json::array();
  std::map<support::Severity, std::size_t> counts;
  for (const FileFindings& file : files) {
    for (const support::Diagnostic& each : file.diagnostics->items()) {
      diagnostics.push_back(to_json(each, *file.source));
      ++counts[each.severity];
    }
  }
  Json document;
  document["schema_version"] = 1;
  document["diagnostics"] = std::move(diagnostics);
  document["summary"] = {{"files", files.size()},
                         {"errors", counts[support::Severity::error]},
                         {"warnings", counts[support::Severity::warning]},
                         {"infos", counts[support::Severity::info]}};
  return dump(document);
}

std::string sarif_findings(const std::vector<FileFindings>& files, std::span<const RuleInfo> rules,
                           std::string_view version) {
  const std::set<std::string> codes = codes_in(files);
  std::map<std::string, std::size_t> index_of;
  Json listed = Json::array();
  for (const RuleInfo& rule : rules) {
    if (!codes.contains(std::string(rule.code))) continue;
    index_of[std::string(rule.code)] = listed.size();
    listed.push_back(sarif_rule(rule));
  }
  Json results = Json::array();
  for (const FileFindings& file : files) {
    for (const support::Diagnostic& each : file.diagnostics->items()) {
      DDBPLAN_CHECK_MSG(index_of.contains(each.code), "no rule " + each.code);
      results.push_back(sarif_result(each, *file.source, index_of[each.code]));
    }
  }
  Json driver;
  driver["name"] = "ddbplan";
  driver["version"] = version;
  driver["rules"] = std::move(listed);
  Json run;
  run["tool"]["driver"] = std::move(driver);
  run["columnKind"] = "unicodeCodePoints";
  run["results"] = std::move(results);
  Json document;
  document["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  document["version"] = "2.1.0";
  document["runs"].push_back(std::move(run));
  return dump(document);
}

}  // namespace ddbplan::lint
