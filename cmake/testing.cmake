# How tests are registered; included by tests/CMakeLists.txt.

find_package(GTest REQUIRED)

# GoogleMock is most of what the compiler reads for a test; it is read once.
# -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON shows whether a test includes all that it uses.
function(eustress_test_options target)
  # The layers are tested as users get them; the cases themselves need not be fast, but quick to build.
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  target_link_libraries(${target} PRIVATE eustress_compiler GTest::gmock)
endfunction()
file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/test_headers.cpp CONTENT "")
add_library(eustress_test_headers OBJECT ${CMAKE_CURRENT_BINARY_DIR}/test_headers.cpp)
eustress_test_options(eustress_test_headers)
target_precompile_headers(eustress_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h>)

# Open MPI refuses to run as root, as containers and CI do, and to start more ranks than cores.
# The time limit is the launcher's own, so that ranks that hang are ended by it and not orphaned;
# MPICH honours the same variable. Other launchers ignore the rest.
set(EUSTRESS_MPI_TEST_ENVIRONMENT
  OMPI_ALLOW_RUN_AS_ROOT=1
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  OMPI_MCA_rmaps_base_oversubscribe=1
  OMPI_MCA_hwloc_base_binding_policy=none
  OMPI_MCA_mpi_yield_when_idle=1
  # Direct copies between processes need a permission that containers lack.
  OMPI_MCA_btl_vader_single_copy_mechanism=none
  OMPI_MCA_btl=self,vader)

# The MPI library keeps memory to the end of the process and is not built for sanitizers: leaks are
# looked for in the runs without it, and races too, since its threads would be reported.
set(EUSTRESS_MPI_TESTS ON)
if(EUSTRESS_SANITIZE MATCHES "address")
  list(APPEND EUSTRESS_MPI_TEST_ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0")
elseif(EUSTRESS_SANITIZE MATCHES "thread")
  set(EUSTRESS_MPI_TESTS OFF)
endif()

# Time limits are those of an optimised build. Sanitizers make programs several times slower.
set(EUSTRESS_TIMEOUT_FACTOR 1)
if(EUSTRESS_SANITIZE MATCHES "thread")
  set(EUSTRESS_TIMEOUT_FACTOR 8)
elseif(EUSTRESS_SANITIZE)
  set(EUSTRESS_TIMEOUT_FACTOR 4)
endif()

# eustress_timeout(VARIABLE s): sets VARIABLE to the time limit of this build.
function(eustress_timeout variable seconds)
  math(EXPR scaled "${seconds} * ${EUSTRESS_TIMEOUT_FACTOR}")
  set(${variable} ${scaled} PARENT_SCOPE)
endfunction()

# eustress_add_mpi_test(NAME name RANKS n TIMEOUT s LABELS l... COMMAND c...)
# Runs any command on n ranks. The label mpi is added. Not registered under the thread sanitizer.
function(eustress_add_mpi_test)
  cmake_parse_arguments(TEST "" "NAME;RANKS;TIMEOUT" "LABELS;COMMAND" ${ARGN})
  if(NOT TEST_NAME OR NOT TEST_RANKS OR NOT TEST_TIMEOUT OR NOT TEST_LABELS OR NOT TEST_COMMAND)
    message(FATAL_ERROR "eustress_add_mpi_test needs NAME, RANKS, TIMEOUT, LABELS and COMMAND")
  endif()
  if(NOT EUSTRESS_MPI_TESTS)
    return()
  endif()
  add_test(NAME ${TEST_NAME} COMMAND
    ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} ${TEST_RANKS} ${TEST_COMMAND})
  eustress_timeout(TEST_TIMEOUT ${TEST_TIMEOUT})
  math(EXPR launcher_timeout "${TEST_TIMEOUT} - ${TEST_TIMEOUT} / 10")
  set_tests_properties(${TEST_NAME} PROPERTIES
    LABELS "${TEST_LABELS};mpi"
    TIMEOUT ${TEST_TIMEOUT}
    PROCESSORS ${TEST_RANKS}
    ENVIRONMENT "${EUSTRESS_MPI_TEST_ENVIRONMENT};MPIEXEC_TIMEOUT=${launcher_timeout}")
endfunction()

# eustress_test(NAME name SOURCES s... LABELS l... TIMEOUT s [LIBS t...] [RANKS n...] [DEFINITIONS d...])
# One program of GoogleTest cases, run as a test of that name. With RANKS it is run besides on each
# of these numbers of ranks, as name.ranks<n>; its cases then reach the ranks by world() of
# tests/support/world.hpp, and must not define a main.
function(eustress_test)
  cmake_parse_arguments(TEST "" "NAME;TIMEOUT" "SOURCES;LIBS;LABELS;RANKS;DEFINITIONS" ${ARGN})
  if(NOT TEST_NAME OR NOT TEST_SOURCES OR NOT TEST_TIMEOUT OR NOT TEST_LABELS)
    message(FATAL_ERROR "eustress_test needs NAME, SOURCES, TIMEOUT and LABELS")
  endif()
  if(TEST_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "eustress_test ${TEST_NAME}: unknown ${TEST_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(${TEST_NAME} ${TEST_SOURCES})
  set_target_properties(${TEST_NAME} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/bin)
  target_compile_definitions(${TEST_NAME} PRIVATE ${TEST_DEFINITIONS})
  eustress_test_options(${TEST_NAME})
  target_precompile_headers(${TEST_NAME} REUSE_FROM eustress_test_headers)
  target_include_directories(${TEST_NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${TEST_NAME} PRIVATE ${TEST_LIBS})
  if(TEST_RANKS)
    target_link_libraries(${TEST_NAME} PRIVATE eustress_test_world)
  else()
    target_link_libraries(${TEST_NAME} PRIVATE GTest::gtest_main)
  endif()

  add_test(NAME ${TEST_NAME} COMMAND ${TEST_NAME})
  eustress_timeout(timeout ${TEST_TIMEOUT})
  set_tests_properties(${TEST_NAME} PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT ${timeout})
  foreach(n_ranks IN LISTS TEST_RANKS)
    eustress_add_mpi_test(NAME ${TEST_NAME}.ranks${n_ranks} RANKS ${n_ranks}
      TIMEOUT ${TEST_TIMEOUT} LABELS ${TEST_LABELS} COMMAND $<TARGET_FILE:${TEST_NAME}>)
  endforeach()
endfunction()
