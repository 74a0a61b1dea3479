#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

/// Below this an extra write is not worth a word.
constexpr double kMovesPerSecondMin = 5;

std::set<std::string> changed_attributes(const model::Write& write) {
  std::set<std::string> names;
  for (const model::Assignment& each : write.set) names.insert(each.attribute);
  for (const model::Addition& each : write.add) names.insert(each.attribute);
  if (write.move) names.insert(write.move->attribute);
  return names;
}

/// An attribute of the entry's key that the write changes; empty if there is none.
std::string moved_by(const design::KeyEntry& entry, const std::set<std::string>& changed) {
  for (const auto* keys : {&entry.partition, &entry.sort}) {
    for (const design::KeyTemplate& key : *keys) {
      for (const design::KeyPart& part : key.parts) {
        const auto* field = std::get_if<design::Field>(&part);
        if (field != nullptr && changed.contains(field->attribute)) return field->attribute;
      }
    }
  }
  return {};
}

void check_write(const Context& context, const model::Pattern& pattern, const model::Write& write,
                 Report& report) {
  const std::set<std::string> changed = changed_attributes(write);
  for (const design::ItemLayout& layout : context.design->items) {
    const bool concerned = std::find(write.entities.begin(), write.entities.end(), layout.entity) !=
                           write.entities.end();
    if (!concerned) continue;
    for (const design::KeyEntry& entry : layout.entries) {
      const std::string attribute = moved_by(entry, changed);
      if (!entry.index || attribute.empty()) continue;
      report.add(
          pattern.span,
          fmt::format("{} changes {}, a key of {}, {}: each change deletes and inserts there, "
                      "two writes instead of one",
                      pattern.name, attribute, *entry.index,
                      support::format_rate(pattern.load.mean)));
    }
  }
}

void check_moving_index_key(const Context& context, Report& report) {
  for (const model::Pattern& pattern : context.workload.patterns) {
    if (pattern.load.mean.per_second < kMovesPerSecondMin) continue;
    for (const model::Write* write : writes_of(pattern)) {
      const bool changes =
          write->kind == model::WriteKind::update || write->kind == model::WriteKind::upsert;
      if (changes) check_write(context, pattern, *write, report);
    }
  }
}

}  // namespace

constinit const Rule kMovingIndexKey = {
    .info = {.code = "DDB205",
             .name = "moving-index-key",
             .severity = support::Severity::info,
             .since = "0.1.0",
             .summary = "A frequent write changes a key of an index.",
             .rationale = "An index entry whose key changes is deleted and inserted: two writes, "
                          "each with its own rounding, and "
                          "heat on the old key and on the new one. Counters and scores as index "
                          "keys double their write bill; an "
                          "order that may lag can be computed at intervals instead.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html",
             .bad = R"(ddbplan: 1
service: game
entities:
  Player: {id: [board, player_id], count: 100k, attributes: {board: {type: string 8 B, distinct: 5}, player_id: ulid, score: integer}}
access_patterns:
  join: {create: Player, rate: 1/s}
  win: {update: Player, by: [board, player_id], add: {score: +:points}, rate: 50/s}
  top: {list: Player, by: board, order: score desc, limit: 10, rate: 20/s}
)",
             .good = R"(ddbplan: 1
service: game
entities:
  Player: {id: [board, player_id], count: 100k, attributes: {board: {type: string 8 B, distinct: 5}, player_id: ulid, score: integer}}
access_patterns:
  join: {create: Player, rate: 1/s}
  win: {update: Player, by: [board, player_id], add: {score: +:points}, rate: 50/s}
  mine: {get: Player, by: [board, player_id], rate: 20/s}
)"},
    .phase = Phase::design,
    .check = check_moving_index_key};

}  // namespace ddbplan::lint
