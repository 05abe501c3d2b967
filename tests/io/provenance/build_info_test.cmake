# What the build writes about the sources, in repositories made for the purpose.

cmake_minimum_required(VERSION 3.25)
find_package(Git REQUIRED)
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH}/repository/inner ${SCRATCH}/plain)

function(git)
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SCRATCH}/repository
      -c user.name=test -c user.email=test@localhost ${ARGN}
    COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set(git_output "${output}" PARENT_SCOPE)
endfunction()

# The text that is generated for sources in `directory`.
function(generate directory)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env GIT_CEILING_DIRECTORIES=${SCRATCH}
      ${CMAKE_COMMAND}
      -DTEMPLATE=${SCRIPT_DIR}/build_info.cpp.in -DOUTPUT=${SCRATCH}/build_info.cpp
      -DSOURCE_DIR=${directory} -DVERSION=1.2.3 "-DCOMPILER=GNU 12.2.0"
      "-DFLAGS=-O2 -DX=\"a\\b\"" -DBUILD_TYPE=Release -P ${SCRIPT_DIR}/build_info.cmake
    COMMAND_ERROR_IS_FATAL ANY)
  file(READ ${SCRATCH}/build_info.cpp text)
  set(generated "${text}" PARENT_SCOPE)
endfunction()

function(expect what text)
  string(FIND "${generated}" "${text}" position)
  if(position EQUAL -1)
    message(SEND_ERROR "${what}: expected ${text} in\n${generated}")
  endif()
endfunction()

file(WRITE ${SCRATCH}/repository/a.txt "1\n")
git(init -q)
git(add a.txt)
git(commit -q -m first)
git(rev-parse HEAD)
generate(${SCRATCH}/repository)
expect("committed sources" ".commit = \"${git_output}\"")
expect("version" ".version = \"1.2.3\"")
expect("flags are escaped" [[.flags = "-O2 -DX=\"a\\b\""]])

file(TIMESTAMP ${SCRATCH}/build_info.cpp before "%s")
execute_process(COMMAND ${CMAKE_COMMAND} -E sleep 1.1)
generate(${SCRATCH}/repository)
file(TIMESTAMP ${SCRATCH}/build_info.cpp after "%s")
if(NOT before EQUAL after)
  message(SEND_ERROR "the file was touched though nothing had changed")
endif()

file(WRITE ${SCRATCH}/repository/untracked.txt "1\n")
generate(${SCRATCH}/repository)
expect("files that git does not know" ".commit = \"${git_output}\"")
file(WRITE ${SCRATCH}/repository/a.txt "2\n")
generate(${SCRATCH}/repository)
expect("changed sources" ".commit = \"${git_output}-modified\"")
git(commit -q -a -m second)
git(rev-parse HEAD)
generate(${SCRATCH}/repository)
expect("next commit" ".commit = \"${git_output}\"")

generate(${SCRATCH}/repository/inner)
expect("unpacked inside of another repository" ".commit = \"unknown\"")
generate(${SCRATCH}/plain)
expect("no repository" ".commit = \"unknown\"")
