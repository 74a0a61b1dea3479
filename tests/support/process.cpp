#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

// NOLINTNEXTLINE(readability-redundant-declaration): POSIX leaves the declaration to the program
extern char** environ;

namespace ddbplan::test {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error(what + ": " + std::strerror(error));
}

void require(int error, const char* what) {
  if (error != 0) fail(what, error);
}

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] bool is_open() const { return value_ >= 0; }
  void reset(int value) {
    close();
    value_ = value;
  }
  void close() {
    if (value_ >= 0) ::close(value_);
    value_ = -1;
  }

 private:
  int value_ = -1;
};

struct Pipe {
  Descriptor read;
  Descriptor write;

  Pipe() {
    std::array<int, 2> ends{};
    // O_CLOEXEC: tests run in threads too, and a pipe inherited by another child never ends.
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe", errno);
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
};

std::map<std::string, std::string> environment_of(const Command& command) {
  std::map<std::string, std::string> result;
  if (!command.clear_environment) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text = *entry;
      const auto equals = text.find('=');
      if (equals == std::string_view::npos) continue;
      result.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  for (const auto& [name, value] : command.environment) {
    if (value) {
      result[name] = *value;
    } else {
      result.erase(name);
    }
  }
  return result;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

class Spawn {
 public:
  Spawn() {
    require(posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init");
    require(posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
    // A group of its own, so that a timeout also ends what the program (or a shell) started.
    require(posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP), "setflags");
    require(posix_spawnattr_setpgroup(&attributes_, 0), "setpgroup");
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;
  ~Spawn() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  void connect(int from, int to) {
    require(posix_spawn_file_actions_adddup2(&actions_, from, to), "adddup2");
  }
  void change_directory(const std::filesystem::path& directory) {
    require(posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str()), "addchdir");
  }
  pid_t start(const std::filesystem::path& program, std::vector<std::string> arguments,
              std::vector<std::string> environment) {
    pid_t child = 0;
    const int error = posix_spawnp(&child, program.c_str(), &actions_, &attributes_,
                                   pointers_to(arguments).data(), pointers_to(environment).data());
    if (error != 0) fail("cannot start " + program.string(), error);
    return child;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// False at the end of the stream.
bool read_some(Descriptor& from, std::string& to) {
  std::array<char, 65536> buffer{};
  const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
  if (count > 0) {
    to.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }
  return count < 0 && (errno == EINTR || errno == EAGAIN);
}

/// False when everything is written, or the program no longer reads.
bool write_some(Descriptor& to, std::string_view& text) {
  if (text.empty()) return false;
  const ssize_t count = ::write(to.get(), text.data(), text.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  text.remove_prefix(static_cast<std::size_t>(count));
  return !text.empty();
}

/// Feeds and reads until both outputs are closed; false when the time is up first.
bool exchange(Descriptor& input, std::string_view text, Descriptor& output, Descriptor& error,
              Outcome& outcome, Clock::time_point deadline) {
  ::fcntl(input.get(), F_SETFL, O_NONBLOCK);
  if (text.empty()) input.close();
  while (output.is_open() || error.is_open()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    // poll skips negative descriptors, so a closed stream needs no case of its own.
    std::array<pollfd, 3> streams{{{.fd = input.get(), .events = POLLOUT, .revents = 0},
                                   {.fd = output.get(), .events = POLLIN, .revents = 0},
                                   {.fd = error.get(), .events = POLLIN, .revents = 0}}};
    if (::poll(streams.data(), streams.size(), static_cast<int>(left)) < 0 && errno != EINTR) {
      fail("poll", errno);
    }
    if (streams[0].revents != 0 && !write_some(input, text)) input.close();
    if (streams[1].revents != 0 && !read_some(output, outcome.standard_output)) output.close();
    if (streams[2].revents != 0 && !read_some(error, outcome.standard_error)) error.close();
  }
  return true;
}

/// Waits for the program, which may live on after closing its outputs; false when it was killed.
bool wait_for(pid_t child, Clock::time_point deadline, int& status, rusage& usage) {
  for (;;) {
    const pid_t done = ::wait4(child, &status, WNOHANG, &usage);
    if (done == child) return true;
    if (done < 0 && errno != EINTR) fail("wait4", errno);
    if (Clock::now() >= deadline) break;
    ::usleep(200);
  }
  ::kill(-child, SIGKILL);
  while (::wait4(child, &status, 0, &usage) < 0) {
    if (errno != EINTR) fail("wait4", errno);
  }
  return false;
}

}  // namespace

Outcome run(const std::filesystem::path& program, const Command& command) {
  // A program that stops reading early must not end the test as well.
  std::signal(SIGPIPE, SIG_IGN);

  Pipe input;
  Pipe output;
  Pipe error;
  Spawn spawn;
  spawn.connect(input.read.get(), STDIN_FILENO);
  spawn.connect(output.write.get(), STDOUT_FILENO);
  spawn.connect(error.write.get(), STDERR_FILENO);
  if (!command.directory.empty()) spawn.change_directory(command.directory);

  std::vector<std::string> arguments{program.string()};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> environment;
  for (const auto& [name, value] : environment_of(command)) {
    environment.push_back(name + "=" + value);
  }

  const auto start = Clock::now();
  const auto deadline = start + command.timeout * DDBPLAN_TEST_PATIENCE;
  const pid_t child = spawn.start(program, std::move(arguments), std::move(environment));
  input.read.close();
  output.write.close();
  error.write.close();

  Outcome outcome;
  const bool ended =
      exchange(input.write, command.standard_input, output.read, error.read, outcome, deadline);
  int status = 0;
  rusage usage{};
  // Without an end of its outputs the time is up: wait_for then kills at once.
  const bool waited = wait_for(child, ended ? deadline : Clock::now(), status, usage);
  outcome.timed_out = !ended || !waited;
  outcome.wall_time = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  outcome.peak_resident_bytes = std::int64_t{usage.ru_maxrss} * 1024;  // ru_maxrss is in KiB
  if (WIFEXITED(status)) outcome.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
  return outcome;
}

std::filesystem::path ddbplan_binary() {
  const char* chosen = std::getenv("DDBPLAN_BINARY");
  return chosen != nullptr ? chosen : DDBPLAN_BUILT_BINARY;
}

std::filesystem::path source_directory() {
  return DDBPLAN_SOURCE_DIRECTORY;
}

}  // namespace ddbplan::test
