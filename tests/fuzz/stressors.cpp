// Any text as a table of recorded stressors: rows in their order and within what was asked for, or
// an error of input.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <tuple>
#include <vector>

#include "core/error.hpp"
#include "io/tables/replay_csv.hpp"

namespace {

auto place(const eustress::ReplayRow& row) {
  return std::tuple(row.individual, row.day, row.minute);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eustress;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::array<std::string, 3> ids = {"a", "b", "c d"};
  const auto attempt = [&](const io::ReplayRequest& request) {
    try {
      const std::vector<ReplayRow> rows = io::parse_replay(text, "events.csv", request);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const ReplayRow& row = rows[i];
        const bool is_inside = row.individual < request.individuals && row.day >= 0 &&
                               row.day < request.days && row.minute >= 0 && row.minute < 1440 &&
                               std::isfinite(row.severity);
        const bool is_behind = i == 0 || place(rows[i - 1]) <= place(row);
        if (!is_inside || !is_behind) std::abort();
      }
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) std::abort();
    }
  };
  attempt({10, 30, 5.0});
  attempt({3, 2, 1.0, ids});
  return 0;
}
