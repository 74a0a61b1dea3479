// A run's tables on an endpoint: requests are sent again while the endpoint says that it is busy, every table is
// named in a manifest before it is made, beside the endpoint, the region and where the credentials are from, and what
// the manifest names is deleted when the session ends, however it ends. A table that the session did not make is never
// written or deleted.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "cli/pipeline.h"
#include "cli/terminal.h"
#include "remote/client.h"

namespace ddbplan::cli {

struct EndpointOptions {
  std::string url;
  std::vector<std::string> allowed_hosts;
  std::string region;  ///< "": the endpoint's own, else AWS_REGION, else us-east-1
  bool yes = false;
};

class EndpointSession {
 public:
  /// The error is a sentence: what is wrong with the endpoint, or that it needs --yes or credentials.
  static support::Result<EndpointSession, std::string> open(const EndpointOptions& options);
  EndpointSession(EndpointSession&&) noexcept = default;
  EndpointSession& operator=(EndpointSession&&) = delete;
  EndpointSession(const EndpointSession&) = delete;
  EndpointSession& operator=(const EndpointSession&) = delete;
  ~EndpointSession();

  /// What the names of this run's tables begin with: unlike those of any other run.
  [[nodiscard]] const std::string& prefix() const { return prefix_; }
  [[nodiscard]] const std::string& manifest() const { return manifest_; }
  /// Where the credentials are from: "the environment", "profile NAME of FILE", or "made up".
  [[nodiscard]] const std::string& credentials_source() const { return credentials_source_; }

  support::Result<remote::Reply, std::string> send(const std::string& operation,
                                                   const nlohmann::ordered_json& request);
  /// Makes the tables of `run`, whose names must begin with prefix(), waits for them, and loads the seed. The
  /// error is a sentence.
  std::optional<std::string> make_tables(const Compilation& run);
  /// Deletes what the session made; false after a message when something is left, which the manifest then names.
  bool clean_up(Terminal& terminal);

 private:
  explicit EndpointSession(remote::Client client);
  /// `may_be_done` becomes true when a try, the last or one before, may have been done although its answer is a failure.
  support::Result<remote::Reply, std::string> send(const std::string& operation,
                                                   const nlohmann::ordered_json& request,
                                                   bool& may_be_done);
  std::optional<std::string> make_table(const design::Table& table);
  std::optional<std::string> wait_for(const std::string& table);
  std::optional<std::string> load(const seed::SeedFile& file);
  std::optional<std::string> write_manifest() const;

  remote::Client client_;
  std::string prefix_;
  std::string manifest_;
  std::string url_;
  std::string region_;
  std::string credentials_source_;
  std::vector<std::string> made_;
};

/// Deletes what a manifest names, for a run that could not do it itself. False after a message.
bool clean_up_manifest(const std::string& path, const EndpointOptions& given, Terminal& terminal);

/// True once the user has asked to stop (SIGINT, SIGTERM): from the first call on these do not end the program.
bool is_interrupted();

}  // namespace ddbplan::cli
