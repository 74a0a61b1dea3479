#include "tests/cli/server_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "tests/support/process.h"

namespace ddbplan::test {
namespace {

/// What is written until the first line's end; everything when the writer ends before.
std::string read_line(int descriptor) {
  std::string line;
  char c = 0;
  while (read(descriptor, &c, 1) == 1) {
    line += c;
    if (c == '\n') break;
  }
  return line;
}

int port_of(const std::string& line) {
  const std::size_t at = line.find("http://127.0.0.1:");
  return at == std::string::npos ? 0 : std::atoi(line.c_str() + at + 17);
}

}  // namespace

ServerProcess::ServerProcess(const std::vector<std::string>& arguments) {
  std::array<int, 2> pipe = {};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  const std::string program = ddbplan_binary().string();
  std::vector<std::string> all = {program, "serve", "--port", "0"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : all) argv.push_back(argument.data());
  argv.push_back(nullptr);
  process_ = fork();
  if (process_ == 0) {
    dup2(pipe[1], STDERR_FILENO);
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  close(pipe[1]);
  errors_ = pipe[0];
  ready_line_ = read_line(errors_);
  port_ = port_of(ready_line_);
  if (port_ != 0) return;
  send_signal(SIGKILL);
  wait();
  throw std::runtime_error("the server is not ready: " + ready_line_);
}

ServerProcess::~ServerProcess() {
  if (process_ > 0) {
    send_signal(SIGKILL);
    wait();
  }
  close(errors_);
}

void ServerProcess::send_signal(int signal) const {
  kill(process_, signal);
}

int ServerProcess::wait() {
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

WireClient::WireClient(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("connect");
  }
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

WireClient::~WireClient() {
  close(socket_);
}

std::optional<WireClient::Answer> WireClient::ask(std::string_view operation,
                                                  std::string_view body) const {
  const bool names_api = operation.find('.') != std::string_view::npos;
  const std::string request =
      "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Date: 20240101T000000Z\r\nX-Amz-Target: " +
      std::string(names_api ? "" : "DynamoDB_20120810.") + std::string(operation) +
      "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=test/20240101/us-east-1/dynamodb/"
      "aws4_request, SignedHeaders=host, Signature=00\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  if (send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return std::nullopt;
  }
  std::string got;
  std::array<char, 16384> buffer = {};
  while (true) {
    const std::size_t head = got.find("\r\n\r\n");
    if (head != std::string::npos) {
      const std::size_t length = got.find("Content-Length: ") + 16;
      const auto size = static_cast<std::size_t>(std::atoi(got.c_str() + length));
      if (got.size() >= head + 4 + size) {
        return Answer{std::atoi(got.c_str() + 9), got.substr(head + 4, size)};
      }
    }
    const ssize_t count = recv(socket_, buffer.data(), buffer.size(), 0);
    if (count <= 0) return std::nullopt;
    got.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace ddbplan::test
