#include "schema/expression_syntax.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "support/diagnostics.h"

namespace ddbplan::schema {
namespace {

/// Parentheses, `not` and chains of operators count; nobody writes ten.
constexpr int kNestingMax = 40;
constexpr std::size_t kTextMax = 4096;

constexpr std::array<std::string_view, 6> kCompareOperators = {"!=", "<=", ">=", "=", "<", ">"};

bool is_reserved(std::string_view word) {
  constexpr std::array<std::string_view, 9> kReserved = {
      "and", "or", "not", "between", "begins_with", "contains", "to", "last", "now"};
  for (const std::string_view reserved : kReserved) {
    if (word == reserved) return true;
  }
  return false;
}

bool is_time_unit(std::string_view word) {
  constexpr std::array<std::string_view, 7> kUnits = {"second", "minute", "hour", "day",
                                                      "week",   "month",  "year"};
  for (const std::string_view unit : kUnits) {
    if (word == unit) return true;
  }
  return false;
}

/// Recursive descent, one function per level of binding. The first error ends it: what follows
/// would only be noise about the same slip.
class Parser {
 public:
  explicit Parser(std::string_view text) : cursor_(text) {}

  Parsed<Syntax> condition() {
    Parsed<Syntax> result = disjunction();
    return finish(std::move(result));
  }

  Parsed<Syntax> range() {
    Parsed<Syntax> left = name();
    if (!left) return left;
    if (cursor_.at_end()) return left;
    return finish(comparison(std::move(*left)));
  }

  Parsed<Syntax> value() { return finish(sum()); }

 private:
  class Depth {
   public:
    explicit Depth(int& depth) : depth_(depth) { ++depth_; }
    ~Depth() { --depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;

   private:
    int& depth_;
  };

  Parsed<Syntax> finish(Parsed<Syntax> result) {
    if (!result || cursor_.at_end()) return result;
    const std::string_view token = cursor_.next_token();
    if (token == "&&" || token == "||") {
      return cursor_.error_here(fmt::format("`{}` is not an operator here", token),
                                fmt::format("Write `{}`.", token == "&&" ? "and" : "or"));
    }
    return cursor_.error_here(fmt::format("`{}` was not expected here", token),
                              "Conditions are joined with `and` and `or`.");
  }

  Parsed<Syntax> too_deep() { return cursor_.error_here("this expression is nested too deeply"); }

  Parsed<Syntax> chain(Syntax::Kind kind, std::string_view word, Parsed<Syntax> (Parser::*next)()) {
    const Depth depth(depth_);
    if (depth_ > kNestingMax) return too_deep();
    Parsed<Syntax> first = (this->*next)();
    if (!first || cursor_.peek_name() != word) return first;
    Syntax node;
    node.kind = kind;
    node.begin = first->begin;
    node.children.push_back(std::move(*first));
    while (cursor_.accept_word(word)) {
      Parsed<Syntax> term = (this->*next)();
      if (!term) return term;
      node.children.push_back(std::move(*term));
    }
    node.end = cursor_.position();
    return node;
  }

  Parsed<Syntax> disjunction() {
    return chain(Syntax::Kind::disjunction, "or", &Parser::conjunction);
  }
  Parsed<Syntax> conjunction() {
    return chain(Syntax::Kind::conjunction, "and", &Parser::negation);
  }

  Parsed<Syntax> negation() {
    const Depth depth(depth_);
    if (depth_ > kNestingMax) return too_deep();
    cursor_.skip_blanks();
    const std::size_t begin = cursor_.position();
    if (!cursor_.accept_word("not")) return predicate();
    Parsed<Syntax> term = negation();
    if (!term) return term;
    return wrap(Syntax::Kind::negation, begin, std::move(*term));
  }

  Parsed<Syntax> predicate() {
    cursor_.skip_blanks();
    const std::size_t begin = cursor_.position();
    if (cursor_.peek() == '(') {
      // Either a condition or an operand in parentheses: `(a = 1 or b = 2)`, `(a + 1) > 2`.
      cursor_.accept("(");
      Parsed<Syntax> inner = disjunction();
      if (inner && cursor_.peek() != ')') return cursor_.error_here("`)` is missing here");
      if (inner) {
        cursor_.accept(")");
        const std::string after = cursor_.peek_name();
        const bool ends =
            cursor_.at_end() || cursor_.peek() == ')' || after == "and" || after == "or";
        if (ends) return inner;
      } else if (!is_operand_in_parentheses(begin)) {
        return inner;
      }
      cursor_.rewind(begin);
      Parsed<Syntax> left = sum();
      if (!left) return left;
      return comparison(std::move(*left));
    }
    const std::string word = cursor_.peek_name();
    if ((word == "exists" || word == "missing") && is_call(word)) return existence(word);
    Parsed<Syntax> left = sum();
    if (!left) return left;
    if (left->kind == Syntax::Kind::name && ends_condition()) {
      // A boolean attribute alone: `archived`, `not archived`.
      Syntax yes;
      yes.text = "true";
      yes.begin = left->begin;
      yes.end = left->end;
      Syntax node;
      node.kind = Syntax::Kind::compare;
      node.text = "=";
      node.begin = left->begin;
      node.end = left->end;
      node.children.push_back(std::move(*left));
      node.children.push_back(std::move(yes));
      return node;
    }
    return comparison(std::move(*left));
  }

  /// A comparison operator behind the matching parenthesis shows that the parentheses hold an
  /// operand.
  bool is_operand_in_parentheses(std::size_t open) {
    const std::string_view text = cursor_.text();
    int depth = 0;
    for (std::size_t at = open; at < text.size(); ++at) {
      if (text[at] == '(') ++depth;
      if (text[at] == ')' && --depth == 0) {
        Cursor after(text);
        after.rewind(at + 1);
        const char next = after.peek();
        return next == '<' || next == '>' || next == '=' || next == '!' || next == '+' ||
               next == '-' || next == '*' || next == '/';
      }
    }
    return false;
  }

  bool ends_condition() {
    if (cursor_.at_end() || cursor_.peek() == ')') return true;
    const std::string word = cursor_.peek_name();
    return word == "and" || word == "or";
  }

  bool is_call(std::string_view word) {
    const std::size_t before = cursor_.position();
    cursor_.accept_word(word);
    const bool result = cursor_.peek() == '(';
    cursor_.rewind(before);
    return result;
  }

  Parsed<Syntax> existence(const std::string& word) {
    const std::size_t begin = cursor_.position();
    cursor_.accept_word(word);
    Parsed<Syntax> inner = call_argument(word);
    if (!inner) return inner;
    return wrap(word == "exists" ? Syntax::Kind::exists : Syntax::Kind::missing, begin,
                std::move(*inner));
  }

  Parsed<Syntax> call_argument(const std::string& word) {
    cursor_.accept("(");
    Parsed<Syntax> inner = name();
    if (!inner) return inner;
    if (!cursor_.accept(")")) {
      return cursor_.error_here(fmt::format("`)` is missing after `{}({}`", word, inner->text));
    }
    return inner;
  }

  Parsed<Syntax> comparison(Syntax left) {
    Syntax node;
    node.begin = left.begin;
    if (cursor_.accept_word("between")) {
      node.kind = Syntax::Kind::between;
      Parsed<Syntax> low = sum();
      if (!low) return low;
      if (!cursor_.accept_word("and")) {
        return cursor_.error_here("`and` is missing after the lower bound",
                                  "Write `between :from and :to`; both bounds are included.");
      }
      Parsed<Syntax> high = sum();
      if (!high) return high;
      node.children.push_back(std::move(left));
      node.children.push_back(std::move(*low));
      node.children.push_back(std::move(*high));
      node.end = cursor_.position();
      return node;
    }
    if (cursor_.peek_name() == "begins_with" || cursor_.peek_name() == "contains") {
      const std::string word = *cursor_.name();
      node.kind = word == "contains" ? Syntax::Kind::contains : Syntax::Kind::begins_with;
      return on_attribute(std::move(node), std::move(left), word);
    }
    if (cursor_.accept_word("last")) return last(std::move(node), std::move(left));
    for (const std::string_view op : kCompareOperators) {
      if (cursor_.accept(op)) return compare(std::move(node), std::move(left), op);
    }
    return comparison_expected();
  }

  Parsed<Syntax> comparison_expected() {
    const std::string_view token = cursor_.next_token();
    if (token.substr(0, 2) == "==") return cursor_.error_here("`==` is written `=` here");
    if (token == "in") {
      return cursor_.error_here("`in` is not an operator here",
                                "Write the alternatives as `= A | B`.");
    }
    if (token == "<>") return cursor_.error_here("`<>` is written `!=` here");
    std::string help =
        "Comparisons are = != < <= > >=, between, begins_with and contains; `exists(…)` and "
        "`missing(…)` ask whether it is there.";
    if (const auto near =
            support::nearest(token, {"between", "begins_with", "contains", "last", "and", "or"})) {
      help = fmt::format("Did you mean `{}`?", *near);
    }
    return cursor_.error_here(
        token.empty() ? "a comparison is missing at the end"
                      : fmt::format("a comparison is expected here, `{}` was found", token),
        std::move(help));
  }

  Parsed<Syntax> on_attribute(Syntax node, Syntax left, const std::string& word) {
    if (left.kind != Syntax::Kind::name) {
      return ValueError{
          left.begin, left.end, fmt::format("`{}` needs an attribute on its left", word), {}};
    }
    Parsed<Syntax> right = sum();
    if (!right) return right;
    node.children.push_back(std::move(left));
    node.children.push_back(std::move(*right));
    node.end = cursor_.position();
    return node;
  }

  Parsed<Syntax> last(Syntax node, Syntax left) {
    if (left.kind != Syntax::Kind::name) {
      return ValueError{left.begin, left.end, "`last` needs an attribute on its left", {}};
    }
    const Parsed<GivenDuration> duration = read_duration(cursor_);
    if (!duration) return duration.error();
    node.kind = Syntax::Kind::last;
    node.duration = *duration;
    node.children.push_back(std::move(left));
    node.end = cursor_.position();
    return node;
  }

  Parsed<Syntax> compare(Syntax node, Syntax left, std::string_view op) {
    if (op == "=" && cursor_.rest().substr(0, 1) == "=") {
      return ValueError{
          cursor_.position() - 1, cursor_.position() + 1, "`==` is written `=` here", {}};
    }
    if (op == "<" && cursor_.rest().substr(0, 1) == ">") {
      return ValueError{
          cursor_.position() - 1, cursor_.position() + 1, "`<>` is written `!=` here", {}};
    }
    Parsed<Syntax> right = sum();
    if (!right) return right;
    if (cursor_.peek() != '|') {
      node.kind = Syntax::Kind::compare;
      node.text = op;
      node.children.push_back(std::move(left));
      node.children.push_back(std::move(*right));
      node.end = cursor_.position();
      return node;
    }
    if (op != "=" || left.kind != Syntax::Kind::name) {
      return cursor_.error_here("alternatives with `|` stand only after `ATTRIBUTE =`");
    }
    node.kind = Syntax::Kind::one_of;
    node.children.push_back(std::move(left));
    node.children.push_back(std::move(*right));
    while (cursor_.accept("|")) {
      Parsed<Syntax> alternative = primary();
      if (!alternative) return alternative;
      node.children.push_back(std::move(*alternative));
    }
    node.end = cursor_.position();
    return node;
  }

  Parsed<Syntax> sum() {
    const Depth depth(depth_);
    if (depth_ > kNestingMax) return too_deep();
    return left_associative("+-", &Parser::product);
  }
  Parsed<Syntax> product() { return left_associative("*/", &Parser::truncation); }

  Parsed<Syntax> left_associative(std::string_view operators, Parsed<Syntax> (Parser::*next)()) {
    Parsed<Syntax> left = (this->*next)();
    int operators_seen = 0;
    while (left && operators.find(cursor_.peek()) != std::string_view::npos &&
           cursor_.peek() != '\0') {
      // The tree leans left, so a long chain is a deep tree.
      if (++operators_seen > kNestingMax) return too_deep();
      const std::string op(1, cursor_.peek());
      cursor_.accept(op);
      Parsed<Syntax> right = (this->*next)();
      if (!right) return right;
      Syntax node;
      node.kind = Syntax::Kind::arithmetic;
      node.text = op;
      node.begin = left->begin;
      node.children.push_back(std::move(*left));
      node.children.push_back(std::move(*right));
      node.end = cursor_.position();
      left = Parsed<Syntax>(std::move(node));
    }
    return left;
  }

  Parsed<Syntax> truncation() {
    Parsed<Syntax> operand = primary();
    if (!operand || !cursor_.accept_word("to")) return operand;
    const std::string unit = cursor_.peek_name();
    if (!is_time_unit(unit)) {
      return cursor_.error_here("a unit of time is expected after `to`",
                                "Write second, minute, hour, day, week, month or year.");
    }
    static_cast<void>(cursor_.name());
    Syntax node = wrap(Syntax::Kind::truncate, operand->begin, std::move(*operand));
    node.text = unit;
    return node;
  }

  Parsed<Syntax> primary() {
    const char next = cursor_.peek();
    const std::size_t begin = cursor_.position();
    if (next == ':') return parameter(begin);
    if (next == '\'') return quoted(begin);
    if (is_digit(next) ||
        (next == '-' && cursor_.rest().size() > 1 && is_digit(cursor_.rest()[1]))) {
      return number(begin);
    }
    if (next == '(') {
      cursor_.accept("(");
      Parsed<Syntax> inner = sum();
      if (!inner) return inner;
      if (!cursor_.accept(")")) return cursor_.error_here("`)` is missing here");
      return inner;
    }
    if (cursor_.peek_name() == "now") {
      cursor_.accept_word("now");
      return leaf(Syntax::Kind::now, "now", begin);
    }
    if (cursor_.peek_name() == "size" && is_call("size")) {
      cursor_.accept_word("size");
      Parsed<Syntax> inner = call_argument("size");
      if (!inner) return inner;
      return wrap(Syntax::Kind::size, begin, std::move(*inner));
    }
    return name();
  }

  Parsed<Syntax> parameter(std::size_t begin) {
    cursor_.accept(":");
    const std::size_t colon = cursor_.position();
    const std::optional<std::string> word = cursor_.name();
    if (!word || cursor_.position() - word->size() != colon) {
      return ValueError{begin, cursor_.position(),
                        "`:` must be followed by the name of a run-time value", "Write `:since`."};
    }
    return leaf(Syntax::Kind::parameter, *word, begin);
  }

  Parsed<Syntax> quoted(std::size_t begin) {
    const std::string_view text = cursor_.text();
    const std::size_t close = text.find('\'', begin + 1);
    if (close == std::string_view::npos)
      return ValueError{begin, text.size(), "this text has no closing quote", {}};
    cursor_.rewind(close + 1);
    return leaf(Syntax::Kind::text, std::string(text.substr(begin + 1, close - begin - 1)), begin);
  }

  Parsed<Syntax> number(std::size_t begin) {
    const std::optional<Cursor::Number> value = cursor_.number();
    if (!value) return cursor_.error_here("a number is expected here");
    const std::string digits(cursor_.text().substr(value->begin, value->end - value->begin));
    const std::size_t after = cursor_.position();
    cursor_.rewind(begin);
    const Parsed<GivenDuration> duration = read_duration(cursor_);
    if (duration) {
      Syntax node = leaf(Syntax::Kind::duration, {}, begin);
      node.duration = *duration;
      return node;
    }
    cursor_.rewind(after);
    return leaf(Syntax::Kind::number, digits, begin);
  }

  /// `status`, `Bid.user_id`.
  Parsed<Syntax> name() {
    cursor_.skip_blanks();
    const std::size_t begin = cursor_.position();
    std::optional<std::string> word = cursor_.name();
    if (!word || is_reserved(*word)) {
      cursor_.rewind(begin);
      const std::string_view token = cursor_.next_token();
      return cursor_.error_here(token.empty()
                                    ? "something is missing at the end"
                                    : fmt::format("an attribute or a value is expected here, "
                                                  "`{}` was found",
                                                  token));
    }
    if (cursor_.rest().substr(0, 1) == ".") {
      cursor_.accept(".");
      const std::optional<std::string> part = cursor_.name();
      if (!part)
        return cursor_.error_here(fmt::format("an attribute is expected after `{}.`", *word));
      *word += "." + *part;
    }
    return leaf(Syntax::Kind::name, *word, begin);
  }

  Syntax leaf(Syntax::Kind kind, std::string text, std::size_t begin) {
    Syntax node;
    node.kind = kind;
    node.text = std::move(text);
    node.begin = begin;
    node.end = cursor_.position();
    return node;
  }

  Syntax wrap(Syntax::Kind kind, std::size_t begin, Syntax child) {
    Syntax node;
    node.kind = kind;
    node.begin = begin;
    node.end = cursor_.position();
    node.children.push_back(std::move(child));
    return node;
  }

  Cursor cursor_;
  int depth_ = 0;
};

std::optional<ValueError> refuse_length(std::string_view text) {
  if (text.size() <= kTextMax) return std::nullopt;
  return ValueError{
      0, 1, fmt::format("this expression has {} bytes; the most is {}", text.size(), kTextMax), {}};
}

}  // namespace

Parsed<Syntax> parse_condition(std::string_view text) {
  if (std::optional<ValueError> error = refuse_length(text)) return *error;
  return Parser(text).condition();
}

Parsed<Syntax> parse_range(std::string_view text) {
  if (std::optional<ValueError> error = refuse_length(text)) return *error;
  return Parser(text).range();
}

Parsed<Syntax> parse_operand(std::string_view text) {
  if (std::optional<ValueError> error = refuse_length(text)) return *error;
  return Parser(text).value();
}

}  // namespace ddbplan::schema
