#pragma once

// What a calibration tells: tables, calibration.json and fitted.toml.

#include <string>

#include "app/calibration/evaluation.hpp"
#include "app/calibration/search.hpp"
#include "io/design/calibration_plan.hpp"

namespace eustress::app::calibration {

inline constexpr const char* kFittedName = "fitted.toml";
inline constexpr const char* kAccountName = "calibration.json";

/// Rows before the fit, with the defaults and --set, and after it.
struct Comparison {
  Measured targets_before, targets_after, held_out_before, held_out_after;
};

/// Which rows are fitted to, which are held out and measured, and which are not looked at.
std::string lists_text(const io::CalibrationPlan& plan);
/// The table of fitted parameters, what remains of ranges, and the rows before and after.
std::string fit_text(const io::CalibrationPlan& plan, const Fit& fit, const Comparison& comparison);
std::string fit_json(const io::CalibrationPlan& plan, const Fit& fit, const Comparison& comparison,
                     const std::string& file_text, const std::vector<std::string>& overrides);
/// Sections of a study file.
std::string fitted_toml(const io::CalibrationPlan& plan, const Fit& fit);

}  // namespace eustress::app::calibration
