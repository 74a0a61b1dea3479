// The documents that are made from the program itself and committed: manual pages and completions. A test holds
// the committed files equal to these, so that no option is undocumented and none is documented that is gone.
#pragma once

#include <string>
#include <vector>

#include "cli/command_reference.h"

namespace ddbplan::cli {

struct GeneratedDocument {
  std::string path;  ///< below the repository: "man/ddbplan-lint.1"
  std::string text;
};

/// All of them.
std::vector<GeneratedDocument> generated_documents();

/// mdoc(7): ddbplan(1) and one page for each command.
std::vector<GeneratedDocument> manual_pages(const CommandReference& program);
/// ddbplan-rules(7), from the catalogue.
GeneratedDocument rules_manual_page();
/// completions/ddbplan.bash, .zsh and .fish.
std::vector<GeneratedDocument> completions(const CommandReference& program);

}  // namespace ddbplan::cli
