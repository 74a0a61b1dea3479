#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"
#include "support/text.h"

namespace ddbplan::lint {
namespace {

constexpr double kWriteUnitBytes = 1024;

/// Readers of the index that ask for whole rows.
std::vector<std::string> readers_of_whole_rows(const Context& context, std::size_t table,
                                               const std::string& index) {
  std::vector<std::string> names;
  for (const model::PatternId id : readers_of(context, table, index)) {
    const model::Pattern& pattern = context.workload.pattern(id);
    const auto* read = std::get_if<model::Read>(&pattern.action);
    if (read != nullptr && read->kind == model::ReadKind::list && read->returns.empty()) {
      names.push_back(pattern.name);
    }
  }
  return names;
}

void check_entry(const Context& context, const design::ItemLayout& layout,
                 const design::KeyEntry& entry, Report& report) {
  const design::Table& table = context.design->tables[layout.table];
  const design::Index* index = table.find_index(*entry.index);
  if (index == nullptr || index->projection.type != dynamo::ProjectionType::all) return;
  const double bytes = capacity::entry_size(context.workload, *context.design, layout, entry).mean;
  if (bytes <= kWriteUnitBytes) return;
  const std::vector<std::string> readers =
      readers_of_whole_rows(context, layout.table, *entry.index);
  if (readers.empty()) return;
  const model::Entity& entity = context.workload.entity(layout.entity);
  report.add(
      context.workload.pattern(*context.workload.find_pattern(readers.front())).span,
      fmt::format("{} {} whole rows of {} through {}, so every write copies {} ({} units) there",
                  support::join_list(readers), readers.size() == 1 ? "reads" : "read", entity.name,
                  *entry.index, support::format_bytes(bytes), std::ceil(bytes / kWriteUnitBytes)),
      "If the list shows only some attributes, name them in `returns`.");
}

void check_wide_projection(const Context& context, Report& report) {
  for (const design::ItemLayout& layout : context.design->items) {
    for (const design::KeyEntry& entry : layout.entries) {
      if (entry.index) check_entry(context, layout, entry, report);
    }
  }
}

}  // namespace

constinit const Rule kWideProjection = {
    .info = {.code = "DDB203",
             .name = "wide-projection",
             .severity = support::Severity::info,
             .since = "0.1.0",
             .summary =
                 "An index holds whole large rows because a list does not say what it returns.",
             .rationale = "Every attribute in an index is written and stored a second time, and "
                          "reads of the index are paid by its "
                          "entries' size. Lists usually show a few attributes; a pattern that says "
                          "which lets the planner keep "
                          "the others out.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "bp-indexes-general.html",
             .bad = R"(ddbplan: 1
service: news
entities:
  Article: {id: article_id, count: 100k, attributes: {article_id: ulid, section: {type: string 10 B, distinct: 200}, at: timestamp, title: string 60 B, body: string 6 KB}}
access_patterns:
  publish: {create: Article, rate: 1/s}
  page: {get: Article, by: article_id, consistency: strong, rate: 5/s}
  section_front: {list: Article, by: section, order: at desc, limit: 5, rate: 50/s}
)",
             .good = R"(ddbplan: 1
service: news
entities:
  Article: {id: article_id, count: 100k, attributes: {article_id: ulid, section: {type: string 10 B, distinct: 200}, at: timestamp, title: string 60 B, body: string 6 KB}}
access_patterns:
  publish: {create: Article, rate: 1/s}
  page: {get: Article, by: article_id, consistency: strong, rate: 5/s}
  section_front: {list: Article, by: section, order: at desc, limit: 5, returns: [title, at], rate: 50/s}
)"},
    .phase = Phase::design,
    .check = check_wide_projection};

}  // namespace ddbplan::lint
