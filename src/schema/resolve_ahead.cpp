// Times that may lie after now: said by `ahead`, or else assumed where a pattern compares the time with now, which
// would tell nothing if all rows lay on one side.
#include <algorithm>

#include "model/row_times.h"
#include "schema/resolve.h"
#include "support/units.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::EntityId;

/// What the language promises where nothing is known (selectivity 10 %).
constexpr double kAhead = 0.1;

class Ahead {
 public:
  explicit Ahead(Context& context) : context_(context) {}

  void asked_by(EntityId entity, const model::ExpressionPtr& condition,
                const std::string& pattern) {
    if (condition == nullptr) return;
    if (const auto* both = std::get_if<model::And>(&condition->node)) {
      for (const model::ExpressionPtr& term : both->terms) asked_by(entity, term, pattern);
    } else if (const auto* any = std::get_if<model::Or>(&condition->node)) {
      for (const model::ExpressionPtr& term : any->terms) asked_by(entity, term, pattern);
    } else if (const auto* inverse = std::get_if<model::Not>(&condition->node)) {
      asked_by(entity, inverse->term, pattern);
    } else if (const auto compared = compared_with_now(*condition);
               compared && parts_the_rows(compared->bounds)) {
      assume(compared->attribute.via.value_or(entity), compared->attribute.name,
             share_ahead(*compared, condition->share), pattern);
    }
  }

  /// A copy lies where its original does, and what a relation brings along where the parent's is.
  void pass_on() {
    for (std::size_t e = 0; e < context_.workload.entities.size(); ++e) {
      for (Attribute& attribute : context_.workload.entities[e].attributes) {
        if (!model::is_time(attribute.type)) continue;
        const Attribute* original = original_of({EntityId{e}, &attribute}).attribute;
        if (original != nullptr && original != &attribute) attribute.ahead = original->ahead;
      }
    }
  }

 private:
  struct Original {
    EntityId entity;
    Attribute* attribute = nullptr;
  };

  static std::optional<model::TimeComparison> compared_with_now(
      const model::Expression& condition) {
    const auto compared = model::time_comparison(condition);
    return compared ? compared : model::known_side(condition);
  }

  /// `placed_at >= now - 7 days` is about the past alone, and so is one that ends now.
  static bool parts_the_rows(const model::TimeBounds& bounds) {
    const bool starts_ahead = bounds.low && *bounds.low >= 0;
    const bool ends_ahead = bounds.high && *bounds.high >= 0;
    return starts_ahead || (ends_ahead && (!bounds.low || *bounds.high > 0));
  }

  /// `matches` says how many a comparison with one side keeps.
  static double share_ahead(const model::TimeComparison& compared,
                            const std::optional<double>& matches) {
    if (!matches || *matches <= 0 || *matches >= 1) return kAhead;
    if (compared.bounds.low && !compared.bounds.high) return *matches;
    if (compared.bounds.high && !compared.bounds.low) return 1 - *matches;
    return kAhead;
  }

  Attribute* find(EntityId entity, const std::string& name) {
    std::vector<Attribute>& all = context_.workload.entities[entity.index].attributes;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Attribute& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
  }

  /// Where the row has the value from; itself, where it is the row's own.
  Original original_of(Original one) {
    constexpr int kStepsMax = 16;
    for (int i = 0; i < kStepsMax && one.attribute != nullptr; ++i) {
      const Original from = source_of(one);
      if (from.attribute == nullptr) return one;
      one = from;
    }
    return {};
  }
  Original source_of(const Original& one) {
    const auto& upkeep = one.attribute->upkeep;
    if (upkeep && upkeep->kind == model::Upkeep::Kind::copy_of)
      return {upkeep->source, find(upkeep->source, upkeep->source_attribute)};
    if (one.attribute->origin != model::Origin::relation) return {};
    const auto& inherited = context_.draft(one.entity).inherited;
    const auto from = inherited.find(one.attribute->name);
    if (from == inherited.end()) return {};
    return {from->second.entity, find(from->second.entity, from->second.attribute)};
  }

  void assume(EntityId entity, const std::string& name, double share, const std::string& pattern) {
    const Original one = original_of({entity, find(entity, name)});
    if (one.attribute == nullptr || one.attribute->ahead || !is_drawn(one)) return;
    one.attribute->ahead = share;
    context_.use_default(
        "entities." + context_.at(one.entity).name + "." + one.attribute->name + ".ahead",
        support::format_number(share * 100) + "%", pattern + " compares it with now");
  }

  /// Nothing else says when it is.
  bool is_drawn(const Original& one) {
    const Attribute& attribute = *one.attribute;
    return model::is_time(attribute.type) && attribute.origin == model::Origin::declared &&
           !attribute.upkeep && attribute.derive == nullptr &&
           !model::is_expiry_time(context_.at(one.entity), attribute);
  }

  Context& context_;
};

}  // namespace

void resolve_ahead(Context& context) {
  Ahead ahead(context);
  for (const model::Pattern& pattern : context.workload.patterns) {
    for (const model::Read* read : reads_of(pattern)) {
      if (read->entities.empty()) continue;
      ahead.asked_by(read->entities.front(), read->where, pattern.name);
      if (read->range) ahead.asked_by(read->entities.front(), read->range->condition, pattern.name);
    }
    for (const model::Write* write : writes_of(pattern)) {
      if (!write->entities.empty())
        ahead.asked_by(write->entities.front(), write->condition, pattern.name);
    }
  }
  ahead.pass_on();
}

}  // namespace ddbplan::schema
