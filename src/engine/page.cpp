#include "engine/page.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/expression/evaluate.h"
#include "engine/expression/visit.h"
#include "engine/legacy_parameters.h"
#include "engine/projecting.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::Select;

namespace {

/// What a fetched item adds to the page: whole 4 KB blocks, like its units.
std::int64_t block_bytes(std::int64_t bytes) {
  return (bytes + dynamo::kReadBlockBytes - 1) / dynamo::kReadBlockBytes * dynamo::kReadBlockBytes;
}

std::optional<ApiError> check_select(const std::optional<Select>& select,
                                     const char* projection_name, bool has_projection,
                                     bool has_index) {
  if (select == Select::specific && !has_projection) {
    return validation_error(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
        "SPECIFIC_ATTRIBUTES");
  }
  if (has_projection && select && *select != Select::specific) {
    const char* what = *select == Select::count            ? "only the Count"
                       : *select == Select::all_attributes ? "ALL_ATTRIBUTES"
                                                           : "ALL_PROJECTED_ATTRIBUTES";
    return validation_error(
        fmt::format("Cannot specify the {} when choosing to get {}", projection_name, what));
  }
  if (select == Select::all_projected && !has_index) {
    return validation_error(
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  return std::nullopt;
}

using Problem = std::optional<ApiError>;

/// A filter on an index asks only for what is in it: no items are fetched for it.
Problem check_filter_attributes(const ReadTarget& target, const PagePlan& plan) {
  if (!plan.filter) return std::nullopt;
  std::vector<std::string> missing;
  for_each_path(plan.filter->tree->root, [&](const Path& path) {
    const std::string& name = path_head(path, plan.filter->bindings);
    const bool known = std::find(missing.begin(), missing.end(), name) != missing.end();
    if (!known && !target.projects(name)) missing.push_back(name);
  });
  if (missing.empty()) return std::nullopt;
  return invalid_parameter(
      fmt::format("Secondary index {} does not project one or more filter attributes: [{}]",
                  target.index()->description.name, fmt::join(missing, ", ")));
}

}  // namespace

template <class Request>
ApiResult<PagePlan> plan_page(RequestExpressions& expressions, const Request& request) {
  PagePlan plan;
  if (request.limit && *request.limit < 1) {
    return validation_error(
        "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must "
        "have value greater than or equal to 1");
  }
  auto filter = request.filter ? expressions.condition(request.filter, ConditionUse::filter)
                               : legacy_filter(request.legacy);
  if (!filter) return filter.error();
  auto projection = request.projection ? expressions.projection(request.projection)
                                       : legacy_projection(request.legacy);
  if (!projection) return projection.error();
  const bool has_projection = projection->has_value();
  const char* projection_name = request.projection ? "ProjectionExpression" : "AttributesToGet";
  if (auto error = check_select(request.select, projection_name, has_projection,
                                request.index.has_value())) {
    return *std::move(error);
  }
  plan.filter = *std::move(filter);
  if (has_projection) {
    plan.projected_paths = **std::move(projection);
    plan.projection = make_projection(*plan.projected_paths);
  }
  plan.limit = request.limit;
  plan.count_only = request.select == Select::count;
  plan.consistency =
      request.consistent_read ? dynamo::Consistency::strong : dynamo::Consistency::eventual;
  return plan;
}

template ApiResult<PagePlan> plan_page(RequestExpressions&, const dynamo::QueryRequest&);
template ApiResult<PagePlan> plan_page(RequestExpressions&, const dynamo::ScanRequest&);

std::optional<ApiError> plan_fetches(const ReadTarget& target, const std::optional<Select>& select,
                                     PagePlan& plan) {
  const IndexStore* index = target.index();
  if (index == nullptr || index->description.projection.type == dynamo::ProjectionType::all) {
    return std::nullopt;
  }
  const std::string& name = index->description.name;
  if (select == Select::all_attributes) {
    if (index->is_global) {
      return invalid_parameter(
          fmt::format("Select type ALL_ATTRIBUTES is not supported for global secondary index {} "
                      "because its projection type is not ALL",
                      name));
    }
    plan.fetches_items = true;
  }
  if (Problem problem = check_filter_attributes(target, plan)) return problem;
  if (!plan.projection) return std::nullopt;
  std::vector<std::string> missing;
  for (const std::string& attribute : plan.projection->attributes()) {
    if (!target.projects(attribute)) missing.push_back(attribute);
  }
  if (missing.empty()) return std::nullopt;
  if (index->is_global) {
    return invalid_parameter(fmt::format("Global secondary index {} does not project [{}]", name,
                                         fmt::join(missing, ", ")));
  }
  plan.fetches_items = true;
  return std::nullopt;
}

bool PageReader::read(const ItemRef& entry) {
  ItemRef fetched;
  std::int64_t bytes = entry->bytes.count;
  if (plan_.fetches_items) {
    fetched = target_.table().find(position_in_table(target_.table().description(), entry->item));
    bytes += block_bytes(fetched->bytes.count);
  }
  // The first item of a page is always read, or a page could be empty for ever.
  if (last_read_ != nullptr && read_bytes_ + bytes > page_bytes_) {
    is_full_ = true;
    return false;
  }
  read_bytes_ += bytes;
  entry_bytes_ += entry->bytes;
  if (plan_.fetches_items) {
    fetched_units_ += dynamo::read_units(fetched->bytes, plan_.consistency);
  }
  last_read_ = entry.get();
  const ItemRef& item = plan_.fetches_items ? fetched : entry;
  ++response_.scanned_count;
  if (!plan_.filter || holds(plan_.filter->tree->root, plan_.filter->bindings, item->item)) {
    answer(item);
  }
  is_full_ = plan_.limit && response_.scanned_count >= *plan_.limit;
  return !is_full_;
}

void PageReader::answer(const ItemRef& item) {
  ++response_.count;
  if (plan_.count_only) return;
  constexpr std::size_t kUsualPage = 32;
  if (response_.items.empty()) response_.items.reserve(kUsualPage);
  response_.items.push_back(plan_.projection ? plan_.projection->apply(item->item) : whole(item));
}

dynamo::ConsumedCapacity PageReader::consumed() const {
  dynamo::ConsumedCapacity consumed;
  consumed.table = target_.table().description().name;
  const dynamo::HalfUnits units = dynamo::read_units(entry_bytes_, plan_.consistency);
  const IndexStore* index = target_.index();
  if (index == nullptr) {
    consumed.table_units = units;
    return consumed;
  }
  (index->is_global ? consumed.global_indexes : consumed.local_indexes)[index->description.name] =
      units;
  consumed.table_units = fetched_units_;
  return consumed;
}

dynamo::Response PageReader::finish() {
  response_.consumed.push_back(consumed());
  // Full by Limit at the very last item is full too: the service then gives a key to an empty page.
  if (is_full_) response_.last_evaluated_key = target_.key_of(last_read_->item);
  return std::move(response_);
}

}  // namespace ddbplan::engine
