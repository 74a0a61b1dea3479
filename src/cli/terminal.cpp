#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "cli/environment.h"
#include "cli/files.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

constexpr int kWidthMin = 40;
constexpr int kWidthMax = 200;
constexpr int kWidthDefault = 80;

bool is_dumb() {
  return environment("TERM") == "dumb";
}

/// What was typed decides; then NO_COLOR (https://no-color.org: any value that is not empty), then
/// FORCE_COLOR, then whether somebody watches.
bool wants_colour(ColourMode mode, int descriptor) {
  if (mode != ColourMode::automatic) return mode == ColourMode::always;
  if (environment("NO_COLOR")) return false;
  if (const auto forced = environment("FORCE_COLOR")) return forced != "0";
  return ::isatty(descriptor) == 1 && !is_dumb();
}

int measured_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const std::string columns = environment("COLUMNS").value_or("");
  int width = 0;
  const auto [end, error] = std::from_chars(columns.data(), columns.data() + columns.size(), width);
  const bool whole = error == std::errc() && end == columns.data() + columns.size();
  return whole && width > 0 ? width : kWidthDefault;
}

}  // namespace

Terminal::Terminal(TerminalOptions options)
    : options_(options),
      colours_results_(wants_colour(options.colour, STDOUT_FILENO)),
      colours_messages_(wants_colour(options.colour, STDERR_FILENO)),
      shows_progress_(!options.quiet && ::isatty(STDERR_FILENO) == 1 && !is_dumb()),
      width_(std::clamp(measured_width(), kWidthMin, kWidthMax)) {}

void Terminal::say(std::string_view kind, std::string_view colour, std::string_view sentence) {
  clear_progress();
  const std::string label =
      colours_messages_ ? fmt::format("\x1b[{}m{}\x1b[0m", colour, kind) : std::string(kind);
  const std::string line =
      fmt::format("ddbplan: {}: {}\n", label, support::escape_for_terminal(sentence));
  write_all(STDERR_FILENO, line);
}

void Terminal::error(std::string_view sentence) {
  say("error", "1;31", sentence);
}

void Terminal::warning(std::string_view sentence) {
  say("warning", "1;33", sentence);
}

void Terminal::note(std::string_view sentence) {
  if (!options_.quiet) say("note", "1;36", sentence);
}

void Terminal::detail(std::string_view sentence) {
  if (options_.verbose) say("detail", "1;36", sentence);
}

void Terminal::message(std::string_view text) {
  clear_progress();
  write_all(STDERR_FILENO, text);
}

void Terminal::progress(std::string_view doing) {
  if (!shows_progress_) return;
  write_all(STDERR_FILENO, fmt::format("\r\x1b[K{} ...", doing));
  progress_shown_ = true;
}

void Terminal::clear_progress() {
  if (!progress_shown_) return;
  write_all(STDERR_FILENO, "\r\x1b[K");
  progress_shown_ = false;
}

bool Terminal::flush() {
  clear_progress();
  const std::string text = std::move(pending_);
  pending_.clear();
  if (write_all(STDOUT_FILENO, text) || errno == EPIPE) return true;
  error(fmt::format("cannot write to standard output: {}", std::strerror(errno)));
  return false;
}

}  // namespace ddbplan::cli
