// Reads of a tree: a row beside its parent or its children, which are of its own kind.
#include <doctest/doctest.h>

#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using Finds = design::Step::Finds;
using test::prove;
using test::Proven;

TEST_CASE("a row and its parent of the same kind are both the answer") {
  const Proven people = prove(R"(entities:
  Person: {id: person_id, count: 90k, belongs_to: {Person as mother_id optional: 0.9, Person as father_id optional: 0.9}, attributes: {person_id: ulid, name: string 10 B, city: {type: string 8 B, distinct: 200}, life: string 300 B}}
access_patterns:
  add: {create: Person}
  person: {get: Person, by: person_id, with: {mother_id: [name], father_id: [name]}, rate: 100/s}
  in_city: {list: Person, by: city, order: name asc, limit: 20, with: [mother_id], rate: 1/s}
)");
  CHECK(people.failures == "");
  const design::AccessPlan& person = people.plan("person");
  REQUIRE(person.steps.size() == 3);
  CHECK(person.steps[0].finds == Finds::rows);
  CHECK(person.steps[1].finds == Finds::parents);
  CHECK(person.steps[2].finds == Finds::parents);
}

TEST_CASE("the children of a row of the same kind are not rows of the answer") {
  const Proven folders = prove(R"(entities:
  Folder: {id: folder_id, count: 90k, belongs_to: {Folder as parent_id optional: {children: 4 .. 40, present: 95%}}, attributes: {folder_id: ulid, name: string 20 B, about: string 2 KB}}
access_patterns:
  make: {create: Folder}
  open: {get: Folder, by: folder_id, with: {Folder: {order: name asc, limit: 3}}, rate: 20/s}
  open_all: {get: Folder, by: folder_id, with: [Folder], rate: 1/s}
)");
  CHECK(folders.failures == "");
  CHECK(folders.plan("open").steps.back().finds == Finds::children);
}
