// The output folder of `design -o DIR`: a tree of files that appears as a whole or not at all.
//
// Everything is written and flushed below DIR/.ddbplan-new first, on the file system where it will stay. Only
// then are the files renamed into place; should one of these renames fail, the ones before it are undone.
// What an earlier run left and this one no longer makes is removed. A lock on the folder keeps two runs apart.
//
// A folder is ours when every file in it is named by its .ddbplan-manifest.json (`{"files": [...]}`), so a
// wrong -o cannot overwrite or remove somebody's work.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/files.h"

namespace ddbplan::cli {

inline constexpr std::string_view kManifestName = ".ddbplan-manifest.json";

struct OutputFile {
  /// Below the folder, with forward slashes; no "." or "..".
  std::string path;
  std::string bytes;
  bool executable = false;
};

/// What becomes of files that an earlier run wrote and this one does not make.
enum class Earlier { remove, keep };

/// Is `path` something that may stand in a manifest: relative, of plain names?
bool is_plain_relative_path(std::string_view path);

/// Writes `files`, the manifest among them, to `folder`, which is made if it is not there. With Earlier::keep the
/// manifest also lists what stays of earlier runs. On failure the folder is as it was, and a folder made for the
/// purpose is gone again.
std::optional<FileError> write_output_folder(const std::string& folder,
                                             std::vector<OutputFile> files, Earlier earlier);

}  // namespace ddbplan::cli
