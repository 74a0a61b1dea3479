#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kUnknownSuppression = {
    .info = {
        .code = "DDB092",
        .name = "unknown-suppression",
        .severity = support::Severity::warning,
        .since = "0.1.0",
        .summary = "A ddbplan: ignore comment names no rule, or one that can't be ignored.",
        .rationale =
            "Rules are named by their code (DDB103) or their name (never-read). Errors of the "
            "language "
            "(DDB0xx) can't be ignored, because a schema that has them has no meaning to plan.",
        .source = "",
        .bad = R"(ddbplan: 1
service: notes
entities:
  # ddbplan: ignore DDB999 -- whatever it is
  Note: {id: note_id, count: 1k, attributes: {note_id: ulid, text: string 200 B}}
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
