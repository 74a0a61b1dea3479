#include "remote/comparison.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "dynamo/json.h"
#include "remote/answer.h"

namespace ddbplan::remote {
namespace {

using Json = nlohmann::ordered_json;

/// An item as a text that is the same for the same item: names are sorted and numbers normal.
std::string canonical(const Json& item) {
  const auto read = dynamo::read_item(nlohmann::json(item));
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

/// An item of a Query of an index: its sort key, and the whole of it.
struct Entry {
  std::string sort;
  std::string item;
  auto operator<=>(const Entry&) const = default;
};
void add_entries(const Json& answer, const std::vector<std::string>& sort,
                 std::vector<Entry>& entries) {
  const auto items = answer.find("Items");
  if (items == answer.end()) return;
  for (const Json& item : *items) {
    Entry& entry = entries.emplace_back();
    for (const std::string& name : sort)
      entry.sort += (item.is_object() && item.contains(name) ? item.at(name).dump() : "") + " ";
    entry.item = canonical(item);
  }
}

std::string too_many(std::size_t got, std::size_t wanted) {
  return "it answers " + std::to_string(got) + " items instead of " + std::to_string(wanted);
}

std::optional<std::string> items_difference(std::string_view operation, const Json& ours,
                                            const Json& theirs) {
  std::vector<std::string> wanted = items_of(operation, ours);
  std::vector<std::string> got = items_of(operation, theirs);
  if (wanted.size() != got.size()) return too_many(got.size(), wanted.size());
  if (wanted == got) return std::nullopt;
  std::sort(wanted.begin(), wanted.end());
  std::sort(got.begin(), got.end());
  if (wanted != got) return "an item differs";
  if (operation == "BatchGetItem") return std::nullopt;
  return "the items come in another order";
}

std::string number_of(const Json& answer, const char* name) {
  const auto at = answer.find(name);
  return at == answer.end() ? "none" : at->dump();
}

std::int64_t count_of(const Json& answer) {
  const auto at = answer.find("Count");
  return at != answer.end() && at->is_number_integer() ? at->get<std::int64_t>() : 0;
}

std::optional<double> units_in(const Json& consumed) {
  if (consumed.is_array()) {
    double sum = 0;
    for (const Json& one : consumed) {
      const auto units = units_in(one);
      if (!units) return std::nullopt;
      sum += *units;
    }
    return sum;
  }
  if (!consumed.is_object()) return std::nullopt;
  const auto units = consumed.find("CapacityUnits");
  if (units == consumed.end() || !units->is_number()) return std::nullopt;
  return units->get<double>();
}

}  // namespace

Refusal read_refusal(const std::string& body) {
  const Json answer = parse_answer(body);
  Refusal refusal;
  if (!answer.is_object()) return refusal;
  refusal.type = text_in(answer, "__type");
  const auto mark = refusal.type.find_last_of('#');
  if (mark != std::string::npos) refusal.type.erase(0, mark + 1);
  refusal.message = text_in(answer, "message");
  if (refusal.message.empty()) refusal.message = text_in(answer, "Message");
  const auto reasons = answer.find("CancellationReasons");
  if (reasons == answer.end() || !reasons->is_array()) return refusal;
  for (const Json& reason : *reasons) {
    if (!refusal.reasons.empty()) refusal.reasons += ", ";
    const std::string code = text_in(reason, "Code");
    refusal.reasons += code.empty() ? "None" : code;
  }
  return refusal;
}

std::optional<std::string> difference(std::string_view operation,
                                      const nlohmann::ordered_json& expected,
                                      const std::string& found) {
  const Json answer = parse_answer(found);
  if (!answer.is_object()) return "the answer is no JSON object";
  if (auto what = items_difference(operation, expected, answer)) return what;
  for (const char* name : {"Count", "ScannedCount"}) {
    const std::string theirs = number_of(answer, name);
    const std::string number = number_of(expected, name);
    if (theirs != number) return std::string(name) + " is " + theirs + " instead of " + number;
  }
  if (answer.contains("LastEvaluatedKey") != expected.contains("LastEvaluatedKey"))
    return answer.contains("LastEvaluatedKey") ? "it ends the page earlier"
                                               : "it ends the page later";
  return std::nullopt;
}

std::optional<std::string> index_difference(const std::vector<std::string>& sort,
                                            const std::vector<nlohmann::ordered_json>& expected,
                                            const std::vector<std::string>& found) {
  std::vector<Entry> wanted;
  std::vector<Entry> got;
  std::int64_t counted = 0;
  bool is_cut = false;
  bool goes_on = false;
  for (const nlohmann::ordered_json& page : expected) {
    add_entries(page, sort, wanted);
    counted += count_of(page);
    is_cut = page.contains("LastEvaluatedKey");
  }
  for (const std::string& page : found) {
    const Json answer = parse_answer(page);
    if (!answer.is_object()) return "the answer is no JSON object";
    add_entries(answer, sort, got);
    counted -= count_of(answer);
    goes_on = answer.contains("LastEvaluatedKey");
  }
  if (!is_cut && wanted.size() != got.size()) return too_many(got.size(), wanted.size());
  // Pages that are cut may hold less than ours, but something, and only where more follow.
  const bool is_short = got.size() < wanted.size();
  if (is_short && (got.empty() || !goes_on)) return too_many(got.size(), wanted.size());
  if (!is_cut && counted != 0) return "it counts " + std::to_string(-counted) + " more";
  const std::size_t both = std::min(wanted.size(), got.size());
  if (both == 0) return std::nullopt;
  wanted.resize(both);
  got.resize(both);
  for (std::size_t i = 0; i < both; ++i) {
    if (wanted[i].sort != got[i].sort) return "an item differs, or its place";
  }
  const std::string last = wanted.back().sort;
  const auto may_be_another = [&](const Entry& entry) { return is_cut && entry.sort == last; };
  for (std::vector<Entry>* side : {&wanted, &got}) {
    side->erase(std::remove_if(side->begin(), side->end(), may_be_another), side->end());
    std::sort(side->begin(), side->end());
  }
  return wanted == got ? std::nullopt : std::optional<std::string>("an item differs");
}

std::optional<std::string> scan_difference(const std::vector<nlohmann::ordered_json>& expected,
                                           const std::vector<std::string>& found) {
  std::vector<std::string> wanted;
  std::vector<std::string> got;
  const auto add = [](std::vector<std::string>& all, const Json& page) {
    for (std::string& item : items_of("Scan", page)) all.push_back(std::move(item));
  };
  for (const nlohmann::ordered_json& page : expected) add(wanted, page);
  for (const std::string& page : found) {
    const Json answer = parse_answer(page);
    if (!answer.is_object()) return "the answer is no JSON object";
    add(got, answer);
  }
  if (wanted.size() != got.size()) return too_many(got.size(), wanted.size());
  std::sort(wanted.begin(), wanted.end());
  std::sort(got.begin(), got.end());
  return wanted == got ? std::nullopt : std::optional<std::string>("an item differs");
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

std::optional<double> consumed_units(const std::string& body) {
  const Json answer = parse_answer(body);
  if (!answer.is_object()) return std::nullopt;
  const auto consumed = answer.find("ConsumedCapacity");
  return consumed == answer.end() ? std::nullopt : units_in(*consumed);
}

}  // namespace ddbplan::remote
