#include "app/timings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace eustress::app {

void Timings::begin(const std::string& phase) {
  end();
  current_ = 0;
  while (current_ < phases_.size() && phases_[current_].name != phase) ++current_;
  if (current_ == phases_.size()) phases_.push_back({phase, 0.0});
  since_ = std::chrono::steady_clock::now();
  running_ = true;
}

void Timings::end() {
  if (!running_) return;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - since_;
  phases_[current_].seconds += passed.count();
  running_ = false;
}

double Timings::seconds(const std::string& phase) const {
  double sum = 0.0;
  for (const Phase& p : phases_) {
    if (p.name == phase) sum += p.seconds;
  }
  return sum;
}

std::vector<Timings::Row> Timings::over_ranks(const parallel::Communicator& comm) const {
  std::vector<Row> rows;
  double total = 0.0;
  for (const Phase& phase : phases_) {
    const std::vector<double> all = comm.gather(phase.seconds);
    if (all.empty()) continue;
    const auto [least, most] = std::minmax_element(all.begin(), all.end());
    const double mean =
        std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
    rows.push_back({phase.name, *least, mean, *most, 0.0});
    total += mean;
  }
  for (Row& row : rows) row.share = total > 0.0 ? row.mean / total : 0.0;
  return rows;
}

std::string timing_table(const std::vector<Timings::Row>& rows) {
  std::string text = fmt::format("{:<22} {:>10} {:>10} {:>10} {:>7}\n", "phase", "min [s]",
                                 "avg [s]", "max [s]", "share");
  for (const Timings::Row& row : rows) {
    text += fmt::format("{:<22} {:>10.3f} {:>10.3f} {:>10.3f} {:>6.1f}%\n", row.phase, row.least,
                        row.mean, row.most, 100.0 * row.share);
  }
  return text;
}

}  // namespace eustress::app
