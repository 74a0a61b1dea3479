#include "cli/documents.h"

#include <CLI/CLI.hpp>

#include "cli/app.h"

namespace ddbplan::cli {

std::vector<GeneratedDocument> generated_documents() {
  Invocation unused;
  const std::unique_ptr<CLI::App> app = build_app(unused);
  const CommandReference program = describe(*app);
  std::vector<GeneratedDocument> all = manual_pages(program);
  all.push_back(rules_manual_page());
  for (GeneratedDocument& each : completions(program)) all.push_back(std::move(each));
  return all;
}

}  // namespace ddbplan::cli
