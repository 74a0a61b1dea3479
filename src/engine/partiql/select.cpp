#include "engine/partiql/select.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "dynamo/base64.h"
#include "dynamo/json_lines.h"
#include "engine/expression/evaluate.h"
#include "engine/page.h"
#include "engine/partiql/bind.h"
#include "engine/read_target.h"

namespace ddbplan::engine::partiql {

using dynamo::ApiError;
using dynamo::AttributeValue;
using dynamo::Item;

namespace {

/// Where a page ended: in which of the item collections that are read, and behind which entry.
struct Place {
  std::size_t collection = 0;
  Item key;
};

std::uint64_t text_hash(std::string_view text) {
  return partition_hash(text);
}

std::string make_token(const std::string& text, const Place& place) {
  std::string plain = fmt::format("{:016x} {} ", text_hash(text), place.collection);
  dynamo::append_item_json(plain, place.key);
  return dynamo::base64_encode(plain);
}

ApiResult<Place> read_token(const std::string& text, const std::string& token) {
  const ApiError invalid = validation_error("Invalid NextToken");
  const std::optional<std::string> plain = dynamo::base64_decode(token);
  const std::string expected = fmt::format("{:016x} ", text_hash(text));
  if (!plain || !plain->starts_with(expected)) return invalid;
  std::string_view rest = std::string_view(*plain).substr(expected.size());
  Place place;
  const auto number = std::from_chars(rest.data(), rest.data() + rest.size(), place.collection);
  if (number.ec != std::errc() || number.ptr == rest.data() + rest.size()) return invalid;
  rest.remove_prefix(static_cast<std::size_t>(number.ptr - rest.data()) + 1);
  auto key = dynamo::parse_item_json(rest);
  if (!key) return invalid;
  place.key = *std::move(key);
  return place;
}

/// The values that WHERE lets an attribute have, when it says so by `=` or IN.
std::vector<const AttributeValue*> fixed_values(const ParsedStatement& statement,
                                                const std::string& attribute) {
  std::vector<const AttributeValue*> values;
  for (const Condition& term : statement.where) {
    const std::optional<KeyEquality> equality = key_equality(statement, term);
    if (equality && equality->attribute == attribute) return {equality->value};
    const In* in = std::get_if<In>(&term.node);
    const Path* path = in == nullptr ? nullptr : std::get_if<Path>(&in->value.node);
    if (path == nullptr || path->elements.size() != 1) continue;
    if (statement.symbols.attribute(std::get<NameId>(path->elements.front())) != attribute)
      continue;
    for (const Operand& candidate : in->candidates) {
      const ValueId* id = std::get_if<ValueId>(&candidate.node);
      if (id == nullptr) return {};
      values.push_back(&statement.symbols.content(*id));
    }
    return values;
  }
  return {};
}

/// The item collections to be read, encoded; empty: all of them.
std::vector<std::string> partitions_of(const ParsedStatement& statement,
                                       const dynamo::KeySchema& key) {
  std::vector<std::string> partitions = {""};
  for (const dynamo::KeyAttribute& attribute : key.partition) {
    const std::vector<const AttributeValue*> values = fixed_values(statement, attribute.name);
    if (values.empty()) return {};
    std::vector<std::string> extended;
    for (const std::string& prefix : partitions) {
      for (const AttributeValue* value : values) {
        append_key(extended.emplace_back(prefix), *value);
      }
    }
    partitions = std::move(extended);
  }
  return partitions;
}

/// Equalities on sort attributes from the left narrow what is read; the filter does the rest.
ByteRange sort_range(const ParsedStatement& statement, const dynamo::KeySchema& key) {
  std::string prefix;
  for (const dynamo::KeyAttribute& attribute : key.sort) {
    const std::vector<const AttributeValue*> values = fixed_values(statement, attribute.name);
    if (values.size() != 1) break;
    append_key(prefix, *values.front());
  }
  std::optional<std::string> end = prefix_end(prefix);
  return {std::move(prefix), std::move(end)};
}

/// What SELECT calls a path in its answer: the last name and the indexes behind it.
std::string answer_name(const ParsedStatement& statement, const Path& path) {
  std::string name;
  for (const auto& element : path.elements) {
    if (const NameId* id = std::get_if<NameId>(&element)) {
      name = statement.symbols.attribute(*id);
    } else {
      name += fmt::format("[{}]", std::get<ListIndex>(element).number);
    }
  }
  return name;
}

std::optional<ApiError> check_selected_names(const ParsedStatement& statement) {
  std::set<std::string> seen;
  for (const Path& path : statement.projection) {
    const std::string name = answer_name(statement, path);
    if (!seen.insert(name).second) {
      return validation_error("Duplicate identifiers in select clause: " + name);
    }
  }
  return std::nullopt;
}

class Selection {
 public:
  /// `filter` binds the names of all of the statement's paths. Both must outlive it.
  Selection(const ParsedStatement& statement, const Bindings& bindings)
      : statement_(statement), bindings_(bindings) {}

  [[nodiscard]] Item apply(const Item& item) const {
    if (statement_.projection.empty()) return item;
    Item answer;
    for (const Path& path : statement_.projection) {
      const AttributeValue* found = find_path(item, path, bindings_);
      if (found != nullptr) answer.insert_or_assign(answer_name(statement_, path), *found);
    }
    return answer;
  }

 private:
  const ParsedStatement& statement_;
  const Bindings& bindings_;
};

/// The bindings of a statement's symbols, for its projection.
BoundProjection bind_projection(const ParsedStatement& statement) {
  ProjectionExpression expression;
  expression.symbols = statement.symbols.symbols();
  return bind_own(std::move(expression), statement.symbols.definitions());
}

std::optional<ApiError> check_order(const ParsedStatement& statement, const dynamo::KeySchema& key,
                                    bool is_query) {
  if (!statement.order) return std::nullopt;
  const std::string& name = statement.order->attribute;
  const auto named = [&name](const dynamo::KeyAttribute& one) { return one.name == name; };
  const bool is_key = std::any_of(key.partition.begin(), key.partition.end(), named) ||
                      std::any_of(key.sort.begin(), key.sort.end(), named);
  if (!is_key) {
    return validation_error(fmt::format(
        "Variable reference {} in ORDER BY clause must be part of the primary key", name));
  }
  if (is_query) return std::nullopt;
  return validation_error(
      "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY "
      "clause.");
}

/// Reads the item collections one after the other until the page is full. Gives back in which one
/// it ended.
std::size_t read_collections(const ReadTarget& target, const std::vector<Collections::Span>& spans,
                             std::size_t first, bool forward, PageReader& page) {
  const Collections& entries = target.entries();
  for (std::size_t i = first; i < spans.size(); ++i) {
    Collections::Cursor at = forward ? spans[i].begin : spans[i].end;
    while (at != (forward ? spans[i].end : spans[i].begin)) {
      if (!forward) at = entries.previous(at);
      if (!page.read(entries.entry(at).item)) return i;
      if (forward) at = entries.next(at);
    }
  }
  return spans.size();
}

}  // namespace

ApiResponse run_select(EngineState& state, ParsedStatement statement, const std::string& text,
                       const SelectOptions& options) {
  const ApiResult<ReadTarget> target =
      find_target(state, statement.table, statement.index, options.consistent_read);
  if (!target) return target.error();
  if (auto error = check_key_types(statement, target->key())) return *std::move(error);
  const std::vector<std::string> partitions = partitions_of(statement, target->key());
  const bool is_query = !partitions.empty();
  if (auto error = check_order(statement, target->key(), is_query)) return *std::move(error);
  if (auto error = check_selected_names(statement)) return *std::move(error);
  const bool forward = !statement.order || !statement.order->descending;

  std::vector<Collections::Span> spans;
  const ByteRange range = sort_range(statement, target->key());
  for (const std::string& partition : partitions) {
    spans.push_back(target->entries().range(partition, range));
  }
  if (!is_query) spans.push_back(target->entries().all());
  std::size_t first = 0;
  if (options.next_token) {
    const ApiResult<Place> place = read_token(text, *options.next_token);
    if (!place) return place.error();
    first = place->collection;
    if (first >= spans.size() || check_start_key(*target, place->key)) {
      return validation_error("Invalid NextToken");
    }
    const Position start = target->position_of(place->key);
    if (forward) {
      spans[first].begin = target->entries().after(start);
    } else {
      spans[first].end = target->entries().before(start);
    }
  }

  const BoundProjection names = bind_projection(statement);
  const Selection selection(statement, names.bindings);
  PagePlan plan;
  if (!statement.where.empty()) {
    ApiResult<BoundCondition> filter = bind_terms(statement, std::move(statement.where));
    if (!filter) return filter.error();
    plan.filter = *std::move(filter);
  }
  plan.limit = options.limit;
  plan.consistency =
      options.consistent_read ? dynamo::Consistency::strong : dynamo::Consistency::eventual;
  PageReader page(*target, plan, state.options.page_bytes);
  const std::size_t last = read_collections(*target, spans, first, forward, page);
  dynamo::Response response = page.finish();
  for (dynamo::ReadItem& item : response.items) item = selection.apply(*item);
  if (response.last_evaluated_key) {
    response.next_token =
        make_token(text, {std::min(last, spans.size() - 1), *response.last_evaluated_key});
  }
  return response;
}

ApiResult<SelectedItem> select_item(EngineState& state, ParsedStatement statement) {
  const ApiResult<TableStore*> table = state.find_table(statement.table);
  if (!table) return table.error();
  const dynamo::TableDescription& description = (*table)->description();
  if (auto error = check_key_types(statement, description.key)) return *std::move(error);
  std::optional<ItemTerms> terms = take_item_terms(statement, description);
  if (!terms || statement.index) {
    return validation_error("Only single item select is supported");
  }
  SelectedItem selected;
  selected.table = *table;
  selected.key = std::move(terms->key);
  if (auto error = check_key(description, selected.key)) return *std::move(error);
  selected.stored = (*table)->find(position_in_table(description, selected.key));
  if (selected.stored == nullptr) return selected;
  if (!terms->rest.empty()) {
    const ApiResult<BoundCondition> filter = bind_terms(statement, std::move(terms->rest));
    if (!filter) return filter.error();
    if (!holds(filter->tree->root, filter->bindings, selected.stored->item)) return selected;
  }
  const BoundProjection names = bind_projection(statement);
  selected.item = Selection(statement, names.bindings).apply(selected.stored->item);
  return selected;
}

}  // namespace ddbplan::engine::partiql
