#pragma once

// Virtual questionnaires: the only way in which mental health and exposure are observed.
//
//   (V1) GHQ: every item scores 0..3: the number of thresholds t_c with u < sigma(slope P - t_c),
//        one uniform value u per item (12 or 28 items); scores are sums. The 28 items, a quarter of
//        which ask for severe depression, have thresholds higher by t_28
//   (V2) hassle inventory: hassles of the last seven days
//   (V3) life-event list: events of the last 13 weeks
//   (V4) short scales, for studies that asked less: of the GHQ the first k items; of the hassle
//        inventory, whose 58 items share the hassles evenly, k items: Binomial(hassles, k/58)

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct QuestionnaireParameters {
  double slope, threshold1, threshold2, threshold3, long_shift;
};

inline constexpr std::array kQuestionnaireTable = {
    ParameterRow{"slope", "slope", "1", 0.8, 0.0, 10.0, Origin::calibrated, "S1",
                 "steepness of the items", &QuestionnaireParameters::slope},
    ParameterRow{"threshold1", "t_1", "1", -1.3, -10.0, 10.0, Origin::calibrated, "mean GHQ-12",
                 "logit threshold of a score of at least 1", &QuestionnaireParameters::threshold1},
    ParameterRow{"threshold2", "t_2", "1", 1.6, -10.0, 10.0, Origin::calibrated, "mean GHQ-12",
                 "logit threshold of a score of at least 2", &QuestionnaireParameters::threshold2},
    ParameterRow{"threshold3", "t_3", "1", 3.2, -10.0, 10.0, Origin::calibrated, "mean GHQ-12",
                 "logit threshold of a score of 3", &QuestionnaireParameters::threshold3},
    ParameterRow{"long_shift", "t_28", "1", 1.0, -10.0, 10.0, Origin::calibrated,
                 "mean GHQ-28 below the cut-off of 23/24",
                 "what is added to the thresholds of the items of the GHQ-28",
                 &QuestionnaireParameters::long_shift},
};
constexpr const auto& parameter_rows(const QuestionnaireParameters&) {
  return kQuestionnaireTable;
}

inline constexpr int kGhqShortItems = 12;
inline constexpr int kGhqLongItems = 28;

/// What one assessment yields.
template <class T>
struct Assessment {
  T ghq12, ghq28;     ///< sums of 0..3
  T hassles_7d;       ///< count
  T life_events_13w;  ///< count
};

/// Items of the hassle inventory, each of which is answered by the days of the week, 0 to 7.
inline constexpr int kInventoryItems = 58;

/// (V1), for fewer items (V4). u: one uniform value per item.
int ghq_reference(const QuestionnaireParameters& p, double latent, const double* u, int items);
/// (V3) from the base-16 digits of ExposureState::event_weeks.
int life_events_reference(double event_weeks);
/// (V4): what `items` of the inventory show of the hassles of a week, by inversion of one uniform
/// value.
int short_inventory_reference(int hassles, int items, double u);

}  // namespace eustress
