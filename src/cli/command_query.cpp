// ddbplan query FILE PATTERN [NAME=VALUE...]: one access pattern, run on the embedded engine over the seed.

#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/local_tables.h"
#include "cli/pipeline.h"
#include "cli/results.h"
#include "cli/shared_options.h"
#include "dynamo/json.h"
#include "emit/exchanges.h"
#include "plan/planner.h"
#include "seed/sample_call.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

using dynamo::AttributeValue;
using Json = nlohmann::ordered_json;

struct QueryOptions {
  SchemaOptions schema;
  std::string pattern;
  std::vector<std::string> values;  ///< NAME=VALUE
  std::vector<std::string> formats;
  std::optional<int> limit;
  std::int64_t effort = plan::PlanOptions().effort;
  std::string keep;
  bool explain = false;
};

/// What was asked and answered.
struct Asked {
  const Compilation& run;
  const model::Pattern& pattern;
  bool drawn = false;  ///< nobody gave values: they are of a row of the seed
  design::Parameters parameters;
  design::Answer answer;
};

/// The text as a value of the type that the pattern's own values have.
support::Result<AttributeValue, std::string> typed_value(const std::string& name,
                                                         const std::string& text,
                                                         std::string_view type) {
  if (type == "N") {
    auto number = dynamo::Decimal::parse(text);
    if (!number) return fmt::format("{} is a number, and '{}' is none", name, text);
    return AttributeValue::number(*number);
  }
  if (type == "BOOL") {
    if (text == "true" || text == "false") return AttributeValue::boolean(text == "true");
    return fmt::format("{} is true or false, not '{}'", name, text);
  }
  if (type != "S")
    return fmt::format("values of {} (DynamoDB's type {}) cannot be given here", name, type);
  return AttributeValue::string(text);
}

/// Equalities that a call may leave out, and how DynamoDB types them.
std::map<std::string, std::string> optional_values(const model::Workload& workload,
                                                   const model::Read& read) {
  std::map<std::string, std::string> types;
  for (const model::NarrowBy& narrow : read.narrow_by) {
    const model::Entity& entity = workload.entity(read.entities.front());
    const model::Attribute* attribute = entity.find(narrow.attribute.name);
    if (attribute == nullptr) continue;
    using model::ValueType;
    const bool is_number =
        attribute->type == ValueType::integer || attribute->type == ValueType::number ||
        attribute->type == ValueType::epoch_s || attribute->type == ValueType::epoch_ms;
    types[narrow.attribute.name] =
        is_number ? "N" : (attribute->type == ValueType::boolean ? "BOOL" : "S");
  }
  return types;
}

std::string plain(const AttributeValue& value) {
  if (const std::string* text = value.as_string()) return *text;
  if (const dynamo::Decimal* number = value.as_number()) return number->to_string();
  if (const bool* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  return dynamo::to_json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_equality(const model::Read& read, const std::string& name) {
  return std::any_of(read.by.begin(), read.by.end(),
                     [&](const model::AttributeRef& by) { return by.name == name; });
}

/// The values that the command line gives; `sample` says which there are. Bounds that are not given are the
/// sample's, which leave nearly everything in. The error is a sentence.
support::Result<dynamo::Item, std::string> given_values(
    const std::vector<std::string>& arguments, const model::Read& read, const dynamo::Item& sample,
    const std::map<std::string, std::string>& optional) {
  std::map<std::string, std::string> types = optional;
  for (const auto& [name, value] : sample) types[name] = value.type_name();
  std::vector<std::string> names;
  for (const auto& [name, type] : types) names.push_back(name);

  dynamo::Item values;
  for (const std::string& argument : arguments) {
    const std::size_t sign = argument.find('=');
    if (sign == std::string::npos || sign == 0)
      return fmt::format("'{}' is not NAME=VALUE", argument);
    const std::string name = argument.substr(0, sign);
    const auto type = types.find(name);
    if (type == types.end()) {
      if (names.empty()) return fmt::format("there is no value {}: the pattern takes none", name);
      const auto near = support::nearest(name, names);
      return fmt::format(
          "there is no value {}: {}", name,
          near ? "do you mean " + *near + "?" : "the pattern takes " + support::join_list(names));
    }
    auto value = typed_value(name, argument.substr(sign + 1), type->second);
    if (!value) return value.error();
    if (!values.try_emplace(name, *std::move(value)).second)
      return fmt::format("{} is given twice", name);
  }
  for (const auto& [name, value] : sample) {
    if (values.contains(name) || optional.contains(name)) continue;
    if (!is_equality(read, name)) {
      values.try_emplace(name, value);
      continue;
    }
    return fmt::format("{} is missing; a row of the seed has {}={}", name, name, plain(value));
  }
  return values;
}

/// The same design with another page size of this pattern.
design::Design with_limit(design::Design design, model::PatternId pattern, int limit) {
  for (design::AccessPlan& plan : design.plans) {
    if (!(plan.pattern == pattern)) continue;
    bool is_limited = false;
    for (design::Step& step : plan.steps) {
      if (!step.limit || step.leads_on) continue;
      step.limit = limit;
      is_limited = true;
    }
    if (plan.client_limit || !is_limited) plan.client_limit = limit;
  }
  return design;
}

std::string shown(const AttributeValue& value) {
  return support::escape_for_terminal(plain(value));
}

/// One line of at most `width` columns.
std::string cut(const std::string& text, std::size_t width) {
  if (support::count_code_points(text) <= width) return text;
  std::string out;
  std::size_t columns = 0;
  for (const char c : text) {
    const bool starts = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (starts && ++columns >= width) break;
    out += c;
  }
  return out + "…";
}

struct Units {
  double read = 0;
  double write = 0;
};
Units units_of(const design::Exchange& exchange) {
  Units units;
  if (!exchange.outcome.ok()) return units;
  for (const dynamo::ConsumedCapacity& consumed : exchange.outcome->consumed)
    (consumed.is_write ? units.write : units.read) += consumed.total().units();
  return units;
}
double read_units(const design::Answer& answer) {
  double sum = 0;
  for (const design::Exchange& exchange : answer.exchanges) sum += units_of(exchange).read;
  return sum;
}

std::string counted(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string requests_text(const design::Answer& answer) {
  std::string out;
  std::size_t number = 0;
  for (const design::Exchange& exchange : answer.exchanges) {
    out += fmt::format("request {}, step {}: {}\n", ++number, exchange.step + 1,
                       dynamo::operation_name(exchange.request));
    const std::string body = dynamo::request_to_json(exchange.request)
                                 .dump(2, ' ', false, Json::error_handler_t::replace);
    out += "  ";
    for (const char c : body) {
      out += c;
      if (c == '\n') out += "  ";
    }
    out += '\n';
    if (!exchange.outcome.ok()) {
      out +=
          "  refused: " + support::escape_for_terminal(exchange.outcome.error().message) + "\n\n";
      continue;
    }
    const dynamo::Response& response = *exchange.outcome;
    if (exchange.range)
      out += fmt::format(
          "  {} of {} read{}\n", counted(static_cast<std::size_t>(response.count), "item"),
          response.scanned_count, response.last_evaluated_key ? ", more behind it" : "");
    out += fmt::format("  {} read units\n\n", support::format_number(units_of(exchange).read, 1));
  }
  return out;
}

std::string items_text(const Asked& asked, int width) {
  std::string out;
  for (std::size_t i = 0; i < asked.answer.items.size(); ++i) {
    const design::ItemLayout& layout = asked.run.design->items[asked.answer.layouts[i]];
    out += fmt::format("{}. {}\n", i + 1, asked.run.workload->entity(layout.entity).name);
    std::size_t names = 0;
    for (const auto& [name, value] : asked.answer.items[i])
      names = std::max(names, support::count_code_points(name));
    const std::size_t used = names + 5;
    const std::size_t left = static_cast<std::size_t>(width) > used + 10
                                 ? static_cast<std::size_t>(width) - used
                                 : std::size_t{10};
    for (const auto& [name, value] : asked.answer.items[i])
      out +=
          fmt::format("   {}  {}\n", support::pad_right(support::escape_for_terminal(name), names),
                      cut(shown(value), left));
  }
  return out;
}

std::string as_text(const Asked& asked, bool explain, int width) {
  std::string out = asked.pattern.name;
  if (!asked.parameters.calls.empty()) {
    for (const auto& [name, value] : asked.parameters.calls.front().values)
      out += fmt::format("\n  {}={}", name, shown(value));
  }
  if (asked.parameters.calls.size() > 1)
    out += fmt::format("\n  and {} more of the batch", asked.parameters.calls.size() - 1);
  out += asked.drawn ? "\n  (of a row of the seed, as no value was given)\n\n" : "\n\n";
  if (explain) out += requests_text(asked.answer);
  out += items_text(asked, width);
  if (!asked.answer.items.empty()) out += '\n';
  const bool is_aggregated = !asked.answer.aggregates.empty();
  if (asked.answer.count && !is_aggregated) out += fmt::format("count {}\n", *asked.answer.count);
  for (const design::Answer::Aggregated& one : asked.answer.aggregates)
    out += fmt::format("{} {}\n", to_string(one.what), one.value ? shown(*one.value) : "-");
  const std::size_t rows = is_aggregated ? static_cast<std::size_t>(asked.answer.count.value_or(0))
                                         : asked.answer.items.size();
  out += fmt::format("{}, {}, {} read units\n", counted(rows, is_aggregated ? "row" : "item"),
                     counted(asked.answer.exchanges.size(), "request"),
                     support::format_number(read_units(asked.answer), 1));
  return out;
}

Json request_json(const design::Exchange& exchange) {
  Json out = {{"step", exchange.step}, {"operation", dynamo::operation_name(exchange.request)}};
  out["request"] = dynamo::request_to_json(exchange.request);
  if (exchange.outcome.ok()) {
    out["response"] = emit::response_to_json(exchange.request, *exchange.outcome);
  } else {
    out["error"] = exchange.outcome.error().message;
  }
  return out;
}

std::string as_json(const Asked& asked) {
  Json document = {{"schema_version", 1},
                   {"service", asked.run.workload->service},
                   {"access_pattern", asked.pattern.name}};
  document["calls"] = Json::array();
  for (const design::Call& call : asked.parameters.calls)
    document["calls"].push_back(dynamo::to_json(call.values));
  document["items"] = Json::array();
  for (std::size_t i = 0; i < asked.answer.items.size(); ++i) {
    const design::ItemLayout& layout = asked.run.design->items[asked.answer.layouts[i]];
    document["items"].push_back({{"entity", asked.run.workload->entity(layout.entity).name},
                                 {"item", dynamo::to_json(asked.answer.items[i])}});
  }
  if (asked.answer.count) document["count"] = *asked.answer.count;
  for (const design::Answer::Aggregated& one : asked.answer.aggregates)
    document["aggregates"][to_string(one.what)] =
        one.value ? dynamo::to_json(*one.value) : Json(nullptr);
  document["read_units"] = read_units(asked.answer);
  document["requests"] = Json::array();
  for (const design::Exchange& exchange : asked.answer.exchanges)
    document["requests"].push_back(request_json(exchange));
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// The pattern of this name when query can run it; the error is a sentence.
support::Result<model::PatternId, std::string> readable_pattern(const model::Workload& workload,
                                                                const std::string& name) {
  const auto id = workload.find_pattern(name);
  if (!id) {
    std::vector<std::string> names;
    for (const model::Pattern& pattern : workload.patterns)
      if (std::holds_alternative<model::Read>(pattern.action)) names.push_back(pattern.name);
    const auto near = support::nearest(name, names);
    return fmt::format(
        "there is no access pattern {}; {}", name,
        near ? "do you mean " + *near + "?" : "the reads are " + support::join_list(names));
  }
  if (!std::holds_alternative<model::Read>(workload.pattern(*id).action))
    return fmt::format(
        "{} is no single read: query runs reads; validate runs writes and transactions", name);
  return *id;
}

/// The call of the command line; the error is a sentence.
support::Result<design::Parameters, std::string> call_of(const QueryOptions& options,
                                                         const Compilation& run,
                                                         const model::Pattern& pattern) {
  auto sample = seed::sample_call(*run.workload, *run.data, pattern);
  if (!sample) return fmt::format("no row of the seed is one that {} asks for", pattern.name);
  if (options.values.empty()) return *std::move(sample);
  const auto& read = std::get<model::Read>(pattern.action);
  auto values = given_values(options.values, read, sample->calls.front().values,
                             optional_values(*run.workload, read));
  if (!values) return values.error();
  sample->calls.resize(1);
  sample->calls.front().values = *std::move(values);
  return *std::move(sample);
}

ExitStatus ask(const QueryOptions& options, const Compilation& run, model::PatternId id,
               Terminal& terminal) {
  const model::Pattern& pattern = run.workload->pattern(id);
  auto parameters = call_of(options, run, pattern);
  if (!parameters) {
    terminal.error(parameters.error());
    return ExitStatus::unusable;
  }
  engine::AccountOptions account_options;
  account_options.now_ms = [&run] { return run.data->now_ms; };
  engine::Account account(account_options);
  const auto tables = load_tables(run, account, run.data->now_ms);
  if (!tables) {
    terminal.error(tables.error());
    return ExitStatus::unusable;
  }
  const design::Design design =
      options.limit ? with_limit(*run.design, id, *options.limit) : *run.design;
  Asked asked{run, pattern, options.values.empty(), *std::move(parameters), {}};
  asked.answer =
      design::run(design, *run.workload, id, asked.parameters,
                  [&](const dynamo::Request& request) { return account.execute(request); });
  if (asked.answer.error) {
    terminal.error("DynamoDB would refuse it: " + asked.answer.error->message);
    return ExitStatus::unusable;
  }
  Results results(terminal);
  for (const FormatRequest& format : parse_formats(options.formats, "text"))
    results.add(format, format.name == "json" ? as_json(asked)
                                              : as_text(asked, options.explain, terminal.width()));
  return results.write() ? ExitStatus::done : ExitStatus::unusable;
}

ExitStatus run_query(const QueryOptions& options, Terminal& terminal) {
  std::optional<Compilation> run = load(options.schema.file, terminal);
  if (!run) return ExitStatus::unusable;
  Stages stages(terminal);
  stages.run("parse", [&] { parse(*run, options.schema.overrides); });
  if (!keep(*run, options.keep, terminal)) return ExitStatus::unusable;
  std::optional<model::PatternId> id;
  if (run->workload) {
    const auto found = readable_pattern(*run->workload, options.pattern);
    if (!found) {
      terminal.error(found.error());
      return ExitStatus::unusable;
    }
    id = *found;
  }
  stages.run("plan", [&] { plan(*run, {.effort = options.effort, .explain = false}); });
  stages.run("measure", [&] { measure(*run); });
  if (!run->priced()) {
    print_diagnostics(*run, support::Severity::error, terminal);
    return judge(*run, {});
  }
  const auto planned =
      std::find_if(run->design->plans.begin(), run->design->plans.end(),
                   [&](const design::AccessPlan& plan) { return plan.pattern == *id; });
  if (planned == run->design->plans.end() || planned->steps.empty()) {
    terminal.error(fmt::format("no key serves {}; see ddbplan why", options.pattern));
    return ExitStatus::findings;
  }
  stages.run("generate rows", [&] { generate_seed(*run); });
  return ask(options, *run, *id, terminal);
}

}  // namespace

CLI::App& setup_query(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<QueryOptions>();
  CLI::App& command = *program.add_subcommand(
      "query",
      "run one access pattern against the seed\n\n"
      "Plans FILE, loads its seed into the embedded engine and runs the reading access pattern "
      "PATTERN. Values are as they are stored; a range without an operator takes NAME_from and "
      "NAME_to, and a bound that is not given lets nearly every row of the seed in. Without "
      "values, "
      "those of the busiest row of the seed are taken.");
  add_schema_file(command, options->schema);
  command.add_option("PATTERN", options->pattern, "The access pattern.")->required();
  command.add_option("VALUE", options->values, "A value that the pattern takes, as NAME=VALUE.");
  command
      .add_option("--limit", options->limit, "Read so many items instead of the pattern's limit.")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000).description(""));
  command.add_flag("--explain", options->explain, "Show each request, what it read and its units.");
  add_formats(command, options->formats, {"text", "json"});
  add_effort(command, options->effort);
  add_keep(command, options->keep);
  add_examples(command,
               {{"With values of the seed", "ddbplan query schema.yaml recent_orders"},
                {"The requests, and five items",
                 "ddbplan query schema.yaml recent_orders customer_id=01H --limit 5 --explain"}});
  command.callback([options, &invocation] {
    invocation.run = [options](Terminal& terminal) { return run_query(*options, terminal); };
  });
  return command;
}

}  // namespace ddbplan::cli
