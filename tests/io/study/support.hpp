#pragma once

#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "io/study/reader.hpp"

namespace eustress::io {

/// The least a study file must hold: five lines, so that what a test adds begins in line 6.
inline const std::string kLeast =
    "[study]\nname = \"s\"\ndays = 100\n[population]\nindividuals = 10\n";

inline Study read(const std::string& text, std::vector<std::string> overrides = {},
                  std::vector<std::string> origins = {}) {
  std::vector<std::string> warnings;
  return read_study(text, "s.toml", overrides, warnings, origins);
}

inline std::vector<std::string> warnings_of(const std::string& text) {
  std::vector<std::string> warnings;
  read_study(text, "s.toml", {}, warnings);
  return warnings;
}

/// The whole text of the error, or nothing if there is none.
inline std::string failure(const std::string& text, std::vector<std::string> overrides = {},
                           std::vector<std::string> origins = {}) {
  try {
    read(text, std::move(overrides), std::move(origins));
  } catch (const Error& error) {
    return error.kind() == ErrorKind::usage ? error.what() : "wrong kind of error";
  }
  return {};
}

/// Only the first line of each error: "s.toml:3:8: error: text".
inline std::vector<std::string> errors_of(const std::string& text,
                                          std::vector<std::string> overrides = {}) {
  std::istringstream lines(failure(text, std::move(overrides)));
  std::vector<std::string> result;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(": error: ") != std::string::npos) result.push_back(line);
  }
  return result;
}

}  // namespace eustress::io
