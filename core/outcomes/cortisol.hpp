#pragma once

// What is made of the cortisol samples of a probe.

#include <array>
#include <span>
#include <string_view>

namespace eustress {

/// The first six are of the response to what a probe does, the others of an ordinary day.
enum class CortisolIndex : int {
  auc_ground,
  auc_increase,
  peak,
  time_to_peak,
  rise,
  fold,
  awakening_increase,
  diurnal_slope,
  mesor,
  amplitude,
  acrophase
};
inline constexpr std::array<std::string_view, 11> kCortisolIndexNames = {
    "auc_ground",         "auc_increase",  "peak",  "time_to_peak", "rise",     "fold",
    "awakening_increase", "diurnal_slope", "mesor", "amplitude",    "acrophase"};
inline constexpr std::array<std::string_view, 11> kCortisolIndexUnits = {
    "min", "min", "1", "min", "1", "1", "min", "h-1", "1", "1", "h"};
inline constexpr std::array<std::string_view, 11> kCortisolIndexDocs = {
    "area under the cortisol curve with respect to ground, all samples, in baseline units",
    "area under the cortisol curve with respect to the first sample, in baseline units",
    "largest cortisol sample after the onset, relative to baseline",
    "time of the largest cortisol sample after the onset, from the onset",
    "largest cortisol sample after the onset minus the last one before it",
    "largest cortisol sample after the onset over the last one before it",
    "awakening response: area under the cortisol curve with respect to increase, at 0, 30, 45 and "
    "60 min from the person's own waking, in baseline units",
    "slope of cortisol over the hours awake, without the hour after waking, in baseline units",
    "mesor of the cosinor of cortisol with a period of 24 h, relative to baseline",
    "amplitude of the cosinor of cortisol, half of its range, relative to baseline",
    "acrophase: time of the maximum of the cosinor of cortisol, after midnight"};
inline constexpr std::size_t kCortisolIndices = kCortisolIndexNames.size();
inline constexpr std::size_t kResponseIndices = 6;

/// Rise of free cortisol, which saliva shows, of a responder (Miller et al. 2013, doi
/// 10.1097/PSY.0000000000000002), and rise relative to the sample before the stressor (ibid.).
inline constexpr double kResponderNmolPerL = 1.5;
inline constexpr double kResponderFold = 1.155;

/// Whether there are samples before or at the onset, and after it. `minutes` ascend.
bool has_cortisol_indices(std::span<const int> minutes);

/// The first kResponseIndices, in the order of CortisolIndex; areas by the trapezoid rule
/// (Pruessner et al. 2003, doi 10.1016/S0306-4530(02)00108-7). has_cortisol_indices(minutes) must
/// hold; one value per sample.
std::array<double, kResponseIndices> cortisol_indices(std::span<const int> minutes,
                                                      std::span<const double> cortisol);

/// Whether samples show an ordinary day: kLeastDaySamples of them over kLeastDayHours at least.
/// `minutes` ascend.
inline constexpr std::size_t kLeastDaySamples = 6;
inline constexpr int kLeastDayHours = 12;
bool has_diurnal_indices(std::span<const int> minutes);

/// Samples on either side of a time of the awakening response are at most so far apart [min].
inline constexpr int kLargestAwakeningGap = 30;

/// The other ones, in the order of CortisolIndex. `minutes`: of the samples, after midnight of one
/// day; has_diurnal_indices() must hold. waking_min: after midnight.
/// Awakening response: the trapezoids between the levels at 0, 30, 45 and 60 min, minus the level
/// at 0 over the hour, with levels between samples by the line through them; NaN if the samples do
/// not reach from waking to an hour later, or are too far apart there (Stalder et al. 2016, doi
/// 10.1016/j.psyneuen.2015.10.010). Slope: least squares on the samples from waking to 16 h later
/// but those up to an hour after it (Adam & Kumari 2009, doi 10.1016/j.psyneuen.2009.06.011); NaN
/// of fewer than three. Cosinor: least squares of M + A cos(2 pi (t - acrophase)/24 h) on all
/// samples; acrophase in [0, 24) h.
std::array<double, kCortisolIndices - kResponseIndices> diurnal_indices(
    std::span<const int> minutes, std::span<const double> cortisol, double waking_min);

}  // namespace eustress
