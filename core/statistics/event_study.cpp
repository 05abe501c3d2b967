#include "core/statistics/event_study.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <utility>

namespace eustress {

EventStudy::EventStudy(std::vector<double> bin_ends, std::size_t classes)
    : bin_ends_(std::move(bin_ends)) {
  const auto dummies = static_cast<Eigen::Index>(bin_ends_.size() * classes);
  xx_ = Eigen::MatrixXd::Zero(dummies, dummies);
  xy_ = Eigen::VectorXd::Zero(dummies);
}

void EventStudy::add_person(std::span<const double> times, std::span<const double> y,
                            std::span<const Event> events) {
  const auto rows = static_cast<Eigen::Index>(times.size());
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(rows, xy_.size());
  for (const Event& event : events) {
    for (Eigen::Index row = 0; row < rows; ++row) {
      const double since = times[static_cast<std::size_t>(row)] - event.time;
      if (since < 0.0) continue;
      const auto bin = static_cast<std::size_t>(
          std::upper_bound(bin_ends_.begin(), bin_ends_.end(), since) - bin_ends_.begin());
      if (bin == bin_ends_.size()) continue;
      x(row, static_cast<Eigen::Index>(event.kind * bin_ends_.size() + bin)) += 1.0;
    }
  }
  Eigen::VectorXd values = Eigen::Map<const Eigen::VectorXd>(y.data(), rows);
  // Fixed effects: the person's means are taken off.
  const Eigen::RowVectorXd usual = x.colwise().mean();
  x.rowwise() -= usual;
  values.array() -= values.mean();
  xx_ += x.transpose() * x;
  xy_ += x.transpose() * values;
  yy_ += values.squaredNorm();
  degrees_ += static_cast<double>(rows - 1);
}

void EventStudy::merge(const EventStudy& other) {
  xx_ += other.xx_;
  xy_ += other.xy_;
  yy_ += other.yy_;
  degrees_ += other.degrees_;
}

std::vector<double> EventStudy::effects() const {
  const Eigen::VectorXd b = xx_.ldlt().solve(xy_) / std::sqrt(yy_ / degrees_);
  return {b.data(), b.data() + b.size()};
}

}  // namespace eustress
