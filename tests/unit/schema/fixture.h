// What the tests of the schema library share: parsing a text, and comparing with a committed file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "model/workload.h"
#include "support/diagnostics.h"

namespace ddbplan::schema::test {

/// Everything said about the text, as it is shown to people, but for the defaults that were used.
std::string findings(std::string_view yaml);
/// The codes of everything said, in order: "DDB002 DDB010". Defaults are left out.
std::string codes(std::string_view yaml);
/// Fails the test when there is an error.
model::Workload workload(std::string_view yaml);
/// A fragment made whole: what it lacks of `ddbplan`, `service`, an entity Order and a pattern
/// place_order is added.
std::string complete_schema(std::string_view fragment);

/// A folder or file of the repository.
std::filesystem::path repository(std::string_view path);
/// Compares with a committed file; DDBPLAN_UPDATE_GOLDEN=1 in the environment writes it instead.
void check_file(const std::filesystem::path& path, std::string_view actual);

}  // namespace ddbplan::schema::test
