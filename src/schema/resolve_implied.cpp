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
  explicit Implied(Context& context)
      : context_(context), stated_(context.workload.patterns.size()) {}

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

  void upkeep() {
    for (std::size_t i = 0; i < context_.workload.entities.size(); ++i) {
      const Entity entity = context_.workload.entities[i];
      if (entity.rollup && entity.rollup->kept == model::Kept::stream)
        follow(followers_of_rollup(context_.workload, EntityId{i}, stated_), entity.span);
      for (const Attribute& attribute : entity.attributes) {
        if (attribute.upkeep && attribute.upkeep->kept == model::Kept::stream)
          follow(followers_of(context_.workload, EntityId{i}, attribute, stated_), attribute.span);
      }
    }
  }

 private:
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
      const std::string& cause = context_.workload.pattern(follower.cause).name;
      std::string because = "one for each " + cause;
      const std::string name =
          add(std::move(follower.name), span, std::move(follower.write), follower.cause);
      context_.use_default("access_patterns." + name, "a write of a stream consumer",
                           std::move(because));
    }
  }

  Context& context_;
  std::size_t stated_;
};

}  // namespace

void add_implied_patterns(Context& context) {
  // A pattern that could not be read may be the one that creates.
  if (context.patterns_broken || !context.broken_patterns.empty()) return;
  Implied(context).creates();
  Implied(context).upkeep();
}

}  // namespace ddbplan::schema
