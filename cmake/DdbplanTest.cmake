# ddbplan_test(name SOURCES file... [APART file...] [DEPENDS item...] [DEFINITIONS name=value...])
#
# Makes one doctest executable <name>_test, and one ctest for each source named *_test.cpp, with
# the label <name>: `ctest -L engine`, `ctest -R engine/expr/parser_test`. Other sources are
# helpers. APART and DEPENDS are read as in ddbplan_library.
#
# One ctest per file, not per TEST_CASE: doctest_discover_tests (2.4.9) runs the executable after
# each link, cannot take `;` or an unbalanced `[` in a name, treats `*` in a name as a wildcard
# and loses the label; a file is as good a unit to rerun, and starts far fewer processes.
# scripts/test counts the single cases from doctest's own summary.

# Tests are read by a compiler far more often than they run, and doctest's macros are slow to optimise: in
# a release build the libraries are optimised and the tests of them are not.
set(DDBPLAN_TEST_OPTIONS "$<$<CONFIG:Release>:-O0>")

# Every time limit of the tests is multiplied by it: sanitizers make a program ten times slower.
if(DDBPLAN_SANITIZE)
  set(DDBPLAN_TEST_PATIENCE 10)
else()
  set(DDBPLAN_TEST_PATIENCE 1)
endif()

function(ddbplan_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;APART;DEPENDS;DEFINITIONS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ddbplan_test(${name}): what is ${arg_UNPARSED_ARGUMENTS}?")
  endif()

  ddbplan_resolve_depends(depends ${arg_DEPENDS})
  add_executable(${name}_test ${arg_SOURCES} ${arg_APART})
  set_source_files_properties(${arg_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_link_libraries(${name}_test PRIVATE ddbplan_test_main ${depends})
  target_compile_definitions(${name}_test PRIVATE ${arg_DEFINITIONS})
  target_compile_options(${name}_test PRIVATE ${DDBPLAN_TEST_OPTIONS})

  math(EXPR timeout "300 * ${DDBPLAN_TEST_PATIENCE}")
  foreach(source IN LISTS arg_SOURCES arg_APART)
    if(NOT source MATCHES "_test\\.cpp$")
      continue()
    endif()
    string(REGEX REPLACE "\\.cpp$" "" stem "${source}")
    set(test "${name}/${stem}")
    # By the path below the project: a compiler cache may have made __FILE__ relative.
    cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR
      BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE folder)
    add_test(NAME "${test}"
      COMMAND ${name}_test "--source-file=*${folder}/${source}"
              --no-intro=true --no-version=true)
    set_tests_properties("${test}" PROPERTIES
      LABELS "${name}"
      TIMEOUT "${timeout}"
      # A filter that matches nothing is a success for doctest and a hole for us.
      FAIL_REGULAR_EXPRESSION "test cases: +0 ")
  endforeach()
endfunction()
