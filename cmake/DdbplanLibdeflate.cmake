# The target ddbplan::libdeflate. Debian's package brings no CMake file.

set(names deflate)
if(DDBPLAN_STATIC)
  set(names libdeflate.a)
endif()
find_path(DDBPLAN_LIBDEFLATE_INCLUDE libdeflate.h REQUIRED)
find_library(DDBPLAN_LIBDEFLATE_LIBRARY NAMES ${names} REQUIRED)
mark_as_advanced(DDBPLAN_LIBDEFLATE_INCLUDE DDBPLAN_LIBDEFLATE_LIBRARY)

add_library(ddbplan_libdeflate UNKNOWN IMPORTED)
add_library(ddbplan::libdeflate ALIAS ddbplan_libdeflate)
set_target_properties(ddbplan_libdeflate PROPERTIES
  IMPORTED_LOCATION "${DDBPLAN_LIBDEFLATE_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${DDBPLAN_LIBDEFLATE_INCLUDE}")
