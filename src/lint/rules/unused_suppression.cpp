#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kUnusedSuppression = {
    .info = {.code = "DDB090",
             .name = "unused-suppression",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "A ddbplan: ignore comment silences nothing.",
             .rationale = "The finding was mended, or the comment stands on the wrong line. Left "
                          "in place it would hide "
                          "the next finding of the same rule. Remove it.",
             .source = "",
             .bad = R"(ddbplan: 1
service: notes
entities:
  Note: {id: note_id, count: 1k, attributes: {note_id: ulid, text: string 200 B}}  # ddbplan: ignore DDB301 -- small
access_patterns:
  write: {create: Note, rate: 1/s}
  read: {get: Note, by: note_id, rate: 5/s}
)",
             .good = R"(ddbplan: 1
service: notes
entities:
  Note: {id: note_id, count: 1k, attributes: {note_id: ulid, text: string 200 B}}
access_patterns:
  write: {create: Note, rate: 1/s}
  read: {get: Note, by: note_id, rate: 5/s}
)"}};

}  // namespace ddbplan::lint
