// What hangs on a table beside its items (time to live, tags, backups), and what the account itself
// is asked.

#include <fmt/format.h>

#include "engine/account_state.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::JsonWriter;

namespace {

/// Developer Guide, "Quotas", 2026-04-13: a resource has at most 50 tags; UpdateTimeToLive is taken
/// once an hour.
constexpr std::size_t kTagsMax = 50;
constexpr std::int64_t kExpiryChangeMs = 60LL * 60 * 1000;
constexpr std::int64_t kAccountUnitsMax = 80000;
constexpr std::int64_t kTableUnitsMax = 40000;

ApiResult<TableRecord*> find_by_arn(AccountState& state, const std::string& arn) {
  const std::string prefix = state.table_arn("");
  if (!arn.starts_with("arn:aws:dynamodb:")) {
    return validation_error(
        fmt::format("Invalid TableArn: Invalid ResourceArn provided as input {}", arn));
  }
  const std::size_t at = arn.find(":table/");
  if (at != std::string::npos) {
    const auto found = state.tables.find(arn.substr(at + 7));
    if (found != state.tables.end()) return &found->second;
  }
  return ApiError{"ResourceNotFoundException",
                  fmt::format("Requested resource not found: ResourcArn: {} not found", arn),
                  {},
                  {}};
}

std::string seconds_text(std::int64_t ms) {
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

std::string backups_response(const AccountState& state, const TableRecord& record) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.name("ContinuousBackupsDescription");
  json.begin_object();
  json.member("ContinuousBackupsStatus", "ENABLED");
  json.name("PointInTimeRecoveryDescription");
  json.begin_object();
  if (record.recovery_since_ms) {
    json.name("EarliestRestorableDateTime");
    json.raw(seconds_text(*record.recovery_since_ms));
    json.name("LatestRestorableDateTime");
    json.raw(seconds_text(state.now_ms()));
    json.member("RecoveryPeriodInDays", 35);
  }
  json.member("PointInTimeRecoveryStatus", record.recovery_since_ms ? "ENABLED" : "DISABLED");
  json.end_object();
  json.end_object();
  json.end_object();
  return out;
}

}  // namespace

ControlResponse execute(AccountState& state, const dynamo::UpdateTimeToLiveRequest& request) {
  const ApiResult<TableRecord*> found = state.find_table(request.table);
  if (!found) return found.error();
  TableRecord& record = **found;
  const bool is_enabled = record.expiry.has_value();
  if (request.attribute.empty()) {
    return validation_error(
        "1 validation error detected: Value '' at 'timeToLiveSpecification.attributeName' failed "
        "to "
        "satisfy constraint: Member must have length greater than or equal to 1");
  }
  if (is_enabled == request.enabled) {
    return validation_error(request.enabled ? "TimeToLive is already enabled"
                                            : "TimeToLive is already disabled");
  }
  if (is_enabled && record.expiry->attribute() != request.attribute) {
    return validation_error(
        fmt::format("TimeToLive is active on a different AttributeName: current "
                    "AttributeName is {}",
                    record.expiry->attribute()));
  }
  const std::int64_t now = state.now_ms();
  if (record.expiry_changed_ms > 0 && now - record.expiry_changed_ms < kExpiryChangeMs) {
    return validation_error(
        "Time to live has been modified multiple times within a fixed interval");
  }
  record.expiry_changed_ms = now;
  state.set_expiry(record, request.enabled ? std::optional(request.attribute) : std::nullopt);
  state.note_table(record);
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.name("TimeToLiveSpecification");
  json.begin_object();
  json.member("AttributeName", request.attribute);
  json.member("Enabled", request.enabled);
  json.end_object();
  json.end_object();
  return out;
}

ControlResponse execute(AccountState& state, const dynamo::DescribeTimeToLiveRequest& request) {
  const ApiResult<TableRecord*> found = state.find_table(request.table);
  if (!found) return found.error();
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.name("TimeToLiveDescription");
  json.begin_object();
  if ((*found)->expiry) json.member("AttributeName", (*found)->expiry->attribute());
  json.member("TimeToLiveStatus", (*found)->expiry ? "ENABLED" : "DISABLED");
  json.end_object();
  json.end_object();
  return out;
}

ControlResponse execute(AccountState& state, const dynamo::TagResourceRequest& request) {
  const ApiResult<TableRecord*> found = find_by_arn(state, request.arn);
  if (!found) return found.error();
  std::map<std::string, std::string> tags = (*found)->definition.tags;
  for (const auto& [key, value] : request.tags) tags.insert_or_assign(key, value);
  if (tags.size() > kTagsMax) {
    return validation_error(
        "One or more parameter values were invalid: Too many tags: a resource "
        "can have at most 50");
  }
  (*found)->definition.tags = std::move(tags);
  state.note_table(**found);
  return std::string();
}

ControlResponse execute(AccountState& state, const dynamo::UntagResourceRequest& request) {
  const ApiResult<TableRecord*> found = find_by_arn(state, request.arn);
  if (!found) return found.error();
  for (const std::string& key : request.keys) (*found)->definition.tags.erase(key);
  state.note_table(**found);
  return std::string();
}

ControlResponse execute(AccountState& state, const dynamo::ListTagsOfResourceRequest& request) {
  const ApiResult<TableRecord*> found = find_by_arn(state, request.arn);
  if (!found) return found.error();
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.name("Tags");
  json.begin_array();
  for (const auto& [key, value] : (*found)->definition.tags) {
    json.begin_object();
    json.member("Key", key);
    json.member("Value", value);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out;
}

ControlResponse execute(AccountState&, const dynamo::DescribeLimitsRequest&) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("AccountMaxReadCapacityUnits", kAccountUnitsMax);
  json.member("AccountMaxWriteCapacityUnits", kAccountUnitsMax);
  json.member("TableMaxReadCapacityUnits", kTableUnitsMax);
  json.member("TableMaxWriteCapacityUnits", kTableUnitsMax);
  json.end_object();
  return out;
}

ControlResponse execute(AccountState& state, const dynamo::DescribeEndpointsRequest&) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.name("Endpoints");
  json.begin_array();
  json.begin_object();
  json.member("Address", fmt::format("dynamodb.{}.amazonaws.com", state.options.region));
  json.member("CachePeriodInMinutes", 1440);
  json.end_object();
  json.end_array();
  json.end_object();
  return out;
}

ControlResponse execute(AccountState& state,
                        const dynamo::DescribeContinuousBackupsRequest& request) {
  const ApiResult<TableRecord*> found = state.find_table(request.table);
  if (!found) {
    return ApiError{
        "TableNotFoundException", fmt::format("Table not found: {}", request.table), {}, {}};
  }
  return backups_response(state, **found);
}

ControlResponse execute(AccountState& state,
                        const dynamo::UpdateContinuousBackupsRequest& request) {
  const ApiResult<TableRecord*> found = state.find_table(request.table);
  if (!found) {
    return ApiError{
        "TableNotFoundException", fmt::format("Table not found: {}", request.table), {}, {}};
  }
  TableRecord& record = **found;
  if (!request.enabled) {
    record.recovery_since_ms.reset();
  } else if (!record.recovery_since_ms) {
    record.recovery_since_ms = state.now_ms();
  }
  state.note_table(record);
  return backups_response(state, record);
}

}  // namespace ddbplan::engine
