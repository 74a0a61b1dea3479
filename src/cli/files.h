// Reading and writing files: the only place of the program that does, with output_folder.cpp, which makes a
// tree of them appear at once. Reads are bounded, and what is no text file is refused before a byte of it is
// parsed. An error is one sentence that names the file and says what the system said.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/result.h"

namespace ddbplan::cli {

struct FileError {
  std::string message;
};

/// Makes sure that the descriptors 0, 1 and 2 are open, so that no file of ours becomes "standard output" of
/// a caller who closed it. Writing to one that was closed still fails. Call it first.
void reserve_standard_descriptors();

/// Standard input for "-", else the file. Refuses folders, devices, binary files, and what is larger than a
/// schema may be (schema::kFileBytesMax).
support::Result<std::string, FileError> read_text_file(const std::string& path);

/// What messages call an input: "-" is "<stdin>".
std::string display_name(const std::string& path);

/// Writes under a temporary name in the same folder, then renames: a reader sees the old bytes or the new
/// ones, and a failure leaves the old ones. What is there and no regular file (/dev/stdout) is written to.
std::optional<FileError> replace_file(const std::string& path, std::string_view bytes);

/// Makes a file that must not exist yet.
std::optional<FileError> create_file(const std::string& path, std::string_view bytes);

/// "cannot write 'x': No space left on device", for the current errno.
FileError system_error(std::string_view doing, const std::string& path);

/// Writes all bytes, through interruptions and short writes. False with errno set on failure.
bool write_all(int descriptor, std::string_view bytes);

}  // namespace ddbplan::cli
