// Goal: every key, index, projection and shard count of every example has a runner-up with its price, or a reason why
// there is none; and whatever `why` prints can be asked for.

#include <doctest/doctest.h>

#include <set>

#include "tests/examples/designed.h"

namespace ddbplan::test {

namespace {

std::string kind_of(const std::string& subject) {
  return subject.substr(0, subject.find(':'));
}

bool has_runner_up_or_reason(const Json& decision) {
  if (decision.at("alternatives").empty()) return false;
  for (const Json& other : decision.at("alternatives")) {
    const bool is_priced = other.at("extra_usd_per_month").is_number();
    const bool has_reason =
        other.at("ruled_out").is_string() && !other.at("ruled_out").get<std::string>().empty();
    if (!is_priced && !has_reason) return false;
  }
  return true;
}

bool has_price(const Json& decision) {
  for (const Json& other : decision.at("alternatives")) {
    if (other.at("extra_usd_per_month").is_number()) return true;
  }
  return false;
}

bool has_ruled_out(const Json& decision) {
  for (const Json& other : decision.at("alternatives")) {
    if (other.at("ruled_out").is_string()) return true;
  }
  return false;
}

Outcome why(const std::string& file, const std::string& subject) {
  return run(ddbplan_binary(),
             {.arguments = {"why", file, subject}, .directory = source_directory()});
}

}  // namespace

TEST_CASE("every decision of every example has its runner-up, or says why there is none") {
  std::size_t priced = 0;
  for (const std::string& file : example_files()) {
    const Json design = design_example(file);
    std::multiset<std::string> subjects;
    for (const Json& decision : design.at("decisions")) {
      const std::string subject = decision.at("subject");
      INFO(file << ": " << subject);
      subjects.insert(subject);
      CHECK(has_runner_up_or_reason(decision));
      if (kind_of(subject) == "shards") {
        CHECK(has_price(decision));
        CHECK(has_ruled_out(decision));  // fewer are too hot
      }
      if (has_price(decision)) ++priced;
    }
    for (const auto& entity : design.at("entities").items())
      CHECK_MESSAGE(subjects.count("entity:" + entity.key()) >= 1, file);
    for (const std::string& index : index_names(design)) {
      CHECK_MESSAGE(subjects.count("index:" + index) >= 1, file);
      CHECK_MESSAGE(subjects.count("projection:" + index) >= 1, file);
    }
  }
  CHECK(priced > 200);
}

TEST_CASE("what `why` prints can be asked for") {
  for (const std::string& file : example_files()) {
    // One of each kind, as every question plans the whole example anew; all of them of the shop.
    const bool is_shop = file == "examples/shop.yaml";
    std::set<std::string> asked;
    const Json design = design_example(file);
    for (const Json& decision : design.at("decisions")) {
      const std::string subject = decision.at("subject");
      if (!asked.insert(is_shop ? subject : kind_of(subject)).second) continue;
      INFO(file << ": " << subject);
      const Outcome outcome = why(file, subject);
      CHECK(outcome.exit_status == 0);
      CHECK(outcome.standard_output.rfind(subject + "\n", 0) == 0);
    }
  }
  CHECK(why("examples/shop.yaml", "ORDER#OPEN#{shard}").exit_status == 0);
  CHECK(why("examples/shop.yaml", "shards:ORDER#SHUT#{shard}").exit_status == 2);
}

}  // namespace ddbplan::test
