#include "cli/command_reference.h"

#include <doctest/doctest.h>
#include <CLI/CLI.hpp>

#include "cli/app.h"

namespace ddbplan::cli {
namespace {

CommandReference program() {
  Invocation unused;
  return describe(*build_app(unused));
}

TEST_CASE("the tree has the commands, without hidden options") {
  const CommandReference all = program();
  CHECK(all.name.empty());
  CHECK(all.commands.size() == 10);
  for (const CommandReference& command : all.commands) {
    INFO(command.name);
    for (const OptionReference& option : command.options) {
      for (const std::string& name : option.names) CHECK(name != "--dump");
    }
  }
}

TEST_CASE("every option and argument is explained in sentences") {
  for (const CommandReference& command : program().commands) {
    for (const auto* options : {&command.options, &command.arguments}) {
      for (const OptionReference& option : *options) {
        INFO(command.name, " ", option.names.front());
        CHECK(option.text.ends_with('.'));
      }
    }
  }
}

TEST_CASE("arguments and choices are read from the tree") {
  CLI::App app("show things\n\nMore words.", "demo");
  std::vector<std::string> files;
  std::string mode;
  app.add_option("FILE", files, "Files.")->required();
  app.add_option("-m,--mode", mode, "A mode.")->type_name("MODE")->check(choice_of({"a", "b"}));
  add_examples(app, {{"Show one", "demo x"}});
  const CommandReference reference = describe(app);
  CHECK(reference.summary == "show things");
  CHECK(reference.paragraphs == std::vector<std::string>{"More words."});
  REQUIRE(reference.arguments.size() == 1);
  CHECK(reference.arguments[0].repeatable);
  CHECK(reference.arguments[0].required);
  REQUIRE(reference.options.size() == 2);
  CHECK(reference.options[1].names == std::vector<std::string>{"-m", "--mode"});
  CHECK(reference.options[1].value == "MODE");
  CHECK(reference.options[1].choices == std::vector<std::string>{"a", "b"});
  REQUIRE(reference.examples.size() == 1);
  CHECK(reference.examples[0].command == "demo x");
}

}  // namespace
}  // namespace ddbplan::cli
