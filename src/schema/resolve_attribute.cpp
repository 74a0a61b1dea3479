#include "schema/resolve_attribute.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "schema/checks.h"
#include "support/units.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::Spread;
using model::ValueType;

constexpr double kTextBytes = 32;
constexpr double kDocumentBytes = 256;
constexpr double kSetElements = 5;
/// Developer Guide, "DynamoDB item sizes and formats": 3 bytes for a list or map, 1 for each of its
/// entries.
constexpr double kDocumentOverhead = 3;
constexpr double kEntryOverhead = 1;

/// A number's size varies with its digits; these hold for prices, counts and amounts.
constexpr Spread kNumberBytes{4, 8};

struct Usual {
  Spread bytes;
  bool fixed = false;    ///< the type alone says the size
  bool assumed = false;  ///< a guess that the reader of the report should see
};

Usual usual_bytes(ValueType type) {
  switch (type) {
    case ValueType::ulid:
      return {{26, 26}, true};
    case ValueType::ksuid:
      return {{27, 27}, true};
    case ValueType::uuid:
      return {{36, 36}, true};
    case ValueType::timestamp:
      return {{24, 24}, true};
    case ValueType::date:
      return {{10, 10}, true};
    case ValueType::boolean:
      return {{1, 1}, true};
    // Ten digits of seconds, thirteen of milliseconds: one byte for each pair, and one.
    case ValueType::epoch_s:
      return {{6, 6}, true};
    case ValueType::epoch_ms:
      return {{8, 8}, true};
    case ValueType::integer:
    case ValueType::number:
      return {kNumberBytes, false};
    case ValueType::string:
    case ValueType::binary:
      return {{kTextBytes, kTextBytes}, false, true};
    case ValueType::set:
      return {{kSetElements * kTextBytes, kSetElements * kTextBytes}, false, true};
    case ValueType::list:
    case ValueType::map:
      return {{kDocumentBytes, kDocumentBytes}, false, true};
  }
  return {{kTextBytes, kTextBytes}, false, true};
}

bool may_sort_as_time(ValueType type) {
  return type == ValueType::ulid || type == ValueType::ksuid || type == ValueType::string ||
         type == ValueType::integer || type == ValueType::number || type == ValueType::uuid;
}

class AttributeReader {
 public:
  AttributeReader(Context& context, std::string path, const Entry& entry)
      : context_(context), path_(std::move(path)), entry_(entry) {
    attribute_.name = entry.key;
    attribute_.span = entry.key_span;
  }

  Attribute read() {
    const Node& node = entry_.value;
    set_type(attribute_, ValueType::string);
    if (node.is_scalar()) {
      read_type(node);
    } else if (node.is_map()) {
      read_map(node);
    } else if (!node.is_broken()) {
      default_size();
    }
    return std::move(attribute_);
  }

 private:
  void read_type(const Node& scalar) {
    const auto phrase = value(&scalar, parse_type);
    if (!phrase) return;
    set_type(attribute_, phrase->type);
    attribute_.element = phrase->element;
    if (phrase->sorts_as) {
      attribute_.sorts_as = phrase->sorts_as->text;
      if (!may_sort_as_time(phrase->type)) {
        context_.report(
            Code::type_mismatch, context_.span_of(scalar, *phrase->sorts_as),
            fmt::format("a {} cannot sort as another attribute does", type_name(phrase->type)),
            "Only identifiers do: `ulid of placed_at`.");
      }
    }
    read_size(scalar, *phrase);
    if (phrase->optional) default_presence();
    if (phrase->present) {
      if (check_between(context_, scalar, *phrase->present * 100,
                        {0, 100, "percent of the rows"})) {
        attribute_.present = *phrase->present;
      }
    }
  }

  void read_size(const Node& scalar, const TypePhrase& phrase) {
    const Usual usual = usual_bytes(phrase.type);
    if (!phrase.size) {
      if (phrase.element) size_set(phrase);
      if (!phrase.element && usual.assumed) default_size();
      return;
    }
    if (usual.fixed) {
      context_.report(Code::does_not_apply, scalar.span,
                      fmt::format("a {} always has {} B: the size says nothing",
                                  type_name(phrase.type), support::format_number(usual.bytes.mean)),
                      fmt::format("Write `{}` alone.", type_name(phrase.type)));
      return;
    }
    if (!check_spread(context_, scalar, *phrase.size, kAttributeBounds)) return;
    const Spread one = complete(*phrase.size, usual.bytes.mean);
    if (!phrase.entries) {
      attribute_.bytes = one;
      return;
    }
    if (!check_spread(context_, scalar, *phrase.entries, {0, 1e6, "entries"})) return;
    const Spread entries = complete(*phrase.entries, kSetElements);
    attribute_.entries = entries;
    const bool is_set = phrase.type == ValueType::set;
    const double each = is_set ? 0 : kEntryOverhead;
    const double overhead = is_set ? 0 : kDocumentOverhead;
    attribute_.bytes = {overhead + entries.mean * (one.mean + each),
                        overhead + entries.max * (one.max + each)};
    check_between(context_, scalar, attribute_.bytes.max, kAttributeBounds);
  }

  void size_set(const TypePhrase& phrase) {
    const Spread element = usual_bytes(*phrase.element).bytes;
    attribute_.entries = Spread{kSetElements, kSetElements};
    attribute_.bytes = {kSetElements * element.mean, kSetElements * element.max};
    default_size();
  }

  void default_size() {
    context_.use_default(path_ + ".size", spread_text(attribute_.bytes),
                         fmt::format("usual for a {}", type_name(attribute_.type)));
  }
  static std::string spread_text(const Spread& bytes) {
    const std::string mean = support::format_bytes(bytes.mean);
    return bytes.mean == bytes.max ? mean : mean + " .. " + support::format_bytes(bytes.max);
  }

  void default_presence() {
    attribute_.present = 0.5;
    context_.use_default(path_ + ".present", "50%", "an optional attribute");
  }

  void read_map(const Node& map) {
    const std::size_t defaults_before = context_.workload.defaults.size();
    if (const Node* type = child(map, "type")) {
      read_type(*type);
    } else if (!has(map, "type")) {
      imply_type(map);
    }
    read_presence(map);
    read_ahead(map);
    if (const auto text_of = text(map, "absent")) attribute_.absent = *text_of;
    if (const auto about = text(map, "about")) attribute_.about = *about;
    attribute_.immutable = flag(map, "immutable").value_or(false);
    attribute_.lock = flag(map, "lock").value_or(false);
    if (const auto per = text(map, "sequence_per")) attribute_.sequence_per = *per;
    if (const Node* values = child(map, "one_of")) read_values(*values);
    if (const Node* states = child(map, "states")) {
      attribute_.is_state = true;
      read_values(*states);
    }
    if (const Node* rank = child(map, "rank")) read_rank(*rank);
    if (const Node* moves = child(map, "moves")) read_moves(*moves);
    read_distinct(map);
    if (attribute_.values.empty()) return;
    // The values themselves say the size.
    context_.workload.defaults.resize(defaults_before);
    size_from_values();
  }

  void imply_type(const Node& map) {
    if (has(map, "count_of") || has(map, "sequence_per") || has(map, "lock")) {
      set_type(attribute_, ValueType::integer);
    } else if (has(map, "sum_of") || has(map, "derive")) {
      set_type(attribute_, ValueType::number);
    } else if (!has(map, "one_of") && !has(map, "states") && !has(map, "newest_of") &&
               !has(map, "copy_of")) {
      default_size();
    }
  }

  void read_presence(const Node& map) {
    const Node* present = child(map, "present");
    const auto share = value(present, parse_share);
    if (share && check_between(context_, *present, *share * 100, {0, 100, "percent of the rows"})) {
      attribute_.present = *share;
    } else if (flag(map, "optional").value_or(false)) {
      default_presence();
    }
  }

  void read_ahead(const Node& map) {
    const Node* ahead = child(map, "ahead");
    const auto share = value(ahead, parse_share);
    if (!share || !check_between(context_, *ahead, *share * 100, {0, 100, "percent of the rows"}))
      return;
    const bool follows = has(map, "derive") || has(map, "newest_of") || has(map, "copy_of");
    if (follows || !model::is_time(attribute_.type)) {
      context_.report(
          Code::does_not_apply, ahead->span,
          follows
              ? fmt::format("`{}` follows from other values: when it is, they say", entry_.key)
              : fmt::format("a {} is no time: it cannot lie after now", type_name(attribute_.type)),
          follows ? "Say it of the attribute that it follows from."
                  : "Leave `ahead` out, or make it a `timestamp`.");
      return;
    }
    attribute_.ahead = *share;
  }

  void read_values(const Node& node) {
    std::vector<std::size_t> unsaid;
    double sum = 0;
    for (const Node* item : scalars(node.is_list() ? &node : nullptr)) {
      unsaid.push_back(attribute_.values.size());
      attribute_.values.push_back({item->text, 0, static_cast<int>(attribute_.values.size())});
    }
    for (const Entry& entry : node.entries) {
      const auto share = value(&entry.value, parse_share);
      if (!share) unsaid.push_back(attribute_.values.size());
      if (share)
        check_between(context_, entry.value, *share * 100, {0, 100, "percent of the rows"});
      attribute_.values.push_back(
          {entry.key, share.value_or(0), static_cast<int>(attribute_.values.size())});
      sum += share.value_or(0);
    }
    refuse_repeats(node);
    share_the_rest(node, unsaid, sum);
  }

  void refuse_repeats(const Node& node) {
    for (std::size_t i = 0; node.is_list() && i < node.items.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (node.items[i].text != node.items[j].text || !node.items[i].is_scalar()) continue;
        context_.report(Code::name_taken, node.items[i].span,
                        fmt::format("the value `{}` stands twice", node.items[i].text));
        break;
      }
    }
  }

  void share_the_rest(const Node& node, const std::vector<std::size_t>& unsaid, double sum) {
    // Half a percent is rounding: 33% three times is meant as thirds.
    constexpr double kRounding = 0.0151;
    if (!unsaid.empty()) {
      const double rest = std::max(0.0, 1 - sum) / static_cast<double>(unsaid.size());
      for (const std::size_t index : unsaid) attribute_.values[index].share = rest;
      sum = std::max(sum, 1.0);
      context_.use_default(path_ + (attribute_.is_state ? ".states" : ".one_of"),
                           support::format_number(rest * 100, 2) + "% each",
                           "values without a frequency share what is left");
    }
    if (std::abs(sum - 1) > kRounding) {
      context_.report(Code::shares_do_not_sum, entry_.key_span,
                      fmt::format("the frequencies of `{}` add up to {}%, not 100%", entry_.key,
                                  support::format_number(sum * 100, 2)),
                      "Correct them, or leave one of them out: it gets the rest.");
      static_cast<void>(node);
      return;
    }
    for (model::EnumValue& one : attribute_.values) one.share /= sum;
  }

  void read_rank(const Node& node) {
    int rank = 0;
    for (const Node* item : scalars(&node)) {
      const auto found =
          std::find_if(attribute_.values.begin(), attribute_.values.end(),
                       [&](const model::EnumValue& v) { return v.name == item->text; });
      if (found == attribute_.values.end()) {
        report_value(*item, {item->text, 0, item->text.size()});
      } else {
        found->rank = rank++;
      }
    }
    if (static_cast<std::size_t>(rank) < attribute_.values.size()) {
      context_.report(Code::missing_key, node.span,
                      fmt::format("`rank` names {} of the {} values of `{}`", rank,
                                  attribute_.values.size(), entry_.key),
                      "List all of them, lowest first.");
    }
  }

  void report_value(const Node& scalar, const Word& word) {
    std::vector<std::string> names;
    for (const model::EnumValue& one : attribute_.values) names.push_back(one.name);
    context_.report(Code::unknown_value, context_.span_of(scalar, word),
                    fmt::format("`{}` is not a value of `{}`", word.text, entry_.key),
                    suggestion(word.text, names, "values"));
  }

  void read_moves(const Node& node) {
    for (const Node* item : scalars(&node)) {
      const auto phrase = value(item, parse_move);
      if (!phrase) continue;
      model::Move move;
      std::vector<Word> words = phrase->from;
      if (phrase->to) words.push_back(*phrase->to);
      for (const Word& word : words) {
        const bool known =
            std::any_of(attribute_.values.begin(), attribute_.values.end(),
                        [&](const model::EnumValue& v) { return v.name == word.text; });
        if (!known) report_value(*item, word);
      }
      for (const Word& word : phrase->from) move.from.push_back(word.text);
      if (phrase->to) move.to = phrase->to->text;
      attribute_.moves.push_back(std::move(move));
    }
  }

  void read_distinct(const Node& map) {
    const Node* node = child(map, "distinct");
    if (node == nullptr || !node->is_scalar()) return;
    if (node->text == "all") {
      attribute_.distinct_all = true;
      return;
    }
    const auto count = value(node, parse_count);
    if (count &&
        check_between(context_, *node, *count, {1, kRowsMax, "distinct values", Code::absurd})) {
      attribute_.distinct = *count;
    }
  }

  void size_from_values() {
    Spread bytes;
    for (const model::EnumValue& one : attribute_.values) {
      const double size = enum_value_bytes(attribute_.type, one.name);
      bytes.mean += one.share * size;
      bytes.max = std::max(bytes.max, size);
    }
    attribute_.bytes = bytes;
  }

  Context& context_;
  std::string path_;
  const Entry& entry_;
  Attribute attribute_;
};

}  // namespace

Spread complete(const GivenSpread& given, double usual_mean) {
  if (!given.max) return {given.mean.value_or(usual_mean), given.mean.value_or(usual_mean)};
  if (given.mean) return {*given.mean, *given.max};
  return {usual_mean <= *given.max ? usual_mean : *given.max / 2, *given.max};
}

void set_type(Attribute& attribute, ValueType type) {
  attribute.type = type;
  attribute.bytes = usual_bytes(type).bytes;
}

double enum_value_bytes(ValueType type, std::string_view name) {
  if (type == ValueType::boolean) return 1;
  if (type == ValueType::integer || type == ValueType::number) {
    const auto number = dynamo::Decimal::parse(name);
    if (number) return number->stored_bytes();
  }
  return static_cast<double>(name.size());
}

Attribute implied_attribute(std::string name, ValueType type, model::Origin origin) {
  Attribute attribute;
  attribute.name = std::move(name);
  attribute.origin = origin;
  set_type(attribute, type);
  return attribute;
}

Attribute resolve_attribute(Context& context, const std::string& path, const Entry& entry) {
  return AttributeReader(context, path, entry).read();
}

}  // namespace ddbplan::schema
