// One example, designed by the built program: its JSON answer and ways to look into it.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/process.h"

namespace ddbplan::test {

using Json = nlohmann::json;

/// All of examples/, relative to the repository.
std::vector<std::string> example_files();

/// `ddbplan design FILE --format json`; the exit status must be 0. `file` is relative to the repository.
Json design_example(const std::string& file, const std::vector<std::string>& options = {});

/// The same for a schema given as text: the lines after `ddbplan: 1`.
Json design_text(const std::string& yaml, const std::vector<std::string>& options = {});
/// What `ddbplan design` says about a file of the repository that need not have a design.
Outcome try_design(const std::string& file);
Outcome try_design_text(const std::string& yaml);

/// The key of an entity's row in the base table (index "") or in an index.
Json row_key(const Json& design, const std::string& entity, const std::string& index = "");
/// The steps of a pattern.
Json steps(const Json& design, const std::string& pattern);
/// Units of one call: of the table (index "") or of an index; 0 when it is not touched.
double units(const Json& design, const std::string& pattern, const std::string& index,
             const std::string& kind);
/// Units a second at the mean: {"read"|"write"} of the table (index "") or an index.
double load(const Json& design, const std::string& index, const std::string& kind);
/// The action of a pattern's transaction or single write on this entity's rows.
Json action_on(const Json& design, const std::string& pattern, const std::string& entity);
/// What is priced, of one kind: {"read request units"|"write capacity"|"storage"|...}, in its own unit.
double priced(const Json& design, const std::string& what, const std::string& index = "");
bool has(const std::string& text, const std::string& part);
/// Names of all indexes of the first table.
std::vector<std::string> index_names(const Json& design);

}  // namespace ddbplan::test
