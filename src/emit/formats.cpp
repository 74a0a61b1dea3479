#include "emit/formats.h"

#include <algorithm>
#include <array>

#include "emit/cloudformation.h"
#include "emit/design_json.h"
#include "emit/exchanges.h"
#include "emit/manifest.h"
#include "emit/markdown_report.h"
#include "emit/requests.h"
#include "emit/seed_loader.h"
#include "support/check.h"

namespace ddbplan::emit {
namespace {

std::vector<Artefact> one(std::string path, std::string text) {
  return {{std::move(path), std::move(text), false}};
}

std::vector<Artefact> emit_cloudformation(const Bundle& bundle) {
  return one("template.yaml", cloudformation_yaml(resources(bundle)));
}

std::vector<Artefact> emit_cloudformation_json(const Bundle& bundle) {
  return one("template.json", cloudformation_json(resources(bundle)));
}

std::vector<Artefact> emit_design_json(const Bundle& bundle) {
  return one("design.json", design_json(bundle));
}

std::vector<Artefact> emit_report(const Bundle& bundle) {
  return one("report.md", markdown_report(bundle));
}

std::vector<Artefact> emit_mermaid(const Bundle& bundle) {
  return one("entities.mmd", mermaid_entities(bundle.workload));
}

std::vector<Artefact> emit_seed(const Bundle& bundle) {
  DDBPLAN_CHECK(bundle.seed != nullptr);
  std::vector<Artefact> files;
  std::vector<LoadedTable> tables;
  for (const seed::SeedFile& file : *bundle.seed) {
    files.push_back({"seed/" + file.table + ".jsonl", file.text, false});
    tables.push_back({file.table, file.table + ".jsonl"});
  }
  files.push_back({"seed/load", seed_loader(tables), true});
  return files;
}

std::vector<Artefact> emit_requests(const Bundle& bundle) {
  return one("requests.json", requests(bundle));
}

std::vector<Artefact> emit_exchanges(const Bundle& bundle) {
  return one("exchanges.jsonl", exchanges(bundle));
}

constexpr std::array<Format, 8> kFormats = {{
    {"cloudformation", "AWS CloudFormation template, YAML", Needs::design, emit_cloudformation},
    {"cloudformation-json", "AWS CloudFormation template, JSON", Needs::design,
     emit_cloudformation_json},
    {"json", "the design as ddbplan's own JSON document", Needs::proof, emit_design_json},
    {"markdown", "report with decisions, costs and a diagram", Needs::proof, emit_report},
    {"mermaid", "entity diagram for Mermaid", Needs::design, emit_mermaid},
    {"seed", "items as DynamoDB JSON lines, and a script that loads them", Needs::seed, emit_seed},
    {"requests", "each access pattern's requests, as templates and with example values",
     Needs::data, emit_requests},
    {"exchanges", "requests and answers of a short proof as JSON lines, to replay elsewhere",
     Needs::data, emit_exchanges},
}};

void append(std::vector<Artefact>& files, std::vector<Artefact> more) {
  std::move(more.begin(), more.end(), std::back_inserter(files));
}

}  // namespace

std::span<const Format> formats() {
  return kFormats;
}

const Format* find_format(std::string_view name) {
  const auto* found = std::find_if(kFormats.begin(), kFormats.end(),
                                   [name](const Format& format) { return format.name == name; });
  return found == kFormats.end() ? nullptr : &*found;
}

std::vector<Artefact> artefacts(const Bundle& bundle) {
  std::vector<Artefact> files = emit_design_json(bundle);
  append(files, emit_cloudformation(bundle));
  append(files, emit_seed(bundle));
  append(files, emit_report(bundle));
  files.push_back(manifest(bundle, files));
  return files;
}

}  // namespace ddbplan::emit
