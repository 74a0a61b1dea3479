// A design as an earlier run wrote it (`ddbplan design --format json`), as far as a later plan can be held to it:
// tables, indexes, what every entity's items have for keys, and which index each pattern reads. By names and
// written forms, for the schema may have changed since; nothing in it is known to still make sense.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "design/design.h"
#include "support/diagnostics.h"
#include "support/result.h"
#include "support/source.h"

namespace ddbplan::design {

/// "schema_version" of the document.
inline constexpr int kDocumentVersion = 1;
inline constexpr const char* kUnusableDesignCode = "DDB113";
inline constexpr const char* kUnusableDesignRule = "unusable-earlier-design";

struct EarlierKey {
  std::optional<std::string> index;  ///< nullopt: the base table
  std::vector<std::string> partition;
  std::vector<std::string> sort;
  std::string when;  ///< empty: every row
  ShardRule shards;
  /// Of each attribute that a template writes by rank: the values in their order.
  Ranks ranks;
};

struct EarlierItem {
  std::string role;
  std::string table;
  std::vector<EarlierKey> keys;  ///< the base key first
  std::vector<std::string> unique;
  std::optional<std::string> type;
  std::vector<std::string> attributes;  ///< stored, beside those of the keys
};

/// A Query of an index by some pattern.
struct EarlierQuery {
  std::string index;
  std::vector<std::string> entities;
  bool fetches = false;  ///< the rows themselves are then read from the table
};

struct EarlierDesign {
  std::string service;
  std::vector<Table> tables;
  std::map<std::string, std::vector<EarlierItem>> entities;
  std::map<std::string, std::vector<EarlierQuery>> patterns;
  support::Span service_span;
};

/// The error points into `text`.
support::Result<EarlierDesign, support::Diagnostic> read_design(const support::SourceText& text);

}  // namespace ddbplan::design
