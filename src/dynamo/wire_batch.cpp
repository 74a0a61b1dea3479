#include "dynamo/wire_batch.h"

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "dynamo/wire_values.h"

namespace ddbplan::dynamo {
namespace {

/// API Reference: BatchExecuteStatement.
constexpr std::size_t kBatchStatementsMax = 25;
constexpr std::size_t kParametersMin = 1;

/// Calls `f(members, number from 1)` for each structure of an array member.
template <class F>
void for_each_structure(const WireMembers& in, std::string_view name, const F& f) {
  const JsonNode* array = in.find(name);
  if (array == nullptr || !expect_array(*array, in.problems())) return;
  const WirePath array_path = in.path_to(name);
  std::size_t number = 0;
  array->for_each_element([&](const JsonNode& element) {
    ++number;
    if (!element.is(JsonKind::object)) {
      return in.problems().shape("Unexpected value type in payload");
    }
    const std::string text = std::to_string(number);
    const WirePath number_path{&array_path, text, true};
    const WirePath path{&number_path, "member"};
    f(WireMembers(element, path, in.problems()));
  });
}

void check_length(const WireMembers& in, std::string_view name, std::size_t min, std::size_t max) {
  const JsonNode* member = in.find(name);
  if (member == nullptr) return;
  // The service shows the list's content as its Java prints it, which nobody reads.
  if (member->size < min) {
    in.problems().constraint("'[]'", in.path_to(name),
                             fmt::format("have length greater than or equal to {}", min));
  }
  if (member->size > max) {
    in.problems().constraint("'[...]'", in.path_to(name),
                             fmt::format("have length less than or equal to {}", max));
  }
}

/// Calls `f(table, content, path)` for each member of RequestItems.
template <class F>
void for_each_table(const WireMembers& in, std::string_view type, const F& f) {
  const JsonNode* tables = in.require("RequestItems");
  if (tables == nullptr || !expect_map(*tables, type, in.problems())) return;
  const WirePath map_path = in.path_to("RequestItems");
  if (tables->size == 0) {
    in.problems().constraint("'{}'", map_path, "have length greater than or equal to 1");
  }
  tables->for_each_member([&](std::string_view table, const JsonNode& content) {
    const WirePath table_path{&map_path, table, true};
    WireProblems name_problems;
    check_resource_name(table, table_path, name_problems);
    if (name_problems.first()) {
      in.problems().constraint(
          "'{}'", map_path,
          "satisfy constraint: [Member must have length less than or equal to 255, Member must "
          "have length greater than or equal to 3, Member must satisfy regular expression "
          "pattern: [a-zA-Z0-9_.-]+]");
    }
    f(table, content, table_path);
  });
}

void read_keys(const WireMembers& in, BatchGetKeys& out) {
  check_parameter_styles(in, {"ProjectionExpression"}, {"AttributesToGet"});
  if (const JsonNode* keys = in.require("Keys"); keys && expect_array(*keys, in.problems())) {
    check_length(in, "Keys", 1, limits::kBatchGetItemsMax);
    ValueReader reader(in.problems());
    out.keys.reserve(keys->size);
    keys->for_each_element([&](const JsonNode& key) { reader.item(key, out.keys.emplace_back()); });
  }
  out.legacy = read_legacy(in, "");
  in.boolean("ConsistentRead", out.consistent_read);
  in.text("ProjectionExpression", out.projection);
  in.names(out.expression);
}

/// One structure inside another, like Put inside an element of TransactItems.
template <class F>
bool read_inner(const WireMembers& in, std::string_view name, const F& f) {
  const JsonNode* inner = in.find(name);
  if (inner == nullptr) return false;
  if (!inner->is(JsonKind::object)) {
    in.problems().shape("Unexpected field type");
    return true;
  }
  const WirePath path = in.path_to(name);
  f(WireMembers(*inner, path, in.problems()));
  return true;
}

void read_batch_write(const WireMembers& in, std::vector<BatchWrite>& out) {
  int kinds = 0;
  Item item;
  bool is_put = false;
  kinds += read_inner(in, "DeleteRequest",
                      [&](const WireMembers& inner) { inner.required_item("Key", item); });
  kinds += read_inner(in, "PutRequest", [&](const WireMembers& inner) {
    is_put = true;
    inner.required_item("Item", item);
  });
  if (kinds != 1) {
    in.problems().parameters(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
        "supported datatypes");
    return;
  }
  std::variant<Item, Item>& data = out.emplace_back().data;
  is_put ? data.emplace<0>(std::move(item)) : data.emplace<1>(std::move(item));
}

void read_on_failure(const WireMembers& in, bool& out) {
  in.switched("ReturnValuesOnConditionCheckFailure", "ALL_OLD", out);
}

template <class Write>
void read_condition(const WireMembers& in, Write& out) {
  in.required_resource("TableName", out.table);
  in.text("ConditionExpression", out.condition);
  in.expression(out.expression);
  read_on_failure(in, out.return_item_on_failure);
}

void read_action(const WireMembers& in, std::vector<TransactWrite>& out) {
  int kinds = 0;
  kinds += read_inner(in, "ConditionCheck", [&](const WireMembers& inner) {
    auto& check = std::get<ConditionCheck>(out.emplace_back(ConditionCheck()));
    inner.required_item("Key", check.key);
    static_cast<void>(inner.require("ConditionExpression"));
    read_condition(inner, check);
  });
  kinds += read_inner(in, "Put", [&](const WireMembers& inner) {
    auto& put = std::get<PutItemRequest>(out.emplace_back(PutItemRequest()));
    inner.required_item("Item", put.item);
    read_condition(inner, put);
  });
  kinds += read_inner(in, "Delete", [&](const WireMembers& inner) {
    auto& erase = std::get<DeleteItemRequest>(out.emplace_back(DeleteItemRequest()));
    inner.required_item("Key", erase.key);
    read_condition(inner, erase);
  });
  kinds += read_inner(in, "Update", [&](const WireMembers& inner) {
    auto& update = std::get<UpdateItemRequest>(out.emplace_back(UpdateItemRequest()));
    inner.required_item("Key", update.key);
    static_cast<void>(inner.require("UpdateExpression"));
    inner.text("UpdateExpression", update.update);
    read_condition(inner, update);
  });
  if (kinds == 1) return;
  in.problems().parameters("TransactItems can only contain one of Check, Put, Update or Delete");
}

void read_token(const WireMembers& in, std::optional<std::string>& out) {
  in.text("ClientRequestToken", out);
  constexpr std::size_t kTokenLengthMax = 36;
  if (!out) return;
  const std::string shown = fmt::format("'{}'", *out);
  if (out->empty()) {
    in.problems().constraint(shown, in.path_to("ClientRequestToken"),
                             "have length greater than or equal to 1");
  } else if (out->size() > kTokenLengthMax) {
    in.problems().constraint(shown, in.path_to("ClientRequestToken"),
                             "have length less than or equal to 36");
  }
}

void read_statements(const WireMembers& in, std::string_view list, std::vector<Statement>& out) {
  for_each_structure(in, list, [&](const WireMembers& one) {
    Statement& statement = out.emplace_back();
    if (one.require("Statement") != nullptr) one.text("Statement", statement.text);
    read_statement_options(one, statement);
  });
}

}  // namespace

void read_statement_options(const WireMembers& in, Statement& out) {
  in.values("Parameters", out.parameters);
  check_length(in, "Parameters", kParametersMin, std::numeric_limits<std::size_t>::max());
  in.boolean("ConsistentRead", out.consistent_read);
  read_on_failure(in, out.return_item_on_failure);
}

void read(const WireMembers& in, BatchGetItemRequest& out) {
  in.return_capacity(out.return_capacity);
  for_each_table(in, "KeysAndAttributes",
                 [&](std::string_view table, const JsonNode& content, const WirePath& table_path) {
                   if (!content.is(JsonKind::object)) {
                     return in.problems().shape("Unexpected value type in payload");
                   }
                   const WirePath path{&table_path, "member"};
                   read_keys(WireMembers(content, path, in.problems()),
                             out.tables[std::string(table)]);
                 });
}

void read(const WireMembers& in, BatchWriteItemRequest& out) {
  in.return_capacity(out.return_capacity);
  in.switched("ReturnItemCollectionMetrics", "SIZE", out.return_collection_metrics);
  for_each_table(in, "java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>",
                 [&](std::string_view table, const JsonNode& content, const WirePath& table_path) {
                   std::vector<BatchWrite>& writes = out.tables[std::string(table)];
                   if (!expect_array(content, in.problems())) return;
                   if (content.size == 0) {
                     in.problems().constraint("'[]'", table_path,
                                              "have length greater than or equal to 1");
                   }
                   std::size_t number = 0;
                   content.for_each_element([&](const JsonNode& write) {
                     const std::string text = std::to_string(++number);
                     const WirePath member{&table_path, "member"};
                     const WirePath number_path{&member, text, true};
                     const WirePath path{&number_path, "member"};
                     if (!write.is(JsonKind::object)) {
                       return in.problems().shape("Unexpected value type in payload");
                     }
                     read_batch_write(WireMembers(write, path, in.problems()), writes);
                   });
                 });
}

void read(const WireMembers& in, TransactWriteItemsRequest& out) {
  in.return_capacity(out.return_capacity);
  in.switched("ReturnItemCollectionMetrics", "SIZE", out.return_collection_metrics);
  read_token(in, out.client_request_token);
  static_cast<void>(in.require("TransactItems"));
  check_length(in, "TransactItems", 1, limits::kTransactionActionsMax);
  for_each_structure(in, "TransactItems",
                     [&](const WireMembers& one) { read_action(one, out.actions); });
}

void read(const WireMembers& in, TransactGetItemsRequest& out) {
  in.return_capacity(out.return_capacity);
  static_cast<void>(in.require("TransactItems"));
  check_length(in, "TransactItems", 1, limits::kTransactionActionsMax);
  for_each_structure(in, "TransactItems", [&](const WireMembers& one) {
    static_cast<void>(one.require("Get"));
    read_inner(one, "Get", [&](const WireMembers& inner) { read(inner, out.gets.emplace_back()); });
  });
}

void read(const WireMembers& in, BatchExecuteStatementRequest& out) {
  in.return_capacity(out.return_capacity);
  static_cast<void>(in.require("Statements"));
  check_length(in, "Statements", 1, kBatchStatementsMax);
  read_statements(in, "Statements", out.statements);
}

void read(const WireMembers& in, ExecuteTransactionRequest& out) {
  in.return_capacity(out.return_capacity);
  read_token(in, out.client_request_token);
  static_cast<void>(in.require("TransactStatements"));
  check_length(in, "TransactStatements", 1, limits::kTransactionActionsMax);
  read_statements(in, "TransactStatements", out.statements);
}

}  // namespace ddbplan::dynamo
