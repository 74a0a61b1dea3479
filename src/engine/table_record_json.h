// A table's record as JSON: as DescribeTable shows it, and as a journal keeps it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dynamo/json_writer.h"
#include "engine/account_state.h"

namespace ddbplan::engine {

/// The object of DescribeTable's member "Table".
void append_table_description(dynamo::JsonWriter& json, AccountState& state,
                              const TableRecord& record, std::string_view status);

/// {"CreateTable": its request, "TableId", ...}.
std::string table_record_json(const AccountState& state, const TableRecord& record);
/// Adds the table of such a text. The error says what is wrong with it.
std::optional<std::string> read_table_record(AccountState& state, std::string_view text);

/// "2024-05-31T12:00:00.000", as stream labels are.
std::string timestamp_text(std::int64_t ms);

}  // namespace ddbplan::engine
