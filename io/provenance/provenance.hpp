#pragma once

// Where a result came from, and the log beside it of what may differ between two runs of one study.

#include <string>

namespace eustress::io {

/// The program that computed a result.
struct Provenance {
  std::string version;
  std::string commit;    ///< of the sources, with "-modified" after it if they were; or "unknown"
  std::string compiler;  ///< "GNU 12.2.0"
  std::string flags;     ///< of the build type; those of the project itself follow from the commit
  std::string build_type;
};

/// What the running program was built from.
[[nodiscard]] const Provenance& this_program();

}  // namespace eustress::io
