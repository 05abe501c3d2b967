#pragma once

#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/population/synthesis.hpp"
#include "core/study.hpp"
#include "parallel/communicator.hpp"

namespace eustress::app {

/// A study with everything that its files say.
struct LoadedStudy {
  Study study;
  Synthesis synthesis;
  std::vector<std::string> warnings;
  std::string input_marks;  ///< of the content of the files that it names

  /// The effective study file with these marks, and what of it results depend on.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string results_text() const;
};

/// Reads the study and the files that it names, on rank 0, for all ranks. Relative paths in the
/// study start from `directory`. `origins`: of the last overrides, as of io::read_study. Errors:
/// AgreedError(usage or input) with everything that is wrong.
LoadedStudy load_study(const parallel::Communicator& comm, const std::string& text,
                       const std::string& name, const std::string& directory,
                       const std::vector<std::string>& overrides,
                       const std::vector<std::string>& origins = {});

/// Shows them on stderr.
void show_warnings(const std::vector<std::string>& warnings);

/// The text of a file, read by rank 0 for all ranks. Errors: AgreedError of `kind`.
std::string shared_text(const parallel::Communicator& comm, const std::string& path,
                        ErrorKind kind);

/// The directory part of a path, "." if it has none.
std::string directory_of(const std::string& path);

}  // namespace eustress::app
