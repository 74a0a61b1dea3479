#include "cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "cli/descriptor.h"
#include "schema/document.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

std::string quoted(const std::string& path) {
  return "'" + support::escape_for_terminal(path) + "'";
}

FileError refuse(const std::string& path, std::string_view why) {
  return {fmt::format("cannot read {}: {}", quoted(path), why)};
}

FileError too_large(const std::string& path) {
  return refuse(path, fmt::format("it is larger than {} MB, the most that a schema may have",
                                  schema::kFileBytesMax / (std::size_t{1024} * 1024)));
}

/// Why something that is not an ordinary file or a pipe is not read; null when it may be.
const char* unreadable_kind(mode_t mode) {
  if (S_ISDIR(mode)) return "it is a folder";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "it is a device";
  if (S_ISSOCK(mode)) return "it is a socket";
  return nullptr;
}

support::Result<std::string, FileError> read_bounded(int descriptor, const std::string& path) {
  std::string text;
  std::array<char, std::size_t{64} * 1024> buffer;
  while (true) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("read", path);
    if (got == 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > schema::kFileBytesMax) return too_large(path);
  }
  // A NUL says "not a text" for every encoding that YAML knows, except the UTF-16 and UTF-32 that nobody
  // writes a schema in; whether the rest is UTF-8 is the schema stage's to say, with a line and a column.
  if (text.find('\0') != std::string::npos) {
    return refuse(path, "it is a binary file; a schema is YAML text in UTF-8");
  }
  return text;
}

std::optional<FileError> write_to(Descriptor& file, std::string_view bytes,
                                  const std::string& path) {
  if (!write_all(file.get(), bytes)) return system_error("write", path);
  if (::fsync(file.get()) != 0 && errno != EINVAL && errno != EROFS) {
    return system_error("write", path);
  }
  // close() is where a network file system reports what it could not store.
  if (!file.close()) return system_error("write", path);
  return std::nullopt;
}

}  // namespace

FileError system_error(std::string_view doing, const std::string& path) {
  const int number = errno;
  return {fmt::format("cannot {} {}: {}", doing, quoted(path), std::strerror(number))};
}

void reserve_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is this one. Opened the wrong way round, so that using it is still an error.
    const int mode = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", mode) < 0) return;
  }
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string display_name(const std::string& path) {
  return path == "-" ? "<stdin>" : path;
}

support::Result<std::string, FileError> read_text_file(const std::string& path) {
  if (path == "-") return read_bounded(STDIN_FILENO, display_name(path));

  // Looked at before it is opened: opening a device can have effects.
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return system_error("read", path);
  if (const char* kind = unreadable_kind(status.st_mode)) return refuse(path, kind);
  if (S_ISREG(status.st_mode) && std::cmp_greater(status.st_size, schema::kFileBytesMax)) {
    return too_large(path);
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return system_error("read", path);
  return read_bounded(file.get(), path);
}

std::optional<FileError> create_file(const std::string& path, std::string_view bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.valid()) return system_error("write", path);
  std::optional<FileError> error = write_to(file, bytes, path);
  if (error) ::unlink(path.c_str());
  return error;
}

std::optional<FileError> replace_file(const std::string& path, std::string_view bytes) {
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    return system_error("write", path);
  }
  if (exists && !S_ISREG(status.st_mode)) {
    Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!device.valid()) return system_error("write", path);
    return write_to(device, bytes, path);
  }
  const std::string temporary = fmt::format("{}.ddbplan-{}", path, ::getpid());
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file.valid()) return system_error("write", path);
  std::optional<FileError> error = write_to(file, bytes, path);
  if (!error && ::rename(temporary.c_str(), path.c_str()) != 0) error = system_error("write", path);
  if (error) ::unlink(temporary.c_str());
  return error;
}

}  // namespace ddbplan::cli
