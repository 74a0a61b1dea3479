#include "emit/key_text.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "dynamo/json.h"
#include "model/timestamp.h"
#include "support/text.h"
#include "support/units.h"

namespace ddbplan::emit {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::string source_name(const design::Source& source) {
  const Overloaded visitor = {
      [](const design::FromParameter& from) { return from.name; },
      [](const design::FromConstant& from) { return value_text(from.value); },
      [](const design::FromStep& from) {
        return "step" + std::to_string(from.step) + "." +
               (from.worked_out == nullptr ? from.attribute : model::to_string(*from.worked_out));
      },
      [](const design::FromAction& from) { return from.attribute; },
      [](const design::FromNow& from) {
        if (from.ago_seconds == 0) return std::string("now");
        return "now - " + support::format_duration({from.ago_seconds});
      }};
  return std::visit(visitor, source);
}

std::string part_text(const design::KeyExprPart& part) {
  const Overloaded visitor = {
      [](const design::Literal& literal) { return literal.text; },
      [](const design::FieldFrom& from) {
        // A constant is part of the text, unless its encoding shows what becomes of it.
        const bool is_constant = std::holds_alternative<design::FromConstant>(from.source);
        if (is_constant && from.field.encoding == design::Encoding::plain) {
          return source_name(from.source);
        }
        design::Field field = from.field;
        field.attribute = source_name(from.source);
        return design::to_string(field);
      },
      [](const design::ShardField&) { return std::string("{shard}"); },
      // U+FFFF and its like mean nothing to a reader; what it stands for does.
      [](const design::HighSentinel&) { return std::string("{last}"); }};
  return std::visit(visitor, part);
}

std::string in_digits(int width) {
  return "in " + std::to_string(width) + " digits";
}

std::string ranks_text(const std::vector<std::string>& ranks, int width) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const std::string number = std::to_string(i);
    const auto digits = static_cast<std::size_t>(width);
    out.push_back(std::string(digits - std::min(digits, number.size()), '0') + number + " " +
                  ranks[i]);
  }
  return support::join(out, ", ");
}

std::string bucket_example(model::TimeUnit unit) {
  constexpr std::int64_t kExampleMs = 1795803120000;  // 2026-11-27T18:12Z
  return model::bucket_text(kExampleMs, unit);
}

/// Empty: as it is.
std::string meaning_of(const design::Field& field) {
  using design::Encoding;
  const std::string scaled =
      field.scale > 0 ? "times 10^" + std::to_string(field.scale) + ", " : std::string();
  switch (field.encoding) {
    case Encoding::plain:
    case Encoding::number:
      return "";
    case Encoding::escape:
      return "each character up to $ is $ and the one 64 places on";
    case Encoding::lower:
      return "in small letters";
    case Encoding::pad:
    case Encoding::scale:
      return scaled + in_digits(field.width) + "; below 0: - and each digit taken from 9";
    case Encoding::invert:
      return scaled + in_digits(field.width) + ", each taken from 9; below 0: : and the digits";
    case Encoding::rank:
      return ranks_text(field.ranks, field.width);
    case Encoding::truncate:
      return "cut, as in " + bucket_example(field.unit);
    case Encoding::ulid_time:
      return "the first ten characters of a ULID of that time";
  }
  return "";
}

}  // namespace

std::vector<Notation> notations(const design::Design& design) {
  std::vector<Notation> out;
  const auto add = [&](const design::Field& field) {
    std::string meaning = meaning_of(field);
    if (field.absent) {
      meaning += meaning.empty() ? "" : "; ";
      meaning += *field.absent + " where it is missing";
    }
    const std::string written = design::to_string(field);
    const bool is_known = std::any_of(out.begin(), out.end(), [&](const Notation& one) {
      return one.written == written && one.meaning == meaning;
    });
    if (!meaning.empty() && !is_known) out.push_back({written, meaning});
  };
  const auto add_keys = [&](const std::vector<design::KeyTemplate>& keys) {
    for (const design::KeyTemplate& key : keys) {
      for (const design::KeyPart& part : key.parts) {
        if (const auto* field = std::get_if<design::Field>(&part)) add(*field);
      }
    }
  };
  for (const design::ItemLayout& layout : design.items) {
    add_keys(layout.base.partition);
    add_keys(layout.base.sort);
    for (const design::KeyEntry& entry : layout.entries) {
      add_keys(entry.partition);
      add_keys(entry.sort);
    }
  }
  return out;
}

std::string key_attributes_text(const dynamo::KeySchema& key) {
  std::vector<std::string> names;
  for (const dynamo::KeyAttribute& attribute : key.partition) names.push_back(attribute.name);
  for (const dynamo::KeyAttribute& attribute : key.sort) names.push_back(attribute.name);
  return support::join(names, ", ");
}

std::string templates_text(const std::vector<design::KeyTemplate>& templates) {
  std::vector<std::string> texts;
  for (const design::KeyTemplate& key : templates) texts.push_back(design::to_string(key));
  return support::join(texts, " + ");
}

std::string key_expression_text(const design::KeyExpr& expression) {
  std::string out;
  for (const design::KeyExprPart& part : expression.parts) out += part_text(part);
  return out;
}

std::string place_text(const std::optional<std::string>& index) {
  return index.value_or("table");
}

std::string value_text(const dynamo::AttributeValue& value) {
  if (const std::string* text = value.as_string()) return *text;
  if (const dynamo::Decimal* number = value.as_number()) return number->to_string();
  return dynamo::to_json(value).dump();
}

}  // namespace ddbplan::emit
