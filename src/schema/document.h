// YAML text -> Node tree, or diagnostics (DDB001 not-yaml, DDB006 duplicate-key, DDB008 too-large).
//
// Hostile input ends in a message, quickly: sizes, depth and the number of nodes after aliases are
// bounded, bytes that are not UTF-8 text are refused before the YAML library sees them. Only
// document.cpp includes yaml-cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "schema/node.h"
#include "support/diagnostics.h"
#include "support/result.h"
#include "support/source.h"

namespace ddbplan::schema {

/// Generous for a schema, small for a machine. A reader of files may stop after kFileBytesMax + 1.
inline constexpr std::size_t kFileBytesMax = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t kScalarBytesMax = std::size_t{64} * 1024;
inline constexpr std::size_t kNodesMax = 200'000;
inline constexpr int kDepthMax = 48;

/// The document's root, or nullopt with at least one error. REQUIRES of the source: nothing.
std::optional<Node> read_document(const support::SourceText& source,
                                  support::Diagnostics& diagnostics);

/// One value as it could stand behind a key ("2000/s", "[a, b]", "{hits: 80%}"), without places in
/// a source.
support::Result<Node, std::string> read_value(std::string_view text);

}  // namespace ddbplan::schema
