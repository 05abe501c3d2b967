#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace eustress {

/// Number of single-character insertions, deletions, substitutions and swaps of neighbours that
/// turn `a` into `b` (optimal string alignment distance), on bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, upper and lower case and '-' and '_' counted as equal, or an
/// empty view if none is near enough (more than a third of the longer word would have to change).
/// Ties go to the earlier candidate. The view points into `candidates`.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> candidates);
std::string_view nearest_word(std::string_view word, std::span<const std::string> candidates);

/// " Did you mean 'x'?" for the end of an error message, or an empty string if nothing is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace eustress
