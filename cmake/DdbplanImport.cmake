# Libraries whose Debian packages bring no CMake file.

# ddbplan_import(target HEADER file LIBRARY name [ALWAYS_SHARED]): the target ddbplan::target. Static builds take the
# archive unless the library is to stay shared.
function(ddbplan_import target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "ALWAYS_SHARED" "HEADER;LIBRARY" "")
  set(file "${arg_LIBRARY}")
  if(DDBPLAN_STATIC AND NOT arg_ALWAYS_SHARED)
    set(file "lib${arg_LIBRARY}.a")
  endif()
  string(TOUPPER "DDBPLAN_${target}" prefix)
  find_path(${prefix}_INCLUDE "${arg_HEADER}" REQUIRED)
  find_library(${prefix}_LIBRARY NAMES "${file}" REQUIRED)
  mark_as_advanced(${prefix}_INCLUDE ${prefix}_LIBRARY)

  add_library(ddbplan_${target} UNKNOWN IMPORTED GLOBAL)
  add_library(ddbplan::${target} ALIAS ddbplan_${target})
  set_target_properties(ddbplan_${target} PROPERTIES
    IMPORTED_LOCATION "${${prefix}_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${${prefix}_INCLUDE}")
endfunction()

ddbplan_import(http_parser HEADER http_parser.h LIBRARY http_parser)
ddbplan_import(libdeflate HEADER libdeflate.h LIBRARY deflate)
# Its licence, the LGPL, asks that a user can exchange it.
ddbplan_import(nettle HEADER nettle/sha2.h LIBRARY nettle ALWAYS_SHARED)
