#pragma once

// What `eustress verify` tries: small studies, each on many layouts, and stopped in many ways.

#include <optional>
#include <string>
#include <vector>

#include "core/engine/block.hpp"
#include "io/checkpoint/checkpoint_directory.hpp"

namespace eustress::app {

struct VerifyLayout {
  int ranks = 1;
  int threads = 1;
  std::optional<Isa> isa;  ///< default: the best there is
  /// Started by the launcher, as several ranks always are.
  bool is_launched = false;
};

enum class VerifyStop {
  none,
  signal,    ///< SIGUSR1 to one rank
  walltime,  ///< --max-walltime
  kill,      ///< SIGKILL to all ranks at once
};

struct VerifyCase {
  enum class Expected { reference, same, different };

  std::string what;
  std::string study;  ///< name of one of verify_studies()
  VerifyLayout layout;
  VerifyStop stop = VerifyStop::none;
  io::CheckpointName after;    ///< stopped once this checkpoint, or a later one, is published
  VerifyLayout second_layout;  ///< of the run that finishes what was stopped
  /// --set of the run, and of the one that finishes it. If the latter has none it is started by
  /// `eustress resume`, or after a kill by the same command again: both are ways of users.
  std::vector<std::string> overrides, second_overrides;
  Expected expected = Expected::same;

  [[nodiscard]] bool needs_launcher() const {
    return layout.is_launched || (stop != VerifyStop::none && second_layout.is_launched);
  }
};

struct VerifyStudy {
  std::string name;
  std::string text;
};

[[nodiscard]] const std::vector<VerifyStudy>& verify_studies();

/// In the order in which they must run: the reference of a study first.
[[nodiscard]] std::vector<VerifyCase> verify_cases(bool full, bool with_launcher);

}  // namespace eustress::app
