#include "cli/endpoint_proof.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dynamo/json.h"
#include "emit/exchanges.h"
#include "remote/answer.h"

namespace ddbplan::cli {
namespace {

using Json = nlohmann::ordered_json;

/// An eventually consistent read may be behind what was just written, usually by less than a second.
constexpr int kReadsMax = 6;
constexpr std::chrono::milliseconds kLagWait{20};
constexpr int kFailuresMax = 3;
/// A Scan may have more pages than the engine's, where an endpoint makes smaller ones, but not without end.
constexpr std::size_t kScanPagesFactor = 10;
constexpr std::size_t kScanPagesMore = 100;

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

Json request_of(const design::Exchange& exchange) {
  Json request = dynamo::request_to_json(exchange.request);
  request["ReturnConsumedCapacity"] = "INDEXES";
  return request;
}

bool is_paged(const dynamo::Request& request) {
  if (std::holds_alternative<dynamo::ScanRequest>(request)) return true;
  const auto* query = std::get_if<dynamo::QueryRequest>(&request);
  return query != nullptr && query->index;
}

/// Of a part of a Scan nobody can say which rows it holds.
bool is_part_of_scan(const std::vector<const design::Exchange*>& pages) {
  const design::Exchange& last = *pages.back();
  return std::holds_alternative<dynamo::ScanRequest>(last.request) && last.outcome.ok() &&
         last.outcome->last_evaluated_key.has_value();
}

/// The same for all pages of one Scan or Query.
std::string paged_text(const design::Exchange& exchange) {
  Json request = dynamo::request_to_json(exchange.request);
  request.erase("ExclusiveStartKey");
  request.erase("Limit");
  return std::to_string(exchange.step) + request.dump();
}

void add_units(EndpointPattern& row, const std::string& body) {
  const auto units = remote::consumed_units(body);
  if (!units) row.units_endpoint.reset();
  if (row.units_endpoint) *row.units_endpoint += *units;
}

std::string refusal_text(const remote::Reply& reply) {
  const remote::Refusal refusal = remote::read_refusal(reply.body);
  return fmt::format(
      "it is refused: {} ({})",
      refusal.type.empty() ? fmt::format("HTTP status {}", reply.status) : refusal.type,
      refusal.message);
}

}  // namespace

bool EndpointPattern::has_other_units() const {
  // Sums of halves and of the endpoint's decimals.
  constexpr double kRounding = 1e-6;
  return units_endpoint && std::abs(*units_endpoint - units_engine) > kRounding;
}

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
  std::vector<std::string> names;
  if (query == nullptr || !query->index) return names;
  for (const design::Table& table : run_.design->tables) {
    const design::Index* index =
        table.name == query->table ? table.find_index(*query->index) : nullptr;
    if (index == nullptr) continue;
    for (const dynamo::KeyAttribute& part : index->key.sort) names.push_back(part.name);
  }
  return names;
}

std::optional<std::string> EndpointProof::judge(const design::Exchange& exchange,
                                                const remote::Reply& reply) const {
  const bool is_answered = reply.status == 200;
  if (!exchange.outcome.ok()) {
    if (is_answered)
      return "it is answered, and should be refused: " + exchange.outcome.error().type;
    return remote::difference(exchange.outcome.error(), remote::read_refusal(reply.body));
  }
  if (!is_answered) return refusal_text(reply);
  return remote::difference(dynamo::operation_name(exchange.request),
                            emit::response_to_json(exchange.request, *exchange.outcome),
                            reply.body);
}

void EndpointProof::ask(model::PatternId pattern, const design::Exchange& exchange) {
  EndpointPattern& row = report_.patterns[pattern.index];
  const std::string operation(dynamo::operation_name(exchange.request));
  Json request = request_of(exchange);
  if (const auto token = request.find("ClientRequestToken"); token != request.end())
    *token = own_token(token->get<std::string>());
  ++row.requests;
  auto wait = kLagWait;
  for (int reads = 1;; ++reads) {
    const auto reply = session_.send(operation, request);
    if (!reply) {
      report_.broken_off = reply.error();
      return;
    }
    const auto wrong = judge(exchange, *reply);
    if (wrong && is_interrupted()) {
      report_.broken_off = "interrupted";
      return;
    }
    if (wrong && is_read(exchange.request) && reads < kReadsMax) {
      std::this_thread::sleep_for(wait);
      wait *= 2;
      continue;
    }
    if (wrong) report_.failures.push_back({pattern, operation + ": " + *wrong});
    // A refusal does not say what it is charged.
    if (exchange.outcome.ok() && reply->status == 200) {
      row.units_engine += engine_units(exchange);
      add_units(row, reply->body);
    }
    return;
  }
}

std::optional<std::vector<std::string>> EndpointProof::read_pages(
    model::PatternId pattern, const std::vector<const design::Exchange*>& pages) {
  const std::string operation(dynamo::operation_name(pages.front()->request));
  const auto fail = [&](const std::string& what) {
    report_.failures.push_back({pattern, operation + ": " + what});
    return std::nullopt;
  };
  const bool ends_with_ours = operation == "Query" || is_part_of_scan(pages);
  const std::size_t pages_max =
      ends_with_ours ? pages.size() : pages.size() * kScanPagesFactor + kScanPagesMore;
  std::vector<std::string> found;
  std::optional<Json> next;
  while (true) {
    const std::size_t i = found.size();
    if (i == pages_max && ends_with_ours) break;
    if (i == pages_max) return fail(fmt::format("it has no end after {} pages", i));
    Json request = request_of(*pages[std::min(i, pages.size() - 1)]);
    request.erase("ExclusiveStartKey");
    if (next) request["ExclusiveStartKey"] = *next;
    ++report_.patterns[pattern.index].requests;
    auto reply = session_.send(operation, request);
    if (!reply || is_interrupted()) {
      report_.broken_off = is_interrupted() ? "interrupted" : reply.error();
      return std::nullopt;
    }
    if (reply->status != 200) return fail(refusal_text(*reply));
    const Json answer = remote::parse_answer(reply->body);
    found.push_back(std::move(reply->body));
    if (!answer.is_object() || !answer.contains("LastEvaluatedKey")) break;
    if (next == answer["LastEvaluatedKey"]) return fail("a page ends where it began");
    next = answer["LastEvaluatedKey"];
  }
  return found;
}

void EndpointProof::ask_pages(model::PatternId pattern,
                              const std::vector<const design::Exchange*>& pages) {
  EndpointPattern& row = report_.patterns[pattern.index];
  const dynamo::Request& first = pages.front()->request;
  const bool is_scan = std::holds_alternative<dynamo::ScanRequest>(first);
  std::vector<Json> expected;
  double units = 0;
  for (const design::Exchange* page : pages) {
    if (!page->outcome.ok()) return ask(pattern, *page);
    expected.push_back(emit::response_to_json(page->request, *page->outcome));
    units += engine_units(*page);
  }
  const bool is_part = is_part_of_scan(pages);
  auto wait = kLagWait;
  for (int reads = 1;; ++reads) {
    const auto found = read_pages(pattern, pages);
    if (!found) return;
    const auto wrong = is_scan ? remote::scan_difference(expected, *found)
                               : remote::index_difference(index_sort(first), expected, *found);
    if (wrong && !is_part && reads < kReadsMax) {
      std::this_thread::sleep_for(wait);
      wait *= 2;
      continue;
    }
    if (wrong && !is_part)
      report_.failures.push_back({pattern, (is_scan ? "Scan: " : "Query: ") + *wrong});
    row.units_engine += units;
    for (const std::string& page : *found) add_units(row, page);
    return;
  }
}

void EndpointProof::observe(const seed::ObservedCall& call) {
  if (is_interrupted() && report_.broken_off.empty()) report_.broken_off = "interrupted";
  // Of each Scan and each Query of an index all pages, wherever in the call they were read.
  std::map<std::string, std::vector<const design::Exchange*>> paged;
  for (const design::Exchange& exchange : call.answer.exchanges) {
    if (is_paged(exchange.request)) paged[paged_text(exchange)].push_back(&exchange);
  }
  for (const design::Exchange& exchange : call.answer.exchanges) {
    // After a wrong write everything that follows may differ: the first few tell what is wrong.
    if (!report_.broken_off.empty() || report_.failures.size() >= kFailuresMax) return;
    if (!is_paged(exchange.request)) {
      ask(call.pattern, exchange);
      continue;
    }
    const auto& pages = paged.at(paged_text(exchange));
    if (pages.front() == &exchange) ask_pages(call.pattern, pages);
  }
}

}  // namespace ddbplan::cli
