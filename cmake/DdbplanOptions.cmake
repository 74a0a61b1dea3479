# What every target of ddbplan is compiled with. Targets get it by linking ddbplan::options;
# nothing is set globally except what CMake has no target property for.

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(ddbplan_options INTERFACE)
add_library(ddbplan::options ALIAS ddbplan_options)

target_compile_features(ddbplan_options INTERFACE cxx_std_20)
target_include_directories(ddbplan_options INTERFACE "${PROJECT_SOURCE_DIR}/src")
target_compile_options(ddbplan_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion)

if(DDBPLAN_WERROR)
  target_compile_options(ddbplan_options INTERFACE -Werror)
endif()

if(DDBPLAN_SANITIZE)
  # -fno-sanitize-recover: without it undefined behaviour is printed and the test still passes.
  target_compile_options(ddbplan_options INTERFACE
    "-fsanitize=${DDBPLAN_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(ddbplan_options INTERFACE "-fsanitize=${DDBPLAN_SANITIZE}")
endif()

if(DDBPLAN_COVERAGE)
  target_compile_options(ddbplan_options INTERFACE --coverage)
  target_link_options(ddbplan_options INTERFACE --coverage)
endif()

if(DDBPLAN_STATIC)
  # Without ten libraries for the dynamic linker the program starts in 7.1 instead of 8.8 ms (perf stat), and a package
  # runs on every distribution with a C library as new as the packer's.
  include(DdbplanFmt)
  target_link_options(ddbplan_options INTERFACE
    -static-libstdc++ -static-libgcc LINKER:--as-needed)
  find_library(DDBPLAN_YAML_CPP_ARCHIVE libyaml-cpp.a REQUIRED)
  mark_as_advanced(DDBPLAN_YAML_CPP_ARCHIVE)
  set_target_properties(yaml-cpp PROPERTIES
    IMPORTED_LOCATION_NONE "${DDBPLAN_YAML_CPP_ARCHIVE}" IMPORTED_SONAME_NONE "")
  find_library(DDBPLAN_SQLITE_ARCHIVE libsqlite3.a REQUIRED)
  mark_as_advanced(DDBPLAN_SQLITE_ARCHIVE)
  set_target_properties(SQLite::SQLite3 PROPERTIES IMPORTED_LOCATION "${DDBPLAN_SQLITE_ARCHIVE}"
    INTERFACE_LINK_LIBRARIES "m")
endif()

# Both are conveniences of the machine: absent, the build is slower and otherwise the same.
find_program(DDBPLAN_CCACHE ccache)
mark_as_advanced(DDBPLAN_CCACHE)
if(DDBPLAN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${DDBPLAN_CCACHE}")
endif()

find_program(DDBPLAN_MOLD NAMES mold ld.mold)
mark_as_advanced(DDBPLAN_MOLD)
if(DDBPLAN_MOLD)
  target_link_options(ddbplan_options INTERFACE -fuse-ld=mold)
endif()
