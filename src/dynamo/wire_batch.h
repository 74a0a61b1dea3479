// The requests that hold other requests: batches, transactions, lists of statements.
#pragma once

#include "dynamo/request.h"
#include "dynamo/wire_members.h"

namespace ddbplan::dynamo {

void read(const WireMembers& in, GetItemRequest& out);
void read(const WireMembers& in, BatchGetItemRequest& out);
void read(const WireMembers& in, BatchWriteItemRequest& out);
void read(const WireMembers& in, TransactWriteItemsRequest& out);
void read(const WireMembers& in, TransactGetItemsRequest& out);
void read(const WireMembers& in, BatchExecuteStatementRequest& out);
void read(const WireMembers& in, ExecuteTransactionRequest& out);

/// What a statement has beside its text.
void read_statement_options(const WireMembers& in, Statement& out);

}  // namespace ddbplan::dynamo
