#pragma once

// What the simulator gives for the rows of a calibration at given values of the parameters. All
// evaluations use the same seeds (common random numbers), so that they differ by the parameters
// alone. Every one is kept in a log, from which a calibration goes on.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/calibration/search.hpp"
#include "app/validation/targets.hpp"
#include "core/statistics/statistics.hpp"
#include "io/design/calibration_plan.hpp"

namespace eustress::app::calibration {

/// Of each row, of each of its quantities.
using Measured = std::vector<std::vector<Estimate>>;

/// The file log.jsonl: a line for what it is of, then one per evaluation. Its numbers read back as
/// they were. For rank 0.
class EvaluationLog {
 public:
  /// Opens or begins the file. `mark`: of all that evaluations depend on. Half a line at the end,
  /// as a killed run leaves it, is dropped. Errors: Error(usage) if it is of something else.
  EvaluationLog(std::string path, const std::string& mark, const std::vector<std::string>& keys);

  /// `rows`: "targets" or "held_out"; `values`: of the parameters, empty for the defaults. Null if
  /// it is not there.
  [[nodiscard]] const Measured* find(const std::string& rows,
                                     const std::vector<double>& values) const;
  void add(const std::string& rows, const std::vector<double>& values, Measured measured);
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  std::string path_;
  std::map<std::pair<std::string, std::vector<double>>, Measured> known_;
};

/// Somebody asked the program to stop. What was computed is in the log.
struct Stopped {};

/// Rank 0 asks for evaluations, the other ranks help with them.
class Evaluator {
 public:
  Evaluator(const parallel::Communicator& comm, const parallel::ThreadTeam& team,
            const io::CalibrationPlan& plan, const validation::RunPlan& runs);

  // On rank 0.

  /// Errors: AgreedError, which the other ranks throw in help() as well; Stopped.
  const Measured& targets_at(const std::vector<double>& values, EvaluationLog& log);
  const Measured& held_out_at(const std::vector<double>& values, EvaluationLog& log);
  /// How many were computed, and not found in the log.
  [[nodiscard]] std::size_t computed() const { return computed_; }
  /// Lets the other ranks return.
  void finish();

  // On the others.
  void help();

 private:
  const Measured& at(bool held_out, const std::vector<double>& values, EvaluationLog& log);
  /// Collective; the result is on rank 0.
  Measured measure(bool held_out, std::span<const double> values);

  const parallel::Communicator& comm_;
  const parallel::ThreadTeam& team_;
  const io::CalibrationPlan& plan_;
  validation::RunPlan runs_;
  std::vector<const validation::Target*> targets_, held_out_;
  std::size_t computed_ = 0;
};

/// Where a number must lie, in units in which half the width of a band is 1.
struct Aim {
  double centre;  ///< published value, or the middle of the band
  double scale;   ///< half the width of the band; of a band with one end the size of that end
};
[[nodiscard]] Aim aim_of(const validation::Quantity& quantity);

/// How far a number is off its aim, in half widths. A band with one end is missed by what is beyond
/// it only. A number that is missing is far off.
[[nodiscard]] double residual_of(const validation::Quantity& quantity, const Estimate& estimate);

/// The same for history matching: from the middle of the band, whose ends are three standard
/// deviations from it; so a number above 3 is outside by more than chance. Of a band with one end
/// the standard deviation is a hundredth of its size.
[[nodiscard]] Deviation deviation_of(const validation::Quantity& quantity,
                                     const Estimate& estimate);

/// Of each quantity that is fitted: sqrt(weight)*residual, and the deviation.
[[nodiscard]] PointState state_of(const io::CalibrationPlan& plan, const Measured& measured);

}  // namespace eustress::app::calibration
