#include "schema/overrides.h"

#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "schema/codes.h"
#include "schema/context.h"
#include "schema/document.h"
#include "schema/keys.h"

namespace ddbplan::schema {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t dot = path.find('.');
    parts.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    path.remove_prefix(dot + 1);
  }
}

/// Every span inside of the new value is the place of what it replaces.
void place(Node& node, support::Span span) {
  node.span = span;
  node.opaque = true;
  for (Node& item : node.items) place(item, span);
  for (Entry& entry : node.entries) {
    entry.key_span = span;
    place(entry.value, span);
  }
}

class Walk {
 public:
  Walk(const Override& override, support::Diagnostics& diagnostics)
      : override_(override), diagnostics_(diagnostics) {}

  std::optional<Applied> apply(Node& root) {
    support::Result<Node, std::string> value = read_value(override_.value);
    if (!value) {
      report(fmt::format("`--set {}`: `{}` is not a YAML value: {}", override_.path,
                         override_.value, value.error()));
      return std::nullopt;
    }
    at_ = &root;
    span_ = root.span;
    shape_ = nullptr;
    place_ = Place::root;
    for (const std::string& part : split(override_.path)) {
      if (!step(part)) return std::nullopt;
      if (!walked_.empty()) walked_ += ".";
      walked_ += part;
    }
    *at_ = std::move(*value);
    place(*at_, span_);
    return Applied{override_, span_};
  }

 private:
  void report(std::string message, std::string help = {}) {
    diagnostics_.add(finding(Code::unknown_path, {}, std::move(message), std::move(help)));
  }

  bool step(const std::string& part) {
    if (at_->is_list()) return step_into_list(part);
    if (at_->is_scalar()) {
      report(fmt::format("`--set {}`: `{}` is a single value and has no `{}`", override_.path,
                         walked_, part),
             fmt::format("Set all of it: `--set {}=VALUE`.", walked_));
      return false;
    }
    Entry* entry = at_->find(part);
    const KeyInfo* key = find_key(part);
    if (entry == nullptr && key == nullptr) {
      std::vector<std::string> names;
      for (const Entry& one : at_->entries) names.push_back(one.key);
      report(walked_.empty()
                 ? fmt::format("`--set {}`: the schema has no `{}`", override_.path, part)
                 : fmt::format("`--set {}`: `{}` has no `{}`", override_.path, walked_, part),
             suggestion(part, names, "names"));
      return false;
    }
    if (entry == nullptr) {
      at_->kind = Node::Kind::map;
      at_->entries.push_back(Entry{part, span_, Node{}});
      entry = &at_->entries.back();
    }
    span_ = entry->value.span.known() ? entry->value.span : entry->key_span;
    at_ = &entry->value;
    descend(key == nullptr ? element() : key->shape);
    return true;
  }

  bool step_into_list(const std::string& part) {
    std::size_t index = 0;
    const auto result = std::from_chars(part.data(), part.data() + part.size(), index);
    const bool fine = result.ec == std::errc() && result.ptr == part.data() + part.size() &&
                      index < at_->items.size();
    if (!fine) {
      report(fmt::format("`--set {}`: `{}` is a list of {}; `{}` is not one of its places",
                         override_.path, walked_, at_->items.size(), part),
             "Places count from 0.");
      return false;
    }
    at_ = &at_->items[index];
    span_ = at_->span;
    descend(element());
    return true;
  }

  /// The key of the language that `part` is at this place.
  [[nodiscard]] const KeyInfo* find_key(std::string_view part) const {
    if (!place_) return nullptr;
    for (const KeyInfo* key : keys_of(*place_)) {
      if (key->key == part) return key;
    }
    return nullptr;
  }

  [[nodiscard]] ShapeId element() const {
    if (shape_ != nullptr) {
      for (const Form& form : shape_->forms) {
        const bool is_list = form.kind == Form::Kind::list && at_->is_list();
        if (is_list || form.kind == Form::Kind::dictionary) return form.element;
      }
    }
    return ShapeId::text;
  }

  void descend(ShapeId id) {
    shape_ = &shape(id);
    place_.reset();
    for (const Form& form : shape_->forms) {
      if (form.kind == Form::Kind::record) place_ = form.place;
    }
  }

  const Override& override_;
  support::Diagnostics& diagnostics_;
  Node* at_ = nullptr;
  support::Span span_;
  const ShapeInfo* shape_ = nullptr;
  std::optional<Place> place_;
  std::string walked_;
};

}  // namespace

std::vector<Applied> apply_overrides(Node& root, const std::vector<Override>& overrides,
                                     support::Diagnostics& diagnostics) {
  std::vector<Applied> applied;
  for (const Override& override : overrides) {
    if (auto one = Walk(override, diagnostics).apply(root)) applied.push_back(std::move(*one));
  }
  return applied;
}

}  // namespace ddbplan::schema
