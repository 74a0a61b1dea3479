# The target ddbplan::http_parser. Debian's package brings neither a CMake nor a pkg-config file.

set(names http_parser)
if(DDBPLAN_STATIC)
  set(names libhttp_parser.a)
endif()
find_path(DDBPLAN_HTTP_PARSER_INCLUDE http_parser.h REQUIRED)
find_library(DDBPLAN_HTTP_PARSER_LIBRARY NAMES ${names} REQUIRED)
mark_as_advanced(DDBPLAN_HTTP_PARSER_INCLUDE DDBPLAN_HTTP_PARSER_LIBRARY)

add_library(ddbplan_http_parser UNKNOWN IMPORTED)
add_library(ddbplan::http_parser ALIAS ddbplan_http_parser)
set_target_properties(ddbplan_http_parser PROPERTIES
  IMPORTED_LOCATION "${DDBPLAN_HTTP_PARSER_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${DDBPLAN_HTTP_PARSER_INCLUDE}")
