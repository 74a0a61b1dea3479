# What is installed, and how it is packed. Included last: the program must be known by then.

install(TARGETS ddbplan RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")

foreach(section IN ITEMS 1 5 7)
  file(GLOB pages CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/man/*.${section}")
  install(FILES ${pages} DESTINATION "${CMAKE_INSTALL_MANDIR}/man${section}")
endforeach()

# For people and for other tools; the program carries its examples within itself.
foreach(folder IN ITEMS examples schemas)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/ddbplan")
endforeach()

# Each shell looks for completions under a name and in a place of its own.
function(ddbplan_install_completion file destination)
  cmake_path(GET destination FILENAME name)
  cmake_path(GET destination PARENT_PATH folder)
  install(FILES "${PROJECT_SOURCE_DIR}/completions/${file}"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/${folder}" RENAME "${name}")
endfunction()
ddbplan_install_completion(ddbplan.bash bash-completion/completions/ddbplan)
ddbplan_install_completion(ddbplan.zsh zsh/site-functions/_ddbplan)
ddbplan_install_completion(ddbplan.fish fish/vendor_completions.d/ddbplan.fish)

install(FILES LICENSE CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES packaging/copyright DESTINATION "${CMAKE_INSTALL_DOCDIR}")

set(CPACK_GENERATOR "DEB;TGZ")
set(CPACK_PACKAGE_NAME ddbplan)
set(CPACK_PACKAGE_VENDOR "the ddbplan authors")
set(CPACK_PACKAGE_CONTACT "the ddbplan authors <ddbplan@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION_FILE "${PROJECT_SOURCE_DIR}/packaging/description.txt")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
# Depends on what the binary links, at the versions of the machine that packs it.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
include(CPack)
