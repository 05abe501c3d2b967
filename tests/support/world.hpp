#pragma once

#include "parallel/communicator.hpp"

namespace eustress::test {

/// All ranks of the test program: those of MPI under a launcher, else the process on its own.
[[nodiscard]] const parallel::Communicator& world();

}  // namespace eustress::test
