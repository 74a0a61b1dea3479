# ddbplan_library(name SOURCES file... [DEPENDS item...] [PRIVATE_DEPENDS item...])
#
# Makes the static library ddbplan_<name>, known as ddbplan::<name>, of one folder below src.
# An item is the name of another of our libraries (`dynamo`) or any target of a package
# (`fmt::fmt`, `yaml-cpp`). DEPENDS is for what the headers include, PRIVATE_DEPENDS for what
# only the sources do. The include root is src, so headers are named with their folder:
# #include "dynamo/value.h".
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
    else()
      list(APPEND resolved ${item})
    endif()
  endforeach()
  set(${out} "${resolved}" PARENT_SCOPE)
endfunction()

function(ddbplan_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ddbplan_library(${name}): what is ${arg_UNPARSED_ARGUMENTS}?")
  endif()

  add_library(ddbplan_${name} STATIC ${arg_SOURCES})
  add_library(ddbplan::${name} ALIAS ddbplan_${name})

  ddbplan_resolve_depends(public ${arg_DEPENDS})
  ddbplan_resolve_depends(private ${arg_PRIVATE_DEPENDS})
  target_link_libraries(ddbplan_${name}
    PUBLIC ddbplan::options ${public}
    PRIVATE ${private})
  if(DDBPLAN_PRECOMPILE)
    # The compiler takes precompiled headers only where fmt's macros are the same.
    target_link_libraries(ddbplan_${name} PRIVATE fmt::fmt)
    target_precompile_headers(ddbplan_${name} REUSE_FROM ddbplan_common_headers)
  endif()
endfunction()
