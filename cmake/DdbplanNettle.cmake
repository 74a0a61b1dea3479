# The target ddbplan::nettle. Debian's package brings no CMake file. It stays a shared library in static builds too: its
# licence, the LGPL, asks that a user can exchange it.

find_path(DDBPLAN_NETTLE_INCLUDE nettle/sha2.h REQUIRED)
find_library(DDBPLAN_NETTLE_LIBRARY NAMES nettle REQUIRED)
mark_as_advanced(DDBPLAN_NETTLE_INCLUDE DDBPLAN_NETTLE_LIBRARY)

add_library(ddbplan_nettle UNKNOWN IMPORTED)
add_library(ddbplan::nettle ALIAS ddbplan_nettle)
set_target_properties(ddbplan_nettle PROPERTIES
  IMPORTED_LOCATION "${DDBPLAN_NETTLE_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${DDBPLAN_NETTLE_INCLUDE}")
