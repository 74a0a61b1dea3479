#include "engine/expression/parser.h"

#include <doctest/doctest.h>

#include <string>

#include "engine/expression/check.h"
#include "engine/expression/visit.h"

using namespace ddbplan::engine;  // NOLINT(google-build-using-namespace)

namespace {

/// Trees as prefix notation.
class Printer {
 public:
  explicit Printer(const Symbols& symbols) : symbols_(symbols) {}

  [[nodiscard]] std::string path(const Path& path) const {
    std::string out;
    for (const auto& element : path.elements) {
      if (const NameId* name = std::get_if<NameId>(&element)) {
        out += (out.empty() ? "" : ".") + symbols_.names[name->number];
      } else {
        out += "[" + std::to_string(std::get<ListIndex>(element).number) + "]";
      }
    }
    return out;
  }

  [[nodiscard]] std::string operand(const Operand& operand) const {
    if (const Path* named = std::get_if<Path>(&operand.node)) return path(*named);
    if (const ValueId* value = std::get_if<ValueId>(&operand.node)) {
      return symbols_.values[value->number];
    }
    return call(*std::get<std::unique_ptr<FunctionCall>>(operand.node));
  }

  [[nodiscard]] std::string call(const FunctionCall& call) const {
    return "(" + call.name + list(call.arguments) + ")";
  }

  [[nodiscard]] std::string list(const std::vector<Operand>& operands) const {
    std::string out;
    for (const Operand& one : operands) out += " " + operand(one);
    return out;
  }

  [[nodiscard]] std::string condition(const Condition& node) const {
    const auto chain = [this](const char* name, const std::vector<Condition>& terms) {
      std::string out = std::string("(") + name;
      for (const Condition& term : terms) out += " " + condition(term);
      return out + ")";
    };
    return std::visit(
        Overloaded{
            [&](const Comparison& c) {
              return "(" + std::string(comparator_text(c.comparator)) + " " + operand(c.left) +
                     " " + operand(c.right) + ")";
            },
            [&](const Between& b) {
              return "(between " + operand(b.value) + " " + operand(b.low) + " " + operand(b.high) +
                     ")";
            },
            [&](const In& in) { return "(in " + operand(in.value) + list(in.candidates) + ")"; },
            [&](const FunctionCall& f) { return call(f); },
            [&](const And& a) { return chain("and", a.terms); },
            [&](const Or& o) { return chain("or", o.terms); },
            [&](const Not& n) { return "(not " + condition(*n.term) + ")"; },
        },
        node.node);
  }

 private:
  const Symbols& symbols_;
};

std::string condition(std::string_view text) {
  const auto parsed = parse_condition(text);
  if (!parsed) return parsed.error();
  return Printer(parsed->symbols).condition(parsed->root);
}

std::string update(std::string_view text) {
  const auto parsed = parse_update(text);
  if (!parsed) return parsed.error();
  const Printer printer(parsed->symbols);
  std::string out;
  for (const UpdateAction& action : parsed->actions) {
    out += std::string(clause_text(action.clause)) + " " + printer.path(action.target);
    if (action.left) out += " " + printer.operand(*action.left);
    if (action.right) {
      out += std::string(" ") + action.arithmetic + " " + printer.operand(*action.right);
    }
    out += ";";
  }
  return out;
}

std::string projection(std::string_view text) {
  const auto parsed = parse_projection(text);
  if (!parsed) return parsed.error();
  std::string out;
  for (const Path& path : parsed->paths) out += Printer(parsed->symbols).path(path) + ";";
  return out;
}

std::string repeat(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("comparisons and functions") {
  CHECK(condition("a = :v") == "(= a :v)");
  CHECK(condition("#a.b[2].c <> :v") == "(<> #a.b[2].c :v)");
  CHECK(condition("a BETWEEN :l AND :h") == "(between a :l :h)");
  CHECK(condition("a IN (:x, b, size(c))") == "(in a :x b (size c))");
  CHECK(condition("begins_with(a, :v)") == "(begins_with a :v)");
  CHECK(condition("size(a) > :n") == "(> (size a) :n)");
}

TEST_CASE("NOT binds tighter than AND, AND tighter than OR; chains are flat") {
  CHECK(condition("a = :v OR b = :v AND NOT c = :v") ==
        "(or (= a :v) (and (= b :v) (not (= c :v))))");
  CHECK(condition("a = :v AND b = :v AND c = :v") == "(and (= a :v) (= b :v) (= c :v))");
  CHECK(condition("(a = :v OR b = :v) AND c = :v") == "(and (or (= a :v) (= b :v)) (= c :v))");
  CHECK(condition("NOT NOT a = :v") == "(not (not (= a :v)))");
  CHECK(condition("a BETWEEN :l AND :h AND b = :v") == "(and (between a :l :h) (= b :v))");
}

TEST_CASE("parentheses around operands and conditions") {
  CHECK(condition("(a) = (:v)") == "(= a :v)");
  CHECK(condition("((a) = :v)") == "(= a :v)");
  CHECK(condition("(a = :v)") == "(= a :v)");
  CHECK(condition("(size(a)) > :v") == "(> (size a) :v)");
  CHECK(condition("(contains(a, :v)) AND (b = :v)") == "(and (contains a :v) (= b :v))");
  CHECK(condition("((a = :v) AND (b = :v))") == "(and (= a :v) (= b :v))");
}

TEST_CASE("redundant parentheses are refused, as the service does") {
  const std::string redundant = "The expression has redundant parentheses;";
  CHECK(condition("((a = :v))") == redundant);
  CHECK(condition("((a)) = :v") == redundant);
  CHECK(condition("a = ((:v))") == redundant);
  CHECK(condition("b = :v AND ((a = :v))") == redundant);
  CHECK(condition("(((a = :v) AND b = :v))") == redundant);
}

TEST_CASE("a syntax error shows its token and the text from the one before to the one after") {
  CHECK(condition("a") == "Syntax error; token: \"<EOF>\", near: \"a\"");
  CHECK(condition("a = = :v") == "Syntax error; token: \"=\", near: \"= = :v\"");
  CHECK(condition("attribute_not_exists(") == "Syntax error; token: \"<EOF>\", near: \"(\"");
  CHECK(condition("a = :v)") == "Syntax error; token: \")\", near: \":v)\"");
  CHECK(condition("(a = :v") == "Syntax error; token: \"<EOF>\", near: \":v\"");
  CHECK(condition("!a") == "Syntax error; token: \"!\", near: \"!a\"");
  CHECK(condition("a.b.") == "Syntax error; token: \"<EOF>\", near: \".\"");
  CHECK(condition("a[x] = :v") == "Syntax error; token: \"x\", near: \"[x]\"");
  CHECK(condition("a[] = :v") == "Syntax error; token: \"]\", near: \"[] =\"");
  CHECK(condition("a[01] = :v") == "Syntax error; token: \"1\", near: \"01]\"");
  CHECK(condition("a AND b = :v") == "Syntax error; token: \"AND\", near: \"a AND b\"");
  CHECK(condition("NOT a") == "Syntax error; token: \"<EOF>\", near: \"a\"");
  CHECK(condition("a IN :v") == "Syntax error; token: \":v\", near: \"IN :v\"");
  CHECK(condition("a BETWEEN :l OR :h") == "Syntax error; token: \"OR\", near: \":l OR :h\"");
  CHECK(condition("(a = :v) = :v") == "Syntax error; token: \"=\", near: \") = :v\"");
  CHECK(condition("size()") == "Syntax error; token: \")\", near: \"()\"");
  CHECK(condition("") == "Syntax error; token: \"<EOF>\", near: \"\"");
  CHECK(projection("a,") == "Syntax error; token: \"<EOF>\", near: \",\"");
  CHECK(update("SET a = :v,") == "Syntax error; token: \"<EOF>\", near: \",\"");
  CHECK(update("a = :v") == "Syntax error; token: \"a\", near: \"a =\"");
  CHECK(update("") == "Syntax error; token: \"<EOF>\", near: \"\"");
}

TEST_CASE("updates") {
  CHECK(update("SET a = :v, b.c = d + :n REMOVE e, f[1] ADD g :n DELETE h :s") ==
        "SET a :v;SET b.c d + :n;REMOVE e;REMOVE f[1];ADD g :n;DELETE h :s;");
  CHECK(update("SET a = if_not_exists(a, :z) - :n") == "SET a (if_not_exists a :z) - :n;");
  CHECK(update("set a = list_append(a, :l)") == "SET a (list_append a :l);");
  CHECK(update("SET a = (b) + (:v)") == "SET a b + :v;");
  // API Reference, UpdateItem: one operand, or two.
  CHECK(update("SET a = b + c + d") == "Syntax error; token: \"+\", near: \"c + d\"");
  CHECK(update("ADD a b") == "Syntax error; token: \"b\", near: \"a b\"");
  CHECK(update("SET a") == "Syntax error; token: \"<EOF>\", near: \"a\"");
  CHECK(update("REMOVE :v") == "Syntax error; token: \":v\", near: \"REMOVE :v\"");
}

TEST_CASE("projections") {
  CHECK(projection("a, b.c[0], #d") == "a;b.c[0];#d;");
  CHECK(projection("a b") == "Syntax error; token: \"b\", near: \"a b\"");
  CHECK(projection("size(a)") == "Syntax error; token: \"(\", near: \"size(a\"");
}

TEST_CASE("names and values appear once in the symbols") {
  const auto parsed = parse_condition("a = :v AND #b = :v AND a = :w");
  REQUIRE(parsed.ok());
  CHECK(parsed->symbols.names == std::vector<std::string>{"a", "#b"});
  CHECK(parsed->symbols.values == std::vector<std::string>{":v", ":w"});
  CHECK(parsed->operators == 5);
}

TEST_CASE("no text makes the parser recurse without bound or take more than linear time") {
  CHECK(condition(repeat("(", 4096)).find("too many operators") != std::string::npos);
  CHECK(condition(repeat("NOT ", 1024)).find("too many operators") != std::string::npos);
  CHECK(condition(repeat("size(", 819)).find("too many operators") != std::string::npos);
  CHECK(update("SET a = " + repeat("(", 4000)).find("too many operators") != std::string::npos);
  // 250 nested parentheses that are not redundant: tried two ways each, they would never end.
  CHECK(condition(repeat("(NOT ", 250) + "a = :v" + repeat(")", 250)).find("(not") == 0);
  CHECK(condition(repeat("(", 250) + "a" + repeat(" = :v)", 1)).find("Syntax error") == 0);
  // A long flat chain does not nest.
  CHECK(condition("a = :v" + repeat(" AND a = :v", 149)).find("(and") == 0);
}
