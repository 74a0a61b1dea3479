#include <cmath>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

constexpr double kRowBytesMin = 8 * 1024;
constexpr double kCallsPerSecondMin = 0.1;
constexpr double kWriteUnitBytes = 1024;
/// A change that rewrites this share of the row needs it as one item.
constexpr double kLargeShare = 0.25;

/// Of the row's own item, keys left out.
double own_bytes(const model::Entity& entity) {
  double bytes = row_bytes(entity).mean;
  for (const std::string& name : entity.facet) {
    const model::Attribute& attribute = *entity.find(name);
    bytes -= attribute.present * (static_cast<double>(name.size()) + attribute.bytes.mean);
  }
  return bytes;
}

/// Bytes that the write sends; nullopt when it may change anything.
std::optional<double> changed_bytes(const model::Entity& entity, const model::Write& write) {
  if (write.set_is_default || !write.append.empty()) return std::nullopt;
  double bytes = 0;
  for (const model::Assignment& each : write.set) {
    const model::Attribute* attribute = entity.find(each.attribute);
    if (attribute != nullptr) bytes += attribute->bytes.mean;
  }
  return bytes;
}

void check_small_change_of_large_item(const Context& context, Report& report) {
  for (const model::Pattern& pattern : context.workload.patterns) {
    if (pattern.load.mean.per_second < kCallsPerSecondMin) continue;
    for (const model::Write* write : writes_of(pattern)) {
      if (write->kind != model::WriteKind::update || write->entities.empty()) continue;
      const model::Entity& entity = context.workload.entity(write->entities.front());
      const double row = own_bytes(entity);
      const std::optional<double> changed = changed_bytes(entity, *write);
      if (row < kRowBytesMin || !changed || *changed > kLargeShare * row) continue;
      report.add(
          pattern.span,
          fmt::format("each {} pays {} write units, because the whole row of {} ({}) is written "
                      "to change a little of it",
                      pattern.name, std::ceil(row / kWriteUnitBytes), entity.name,
                      support::format_bytes(row)),
          "Keep the large attributes in an entity of their own, with the same identity.");
    }
  }
}

}  // namespace

constinit const Rule kSmallChangeOfLargeItem = {
    .info = {.code = "DDB305",
             .name = "small-change-of-large-item",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "A frequent update changes a small part of a large row.",
             .rationale = "An update is metered by the larger of the item before and after, "
                          "however little of it changes. State that "
                          "changes often and content that doesn't belong in two items. A "
                          "plan puts large attributes into an item of their own where that pays "
                          "and is safe. It leaves rows whose large attributes are read strongly "
                          "consistent, exported, searched, compared, shown with other rows or "
                          "copied; rows that upserts, batches or updates without a list of "
                          "attributes write; given keys, natural keys, and what --keep holds.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "read-write-operations.html",
             .bad = R"(ddbplan: 1
service: press
entities:
  Article: {id: article_id, count: 10k, attributes: {article_id: ulid, views: integer, body: string 20 KB}}
access_patterns:
  publish: {create: Article, rate: 1/min}
  show: {get: Article, by: article_id, consistency: strong, rate: 20/s}
  count_view: {update: Article, by: article_id, add: {views: +:n}, rate: 20/s}
)",
             .good = R"(ddbplan: 1
service: press
entities:
  Article: {id: article_id, count: 10k, attributes: {article_id: ulid, body: string 20 KB}}
  Views: {id: article_id, belongs_to: {Article: 1 .. 1}, attributes: {views: integer}}
access_patterns:
  publish: {transaction: [{create: Article}, {create: Views}], rate: 1/min}
  show: {get: Article, by: article_id, consistency: strong, rate: 20/s}
  views: {get: Views, by: article_id, rate: 20/s}
  count_view: {update: Views, by: article_id, add: {views: +:n}, rate: 20/s}
)"},
    .phase = Phase::design,
    .check = check_small_change_of_large_item};

}  // namespace ddbplan::lint
