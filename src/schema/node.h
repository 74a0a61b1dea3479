// The tree of a YAML document as the schema stage reads it: scalars with their text and place,
// lists, maps in the order of the file. No YAML library's type leaks out of it; document.h makes
// it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/source.h"

namespace ddbplan::schema {

struct Entry;

struct Node {
  enum class Kind {
    null,  ///< `a:` or a name alone in `{a, b: 1}`
    scalar,
    list,
    map,
    broken,  ///< was reported as malformed; whoever reads it says nothing more
  };
  Kind kind = Kind::null;
  std::string text;  ///< of a scalar, unquoted and unfolded
  bool quoted = false;
  /// Set by `--set`, or too folded to align: spans inside of it show the whole value.
  bool opaque = false;
  /// Of a map: keys were reported and taken out, so what is not there may have been meant to be.
  bool pruned = false;
  /// Of a scalar: all of it. Of a list or map: its first character. Of a null: its key.
  support::Span span;
  std::vector<Node> items;
  std::vector<Entry> entries;

  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] bool is_list() const { return kind == Kind::list; }
  [[nodiscard]] bool is_map() const { return kind == Kind::map; }
  [[nodiscard]] bool is_null() const { return kind == Kind::null; }
  [[nodiscard]] bool is_broken() const { return kind == Kind::broken; }
  /// The entry of a map with that key; nullptr where there is none.
  [[nodiscard]] const Entry* find(std::string_view key) const;
  [[nodiscard]] Entry* find(std::string_view key);
};

struct Entry {
  std::string key;
  support::Span key_span;
  Node value;
};

/// The place in the source of the bytes [begin, end) of a scalar's text. Quotes, escapes and folded
/// lines are walked, so that a caret inside `"a\tb"` or of a text over two lines stands right.
support::Span span_within(const Node& scalar, std::size_t begin, std::size_t end,
                          const support::SourceText& source);

/// The place in the source right behind a scalar that starts at `begin` and reads as `text`; with
/// quotes, the closing one included. `closed` is false where the closing quote is missing.
struct ScalarEnd {
  std::uint32_t end = 0;
  bool closed = true;
};
ScalarEnd end_of_scalar(std::uint32_t begin, std::string_view text,
                        const support::SourceText& source);

}  // namespace ddbplan::schema
