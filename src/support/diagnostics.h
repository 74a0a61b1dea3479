// What the user did wrong, or should know: collected, never thrown. A stage returns its value (when
// it could make one) and appends to a Diagnostics; the next stage runs only when there are no
// errors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/source.h"

namespace ddbplan::support {

enum class Severity { info, warning, error };

/// A second place that explains the first ("declared here").
struct Note {
  std::string message;
  Span span;
};

/// `code` is "DDB" and three digits; `rule` its readable alias ("unknown-key").
struct Diagnostic {
  std::string code;
  std::string rule;
  Severity severity = Severity::error;
  std::string message;
  Span span;
  std::vector<Note> notes;
  /// One sentence: what to do. Empty when the message says it.
  std::string help;
};

class Diagnostics {
 public:
  void add(Diagnostic diagnostic) { items_.push_back(std::move(diagnostic)); }
  [[nodiscard]] bool has_errors() const;
  [[nodiscard]] std::size_t count(Severity severity) const;
  [[nodiscard]] const std::vector<Diagnostic>& items() const { return items_; }
  [[nodiscard]] bool empty() const { return items_.empty(); }
  /// Source order; equal places keep the order in which they were found; exact repeats are dropped.
  void sort();

 private:
  std::vector<Diagnostic> items_;
};

/// The nearest of `candidates` to `name` by edit distance, if it is near enough to be a slip.
std::optional<std::string> nearest(std::string_view name,
                                   const std::vector<std::string>& candidates);

struct RenderOptions {
  bool colour = false;
};

/// `orders.yaml:12:7: error[DDB104]: message`, the source line, a caret range, notes, help.
std::string render(const Diagnostic& diagnostic, const SourceText& source,
                   const RenderOptions& options = {});
/// All of them, separated by blank lines.
std::string render(const Diagnostics& diagnostics, const SourceText& source,
                   const RenderOptions& options = {});

std::string_view severity_name(Severity severity);

}  // namespace ddbplan::support
