#pragma once

// What asks a run to save itself and to stop before its end.

#include <chrono>
#include <string>
#include <string_view>

namespace eustress::app {

/// From now on SIGTERM and SIGUSR1 do not end the process but are remembered. To be called after
/// MPI was initialised, which would take them back. A second SIGTERM ends the process.
void listen_for_stop_signals();

/// The name of the signal that came; empty if none did.
[[nodiscard]] std::string_view stop_signal();

/// Seconds of a duration like "90" (minutes, as Slurm has it), "1h30m", "45s", "2d" or "HH:MM:SS".
/// Errors: Error(usage) with the text and what is legal.
[[nodiscard]] double parse_duration(const std::string& text);

}  // namespace eustress::app
