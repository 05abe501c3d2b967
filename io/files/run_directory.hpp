#pragma once

// Where a run writes, and what it may find there.

#include <string>
#include <string_view>

namespace eustress::io {

inline constexpr std::string_view kResultsName = "results.nc";
inline constexpr std::string_view kIndividualsName = "individuals.h5";
inline constexpr std::string_view kTracesName = "traces.nc";
inline constexpr std::string_view kReportName = "report.html";
inline constexpr std::string_view kStudyName = "study.toml";
inline constexpr std::string_view kLogName = "log.json";
inline constexpr std::string_view kCheckpointsName = "checkpoints";  ///< a directory
inline constexpr std::string_view kReplicatesName = "replicates";    ///< a directory of runs

/// The directory of one run, for rank 0. It is created if need be, locked against other runs, and
/// known to be writable before anything is computed. Nothing of an older run is touched until
/// withdraw_previous().
///
/// The order of publishing that never leaves files of two runs side by side: withdraw_previous(),
/// then all other files, results.nc after them (only the log, which is no result, may follow). So a
/// directory holds a finished run exactly if it holds results.nc.
class RunDirectory {
 public:
  /// Errors: Error(usage) if `path` is no directory, if another run is using it, or if it already
  /// holds a file that a run writes and `force` is not set (with checkpoints or replicates, those
  /// of a run to go on with: only results.nc then); Error(io) if it cannot be created or written
  /// to.
  RunDirectory(std::string path, bool force);
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;
  /// Removes the directory again if this run made it and it is still empty.
  ~RunDirectory();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// The path of one of its files.
  [[nodiscard]] std::string file(std::string_view name) const;

  /// For what is no run and would mix its own files with those of one. Errors: Error(usage) if
  /// there is a run in it, finished or not.
  void refuse_run() const;

  /// Lets the directory for checkpoints be there, if it is not, so that the same run may replace
  /// what it publishes until results.nc is there, if it is killed. Errors: Error(io).
  void mark_unfinished() const;

  /// Removes the files of an older run, results.nc first. Errors: Error(io).
  void withdraw_previous() const;

 private:
  void create();
  void lock();
  void refuse_previous() const;
  void remove_temporaries() const;
  void try_writing() const;

  std::string path_;
  int lock_ = -1;
  bool created_ = false;
};

}  // namespace eustress::io
