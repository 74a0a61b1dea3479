#include "cli/output_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/descriptor.h"
#include "support/text.h"

namespace ddbplan::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStagingName = ".ddbplan-new";

std::string shown(const fs::path& path) {
  return "'" + support::escape_for_terminal(path.string()) + "'";
}

FileError failed(std::string_view doing, const fs::path& path, const std::error_code& code) {
  return {fmt::format("cannot {} {}: {}", doing, shown(path), code.message())};
}

/// An interrupt waits until the folder is whole again; writing takes milliseconds.
class InterruptsHeld {
 public:
  InterruptsHeld() {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&held, signal);
    sigprocmask(SIG_BLOCK, &held, &before_);
  }
  InterruptsHeld(const InterruptsHeld&) = delete;
  InterruptsHeld& operator=(const InterruptsHeld&) = delete;
  ~InterruptsHeld() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// Folders made on the way to one, removed again unless kept.
class MadeFolders {
 public:
  std::optional<FileError> make(const fs::path& folder) {
    std::vector<fs::path> missing;
    std::error_code code;
    for (fs::path at = folder; !at.empty() && !fs::exists(at, code); at = at.parent_path()) {
      missing.push_back(at);
      if (at == at.parent_path()) break;
    }
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
      fs::create_directory(*at, code);
      if (code) return failed("make the folder", *at, code);
      made_.push_back(*at);
    }
    return std::nullopt;
  }
  void undo() {
    std::error_code ignored;
    for (auto at = made_.rbegin(); at != made_.rend(); ++at) fs::remove(*at, ignored);
    made_.clear();
  }

 private:
  std::vector<fs::path> made_;
};

/// The manifest's list. An entry is a path, or an object that has one.
std::optional<std::vector<std::string>> parse_manifest(const std::string& text) {
  const nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object() || !document.contains("files") || !document["files"].is_array()) {
    return std::nullopt;
  }
  std::vector<std::string> files;
  for (const nlohmann::json& entry : document["files"]) {
    const nlohmann::json& path =
        entry.is_object() && entry.contains("path") ? entry["path"] : entry;
    if (!path.is_string() || !is_plain_relative_path(path.get<std::string>())) return std::nullopt;
    files.push_back(path.get<std::string>());
  }
  return files;
}

/// The entries of `now`, and those of `before` that it does not have.
std::string merge_manifests(const std::string& before, const std::string& now) {
  nlohmann::ordered_json merged = nlohmann::ordered_json::parse(now);
  std::set<nlohmann::ordered_json> paths;
  for (const nlohmann::ordered_json& entry : merged["files"]) paths.insert(entry["path"]);
  nlohmann::ordered_json earlier = nlohmann::ordered_json::parse(before);
  for (nlohmann::ordered_json& entry : earlier["files"]) {
    if (entry.contains("path") && !paths.contains(entry["path"])) {
      merged["files"].push_back(std::move(entry));
    }
  }
  return merged.dump(2) + "\n";
}

std::optional<FileError> write_staged(const fs::path& path, const OutputFile& file) {
  std::error_code code;
  fs::create_directories(path.parent_path(), code);
  if (code) return failed("write", path, code);
  const mode_t mode = file.executable ? 0777 : 0666;
  Descriptor out(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!out.valid()) return system_error("write", path.string());
  if (!write_all(out.get(), file.bytes) || ::fsync(out.get()) != 0 || !out.close()) {
    return system_error("write", path.string());
  }
  return std::nullopt;
}

class FolderWriter {
 public:
  FolderWriter(fs::path folder, std::vector<OutputFile> files, Earlier earlier)
      : folder_(std::move(folder)),
        staging_(folder_ / kStagingName),
        files_(std::move(files)),
        keeps_earlier_(earlier == Earlier::keep) {}

  std::optional<FileError> run() {
    if (auto error = open_folder()) return error;
    std::optional<FileError> error = check_ours();
    if (error) {
      made_.undo();
      return error;
    }
    if (keeps_earlier_ && !earlier_manifest_.empty()) merge_manifest();
    error = stage();
    if (!error) error = publish();
    if (!error && !keeps_earlier_) error = remove_earlier();
    if (error) undo_publish();
    std::error_code ignored;
    fs::remove_all(staging_, ignored);
    if (error) {
      made_.undo();
    } else {
      remove_empty_folders();
      ::fsync(lock_.value().get());
    }
    return error;
  }

 private:
  std::optional<FileError> open_folder() {
    std::error_code code;
    const fs::file_status status = fs::status(folder_, code);
    if (fs::exists(status) && !fs::is_directory(status)) {
      return FileError{fmt::format("cannot write to {}: it is not a folder", shown(folder_))};
    }
    if (auto error = made_.make(folder_)) {
      made_.undo();
      return error;
    }
    lock_.emplace(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock_->valid()) return system_error("write to", folder_.string());
    // Not every network file system has locks; then two runs at once are the caller's business.
    if (::flock(lock_->get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      return FileError{
          fmt::format("cannot write to {}: another ddbplan is writing there", shown(folder_))};
    }
    return std::nullopt;
  }

  /// Learns what an earlier run wrote, and refuses a folder that holds anything else.
  std::optional<FileError> check_ours() {
    const fs::path manifest = folder_ / kManifestName;
    std::error_code code;
    if (fs::exists(manifest, code)) {
      const auto text = read_text_file(manifest.string());
      const auto listed = text ? parse_manifest(*text) : std::nullopt;
      if (!listed) {
        return FileError{fmt::format("{} is no manifest that ddbplan wrote; choose another folder",
                                     shown(manifest))};
      }
      earlier_manifest_ = *text;
      earlier_.insert(listed->begin(), listed->end());
      earlier_.insert(std::string(kManifestName));
    }
    fs::remove_all(staging_, code);  // what a killed run left; the lock says that it is gone
    return find_foreign();
  }

  std::optional<FileError> find_foreign() {
    std::set<std::string> folders;
    for (const std::string& path : earlier_) {
      for (fs::path at = fs::path(path).parent_path(); !at.empty(); at = at.parent_path()) {
        folders.insert(at.generic_string());
      }
    }
    std::error_code code;
    fs::recursive_directory_iterator at(folder_, code);
    for (; !code && at != fs::recursive_directory_iterator(); at.increment(code)) {
      const std::string path = at->path().lexically_relative(folder_).generic_string();
      std::error_code ignored;
      const bool is_folder = at->symlink_status(ignored).type() == fs::file_type::directory;
      if (is_folder ? folders.contains(path) : earlier_.contains(path)) continue;
      return FileError{fmt::format(
          "cannot write to {}: it holds {}, which ddbplan did not write; choose an empty folder",
          shown(folder_), shown(path))};
    }
    if (code) return failed("read", folder_, code);
    return std::nullopt;
  }

  void merge_manifest() {
    for (OutputFile& file : files_) {
      if (file.path == kManifestName) file.bytes = merge_manifests(earlier_manifest_, file.bytes);
    }
  }

  std::optional<FileError> stage() {
    for (const OutputFile& file : files_) {
      if (auto error = write_staged(staging_ / "new" / file.path, file)) return error;
    }
    return std::nullopt;
  }

  std::optional<FileError> publish() {
    for (const OutputFile& file : files_) {
      if (auto error = made_.make((folder_ / file.path).parent_path())) return error;
      if (auto error = set_aside(file.path, /*keep_in_place=*/true)) return error;
      const fs::path target = folder_ / file.path;
      if (::rename((staging_ / "new" / file.path).c_str(), target.c_str()) != 0) {
        return system_error("write", target.string());
      }
      published_.push_back(file.path);
    }
    return std::nullopt;
  }

  std::optional<FileError> remove_earlier() {
    for (const std::string& path : earlier_) {
      const bool made_again = std::any_of(files_.begin(), files_.end(),
                                          [&](const OutputFile& f) { return f.path == path; });
      if (made_again) continue;
      if (auto error = set_aside(path, /*keep_in_place=*/false)) return error;
    }
    return std::nullopt;
  }

  /// Keeps the present file for undo_publish. As a second link where the file is to be replaced, so that there
  /// is no moment without it; file systems without links take a rename.
  std::optional<FileError> set_aside(const std::string& path, bool keep_in_place) {
    const fs::path from = folder_ / path;
    std::error_code code;
    if (!fs::exists(fs::symlink_status(from, code))) return std::nullopt;
    const fs::path to = staging_ / "old" / path;
    fs::create_directories(to.parent_path(), code);
    if (code) return failed("write", to, code);
    const bool linked = keep_in_place && ::link(from.c_str(), to.c_str()) == 0;
    if (!linked && ::rename(from.c_str(), to.c_str()) != 0) {
      return system_error("replace", from.string());
    }
    set_aside_.push_back(path);
    return std::nullopt;
  }

  void undo_publish() {
    for (const std::string& path : published_) ::unlink((folder_ / path).c_str());
    for (const std::string& path : set_aside_) {
      ::rename((staging_ / "old" / path).c_str(), (folder_ / path).c_str());
    }
  }

  /// Folders of earlier files that hold nothing any more.
  void remove_empty_folders() {
    for (const std::string& path : earlier_) {
      for (fs::path at = fs::path(path).parent_path(); !at.empty(); at = at.parent_path()) {
        std::error_code ignored;
        fs::remove(folder_ / at, ignored);  // fails, as it should, on one that is not empty
      }
    }
  }

  fs::path folder_;
  fs::path staging_;
  std::vector<OutputFile> files_;
  bool keeps_earlier_;
  std::string earlier_manifest_;
  MadeFolders made_;
  std::optional<Descriptor> lock_;
  std::set<std::string> earlier_;
  std::vector<std::string> published_;
  std::vector<std::string> set_aside_;
};

}  // namespace

bool is_plain_relative_path(std::string_view path) {
  if (path.empty() || path.front() == '/') return false;
  while (true) {
    const auto slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    if (name.empty() || name == "." || name == ".." || name.find('\0') != std::string_view::npos) {
      return false;
    }
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

std::optional<FileError> write_output_folder(const std::string& folder,
                                             std::vector<OutputFile> files, Earlier earlier) {
  for (const OutputFile& file : files) {
    DDBPLAN_CHECK_MSG(is_plain_relative_path(file.path), file.path);
  }
  const InterruptsHeld held;
  // "out/" and "out" are one folder; lexically_normal leaves an empty last name behind.
  fs::path path = fs::path(folder).lexically_normal();
  if (path.filename().empty() && path.has_parent_path() && path != path.root_path()) {
    path = path.parent_path();
  }
  return FolderWriter(std::move(path), std::move(files), earlier).run();
}

}  // namespace ddbplan::cli
