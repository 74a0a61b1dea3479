// ddbplan serve [FILE]: a local DynamoDB, with the tables and the seed of a design.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/local_tables.h"
#include "cli/pipeline.h"
#include "cli/shared_options.h"
#include "plan/planner.h"
#include "serve/data_folder.h"
#include "serve/server.h"
#include "serve/service.h"
#include "support/large_pages.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

constexpr std::uint16_t kPort = 8000;
constexpr std::size_t kConnections = 1000;
constexpr std::size_t kThreadsMax = 64;
/// Items are read at random: in large pages a request costs a tenth less.
constexpr int kHeapMegabytes = 1024;

struct ServeOptions {
  SchemaOptions schema;
  std::int64_t effort = plan::PlanOptions().effort;
  std::string keep;
  bool empty = false;
  std::string host = "127.0.0.1";
  std::uint16_t port = kPort;
  std::string data;
  std::string cors;
  std::vector<std::string> allowed_hosts;
  bool namespaced = false;
  std::string credentials;
  std::size_t connections = kConnections;
  std::optional<std::size_t> threads;
};

std::int64_t milliseconds_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

/// Every connection is a descriptor, and many systems allow 1,024 unless asked. Returns how many
/// connections there can be.
std::size_t allow_descriptors(std::size_t connections) {
  constexpr rlim_t kOthers = 64;
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return connections;
  limit.rlim_cur = std::min(std::max(limit.rlim_cur, connections + kOthers), limit.rlim_max);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= kOthers) return connections;
  return std::min(connections, static_cast<std::size_t>(limit.rlim_cur - kOthers));
}

/// nullopt after an error message.
std::optional<serve::ServiceOptions> service_options(const ServeOptions& options,
                                                     Terminal& terminal) {
  serve::ServiceOptions service;
  service.now_ms = milliseconds_now;
  service.hosts = serve::AllowedHosts(options.host, options.allowed_hosts);
  service.namespaced = options.namespaced;
  if (!options.cors.empty()) service.cors_origin = options.cors;
  service.log_defect = [&terminal](std::string_view what) {
    terminal.error(fmt::format("this is a defect of ddbplan, please report it: {}", what));
  };
  if (terminal.verbose()) {
    service.log = [&terminal](std::string_view operation, int status) {
      terminal.detail(fmt::format("{} {}", operation, status));
    };
  }
  if (options.credentials.empty()) return service;
  auto text = read_text_file(options.credentials);
  if (!text) {
    terminal.error(text.error().message);
    return std::nullopt;
  }
  auto credentials = serve::parse_credentials(*text);
  if (!credentials) {
    terminal.error(fmt::format("{}: {}", options.credentials, credentials.error()));
    return std::nullopt;
  }
  service.credentials = *std::move(credentials);
  return service;
}

/// The service with what its data folder has; nullptr after an error message.
std::unique_ptr<serve::Service> open_service(const ServeOptions& options, Terminal& terminal) {
  std::optional<serve::ServiceOptions> service = service_options(options, terminal);
  if (!service) return nullptr;
  std::unique_ptr<serve::DataFolder> folder;
  if (!options.data.empty()) {
    auto opened = serve::DataFolder::open(options.data);
    if (!opened) {
      terminal.error(opened.error());
      return nullptr;
    }
    folder = *std::move(opened);
  }
  auto made = std::make_unique<serve::Service>(*std::move(service), std::move(folder));
  if (auto error = made->load()) {
    terminal.error(fmt::format("cannot read {}: {}", options.data, *error));
    return nullptr;
  }
  return made;
}

/// Plans FILE and loads its tables. Findings of the schema are shown, and do not stand in the way of
/// trying the design.
ExitStatus load_design(const ServeOptions& options, serve::Service& service, LoadedTables& loaded,
                       Terminal& terminal) {
  std::optional<Compilation> run = load(options.schema.file, terminal);
  if (!run) return ExitStatus::unusable;
  Stages stages(terminal);
  stages.run("parse", [&] { parse(*run, options.schema.overrides); });
  if (!keep(*run, options.keep, terminal)) return ExitStatus::unusable;
  stages.run("plan", [&] { plan(*run, {.effort = options.effort, .explain = false}); });
  stages.run("measure", [&] { measure(*run); });
  stages.run("review", [&] { review(*run); });
  if (!options.empty) stages.run("generate rows", [&] { generate_seed(*run); });
  terminal.clear_progress();
  print_diagnostics(*run, support::Severity::error, terminal);
  if (!run->priced()) return run->usable() ? ExitStatus::findings : ExitStatus::unusable;
  auto tables = load_tables(*run, service.shared_account(), milliseconds_now());
  if (!tables) {
    terminal.error(tables.error());
    return ExitStatus::findings;
  }
  if (!service.commit()) {
    terminal.error(fmt::format("cannot write {}: {}", options.data, service.storage_error()));
    return ExitStatus::unusable;
  }
  loaded = *tables;
  return ExitStatus::done;
}

std::string ready_line(const ServeOptions& options, int port, const LoadedTables& loaded) {
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  std::string line = fmt::format("ddbplan: ready on http://{}:{}",
                                 is_ipv6 ? "[" + options.host + "]" : options.host, port);
  if (!options.schema.file.empty()) {
    line += fmt::format(" with {} {} and {} new items", loaded.tables,
                        loaded.tables == 1 ? "table" : "tables", loaded.items);
  }
  return support::escape_for_terminal(line) + "\n";
}

std::size_t threads_for_large_answers() {
  return std::thread::hardware_concurrency() > 1 ? 2 : 1;
}

ExitStatus run_serve(const ServeOptions& options, Terminal& terminal) {
  support::prefer_large_pages(kHeapMegabytes);
  const std::unique_ptr<serve::Service> service = open_service(options, terminal);
  if (service == nullptr) return ExitStatus::unusable;
  // Before the planning, so that a port in use is told at once.
  serve::ServerOptions server_options;
  server_options.host = options.host;
  server_options.port = options.port;
  server_options.connections_max = allow_descriptors(options.connections);
  server_options.threads = options.threads.value_or(threads_for_large_answers());
  if (!options.threads) server_options.spread = serve::Spread::large_answers;
  auto server = serve::Server::listen(server_options);
  if (!server) {
    terminal.error(fmt::format("cannot listen on {}", server.error()));
    return ExitStatus::unusable;
  }
  LoadedTables loaded;
  if (!options.schema.file.empty()) {
    const ExitStatus status = load_design(options, *service, loaded, terminal);
    if (status != ExitStatus::done) return status;
  }
  (*server)->catch_signals();
  terminal.message(ready_line(options, (*server)->port(), loaded));
  if ((*server)->run(*service) == serve::ServerEnd::stopped) return ExitStatus::done;
  terminal.error(fmt::format("cannot write {}: {}; requests since then were not answered",
                             options.data, service->storage_error()));
  return ExitStatus::unusable;
}

void add_server_options(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--host", options.host,
                  "The address to listen on; 127.0.0.1 unless told. Anyone who can reach "
                  "another one can read and write everything, unless --credentials is given.")
      ->type_name("ADDRESS");
  command.add_option("--port", options.port, "The port; 8000 unless told. 0 takes a free one.")
      ->type_name("N");
  command
      .add_option("--data", options.data,
                  "Keep tables, items and streams in this folder. A write is on disk before it is "
                  "answered. Without it, everything ends with the program.")
      ->type_name("DIR");
  command
      .add_option("--cors", options.cors,
                  "Let pages of this origin read answers, as in http://localhost:3000; * is "
                  "every origin. Without it, none may.")
      ->type_name("ORIGIN");
  command
      .add_option("--allow-host", options.allowed_hosts,
                  "Answer requests that call the server by this name too. Without it, only "
                  "loopback names and the address of --host are answered. Repeatable.")
      ->type_name("NAME");
  command.add_flag("--namespaced", options.namespaced,
                   "Give each access key and region tables of its own. Those of FILE are only "
                   "seen without this option.");
  command
      .add_option("--credentials", options.credentials,
                  "Verify signatures with the keys in this file, which has the form of "
                  "~/.aws/credentials. Without it, every key is taken.")
      ->type_name("CREDENTIALS");
  command
      .add_option("--max-connections", options.connections,
                  "Close connections beyond so many at once; 1000 unless told.")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100000}).description(""));
  command
      .add_option("--threads", options.threads,
                  "Share connections among so many threads. Unless told, one thread gives small "
                  "answers, and two those above some 4 KB where there are two cores: best where "
                  "the clients run on the same machine. Requests stay atomic.")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kThreadsMax).description(""));
}

}  // namespace

CLI::App& setup_serve(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App& command =
      *program.add_subcommand("serve",
                              "run a local DynamoDB\n\n"
                              "Answers DynamoDB's and DynamoDB Streams' HTTP API, "
                              "so that the AWS CLI, every AWS SDK and what "
                              "is built on them work with --endpoint-url. Where "
                              "FILE is given, its design's tables are there, "
                              "filled with the seed that proves the design; what expires does so "
                              "as long after now as after the instant of the seed.\n\n"
                              "When it can be used, one line with the URL goes to "
                              "standard error. SIGTERM and SIGINT let it "
                              "answer what has come in and end with status 0.");
  command.add_option("FILE", options->schema.file, "The schema; without one, there are no tables.");
  add_overrides(command, options->schema.overrides);
  command.add_flag("--empty", options->empty, "Make the tables of FILE without the seed.");
  add_server_options(command, *options);
  add_effort(command, options->effort);
  add_keep(command, options->keep);
  add_examples(command,
               {{"A local DynamoDB with a design and its seed", "ddbplan serve schema.yaml"},
                {"An empty one that keeps what is written", "ddbplan serve --data data"}});
  command.callback([options, &invocation] {
    invocation.run = [options](Terminal& terminal) { return run_serve(*options, terminal); };
  });
  return command;
}

}  // namespace ddbplan::cli
