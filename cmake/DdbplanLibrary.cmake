# ddbplan_library(name SOURCES file... [APART file...] [DEPENDS item...] [PRIVATE_DEPENDS item...])
#
# Makes the static library ddbplan_<name>, known as ddbplan::<name>, of one folder below src.
# An item is the name of another of our libraries (`dynamo`) or any target of a package
# (`fmt::fmt`, `yaml-cpp`). DEPENDS is for what the headers include, PRIVATE_DEPENDS for what
# only the sources do. The include root is src, so headers are named with their folder:
# #include "dynamo/value.h".
#
# The preset release compiles several sources at once, which takes a third of the time of a clean build. A
# source with an internal name that another of the library has too stands under APART and is compiled alone.
#
#     ddbplan_library(dynamo
#       SOURCES value.cpp decimal.cpp
#       DEPENDS support
#       PRIVATE_DEPENDS nlohmann_json::nlohmann_json)

# Turns the short names among the items into our targets.
function(ddbplan_resolve_depends out)
  set(resolved "")
  foreach(item IN LISTS ARGN)
    if(item IN_LIST DDBPLAN_LIBRARIES)
      list(APPEND resolved ddbplan::${item})
    elseif(item STREQUAL "fmt::fmt" AND TARGET ddbplan_fmt)
      list(APPEND resolved ddbplan_fmt)
    else()
      list(APPEND resolved ${item})
    endif()
  endforeach()
  set(${out} "${resolved}" PARENT_SCOPE)
endfunction()

function(ddbplan_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;APART;DEPENDS;PRIVATE_DEPENDS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ddbplan_library(${name}): what is ${arg_UNPARSED_ARGUMENTS}?")
  endif()

  add_library(ddbplan_${name} STATIC ${arg_SOURCES} ${arg_APART})
  set_source_files_properties(${arg_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_library(ddbplan::${name} ALIAS ddbplan_${name})

  ddbplan_resolve_depends(public ${arg_DEPENDS})
  ddbplan_resolve_depends(private ${arg_PRIVATE_DEPENDS})
  target_link_libraries(ddbplan_${name}
    PUBLIC ddbplan::options ${public}
    PRIVATE ${private})
endfunction()
