// Small random workloads with rows: one or two entities of a few attributes, and lists by equalities, a range, an
// order and a limit. The same for the same seed, on every machine.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ddbplan::test {

using Names = std::vector<std::string>;

/// An attribute: how the schema declares it, and how many values it has in the rows here.
struct Column {
  std::string name;
  std::string type;
  int values = 0;  ///< 0: every row has its own
};

/// Values by attribute, whose names are lower-case letters; whole numbers stand for texts and times alike, as both
/// order the same way. No map: this is what the test spends its time in.
class Row {
 public:
  int& operator[](const std::string& name) { return values_[place(name)]; }
  [[nodiscard]] int at(const std::string& name) const { return values_[place(name)]; }

 private:
  static constexpr std::size_t kLetters = 26;
  static std::size_t place(const std::string& name) {
    return static_cast<std::size_t>(name.front() - 'a') % kLetters;
  }
  std::array<int, kLetters> values_{};
};

struct Kind {
  std::string name;
  std::string id;
  std::vector<Column> columns;  ///< the id is the last, whatever it sorts as
  Names updated;                ///< never in a base key
  std::vector<Row> rows;
};

struct DrawnWorkload {
  std::string yaml;
  std::vector<Kind> kinds;  ///< in the order of the entities
};
DrawnWorkload draw_workload(std::uint64_t seed);

}  // namespace ddbplan::test
