// The operations of the data plane, one function each.
#pragma once

#include "engine/errors.h"
#include "engine/state.h"

namespace ddbplan::engine {

using ApiResponse = ApiResult<dynamo::Response>;

// Those that put items also take a request that is not needed any more, and move what it puts.

ApiResponse execute(EngineState& state, const dynamo::GetItemRequest& request);
ApiResponse execute(EngineState& state, const dynamo::PutItemRequest& request);
ApiResponse execute(EngineState& state, dynamo::PutItemRequest&& request);
ApiResponse execute(EngineState& state, const dynamo::UpdateItemRequest& request);
ApiResponse execute(EngineState& state, const dynamo::DeleteItemRequest& request);
ApiResponse execute(EngineState& state, const dynamo::QueryRequest& request);
ApiResponse execute(EngineState& state, const dynamo::ScanRequest& request);
ApiResponse execute(EngineState& state, const dynamo::BatchGetItemRequest& request);
ApiResponse execute(EngineState& state, const dynamo::BatchWriteItemRequest& request);
ApiResponse execute(EngineState& state, dynamo::BatchWriteItemRequest&& request);
ApiResponse execute(EngineState& state, const dynamo::TransactWriteItemsRequest& request);
ApiResponse execute(EngineState& state, dynamo::TransactWriteItemsRequest&& request);
ApiResponse execute(EngineState& state, const dynamo::TransactGetItemsRequest& request);
ApiResponse execute(EngineState& state, const dynamo::ExecuteStatementRequest& request);
ApiResponse execute(EngineState& state, const dynamo::BatchExecuteStatementRequest& request);
ApiResponse execute(EngineState& state, const dynamo::ExecuteTransactionRequest& request);

}  // namespace ddbplan::engine
