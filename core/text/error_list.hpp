#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace eustress {

/// Collects what is wrong with an input, so that its author sees every mistake in one go.
class ErrorList {
 public:
  /// At most this many are shown; the rest is counted.
  static constexpr std::size_t kShown = 20;

  void add(std::string message);
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// One message per line, then "... and 7 more" if there were more than kShown.
  [[nodiscard]] std::string text() const;
  /// Throws Error(kind, text()) unless the list is empty.
  void throw_if_any(ErrorKind kind) const;

 private:
  std::vector<std::string> messages_;
  std::size_t count_ = 0;
};

}  // namespace eustress
