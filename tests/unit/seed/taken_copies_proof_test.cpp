// Rows that take copies of their parents along: several that one call brings, those that are put, and those that change
// their parent.
#include <doctest/doctest.h>

#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using design::Operation;
using test::prove;
using test::Proven;

namespace {

std::string museum(const std::string& kept, const std::string& relation) {
  return R"(entities:
  Artist: {id: artist_id, count: 3000, attributes: {artist_id: ulid, name: string 20 B}}
  Work:
    id: work_id
    belongs_to: {)" +
         relation + R"(}
    attributes: {work_id: ulid, title: string 30 B, made: integer, artist_name: {copy_of: artist_id.name, kept: )" +
         kept + R"(}}
access_patterns:
  enter: {create: Artist}
  add: {create: Work, rate: 0.2/s}
  add_many: {create: Work, times: 3 .. 10, rate: 0.1/s}
  attribute_to: {update: Work, by: work_id, set: [artist_id]}
  put: {put: Work, replaces: 40%}
  rename: {update: Artist, by: artist_id, set: [name], rate: 1/hour}
  by_name: {list: Work, by: artist_name, order: made asc, limit: 20, rate: 5/s}
  works: {list: Work, by: artist_id, rate: 5/s}
)";
}

}  // namespace

TEST_CASE("rows take their parents' values along, however they come to them") {
  for (const char* const kept : {"transaction", "stream"}) {
    for (const char* const relation :
         {"Artist: {children: 20 .. 60}", "Artist optional: {present: 70%, children: 20 .. 60}"}) {
      CAPTURE(kept);
      CAPTURE(relation);
      const Proven works = prove(museum(kept, relation));
      CHECK(works.failures == "");
      const design::AccessPlan& moves = works.plan("attribute_to");
      CHECK(moves.steps.front().operation == Operation::get_item);
      CHECK(works.plan("put").steps.front().operation == Operation::get_item);
    }
  }
}

TEST_CASE("the parents of several new rows are read at once, each only once") {
  // 60 artists, so that two of some works often have the same one.
  std::string few = museum("transaction", "Artist: {children: 20 .. 60}");
  few.replace(few.find("3000"), 4, "60");
  const Proven works = prove(few);
  CHECK(works.failures == "");
  const design::Step& read = works.plan("add_many").steps.front();
  CHECK(read.operation == Operation::batch_get_item);
  CHECK(read.times.mean == 3);
  // A transaction brings each work and stands on each artist's name.
  REQUIRE(works.plan("add_many").steps.back().actions.size() == 2);
  CHECK(works.plan("add_many").steps.back().actions[1].operation == Operation::condition_check);
}

TEST_CASE("a parent without the value takes the copy away") {
  for (const char* const kept : {"transaction", "stream"}) {
    CAPTURE(kept);
    std::string some = museum(kept, "Artist optional: {present: 70%, children: 20 .. 60}");
    const std::string name = "name: string 20 B";
    some.replace(some.find(name), name.size(), name + " present 60%");
    CHECK(prove(some).failures == "");
  }
}

TEST_CASE("all rows of one parent go to another, whom the call names") {
  const Proven works = prove(R"(entities:
  Artist: {id: artist_id, count: 3000, attributes: {artist_id: ulid, name: string 20 B}}
  Work: {id: work_id, belongs_to: {Artist: 4 .. 8}, attributes: {work_id: ulid, artist_name: {copy_of: artist_id.name, kept: transaction}}}
access_patterns:
  enter: {create: Artist}
  add: {create: Work}
  pass_on: {update: Work, by: artist_id, set: {artist_id: :heir}, rate: 1/day}
  rename: {update: Artist, by: artist_id, set: [name], rate: 1/hour}
)");
  CHECK(works.failures == "");
  // The heir is read once, before the works that change hands.
  const design::Step& read = works.plan("pass_on").steps.front();
  REQUIRE(read.operation == Operation::get_item);
  const auto& part = std::get<design::FieldFrom>(read.partition.front().parts.back());
  CHECK(std::get<design::FromParameter>(part.source).name == "heir");
}

TEST_CASE("an optional parent under the call's own name") {
  const Proven contacts = prove(R"(entities:
  Seller: {id: seller_id, count: 300, attributes: {seller_id: ulid, name: string 20 B}}
  Contact: {id: contact_id, belongs_to: {Seller as owner_id optional: {children: 30, present: 60%}}, attributes: {contact_id: ulid, owner_name: {copy_of: owner_id.name, kept: transaction}}}
access_patterns:
  hire: {create: Seller}
  add: {create: Contact}
  assign: {update: Contact, by: contact_id, set: {owner_id: :to}}
  let_go: {update: Contact, by: contact_id, remove: [owner_id]}
)");
  CHECK(contacts.failures == "");
}

TEST_CASE("a batch reads what its rows copy, where nothing has to hold") {
  const Proven prints = prove(R"(entities:
  Work: {id: work_id, count: 3000, attributes: {work_id: ulid, title: string 30 B}}
  Print: {id: [work_id, print_no], belongs_to: {Work: 5}, attributes: {print_no: integer, title: {copy_of: work_id.title, kept: stream}}}
access_patterns:
  make: {create: Work}
  retitle: {update: Work, by: work_id, set: [title], rate: 1/hour}
  print: {put: Print, batch: 10 .. 20}
  of_work: {list: Print, by: work_id}
)");
  CHECK(prints.failures == "");
  const design::AccessPlan& plan = prints.plan("print");
  REQUIRE(plan.steps.size() == 2);
  CHECK(plan.steps[0].operation == Operation::batch_get_item);
  CHECK(plan.steps[1].operation == Operation::batch_write_item);
  // Ten prints below 1 KB.
  CHECK(prints.write_units("print") == doctest::Approx(10));
}

TEST_CASE("rows that are written for related ones copy these, said or found to be cheaper") {
  for (const char* copy : {"", ", subject: {copy_of: lesson_id.subject}",
                           ", subject: {copy_of: lesson_id.subject, kept: stream}"}) {
    const Proven timetable = prove(std::string(R"(entities:
  Teacher: {id: teacher_id, count: 100k, attributes: {teacher_id: uuid}}
  Lesson: {id: lesson_id, belongs_to: {Teacher: 25 .. 40}, attributes: {lesson_id: ulid, subject: {type: string 10 B, distinct: 30}}}
  Sub:
    id: [lesson_id, day]
    belongs_to: {Lesson: 3 .. 40}
    attributes: {day: {type: date, distinct: 365}, note: string 40 B)") +
                                   copy + R"(}
access_patterns:
  plan: {create: Lesson, rate: 0.3/s}
  absent: {create: Sub, for_each: Lesson, by: teacher_id, rate: 0.5/s}
  day_subs: {list: Sub, by: [subject, day], rate: 20/s}
)");
    CHECK(timetable.failures == "");
    // One Query for the Subs of a subject on a day, whose Lessons' subject stands in their key.
    CHECK(timetable.plan("day_subs").steps.size() == 1);
    CHECK(timetable.plan("absent").steps.size() == 2);
  }
}

TEST_CASE("a copy that pays is taken along by all rows of one call") {
  const Proven ledger = prove(R"(entities:
  Account: {id: account_no, count: 100k, attributes: {account_no: string 6 B}}
  Journal: {id: journal_id, count: 10M, attributes: {journal_id: ulid, text: string 40 B}}
  Posting: {id: [journal_id, line], belongs_to: {Journal: 2.6 .. 40, Account: 260 .. 5k}, attributes: {line: integer, amount: number, booked_on: date}}
access_patterns:
  post: {transaction: [{create: Journal}, {create: Posting, times: 2.6 .. 40}], rate: 2/s}
  import: {put: Posting, batch: 10 .. 25, replaces: 0%, rate: 1/min}
  statement: {list: Posting, by: account_no, order: booked_on asc, limit: 100, with: {journal_id: [text]}, rate: 5/s}
)");
  CHECK(ledger.failures == "");
  CHECK(ledger.plan("statement").steps.size() == 1);
  CHECK(ledger.plan("statement").copied.size() == 1);
}

TEST_CASE("a row that keeps the values of the parent it had is caught") {
  const Proven broken = prove(museum("transaction", "Artist: {children: 20 .. 60}"),
                              [](const model::Workload& workload, design::Design& design) {
                                auto& update =
                                    design.plans[workload.find_pattern("attribute_to")->index]
                                        .steps.back()
                                        .actions.front()
                                        .update;
                                std::erase_if(update, [](const design::UpdateClause& clause) {
                                  const auto* set = std::get_if<design::SetValue>(&clause);
                                  return set != nullptr && set->attribute == "artist_name";
                                });
                              });
  CHECK(broken.failures.find("attribute_to: ") != std::string::npos);
}
