// The text of a linear program in the making: objective, rows, columns, in the order in which they come.
#pragma once

#include <cctype>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/units.h"

namespace ddbplan::plan {

/// What names may hold in the format, whatever the schema calls things.
inline std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' ? c : '_';
  return out;
}

inline std::string number(double value) {
  std::string text = support::format_number(value, 9);
  return text;
}

/// Gives every name once.
class Names {
 public:
  std::string unique(std::string name) {
    if (name.size() > 200) name.resize(200);
    const int count = ++used_[name];
    return count == 1 ? name : name + "_" + std::to_string(count);
  }

 private:
  std::map<std::string, int> used_;
};

/// The sections of the file.
class Program {
 public:
  void charge(const std::string& column, double dollars) {
    if (std::abs(dollars) >= 1e-9) objective_.emplace_back(column, dollars);
  }
  using Terms = std::vector<std::pair<double, std::string>>;
  void row(const std::string& name, const Terms& terms, const char* sense, double right) {
    if (terms.empty()) return;
    std::string line = " " + plain(name) + ":";
    std::size_t width = line.size();
    for (const auto& [factor, column] : terms) {
      std::string term = factor < 0 ? " - " : " + ";
      if (std::abs(factor) != 1) term += number(std::abs(factor)) + " ";
      term += column;
      if (width + term.size() > 120) {
        line += "\n  ";
        width = 2;
      }
      line += term;
      width += term.size();
    }
    rows_ += line + " " + sense + " " + number(right) + "\n";
  }
  void binary(const std::string& column) { binaries_.push_back(column); }
  void integer(const std::string& column) { integers_.push_back(column); }
  void comment(const std::string& text) { comments_ += "\\ " + text + "\n"; }

  [[nodiscard]] std::string text() const {
    std::string out = comments_ + "Minimize\n dollars_a_month:";
    for (const auto& [column, dollars] : objective_)
      out += "\n  " + std::string(dollars < 0 ? "- " : "+ ") + number(std::abs(dollars)) + " " +
             column;
    out += "\nSubject To\n" + rows_ + "Bounds\n constant = 1\n";
    if (!integers_.empty()) out += "General\n" + list(integers_);
    return out + "Binary\n" + list(binaries_) + "End\n";
  }

 private:
  static std::string list(const std::vector<std::string>& columns) {
    std::string out;
    for (const std::string& column : columns) out += " " + column + "\n";
    return out;
  }

  std::string comments_;
  std::vector<std::pair<std::string, double>> objective_;
  std::string rows_;
  std::vector<std::string> binaries_;
  std::vector<std::string> integers_;
};

}  // namespace ddbplan::plan
