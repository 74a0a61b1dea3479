#include "tests/support/synthetic.h"

#include <array>
#include <utility>
#include <vector>

#include "support/prng.h"

namespace ddbplan::test {

namespace {

using support::Prng;

struct Kind {
  std::string name;
  std::string id;
  int parent = -1;
  bool is_compound = false;  ///< the parent's id is part of the identity
  bool has_mail = false;
  bool has_states = false;
};

class Author {
 public:
  Author(SyntheticSize size, std::uint64_t seed) : size_(std::move(size)), random_(seed) {}

  std::string write() {
    text_ = "ddbplan: 1\nservice: synthetic\nsettings: {regions: [us-east-1], billing: " +
            size_.billing + "}\nentities:\n";
    for (int i = 0; i < size_.entities; ++i) add_entity(i);
    text_ += "access_patterns:\n";
    for (int i = 0; i < size_.patterns; ++i) {
      // Every entity is created by somebody before others are asked for.
      const int of = i < size_.entities ? i : draw(size_.entities);
      add_pattern(i, kinds_[static_cast<std::size_t>(of)], i < size_.entities);
    }
    return text_;
  }

 private:
  int draw(int below) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(below))); }
  bool chance(int percent) { return draw(100) < percent; }

  void add_entity(int i) {
    Kind kind;
    kind.name = "Kind" + std::to_string(i);
    kind.id = "kind" + std::to_string(i) + "_id";
    if (i > 0 && chance(70)) kind.parent = draw(i);
    kind.is_compound = kind.parent >= 0 && !compound(kind.parent) && chance(40);
    kind.has_mail = chance(25);
    kind.has_states = chance(60);
    std::string line = "  " + kind.name + ": {";
    if (kind.is_compound) {
      line += "id: [" + kinds_[static_cast<std::size_t>(kind.parent)].id + ", " + kind.id + "]";
    } else {
      line += "id: " + kind.id;
    }
    if (kind.parent >= 0 && !compound(kind.parent)) {
      line += ", belongs_to: {" + kinds_[static_cast<std::size_t>(kind.parent)].name + ": " +
              std::to_string(2 + draw(30)) + " .. 3000}";
    } else {
      kind.parent = -1;
      line += ", count: " + std::to_string(1000 + draw(200000));
    }
    if (kind.has_mail) line += ", unique: [mail]";
    line += ", attributes: {" + kind.id + ": ulid of made_at, made_at: timestamp, amount: integer, ";
    line += "title: string " + std::to_string(20 + draw(80)) + " B .. 300 B, ";
    line += "body: string " + std::to_string(50 + draw(1500)) + " B .. 4 KB";
    if (kind.has_mail) line += ", mail: string 24 B";
    if (kind.has_states)
      line += ", status: {states: {OPEN: 5%, HELD: 15%, DONE: 80%}, "
              "moves: [OPEN -> HELD, HELD -> DONE]}";
    text_ += line + "}}\n";
    kinds_.push_back(kind);
  }

  [[nodiscard]] bool compound(int kind) const {
    return kinds_[static_cast<std::size_t>(kind)].is_compound;
  }

  std::string identity(const Kind& kind) const {
    if (!kind.is_compound) return kind.id;
    return "[" + kinds_[static_cast<std::size_t>(kind.parent)].id + ", " + kind.id + "]";
  }

  std::string rate() {
    constexpr std::array<const char*, 6> kRates = {"1/s", "3/s", "10/s", "30/s", "90/s", "0.2/s"};
    return kRates[static_cast<std::size_t>(draw(6))];
  }

  void add_pattern(int number, const Kind& kind, bool creates) {
    const std::string action = creates ? "create: " + kind.name : some_action(kind);
    text_ += "  p" + std::to_string(number) + ": {" + action + ", rate: " + rate() + "}\n";
  }

  std::string some_action(const Kind& kind) {
    const std::string parent =
        kind.parent < 0 ? "" : kinds_[static_cast<std::size_t>(kind.parent)].id;
    const std::string shown = chance(40) ? ", returns: [title]" : "";
    switch (draw(10)) {
      case 0:
        return "get: " + kind.name + ", by: " + identity(kind);
      case 1:
        if (kind.has_mail) return "get: " + kind.name + ", by: mail";
        return "list: " + kind.name + ", by: title, limit: 20" + shown;
      case 2:
        if (!parent.empty())
          return "list: " + kind.name + ", by: " + parent + ", order: made_at desc, limit: 20" + shown;
        return "list: " + kind.name + ", by: title, order: made_at desc, limit: 10" + shown;
      case 3:
        if (kind.has_states)
          return "list: " + kind.name + ", where: status = OPEN, order: made_at asc, limit: 50" + shown;
        return "get: " + kind.name + ", by: " + identity(kind);
      case 4:
        if (!parent.empty() && kind.has_states)
          return "list: " + kind.name + ", by: [" + parent + ", status], order: made_at desc, limit: 20" +
                 shown;
        return "update: " + kind.name + ", by: " + identity(kind) + ", set: [title]";
      case 5:
        if (!parent.empty())
          return "list: " + kind.name + ", by: " + parent + ", order: amount desc, limit: 10" + shown;
        return "list: " + kind.name + ", by: title, order: amount desc, limit: 10" + shown;
      case 6: {
        const std::string child = child_of(kind);
        if (!child.empty() && !kind.is_compound)
          return "get: " + kind.name + ", by: " + identity(kind) + ", with: {" + child +
                 ": {order: made_at desc, limit: 10}}";
        return "get: " + kind.name + ", by: " + identity(kind);
      }
      case 7:
        if (kind.has_states)
          return "update: " + kind.name + ", by: " + identity(kind) + ", move: status OPEN -> HELD";
        return "update: " + kind.name + ", by: " + identity(kind) + ", set: [body]";
      case 8:
        if (!parent.empty() && chance(50))
          return "get: " + kind.name + ", by: " + identity(kind) + ", with: {" + parent + ": [title]}";
        return "update: " + kind.name + ", by: " + identity(kind) + ", set: [title, amount]";
      default:
        return "delete: " + kind.name + ", by: " + identity(kind);
    }
  }

  [[nodiscard]] std::string child_of(const Kind& kind) const {
    for (const Kind& other : kinds_) {
      if (other.parent >= 0 && kinds_[static_cast<std::size_t>(other.parent)].name == kind.name)
        return other.name;
    }
    return {};
  }

  SyntheticSize size_;
  Prng random_;
  std::string text_;
  std::vector<Kind> kinds_;
};

}  // namespace

std::string synthetic_schema(const SyntheticSize& size, std::uint64_t seed) {
  return Author(size, seed).write();
}

}  // namespace ddbplan::test
