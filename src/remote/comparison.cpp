#include "remote/comparison.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "dynamo/json.h"

namespace ddbplan::remote {
namespace {

using Json = nlohmann::json;

Json parsed(const std::string& body) {
  return Json::parse(body, nullptr, false);
}

/// An item as a text that is the same for the same item: names are sorted and numbers normal.
std::string canonical(const Json& item) {
  const auto read = dynamo::read_item(item);
  return read ? dynamo::item_to_json_text(*read) : "unreadable " + item.dump();
}

/// The items of an answer in its order; those of a missing item are "".
std::vector<std::string> items_of(std::string_view operation, const Json& answer) {
  std::vector<std::string> items;
  const auto add_all = [&](const Json& list) {
    for (const Json& item : list) items.push_back(canonical(item));
  };
  const auto found = [&](const char* name) -> const Json* {
    const auto at = answer.find(name);
    return at == answer.end() ? nullptr : &*at;
  };
  if (const Json* list = found("Items")) add_all(*list);
  if (const Json* item = found("Item")) items.push_back(canonical(*item));
  if (const Json* changed = found("Attributes")) items.push_back(canonical(*changed));
  if (const Json* responses = found("Responses")) {
    for (const Json& one : *responses) {
      if (operation == "BatchGetItem") {
        add_all(one);
      } else {
        items.push_back(one.contains("Item") ? canonical(one.at("Item")) : "");
      }
    }
  }
  return items;
}

bool has_order(std::string_view operation) {
  return operation != "Scan" && operation != "BatchGetItem";
}

/// Whether both answers have the same sort keys in the same order.
bool same_sort_keys(const std::vector<std::string>& index_sort, const Json& ours,
                    const Json& theirs) {
  const Json& a = ours.at("Items");
  const Json& b = theirs.at("Items");
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (const std::string& name : index_sort) {
      if (a[i].value(name, Json()) != b[i].value(name, Json())) return false;
    }
  }
  return true;
}

std::string number_of(const Json& answer, const char* name) {
  const auto at = answer.find(name);
  return at == answer.end() ? "none" : at->dump();
}

double units_in(const Json& consumed) {
  if (consumed.is_array()) {
    double sum = 0;
    for (const Json& one : consumed) sum += units_in(one);
    return sum;
  }
  if (!consumed.is_object()) return 0;
  const auto units = consumed.find("CapacityUnits");
  return units != consumed.end() && units->is_number() ? units->get<double>() : 0;
}

}  // namespace

Refusal read_refusal(const std::string& body) {
  const Json answer = parsed(body);
  Refusal refusal;
  if (!answer.is_object()) return refusal;
  const auto text = [&](const char* name) {
    const auto at = answer.find(name);
    return at != answer.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  refusal.type = text("__type");
  const auto mark = refusal.type.find_last_of('#');
  if (mark != std::string::npos) refusal.type.erase(0, mark + 1);
  refusal.message = text("message");
  if (refusal.message.empty()) refusal.message = text("Message");
  const auto reasons = answer.find("CancellationReasons");
  if (reasons == answer.end() || !reasons->is_array()) return refusal;
  for (const Json& reason : *reasons) {
    if (!refusal.reasons.empty()) refusal.reasons += ", ";
    refusal.reasons += reason.is_object() ? reason.value("Code", "None") : "None";
  }
  return refusal;
}

std::optional<std::string> difference(std::string_view operation,
                                      const std::vector<std::string>& index_sort,
                                      const nlohmann::ordered_json& expected,
                                      const std::string& found) {
  const Json answer = parsed(found);
  if (!answer.is_object()) return "the answer is no JSON object";
  const Json ours = expected;
  std::vector<std::string> wanted = items_of(operation, ours);
  std::vector<std::string> got = items_of(operation, answer);
  if (wanted.size() != got.size())
    return "it answers " + std::to_string(got.size()) + " items instead of " +
           std::to_string(wanted.size());
  if (wanted != got) {
    const bool is_ordered = has_order(operation);
    std::sort(wanted.begin(), wanted.end());
    std::sort(got.begin(), got.end());
    if (wanted != got) return "an item differs";
    const bool may_tie = operation == "Query" && !index_sort.empty();
    if (is_ordered && !(may_tie && same_sort_keys(index_sort, ours, answer)))
      return "the items come in another order";
  }
  for (const char* name : {"Count", "ScannedCount"}) {
    const std::string theirs = number_of(answer, name);
    const std::string number = number_of(ours, name);
    if (theirs != number) return std::string(name) + " is " + theirs + " instead of " + number;
  }
  if (answer.contains("LastEvaluatedKey") != ours.contains("LastEvaluatedKey"))
    return answer.contains("LastEvaluatedKey") ? "it ends the page earlier"
                                               : "it ends the page later";
  return std::nullopt;
}

std::optional<std::string> difference(const dynamo::ApiError& expected, const Refusal& found) {
  if (found.type != expected.type)
    return "it answers " + (found.type.empty() ? "an unnamed error" : found.type) + " (" +
           found.message + ") instead of " + expected.type;
  std::string reasons;
  for (const dynamo::CancellationReason& reason : expected.cancellation_reasons) {
    if (!reasons.empty()) reasons += ", ";
    reasons += reason.code;
  }
  if (reasons != found.reasons)
    return "the transaction is cancelled for [" + found.reasons + "] instead of [" + reasons + "]";
  return std::nullopt;
}

double consumed_units(const std::string& body) {
  const Json answer = parsed(body);
  if (!answer.is_object()) return 0;
  const auto consumed = answer.find("ConsumedCapacity");
  return consumed == answer.end() ? 0 : units_in(*consumed);
}

}  // namespace ddbplan::remote
