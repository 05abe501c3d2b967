#include "app/stop_request.hpp"

#include <fmt/format.h>

#include <cctype>
#include <csignal>
#include <cstdlib>
#include <vector>

#include "core/error.hpp"

namespace eustress::app {

namespace {

volatile std::sig_atomic_t received = 0;

extern "C" void remember_signal(int number) {
  if (number == SIGTERM && received == SIGTERM) {
    std::signal(SIGTERM, SIG_DFL);
    std::raise(SIGTERM);
  }
  received = number;
}

constexpr const char* kLegalDurations =
    "a number of minutes, numbers with the units d, h, m and s as in 1h30m, or HH:MM:SS";

}  // namespace

void listen_for_stop_signals() {
  struct sigaction action {};
  action.sa_handler = remember_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGUSR1, &action, nullptr);
}

std::string_view stop_signal() {
  if (received == SIGTERM) return "SIGTERM";
  if (received == SIGUSR1) return "SIGUSR1";
  return {};
}

double parse_duration(const std::string& text) {
  const auto refuse = [&]() -> Error {
    return {ErrorKind::usage, fmt::format("'{}' is no duration: {}", text, kLegalDurations)};
  };
  struct Part {
    double value;
    std::string unit;
  };
  std::vector<Part> parts;
  for (std::size_t i = 0; i < text.size();) {
    if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) throw refuse();
    const char* begin = text.c_str() + i;
    char* end = nullptr;
    const double value = std::strtod(begin, &end);
    i += static_cast<std::size_t>(end - begin);
    std::string unit;
    if (i < text.size()) unit = text[i++];
    parts.push_back({value, unit});
  }
  if (parts.empty()) throw refuse();
  double seconds = 0.0;
  if (parts.size() == 3 && parts[0].unit == ":" && parts[1].unit == ":" && parts[2].unit.empty()) {
    seconds = (parts[0].value * 60.0 + parts[1].value) * 60.0 + parts[2].value;
  } else if (parts.size() == 1 && parts[0].unit.empty()) {
    seconds = 60.0 * parts[0].value;
  } else {
    for (const Part& part : parts) {
      const double unit = part.unit == "d"   ? 86400.0
                          : part.unit == "h" ? 3600.0
                          : part.unit == "m" ? 60.0
                          : part.unit == "s" ? 1.0
                                             : 0.0;
      if (unit == 0.0) throw refuse();
      seconds += unit * part.value;
    }
  }
  if (!(seconds > 0.0 && seconds < 1e10)) throw refuse();
  return seconds;
}

}  // namespace eustress::app
