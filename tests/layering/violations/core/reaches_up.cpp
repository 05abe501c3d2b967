// One breach per line that is not marked as right.
#include <Eigen/Dense>  // right
#include <mpi.h>
#include <vector>  // right

#include <fmt/format.h>
#include <iostream>
  #  include <omp.h>
#include "core/right.hpp"  // right
#include "error.hpp"
#include "parallel/communicator.hpp"

inline const char* home() { return std::getenv("HOME"); }
#pragma omp parallel
