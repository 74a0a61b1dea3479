// The manual page ddbplan-schema(5), in mdoc: prose from manual_text.cpp, tables from the tables of
// keys and grammars.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ddbplan::schema {

/// man/ddbplan-schema.5 is a copy.
std::string manual_page();

/// A part of the page: paragraphs, or examples that stand as they are written.
struct ManualBlock {
  enum class Kind { paragraph, example, term };
  Kind kind = Kind::paragraph;
  std::string_view term;  ///< of a list's entry; its text follows
  std::string_view text;
};
struct ManualSection {
  std::string_view title;
  std::vector<ManualBlock> blocks;
};

const std::vector<ManualSection>& manual_introduction();
const std::vector<ManualSection>& manual_reference();
const ManualSection& manual_examples();

}  // namespace ddbplan::schema
