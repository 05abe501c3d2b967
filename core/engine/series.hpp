#pragma once

// The daily series: their quantities, and what a day of a block adds to them.

#include <array>
#include <cstdint>
#include <string_view>

#include "core/engine/block.hpp"

namespace eustress {

/// A quantity of the daily series: mean and standard deviation over person-days.
struct SeriesQuantity {
  std::string_view name, unit;
  double scale;  ///< values are clipped to [-scale, scale]; resolution is scale 2^-30
  std::string_view doc;
};
enum class Series : int {
  hassles,
  encounters,
  mastered,
  avoided,
  strain,
  prediction_error,
  traumatic_event,
  life_event,
  cortisol,
  noradrenaline,
  energy,
  distress,
  symptoms,
  latent,
  depressed,
  ptsd,
  self_control,
  control_belief,
  predicted_threat,
  safety_memory,
  success_memory,
  engage_value,
  allostatic_load,
  self_efficacy,
  depression_onset,
  ptsd_onset,
};
inline constexpr std::array kSeries = {
    SeriesQuantity{"hassles", "1/d", 256, "reported hassles"},
    SeriesQuantity{"encounters", "1/d", 8, "encounters with an acute response"},
    SeriesQuantity{"mastered", "1/d", 8, "encounters mastered by engaging or reappraising"},
    SeriesQuantity{"avoided", "1/d", 8, "encounters that the person chose to avoid"},
    SeriesQuantity{"strain", "1/d", 256, "severity times unrelieved share of the day's encounters"},
    SeriesQuantity{"prediction_error", "1", 4,
                   "mean absolute error of predicted threat, over person-days with a prediction"},
    SeriesQuantity{"traumatic_event", "1/d", 1, "potentially traumatic events"},
    SeriesQuantity{"life_event", "1/d", 1, "life events of any kind"},
    SeriesQuantity{"cortisol", "1", 64, "daily mean cortisol relative to baseline"},
    SeriesQuantity{"noradrenaline", "1", 64,
                   "daily mean plasma noradrenaline relative to baseline"},
    SeriesQuantity{"energy", "1", 1, "filled share of the energy stores at midnight"},
    SeriesQuantity{"distress", "1", 64, "fast distress D"},
    SeriesQuantity{"symptoms", "1", 256, "slow symptoms S"},
    SeriesQuantity{"latent", "1", 256, "latent distress P"},
    SeriesQuantity{"depressed", "1", 1, "share with a depression-like episode"},
    SeriesQuantity{"ptsd", "1", 1, "share with a PTSD-like state"},
    SeriesQuantity{"self_control", "1", 1, "self-control under stress w"},
    SeriesQuantity{"control_belief", "1", 1, "belief in control, mean over stressor classes"},
    SeriesQuantity{"predicted_threat", "1", 2, "predicted threat, mean over stressor classes"},
    SeriesQuantity{"safety_memory", "1", 4,
                   "safety memory, mean over classes with the general part"},
    SeriesQuantity{"success_memory", "1", 4,
                   "success memory, mean over classes with the general part"},
    SeriesQuantity{"engage_value", "1", 4, "learned value of engaging, mean over stressor classes"},
    SeriesQuantity{"allostatic_load", "1", 64, "allostatic load L"},
    SeriesQuantity{"self_efficacy", "sd", 16, "self-efficacy: trait and drift"},
    SeriesQuantity{"depression_onset", "1/d", 1, "onsets of depression-like episodes"},
    SeriesQuantity{"ptsd_onset", "1/d", 1, "onsets of PTSD-like states"},
};
inline constexpr std::size_t kSeriesCount = kSeries.size();

/// The series of a day of one block: value/scale and its square in units of 2^-30, as whole
/// numbers. Those of prediction_error are 0, and not to be counted, of people without a prediction.
struct SeriesDay {
  alignas(64) std::int64_t value[kSeriesCount][kBlockSize];
  alignas(64) std::int64_t square[kSeriesCount][kBlockSize];
  alignas(64) std::int64_t has_prediction[kBlockSize];  ///< 1 or 0
};

}  // namespace eustress
