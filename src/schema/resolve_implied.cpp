// Access patterns that nobody writes down because others imply them.
#include <algorithm>
#include <utility>

#include "model/stream_upkeep.h"
#include "schema/resolve.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::Entity;
using model::EntityId;
using model::Pattern;
using model::PatternId;
using model::Write;
using model::WriteKind;

class Implied {
 public:
  explicit Implied(Context& context) : context_(context) {}

  void creates() {
    for (std::size_t i = 0; i < context_.workload.entities.size(); ++i) {
      const Entity& entity = context_.workload.entities[i];
      if (entity.rollup || entity.singleton || is_created(EntityId{i})) continue;
      Write write;
      write.kind = WriteKind::create;
      write.entities = {EntityId{i}};
      write.span = entity.span;
      const std::string name =
          add("create_" + model::snake_case(entity.name), entity.span, std::move(write), {});
      context_.use_default("access_patterns." + name, "create: " + entity.name,
                           "nothing else creates its rows");
    }
  }

  /// What a follower changes may be kept elsewhere too: a copy of a copy, a rollup of a rollup.
  void upkeep() {
    model::Causes among{0, context_.workload.patterns.size()};
    for (int round = 0; among.first < among.last; ++round) {
      if (round == kRoundsMax) return report_circle(among);
      upkeep_after(among);
      among = {among.last, context_.workload.patterns.size()};
    }
  }

 private:
  /// Longer chains than this come back to where they began.
  static constexpr int kRoundsMax = 8;

  void report_circle(const model::Causes& among) {
    const Pattern& follower = context_.workload.patterns[among.first];
    context_.report(Code::cycle, follower.span,
                    "what is kept here is kept from itself, over other entities",
                    "Leave one of them to be worked out where it is read (`kept: never`).");
  }

  void upkeep_after(const model::Causes& among) {
    for (std::size_t i = 0; i < context_.workload.entities.size(); ++i) {
      const Entity entity = context_.workload.entities[i];
      if (entity.rollup && entity.rollup->kept == model::Kept::stream)
        follow(followers_of_rollup(context_.workload, EntityId{i}, among), entity.span);
      for (const Attribute& attribute : entity.attributes) {
        if (attribute.upkeep && attribute.upkeep->kept == model::Kept::stream)
          follow(followers_of(context_.workload, EntityId{i}, attribute, among), attribute.span);
      }
    }
  }

  [[nodiscard]] bool is_created(EntityId entity) const {
    return std::any_of(context_.workload.patterns.begin(), context_.workload.patterns.end(),
                       [&](const Pattern& pattern) {
                         const auto writes = writes_of(pattern);
                         return std::any_of(writes.begin(), writes.end(), [&](const Write* write) {
                           return may_insert(*write) && is_about(*write, entity);
                         });
                       });
  }

  std::string add(std::string name, support::Span span, Write write,
                  std::optional<PatternId> after) {
    while (context_.workload.find_pattern(name)) name += "_";
    Pattern pattern;
    pattern.name = name;
    pattern.span = span;
    pattern.implied = true;
    pattern.after = after;
    pattern.action = std::move(write);
    context_.workload.patterns.push_back(std::move(pattern));
    context_.patterns.push_back({nullptr, "access_patterns." + name});
    return name;
  }

  void follow(std::vector<model::Follower> followers, support::Span span) {
    for (model::Follower& follower : followers) {
      std::string because = reason_of(follower, context_.workload);
      const std::string name =
          add(std::move(follower.name), span, std::move(follower.write), follower.cause);
      context_.workload.patterns.back().per_cause = follower.per_cause;
      context_.use_default("access_patterns." + name, "a write of a stream consumer",
                           std::move(because));
    }
  }

  Context& context_;
};

}  // namespace

void add_implied_patterns(Context& context) {
  // A pattern that could not be read may be the one that creates.
  if (context.patterns_broken || !context.broken_patterns.empty()) return;
  Implied(context).creates();
  Implied(context).upkeep();
}

}  // namespace ddbplan::schema
