// A small tree of scalars, lists and maps that prints as YAML and as JSON: templates come in both and must say
// the same. Maps keep their order. Unlike nlohmann::ordered_json a node may carry a comment, which YAML shows
// above it and JSON leaves out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ddbplan::emit {

class Document {
 public:
  using List = std::vector<Document>;
  using Map = std::vector<std::pair<std::string, Document>>;
  using Value = std::variant<std::string, std::int64_t, bool, List, Map>;

  Document(std::string text) : value_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
  Document(std::string_view text)
      : value_(std::string(text)) {}                         // NOLINT(google-explicit-constructor)
  Document(const char* text) : value_(std::string(text)) {}  // NOLINT(google-explicit-constructor)
  Document(std::int64_t number) : value_(number) {}          // NOLINT(google-explicit-constructor)
  Document(int number) : value_(std::int64_t{number}) {}     // NOLINT(google-explicit-constructor)
  Document(bool flag) : value_(flag) {}                      // NOLINT(google-explicit-constructor)
  static Document list() { return Document(Value(List{})); }
  static Document map() { return Document(Value(Map{})); }

  /// Appends to a list. REQUIRES: this is a list.
  Document& add(Document element);
  /// Appends an entry to a map and returns the map. REQUIRES: this is a map without the key.
  Document& set(std::string key, Document value);
  /// Lines shown above the node in YAML. Control characters in it are shown as \xNN.
  Document& comment(std::vector<std::string> lines);

  [[nodiscard]] const Value& value() const { return value_; }
  [[nodiscard]] const std::vector<std::string>& comment_lines() const { return comment_; }
  [[nodiscard]] bool empty() const;

 private:
  explicit Document(Value value) : value_(std::move(value)) {}

  Value value_;
  std::vector<std::string> comment_;
};

/// Block style, two spaces, a final newline. The same to a YAML 1.1 and a YAML 1.2 reader: text that any of
/// them could take for something else than text is quoted.
std::string to_yaml(const Document& document);
/// Two spaces, a final newline.
std::string to_json(const Document& document);

/// A scalar as YAML block style writes it, quoted if it must be.
std::string yaml_scalar(std::string_view text);

}  // namespace ddbplan::emit
