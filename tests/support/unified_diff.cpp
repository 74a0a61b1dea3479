#include "tests/support/unified_diff.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ddbplan::test {
namespace {

constexpr std::size_t kContextLines = 3;
constexpr std::ptrdiff_t kEditDistanceMax = 2000;

/// Lines with their newline; only the last may lack it.
std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto length = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

struct Edit {
  char kind;  ///< ' ' in both, '-' only before, '+' only after
  std::string_view line;
};

using Lines = std::vector<std::string_view>;

/// Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the basic variant: furthest
/// reaching paths per edit distance, kept so that the script can be read backwards.
std::vector<Edit> shortest_script(const Lines& before, const Lines& after) {
  const auto n = static_cast<std::ptrdiff_t>(before.size());
  const auto m = static_cast<std::ptrdiff_t>(after.size());
  const std::ptrdiff_t distance_max = std::min(n + m, kEditDistanceMax);
  const auto at = [](std::ptrdiff_t index) { return static_cast<std::size_t>(index); };

  std::vector<std::ptrdiff_t> reach(at(2 * distance_max + 3), 0);
  const std::ptrdiff_t zero = distance_max + 1;
  std::vector<std::vector<std::ptrdiff_t>> history;
  const auto steps_down = [&](const std::vector<std::ptrdiff_t>& v, std::ptrdiff_t k,
                              std::ptrdiff_t d) {
    return k == -d || (k != d && v[at(zero + k - 1)] < v[at(zero + k + 1)]);
  };

  bool found = false;
  for (std::ptrdiff_t d = 0; d <= distance_max && !found; ++d) {
    history.push_back(reach);
    for (std::ptrdiff_t k = -d; k <= d; k += 2) {
      std::ptrdiff_t x =
          steps_down(reach, k, d) ? reach[at(zero + k + 1)] : reach[at(zero + k - 1)] + 1;
      while (x < n && x - k < m && before[at(x)] == after[at(x - k)]) ++x;
      reach[at(zero + k)] = x;
      if (x >= n && x - k >= m) {
        found = true;
        break;
      }
    }
  }

  std::vector<Edit> script;
  if (!found) {
    for (std::string_view line : before) script.push_back({'-', line});
    for (std::string_view line : after) script.push_back({'+', line});
    return script;
  }

  std::ptrdiff_t x = n;
  std::ptrdiff_t y = m;
  for (auto d = static_cast<std::ptrdiff_t>(history.size()) - 1; d >= 0; --d) {
    const std::vector<std::ptrdiff_t>& v = history[at(d)];
    const std::ptrdiff_t k = x - y;
    const bool down = steps_down(v, k, d);
    const std::ptrdiff_t from_x = d == 0 ? 0 : v[at(zero + (down ? k + 1 : k - 1))];
    const std::ptrdiff_t from_y = d == 0 ? 0 : from_x - (down ? k + 1 : k - 1);
    while (x > from_x && y > from_y) {
      script.push_back({' ', before[at(x - 1)]});
      --x;
      --y;
    }
    if (d == 0) break;
    script.push_back(down ? Edit{'+', after[at(y - 1)]} : Edit{'-', before[at(x - 1)]});
    x = from_x;
    y = from_y;
  }
  std::reverse(script.begin(), script.end());
  return script;
}

/// `start,count` as diff writes it: the count is left out when it is 1, and an empty range names
/// the line before it.
std::string range_text(std::size_t lines_before, std::size_t count) {
  const std::size_t start = count == 0 ? lines_before : lines_before + 1;
  return count == 1 ? std::to_string(start) : std::to_string(start) + "," + std::to_string(count);
}

void append_hunk(std::string& out, const std::vector<Edit>& script, std::size_t first,
                 std::size_t last) {
  const auto count = [&](std::size_t from, std::size_t to, char other) {
    return static_cast<std::size_t>(
        std::count_if(script.begin() + static_cast<std::ptrdiff_t>(from),
                      script.begin() + static_cast<std::ptrdiff_t>(to),
                      [&](const Edit& edit) { return edit.kind == ' ' || edit.kind == other; }));
  };
  out += "@@ -" + range_text(count(0, first, '-'), count(first, last, '-'));
  out += " +" + range_text(count(0, first, '+'), count(first, last, '+')) + " @@\n";
  for (std::size_t i = first; i < last; ++i) {
    out += script[i].kind;
    out += script[i].line;
    if (script[i].line.back() != '\n') out += "\n\\ No newline at end of file\n";
  }
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after,
                         std::string_view before_name, std::string_view after_name) {
  if (before == after) return "";
  const std::vector<Edit> script = shortest_script(split_lines(before), split_lines(after));

  std::string out;
  out += "--- " + std::string(before_name) + "\n";
  out += "+++ " + std::string(after_name) + "\n";
  std::size_t i = 0;
  while (i < script.size()) {
    if (script[i].kind == ' ') {
      ++i;
      continue;
    }
    // Changes share a hunk when their contexts touch.
    const std::size_t first = i - std::min(i, kContextLines);
    std::size_t last_change = i;
    for (std::size_t j = i; j < script.size() && j - last_change <= 2 * kContextLines; ++j) {
      if (script[j].kind != ' ') last_change = j;
    }
    const std::size_t last = std::min(script.size(), last_change + 1 + kContextLines);
    append_hunk(out, script, first, last);
    i = last;
  }
  return out;
}

}  // namespace ddbplan::test
