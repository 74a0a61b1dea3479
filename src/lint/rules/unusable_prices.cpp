#include "lint/rules/rules.h"

namespace ddbplan::lint {

// The command line finds it: only that reads files.
constinit const Rule kUnusablePrices = {
    .info = {
        .code = "DDB504",
        .name = "unusable-prices",
        .severity = support::Severity::error,
        .since = "0.1.0",
        .summary = "The price book that the settings name cannot be used.",
        .rationale =
            "settings.prices is a JSON file beside the schema, in the form of the built-in price "
            "book. "
            "Without it no design can be chosen; without the setting the built-in prices are used.",
        .source = {},
        .bad = R"(ddbplan: 1
service: notes
settings: {prices: no-such-file.json}
entities:
  Note: {id: note_id, count: 1k, attributes: {note_id: ulid, text: string 200 B}}
access_patterns:
  write: {create: Note, rate: 10/day}
  read: {get: Note, by: note_id, rate: 5/s}
)",
        .good = R"(ddbplan: 1
service: notes
entities:
  Note: {id: note_id, count: 1k, attributes: {note_id: ulid, text: string 200 B}}
access_patterns:
  write: {create: Note, rate: 10/day}
  read: {get: Note, by: note_id, rate: 5/s}
)"}};

}  // namespace ddbplan::lint
