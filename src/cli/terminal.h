// Standard output and standard error. Results go to the one, messages to the other; colour, width and
// progress depend on whether a person is watching, and can be told: --color, NO_COLOR, FORCE_COLOR, TERM.
#pragma once

#include <string>
#include <string_view>

namespace ddbplan::cli {

enum class ColourMode { automatic, always, never };

struct TerminalOptions {
  ColourMode colour = ColourMode::automatic;
  bool quiet = false;
  bool verbose = false;
};

class Terminal {
 public:
  explicit Terminal(TerminalOptions options = {});

  /// Text of the result, kept until flush so that one write carries it.
  void result(std::string_view text) { pending_ += text; }
  /// "ddbplan: error: no such file". Control characters are shown, not sent.
  void error(std::string_view sentence);
  void warning(std::string_view sentence);
  /// Said unless -q.
  void note(std::string_view sentence);
  /// Said with -v.
  void detail(std::string_view sentence);
  /// Text as it is, already rendered (diagnostics). Said even with -q.
  void message(std::string_view text);

  /// A line that the next one overwrites: only where a person watches standard error. Ends with clear.
  void progress(std::string_view doing);
  void clear_progress();

  /// False when standard output cannot take the result, after saying so. A reader that closed its pipe early
  /// (`| head`) has what it wanted: no error.
  [[nodiscard]] bool flush();

  [[nodiscard]] bool colours_results() const { return colours_results_; }
  [[nodiscard]] bool colours_messages() const { return colours_messages_; }
  [[nodiscard]] bool verbose() const { return options_.verbose; }
  [[nodiscard]] bool quiet() const { return options_.quiet; }
  /// Columns of standard output: the terminal's, or $COLUMNS, or 80.
  [[nodiscard]] int width() const { return width_; }

 private:
  void say(std::string_view kind, std::string_view colour, std::string_view sentence);

  TerminalOptions options_;
  bool colours_results_ = false;
  bool colours_messages_ = false;
  bool shows_progress_ = false;
  bool progress_shown_ = false;
  int width_ = 80;
  std::string pending_;
};

}  // namespace ddbplan::cli
