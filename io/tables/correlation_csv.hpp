#pragma once

#include <string>
#include <string_view>

#include "core/population/correlation.hpp"

namespace eustress::io {

/// Reads a matrix of correlations between factors: a header with factor names after a first cell
/// that is not looked at, then one row per factor that starts with its name. Any factors, rows and
/// columns in any order. Throws Error(input) that lists unknown names, bad cells, or what keeps the
/// matrix from being symmetric with unit diagonal. It need not be positive semi-definite.
FactorCorrelations read_correlations(const std::string& path);

/// The same from text in memory; `file` is its name in messages.
FactorCorrelations parse_correlations(std::string_view text, const std::string& file);

}  // namespace eustress::io
