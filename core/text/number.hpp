#pragma once

#include <string>

namespace eustress {

/// The shortest text that reads back as the same double ("0.1", "1e+300", "nan"), in every locale.
std::string number_text(double x);

/// `x` with `digits` significant digits, for messages.
std::string number_text(double x, int digits);

}  // namespace eustress
