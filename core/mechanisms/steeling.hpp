#pragma once

// Steeling: what severe events leave behind once they are overcome, for decades.
//
//   (Y1) on the day of an event: e <- e + weight (u if its encounter was not mastered, else 1),
//        weight: 1 of a potentially traumatic event, k_s of a severe one, 0 of a minor one;
//        e: events that are not overcome yet
//   (Y2) at night, before (Y1): o = e (1 - exp(-1 d/tau_o))/(1 + (S/S_o)^4),  e <- e - o
//        o: what is overcome, S: symptoms of the evening before. While they are high, nothing is
//   (Y3) y <- y + rate o (1 - y) - y/tau,  held within [0, 1]: first events give most
//   What y does: it is what self-control fades to (W1), it lowers the reaction to later events (P3)
//   and everyday distress (P5).

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct SteelingParameters {
  double rate, severe_weight, unmastered_share, overcoming_tau_d, overcoming_symptoms, tau_d;
  bool active;
};

inline constexpr std::array kSteelingTable = {
    ParameterRow{"rate", "rate", "1", 1.25, 0.0, 5.0, Origin::assumed, "first events give most",
                 "growth per event that is overcome", &SteelingParameters::rate},
    ParameterRow{"severe_weight", "k_s", "1", 0.0, 0.0, 1.0, Origin::assumed,
                 "nearly everybody meets severe events",
                 "weight of a severe event beside a potentially traumatic one",
                 &SteelingParameters::severe_weight},
    ParameterRow{"unmastered_share", "u", "1", 0.8, 0.0, 1.0, Origin::assumed,
                 "Hermans 2025: success leaves most",
                 "share that an event leaves whose encounter was not mastered",
                 &SteelingParameters::unmastered_share},
    ParameterRow{"overcoming_tau_d", "tau_o", "d", 1500.0, 1.0, 10000.0, Origin::assumed, "years",
                 "time that it takes to overcome an event without symptoms",
                 &SteelingParameters::overcoming_tau_d},
    ParameterRow{"overcoming_symptoms", "S_o", "1", 1.5, 0.01, 100.0, Origin::assumed,
                 "more than a severe event leaves", "symptoms at which it takes twice the time",
                 &SteelingParameters::overcoming_symptoms},
    ParameterRow{"tau_d", "tau", "d", 20000.0, 100.0, 1000000.0, Origin::assumed, "decades",
                 "fading of what was left", &SteelingParameters::tau_d},
};
constexpr const auto& parameter_rows(const SteelingParameters&) {
  return kSteelingTable;
}
inline constexpr std::array kSteelingSwitches = {
    SwitchRow{"active", true, "off: events leave nothing behind when they are overcome",
              &SteelingParameters::active}};
constexpr const auto& switch_rows(const SteelingParameters&) {
  return kSteelingSwitches;
}

template <class T>
struct SteelingState {
  T open;   // 1
  T level;  // 1
};
inline constexpr std::array kSteelingColumns = {
    Column{"open", "1", "e, events that are not overcome yet"},
    Column{"level", "1", "y, steeling by events that were overcome"}};

/// (Y1)-(Y3). symptoms: S of the evening before. event: EventKind of the day; success: 1 if its
/// encounter was mastered.
void steeling_reference(SteelingState<double>& s, const SteelingParameters& p, double symptoms,
                        double event, double success);

}  // namespace eustress
