# Writes OUTPUT, the C++ table of the schemas in FOLDER and the starting schema START, for src/cli/examples.h.
# Run at build time: cmake -DFOLDER=... -DSTART=... -DOUTPUT=... -P EmbedExamples.cmake
file(GLOB files "${FOLDER}/*.yaml")
list(SORT files)

# A raw string with a delimiter that no schema contains.
function(embed_schema out name file)
  file(READ "${file}" text)
  if(text MATCHES "\\)schema\"")
    message(FATAL_ERROR "${file} contains the delimiter of its C++ string")
  endif()
  set(${out} "{\"${name}\", R\"schema(${text})schema\"}" PARENT_SCOPE)
endfunction()

set(entries "")
set(count 0)
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME_WE)
  embed_schema(entry "${name}" "${file}")
  string(APPEND entries "    ExampleSchema${entry},\n")
  math(EXPR count "${count} + 1")
endforeach()
embed_schema(start "schema" "${START}")

file(WRITE "${OUTPUT}.new" "// Made by cmake/EmbedExamples.cmake.
#include \"cli/examples.h\"

#include <array>

namespace ddbplan::cli {

std::span<const ExampleSchema> example_schemas() {
  static constexpr std::array<ExampleSchema, ${count}> kExamples = {
${entries}  };
  return kExamples;
}

const ExampleSchema& starting_schema() {
  static constexpr ExampleSchema kStart = ${start};
  return kStart;
}

}  // namespace ddbplan::cli
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
