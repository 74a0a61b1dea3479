// What entities say about attributes that must all be there: retention, uniqueness, derivation,
// archives.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "schema/checks.h"
#include "schema/resolve.h"
#include "schema/resolve_attribute.h"
#include "schema/resolve_expression.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::Entity;
using model::EntityId;
using model::Origin;
using model::ValueType;

class Details {
 public:
  Details(Context& context, EntityId id)
      : context_(context),
        id_(id),
        entity_(context.at(id)),
        draft_(context.draft(id)),
        node_(draft_.entry->value) {}

  void read() {
    resolve_identity();
    resolve_retention();
    resolve_unique();
    for (Attribute& attribute : entity_.attributes) resolve_attribute_details(attribute);
    resolve_archive();
    add_filler();
  }

 private:
  Attribute* find(std::string_view name) {
    for (Attribute& attribute : entity_.attributes) {
      if (attribute.name == name) return &attribute;
    }
    return nullptr;
  }

  void report_unknown(support::Span span, std::string_view name) {
    if (draft_.incomplete) return;
    std::vector<std::string> names;
    for (const Attribute& attribute : entity_.attributes) names.push_back(attribute.name);
    context_.report(Code::unknown_attribute, span,
                    fmt::format("`{}` has no attribute `{}`", entity_.name, name),
                    suggestion(name, names, "attributes"));
  }

  void resolve_identity() {
    for (const std::string& name : entity_.id) {
      Attribute* attribute = find(name);
      if (attribute == nullptr) continue;
      const bool keyable = attribute->type != ValueType::list &&
                           attribute->type != ValueType::map && attribute->type != ValueType::set &&
                           attribute->type != ValueType::boolean;
      if (!keyable) {
        context_.report(Code::type_mismatch, attribute->span,
                        fmt::format("`{}` is part of the identity of `{}` and cannot be a {}", name,
                                    entity_.name, type_name(attribute->type)),
                        "An identity is text, a number or bytes.");
      }
      if (attribute->present < 1 && attribute->origin == Origin::declared) {
        context_.report(Code::does_not_apply, attribute->span,
                        fmt::format("`{}` is part of the identity of `{}`: every row has it", name,
                                    entity_.name),
                        "Remove `optional` or `present`.");
      }
      attribute->present = 1;
    }
  }

  void resolve_retention() {
    if (!entity_.retention) return;
    model::Retention& retention = *entity_.retention;
    const Node& scalar = *child(node_, "retention");
    const auto phrase = value(&scalar, parse_retention);
    const support::Span span = context_.span_of(scalar, phrase->attribute);
    double present = 1;
    if (retention.after) {
      const Attribute* base = find(retention.base_attribute);
      if (base == nullptr) {
        report_unknown(span, retention.base_attribute);
        entity_.retention.reset();
        return;
      }
      if (!model::is_time(base->type)) {
        context_.report(Code::type_mismatch, span,
                        fmt::format("`{}` is a {}, not a time", base->name, type_name(base->type)),
                        "A lifetime is counted from a timestamp, date, epoch_s or epoch_ms.");
      }
      present = base->present;
    }
    const Attribute* expiry = find(retention.attribute);
    if (expiry == nullptr) {
      Attribute implied =
          implied_attribute(retention.attribute, ValueType::epoch_s, Origin::implied);
      implied.span = retention.span;
      implied.present = present;
      entity_.attributes.push_back(std::move(implied));
    } else if (expiry->type != ValueType::epoch_s) {
      context_.report(Code::type_mismatch, expiry->span.known() ? expiry->span : span,
                      fmt::format("`{}` says when a row expires and must be `epoch_s`, not {}",
                                  expiry->name, type_name(expiry->type)),
                      "DynamoDB's time to live reads whole seconds since 1970.");
    }
  }

  void resolve_unique() {
    const Node* node = child(node_, "unique");
    if (node == nullptr) return;
    for (model::Unique& unique : entity_.unique) {
      for (const std::string& name : unique.attributes) {
        const Attribute* attribute = find(name);
        if (attribute == nullptr) {
          report_unknown(unique.span, name);
          continue;
        }
        if (attribute->type == ValueType::list || attribute->type == ValueType::map ||
            attribute->type == ValueType::set) {
          context_.report(
              Code::type_mismatch, unique.span,
              fmt::format("`{}` is a {} and cannot be unique", name, type_name(attribute->type)));
        }
      }
    }
    for (const Node& element : node->items) {
      const Node* across = element.is_map() ? child(element, "across") : nullptr;
      const auto words = value(across, parse_alternatives);
      if (!words) continue;
      for (model::Unique& unique : entity_.unique) {
        if (unique.span == element.span) read_across(unique, *across, *words);
      }
    }
  }

  void read_across(model::Unique& unique, const Node& scalar, const std::vector<Word>& words) {
    for (const Word& word : words) {
      const auto other = context_.entity(word.text, context_.span_of(scalar, word));
      if (!other || *other == id_) continue;
      for (const std::string& name : unique.attributes) {
        if (context_.at(*other).find(name) != nullptr || context_.draft(*other).incomplete)
          continue;
        context_.report(
            Code::unknown_attribute, context_.span_of(scalar, word),
            fmt::format("`{}` has no attribute `{}` to be unique together with", word.text, name));
      }
      unique.across.push_back(*other);
    }
  }

  void resolve_attribute_details(Attribute& attribute) {
    const auto found = draft_.attribute_nodes.find(attribute.name);
    if (found == draft_.attribute_nodes.end()) return;
    const Node& node = *found->second;
    const Node* type = node.is_map() ? child(node, "type") : &node;
    if (attribute.sorts_as && find(*attribute.sorts_as) == nullptr) {
      const auto phrase = value(type, parse_type);
      report_unknown(
          phrase && phrase->sorts_as ? context_.span_of(*type, *phrase->sorts_as) : attribute.span,
          *attribute.sorts_as);
      attribute.sorts_as.reset();
    }
    if (!node.is_map()) return;
    if (attribute.sequence_per && find(*attribute.sequence_per) == nullptr) {
      report_unknown(child(node, "sequence_per")->span, *attribute.sequence_per);
    }
    const Node* derive = child(node, "derive");
    if (const auto syntax = value(derive, parse_operand)) {
      attribute.derive = resolve_operand(context_, {id_, derive, false}, *syntax);
    }
    const Node* where = child(node, "where");
    if (const auto syntax = value(where, parse_condition); syntax && attribute.upkeep) {
      attribute.upkeep->where =
          resolve_condition(context_, {attribute.upkeep->source, where, false}, *syntax);
    }
    check_values(attribute);
  }

  /// A number's values must be numbers.
  void check_values(const Attribute& attribute) {
    const bool is_number =
        attribute.type == ValueType::integer || attribute.type == ValueType::number;
    for (const model::EnumValue& one : attribute.values) {
      if (!is_number || dynamo::Decimal::parse(one.name).ok()) continue;
      context_.report(Code::type_mismatch, attribute.span,
                      fmt::format("`{}` is {} {}; its value `{}` is not", attribute.name,
                                  attribute.type == ValueType::integer ? "an" : "a",
                                  type_name(attribute.type), one.name));
    }
  }

  void resolve_archive() {
    const Node* node = child(node_, "archive");
    if (node == nullptr) return;
    model::Archive archive;
    if (node->is_scalar()) archive.to = node->text;
    if (node->is_map()) {
      archive.to = text(*node, "to").value_or("s3");
      if (const auto after = value(*node, "after", parse_duration))
        archive.after = after->resolve(context_.calendar);
      const Node* where = child(*node, "where");
      if (const auto syntax = value(where, parse_condition)) {
        archive.where = resolve_condition(context_, {id_, where, false}, *syntax);
      }
    }
    entity_.archive = std::move(archive);
  }

  /// `size:` says how large the row is; what the attributes do not fill is one more attribute.
  void add_filler() {
    if (!entity_.size) return;
    model::Spread rest = *entity_.size;
    for (const Attribute& attribute : entity_.attributes) {
      const auto name = static_cast<double>(attribute.name.size());
      rest.mean -= attribute.present * (name + attribute.bytes.mean);
      rest.max -= name + attribute.bytes.mean;
    }
    std::string name = "data";
    while (find(name) != nullptr) name += "_";
    rest.mean -= static_cast<double>(name.size());
    rest.max -= static_cast<double>(name.size());
    if (rest.mean < 1) {
      const Node* scalar = child(node_, "size");
      if (scalar != nullptr && rest.mean < -0.2 * entity_.size->mean) {
        context_.report(
            Code::counts_disagree, scalar->span,
            fmt::format(
                "the attributes of `{}` alone have more than the {} that `size` gives the row",
                entity_.name, support::format_bytes(entity_.size->mean)),
            "Leave `size` out: it is then the sum of the attributes.");
      }
      return;
    }
    Attribute filler = implied_attribute(std::move(name), ValueType::string, Origin::implied);
    filler.bytes = {rest.mean, std::max(rest.max, rest.mean)};
    filler.span = entity_.span;
    entity_.attributes.push_back(std::move(filler));
  }

  Context& context_;
  EntityId id_;
  Entity& entity_;
  EntityDraft& draft_;
  const Node& node_;
};

}  // namespace

void resolve_entity_details(Context& context) {
  for (std::size_t i = 0; i < context.workload.entities.size(); ++i)
    Details(context, EntityId{i}).read();
}

}  // namespace ddbplan::schema
