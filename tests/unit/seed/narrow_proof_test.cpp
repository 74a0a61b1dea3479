// Optional equalities whose calls go by a key of their own are answered as the oracle answers them.
#include <doctest/doctest.h>

#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

TEST_CASE("calls go by the key of what they give, and cost what the plan says") {
  const Proven tasks = prove(R"(entities:
  Project: {id: project_id, count: 2k, attributes: {project_id: ulid, name: string 20 B}}
  Task: {id: task_id, belongs_to: {Project: 400 .. 3k}, attributes: {task_id: ulid, at: timestamp, kind: {type: string 8 B, distinct: 100}, who: {type: string 10 B, distinct: 30, present: 60%}, title: string 80 B}}
access_patterns:
  start: {create: Project}
  add: {create: Task, rate: 0.1/s}
  newest: {list: Task, by: project_id, narrow_by: [kind 40%, who 30%], order: at desc, limit: 5, rate: 200/s, with: {project_id: [name]}}
  keys: {list: Task, by: project_id, narrow_by: [kind 40%], order: title asc, returns: [title], rate: 20/s}
  many: {count: Task, by: project_id, narrow_by: [who 50%], rate: 30/s}
)");
  CHECK(tasks.failures == "");
  REQUIRE(tasks.plan("newest").steps.size() > 2);
  CHECK(tasks.plan("many").steps.size() == 2);
}
