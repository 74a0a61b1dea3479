// The recipe, request by request, over scripted answers: what is sent, and what the client makes of
// it.
#include "design/requests.h"

#include <doctest/doctest.h>

#include "tests/unit/seed/mini_shop.h"

using namespace ddbplan;
using design::Answer;
using design::Parameters;
using dynamo::ApiError;
using dynamo::AttributeValue;
using dynamo::Item;
using dynamo::Request;
using dynamo::Response;

namespace {

using Outcome = support::Result<Response, ApiError>;

/// Answers requests from a script and keeps them.
class Script {
 public:
  explicit Script(std::vector<Response> answers) : answers_(std::move(answers)) {}

  design::Executor executor() {
    return [this](const Request& request) -> Outcome {
      requests.push_back(request);
      if (requests.size() <= answers_.size()) return answers_[requests.size() - 1];
      return Response{};
    };
  }
  template <class T>
  const T& at(std::size_t position) const {
    return std::get<T>(requests.at(position));
  }

  std::vector<Request> requests;

 private:
  std::vector<Response> answers_;
};

struct Shop {
  model::Workload workload = test::mini_shop();
  design::Design design = test::mini_shop_design(workload);

  Answer run(const char* pattern, const Parameters& parameters, Script& script) const {
    return design::run(design, workload, *workload.find_pattern(pattern), parameters,
                       script.executor());
  }
};

Parameters one_call(Item values) {
  Parameters parameters;
  parameters.now_ms = 1'781'524'800'000;  // 2026-06-15T12:00:00Z
  parameters.calls.push_back({0, std::move(values)});
  return parameters;
}

AttributeValue text(const std::string& value) {
  return AttributeValue::string(value);
}

Item order(const std::string& id, const std::string& placed_at,
           std::int64_t expires_at = 1'900'000'000) {
  return {{"PK", text("CUSTOMER#c1")}, {"SK", text("#ORDER#" + id)},
          {"order_id", text(id)},      {"placed_at", text(placed_at)},
          {"type", text("Order")},     {"expires_at", AttributeValue::number(expires_at)}};
}

Response page(std::vector<Item> items, bool more = false) {
  Response response;
  if (more) response.last_evaluated_key = items.back();
  for (Item& item : items) response.items.emplace_back(std::move(item));
  response.count = static_cast<int>(response.items.size());
  return response;
}

}  // namespace

TEST_CASE("a range of times becomes bounds on identifiers that sort as they do") {
  Shop shop;
  Script script({page({order("o2", "b"), order("o1", "a")})});
  const Answer answer = shop.run("recent_orders",
                                 one_call({{"customer_id", text("c1")},
                                           {"placed_at_from", text("2016-07-30T22:36:16.385Z")},
                                           {"placed_at_to", text("2016-07-30T22:36:16.385Z")}}),
                                 script);
  REQUIRE(script.requests.size() == 1);
  const auto& query = script.at<dynamo::QueryRequest>(0);
  CHECK(query.key_condition == "PK = :pk AND SK BETWEEN :from AND :to");
  CHECK(query.expression.values.at(":pk") == text("CUSTOMER#c1"));
  // The time of the ULID specification's example.
  CHECK(query.expression.values.at(":from") == text("#ORDER#01ARYZ6S41"));
  CHECK(query.expression.values.at(":to") == text("#ORDER#01ARYZ6S41\xF4\x8F\xBF\xBF"));
  CHECK(query.filter == "expires_at > :now");
  CHECK(query.expression.values.at(":now") == AttributeValue::number(1'781'524'800));
  CHECK_FALSE(query.scan_index_forward);
  CHECK(query.limit == 5);
  CHECK(answer.items.size() == 2);
}

TEST_CASE("a filter means reading on for what is still wanted") {
  Shop shop;
  Script script({page({order("o9", "i"), order("o8", "h"), order("o7", "g")}, true),
                 page({order("o6", "f"), order("o5", "e")}, true)});
  const Answer answer = shop.run("recent_orders", one_call({{"customer_id", text("c1")}}), script);
  REQUIRE(script.requests.size() == 2);
  CHECK(script.at<dynamo::QueryRequest>(0).limit == 5);
  CHECK(script.at<dynamo::QueryRequest>(1).limit == 2);
  CHECK(script.at<dynamo::QueryRequest>(1).exclusive_start_key.has_value());
  CHECK(answer.items.size() == 5);
}

TEST_CASE("every shard is asked, and their answers merge by the order") {
  Shop shop;
  Script script({page({order("o1", "2026-01-01"), order("o4", "2026-01-04")}),
                 page({order("o2", "2026-01-02")}), page({order("o3", "2026-01-03")})});
  const Answer answer = shop.run("open_orders", one_call({}), script);
  REQUIRE(script.requests.size() == 3);
  for (std::size_t shard = 0; shard < 3; ++shard) {
    const auto& query = script.at<dynamo::QueryRequest>(shard);
    CHECK(query.index == "GSI1");
    CHECK(query.expression.values.at(":pk") == text("OPEN#" + std::to_string(shard)));
  }
  REQUIRE(answer.items.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(answer.items[i].at("order_id") == text("o" + std::to_string(i + 1)));
  }
}

TEST_CASE("a look-up leads to the row and is no part of the answer") {
  Shop shop;
  Response guard;
  guard.items.emplace_back(
      Item{{"PK", text("EMAIL#a$cb")}, {"SK", text("GUARD")}, {"customer_id", text("c7")}});
  Response row;
  row.items.emplace_back(
      Item{{"PK", text("CUSTOMER#c7")}, {"SK", text("CUSTOMER")}, {"type", text("Customer")}});
  Script script({guard, row});
  const Answer answer = shop.run("customer_by_mail", one_call({{"email", text("a#b")}}), script);
  REQUIRE(script.requests.size() == 2);
  CHECK(script.at<dynamo::GetItemRequest>(0).key.at("PK") == text("EMAIL#a$cb"));
  CHECK(script.at<dynamo::GetItemRequest>(1).key.at("PK") == text("CUSTOMER#c7"));
  REQUIRE(answer.items.size() == 1);
  CHECK(answer.layouts.front() == test::kCustomerRow);

  Response nothing;
  nothing.items.emplace_back(std::nullopt);
  Script missing({nothing});
  CHECK(shop.run("customer_by_mail", one_call({{"email", text("x")}}), missing).items.empty());
  CHECK(missing.requests.size() == 1);
}

TEST_CASE("GetItem takes no filter, so the client drops an expired item") {
  Shop shop;
  Response expired;
  expired.items.emplace_back(order("o1", "a", 1'000'000'000));
  Script script({expired});
  CHECK(shop.run("order", one_call({{"customer_id", text("c1")}, {"order_id", text("o1")}}), script)
            .items.empty());
  CHECK(script.at<dynamo::GetItemRequest>(0).consistent_read);
}

TEST_CASE("a batch asks for each key once, a hundred at a time") {
  Shop shop;
  Parameters parameters;
  for (int i = 0; i < 150; ++i) {
    parameters.calls.push_back({0, {{"sku", text("p" + std::to_string(i % 120))}}});
  }
  Script script({});
  shop.run("products", parameters, script);
  REQUIRE(script.requests.size() == 2);
  CHECK(script.at<dynamo::BatchGetItemRequest>(0).tables.at("mini").keys.size() == 100);
  CHECK(script.at<dynamo::BatchGetItemRequest>(1).tables.at("mini").keys.size() == 20);
}

TEST_CASE("counts sum over pages") {
  Shop shop;
  Response first = page({}, false);
  first.count = 7;
  first.last_evaluated_key = order("o1", "a");
  Response second = page({}, false);
  second.count = 3;
  Script script({first, second});
  const Answer answer = shop.run("order_count", one_call({{"customer_id", text("c1")}}), script);
  CHECK(answer.count == 10);
  CHECK(script.at<dynamo::QueryRequest>(0).select == dynamo::Select::count);
  CHECK(script.at<dynamo::QueryRequest>(0).key_condition ==
        "PK = :pk AND begins_with(SK, :prefix)");
}

TEST_CASE("a move out of a sparse index removes its key attributes") {
  Shop shop;
  Script script({});
  shop.run("pay_order", one_call({{"customer_id", text("c1")}, {"order_id", text("o1")}}), script);
  const auto& update = script.at<dynamo::UpdateItemRequest>(0);
  CHECK(update.update == "SET #status = :paid REMOVE GSI1PK, GSI1SK");
  CHECK(update.condition == "attribute_exists(PK) AND #status = :open");
  CHECK(update.expression.names.at("#status") == "status");
  CHECK(update.expression.values.size() == 2);
}

TEST_CASE("a transaction holds an action for every call, and equal counters add up") {
  Shop shop;
  Parameters parameters = one_call({{"customer_id", text("c1")},
                                    {"order_id", text("o1")},
                                    {"placed_at", text("2026-06-15T12:00:00.000Z")},
                                    {"status", text("OPEN")}});
  Item second = parameters.calls.front().values;
  second["order_id"] = text("o2");
  parameters.calls.push_back({0, second});
  for (const char* sku : {"p1", "p2"}) {
    parameters.calls.push_back({1, {{"sku", text(sku)}, {"quantity", AttributeValue::number(2)}}});
  }
  parameters.token = "t1";
  Script script({});
  shop.run("place_order", parameters, script);
  const auto& request = script.at<dynamo::TransactWriteItemsRequest>(0);
  CHECK(request.client_request_token == "t1");
  REQUIRE(request.actions.size() == 5);
  const auto& put = std::get<dynamo::PutItemRequest>(request.actions[0]);
  CHECK(put.item.contains("GSI1PK"));
  CHECK(put.condition == "attribute_not_exists(PK)");
  const auto& counter = std::get<dynamo::UpdateItemRequest>(request.actions[2]);
  CHECK(counter.update == "ADD order_count :n1");
  CHECK(counter.expression.values.at(":n1") == AttributeValue::number(2));
  const auto& stock = std::get<dynamo::UpdateItemRequest>(request.actions[3]);
  CHECK(stock.update == "SET stock = stock - :quantity");
  CHECK(stock.condition == "attribute_exists(PK) AND stock >= :quantity");
}

TEST_CASE("an error ends the run and is kept") {
  Shop shop;
  const design::Executor refuse = [](const Request&) -> Outcome {
    ApiError error;
    error.type = "ConditionalCheckFailedException";
    return error;
  };
  const Answer answer =
      design::run(shop.design, shop.workload, *shop.workload.find_pattern("pay_order"),
                  one_call({{"customer_id", text("c")}, {"order_id", text("o")}}), refuse);
  REQUIRE(answer.error);
  CHECK(answer.error->type == "ConditionalCheckFailedException");
  CHECK(answer.exchanges.size() == 1);
}

TEST_CASE("a missing parameter is an error, not a wider question") {
  Shop shop;
  Script script({});
  const Answer answer = shop.run("recent_orders", one_call({}), script);
  REQUIRE(answer.error);
  CHECK(answer.error->type == "ValidationException");
  CHECK(script.requests.empty());
}

TEST_CASE("the text of a step is that of its requests") {
  Shop shop;
  const auto text_of = [&](const char* pattern) {
    return design::describe(shop.design, shop.workload,
                            test::plan_of(shop.design, shop.workload, pattern).steps.front());
  };
  CHECK(text_of("recent_orders").key_condition == "PK = :pk AND SK BETWEEN :from AND :to");
  CHECK(text_of("recent_orders").filter == "expires_at > :now");
  CHECK(text_of("open_orders").key_condition == "GSI1PK = :pk");
  CHECK(text_of("pay_order").update == "SET #status = :paid REMOVE GSI1PK, GSI1SK");
  CHECK(text_of("pay_order").names == std::map<std::string, std::string>{{"#status", "status"}});
  CHECK(text_of("rename").update == "SET #name = :name");
}
