# ddbplan_fmt: fmt for a program that is linked statically (DDBPLAN_STATIC), which takes the place of fmt::fmt. Debian
# packages fmt's code as a shared library and as headers. With headers alone every source compiles that code
# again (5 s of 34 and of 14 in two of our unity sources); so it is compiled once here where we know how (fmt 9, of Debian 12
# and Ubuntu 24.04), and comes with the headers elsewhere.
if(fmt_VERSION VERSION_GREATER_EQUAL 9 AND fmt_VERSION VERSION_LESS 10)
  add_library(ddbplan_fmt STATIC "${PROJECT_SOURCE_DIR}/cmake/fmt_code.cpp")
  target_compile_features(ddbplan_fmt PUBLIC cxx_std_20)
  # The headers' folder is a system one, or the package says.
  target_include_directories(ddbplan_fmt SYSTEM PUBLIC
    $<TARGET_PROPERTY:fmt::fmt,INTERFACE_INCLUDE_DIRECTORIES>)
else()
  add_library(ddbplan_fmt INTERFACE)
  target_link_libraries(ddbplan_fmt INTERFACE fmt::fmt-header-only)
endif()
