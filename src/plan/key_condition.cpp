#include "plan/key_condition.h"

#include "plan/expressions.h"

namespace ddbplan::plan {

namespace {

using design::KeyExpr;
using design::KeyExprPart;
using Op = design::SortCondition::Op;

KeyExprPart bind_part(const design::KeyPart& part, const SourceOf& source) {
  if (const auto* literal = std::get_if<design::Literal>(&part)) return *literal;
  if (const auto* field = std::get_if<design::Field>(&part))
    return design::FieldFrom{*field, source(field->attribute)};
  return design::ShardField{};
}

/// Builds the condition on one sort key: a bound prefix, then perhaps a range.
class SortBinder {
 public:
  SortBinder(const design::KeyTemplate& key, const Need& need, const Match& match,
             const SourceOf& source)
      : key_(key), need_(need), match_(match), source_(source) {
    prefix_.type = key.type;
    take_prefix();
  }

  SortBinding bind() {
    SortBinding out;
    if (match_.range_in_key) {
      bind_range(out);
    } else if (next_ == key_.parts.size()) {
      if (!prefix_.parts.empty())
        out.condition = design::SortCondition{Op::equal, prefix_, std::nullopt};
    } else if (!prefix_.parts.empty()) {
      out.condition = design::SortCondition{Op::begins_with, prefix_, std::nullopt};
    }
    return out;
  }

 private:
  /// Literals and fields that are bound by equalities, the delimiter after them included.
  void take_prefix() {
    std::size_t fields = 0;
    while (next_ < key_.parts.size()) {
      const design::KeyPart& part = key_.parts[next_];
      if (std::holds_alternative<design::Field>(part) && fields++ == match_.sort_equal) break;
      prefix_.parts.push_back(bind_part(part, source_));
      ++next_;
    }
  }

  void bind_range(SortBinding& out) {
    const auto* field = std::get_if<design::Field>(&key_.parts[next_]);
    proxied_ = field->attribute != need_.range->attribute;
    followed_ = proxied_ || next_ + 1 < key_.parts.size();
    field_ = *field;
    if (proxied_) {
      field_ = design::Field{};
      field_.attribute = need_.range->attribute;
      field_.encoding = design::Encoding::ulid_time;
    }
    const model::ExpressionPtr& condition = need_.range->condition;
    if (!condition) {
      const std::string& name = need_.range->attribute;
      return between(out, design::FromParameter{name + "_from"},
                     design::FromParameter{name + "_to"});
    }
    if (const auto* range = std::get_if<model::Between>(&condition->node))
      return between(out, *key_source(range->low), *key_source(range->high));
    if (const auto* begins = std::get_if<model::BeginsWith>(&condition->node)) {
      out.condition = design::SortCondition{
          Op::begins_with, bound(*key_source(begins->prefix), false), std::nullopt};
      return;
    }
    const auto& comparison = std::get<model::Compare>(condition->node);
    one_sided(out, comparison.op, *key_source(comparison.right));
  }

  /// The key value of a bound; `past` puts it after every key that continues with the same value.
  [[nodiscard]] KeyExpr bound(const design::Source& source, bool past) const {
    KeyExpr expr = prefix_;
    design::Field field = field_;
    if (need_.range->bucket && std::holds_alternative<design::FromNow>(source)) {
      field.encoding = design::Encoding::truncate;
      field.unit = *need_.range->bucket;
    }
    expr.parts.emplace_back(design::FieldFrom{field, source});
    if (past) expr.parts.emplace_back(design::HighSentinel{});
    return expr;
  }
  [[nodiscard]] KeyExpr end_of_prefix() const {
    KeyExpr expr = prefix_;
    expr.parts.emplace_back(design::HighSentinel{});
    return expr;
  }

  /// In a key that holds the value inverted, what is more comes before what is less.
  [[nodiscard]] bool is_inverted() const { return field_.encoding == design::Encoding::invert; }
  [[nodiscard]] static model::CompareOp mirrored(model::CompareOp op) {
    switch (op) {
      case model::CompareOp::lt:
        return model::CompareOp::gt;
      case model::CompareOp::le:
        return model::CompareOp::ge;
      case model::CompareOp::gt:
        return model::CompareOp::lt;
      case model::CompareOp::ge:
        return model::CompareOp::le;
      default:
        return op;
    }
  }

  void between(SortBinding& out, const design::Source& from, const design::Source& to) const {
    const design::Source& low = is_inverted() ? to : from;
    const design::Source& high = is_inverted() ? from : to;
    out.condition = design::SortCondition{Op::between, bound(low, false), bound(high, followed_)};
  }

  /// A key condition is a single one, so beside a prefix every comparison becomes BETWEEN; an exclusive bound
  /// that the key itself could equal is completed by a filter.
  void one_sided(SortBinding& out, model::CompareOp asked, const design::Source& value) const {
    const model::CompareOp op = is_inverted() ? mirrored(asked) : asked;
    const bool upper = op == model::CompareOp::lt || op == model::CompareOp::le;
    const bool past = followed_ && (op == model::CompareOp::le || op == model::CompareOp::gt);
    const KeyExpr key = bound(value, past);
    if (prefix_.parts.empty()) {
      Op plain = Op::less;
      switch (op) {
        case model::CompareOp::le:
          plain = Op::less_equal;
          break;
        case model::CompareOp::gt:
          plain = Op::greater;
          break;
        case model::CompareOp::ge:
          plain = Op::greater_equal;
          break;
        default:
          break;
      }
      out.condition = design::SortCondition{plain, key, std::nullopt};
      return;
    }
    out.condition = upper ? design::SortCondition{Op::between, prefix_, key}
                          : design::SortCondition{Op::between, key, end_of_prefix()};
    const bool exclusive = op == model::CompareOp::lt || op == model::CompareOp::gt;
    if (exclusive && !followed_) out.filter = need_.range->condition;
  }

  const design::KeyTemplate& key_;
  const Need& need_;
  const Match& match_;
  const SourceOf& source_;
  KeyExpr prefix_;
  std::size_t next_ = 0;
  design::Field field_;
  bool proxied_ = false;
  /// Something follows the ranged value in the key, so no key equals a bare bound.
  bool followed_ = false;
};

}  // namespace

design::KeyExpr bind_key(const design::KeyTemplate& key, const SourceOf& source) {
  design::KeyExpr expr;
  expr.type = key.type;
  for (const design::KeyPart& part : key.parts) expr.parts.push_back(bind_part(part, source));
  return expr;
}

std::vector<design::KeyExpr> bind_keys(const std::vector<design::KeyTemplate>& keys,
                                       const SourceOf& source) {
  std::vector<design::KeyExpr> out;
  for (const design::KeyTemplate& key : keys) out.push_back(bind_key(key, source));
  return out;
}

SortBinding bind_sort(const std::vector<design::KeyTemplate>& keys, const Need& need,
                      const Match& match, const SourceOf& source) {
  if (keys.empty()) return {};
  if (keys.size() == 1) return SortBinder(keys.front(), need, match, source).bind();
  // One attribute each: equalities from the left, then perhaps a range (Developer Guide, "Multi-attribute keys
  // pattern").
  SortBinding out;
  if (match.range_in_key) {
    Match alone = match;
    alone.sort_equal = 0;
    out = SortBinder(keys[match.sort_equal], need, alone, source).bind();
  }
  for (std::size_t i = 0; i < match.sort_equal; ++i) out.equal.push_back(bind_key(keys[i], source));
  return out;
}

}  // namespace ddbplan::plan
