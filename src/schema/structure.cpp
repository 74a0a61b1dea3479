#include "schema/structure.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "schema/codes.h"
#include "schema/context.h"
#include "schema/keys.h"
#include "support/text.h"

namespace ddbplan::schema {
namespace {

using support::Diagnostic;
using support::Diagnostics;
using support::SourceText;
using support::Span;

/// DynamoDB allows 255 bytes to the names of key attributes and tables.
constexpr std::size_t kNameBytesMax = 255;

/// What people write who know DynamoDB's own words, or another tool's.
struct ForeignKey {
  Place place;
  std::string_view key;
  std::string_view help;
};
constexpr std::array<ForeignKey, 15> kForeignKeys = {{
    {Place::entity, "key", "ddbplan derives the keys; say what identifies a row with `id`."},
    {Place::entity, "pk", "ddbplan derives the keys; say what identifies a row with `id`."},
    {Place::entity, "partition_key",
     "ddbplan derives the keys; say what identifies a row with `id`."},
    {Place::entity, "primary_key",
     "ddbplan derives the keys; say what identifies a row with `id`."},
    {Place::entity, "ttl", "Say how long rows live: `retention: 30 days after ATTRIBUTE`."},
    {Place::entity, "indexes", "ddbplan derives the indexes from the access patterns."},
    {Place::entity, "fields", "Write `attributes`."},
    {Place::entity, "relations", "Write `belongs_to`, in the entity that has the parent."},
    {Place::entity, "has_many", "Write `belongs_to`, in the other entity."},
    {Place::attribute, "required", "Attributes are there unless they say `optional: true`."},
    {Place::attribute, "enum", "Write `one_of`."},
    {Place::attribute, "values", "Write `one_of`."},
    {Place::pattern, "query", "Say what is asked: `get`, `list` or `count`."},
    {Place::pattern, "rps", "Write `rate: 100/s`."},
    {Place::pattern, "index", "ddbplan derives the indexes; `physical` keeps hand-made ones."},
}};

std::string_view kind_word(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return "a single value";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
    case Node::Kind::broken:
      return "something else";
  }
  return "something else";
}

class StructureCheck {
 public:
  StructureCheck(const SourceText& source, Diagnostics& diagnostics)
      : source_(source), diagnostics_(diagnostics) {}

  void run(Node& root) {
    if (!root.is_map()) {
      report(Code::wrong_shape, root.span,
             fmt::format("a schema is a map of keys; this is {}", kind_word(root)),
             "Begin with `ddbplan: 1`.");
      root.kind = Node::Kind::broken;
      return;
    }
    check_record(root, Place::root, root.span);
  }

 private:
  void report(Code code, Span span, std::string message, std::string help = {}) {
    diagnostics_.add(finding(code, span, std::move(message), std::move(help)));
  }

  static void break_node(Node& node) {
    node.kind = Node::Kind::broken;
    node.entries.clear();
    node.items.clear();
  }

  /// Checks a value; `key` is what it stands behind, for messages and for the place of an empty
  /// value.
  void check_value(Node& node, ShapeId id, std::string_view key, Span key_span) {
    const ShapeInfo& info = shape(id);
    switch (node.kind) {
      case Node::Kind::scalar:
        check_scalar(node, info, key);
        return;
      case Node::Kind::list:
        if (const Form* form = find(info, Form::Kind::list)) return check_list(node, *form, key);
        break;
      case Node::Kind::map:
        if (const Form* form = find(info, Form::Kind::record))
          return check_record(node, form->place, key_span);
        if (const Form* form = find(info, Form::Kind::dictionary))
          return check_dictionary(node, *form, key, key_span);
        break;
      case Node::Kind::null:
        if (find(info, Form::Kind::nothing) != nullptr) return;
        break;
      case Node::Kind::broken:
        return;
    }
    if (find(info, Form::Kind::anything) != nullptr) return;
    report(Code::wrong_shape, node.is_null() ? key_span : node.span,
           node.is_null() ? fmt::format("`{}` has no value", key)
                          : fmt::format("`{}` cannot be {}", key, kind_word(node)),
           fmt::format("It is {}.", info.expected));
    break_node(node);
  }

  static const Form* find(const ShapeInfo& info, Form::Kind kind) {
    const auto found = std::find_if(info.forms.begin(), info.forms.end(),
                                    [kind](const Form& form) { return form.kind == kind; });
    return found == info.forms.end() ? nullptr : &*found;
  }

  void check_scalar(Node& node, const ShapeInfo& info, std::string_view key) {
    std::optional<ValueError> error;
    const Form* grammar = nullptr;
    std::vector<std::string> choices;
    bool takes_scalars = false;
    for (const Form& form : info.forms) {
      if (form.kind == Form::Kind::anything) return;
      if (form.kind == Form::Kind::flag) {
        if (!node.quoted && (node.text == "true" || node.text == "false")) return;
        choices.insert(choices.end(), {"true", "false"});
        takes_scalars = true;
      } else if (form.kind == Form::Kind::choice) {
        for (const std::string_view one : form.choices) {
          if (node.text == one) return;
          choices.emplace_back(one);
        }
        takes_scalars = true;
      } else if (form.kind == Form::Kind::scalar) {
        takes_scalars = true;
        std::optional<ValueError> refused = check(form.grammar, node.text);
        if (!refused) return check_scalar_type(node, form.grammar);
        if (!error) error = std::move(refused);
        grammar = &form;
      }
    }
    if (!takes_scalars) {
      report(Code::wrong_shape, node.span, fmt::format("`{}` cannot be a single value", key),
             fmt::format("It is {}.", info.expected));
    } else if (grammar != nullptr) {
      report_value_error(node, *grammar, *error);
    } else {
      report_choice(node, key, choices);
    }
    break_node(node);
  }

  /// `name: true` reads as a boolean in YAML, whatever was meant.
  void check_scalar_type(Node& node, Grammar grammar) {
    const bool is_boolean = !node.quoted && (node.text == "true" || node.text == "false");
    if (is_boolean && !ddbplan::schema::info(grammar).boolean) {
      report(Code::wrong_shape, node.span,
             fmt::format("`{}` is true or false, not {}", node.text,
                         ddbplan::schema::info(grammar).expected),
             "Choose another name, or put it in quotes.");
      break_node(node);
    }
  }

  void report_value_error(const Node& node, const Form& form, const ValueError& error) {
    const GrammarInfo& grammar = ddbplan::schema::info(form.grammar);
    Code code = grammar.is_expression ? Code::malformed_expression : Code::malformed_value;
    if (form.grammar == Grammar::version) code = Code::not_a_choice;
    std::string help = error.help;
    if (help.empty())
      help = fmt::format("It is {}, such as `{}`.", grammar.expected, grammar.example);
    report(code, span_within(node, error.begin, error.end, source_), error.message,
           std::move(help));
  }

  void report_choice(const Node& node, std::string_view key,
                     const std::vector<std::string>& choices) {
    std::string help;
    const bool is_old_boolean =
        node.text == "yes" || node.text == "no" || node.text == "on" || node.text == "off";
    if (is_old_boolean && choices.front() == "true") {
      help = fmt::format("Write `{}`.", node.text == "yes" || node.text == "on" ? "true" : "false");
    } else if (const auto near = support::nearest(node.text, choices)) {
      help = fmt::format("Did you mean `{}`?", *near);
    } else {
      std::vector<std::string> marked;
      for (const std::string& one : choices) marked.push_back(quoted(one));
      help = fmt::format("It is {}.", support::join_list(marked, "or"));
    }
    report(Code::not_a_choice, node.span, fmt::format("`{}` cannot be `{}`", key, node.text),
           std::move(help));
  }

  void check_list(Node& node, const Form& form, std::string_view key) {
    if (node.items.size() < form.items_min) {
      report(Code::wrong_shape, node.span, fmt::format("`{}` is an empty list", key),
             "Leave it out, or fill it.");
      break_node(node);
      return;
    }
    if (refuse_size(node, node.items.size(), form.items_max, key)) return;
    for (Node& item : node.items) {
      if (item.is_null()) {
        report(Code::wrong_shape, node.span, fmt::format("an element of `{}` has no value", key));
        break_node(item);
        continue;
      }
      check_value(item, form.element, key, item.span);
    }
  }

  bool refuse_size(Node& node, std::size_t size, std::size_t max, std::string_view key) {
    if (size <= max) return false;
    report(Code::too_large, node.span,
           fmt::format("`{}` has {} elements; the most is {}", key,
                       support::format_grouped(static_cast<std::int64_t>(size)),
                       support::format_grouped(static_cast<std::int64_t>(max))));
    break_node(node);
    return true;
  }

  void check_dictionary(Node& node, const Form& form, std::string_view key, Span key_span) {
    if (node.entries.size() < form.items_min) {
      report(Code::wrong_shape, key_span, fmt::format("`{}` is empty", key),
             "Describe at least one.");
      break_node(node);
      return;
    }
    if (refuse_size(node, node.entries.size(), form.items_max, key)) return;
    std::vector<Entry> kept;
    kept.reserve(node.entries.size());
    for (Entry& entry : node.entries) {
      if (!check_name(entry, form.grammar)) {
        node.pruned = true;
        continue;
      }
      check_value(entry.value, form.element, entry.key, entry.key_span);
      kept.push_back(std::move(entry));
    }
    node.entries = std::move(kept);
  }

  bool check_name(const Entry& entry, Grammar grammar) {
    if (entry.key.size() > kNameBytesMax) {
      report(
          Code::too_large, entry.key_span,
          fmt::format("this name has {} bytes; the most is {}", entry.key.size(), kNameBytesMax));
      return false;
    }
    const std::optional<ValueError> error = check(grammar, entry.key);
    if (!error) return true;
    if (entry.key == "<<") {
      report(Code::malformed_value, entry.key_span,
             "merge keys (`<<`) are not part of this language",
             "Write the keys out, or name the whole value with `&` and `*`.");
      return false;
    }
    Node scalar;
    scalar.kind = Node::Kind::scalar;
    scalar.text = entry.key;
    scalar.span = entry.key_span;
    report(Code::malformed_value, span_within(scalar, error->begin, error->end, source_),
           error->message, error->help);
    return false;
  }

  void check_record(Node& node, Place place, Span key_span) {
    const std::vector<const KeyInfo*> keys = keys_of(place);
    const Actions action = check_action(node, keys, key_span);
    const std::vector<std::string> unsaid = keys_unsaid(node, keys);
    std::vector<Entry> kept;
    kept.reserve(node.entries.size());
    for (Entry& entry : node.entries) {
      const auto known = std::find_if(keys.begin(), keys.end(),
                                      [&](const KeyInfo* info) { return info->key == entry.key; });
      if (known == keys.end()) {
        report_unknown(entry, place, keys, unsaid);
        node.pruned = true;
        continue;
      }
      if (action != 0 && ((*known)->actions & action) == 0) {
        report_misplaced(entry, **known, keys, action);
        continue;
      }
      check_value(entry.value, (*known)->shape, entry.key, entry.key_span);
      kept.push_back(std::move(entry));
    }
    node.entries = std::move(kept);
    require_keys(node, place, keys, key_span);
  }

  void require_keys(const Node& node, Place place, const std::vector<const KeyInfo*>& keys,
                    Span key_span) {
    for (const KeyInfo* key : keys) {
      if (!key->required || node.find(key->key) != nullptr) continue;
      // Shown on the first line of what lacks it.
      const Span span =
          place == Place::root && !node.entries.empty() ? node.entries.front().key_span : key_span;
      report(Code::missing_key, span,
             fmt::format("`{}` is missing in {}", key->key, info(place).title),
             place == Place::root && key->key == "ddbplan"
                 ? "Begin with `ddbplan: 1`."
                 : fmt::format("It is {}.", shape(key->shape).expected));
    }
  }

  /// The bit of the record's only action; 0 where the place has none, or the slip was reported.
  Actions check_action(Node& node, const std::vector<const KeyInfo*>& keys, Span key_span) {
    std::vector<std::string> known;
    for (const KeyInfo* key : keys) {
      if (key->is_action) known.emplace_back(key->key);
    }
    if (known.empty()) return 0;
    std::vector<const Entry*> found;
    for (const Entry& entry : node.entries) {
      if (std::find(known.begin(), known.end(), entry.key) != known.end()) found.push_back(&entry);
    }
    if (found.size() == 1) return action_bit(found.front()->key);
    if (found.empty()) {
      // A misspelt action is an unknown key, and said to be one; then nothing is missing.
      bool misspelt = false;
      for (const Entry& entry : node.entries) {
        const bool is_key = std::any_of(keys.begin(), keys.end(),
                                        [&](const KeyInfo* key) { return key->key == entry.key; });
        if (is_key || !support::nearest(entry.key, known)) continue;
        report_unknown(entry, keys.front()->place, keys, keys_unsaid(node, keys));
        misspelt = true;
      }
      if (!misspelt) {
        report(Code::missing_key, key_span, "this says neither what is read nor what is written",
               fmt::format("Begin with one of {}.", support::join_list(known, "or")));
      }
    } else {
      Diagnostic diagnostic = finding(
          Code::wrong_shape, found[1]->key_span,
          fmt::format("`{}` and `{}` cannot stand in one pattern", found[0]->key, found[1]->key),
          "Make two patterns of it, or a `transaction`.");
      diagnostic.notes.push_back({"the first action is here", found[0]->key_span});
      diagnostics_.add(std::move(diagnostic));
    }
    break_node(node);
    return 0;
  }

  static std::vector<std::string> keys_unsaid(const Node& node,
                                              const std::vector<const KeyInfo*>& keys) {
    std::vector<std::string> names;
    for (const KeyInfo* key : keys) {
      const bool is_said = std::any_of(node.entries.begin(), node.entries.end(),
                                       [&](const Entry& entry) { return entry.key == key->key; });
      if (!is_said) names.emplace_back(key->key);
    }
    return names;
  }

  /// `unsaid`: what the slip more likely stands for than a key that stands there already.
  void report_unknown(const Entry& entry, Place place, const std::vector<const KeyInfo*>& keys,
                      const std::vector<std::string>& unsaid) {
    if (entry.key == "<<") {
      report(Code::unknown_key, entry.key_span, "merge keys (`<<`) are not part of this language",
             "Write the keys out, or name the whole value with `&` and `*`.");
      return;
    }
    std::vector<std::string> names;
    for (const KeyInfo* key : keys) names.emplace_back(key->key);
    std::string help;
    for (const ForeignKey& foreign : kForeignKeys) {
      if (foreign.place == place && foreign.key == entry.key) help = foreign.help;
    }
    if (help.empty())
      help = suggestion(entry.key, support::nearest(entry.key, unsaid) ? unsaid : names, "keys");
    if (help.empty()) help = other_place(entry.key);
    report(Code::unknown_key, entry.key_span,
           fmt::format("`{}` is not a key of {}", entry.key, info(place).title), std::move(help));
  }

  /// A known key in the wrong place: say where it belongs.
  static std::string other_place(std::string_view name) {
    std::vector<std::string> places;
    for (const KeyInfo& key : key_table()) {
      if (key.key == name && key.place != Place::action) places.emplace_back(info(key.place).title);
    }
    if (places.empty()) return "ddbplan-schema(5) lists the keys.";
    return fmt::format("It is a key of {}; check the indentation.",
                       support::join_list(places, "or"));
  }

  void report_misplaced(const Entry& entry, const KeyInfo& key,
                        const std::vector<const KeyInfo*>& keys, Actions action) {
    std::vector<std::string> with;
    std::string_view chosen;
    for (const KeyInfo* other : keys) {
      if (!other->is_action) continue;
      if ((other->actions & action) != 0) chosen = other->key;
      if ((other->actions & key.actions) != 0) with.push_back(quoted(other->key));
    }
    report(Code::unknown_key, entry.key_span,
           fmt::format("`{}` does not go with `{}`", entry.key, chosen),
           with.empty() ? std::string()
                        : fmt::format("It goes with {}.", support::join_list(with, "or")));
  }

  const SourceText& source_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_structure(Node& root, const SourceText& source, Diagnostics& diagnostics) {
  StructureCheck(source, diagnostics).run(root);
}

}  // namespace ddbplan::schema
