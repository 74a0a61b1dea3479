#include "schema/document.h"

#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "schema/codes.h"
#include "support/text.h"
#include "support/units.h"
#include "support/utf8.h"

namespace ddbplan::schema {
namespace {

using support::Diagnostics;
using support::SourceText;
using support::Span;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Ends the walk from inside an event; what is wrong is already in it.
struct Refused {
  support::Diagnostic diagnostic;
};

/// Builds the tree from events. The event interface, not YAML::Node, because aliases then arrive as
/// aliases (so that their expansion can be counted), duplicate keys are seen, and marks are those
/// of the use.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceText& source, Diagnostics& diagnostics)
      : source_(source), diagnostics_(diagnostics) {
    mark_shift_ = source.text().substr(0, 3) == kByteOrderMark ? 3 : 0;
  }

  [[nodiscard]] Node take_root() { return std::move(root_); }
  [[nodiscard]] bool has_root() const { return has_root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (has_root_) {
      refuse(Code::not_yaml, {begin_of(mark), begin_of(mark) + 1}, "a second document begins here",
             "Write one schema per file; remove the `---`.");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.span = {begin_of(mark), begin_of(mark)};
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    const Span span{begin_of(mark), begin_of(mark) + 1};
    if (found == anchors_.end()) {
      refuse(Code::not_yaml, span, "this alias stands inside the value that it names",
             "A value cannot contain itself.");
    }
    count_nodes(found->second.nodes, found->second.bytes, span);
    if (depth() + found->second.depth > kDepthMax) refuse_depth(span);
    Node copy = found->second.node;
    // The copy keeps the spans of its anchor: that is the text to change.
    add(std::move(copy), YAML::NullAnchor, true);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const std::uint32_t begin = begin_of(mark);
    if (value.size() > kScalarBytesMax) {
      refuse(
          Code::too_large, {begin, begin + 1},
          fmt::format("this text has {} bytes; the most that a schema may hold in one value is {}",
                      support::format_grouped(static_cast<std::int64_t>(value.size())),
                      support::format_grouped(static_cast<std::int64_t>(kScalarBytesMax))),
          "Look for a quote that is not closed.");
    }
    Node node;
    node.kind = Node::Kind::scalar;
    node.text = value;
    const char first = begin < source_.text().size() ? source_.text()[begin] : '\0';
    node.quoted = tag == "!";
    if (first == '|' || first == '>') {
      node.opaque = true;
      node.span = {begin, begin + 1};
    } else {
      const ScalarEnd end = end_of_scalar(begin, value, source_);
      node.span = {begin, end.end};
      if (!end.closed) {
        refuse(Code::not_yaml, {begin, begin + 1}, "this quote is not closed",
               "Close it where the text ends.");
      }
    }
    add(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Node node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    /// Of a map: the key whose value comes next.
    std::optional<Entry> pending;
    bool duplicate = false;
    /// Of a map: where each key was first written. Node::find would be quadratic for hostile maps.
    std::map<std::string, Span, std::less<>> keys;
  };
  struct Anchored {
    Node node;
    std::size_t nodes = 0;
    std::size_t bytes = 0;
    int depth = 0;
  };

  [[nodiscard]] std::uint32_t begin_of(const YAML::Mark& mark) const {
    // yaml-cpp swallows a byte order mark without counting it.
    const int column = mark.line == 0 ? mark.column + mark_shift_ : mark.column;
    return source_.offset(mark.line, column);
  }

  [[nodiscard]] int depth() const { return static_cast<int>(levels_.size()); }

  [[noreturn]] static void refuse(Code code, Span span, std::string message, std::string help) {
    throw Refused{finding(code, span, std::move(message), std::move(help))};
  }
  [[noreturn]] static void refuse_depth(Span span) {
    refuse(Code::too_large, span,
           fmt::format("lists and maps are nested more than {} deep here", kDepthMax),
           "No part of a schema needs that; look for a bracket that is not closed.");
  }

  void count_nodes(std::size_t nodes, std::size_t bytes, Span span) {
    nodes_ += nodes;
    bytes_ += bytes;
    if (nodes_ > kNodesMax || bytes_ > 2 * kFileBytesMax) {
      refuse(Code::too_large, span,
             fmt::format("this schema has more than {} values, counting what aliases repeat",
                         support::format_grouped(static_cast<std::int64_t>(kNodesMax))),
             "Split the schema, or write out what `*` repeats.");
    }
  }

  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    const std::uint32_t begin = begin_of(mark);
    if (depth() >= kDepthMax) refuse_depth({begin, begin + 1});
    Level level;
    level.node.kind = kind;
    level.node.span = {begin, begin + 1};
    level.anchor = anchor;
    levels_.push_back(std::move(level));
  }

  void close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    add(std::move(level.node), level.anchor);
  }

  static void measure(const Node& node, Anchored& sum, int depth) {
    ++sum.nodes;
    sum.bytes += node.text.size();
    sum.depth = std::max(sum.depth, depth);
    for (const Node& item : node.items) measure(item, sum, depth + 1);
    for (const Entry& entry : node.entries) {
      sum.bytes += entry.key.size();
      measure(entry.value, sum, depth + 1);
    }
  }

  void add(Node node, YAML::anchor_t anchor, bool counted = false) {
    if (!counted) count_nodes(1, node.text.size(), node.span);
    if (anchor != YAML::NullAnchor) {
      Anchored anchored;
      measure(node, anchored, 1);
      anchored.node = node;
      // Anchors inside anchors are copied again, so keeping them counts like using them.
      count_nodes(anchored.nodes, anchored.bytes, node.span);
      anchors_[anchor] = std::move(anchored);
    }
    if (levels_.empty()) {
      root_ = std::move(node);
      has_root_ = true;
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == Node::Kind::list) {
      level.node.items.push_back(std::move(node));
    } else if (!level.pending) {
      set_key(level, std::move(node));
    } else {
      set_value(level, std::move(node));
    }
  }

  void set_key(Level& level, Node node) {
    if (!node.is_scalar()) {
      refuse(Code::not_yaml, {node.span.begin, node.span.begin + 1},
             node.is_null() ? "a key is missing here" : "a key must be a word, not a list or a map",
             "Write `key: value`.");
    }
    const auto [first, is_new] = level.keys.try_emplace(node.text, node.span);
    level.duplicate = !is_new;
    if (!is_new) {
      support::Diagnostic diagnostic = finding(
          Code::duplicate_key, node.span, fmt::format("`{}` stands twice in this map", node.text),
          "Keep one of them; the first is read, the second is not.");
      diagnostic.notes.push_back({"first written here", first->second});
      diagnostics_.add(std::move(diagnostic));
    }
    level.pending = Entry{std::move(node.text), node.span, Node{}};
  }

  static void set_value(Level& level, Node node) {
    // The mark of an empty value is the next token's: show the key instead.
    if (node.is_null()) node.span = level.pending->key_span;
    level.pending->value = std::move(node);
    if (!level.duplicate) level.node.entries.push_back(std::move(*level.pending));
    level.pending.reset();
  }

  const SourceText& source_;
  Diagnostics& diagnostics_;
  int mark_shift_ = 0;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
  Node root_;
  bool has_root_ = false;
};

/// What to do about yaml-cpp's terser messages.
std::string help_for(std::string_view message) {
  if (message.find("end of map flow") != std::string_view::npos) return "Close the `{` with a `}`.";
  if (message.find("end of sequence flow") != std::string_view::npos)
    return "Close the `[` with a `]`.";
  if (message.find("illegal map value") != std::string_view::npos) {
    return "A `: ` inside a value starts a new key: put the value in quotes, or check the "
           "indentation.";
  }
  if (message.find("end of map not found") != std::string_view::npos ||
      message.find("end of sequence not found") != std::string_view::npos) {
    return "Check the indentation of this line against the lines above.";
  }
  if (message.find("unknown token") != std::string_view::npos) {
    return "A value cannot begin with this character: put it in quotes. Tabs do not indent in "
           "YAML.";
  }
  return {};
}

std::optional<support::Diagnostic> refuse_bytes(const SourceText& source) {
  const std::string_view text = source.text();
  if (text.size() > kFileBytesMax) {
    return finding(Code::too_large, {0, 0},
                   fmt::format("the file is larger than {} MB", kFileBytesMax / 1024 / 1024),
                   "A schema describes rows, it does not hold them: is this the right file?");
  }
  if (text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF") {
    return finding(Code::not_yaml, {0, 1}, "the file is UTF-16, not UTF-8", "Save it as UTF-8.");
  }
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const Span span{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + 1)};
    if (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') {
      return finding(Code::not_yaml, span,
                     fmt::format("the byte {:#04x} does not belong in a text file", byte),
                     "Is this the right file? A schema is YAML in UTF-8.");
    }
    if (byte < 0x80) {
      ++at;
      continue;
    }
    const support::CodePoint point = support::decode_code_point(text.substr(at));
    if (!point.valid) {
      return finding(Code::not_yaml, span, fmt::format("the byte {:#04x} is not UTF-8", byte),
                     "Save the file as UTF-8.");
    }
    at += point.length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Node> read_document(const SourceText& source, Diagnostics& diagnostics) {
  if (std::optional<support::Diagnostic> refused = refuse_bytes(source)) {
    diagnostics.add(std::move(*refused));
    return std::nullopt;
  }
  const std::size_t errors_before = diagnostics.count(support::Severity::error);
  TreeBuilder builder(source, diagnostics);
  try {
    std::istringstream stream{std::string(source.text())};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (Refused& refused) {
    diagnostics.add(std::move(refused.diagnostic));
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    const int shift = error.mark.line == 0 && source.text().substr(0, 3) == kByteOrderMark ? 3 : 0;
    const std::uint32_t at = source.offset(error.mark.line, error.mark.column + shift);
    diagnostics.add(finding(Code::not_yaml, {at, at + 1}, "this is not YAML: " + error.msg,
                            help_for(error.msg)));
    return std::nullopt;
  }
  if (!builder.has_root() || diagnostics.count(support::Severity::error) > errors_before) {
    if (!builder.has_root()) {
      diagnostics.add(finding(Code::not_yaml, {0, 0}, "the file holds no schema",
                              "Begin with `ddbplan: 1`; `ddbplan init` writes a small one."));
      return std::nullopt;
    }
  }
  return builder.take_root();
}

support::Result<Node, std::string> read_value(std::string_view text) {
  // As the value of a key, so that exactly what a file may hold behind a colon is accepted.
  const SourceText source("value", "value: " + std::string(text) + "\n");
  Diagnostics diagnostics;
  std::optional<Node> root = read_document(source, diagnostics);
  if (!diagnostics.empty()) return diagnostics.items().front().message;
  if (!root || !root->is_map() || root->entries.size() != 1)
    return std::string("this is not one YAML value");
  return std::move(root->entries.front().value);
}

}  // namespace ddbplan::schema
