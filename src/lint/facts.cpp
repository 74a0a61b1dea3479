#include "lint/facts.h"

#include <algorithm>

namespace ddbplan::lint {
namespace {

bool begins_name(std::string_view text, std::size_t at) {
  return at == 0 || std::string_view(" \t\n{,").find(text[at - 1]) != std::string_view::npos;
}

bool in_comment(std::string_view text, std::size_t at) {
  const auto line = text.rfind('\n', at);
  const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
  const auto hash = text.substr(begin, at - begin).find('#');
  return hash != std::string_view::npos;
}

}  // namespace

bool is_transaction(const model::Pattern& pattern) {
  return std::holds_alternative<model::Transaction>(pattern.action);
}

bool adds_to_numbers(const model::Write& write) {
  return !write.add.empty();
}

design::SizeEstimate row_bytes(const model::Entity& entity) {
  if (entity.size) return {entity.size->mean, entity.size->max};
  design::SizeEstimate bytes;
  for (const model::Attribute& attribute : entity.attributes) {
    const auto name = static_cast<double>(attribute.name.size());
    bytes.mean += attribute.present * (name + attribute.bytes.mean);
    bytes.max += name + attribute.bytes.max;
  }
  return bytes;
}

std::optional<support::Rate> hottest_rate(const model::Pattern& pattern) {
  std::optional<support::Rate> hottest = pattern.load.hottest;
  for (const auto& [name, rate] : pattern.load.hottest_named) {
    if (!hottest || *hottest < rate) hottest = rate;
  }
  return hottest;
}

support::Span key_span(const support::SourceText& source, std::string_view key) {
  const std::string_view text = source.text();
  for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const std::size_t end = at + key.size();
    if (end >= text.size() || text[end] != ':') continue;
    if (!begins_name(text, at) || in_comment(text, at)) continue;
    return {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)};
  }
  return {};
}

support::Span resource_span(const Context& context, std::size_t table,
                            const std::optional<std::string>& index) {
  for (const design::ItemLayout& layout : context.design->items) {
    if (layout.table != table) continue;
    const bool has =
        !index || std::any_of(layout.entries.begin(), layout.entries.end(),
                              [&](const design::KeyEntry& e) { return e.index == index; });
    if (has) return context.workload.entity(layout.entity).span;
  }
  return {};
}

support::Span hot_key_span(const Context& context, const design::HotKey& hot) {
  const auto is_its_key = [&hot](const design::KeyEntry& entry) {
    if (entry.index != hot.index || entry.partition.empty()) return false;
    const std::string text = design::to_string(entry.partition.front());
    return text.starts_with(hot.key) || hot.key.starts_with(text.substr(0, text.find('{')) + "{");
  };
  for (const design::ItemLayout& layout : context.design->items) {
    if (layout.table != hot.table) continue;
    if (is_its_key(layout.base) ||
        std::any_of(layout.entries.begin(), layout.entries.end(), is_its_key)) {
      return context.workload.entity(layout.entity).span;
    }
  }
  return resource_span(context, hot.table, hot.index);
}

std::string when_text(const design::HotKey& hot) {
  return hot.when.empty() || hot.when == "peak" ? "at the peak" : "during " + hot.when;
}

std::string resource_name(const Context& context, std::size_t table,
                          const std::optional<std::string>& index) {
  return index ? "index " + *index : "table " + context.design->tables[table].name;
}

std::vector<model::PatternId> readers_of(const Context& context, std::size_t table,
                                         const std::string& index) {
  std::vector<model::PatternId> readers;
  for (const design::AccessPlan& plan : context.design->plans) {
    const bool reads = std::any_of(
        plan.steps.begin(), plan.steps.end(),
        [&](const design::Step& step) { return step.table == table && step.index == index; });
    if (reads) readers.push_back(plan.pattern);
  }
  return readers;
}

}  // namespace ddbplan::lint
