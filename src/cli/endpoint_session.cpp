#include "cli/endpoint_session.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/environment.h"
#include "cli/files.h"
#include "design/layout.h"
#include "dynamo/json.h"
#include "remote/answer.h"
#include "remote/comparison.h"

namespace ddbplan::cli {
namespace {

using Json = nlohmann::ordered_json;
using remote::Reply;
using support::Result;

constexpr int kTriesMax = 8;
constexpr std::chrono::milliseconds kFirstWait{50};
/// A table with indexes takes the service up to a minute or two to make.
constexpr std::chrono::minutes kTableWait{10};
constexpr std::size_t kBatchItems = 25;

volatile std::sig_atomic_t g_interrupted = 0;
void note_interrupt(int /*signal*/) {
  g_interrupted = 1;
}

/// The service's word for "later" (Developer Guide, "Error handling with DynamoDB").
bool is_busy(const Reply& reply) {
  if (reply.status >= 500) return true;
  if (reply.status == 200) return false;
  const std::string type = remote::read_refusal(reply.body).type;
  return type == "ProvisionedThroughputExceededException" || type == "ThrottlingException" ||
         type == "RequestLimitExceeded" || type == "LimitExceededException" ||
         type == "TransactionInProgressException";
}

struct NamedCredentials {
  remote::Credentials credentials;
  std::string source;  ///< says where they are from, and nothing of them
};

Result<NamedCredentials, std::string> users_credentials() {
  if (const auto found = remote::credentials_of(environment))
    return NamedCredentials{*found, "the environment"};
  const std::string home = environment("HOME").value_or("");
  const std::string path =
      environment("AWS_SHARED_CREDENTIALS_FILE").value_or(home + "/.aws/credentials");
  const auto text = read_text_file(path);
  if (!text)
    return fmt::format(
        "no credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, and {}",
        text.error().message);
  const std::string profile = environment("AWS_PROFILE").value_or("default");
  auto credentials = remote::credentials_of_profile(*text, profile);
  if (!credentials) return path + ": " + credentials.error();
  return NamedCredentials{*std::move(credentials), fmt::format("profile {} of {}", profile, path)};
}

/// It becomes part of the signature's scope.
bool is_region(const std::string& text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

std::string refused(const std::string& operation, const std::string& table, const Reply& reply) {
  const remote::Refusal refusal = remote::read_refusal(reply.body);
  return fmt::format(
      "{} of {}: {} ({})", operation, table,
      refusal.type.empty() ? fmt::format("HTTP status {}", reply.status) : refusal.type,
      refusal.message);
}

/// Of DescribeTable: the table and all of its indexes.
bool is_active(const Json& table) {
  if (remote::text_in(table, "TableStatus") != "ACTIVE") return false;
  const auto indexes = table.find("GlobalSecondaryIndexes");
  return indexes == table.end() ||
         std::all_of(indexes->begin(), indexes->end(), [](const Json& index) {
           const std::string status = remote::text_in(index, "IndexStatus");
           return status.empty() || status == "ACTIVE";
         });
}

/// The service answered that it failed: it may have done what it was asked for.
bool is_unsure(const Reply& reply) {
  return reply.status >= 500;
}

/// By time and process, so that runs at the same moment differ too.
std::string new_prefix() {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return fmt::format("ddbplan-run-{:x}-{:x}-", now.count(), getpid());
}

/// Sleeps, but not on after an interrupt.
void sleep_unless_interrupted(std::chrono::milliseconds wait) {
  constexpr std::chrono::milliseconds kSlice{20};
  for (; wait.count() > 0 && !is_interrupted(); wait -= kSlice)
    std::this_thread::sleep_for(std::min(wait, kSlice));
}

}  // namespace

bool is_interrupted() {
  static const bool handled = [] {
    struct sigaction action = {};
    action.sa_handler = note_interrupt;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    return true;
  }();
  static_cast<void>(handled);
  return g_interrupted != 0;
}

EndpointSession::EndpointSession(remote::Client client) : client_(std::move(client)) {}

EndpointSession::~EndpointSession() {
  // clean_up was not reached, as an exception is on its way: the tables matter more than a message.
  for (const std::string& table : made_) {
    static_cast<void>(client_.post("DeleteTable", Json({{"TableName", table}}).dump()));
  }
}

Result<EndpointSession, std::string> EndpointSession::open(const EndpointOptions& options) {
  const auto endpoint = remote::parse_endpoint(options.url);
  if (!endpoint) return endpoint.error();
  if (!endpoint->loopback && !options.yes)
    return fmt::format(
        "{} is not this machine: tables are made there, and cost money at AWS; say --yes",
        endpoint->host);
  NamedCredentials credentials{remote::made_up_credentials(), "made up"};
  if (remote::may_see_credentials(*endpoint, options.allowed_hosts)) {
    auto own = users_credentials();
    if (!own) return own.error();
    credentials = *std::move(own);
  }
  std::string region = options.region;
  if (region.empty()) region = endpoint->region.value_or("");
  if (region.empty())
    region =
        environment("AWS_REGION").value_or(environment("AWS_DEFAULT_REGION").value_or("us-east-1"));
  if (!is_region(region)) return fmt::format("'{}' is no region", region);
  auto client = remote::Client::connect(*endpoint, region, std::move(credentials.credentials));
  if (!client) return client.error();
  EndpointSession session(*std::move(client));
  session.prefix_ = new_prefix();
  session.url_ = options.url;
  session.region_ = region;
  session.credentials_source_ = credentials.source;
  std::error_code ignored;
  session.manifest_ =
      (std::filesystem::temp_directory_path(ignored) / (session.prefix_ + "tables.json")).string();
  return session;
}

Result<Reply, std::string> EndpointSession::send(const std::string& operation,
                                                 const Json& request) {
  bool may_be_done = false;
  return send(operation, request, may_be_done);
}

Result<Reply, std::string> EndpointSession::send(const std::string& operation, const Json& request,
                                                 bool& may_be_done) {
  const std::string body = request.dump();
  auto wait = kFirstWait;
  for (int tries = 1;; ++tries) {
    auto reply = client_.post(operation, body);
    if (reply && is_unsure(*reply)) may_be_done = true;
    if (!reply || !is_busy(*reply) || tries == kTriesMax || is_interrupted()) return reply;
    sleep_unless_interrupted(wait);
    wait *= 2;
  }
}

std::optional<std::string> EndpointSession::write_manifest() const {
  const Json document = {{"endpoint", url_},
                         {"region", region_},
                         {"credentials", credentials_source_},
                         {"tables", made_}};
  const auto error = replace_file(manifest_, document.dump(2) + "\n");
  return error ? std::optional(error->message) : std::nullopt;
}

std::optional<std::string> EndpointSession::make_table(const design::Table& table) {
  const auto there = send("DescribeTable", {{"TableName", table.name}});
  if (!there) return there.error();
  if (there->status == 200) return "a table " + table.name + " is there already";
  if (remote::read_refusal(there->body).type != "ResourceNotFoundException")
    return refused("DescribeTable", table.name, *there);
  made_.push_back(table.name);
  if (auto error = write_manifest()) {
    made_.pop_back();
    return error;
  }
  bool may_be_made = false;
  const auto made =
      send("CreateTable", dynamo::create_table_to_json(design::describe(table)), may_be_made);
  // Wherever it may be there all the same it stays in the manifest.
  if (!made) return made.error();
  if (made->status == 200) return std::nullopt;
  // There was no such table before: the repeated request has found what the first one made.
  const bool is_own = remote::read_refusal(made->body).type == "ResourceInUseException";
  if (may_be_made && is_own) return std::nullopt;
  if (!may_be_made) {
    made_.pop_back();
    static_cast<void>(write_manifest());
  }
  return refused("CreateTable", table.name, *made);
}

std::optional<std::string> EndpointSession::wait_for(const std::string& table) {
  const auto until = std::chrono::steady_clock::now() + kTableWait;
  auto wait = kFirstWait;
  while (std::chrono::steady_clock::now() < until) {
    const auto reply = send("DescribeTable", {{"TableName", table}});
    if (is_interrupted()) return std::string("interrupted");
    if (!reply) return reply.error();
    // Just after CreateTable the service may not find the table yet (API Reference, DescribeTable).
    const bool is_new = remote::read_refusal(reply->body).type == "ResourceNotFoundException";
    if (reply->status != 200 && !is_new) return refused("DescribeTable", table, *reply);
    const auto answer = remote::parse_answer(reply->body);
    const auto found = answer.is_object() ? answer.find("Table") : answer.end();
    if (found != answer.end() && is_active(*found)) return std::nullopt;
    sleep_unless_interrupted(wait);
    wait = std::min(wait * 2, std::chrono::milliseconds(2000));
  }
  return fmt::format("the table {} is not active after {} minutes", table, kTableWait.count());
}

std::optional<std::string> EndpointSession::load(const seed::SeedFile& file) {
  auto items = seed::read_seed(file);
  if (!items) return items.error();
  for (std::size_t begin = 0; begin < items->size(); begin += kBatchItems) {
    if (is_interrupted()) return std::string("interrupted");
    Json puts = Json::array();
    for (std::size_t i = begin; i < std::min(begin + kBatchItems, items->size()); ++i)
      puts.push_back({{"PutRequest", {{"Item", dynamo::to_json((*items)[i])}}}});
    Json request = {{"RequestItems", {{file.table, std::move(puts)}}}};
    auto wait = kFirstWait;
    for (int tries = 1;; ++tries) {
      const auto reply = send("BatchWriteItem", request);
      if (!reply) return reply.error();
      if (reply->status != 200) return refused("BatchWriteItem", file.table, *reply);
      const Json answer = remote::parse_answer(reply->body);
      if (!answer.is_object()) return "BatchWriteItem of " + file.table + ": the answer is no JSON";
      const auto left = answer.find("UnprocessedItems");
      if (left == answer.end() || left->empty()) break;
      if (tries == kTriesMax) return "the endpoint does not take the seed of " + file.table;
      request = {{"RequestItems", *left}};
      sleep_unless_interrupted(wait);
      wait *= 2;
    }
  }
  return std::nullopt;
}

std::optional<std::string> EndpointSession::make_tables(const Compilation& run) {
  for (const design::Table& table : run.design->tables) {
    if (is_interrupted()) return std::string("interrupted");
    if (auto error = make_table(table)) return error;
  }
  for (const std::string& table : made_) {
    if (auto error = wait_for(table)) return error;
  }
  for (const seed::SeedFile& file : run.seed) {
    if (auto error = load(file)) return error;
  }
  return std::nullopt;
}

bool EndpointSession::clean_up(Terminal& terminal) {
  std::vector<std::string> left;
  for (const std::string& table : made_) {
    // Right after its creation a table cannot be deleted yet.
    auto wait = kFirstWait;
    for (int tries = 1;; ++tries) {
      const auto reply = client_.post("DeleteTable", Json({{"TableName", table}}).dump());
      const std::string type = reply ? remote::read_refusal(reply->body).type : "";
      if (reply && (reply->status == 200 || type == "ResourceNotFoundException")) break;
      const bool may_come = reply && (type == "ResourceInUseException" || is_busy(*reply));
      if (!may_come || tries == 2 * kTriesMax) {
        left.push_back(table);
        terminal.error(reply ? refused("DeleteTable", table, *reply) : reply.error());
        break;
      }
      std::this_thread::sleep_for(wait);
      wait = std::min(wait * 2, std::chrono::milliseconds(2000));
    }
  }
  made_.clear();
  if (left.empty()) {
    std::error_code ignored;
    std::filesystem::remove(manifest_, ignored);
    return true;
  }
  terminal.error(fmt::format("{} left on {}; ddbplan validate --clean-up {} deletes them",
                             left.size() == 1 ? "a table is" : "tables are", url_, manifest_));
  return false;
}

bool clean_up_manifest(const std::string& path, const EndpointOptions& given, Terminal& terminal) {
  const auto text = read_text_file(path);
  if (!text) {
    terminal.error(text.error().message);
    return false;
  }
  const auto document = Json::parse(*text, nullptr, false);
  const bool is_manifest = document.is_object() && document.contains("endpoint") &&
                           document["endpoint"].is_string() && document.contains("tables") &&
                           document["tables"].is_array();
  if (!is_manifest) {
    terminal.error(path + " is no manifest of a run");
    return false;
  }
  EndpointOptions options = given;
  if (options.url.empty()) options.url = document["endpoint"].get<std::string>();
  if (options.region.empty()) options.region = remote::text_in(document, "region");
  auto session = EndpointSession::open(options);
  if (!session) {
    terminal.error(session.error());
    return false;
  }
  // Another account or region knows none of the tables, and would say that they are gone.
  const std::string source = remote::text_in(document, "credentials");
  if (!source.empty() && source != session->credentials_source()) {
    terminal.error(fmt::format(
        "the tables of {} were made with credentials from: {}; those at hand are from: {}", path,
        source, session->credentials_source()));
    return false;
  }
  bool done = true;
  for (const auto& table : document["tables"]) {
    // A manifest is a file that anybody may have written: only names that a run gives are deleted.
    if (!table.is_string() || !table.get<std::string>().starts_with("ddbplan-run-")) {
      terminal.error(path + " names a table that no run has made");
      return false;
    }
    const auto reply = session->send("DeleteTable", {{"TableName", table}});
    const bool gone = reply && (reply->status == 200 || remote::read_refusal(reply->body).type ==
                                                            "ResourceNotFoundException");
    if (!gone)
      terminal.error(reply ? refused("DeleteTable", table.get<std::string>(), *reply)
                           : reply.error());
    done = done && gone;
  }
  std::error_code ignored;
  if (done) std::filesystem::remove(path, ignored);
  return done;
}

}  // namespace ddbplan::cli
