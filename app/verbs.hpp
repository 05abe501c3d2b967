#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "app/command_line.hpp"
#include "parallel/communicator.hpp"

namespace eustress::app {

extern const char* const kDemoStudy;

/// Exit code of a run that was asked to stop, is saved, and wants to be started again.
inline constexpr int kRequeue = 85;
/// Exit codes of verify: a run failed or gave other bytes (of rerun: other numbers); all that ran
/// was right, but runs on several ranks could not be started.
inline constexpr int kDifferent = 6;
inline constexpr int kIncomplete = 7;
/// Exit code of validate: the rows that fail are not exactly the known ones.
inline constexpr int kNotAsKnown = 8;

// One function per verb, one file each. They throw Error; returning means success, or for those
// that compute gives the exit code: 0 or kRequeue.
int demo(const Options& options, const parallel::Communicator& comm);
void init(const Options& options);
void check(const Options& options);
/// What a study will take: memory, disk, time.
void plan(const Options& options);
int run(const Options& options, const parallel::Communicator& comm);
/// The results of several runs of one study in one file.
void merge(const Options& options);
/// Tables of results as CSV.
void export_run(const Options& options);
/// Arms against the reference arm, or one run against another.
void compare(const Options& options);
int resume(const Options& options, const parallel::Communicator& comm);
/// Runs the study of a results file again. Returns 0, kRequeue, or kDifferent if the results are
/// others.
int rerun(const Options& options, const parallel::Communicator& comm);
void report(const Options& options);
/// Starts runs of this program and compares their files. Returns 0, kDifferent or kIncomplete.
int verify(const Options& options);
/// Compares the simulator with published results. Returns 0 or kNotAsKnown.
int validate(const Options& options, const parallel::Communicator& comm);
/// Runs a study at all points of a design. Returns 0 or kRequeue.
int sweep(const Options& options, const parallel::Communicator& comm);
/// Fits parameters to rows of validate. Returns 0 or kRequeue.
int calibrate(const Options& options, const parallel::Communicator& comm);
void info(const Options& options);

/// A study to be run.
struct StudySource {
  std::string text;
  std::string name;       ///< for messages
  std::string directory;  ///< from which its relative paths start
  /// Of a branched run the checkpoint that it starts from, and the arm that it continues alone
  /// (empty: all arms).
  std::string checkpoint, arm;
  std::string lineage;  ///< of a branched run that goes on
};
/// What a run that is one of several in a job must know of the job.
struct PartOfJob {
  std::chrono::steady_clock::time_point begin;  ///< of the program
  std::function<bool()> is_asked_to_stop;       ///< besides by a signal
};
/// Runs a study, from the newest checkpoint in its output directory if there is one; all its
/// replicates, if it has several. Returns the exit code.
int run_study(const Options& options, const parallel::Communicator& comm, const StudySource& source,
              const PartOfJob* job = nullptr);
struct LoadedStudy;
/// Runs the replicates of a study, each by run_study in a directory of its own, on groups of ranks,
/// and merges their results. Goes on with those that are not finished.
int run_replicates(const Options& options, const parallel::Communicator& comm,
                   const StudySource& source, const LoadedStudy& loaded);
/// Where run_study writes: -o, or the name of the study.
std::string output_directory(const Options& options, const std::string& study_name);

}  // namespace eustress::app
