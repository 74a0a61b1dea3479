#include <string_view>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

namespace limits = dynamo::limits;

/// The longest value that a template gives, in bytes.
double key_bytes_max(const model::Entity& entity, const design::KeyTemplate& key) {
  double bytes = 0;
  for (const design::KeyPart& part : key.parts) {
    if (const auto* literal = std::get_if<design::Literal>(&part)) {
      bytes += static_cast<double>(literal->text.size());
    } else if (const auto* field = std::get_if<design::Field>(&part)) {
      const model::Attribute* attribute = entity.find(field->attribute);
      const bool fixed = field->width > 0;
      if (fixed) bytes += field->width;
      if (!fixed && attribute != nullptr) bytes += attribute->bytes.max;
    } else {
      bytes += 1;
    }
  }
  return bytes;
}

void check_keys(const Context& context, const design::ItemLayout& layout,
                const design::KeyEntry& entry, Report& report) {
  const model::Entity& entity = context.workload.entity(layout.entity);
  const auto check_part = [&](const std::vector<design::KeyTemplate>& keys, std::string_view which,
                              std::int64_t limit) {
    for (const design::KeyTemplate& key : keys) {
      const double bytes = key_bytes_max(entity, key);
      if (bytes <= static_cast<double>(limit)) continue;
      report.add(
          entity.span,
          fmt::format("the {} key {} of {} may take {}; DynamoDB allows {} bytes", which,
                      design::to_string(key), resource_name(context, layout.table, entry.index),
                      support::format_bytes(bytes), limit),
          "Shorten the attribute, or key by a hash of it and keep the whole beside.");
    }
  };
  check_part(entry.partition, "partition", limits::kPartitionKeyBytesMax);
  check_part(entry.sort, "sort", limits::kSortKeyBytesMax);
}

void check_key_too_long(const Context& context, Report& report) {
  for (const design::ItemLayout& layout : context.design->items) {
    check_keys(context, layout, layout.base, report);
    for (const design::KeyEntry& entry : layout.entries) check_keys(context, layout, entry, report);
  }
}

}  // namespace

constinit const Rule kKeyTooLong = {
    .info =
        {.code = "DDB302",
         .name = "key-too-long",
         .severity = support::Severity::error,
         .since = "0.1.0",
         .summary =
             "A key can grow beyond what DynamoDB allows: 2,048 bytes, 1,024 for a sort key.",
         .rationale = "A write whose key is too long is refused, for a key of an index too. URLs, "
                      "paths and free text make such "
                      "keys; a fixed-width hash of them does not.",
         .source =
             "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html",
         .bad = R"(ddbplan: 1
service: crawler
entities:
  Page: {id: url, count: 1M, attributes: {url: string 80 B .. 4 KB, title: string 60 B}}
access_patterns:
  store: {create: Page, rate: 1/s}
  show: {get: Page, by: url, rate: 1/s}
)",
         .good = R"(ddbplan: 1
service: crawler
entities:
  Page: {id: url_hash, count: 1M, attributes: {url_hash: string 64 B, url: string 80 B .. 4 KB, title: string 60 B}}
access_patterns:
  store: {create: Page, rate: 1/s}
  show: {get: Page, by: url_hash, rate: 1/s}
)"},
    .phase = Phase::design,
    .check = check_key_too_long};

}  // namespace ddbplan::lint
