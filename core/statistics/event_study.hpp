#pragma once

// Event study: how a quantity of a person departs from that person's usual level in the time after
// events, by regression with person fixed effects on dummies of time since every event.

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

namespace eustress {

/// The normal equations of some people. What comes before an event and later than the last bin is
/// the person's usual level; effects of several events add up.
class EventStudy {
 public:
  /// Bin b holds times since the event from bin_ends[b - 1] (or 0) up to bin_ends[b]; ascending, in
  /// the unit of all times. Events are of one of `classes` classes.
  EventStudy(std::vector<double> bin_ends, std::size_t classes);

  struct Event {
    double time;
    std::size_t kind;  ///< class
  };
  /// The quantity y[i] of one person at times[i], at least two; events in any order, before and
  /// during the observation.
  void add_person(std::span<const double> times, std::span<const double> y,
                  std::span<const Event> events);
  /// Adds other people; of the same bins and classes.
  void merge(const EventStudy& other);

  /// Effects in units of the standard deviation within persons, [class][bin].
  [[nodiscard]] std::vector<double> effects() const;

 private:
  std::vector<double> bin_ends_;
  Eigen::MatrixXd xx_;
  Eigen::VectorXd xy_;
  double yy_ = 0.0, degrees_ = 0.0;
};

}  // namespace eustress
