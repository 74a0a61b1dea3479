#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "schema/checks.h"
#include "schema/resolve.h"
#include "schema/resolve_action.h"
#include "schema/resolve_attribute.h"
#include "support/text.h"

namespace ddbplan::schema {
namespace {

/// API Reference, TransactWriteItems, ClientRequestToken.
constexpr double kTokenSeconds = 600;

using model::AttributeRef;
using model::EntityId;
using model::Pattern;
using model::PatternId;
using model::ReadKind;
using model::WriteKind;

constexpr auto kActions = std::to_array<ActionKey>({
    {"get", ReadKind::get},
    {"list", ReadKind::list},
    {"count", ReadKind::count},
    {"export", ReadKind::export_all},
    {"search", ReadKind::search},
    {"similar", ReadKind::similar},
    {"analyse", ReadKind::analyse},
    {"create", WriteKind::create},
    {"put", WriteKind::put},
    {"update", WriteKind::update},
    {"upsert", WriteKind::upsert},
    {"delete", WriteKind::delete_rows},
    {"check", WriteKind::check},
});

class PatternReader {
 public:
  PatternReader(Context& context, const Entry& entry)
      : context_(context), entry_(entry), map_(entry.value) {
    action_.path = "access_patterns." + entry.key;
    action_.across_tenants = flag(map_, "across_tenants").value_or(false);
  }

  void read() {
    if (const Node* feed = child(map_, "feed")) {
      for (const Node* name : scalars(feed)) {
        if (const auto id = context_.entity(name->text, name->span))
          context_.workload.feeds.push_back(*id);
      }
      return;
    }
    Pattern pattern;
    pattern.name = entry_.key;
    pattern.span = entry_.key_span;
    if (const auto about = text(map_, "about")) pattern.about = *about;
    pattern.across_tenants = action_.across_tenants;
    if (!read_action(pattern)) {
      context_.broken_patterns.insert(entry_.key);
      return;
    }
    const Node* idempotent = child(map_, "idempotent");
    if (const auto duration = value(idempotent, parse_duration)) {
      const double seconds = duration->resolve(context_.calendar).seconds;
      if (seconds > kTokenSeconds) {
        context_.report(Code::out_of_range, idempotent->span,
                        "a call is known again for 10 minutes, as long as DynamoDB remembers a "
                        "client request token",
                        "For longer, create a row with the identity of the call in the same "
                        "transaction: the second one is refused.");
      } else if (check_between(context_, *idempotent, seconds, {0, kTokenSeconds, "seconds"})) {
        pattern.idempotent = support::Duration{seconds};
      }
    }
    context_.workload.patterns.push_back(std::move(pattern));
    context_.patterns.push_back({&entry_, action_.path});
  }

 private:
  bool read_action(Pattern& pattern) {
    if (const Node* actions = child(map_, "transaction"))
      return read_transaction(pattern, *actions);
    const ActionKey* key = find_action(map_);
    if (key == nullptr) return false;
    if (const ReadKind* kind = std::get_if<ReadKind>(&key->kind)) {
      auto read = resolve_read(context_, action_, map_, *kind);
      if (read) pattern.action = std::move(*read);
      return read.has_value();
    }
    auto write = resolve_write(context_, action_, map_, std::get<WriteKind>(key->kind));
    if (write) pattern.action = std::move(*write);
    return write.has_value();
  }

  bool read_transaction(Pattern& pattern, const Node& actions) {
    model::Transaction transaction;
    bool whole = true;
    for (const Node& item : actions.items) {
      const ActionKey* key = item.is_map() ? find_action(item) : nullptr;
      if (key == nullptr) {
        whole = false;
        continue;
      }
      if (const ReadKind* kind = std::get_if<ReadKind>(&key->kind)) {
        auto read = resolve_read(context_, action_, item, *kind);
        whole = whole && read.has_value();
        if (read) transaction.reads.push_back(std::move(*read));
      } else {
        auto write = resolve_write(context_, action_, item, std::get<WriteKind>(key->kind));
        whole = whole && write.has_value();
        if (write) transaction.writes.push_back(std::move(*write));
      }
    }
    if (!transaction.reads.empty() && !transaction.writes.empty()) {
      context_.report(Code::does_not_apply, entry_.key_span,
                      fmt::format("the transaction of `{}` mixes reads and writes", entry_.key),
                      "DynamoDB has transactions of reads and transactions of writes; to require "
                      "that a row exists, "
                      "use `{check: ENTITY, by: …}`.");
      return false;
    }
    const Node* fails = child(map_, "fails");
    const auto share = value(fails, parse_share);
    if (share && check_between(context_, *fails, *share * 100, {0, 100, "percent of the calls"}))
      transaction.fails = *share;
    pattern.action = std::move(transaction);
    return whole;
  }

  Context& context_;
  const Entry& entry_;
  const Node& map_;
  ActionContext action_;
};

void resolve_after(Context& context) {
  for (std::size_t i = 0; i < context.patterns.size(); ++i) {
    const Node* after = child(context.patterns[i].entry->value, "after");
    if (after == nullptr || !after->is_scalar()) continue;
    const auto found = context.workload.find_pattern(after->text);
    if (found) {
      context.workload.patterns[i].after = *found;
      continue;
    }
    if (context.patterns_broken || context.broken_patterns.contains(after->text)) continue;
    std::vector<std::string> names;
    for (const Pattern& pattern : context.workload.patterns) names.push_back(pattern.name);
    context.report(Code::unknown_pattern, after->span,
                   fmt::format("there is no access pattern `{}`", after->text),
                   suggestion(after->text, names, "access patterns"));
  }
  for (std::size_t i = 0; i < context.patterns.size(); ++i) {
    // As many steps as patterns, and still going: round in a circle.
    std::optional<PatternId> at = PatternId{i};
    for (std::size_t steps = 0; at && steps <= context.patterns.size(); ++steps) {
      at = context.workload.pattern(*at).after;
    }
    if (!at) continue;
    context.report(Code::cycle, child(context.patterns[i].entry->value, "after")->span,
                   fmt::format("`{}` would start itself", context.workload.patterns[i].name),
                   "Patterns cannot follow each other round in a circle.");
    for (Pattern& pattern : context.workload.patterns) pattern.after.reset();
    return;
  }
}

}  // namespace

const ActionKey* find_action(const Node& map) {
  for (const ActionKey& action : kActions) {
    if (has(map, action.key)) return &action;
  }
  return nullptr;
}

std::vector<EntityId> resolve_targets(Context& context, const Node& node) {
  std::vector<EntityId> targets;
  bool whole = true;
  for (const Node* scalar : scalars(&node)) {
    const auto words = value(scalar, parse_alternatives);
    if (!words) continue;
    for (const Word& word : *words) {
      const auto id = context.entity(word.text, context.span_of(*scalar, word));
      whole = whole && id.has_value();
      if (id) targets.push_back(*id);
    }
  }
  if (!whole) targets.clear();
  return targets;
}

std::vector<AttributeRef> resolve_by(Context& context, const ActionContext& action, EntityId entity,
                                     const Node* node) {
  std::vector<AttributeRef> by;
  const std::string& tenant = context.at(entity).tenant;
  if (!tenant.empty() && !action.across_tenants) {
    AttributeRef leading;
    leading.name = tenant;
    by.push_back(std::move(leading));
  }
  for (const Node* scalar : scalars(node)) {
    const auto word = value(scalar, parse_reference);
    if (!word) continue;
    const auto reference = resolve_reference(context, {entity, scalar, true}, *word);
    if (!reference) {
      context.uncertain_by.insert(action.path);
      continue;
    }
    const auto same = std::find(by.begin(), by.end(), *reference);
    if (same == by.end()) {
      by.push_back(*reference);
    } else if (same->span.known()) {
      context.report(Code::name_taken, scalar->span,
                     fmt::format("`{}` stands twice in `by`", word->text));
    } else {
      same->span = reference->span;
    }
  }
  return by;
}

model::ExpressionPtr resolve_condition_at(Context& context, EntityId entity, const Node& map,
                                          std::string_view key) {
  const Node* node = child(map, key);
  const auto syntax = value(node, parse_condition);
  if (!syntax) return nullptr;
  return resolve_condition(context, {entity, node, true}, *syntax);
}

model::Spread resolve_spread(Context& context, const Node& scalar, const GivenSpread& given,
                             double usual_mean, double high, std::string_view noun) {
  if (!check_spread(context, scalar, given, {0, high, noun})) return {usual_mean, usual_mean};
  return complete(given, usual_mean);
}

void resolve_patterns(Context& context, const Node& root) {
  const Node* map = child(root, "access_patterns");
  context.patterns_broken = map == nullptr || map->pruned;
  if (map == nullptr) return;
  for (const Entry& entry : map->entries) {
    if (entry.value.is_map()) PatternReader(context, entry).read();
    if (entry.value.is_broken()) context.broken_patterns.insert(entry.key);
  }
  resolve_after(context);
}

}  // namespace ddbplan::schema
