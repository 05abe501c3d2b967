#pragma once

#include <optional>

#include "core/error.hpp"

namespace eustress::testing {

/// The Error that `work` throws, if it does.
template <class Work>
std::optional<Error> error_of(Work&& work) {
  try {
    work();
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace eustress::testing
