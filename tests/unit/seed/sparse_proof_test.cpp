// Rows that an index holds by what they lack, leaderboards of numbers that ADD changes, lists that other rows lead to in
// order, and what is deleted below a row: planned, and proven on the engine.
#include <doctest/doctest.h>

#include "capacity/usage.h"
#include "model/expression.h"
#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using design::Operation;
using test::prove;
using test::Proven;

namespace {

const char* const kLoans = R"(entities:
  Member: {id: card, count: 2000, attributes: {card: string 9 B}}
  Loan: {id: loan_id, belongs_to: {Member: 80 .. 400}, attributes: {loan_id: ulid of taken_at, taken_at: timestamp, due_on: date, returned_on: date present 98%, seen: boolean}}
access_patterns:
  join: {create: Member, rate: 10/day}
  lend: {create: Loan, rate: 0.3/s}
  open_loans: {list: Loan, by: card, where: missing(returned_on), order: due_on asc, rate: 40/s}
)";

const design::KeyEntry& entry_of(const Proven& proven, const std::string& pattern) {
  const design::Step& step = proven.plan(pattern).steps.front();
  REQUIRE(step.index);
  for (const design::KeyEntry& entry : proven.design.items[step.layouts.front()].entries) {
    if (entry.index == step.index) return entry;
  }
  FAIL("no such entry");
  return proven.design.items.front().base;
}

std::string when(const Proven& proven, const std::string& pattern) {
  const design::KeyEntry& entry = entry_of(proven, pattern);
  return entry.when ? model::to_string(*entry.when) : "";
}

}  // namespace

TEST_CASE("an index holds the rows without an attribute, and a row leaves it when it is set") {
  const Proven loans =
      prove(std::string(kLoans) +
            "  take_back: {update: Loan, by: loan_id, set: [returned_on], rate: 0.3/s}\n");
  CHECK(loans.failures == "");
  CHECK(when(loans, "open_loans") == "missing(returned_on)");
  CHECK(loans.plan("open_loans").steps.front().filter == nullptr);
  // Nothing of the row need be known to take it out.
  REQUIRE(loans.plan("take_back").steps.size() == 1);
  CHECK(loans.plan("take_back").steps.front().actions.front().maintains.size() == 1);
}

TEST_CASE(
    "an index sorted by an optional attribute has no other rows, so nothing is left to filter") {
  const Proven chats = prove(R"(entities:
  User: {id: user_id, count: 300k, attributes: {user_id: uuid}}
  Chat: {id: [user_id, chat_id], belongs_to: {User: 40 .. 2000}, attributes: {chat_id: ulid, title: string 30 B, pinned_at: timestamp present 5%}}
access_patterns:
  sign_up: {create: User, rate: 1/min}
  open: {create: Chat, rate: 1/s}
  pinned: {list: Chat, by: user_id, where: exists(pinned_at), order: pinned_at desc, rate: 200/s}
)");
  CHECK(chats.failures == "");
  const design::Step& step = chats.plan("pinned").steps.front();
  CHECK(step.index.has_value());
  CHECK(step.filter == nullptr);
  // 5 % of 40 chats are two, and rows fetched for their keys would cost half a unit each beside the Query's half.
  CHECK(chats.plan("pinned").steps.size() == 1);
}

TEST_CASE("a row comes back when the attribute is removed, and what its key needs is read first") {
  const Proven loans = prove(
      std::string(kLoans) +
      "  take_back: {update: Loan, by: loan_id, set: [returned_on], if: missing(returned_on), "
      "rate: "
      "0.3/s}\n"
      "  lend_again: {update: Loan, by: loan_id, remove: [returned_on], if: exists(returned_on), "
      "rate: 0.1/s}\n"
      "  change: {update: Loan, by: loan_id, rate: 0.1/s}\n");
  CHECK(loans.failures == "");
  CHECK(when(loans, "open_loans") == "missing(returned_on)");
  CHECK(loans.plan("lend_again").steps.front().operation == Operation::get_item);
  // It was not in the index, and an update of an item writes the new entry alone.
  CHECK(loans.write_units("lend_again") == doctest::Approx(2));
}

TEST_CASE("an entry that is not taken out fails the proof") {
  const Proven lost =
      prove(std::string(kLoans) +
                "  take_back: {update: Loan, by: loan_id, set: [returned_on], rate: 0.3/s}\n",
            [](const model::Workload&, design::Design& design) {
              for (design::AccessPlan& plan : design.plans) {
                for (design::Step& step : plan.steps) {
                  for (design::WriteAction& action : step.actions) {
                    if (action.operation == Operation::update_item) action.maintains.clear();
                  }
                }
              }
            });
  CHECK(lost.failures != "");
}

TEST_CASE("who has what and lacks something else is in an index of both") {
  const Proven both = prove(R"(entities:
  Job: {id: job_id, count: 200k, attributes: {job_id: ulid, claimed_at: timestamp present 30%, done_at: timestamp present 29%}}
access_patterns:
  add: {create: Job, rate: 5/s}
  claim: {update: Job, by: job_id, set: [claimed_at], if: missing(claimed_at), rate: 5/s}
  finish: {update: Job, by: job_id, set: [done_at], rate: 5/s}
  running: {list: Job, where: exists(claimed_at) and missing(done_at), order: claimed_at asc, limit: 20, rate: 20/s}
)");
  CHECK(both.failures == "");
  // Without claimed_at there is no sort key, and so no entry.
  CHECK(when(both, "running") == "missing(done_at)");
  CHECK(design::inputs_of(entry_of(both, "running")).front() == "claimed_at");
  CHECK(both.plan("running").steps.front().filter == nullptr);
}

TEST_CASE("a number that is added to sorts an index as it is") {
  const Proven tags = prove(R"(entities:
  Tag: {id: tag, count: 600, attributes: {tag: string 10 B, questions: {count_of: Tagged}}}
  Question: {id: question_id, count: 4000, attributes: {question_id: ulid of asked_at, asked_at: timestamp, votes: integer, answers: integer, title: string 70 B}}
  Tagged: {id: [question_id, tag], belongs_to: {Question: 2.5 .. 5, Tag: 17 .. 700}}
access_patterns:
  add_tag: {create: Tag, rate: 1/s}
  ask: {transaction: [{create: Question}, {create: Tagged, times: 2.5 .. 5}], rate: 3/s}
  vote: {update: Question, by: question_id, add: {votes: +:n}, rate: 20/s}
  answer: {update: Question, by: question_id, add: {answers: 1}, rate: 5/s}
  best: {list: Question, order: votes desc, limit: 20, rate: 30/s}
  unanswered: {list: Question, where: answers = 0, order: votes desc, limit: 20, rate: 3/s}
  newest: {list: Question, order: asked_at desc, limit: 20, rate: 60/s}
  tags: {list: Tag, order: questions desc, limit: 20, rate: 10/s}
)");
  CHECK(tags.failures == "");
  for (const char* const pattern : {"best", "unanswered", "tags"}) {
    const design::Step& step = tags.plan(pattern).steps.front();
    const design::Index* index = tags.design.tables.front().find_index(*step.index);
    REQUIRE(index != nullptr);
    CHECK(index->key.sort.front().type == dynamo::ScalarType::N);
  }
}

TEST_CASE("a number sorts no index where another entity's attribute of that name is a text") {
  // DynamoDB refuses an item whose attribute has another type than an index key of its table.
  const Proven mixed = prove(R"(entities:
  Album: {id: album_id, count: 300, attributes: {album_id: ulid, title: string 20 B}}
  Track: {id: track_id, belongs_to: {Album: 11 .. 40}, attributes: {track_id: ulid, position: integer, title: string 20 B}}
  Playlist: {id: playlist_id, count: 300, attributes: {playlist_id: ulid}}
  Entry: {id: [playlist_id, position], belongs_to: {Playlist: 30 .. 90, Track: 3 .. 90}, attributes: {position: string 8 B}}
access_patterns:
  publish: {create: Album}
  add: {create: Track}
  track: {get: Track, by: track_id, rate: 100/s}
  tracks: {list: Track, by: album_id, order: position asc, limit: 20, rate: 100/s}
  make: {create: Playlist}
  put_in: {create: Entry}
  entries: {list: Entry, by: playlist_id, order: position asc, limit: 20, rate: 100/s}
)");
  CHECK(mixed.failures == "");
}

TEST_CASE("rows that lead to an answer in its order are read as far as its limit") {
  const std::string schema = R"(entities:
  Tag: {id: tag, count: 60, attributes: {tag: string 10 B}}
  Question: {id: question_id, count: 4000, attributes: {question_id: ulid of asked_at, asked_at: timestamp, title: string 70 B}}
  Tagged: {id: [question_id, tag], belongs_to: {Question: 2.5 .. 5, Tag: 166 .. 700}}
access_patterns:
  add_tag: {create: Tag}
  ask: {transaction: [{create: Question}, {create: Tagged, times: 2.5 .. 5}], rate: 0.3/s}
  question: {get: Question, by: question_id, with: {Tagged: {}}, rate: 400/s}
  tagged: {list: Question, by: Tagged.tag, order: asked_at desc, limit: 10, rate: 60/s}
)";
  const Proven tags = prove(schema);
  CHECK(tags.failures == "");
  const design::AccessPlan& tagged = tags.plan("tagged");
  REQUIRE(tagged.steps.size() == 2);
  CHECK(tagged.steps.front().limit == 10);
  CHECK_FALSE(tagged.steps.front().scan_index_forward);
  // Ten entries, and ten rows of one unit's half each.
  CHECK(tags.proof("tagged").observed_units_mean == doctest::Approx(0.5 + 10 * 0.5));
  const Proven wrong = prove(schema, [](const model::Workload&, design::Design& design) {
    for (design::AccessPlan& plan : design.plans) {
      for (design::Step& step : plan.steps) step.scan_index_forward = true;
    }
  });
  CHECK(wrong.failures.find("tagged") != std::string::npos);
}

TEST_CASE(
    "where the leading rows do not tell the order, or a filter decides, all of them are read") {
  // Titles change too often for copies in the leading rows: 100 a second in 2.5 rows each, five times as dear to write as
  // to read, against at most a hundred reads of half a unit for each of six lists.
  const Proven tags = prove(R"(entities:
  Tag: {id: tag, count: 60, attributes: {tag: string 10 B}}
  Question: {id: question_id, count: 1000, attributes: {question_id: ulid of asked_at, asked_at: timestamp, closed: boolean, title: string 70 B}}
  Tagged: {id: [question_id, tag], belongs_to: {Question: 2.5 .. 5, Tag: 42 .. 700}}
access_patterns:
  add_tag: {create: Tag}
  ask: {transaction: [{create: Question}, {create: Tagged, times: 2.5 .. 5}], rate: 0.3/s}
  rename: {update: Question, by: question_id, set: [title], rate: 100/s}
  by_title: {list: Question, by: Tagged.tag, order: title asc, limit: 10, rate: 6/s}
  open: {list: Question, by: Tagged.tag, where: closed = false, order: asked_at desc, limit: 10, rate: 6/s}
)");
  CHECK(tags.failures == "");
  for (const char* const pattern : {"by_title", "open"}) {
    CHECK_FALSE(tags.plan(pattern).steps.front().limit);
    CHECK(tags.plan(pattern).client_limit == 10);
  }
}

TEST_CASE("what stands below a row is deleted with it, from the bottom up") {
  const std::string schema = R"(entities:
  Survey: {id: survey_id, count: 60, attributes: {survey_id: ulid, title: string 40 B}}
  Response: {id: response_id, belongs_to: {Survey: 14 .. 60}, attributes: {response_id: ulid, at: timestamp}}
  Answer: {id: [response_id, position], belongs_to: {Response: 5 .. 20}, attributes: {position: integer 2 B, value: string 12 B}}
access_patterns:
  draft: {create: Survey}
  start: {create: Response}
  answer: {create: Answer}
  response: {get: Response, by: response_id, with: [Answer], rate: 3/s}
  drop: {delete: [Survey, Response, Answer], by: survey_id, rate: 5/day}
)";
  const Proven surveys = prove(schema);
  CHECK(surveys.failures == "");
  std::vector<std::string> deleted;
  for (const design::Step& step : surveys.plan("drop").steps) {
    if (step.operation == Operation::delete_item)
      deleted.push_back(
          surveys.workload.entity(surveys.design.items[step.layouts.front()].entity).name);
  }
  CHECK(deleted == std::vector<std::string>{"Survey", "Answer", "Response"});
  // One survey, 14 responses, 70 answers, each below 1 KB, and an entry of each response in the index that finds it.
  CHECK(surveys.write_units("drop") >= 1 + 14 + 70);
}

TEST_CASE("rows without a value are of no value, and each value is that of as many rows") {
  const Proven yard = prove(R"(entities:
  Container:
    id: container_no
    count: 900k
    attributes: {container_no: string 11 B, block: {type: string 3 B, distinct: 60, present: 6%}, bay: integer present 6%}
access_patterns:
  put_in: {create: Container}
  block_map: {list: Container, by: block, rate: 4/s}
)");
  CHECK(yard.failures == "");
  const auto pattern = yard.workload.find_pattern("block_map");
  const capacity::Usage usage = capacity::usage(yard.workload, yard.design);
  // 900,000 x 6 % / 60.
  CHECK(usage.patterns[pattern->index].steps.front().items == doctest::Approx(900));
}

TEST_CASE("rows are found by what their update requires, and only they are written") {
  const Proven hours = prove(R"(entities:
  Matter: {id: matter_id, count: 1.2M, attributes: {matter_id: ulid}}
  Entry: {id: entry_id, belongs_to: {Matter: 90 .. 9000}, attributes: {entry_id: ulid of at, at: timestamp, amount: number, invoice_no: string 10 B present 92%}}
access_patterns:
  book_time: {create: Entry, rate: 0.35/s}
  unbilled: {list: Entry, by: matter_id, where: missing(invoice_no), order: at asc, rate: 1/s}
  bill: {update: Entry, by: matter_id, set: [invoice_no], if: missing(invoice_no), rate: 300/day}
)");
  CHECK(hours.failures == "");
  // Both read the index of what is not billed yet.
  CHECK(hours.design.tables.front().indexes.size() == 1);
  CHECK(hours.plan("bill").steps.front().index == hours.plan("unbilled").steps.front().index);
  // By traffic a Matter has some 180, twice the mean of a geometric law; 8 % are open, and each leaves the index: 2 units.
  CHECK(hours.write_units("bill") == doctest::Approx(2 * 180 * 0.08).epsilon(0.02));
}

TEST_CASE("a counter that a row stays in costs nothing") {
  const Proven surveys = prove(R"(entities:
  Survey: {id: survey_id, count: 500, attributes: {survey_id: ulid, answered: {count_of: Response, where: complete = true}}}
  Response: {id: response_id, belongs_to: {Survey: 14 .. 60}, attributes: {response_id: ulid, complete: {type: boolean, one_of: {true: 80%, false: 20%}}}}
access_patterns:
  add: {create: Survey}
  start: {create: Response, rate: 1/s}
  finish: {update: Response, by: response_id, set: {complete: true}, rate: 0.8/s}
  form: {get: Survey, by: survey_id, rate: 40/s}
)");
  CHECK(surveys.failures == "");
  // The row in each call, and the count in the 20 % in which it was not complete before; twice in a transaction.
  CHECK(surveys.write_units("finish") == doctest::Approx(2 * (1 + 0.2)));
}

TEST_CASE(
    "a count beside a change under a condition is in the indexes of what the condition says") {
  const Proven league = prove(R"(entities:
  Match: {id: match_id, count: 2000, attributes: {match_id: ulid, kickoff: timestamp, home: integer, goals: {count_of: Goal}, state: {states: {PLANNED: 20%, LIVE: 1%, OVER: 79%}, moves: [PLANNED -> LIVE, LIVE -> OVER]}}}
  Goal: {id: [match_id, goal_no], belongs_to: {Match: 2.7 .. 20}, attributes: {goal_no: {type: integer, sequence_per: match_id}}}
access_patterns:
  plan: {create: Match}
  start: {update: Match, by: match_id, move: state PLANNED -> LIVE}
  end: {update: Match, by: match_id, move: state LIVE -> OVER}
  goal: {transaction: [{create: Goal}, {update: Match, by: match_id, add: {home: +1}, if: state = LIVE}]}
  played: {list: Match, where: state = OVER, order: kickoff desc, limit: 20, rate: 90/s}
)");
  CHECK(league.failures == "");
  // A live match is in no index: the goal and the match, doubled in a transaction.
  CHECK(league.write_units("goal") == doctest::Approx(4));
}

TEST_CASE("two updates of one row make its index keys together") {
  const Proven claims = prove(R"(entities:
  Claim: {id: claim_no, count: 9000, attributes: {claim_no: string 10 B, status: {states: {FILED: 20%, REVIEW: 30%, PAID: 50%}, moves: [FILED -> REVIEW, REVIEW -> PAID]}, amount: number, last_event_at: {newest_of: Event.at}}}
  Event: {id: [claim_no, event_id], belongs_to: {Claim: 9 .. 30}, attributes: {event_id: ulid of at, at: timestamp, text: string 40 B}}
access_patterns:
  file: {transaction: [{create: Claim}, {create: Event}]}
  take: {transaction: [{update: Claim, by: claim_no, move: status FILED -> REVIEW}, {create: Event}]}
  pay: {transaction: [{update: Claim, by: claim_no, move: status REVIEW -> PAID, set: [amount]}, {create: Event}]}
  stale: {list: Claim, where: status = REVIEW, range: last_event_at < now - 14 days, order: last_event_at asc, limit: 100, rate: 90/s}
)");
  // The newest event would move the claim in the index that the payment takes it out of.
  CHECK(claims.failures == "");
  // The event and the claim, doubled in a transaction, and the entry that goes or comes.
  CHECK(claims.write_units("pay") == doctest::Approx(5));
  CHECK(claims.write_units("take") == doctest::Approx(5));
}
