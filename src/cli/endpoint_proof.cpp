#include "cli/endpoint_proof.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dynamo/json.h"
#include "emit/exchanges.h"
#include "remote/comparison.h"

namespace ddbplan::cli {
namespace {

using Json = nlohmann::ordered_json;

/// An eventually consistent read may be behind what was just written, usually by less than a second.
constexpr int kReadsMax = 6;
constexpr std::chrono::milliseconds kLagWait{20};
constexpr int kFailuresMax = 3;

bool is_read(const dynamo::Request& request) {
  const std::string_view name = dynamo::operation_name(request);
  return name == "Query" || name == "Scan" || name == "GetItem" || name == "BatchGetItem" ||
         name == "TransactGetItems";
}

double engine_units(const design::Exchange& exchange) {
  double sum = 0;
  for (const dynamo::ConsumedCapacity& one : exchange.outcome->consumed) sum += one.total().units();
  return sum;
}

}  // namespace

void rename_tables(design::Design& design, const std::string& prefix) {
  // A table's name has at most 255 characters.
  constexpr std::size_t kNameMax = 255;
  for (std::size_t i = 0; i < design.tables.size(); ++i) {
    std::string& name = design.tables[i].name;
    // With its number first, so that cut names still differ.
    name = (prefix + std::to_string(i) + "-" + name).substr(0, kNameMax);
  }
}

const std::string& EndpointProof::own_token(const std::string& token) {
  const auto [place, is_new] = tokens_.try_emplace(token);
  if (is_new) {
    // At most 36 characters; the end of the prefix tells runs apart.
    const std::string tail = session_.prefix().substr(std::string("ddbplan-run-").size());
    place->second = fmt::format("{}{}", tail, tokens_.size());
  }
  return place->second;
}

std::vector<std::string> EndpointProof::index_sort(const dynamo::Request& request) const {
  const auto* query = std::get_if<dynamo::QueryRequest>(&request);
  if (query == nullptr || !query->index) return {};
  std::vector<std::string> names;
  for (const design::Table& table : run_.design->tables) {
    if (table.name != query->table) continue;
    const design::Index* index = table.find_index(*query->index);
    if (index == nullptr) continue;
    for (const dynamo::KeyAttribute& part : index->key.sort) names.push_back(part.name);
  }
  return names;
}

void EndpointProof::ask(model::PatternId pattern, const design::Exchange& exchange) {
  EndpointPattern& row = report_.patterns[pattern.index];
  const std::string operation(dynamo::operation_name(exchange.request));
  Json request = dynamo::request_to_json(exchange.request);
  request["ReturnConsumedCapacity"] = "INDEXES";
  if (const auto token = request.find("ClientRequestToken"); token != request.end())
    *token = own_token(token->get<std::string>());
  ++row.requests;

  std::optional<std::string> wrong;
  auto wait = kLagWait;
  for (int reads = 1;; ++reads) {
    const auto reply = session_.send(operation, request);
    if (!reply) {
      report_.broken_off = reply.error();
      return;
    }
    if (exchange.outcome.ok() && reply->status == 200) {
      const auto expected = emit::response_to_json(exchange.request, *exchange.outcome);
      wrong = remote::difference(operation, index_sort(exchange.request), expected, reply->body);
    } else if (exchange.outcome.ok()) {
      const remote::Refusal refusal = remote::read_refusal(reply->body);
      wrong = fmt::format(
          "it is refused: {} ({})",
          refusal.type.empty() ? fmt::format("HTTP status {}", reply->status) : refusal.type,
          refusal.message);
    } else if (reply->status == 200) {
      wrong = "it is answered, and should be refused: " + exchange.outcome.error().type;
    } else {
      wrong = remote::difference(exchange.outcome.error(), remote::read_refusal(reply->body));
    }
    if (!wrong || !is_read(exchange.request) || reads == kReadsMax || is_interrupted()) {
      // A refusal does not say what it is charged.
      if (exchange.outcome.ok() && reply->status == 200) {
        row.units_engine += engine_units(exchange);
        row.units_endpoint += remote::consumed_units(reply->body);
      }
      break;
    }
    std::this_thread::sleep_for(wait);
    wait *= 2;
  }
  if (wrong) report_.failures.push_back({pattern, operation + ": " + *wrong});
}

void EndpointProof::observe(const seed::ObservedCall& call) {
  if (is_interrupted() && report_.broken_off.empty()) report_.broken_off = "interrupted";
  for (const design::Exchange& exchange : call.answer.exchanges) {
    // After a wrong write everything that follows may differ: the first few tell what is wrong.
    if (!report_.broken_off.empty() || report_.failures.size() >= kFailuresMax) return;
    ask(call.pattern, exchange);
  }
}

}  // namespace ddbplan::cli
