#include "engine/partiql/parser.h"

#include <utility>

#include <fmt/format.h>

#include "engine/partiql/parse_condition.h"
#include "engine/partiql/parser_base.h"

namespace ddbplan::engine::partiql {

using support::Result;

namespace {

class StatementParser : public ConditionParser {
 public:
  using ConditionParser::ConditionParser;

  Result<ParsedStatement, std::string> run() {
    ParsedStatement out;
    if (statement(out) && !is_end()) fail_syntax();
    if (failed()) return take_error();
    if (!all_parameters_used()) {
      return std::string("Number of parameters in request and statement don't match.");
    }
    out.symbols = take_symbols();
    return out;
  }

 private:
  bool statement(ParsedStatement& out) {
    if (accept_keyword("SELECT")) return select(out);
    if (accept_keyword("INSERT")) return insert(out);
    if (accept_keyword("UPDATE")) return update(out);
    if (accept_keyword("DELETE")) return erase(out);
    if (accept_keyword("EXISTS")) return exists(out);
    return fail_syntax();
  }

  bool exists(ParsedStatement& out) {
    if (!expect("(") || !expect_keyword("SELECT") || !select(out)) return false;
    out.verb = Verb::exists;
    return expect(")");
  }

  bool table(ParsedStatement& out) {
    if (!name(out.table)) return false;
    if (accept(".") && !name(out.index.emplace())) return false;
    if (is(",")) return fail("Only select from a single table or index is supported.");
    return true;
  }

  bool select(ParsedStatement& out) {
    out.verb = Verb::select;
    if (!accept("*")) {
      do {
        std::optional<Path> selected = path();
        if (!selected) return false;
        out.projection.push_back(*std::move(selected));
        if (is_keyword_next("AS")) return fail("Aliasing is not supported");
      } while (accept(","));
    }
    if (!expect_keyword("FROM") || !table(out)) return false;
    if (is_name() && !is_keyword_next("WHERE") && !is_keyword_next("ORDER")) {
      return fail("Aliasing is not supported");
    }
    return where(out) && order(out);
  }

  bool where(ParsedStatement& out) {
    if (!accept_keyword("WHERE")) return true;
    std::optional<Condition> root = condition();
    if (!root) return false;
    if (And* both = std::get_if<And>(&root->node)) {
      out.where = std::move(both->terms);
    } else {
      out.where.push_back(*std::move(root));
    }
    return true;
  }

  bool order(ParsedStatement& out) {
    if (!accept_keyword("ORDER")) return true;
    if (!expect_keyword("BY") || !name(out.order.emplace().attribute)) return false;
    if (accept_keyword("DESC")) {
      out.order->descending = true;
    } else {
      static_cast<void>(accept_keyword("ASC"));
    }
    return true;
  }

  bool insert(ParsedStatement& out) {
    out.verb = Verb::insert;
    if (!expect_keyword("INTO") || !table(out)) return false;
    if (!expect_keyword("VALUE")) return false;
    std::optional<dynamo::AttributeValue> item = value();
    if (!item) return false;
    dynamo::Map* map = std::get_if<dynamo::Map>(&item->data);
    if (map == nullptr) return fail_syntax();
    out.item = std::move(*map);
    return true;
  }

  bool update(ParsedStatement& out) {
    out.verb = Verb::update;
    if (!table(out)) return false;
    while (true) {
      if (accept_keyword("SET")) {
        do {
          if (!assignment(out.actions)) return false;
        } while (accept(","));
      } else if (accept_keyword("REMOVE")) {
        UpdateAction action;
        action.clause = UpdateClause::remove;
        std::optional<Path> target = path();
        if (!target) return false;
        action.target = *std::move(target);
        out.actions.push_back(std::move(action));
      } else {
        break;
      }
    }
    if (out.actions.empty()) return fail_syntax();
    return required_where(out) && returning(out);
  }

  bool erase(ParsedStatement& out) {
    out.verb = Verb::erase;
    return expect_keyword("FROM") && table(out) && required_where(out) && returning(out);
  }

  bool required_where(ParsedStatement& out) {
    return (is_keyword_next("WHERE") || fail_syntax()) && where(out);
  }

  bool returning(ParsedStatement& out) {
    if (!accept_keyword("RETURNING")) return true;
    Returning& what = out.returning.emplace();
    if (accept_keyword("MODIFIED")) {
      what.all = false;
    } else if (!expect_keyword("ALL")) {
      return false;
    }
    if (accept_keyword("OLD")) {
      what.after = false;
    } else if (!expect_keyword("NEW")) {
      return false;
    }
    if (accept("*")) return true;
    return fail("Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause");
  }

  /// `path = operand`, where set_add and set_delete are what ADD and DELETE are in expressions.
  bool assignment(std::vector<UpdateAction>& actions) {
    UpdateAction action;
    std::optional<Path> target = path();
    if (!target || !expect("=")) return false;
    action.target = *std::move(target);
    const bool adds = is_function_next("SET_ADD");
    if (adds || is_function_next("SET_DELETE")) {
      action.clause = adds ? UpdateClause::add : UpdateClause::erase;
      std::optional<ValueId> elements = set_argument();
      if (!elements) return false;
      action.left = TreeBuilder::operand(*elements);
    } else {
      action.left = operand();
      if (!action.left) return false;
      if (is("+") || is("-")) {
        action.arithmetic = take_symbol();
        action.right = operand();
        if (!action.right) return false;
      }
    }
    actions.push_back(std::move(action));
    return true;
  }

  std::optional<ValueId> set_argument() {
    advance();
    if (!expect("(") || !path() || !expect(",")) return std::nullopt;
    std::optional<dynamo::AttributeValue> elements = value();
    if (!elements || !expect(")")) return std::nullopt;
    return add_value(*std::move(elements));
  }
};

}  // namespace

Result<ParsedStatement, std::string> parse_statement(const dynamo::Statement& statement) {
  return StatementParser(statement).run();
}

}  // namespace ddbplan::engine::partiql
