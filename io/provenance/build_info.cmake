# cmake -DTEMPLATE=... -DOUTPUT=... -DSOURCE_DIR=... -DVERSION=... -DCOMPILER=... -DFLAGS=...
#       -DBUILD_TYPE=... -P build_info.cmake
# Fills in the template with the commit that is checked out; the output keeps its time if it is the same.

set(COMMIT "unknown")
find_package(Git QUIET)
if(GIT_EXECUTABLE)
  # The repository must be this project's own, not one that a source archive was unpacked in.
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SOURCE_DIR} rev-parse --show-cdup HEAD
    RESULT_VARIABLE failed OUTPUT_VARIABLE answer ERROR_QUIET)
  if(NOT failed AND answer MATCHES "^\n([0-9a-f]+)\n$")
    set(COMMIT "${CMAKE_MATCH_1}")
    execute_process(
      COMMAND ${GIT_EXECUTABLE} --no-optional-locks -C ${SOURCE_DIR} status --porcelain
        --untracked-files=no
      RESULT_VARIABLE failed OUTPUT_VARIABLE changes ERROR_QUIET)
    if(failed OR changes)
      string(APPEND COMMIT "-modified")
    endif()
  endif()
endif()

foreach(value IN ITEMS VERSION COMMIT COMPILER FLAGS BUILD_TYPE)
  string(REPLACE "\\" "\\\\" ${value} "${${value}}")
  string(REPLACE "\"" "\\\"" ${value} "${${value}}")
endforeach()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
