# One set of compiler rules for every target of the project.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

option(EUSTRESS_WERROR "Treat warnings as errors" OFF)
set(EUSTRESS_SANITIZE "" CACHE STRING "Value for -fsanitize=, empty for none")

add_library(eustress_compiler INTERFACE)
target_compile_options(eustress_compiler INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wpedantic
  # Results must not depend on where the compiler chooses to fuse a*b+c: fused operations are
  # written out (core/numerics/pack.hpp), all others stay separate.
  -ffp-contract=off
  -fno-math-errno
  # Vector types cross only inlined functions, so their calling convention never matters.
  -Wno-psabi
  $<$<BOOL:${EUSTRESS_WERROR}>:-Werror>)
# Eigen's vectorised reductions depend on the instruction set; its scalar code does not.
target_compile_definitions(eustress_compiler INTERFACE EIGEN_DONT_VECTORIZE)

if(EUSTRESS_SANITIZE)
  target_compile_options(eustress_compiler INTERFACE
    -fsanitize=${EUSTRESS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(eustress_compiler INTERFACE -fsanitize=${EUSTRESS_SANITIZE})
endif()

if(BUILD_SHARED_LIBS)
  add_link_options(-Wl,--no-undefined)
endif()

# eustress_layer(NAME HEADERS ... SOURCES ... [PUBLIC libs] [PRIVATE libs])
# One library per layer; its headers are a file set, each verified to compile alone.
function(eustress_layer name)
  cmake_parse_arguments(LAYER "" "" "HEADERS;SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(eustress_${name} ${LAYER_SOURCES})
  add_library(eustress::${name} ALIAS eustress_${name})
  target_sources(eustress_${name} PUBLIC
    FILE_SET headers TYPE HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${LAYER_HEADERS})
  set_target_properties(eustress_${name} PROPERTIES
    VERIFY_INTERFACE_HEADER_SETS ON
    POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(eustress_${name} PUBLIC ${LAYER_PUBLIC} PRIVATE eustress_compiler ${LAYER_PRIVATE})
endfunction()
