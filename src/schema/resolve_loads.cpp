// Rates, peaks, hottest values: given, from a mix, following rows and lifetimes, or by default.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "model/fan_out.h"
#include "model/stream_upkeep.h"
#include "schema/checks.h"
#include "schema/resolve.h"
#include "schema/resolve_expression.h"
#include "support/text.h"

namespace ddbplan::schema {
namespace {

using model::EntityId;
using model::Load;
using model::Pattern;
using model::ReadKind;
using model::WriteKind;
using support::Rate;

constexpr double kReadRate = 1;
constexpr double kWriteRate = 0.1;
constexpr double kOffloadRate = 1 / support::kSecondsPerDay;
constexpr double kPeakOverMean = 3;

/// What the mixes give a pattern.
struct MixLoad {
  double mean = 0;
  double peak = 0;
};

class Loads {
 public:
  explicit Loads(Context& context)
      : context_(context),
        done_(context.workload.patterns.size(), false),
        defaults_(done_.size()) {}

  void run(const Node& root) {
    read_mixes(child(root, "mixes"));
    // Creates first: a move's default follows its entity's creates.
    for (const bool creates : {true, false}) {
      for (std::size_t i = 0; i < done_.size(); ++i) {
        if (is_create(context_.workload.patterns[i]) == creates) resolve(i, 0);
      }
    }
    for (std::vector<model::DefaultUsed>& used : defaults_) {
      for (model::DefaultUsed& one : used) context_.workload.defaults.push_back(std::move(one));
    }
  }

 private:
  [[nodiscard]] static const model::Write* sole_write(const Pattern& pattern) {
    return std::get_if<model::Write>(&pattern.action);
  }
  [[nodiscard]] static bool is_create(const Pattern& pattern) {
    if (const auto* transaction = std::get_if<model::Transaction>(&pattern.action)) {
      return std::any_of(transaction->writes.begin(), transaction->writes.end(),
                         [](const model::Write& write) { return write.kind == WriteKind::create; });
    }
    const model::Write* write = sole_write(pattern);
    return write != nullptr && (write->kind == WriteKind::create || write->kind == WriteKind::put);
  }

  /// Kept by pattern: creates are resolved first, but listed where they stand.
  void use_default(std::size_t index, std::string_view key, std::string value, std::string reason) {
    defaults_[index].push_back(
        {context_.patterns[index].path + std::string(key), std::move(value), std::move(reason)});
  }

  void read_mixes(const Node* node) {
    if (node == nullptr) return;
    for (const Entry& entry : node->entries) {
      if (!entry.value.is_map()) continue;
      model::Mix mix;
      mix.name = entry.key;
      const Node* share = child(entry.value, "share");
      if (const auto given = value(share, parse_share)) {
        if (check_between(context_, *share, *given * 100, {0, 100, "percent of the time"}))
          mix.share = *given;
      }
      const Node* total = child(entry.value, "total");
      if (const auto rate = value(total, parse_rate)) mix.total = {checked_rate(*total, *rate)};
      read_weights(mix, child(entry.value, "weights"));
      apply(mix);
      context_.workload.mixes.push_back(std::move(mix));
    }
  }

  void read_weights(model::Mix& mix, const Node* weights) {
    if (weights == nullptr) return;
    for (const Entry& entry : weights->entries) {
      const auto weight = value(&entry.value, parse_count);
      if (!require_pattern(entry.key, entry.key_span) || !weight) continue;
      if (check_between(context_, entry.value, *weight, {0, 1e12, "as a weight"}))
        mix.weights[entry.key] = *weight;
    }
  }

  bool require_pattern(const std::string& name, support::Span span) {
    if (context_.workload.find_pattern(name)) return true;
    if (context_.patterns_broken || context_.broken_patterns.contains(name)) return false;
    std::vector<std::string> names;
    for (const Pattern& pattern : context_.workload.patterns) names.push_back(pattern.name);
    context_.report(Code::unknown_pattern, span,
                    fmt::format("there is no access pattern `{}`", name),
                    suggestion(name, names, "access patterns"));
    return false;
  }

  void apply(const model::Mix& mix) {
    double sum = 0;
    for (const auto& [name, weight] : mix.weights) sum += weight;
    if (sum <= 0) return;
    for (const auto& [name, weight] : mix.weights) {
      MixLoad& load = mixed_[name];
      const double calls = mix.total.per_second * weight / sum;
      load.mean += calls * mix.share;
      // The mixes take turns: the peak is the busiest one's own rate.
      load.peak = std::max(load.peak, calls);
    }
  }

  /// Calls per second, `per Entity` multiplied out. 0 after a report.
  double checked_rate(const Node& scalar, const GivenRate& rate) {
    double per_second = rate.per_second(context_.calendar);
    if (!rate.per_entity.empty()) {
      const Word word{rate.per_entity, rate.per_entity_at,
                      rate.per_entity_at + rate.per_entity.size()};
      const auto entity = context_.entity(rate.per_entity, context_.span_of(scalar, word));
      if (!entity) return 0;
      per_second *= context_.at(*entity).count;
    }
    if (!check_between(context_, scalar, per_second, kRateBounds)) return 0;
    return per_second;
  }

  void resolve(std::size_t index, int depth) {
    if (done_[index]) return;
    done_[index] = true;
    Pattern& pattern = context_.workload.patterns[index];
    const PatternDraft& draft = context_.patterns[index];
    Load& load = pattern.load;
    load.span = pattern.span;
    if (pattern.after && depth < 10'000) resolve(pattern.after->index, depth + 1);
    const Node none;
    const Node& map = draft.entry == nullptr ? none : draft.entry->value;
    const Node* rate = child(map, "rate");
    const Node* peak = child(map, "peak");
    const auto given = value(rate, parse_rate);
    const auto given_peak = value(peak, parse_rate);
    if (given) take_rate(load, *rate, *given);
    if (given_peak) load.peak = {checked_rate(*peak, *given_peak)};
    const auto mixed = mixed_.find(pattern.name);
    if (mixed != mixed_.end()) {
      if (given) report_twice(pattern, *rate);
      if (!given) load.mean = {mixed->second.mean};
      if (!given_peak)
        load.peak = {std::max(mixed->second.peak, load.mean.per_second * kPeakOverMean)};
    }
    const bool has_mean = given || mixed != mixed_.end();
    if (!has_mean) default_mean(index, given_peak.has_value());
    if (!given_peak && mixed == mixed_.end()) default_peak(index);
    check_peak(pattern, rate, peak);
    read_hottest(pattern, child(map, "hottest"));
    if (pattern.implied && pattern.after) follow_hottest(pattern);
  }

  /// Of what a stream consumer writes as much is about one row as of what it follows, where that row is found by the busy
  /// attribute: the poll for which all vote.
  void follow_hottest(Pattern& follower) {
    const Pattern& cause = context_.workload.pattern(*follower.after);
    const auto* first = std::get_if<model::Write>(&cause.action);
    const auto* write = std::get_if<model::Write>(&follower.action);
    if (first == nullptr || write == nullptr) return;
    if (cause.load.hottest_attribute.empty()) return follow_busy_parent(*first, *write, follower);
    if (!cause.load.hottest) return;
    const std::string& busy = cause.load.hottest_attribute;
    std::vector<std::string> names{busy};
    const EntityId source = first->entities.front();
    const EntityId owner = write->entities.front();
    for (const model::Relation& relation : context_.at(source).relations) {
      if (relation.parents != std::vector<EntityId>{owner}) continue;
      for (const auto& [own, theirs] : identity_links(context_.workload, source, relation, owner)) {
        if (own == busy) names.push_back(theirs);
      }
    }
    for (const model::AttributeRef& by : write->by) {
      if (!support::contains(names, by.name)) continue;
      follower.load.hottest = {cause.load.hottest->per_second * follower.per_cause};
      follower.load.hottest_attribute = by.name;
      return;
    }
  }

  /// What is kept of rows is kept where they are of: the busy parent's count, the busy device's hour.
  void follow_busy_parent(const model::Write& cause, const model::Write& write, Pattern& follower) {
    const model::Relation* relation = busy_relation(cause);
    if (relation == nullptr) return;
    const bool is_parent = relation->parents == write.entities;
    const bool is_grouped =
        std::all_of(relation->attributes.begin(), relation->attributes.end(),
                    [&](const std::string& name) { return names(write, name); });
    if (!is_parent && !is_grouped) return;
    const Load& load = context_.workload.pattern(*follower.after).load;
    if (load.hottest) follower.load.hottest = *load.hottest * follower.per_cause;
    for (const auto& [value, rate] : load.hottest_named)
      follower.load.hottest_named[value] = rate * follower.per_cause;
  }

  [[nodiscard]] bool names(const model::Write& write, const std::string& attribute) const {
    return attribute == context_.at(write.entities.front()).tenant ||
           std::any_of(write.by.begin(), write.by.end(),
                       [&](const model::AttributeRef& by) { return by.name == attribute; });
  }

  /// Whose busy row `hottest` of a write is about, when it does not say: of the parent that the rows' identity begins
  /// with, else of the only one there is. Null: it may be about anything.
  [[nodiscard]] const model::Relation* busy_relation(const model::Write& write) const {
    const model::Entity& entity = context_.at(write.entities.front());
    const auto leads = [&](const model::Relation& relation) {
      const auto first = std::find_if(entity.id.begin(), entity.id.end(), [&](const auto& name) {
        return entity.tenant.empty() || name != entity.tenant;
      });
      return first != entity.id.end() && support::contains(relation.attributes, *first);
    };
    const auto named = [&](const std::vector<std::string>& attributes) {
      return std::all_of(attributes.begin(), attributes.end(),
                         [&](const std::string& name) { return names(write, name); });
    };
    const bool inserts = write.kind == WriteKind::create || write.kind == WriteKind::put;
    for (const model::Relation& relation : entity.relations) {
      const bool is_only = entity.relations.size() == 1;
      if (!leads(relation) && !is_only) continue;
      if (inserts || named(relation.attributes) || named(entity.id)) return &relation;
    }
    return nullptr;
  }

  void take_rate(Load& load, const Node& scalar, const GivenRate& rate) {
    load.span = scalar.span;
    load.mean = {checked_rate(scalar, rate)};
    load.uncertainty = rate.uncertainty;
    check_between(context_, scalar, rate.uncertainty * 100, {0, 1000, "percent of uncertainty"});
    if (!rate.per_entity.empty()) load.grows_with = context_.workload.find_entity(rate.per_entity);
    if (rate.window) {
      load.window = Load::Window{rate.count, rate.window->length.resolve(context_.calendar),
                                 rate.window->every.resolve(context_.calendar)};
    }
  }

  void report_twice(const Pattern& pattern, const Node& rate) {
    context_.report(
        Code::load_disagrees, rate.span,
        fmt::format("`{}` has a rate of its own and a weight in a mix; the rate is used",
                    pattern.name),
        "Remove one of them.");
  }

  void default_mean(std::size_t index, bool has_peak) {
    Pattern& pattern = context_.workload.patterns[index];
    Load& load = pattern.load;
    load.mean_is_default = true;
    if (pattern.after) {
      const Load after =
          load_after(context_.workload.pattern(*pattern.after).load, pattern.per_cause);
      load.mean = after.mean;
      load.grows_with = after.grows_with;
      load.window = after.window;
      load.mean_is_default = after.mean_is_default;
      return;
    }
    std::string reason;
    if (has_peak) {
      load.mean = {load.peak.per_second / kPeakOverMean};
      reason = "a third of the peak";
    } else if (!follow_rows(pattern, reason)) {
      load.mean = {usual_rate(pattern)};
      reason = "no rate is given";
    }
    use_default(index, ".rate", support::format_rate(load.mean), reason);
  }

  [[nodiscard]] static double usual_rate(const Pattern& pattern) {
    if (const auto* read = std::get_if<model::Read>(&pattern.action)) {
      const bool rare = read->kind == ReadKind::export_all || read->kind == ReadKind::analyse;
      return rare ? kOffloadRate : kReadRate;
    }
    return pattern.is_read() ? kReadRate : kWriteRate;
  }

  /// A create brings as many rows as expire; a move takes as many as come in.
  bool follow_rows(Pattern& pattern, std::string& reason) {
    const model::Write* write = sole_write(pattern);
    if (write == nullptr || write->entities.size() != 1 || write->for_each) return false;
    const EntityId id = write->entities.front();
    const model::Entity& entity = context_.at(id);
    if (write->kind == WriteKind::create || write->kind == WriteKind::put) {
      const double per_call = std::max(1.0, rows_written(context_.workload, *write, id));
      const double divided = static_cast<double>(count_sharers(id)) * per_call;
      const std::string by_each =
          per_call > 1 ? fmt::format(", {} by each call", support::format_number(per_call, 2)) : "";
      if (entity.retention && entity.retention->after) {
        pattern.load.mean = {entity.count / entity.retention->after->seconds / divided};
        pattern.load.grows_with = id;
        reason = fmt::format("{} rows live {}{}", support::format_count(entity.count),
                             support::format_duration(*entity.retention->after), by_each);
        return pattern.load.mean.per_second > 0;
      }
      if (entity.growth_per_month > 0) {
        pattern.load.mean = {entity.count * entity.growth_per_month /
                             (context_.calendar.hours_per_month * 3600) / divided};
        pattern.load.grows_with = id;
        reason = fmt::format("the growth of {}{}", entity.name, by_each);
        return pattern.load.mean.per_second > 0;
      }
      return false;
    }
    if (!write->move) return false;
    const double inflow = inflow_of(id, pattern);
    if (inflow <= 0) return false;
    pattern.load.mean = {inflow / static_cast<double>(count_moves(id, *write->move))};
    reason = fmt::format("as often as {} is created", entity.name);
    return true;
  }

  /// Creates of an entity that are left to a default share its rows.
  [[nodiscard]] std::size_t count_sharers(EntityId id) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < context_.workload.patterns.size(); ++i) {
      const model::Write* write = sole_write(context_.workload.patterns[i]);
      const bool creates = write != nullptr &&
                           (write->kind == WriteKind::create || write->kind == WriteKind::put) &&
                           write->entities.front() == id;
      const Entry* entry = context_.patterns[i].entry;
      if (creates && (entry == nullptr || !has(entry->value, "rate"))) ++count;
    }
    return std::max<std::size_t>(count, 1);
  }

  [[nodiscard]] std::size_t count_moves(EntityId id, const model::StateMove& move) const {
    std::size_t count = 0;
    for (const Pattern& pattern : context_.workload.patterns) {
      const model::Write* write = sole_write(pattern);
      if (write == nullptr || !write->move || write->entities.front() != id) continue;
      if (write->move->attribute == move.attribute && write->move->from == move.from) ++count;
    }
    return std::max<std::size_t>(count, 1);
  }

  /// Rows created per second, where that is known: given, or from rows and lifetime.
  double inflow_of(EntityId id, Pattern& follower) {
    double sum = 0;
    for (const Pattern& pattern : context_.workload.patterns) {
      double per_call = 0;
      const auto add = [&](const model::Write& write) {
        if (write.kind == WriteKind::create && write.entities.front() == id && !write.for_each) {
          per_call += write.times.mean;
        }
      };
      if (const model::Write* write = sole_write(pattern)) add(*write);
      if (const auto* transaction = std::get_if<model::Transaction>(&pattern.action)) {
        for (const model::Write& write : transaction->writes) add(write);
      }
      const bool follows_rows = pattern.load.grows_with == id;
      if (per_call == 0 || (pattern.load.mean_is_default && !follows_rows)) continue;
      sum += per_call * pattern.load.mean.per_second;
      follower.load.grows_with = pattern.load.grows_with;
    }
    return sum;
  }

  void default_peak(std::size_t index) {
    Pattern& pattern = context_.workload.patterns[index];
    Load& load = pattern.load;
    load.peak_is_default = true;
    if (load.window && load.window->length.seconds > 0) {
      load.peak = {load.window->calls / load.window->length.seconds};
      load.peak_is_default = false;
      return;
    }
    if (pattern.after) {
      const Load after =
          load_after(context_.workload.pattern(*pattern.after).load, pattern.per_cause);
      load.peak = after.peak;
      load.peak_is_default = after.peak_is_default;
      return;
    }
    load.peak = load.mean * kPeakOverMean;
    if (pattern.implied) return;
    use_default(index, ".peak", support::format_rate(load.peak), "3 x the mean");
  }

  void check_peak(Pattern& pattern, const Node* rate, const Node* peak) {
    Load& load = pattern.load;
    if (load.peak.per_second >= load.mean.per_second * 0.999) return;
    if (peak != nullptr && rate != nullptr) {
      support::Diagnostic diagnostic =
          finding(Code::load_disagrees, peak->span,
                  fmt::format("the peak of `{}` ({}) is below its mean ({})", pattern.name,
                              support::format_rate(load.peak), support::format_rate(load.mean)),
                  "The peak is the busiest moment; the mean is used for both.");
      diagnostic.notes.push_back({"the mean of the month", rate->span});
      context_.report(std::move(diagnostic));
    }
    load.peak = load.mean;
  }

  void read_hottest(Pattern& pattern, const Node* node) {
    if (node == nullptr) return;
    Load& load = pattern.load;
    if (const auto phrase = value(node, parse_hottest)) {
      if (phrase->of) {
        load.hottest_attribute = phrase->of->text;
        check_attribute(pattern, *node, *phrase->of);
      }
      if (const auto rate = hottest_rate(*node, *phrase, pattern)) load.hottest = *rate;
    }
    double sum = 0;
    for (const Entry& entry : node->entries) {
      const auto phrase = value(&entry.value, parse_hottest);
      if (!phrase) continue;
      const auto rate = hottest_rate(entry.value, *phrase, pattern);
      if (!rate) continue;
      load.hottest_named[entry.key] = *rate;
      sum += rate->per_second;
    }
    if (sum > load.peak.per_second * 1.001) {
      context_.report(
          Code::load_disagrees, node->span,
          fmt::format("the named values of `{}` take {} together, its peak is {}", pattern.name,
                      support::format_rate({sum}), support::format_rate(load.peak)),
          "They are part of the pattern's own rate: raise `peak`, or lower them.");
    }
  }

  std::optional<Rate> hottest_rate(const Node& scalar, const HottestPhrase& phrase,
                                   const Pattern& pattern) {
    const Load& load = pattern.load;
    if (phrase.share) {
      if (!check_between(context_, scalar, *phrase.share * 100, {0, 100, "percent of the calls"}))
        return std::nullopt;
      return load.peak * *phrase.share;
    }
    const Rate rate{checked_rate(scalar, *phrase.rate)};
    if (rate.per_second <= load.peak.per_second * 1.001) return rate;
    context_.report(
        Code::load_disagrees, scalar.span,
        fmt::format("one value of `{}` is called {}, more than the whole pattern at its peak ({})",
                    pattern.name, support::format_rate(rate), support::format_rate(load.peak)),
        "`hottest` is part of the pattern's own rate: raise `peak`, or lower it.");
    return load.peak;
  }

  void check_attribute(const Pattern& pattern, const Node& scalar, const Word& word) {
    const EntityId entity = [&] {
      if (const auto* read = std::get_if<model::Read>(&pattern.action))
        return read->entities.front();
      if (const auto* write = sole_write(pattern)) return write->entities.front();
      const auto& transaction = std::get<model::Transaction>(pattern.action);
      return transaction.writes.empty() ? transaction.reads.front().entities.front()
                                        : transaction.writes.front().entities.front();
    }();
    static_cast<void>(resolve_reference(context_, {entity, &scalar, true}, word));
  }

  Context& context_;
  std::vector<bool> done_;
  std::vector<std::vector<model::DefaultUsed>> defaults_;
  std::map<std::string, MixLoad> mixed_;
};

}  // namespace

void resolve_loads(Context& context, const Node& root) {
  Loads(context).run(root);
}

}  // namespace ddbplan::schema
