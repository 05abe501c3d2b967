#pragma once

#include <vector>

namespace eustress::parallel {

/// The CPUs that the calling thread may run on, ascending. Errors: Error(internal).
[[nodiscard]] std::vector<int> allowed_cpus();

/// How many CPUs the process could be allowed at most: what a batch system or container granted,
/// without the narrower binding that a launcher such as mpirun chose.
[[nodiscard]] int n_granted_cpus();

}  // namespace eustress::parallel
