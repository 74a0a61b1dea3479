// What a journal keeps beside tables and items, as JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamo/request.h"
#include "engine/stream.h"

namespace ddbplan::engine {

/// Everything about a stream but its records and where they end.
std::string stream_json(const Stream& stream);
/// nullopt when it is not such a text.
std::optional<Stream> read_stream_json(std::string_view text);

/// MadeTransaction::replay.
std::string replay_json(const std::vector<dynamo::ConsumedCapacity>& replay);
std::optional<std::vector<dynamo::ConsumedCapacity>> read_replay_json(std::string_view text);

}  // namespace ddbplan::engine
