#pragma once

// What is made of the cortisol samples of a probe.

#include <array>
#include <span>
#include <string_view>

namespace eustress {

enum class CortisolIndex : int { auc_ground, auc_increase, peak, time_to_peak, rise, fold };
inline constexpr std::array<std::string_view, 6> kCortisolIndexNames = {
    "auc_ground", "auc_increase", "peak", "time_to_peak", "rise", "fold"};
inline constexpr std::array<std::string_view, 6> kCortisolIndexUnits = {"min", "min", "1",
                                                                        "min", "1",   "1"};
inline constexpr std::array<std::string_view, 6> kCortisolIndexDocs = {
    "area under the cortisol curve with respect to ground, all samples, in baseline units",
    "area under the cortisol curve with respect to the first sample, in baseline units",
    "largest cortisol sample after the onset, relative to baseline",
    "time of the largest cortisol sample after the onset, from the onset",
    "largest cortisol sample after the onset minus the last one before it",
    "largest cortisol sample after the onset over the last one before it"};
inline constexpr std::size_t kCortisolIndices = kCortisolIndexNames.size();

/// Rise of free cortisol, which saliva shows, of a responder (Miller et al. 2013, doi
/// 10.1097/PSY.0000000000000002), and rise relative to the sample before the stressor (ibid.).
inline constexpr double kResponderNmolPerL = 1.5;
inline constexpr double kResponderFold = 1.155;

/// Whether there are samples before or at the onset, and after it. `minutes` ascend.
bool has_cortisol_indices(std::span<const int> minutes);

/// In the order of CortisolIndex; areas by the trapezoid rule (Pruessner et al. 2003, doi
/// 10.1016/S0306-4530(02)00108-7). has_cortisol_indices(minutes) must hold; one value per sample.
std::array<double, kCortisolIndices> cortisol_indices(std::span<const int> minutes,
                                                      std::span<const double> cortisol);

}  // namespace eustress
