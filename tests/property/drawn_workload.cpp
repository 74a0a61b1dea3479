#include "tests/property/drawn_workload.h"

#include <algorithm>
#include <array>
#include <optional>

#include "support/prng.h"

namespace ddbplan::test {

namespace {

class Author {
 public:
  explicit Author(std::uint64_t seed) : random_(seed) {}

  std::string write() {
    const int kinds = 1 + draw(2);
    std::string text =
        "ddbplan: 1\nservice: drawn\nsettings: {regions: [us-east-1], billing: "
        "on-demand}\nentities:\n";
    for (int k = 0; k < kinds; ++k) text += declare(k);
    text += "access_patterns:\n";
    int reads = 1 + draw(4);
    for (Kind& kind : kinds_) {
      text += "  make_" + kind.name + ": {create: " + kind.name + ", rate: " + rate() + "}\n";
      if (chance(50)) text += update(kind);
    }
    for (int r = 0; r < reads; ++r) text += read(r, kinds_[static_cast<std::size_t>(draw(kinds))]);
    return text;
  }

  [[nodiscard]] const std::vector<Kind>& kinds() const { return kinds_; }

 private:
  int draw(int below) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(below))); }
  bool chance(int percent) { return draw(100) < percent; }
  std::string rate() {
    constexpr std::array<const char*, 5> kRates = {"0.2/s", "1/s", "3/s", "10/s", "30/s"};
    return kRates[static_cast<std::size_t>(draw(5))];
  }

  std::string declare(int number) {
    constexpr std::array<std::array<const char*, 5>, 2> kLetters = {
        {{"a", "b", "n", "t", "s"}, {"c", "d", "m", "u", "v"}}};
    Kind kind;
    kind.name = number == 0 ? "P" : "Q";
    kind.id = number == 0 ? "i" : "j";
    const auto& letters = kLetters[static_cast<std::size_t>(number)];
    std::string text = "  " + kind.name + ": {id: " + kind.id +
                       ", count: " + std::to_string(2000 + draw(60000)) + ", attributes: {";
    const auto add = [&](const std::string& name, const std::string& type, int values) {
      kind.columns.push_back({name, type, values});
      text += name + ": " + type + ", ";
    };
    add(letters[0], "{type: string 6 B, distinct: " + std::to_string(20 + draw(500)) + "}", 3);
    if (chance(60))
      add(letters[1], "{type: string 5 B, distinct: " + std::to_string(3 + draw(60)) + "}", 3);
    if (chance(50)) add(letters[2], "integer", 5);
    const bool has_time = chance(70);
    if (has_time) add(letters[3], "timestamp", 6);
    if (chance(40)) add(letters[4], "{one_of: {X: 10%, Y: 30%, Z: 60%}}", 3);
    const bool sorts = has_time && chance(50);
    text += kind.id + ": " + (sorts ? std::string("ulid of ") + letters[3] : "uuid");
    text += ", x: string " + std::to_string(20 + draw(700)) + " B}}\n";
    fill(kind, sorts ? letters[3] : "");
    kinds_.push_back(std::move(kind));
    return text;
  }

  void fill(Kind& kind, const std::string& id_sorts_as) {
    kind.columns.push_back({kind.id, "", 0});
    constexpr int kRows = 400;
    Names order(kRows);
    for (int r = 0; r < kRows; ++r) {
      Row row;
      for (const Column& column : kind.columns) {
        if (column.values > 0) row[column.name] = draw(column.values);
      }
      const int first = id_sorts_as.empty() ? draw(1000) : row[id_sorts_as];
      row[kind.id] = first * kRows + r;
      kind.rows.push_back(row);
    }
  }

  std::string update(Kind& kind) {
    // The id stays; so does what it sorts as.
    const Column& column =
        kind.columns[static_cast<std::size_t>(draw(static_cast<int>(kind.columns.size()) - 1))];
    if (column.type == "timestamp") return {};
    kind.updated.push_back(column.name);
    return "  set_" + kind.name + ": {update: " + kind.name + ", by: " + kind.id + ", set: [" +
           column.name + "], rate: " + rate() + "}\n";
  }

  std::string read(int number, const Kind& kind) {
    std::vector<Column> left = kind.columns;
    const auto take = [&](const auto& fits) -> std::optional<Column> {
      std::vector<std::size_t> places;
      for (std::size_t i = 0; i < left.size(); ++i) {
        if (fits(left[i])) places.push_back(i);
      }
      if (places.empty()) return std::nullopt;
      const std::size_t at =
          places[static_cast<std::size_t>(draw(static_cast<int>(places.size())))];
      Column out = left[at];
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(at));
      return out;
    };
    const auto is_state = [](const Column& c) { return c.type.starts_with("{one_of"); };
    const auto is_value = [&](const Column& c) { return c.values > 0 && !is_state(c); };
    // Nobody asks for all rows of one instant.
    const auto is_equal = [&](const Column& c) { return is_value(c) && c.type != "timestamp"; };
    std::string text = "  read_" + std::to_string(number) + ": {list: " + kind.name;
    Names by;
    const int equalities = chance(15) ? 0 : 1 + draw(2);
    for (int e = 0; e < equalities; ++e) {
      if (const auto column = take(is_equal)) by.push_back(column->name);
    }
    std::string where;
    if (chance(35)) {
      if (const auto column = take(is_state))
        where = column->name + " = " + (chance(50) ? "X" : "Y");
    }
    if (by.empty() && where.empty()) by.push_back(kind.columns.front().name);
    std::erase_if(left, [&](const Column& c) { return !by.empty() && c.name == by.front(); });
    if (!by.empty()) text += ", by: [" + join(by) + "]";
    if (!where.empty()) text += ", where: " + where;
    if (chance(40)) {
      if (const auto column = take([&](const Column& c) {
            return is_value(c) && !c.type.empty() && c.type[0] != '{';
          })) {
        constexpr std::array<const char*, 4> kRanges = {"", " > :low", " <= :high", " >= :low"};
        text += ", range: " + column->name + kRanges[static_cast<std::size_t>(draw(4))];
        if (chance(60)) text += ", order: " + column->name + (chance(50) ? " desc" : " asc");
      }
    } else if (chance(60)) {
      if (const auto first = take([](const Column& c) { return c.values > 4; })) {
        const std::string way = chance(50) ? " desc" : " asc";
        text += ", order: [" + first->name + way;
        if (chance(30)) {
          if (const auto second = take(is_value))
            text += ", " + second->name + (chance(75) ? way : (way == " asc" ? " desc" : " asc"));
        }
        text += "]";
      }
    }
    text += ", limit: " + std::to_string(5 + draw(30));
    if (chance(40)) text += ", returns: [" + kind.columns.front().name + "]";
    return text + ", rate: " + rate() + "}\n";
  }

  static std::string join(const Names& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
  }

  support::Prng random_;
  std::vector<Kind> kinds_;
};

}  // namespace

DrawnWorkload draw_workload(std::uint64_t seed) {
  Author author(seed);
  DrawnWorkload out;
  out.yaml = author.write();
  out.kinds = author.kinds();
  return out;
}

}  // namespace ddbplan::test
