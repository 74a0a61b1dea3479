// The schemas that are compiled into the program: the one that `ddbplan init` writes, and the files of
// examples/ (cmake/EmbedExamples.cmake makes the table).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ddbplan::cli {

struct ExampleSchema {
  std::string_view name;  ///< the file's, without .yaml
  std::string_view text;
  /// The first sentence of its first comment that is no editor's modeline.
  [[nodiscard]] std::string summary() const;
};

/// By name.
std::span<const ExampleSchema> example_schemas();
/// Null when there is no example of that name, its number before the first dash left out or not.
const ExampleSchema* find_example_schema(std::string_view name);
/// "schema": short, commented, and without findings.
const ExampleSchema& starting_schema();

}  // namespace ddbplan::cli
