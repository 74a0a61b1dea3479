// `ddbplan serve` as a process of its own, and a client for it that does one request at a time.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ddbplan::test {

class ServerProcess {
 public:
  /// `serve --port 0` and `arguments`; waits for the ready line. Throws std::runtime_error when the
  /// process ends instead, with what it said.
  explicit ServerProcess(const std::vector<std::string>& arguments);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const std::string& ready_line() const { return ready_line_; }
  void send_signal(int signal) const;
  /// The exit status; -1 when a signal ended it.
  int wait();

 private:
  pid_t process_ = -1;
  int errors_ = -1;
  int port_ = 0;
  std::string ready_line_;
};

class WireClient {
 public:
  explicit WireClient(int port);
  ~WireClient();
  WireClient(const WireClient&) = delete;
  WireClient& operator=(const WireClient&) = delete;

  struct Answer {
    int status = 0;
    std::string body;
  };
  /// An operation of tables, or of another API with its name before ("DynamoDBStreams_20120810.").
  /// nullopt when the connection ended before the whole answer came.
  std::optional<Answer> ask(std::string_view operation, std::string_view body) const;

 private:
  int socket_ = -1;
};

}  // namespace ddbplan::test
