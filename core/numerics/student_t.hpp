#pragma once

namespace eustress {

/// The t that a Student-distributed number with `degrees` of freedom exceeds in magnitude with
/// probability 1 - `level`, 0 < level < 1: half the width of an interval in standard errors.
/// By the finite series for whole degrees of freedom (Abramowitz & Stegun 26.7.3, 26.7.4); relative
/// error below 1e-9. NaN for degrees < 1.
[[nodiscard]] double student_t(double level, int degrees);

}  // namespace eustress
