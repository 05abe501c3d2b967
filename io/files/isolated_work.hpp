#pragma once

// For libraries that may crash on what they are given to read.

#include <cstdint>
#include <functional>
#include <string>

namespace eustress::io {

/// Runs `work` in a process of its own, a copy of this one without its other threads, and returns
/// what it returns. If that process crashes, or computes for more than `seconds`, this one goes on.
/// `work` sees all that is in memory and changes nothing of it; what it prints is lost.
/// `file`: what is read, for messages.
///
/// Errors: those of `work`; Error(input) if its process does not come to its end; Error(io) if
/// there can be no process.
[[nodiscard]] std::string in_process_of_its_own(const std::string& file, std::uint64_t seconds,
                                                const std::function<std::string()>& work);

}  // namespace eustress::io
