#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/block.hpp"

namespace eustress::app {

enum class Verb {
  demo,
  init,
  check,
  run,
  resume,
  merge,
  report,
  compare,
  export_run,
  info,
  verify,
  validate,
  sweep,
  calibrate,
  parameters,
  schema,
  plan,
  rerun
};

/// What the user asked for.
struct Options {
  std::vector<std::string> command;  ///< as it was typed
  Verb verb = Verb::run;
  std::string path;                      ///< study, run directory or file, by verb
  std::string output;                    ///< -o; empty: the verb's default
  std::vector<std::string> overrides;    ///< --set, in order
  std::string from;                      ///< --from: checkpoint that a run branches from
  std::string arm;                       ///< --arm: the only arm that is continued from there
  double max_walltime_s = 0.0;           ///< --max-walltime; 0: no limit
  double collective_timeout_s = 1800.0;  ///< --collective-timeout; 0: ranks wait for ever
  int threads = 0;                       ///< 0: all CPUs that the process may use
  std::optional<Isa> isa;                ///< --isa; default: the best there is
  std::string log_json;                  ///< --log-json; empty: log.json in the run directory
  int dry_run_ranks = 0;                 ///< --dry-run-ranks; 0: a real run
  bool quiet = false;
  bool force = false;
  bool synthesis = false;  ///< --synthesis of check
  std::string launcher;    ///< --launcher of verify, with {ranks}; "none": no runs on several ranks
  bool full = false;       ///< --full: verify tries the whole matrix, validate takes the full size
  std::vector<std::string> rows;  ///< of validate, by id; empty: all
  double scale = 1.0;  ///< --scale of validate: size of its runs relative to the usual one
  std::string page;    ///< --page of validate; empty: not written
  std::vector<std::string> directories;  ///< of merge and compare
  bool is_long = false;                  ///< --long: of export, a row per number
  std::vector<std::string> outcomes;     ///< --outcome: of compare; empty: all
  std::string stratum, reference;        ///< of compare; empty: everybody, the reference arm
  std::string json;       ///< --json: of compare, plan and validate; empty: not written
  int ranks = 1;          ///< --ranks: of plan
  std::string directory;  ///< --directory: of rerun; empty: where its tables are
};

/// Parses the command line. Empty if help or the version was asked for and printed. Throws
/// Error(usage) for anything that is not understood.
std::optional<Options> parse_command_line(int argc, char** argv);

}  // namespace eustress::app
