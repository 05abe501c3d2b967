#pragma once

// Episodic memory of encounters: encoding under arousal, labile traces, nightly consolidation into
// predicted threat, safety and success memories at three levels of generalisation.
//
//   (E1) encoding strength = e0 (1 + e_u 4 m (1 - m)) (1 - e_pre P + e_gen G), at least 0
//        m: mean arousal X of the encounter (inverted U of NE x GC); P: arousal left from before,
//        at onset (stress before encoding impairs it); G: genomic action beyond rest at onset
//        (protects)
//   (E2) stress after encoding improves it: when an encounter leaves traces, those that the day
//        already has are first multiplied by 1 + e_post m
//   (E3) prediction error a - V_k, with the realised aversiveness
//        a = 2 severity/(1 + severity) (unrelieved share of the planned duration)
//   (E4) traces: threat_k += strength (a - V_k),  safety_k += strength m' o,
//        success_k += strength o
//        o: success, m' = .5 + .5 m: mastered arousal marks safety. Encounters that were avoided or
//        ended before a choice leave none.
//   (E5) at night, gate = sleep quality (1 + c_gc G_night):
//        V_k += r_V gate (threat_k + sim others), within [0, 2];
//        safety_k, success_k: y += r gate (trace_k + sim others)(1 - y) - y/tau;
//        general: y += r_g gate (sum of traces)(1 - y) - y/tau
//        others: sum of the other classes' traces; G_night: genomic action beyond rest at midnight,
//        0 if cortisol is blocked at consolidation
//   (E6) what appraisal and coping use: safety = y_k + g_w y_general, success likewise

#include <array>

#include "core/parameters.hpp"
#include "core/state.hpp"

namespace eustress {

struct MemoryParameters {
  double encoding, inverted_u, before_loss, genomic_gain, after_gain, threat_rate, safety_rate,
      success_rate, general_rate, similarity, forgetting_tau_d, consolidation_gc, general_weight,
      initial_threat;
  bool threat_active, safety_active, success_active, generalisation, glucocorticoids_at_night;
};

inline constexpr std::array kMemoryTable = {
    ParameterRow{"encoding", "e0", "1", 1.0, 0.0, 10.0, Origin::assumed, "sets the unit",
                 "encoding strength at rest", &MemoryParameters::encoding},
    ParameterRow{"inverted_u", "e_u", "1", 0.5, 0.0, 5.0, Origin::assumed, "d of at most .3",
                 "gain at medium arousal", &MemoryParameters::inverted_u},
    ParameterRow{"before_loss", "e_pre", "1", 0.3, 0.0, 1.0, Origin::assumed, "d of at most .3",
                 "loss by stress before encoding", &MemoryParameters::before_loss},
    ParameterRow{"genomic_gain", "e_gen", "1", 0.2, 0.0, 1.0, Origin::assumed,
                 "genomic action protects: sign", "gain by earlier cortisol",
                 &MemoryParameters::genomic_gain},
    ParameterRow{"after_gain", "e_post", "1", 0.2, 0.0, 1.0, Origin::assumed, "d of at most .3",
                 "gain by stress after encoding", &MemoryParameters::after_gain},
    ParameterRow{"threat_rate", "r_V", "1", 0.08, 0.0, 1.0, Origin::assumed, "weeks of experience",
                 "consolidation rate of predicted threat", &MemoryParameters::threat_rate},
    ParameterRow{"safety_rate", "r_f", "1", 0.03, 0.0, 1.0, Origin::assumed, "months of experience",
                 "consolidation rate of safety", &MemoryParameters::safety_rate},
    ParameterRow{"success_rate", "r_m", "1", 0.03, 0.0, 1.0, Origin::assumed,
                 "months of experience", "consolidation rate of success",
                 &MemoryParameters::success_rate},
    ParameterRow{"general_rate", "r_g", "1", 0.01, 0.0, 1.0, Origin::assumed,
                 "slower than the specific ones", "consolidation rate in general",
                 &MemoryParameters::general_rate},
    ParameterRow{"similarity", "sim", "1", 0.25, 0.0, 1.0, Origin::assumed,
                 "Hermans 2025: generalised", "similarity of different stressor classes",
                 &MemoryParameters::similarity},
    ParameterRow{"forgetting_tau_d", "tau", "d", 200.0, 5.0, 10000.0, Origin::assumed,
                 "more than half a year", "forgetting of safety and success",
                 &MemoryParameters::forgetting_tau_d},
    ParameterRow{"consolidation_gc", "c_gc", "1", 0.5, 0.0, 5.0, Origin::assumed,
                 "glucocorticoids support consolidation: sign", "gain by cortisol at night",
                 &MemoryParameters::consolidation_gc},
    ParameterRow{"general_weight", "g_w", "1", 0.5, 0.0, 5.0, Origin::assumed,
                 "half of the specific one", "weight of memories in general",
                 &MemoryParameters::general_weight},
    ParameterRow{"initial_threat", "V_0", "1", 1.0, 0.0, 2.0, Origin::assumed,
                 "caution before experience", "predicted threat before any experience",
                 &MemoryParameters::initial_threat},
};
constexpr const auto& parameter_rows(const MemoryParameters&) {
  return kMemoryTable;
}
inline constexpr std::array kMemorySwitches = {
    SwitchRow{"threat_active", true, "off: predicted threat does not learn",
              &MemoryParameters::threat_active},
    SwitchRow{"safety_active", true, "off: no safety memories", &MemoryParameters::safety_active},
    SwitchRow{"success_active", true, "off: no success memories",
              &MemoryParameters::success_active},
    SwitchRow{"generalisation", true, "off: memories stay with their own stressor class",
              &MemoryParameters::generalisation},
    SwitchRow{"glucocorticoids_at_night", true, "off: cortisol is blocked at consolidation",
              &MemoryParameters::glucocorticoids_at_night}};
constexpr const auto& switch_rows(const MemoryParameters&) {
  return kMemorySwitches;
}

template <class T>
struct MemoryState {
  T threat[kStressorClasses];   // 1
  T safety[kStressorClasses];   // 1
  T success[kStressorClasses];  // 1
  T safety_general;             // 1
  T success_general;            // 1
};
inline constexpr std::array kMemoryColumns = {
    Column{"threat_social_evaluative", "1", "V_k, predicted threat"},
    Column{"threat_demand", "1", "V_k"},
    Column{"threat_interpersonal_loss", "1", "V_k"},
    Column{"threat_threat", "1", "V_k"},
    Column{"safety_social_evaluative", "1", "safety memory"},
    Column{"safety_demand", "1", "safety memory"},
    Column{"safety_interpersonal_loss", "1", "safety memory"},
    Column{"safety_threat", "1", "safety memory"},
    Column{"success_social_evaluative", "1", "success memory"},
    Column{"success_demand", "1", "success memory"},
    Column{"success_interpersonal_loss", "1", "success memory"},
    Column{"success_threat", "1", "success memory"},
    Column{"safety_general", "1", "safety in general"},
    Column{"success_general", "1", "success in general"}};

/// Labile traces of one day, 0 in the morning.
template <class T>
struct MemoryTraces {
  T threat[kStressorClasses], safety[kStressorClasses], success[kStressorClasses];
};

/// (E1)
double encoding_strength_reference(const MemoryParameters& p, double mean_arousal,
                                   double arousal_before, double genomic_beyond_rest);
/// (E3)
double realised_aversiveness_reference(double severity, double unrelieved_share);
/// (E2)-(E4) at the end of one encounter that was not avoided. Returns the prediction error.
double memory_encode_reference(MemoryTraces<double>& t, const MemoryState<double>& s,
                               const MemoryParameters& p, StressorClass k, double strength,
                               double mean_arousal, double aversiveness, bool success);
/// (E5)
void memory_consolidate_reference(MemoryState<double>& s, const MemoryTraces<double>& t,
                                  const MemoryParameters& p, double sleep_quality,
                                  double genomic_beyond_rest);

}  // namespace eustress
