// Steps that read: what a client does with a get, a batch of gets, a query over shards,
// alternatives and time buckets, a scan.
#include <algorithm>
#include <cmath>
#include <utility>

#include "design/encoding.h"
#include "design/execution.h"
#include "design/row_parts.h"
#include "model/evaluate.h"
#include "model/timestamp.h"
#include "support/check.h"

namespace ddbplan::design {
namespace {

using dynamo::AttributeValue;
using dynamo::Item;
using dynamo::Response;

/// One sequence of pages: a partition of one shard, alternative and bucket.
struct Stream {
  Bindings bindings;
  std::size_t collection = 0;  ///< the same for the shards of one
  std::vector<Found> buffer;
  std::size_t taken = 0;  ///< from the front of `buffer`
  std::optional<Item> start;
  bool exhausted = false;

  [[nodiscard]] std::size_t ready() const { return buffer.size() - taken; }
};

const dynamo::KeySchema& key_schema(const Table& table, const Step& step) {
  if (!step.index) return table.key;
  const Index* index = table.find_index(*step.index);
  DDBPLAN_CHECK_MSG(index != nullptr, "no index " + *step.index + " in " + table.name);
  return index->key;
}

const model::Read* read_of(const model::Pattern& pattern) {
  return std::get_if<model::Read>(&pattern.action);
}

/// Parameters that a call may leave out.
std::vector<std::string> optional_parameters(const model::Pattern& pattern) {
  std::vector<std::string> names;
  if (const model::Read* read = read_of(pattern)) {
    for (const model::NarrowBy& narrow : read->narrow_by) names.push_back(narrow.attribute.name);
  }
  return names;
}

class QueryStep {
 public:
  QueryStep(Execution& execution, std::size_t position)
      : execution_(execution), position_(position), step_(execution.plan.steps[position]) {}

  void run() {
    const std::set<std::size_t> refs = steps_used(step_);
    for (const Call* call : execution_.calls_of(position_)) {
      if (!execution_.asks(position_, call->values)) continue;
      const std::vector<Bindings> all = asked_once(execution_.bindings_for(refs, call->values));
      // What a limit is of is one answer, in whatever order.
      const bool is_one_answer = !step_.merge_order.empty() || step_.limit;
      const bool merges_all = is_one_answer && limit_per().empty() && is_answer();
      if (merges_all) {
        run_group(all);
      } else {
        for (const Bindings& bindings : all) run_group({bindings});
      }
      if (execution_.failed()) return;
    }
  }

 private:
  /// Without those that take nothing from earlier steps, or the same values as others before them: several rows lead to
  /// one.
  [[nodiscard]] std::vector<Bindings> asked_once(std::vector<Bindings> all) const {
    std::vector<const FieldFrom*> led;
    const auto look = [&](const KeyExpr& key) {
      for (const KeyExprPart& part : key.parts) {
        const auto* field = std::get_if<FieldFrom>(&part);
        if (field != nullptr && std::holds_alternative<FromStep>(field->source))
          led.push_back(field);
      }
    };
    for (const KeyExpr& key : step_.partition) look(key);
    for (const KeyExpr& key : step_.sort) look(key);
    if (step_.sort_condition) look(step_.sort_condition->low);
    if (led.empty()) return all;
    std::set<std::string> seen;
    std::erase_if(all, [&](const Bindings& bindings) {
      Item values;
      for (std::size_t i = 0; i < led.size(); ++i) {
        const model::ValueType type = execution_.type_of(step_.layouts, led[i]->field.attribute);
        auto value = execution_.resolve(led[i]->source, type, bindings);
        // A row without it, as of an optional parent, leads nowhere.
        if (!value) return true;
        values.insert_or_assign(std::to_string(i), *std::move(value));
      }
      return !seen.insert(key_signature(values)).second;
    });
    return all;
  }

  [[nodiscard]] std::string limit_per() const {
    const model::Read* read = read_of(pattern());
    return read == nullptr ? std::string() : read->limit_per;
  }
  [[nodiscard]] const model::Pattern& pattern() const {
    return execution_.workload.pattern(execution_.plan.pattern);
  }

  /// The step's items are rows of the pattern's own entities, not children of them.
  [[nodiscard]] bool is_answer() const {
    const model::Read* read = read_of(pattern());
    if (read == nullptr || step_.layouts.empty() || step_.finds != Step::Finds::rows) return false;
    const model::EntityId entity = execution_.design.items[step_.layouts.front()].entity;
    return std::find(read->entities.begin(), read->entities.end(), entity) != read->entities.end();
  }

  /// How many pages of the limit to read; nullopt: until nothing is left.
  [[nodiscard]] std::optional<int> pages() const {
    // Rows that lead to the answer have its limit where they stand in its order.
    if ((!is_answer() && !step_.leads_on) || !limit_per().empty()) return 1;
    return execution_.parameters.pages == 0 ? std::nullopt
                                            : std::optional(execution_.parameters.pages);
  }

  /// The items of one merged order: over shards and alternatives, bucket after bucket.
  void run_group(const std::vector<Bindings>& bindings) {
    std::optional<std::int64_t> wanted;
    if (step_.limit && pages()) wanted = static_cast<std::int64_t>(*step_.limit) * *pages();
    for (const std::vector<Bindings>& bucket : buckets_of(bindings)) {
      std::vector<Stream> streams = streams_of(bucket);
      std::int64_t got = 0;
      do {
        got = step_.count_only ? count_page(streams, wanted) : take_page(streams, wanted);
        if (execution_.failed()) return;
        if (wanted) *wanted -= got;
      } while (step_.limit && got > 0 && (!wanted || *wanted > 0));
      if (wanted && *wanted <= 0) return;
    }
  }

  /// One element per time bucket in the direction of the step; without buckets one.
  [[nodiscard]] std::vector<std::vector<Bindings>> buckets_of(
      const std::vector<Bindings>& bindings) const {
    if (!step_.buckets || bindings.empty()) return {bindings};
    const BucketWalk& walk = *step_.buckets;
    const model::ValueType type = execution_.type_of(step_.layouts, walk.attribute);
    const auto bound = [&](const std::optional<Source>& source) -> std::optional<std::int64_t> {
      if (!source) return std::nullopt;
      const std::optional<AttributeValue> value =
          execution_.resolve(*source, type, bindings.front());
      return value ? model::instant_of(*value) : std::nullopt;
    };
    const std::int64_t low = bound(walk.low).value_or(oldest_ms());
    const std::int64_t high = bound(walk.high).value_or(execution_.parameters.now_ms);
    std::vector<std::vector<Bindings>> buckets;
    for (std::int64_t at = model::truncate_instant(low, walk.unit); at <= high;
         at = next_bucket(at, walk.unit)) {
      std::vector<Bindings> bucket = bindings;
      for (Bindings& one : bucket) {
        one.values.insert_or_assign(walk.attribute, model::time_value(type, at));
      }
      buckets.push_back(std::move(bucket));
    }
    if (!step_.scan_index_forward) std::reverse(buckets.begin(), buckets.end());
    return buckets;
  }

  static std::int64_t next_bucket(std::int64_t start, model::TimeUnit unit) {
    // 31 days and 366 days reach into the next month and year from any start of one.
    constexpr std::int64_t kDay = 86'400'000;
    switch (unit) {
      case model::TimeUnit::second:
        return start + 1000;
      case model::TimeUnit::minute:
        return start + 60'000;
      case model::TimeUnit::hour:
        return start + 3'600'000;
      case model::TimeUnit::day:
        return start + kDay;
      case model::TimeUnit::week:
        return start + 7 * kDay;
      case model::TimeUnit::month:
        return model::truncate_instant(start + 31 * kDay, unit);
      case model::TimeUnit::year:
        return model::truncate_instant(start + 366 * kDay, unit);
    }
    return start + kDay;
  }

  /// Where a walk without a lower bound ends: the retention, else a year before now.
  [[nodiscard]] std::int64_t oldest_ms() const {
    const model::EntityId entity = execution_.design.items[step_.layouts.front()].entity;
    const std::optional<model::Retention>& retention = execution_.workload.entity(entity).retention;
    const double seconds =
        retention && retention->after ? retention->after->seconds : support::kSecondsPerYear;
    return execution_.parameters.now_ms - static_cast<std::int64_t>(seconds * 1000);
  }

  [[nodiscard]] std::vector<Stream> streams_of(const std::vector<Bindings>& bindings) const {
    static const std::vector<std::map<std::string, AttributeValue>> kOne{{}};
    const auto& alternatives = step_.alternatives.empty() ? kOne : step_.alternatives;
    std::vector<Stream> streams;
    std::size_t collection = 0;
    for (const Bindings& base : bindings) {
      for (const std::map<std::string, AttributeValue>& alternative : alternatives) {
        Bindings one = base;
        for (const auto& [name, value] : alternative) one.values.insert_or_assign(name, value);
        const int shards = step_.shards.sharded() ? shard_count(step_.shards, one.values) : 1;
        for (one.shard = 0; one.shard < shards; ++one.shard) {
          Stream stream;
          stream.bindings = one;
          stream.collection = collection;
          streams.push_back(std::move(stream));
        }
        ++collection;
      }
    }
    return streams;
  }

  /// What the request's keys are; nullopt: nothing can match.
  std::optional<KeyRange> range_of(const Bindings& bindings) {
    KeyRange range;
    const auto value_of = [&](const KeyExpr& key) {
      return execution_.key_value(key, step_.layouts, bindings);
    };
    for (const KeyExpr& key : step_.partition) {
      std::optional<KeyValue> value = value_of(key);
      if (!value) return std::nullopt;
      if (value->cut) {
        execution_.fail("a value of the partition key is not given");
        return std::nullopt;
      }
      range.partition.push_back(std::move(value->value));
    }
    for (const KeyExpr& key : step_.sort) {
      std::optional<KeyValue> value = value_of(key);
      if (!value) return std::nullopt;
      if (value->cut) return range;
      range.sort_equal.push_back(std::move(value->value));
    }
    if (!step_.sort_condition) return range;
    return with_condition(std::move(range), *step_.sort_condition, bindings);
  }

  std::optional<KeyRange> with_condition(KeyRange range, const SortCondition& condition,
                                         const Bindings& bindings) {
    using Op = SortCondition::Op;
    std::optional<KeyValue> low = execution_.key_value(condition.low, step_.layouts, bindings);
    if (!low) return std::nullopt;
    std::optional<KeyValue> high;
    if (condition.high) {
      high = execution_.key_value(*condition.high, step_.layouts, bindings);
      if (!high) return std::nullopt;
    }
    const bool is_text = condition.low.type == dynamo::ScalarType::S;
    range.op = condition.op;
    range.low = low->value;
    if (high) range.high = high->value;
    // A bound that is not given leaves its side open, within what the rest of the text still says.
    if (condition.op == Op::between && high->cut) {
      if (is_text) {
        range.high = AttributeValue::string(*high->value.as_string() + std::string(kHighSentinel));
      } else {
        range.op = low->cut ? std::nullopt : std::optional(Op::greater_equal);
        range.high.reset();
      }
    } else if (condition.op == Op::between && low->cut && !is_text) {
      range.op = Op::less_equal;
      range.low = *range.high;
      range.high.reset();
    } else if (condition.op != Op::between && low->cut) {
      range.op = is_text && !low->value.as_string()->empty() ? std::optional(Op::begins_with)
                                                             : std::nullopt;
    }
    const bool crosses =
        range.op == Op::between && dynamo::compare_keys(*range.high, range.low) < 0;
    // DynamoDB refuses bounds that cross; there is nothing between them.
    if (crosses) return std::nullopt;
    return range;
  }

  /// One page of one stream. `wanted`: items after the filter that the stream still lacks.
  const Response* request_page(Stream& stream, std::optional<std::int64_t> wanted) {
    const bool is_scan = step_.operation == Operation::scan;
    const std::optional<KeyRange> range = is_scan ? KeyRange{} : range_of(stream.bindings);
    if (!range) {
      stream.exhausted = true;
      return nullptr;
    }
    if (is_scan) {
      dynamo::ScanRequest request;
      if (!fill(request, stream, wanted, nullptr)) return nullptr;
      return execution_.send(position_, std::move(request));
    }
    dynamo::QueryRequest request;
    if (!fill(request, stream, wanted, &*range)) return nullptr;
    request.scan_index_forward = step_.scan_index_forward;
    return execution_.send(position_, std::move(request), range);
  }

  /// What a Query and a Scan have in common, and the key condition of a Query.
  template <class Request>
  bool fill(Request& request, const Stream& stream, std::optional<std::int64_t> wanted,
            const KeyRange* range) {
    const Table& table = execution_.table_of(step_);
    ExpressionWriter writer;
    if constexpr (std::is_same_v<Request, dynamo::QueryRequest>) {
      request.key_condition = write_key_condition(writer, key_schema(table, step_), *range);
    }
    request.table = table.name;
    request.index = step_.index;
    const model::ExpressionPtr filter =
        without_missing(step_.filter, optional_parameters(pattern()), stream.bindings.values);
    if (filter != nullptr) request.filter = writer.condition(*filter);
    request.consistent_read = step_.consistent_read;
    request.limit = page_limit(wanted, filter);
    request.exclusive_start_key = stream.start;
    if (step_.count_only) request.select = dynamo::Select::count;
    return fill_values(writer, stream.bindings, request.expression);
  }

  bool fill_values(const ExpressionWriter& writer, const Bindings& bindings,
                   dynamo::ExpressionNames& expression) {
    model::Scope scope;
    scope.parameters = &bindings.values;
    scope.now_ms = execution_.parameters.now_ms;
    ExpressionWriter::Values values = writer.values(scope, [&](const std::string& attribute) {
      return execution_.type_of(step_.layouts, attribute);
    });
    if (values.missing) {
      execution_.fail("a value is not given: " + *values.missing);
      return false;
    }
    expression = std::move(values.expression);
    return true;
  }

  /// A filter drops items after the limit has counted them, so as many more are asked for.
  [[nodiscard]] std::optional<int> page_limit(std::optional<std::int64_t> wanted,
                                              const model::ExpressionPtr& filter) const {
    if (!wanted) return std::nullopt;
    const model::EntityId entity = execution_.design.items[step_.layouts.front()].entity;
    const double share = std::max(share_kept(execution_.workload, step_, entity, filter), 1e-6);
    const double items = std::ceil(static_cast<double>(*wanted) / share - 1e-9);
    return static_cast<int>(std::min(items, 1e9));
  }

  /// Reads on until `wanted` items are ready, or the stream ends.
  void top_up(Stream& stream, std::optional<std::int64_t> wanted) {
    while (!stream.exhausted && (!wanted || static_cast<std::int64_t>(stream.ready()) < *wanted)) {
      std::optional<std::int64_t> missing;
      if (wanted) missing = *wanted - static_cast<std::int64_t>(stream.ready());
      const Response* response = request_page(stream, missing);
      if (response == nullptr) return;
      for (const dynamo::ReadItem& item : response->items) {
        stream.buffer.push_back(
            {*item, execution_.layout_of(step_, *item), stream.bindings.origin});
      }
      stream.start = response->last_evaluated_key;
      stream.exhausted = !stream.start.has_value();
    }
  }

  /// A page of the merged order: every stream offers as many as could all come from it.
  std::int64_t take_page(std::vector<Stream>& streams, std::optional<std::int64_t> wanted) {
    std::optional<std::int64_t> page;
    if (step_.limit) page = wanted ? std::min<std::int64_t>(*step_.limit, *wanted) : *step_.limit;
    for (Stream& stream : streams) {
      top_up(stream, page);
      if (execution_.failed()) return 0;
    }
    std::int64_t taken = 0;
    while (!page || taken < *page) {
      Stream* next = nullptr;
      for (Stream& stream : streams) {
        if (stream.ready() == 0) continue;
        if (next == nullptr ||
            comes_before(stream.buffer[stream.taken], next->buffer[next->taken])) {
          next = &stream;
        }
      }
      if (next == nullptr) break;
      Found row = std::move(next->buffer[next->taken++]);
      if (step_.shards.by_request) add_other_parts(streams, next->collection, row);
      execution_.found[position_].push_back(std::move(row));
      ++taken;
    }
    return taken;
  }

  /// The row's items in the other shards are next there: each shard has its items in the same order, and offers as many
  /// as the page has rows.
  void add_other_parts(std::vector<Stream>& streams, std::size_t collection, Found& row) const {
    const model::Entity& entity =
        execution_.workload.entity(execution_.design.items[row.layout].entity);
    for (Stream& stream : streams) {
      if (stream.collection != collection || stream.ready() == 0) continue;
      const Found& part = stream.buffer[stream.taken];
      if (part.layout != row.layout || compare_places(part, row) != 0) continue;
      add_part(entity, part.item, row.item);
      ++stream.taken;
    }
  }

  /// By the sort key, in the direction of the step.
  [[nodiscard]] std::strong_ordering compare_places(const Found& a, const Found& b) const {
    for (const dynamo::KeyAttribute& key : key_schema(execution_.table_of(step_), step_).sort) {
      const auto* left = a.item.find(key.name);
      const auto* right = b.item.find(key.name);
      if (left == a.item.end() || right == b.item.end()) break;
      const auto compared = dynamo::compare_keys(left->second, right->second);
      if (compared != 0) return step_.scan_index_forward ? compared : 0 <=> compared;
    }
    return std::strong_ordering::equal;
  }

  /// Where the index does not project what orders the rows, its sort key tells: it begins with that.
  [[nodiscard]] bool comes_before(const Found& a, const Found& b) const {
    // The items of one row must meet.
    const bool in_parts = step_.shards.by_request;
    if (step_.merge_order.empty()) return in_parts && compare_places(a, b) < 0;
    const std::string& first = step_.merge_order.front().attribute.name;
    if (a.item.contains(first) || b.item.contains(first)) {
      if (sorts_before(execution_, step_.merge_order, a, b)) return true;
      if (!in_parts || sorts_before(execution_, step_.merge_order, b, a)) return false;
    }
    return compare_places(a, b) < 0;
  }

  std::int64_t count_page(std::vector<Stream>& streams, std::optional<std::int64_t> wanted) {
    std::int64_t total = 0;
    for (Stream& stream : streams) {
      while (!stream.exhausted && (!wanted || total < *wanted)) {
        std::optional<std::int64_t> missing;
        if (wanted) missing = *wanted - total;
        const Response* response = request_page(stream, missing);
        if (response == nullptr) break;
        total += response->count;
        stream.start = response->last_evaluated_key;
        stream.exhausted = !stream.start.has_value();
      }
      if (execution_.failed()) return 0;
    }
    execution_.counts[position_] += total;
    // Everything is counted: no further page.
    if (!wanted) return 0;
    return total;
  }

  Execution& execution_;
  std::size_t position_;
  const Step& step_;
};

}  // namespace

namespace {

std::set<std::string> bound_by_key(const Step& step) {
  std::set<std::string> names;
  for (const auto* keys : {&step.partition, &step.sort}) {
    for (const KeyExpr& key : *keys) {
      for (const KeyExprPart& part : key.parts) {
        if (const auto* field = std::get_if<FieldFrom>(&part)) names.insert(field->field.attribute);
      }
    }
  }
  return names;
}

}  // namespace

double share_kept(const model::Workload& workload, const Step& step, model::EntityId entity,
                  const model::ExpressionPtr& filter) {
  if (filter == nullptr) return 1;
  const auto* conjunction = std::get_if<model::And>(&filter->node);
  if (conjunction != nullptr) {
    double share = 1;
    for (const model::ExpressionPtr& term : conjunction->terms)
      share *= share_kept(workload, step, entity, term);
    return share;
  }
  const std::optional<model::Retention>& retention = workload.entity(entity).retention;
  const std::vector<std::string> names = attributes_of(*filter);
  const bool is_expiry = retention && !names.empty() &&
                         std::all_of(names.begin(), names.end(), [&](const std::string& name) {
                           return name == retention->attribute;
                         });
  return is_expiry ? 1 : model::selectivity(workload, entity, filter, bound_by_key(step));
}

void run_query_step(Execution& execution, std::size_t step) {
  QueryStep(execution, step).run();
}

}  // namespace ddbplan::design
