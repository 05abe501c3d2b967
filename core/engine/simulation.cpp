#include "core/engine/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/engine/day.hpp"
#include "core/error.hpp"

namespace eustress {

namespace {

// Columns of BlockRecord, in the order of record_columns().
constexpr std::size_t kAgeColumn = 1, kSexColumn = 2, kGroupColumn = 3, kStratumColumn = 4,
                      kFactorColumn = 5, kReportedColumn = kFactorColumn + kFactors,
                      kAssessedColumn = kReportedColumn + 1,
                      kFinalColumn = kAssessedColumn + kAssessedCount,
                      kExposureColumn = kFinalColumn + 3;

double mean_of(const Lanes (&values)[kStressorClasses], int lane) {
  return (values[0][lane] + values[1][lane] + values[2][lane] + values[3][lane]) / kStressorClasses;
}

/// Mean over the classes of (B4).
double mean_control_belief(const ControllabilityState<Lanes>& s, const ControllabilityParameters& p,
                           int lane) {
  double sum = 0.0;
  for (const Lanes& omega : s.omega) {
    const double evidence = omega[lane] + p.general_weight * s.omega_general[lane];
    sum += std::clamp(p.prior + p.gain * evidence, 0.0, 1.0);
  }
  return sum / kStressorClasses;
}

constexpr std::size_t malleable_position(Factor factor) {
  for (std::size_t i = 0; i < kMalleableFactors.size(); ++i) {
    if (kMalleableFactors[i] == factor) return i;
  }
  return kMalleableFactors.size();
}

/// Position of the interval among `cuts` (ascending) that holds x.
std::size_t interval_of(double x, const std::vector<double>& cuts) {
  std::size_t i = 0;
  while (i < cuts.size() && x >= cuts[i]) ++i;
  return i;
}

/// 0: in no group.
std::size_t stratum_of_group(const std::vector<std::int32_t>& groups, std::int32_t group) {
  const auto found = std::ranges::lower_bound(groups, group);
  if (group == kNoGroup || found == groups.end()) return 0;
  return 1 + static_cast<std::size_t>(found - groups.begin());
}

}  // namespace

/// What one thread needs while it walks one block.
struct Simulation::Scratch {
  std::uint64_t first_id = 0;
  int rows = 0;  ///< individuals of the cohort in the block, the rest is padding
  std::vector<IndividualDraw> draws;
  std::vector<PersonStart> starts;
  std::vector<std::size_t> stratum;
  Block block;
  std::vector<ModifierLanes> modifiers;
  std::vector<WaveToday> waves;
  BlockDayResult result;
  std::vector<SampleLanes> stressor_samples, crh_samples;
};

Simulation::Simulation(const Study& study, const Synthesis& synthesis, Isa isa)
    : study_(study), synthesis_(synthesis), layout_(observation_layout(study, synthesis.groups())) {
  if (study.output.strata == Strata::factor)
    stratum_cuts_ = {-0.43072729929545756, 0.43072729929545756};
  const DrawKeys keys{study.seed, study.replicate};
  for (const Arm& arm : study.arms) {
    kernels_.push_back(make_kernel(isa, arm.parameters, study.dt_min, keys));
  }
}

void Simulation::start(std::uint64_t first_id, Scratch& scratch) const {
  scratch.first_id = first_id;
  const std::uint64_t people = study_.population.individuals;
  scratch.rows = static_cast<int>(std::min<std::uint64_t>(kBlockSize, people - first_id));
  scratch.draws.resize(kBlockSize);
  scratch.starts.resize(kBlockSize);
  scratch.stratum.resize(kBlockSize);
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    const IndividualDraw draw = synthesis_.draw(first_id + i);
    scratch.draws[i] = draw;
    PersonStart& person = scratch.starts[i];
    std::copy(draw.z.begin(), draw.z.end(), person.factor);
    person.extra_log_rate = 0.0;
    for (std::size_t e = 0; e < study_.exposure_columns.size(); ++e) {
      person.extra_log_rate += study_.exposure_columns[e].effect * draw.extra[e];
    }
    person.group = draw.group;
    std::size_t stratum = 0;
    switch (study_.output.strata) {
      case Strata::none:
        break;
      case Strata::sex:
        stratum = 1 + static_cast<std::size_t>(draw.sex);
        break;
      case Strata::group:
        stratum = stratum_of_group(synthesis_.groups(), draw.group);
        break;
      case Strata::factor:
        stratum = 1 + interval_of(draw.z[index_of(study_.output.strata_factor)], stratum_cuts_);
        break;
    }
    scratch.stratum[i] = stratum;
    person.stratum = static_cast<double>(stratum);
  }
}

void Simulation::modifiers_of(int day, Scratch& scratch) const {
  scratch.modifiers.resize(kPacksPerBlock);
  std::int32_t last_group = kNoGroup;
  DayModifiers m = day_modifiers(study_, day, last_group);
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    const std::int32_t group = scratch.draws[i].group;
    if (group != last_group) {
      m = day_modifiers(study_, day, group);
      last_group = group;
    }
    const auto lane = static_cast<int>(i % kLanes);
    ModifierLanes& lanes = scratch.modifiers[i / kLanes];
    lanes.log_hassle_rate[lane] = m.log_hassle_rate;
    lanes.event_rate[lane] = m.event_rate;
    lanes.severity[lane] = m.severity;
    lanes.controllability[lane] = m.controllability;
  }
}

void Simulation::run_block(std::uint64_t block, std::vector<ObservationSums>& sums,
                           BlockRecord* record) const {
  Scratch scratch;
  start(block * kBlockSize, scratch);
  const std::size_t arms = study_.arms.size();
  if (record != nullptr) {
    const auto columns = record_columns(layout_);
    const auto rows = static_cast<std::size_t>(scratch.rows);
    record->first_id = scratch.first_id;
    record->rows = rows;
    record->values.resize(columns.size());
    for (std::size_t c = 0; c < columns.size(); ++c) {
      record->values[c].assign((columns[c].per_arm ? arms : 1) * rows * columns[c].width, 0.0);
    }
    for (std::size_t i = 0; i < rows; ++i) {
      const IndividualDraw& draw = scratch.draws[i];
      record->values[0][i] = static_cast<double>(scratch.first_id + i);
      record->values[kAgeColumn][i] = draw.age;
      record->values[kSexColumn][i] = draw.sex;
      record->values[kGroupColumn][i] = draw.group;
      record->values[kStratumColumn][i] = static_cast<double>(scratch.stratum[i]);
      for (std::size_t f = 0; f < kFactors; ++f) record->values[kFactorColumn + f][i] = draw.z[f];
      record->values[kReportedColumn][i] = draw.outcome;
      for (std::size_t e = 0; e < study_.exposure_columns.size(); ++e) {
        record->values[kExposureColumn + e][i] = draw.extra[e];
      }
    }
  }

  const bool has_regimes = !study_.regimes.empty();
  for (std::size_t arm = 0; arm < arms; ++arm) {
    scratch.block.first_id = scratch.first_id;
    kernels_[arm]->initialise(scratch.block, scratch.starts);
    modifiers_of(0, scratch);
    for (int day = 0; day < study_.days; ++day) {
      if (has_regimes) modifiers_of(day, scratch);
      BlockDay today;
      today.day = day;
      today.modifiers = scratch.modifiers.data();
      scratch.waves.clear();
      for (std::size_t w = 0; w < study_.waves.size(); ++w) {
        const Wave& wave = study_.waves[w];
        if (wave.day != day) continue;
        scratch.waves.push_back({static_cast<std::uint32_t>(w), wave.fraction, wave.severity,
                                 wave.controllability, wave.stressor});
      }
      today.waves = scratch.waves;
      for (const Probe& probe : study_.probes) {
        if (probe.day != day) continue;
        const bool is_stressor = probe.kind == ProbeKind::stressor;
        auto& samples = is_stressor ? scratch.stressor_samples : scratch.crh_samples;
        samples.resize(probe.samples_min.size() * kPacksPerBlock);
        (is_stressor ? today.stressor_probe : today.crh_probe) = &probe;
      }
      scratch.result.stressor_samples = scratch.stressor_samples.data();
      scratch.result.crh_samples = scratch.crh_samples.data();
      today.assess = (day + 1) % study_.output.questionnaire_every_days == 0;
      kernels_[arm]->walk_day(scratch.block, today, scratch.result);
      check_finite(day, arm, scratch);
      observe(day, scratch.block, study_.arms[arm].parameters, arm, sums[arm], record, scratch);
    }
  }
}

void Simulation::observe(int day, const Block& block, const ModelParameters& parameters,
                         std::size_t arm, ObservationSums& sums, BlockRecord* record,
                         const Scratch& scratch) const {
  const auto time = static_cast<std::size_t>(day / layout_.series_every);
  const bool assess = (day + 1) % study_.output.questionnaire_every_days == 0;
  const auto assessment = static_cast<std::size_t>(day / study_.output.questionnaire_every_days);
  const auto rows = static_cast<std::size_t>(scratch.rows);
  const auto record_at = [&](std::size_t column, std::size_t row, std::size_t width,
                             std::size_t i) -> double& {
    return record->values[column][(arm * rows + row) * width + i];
  };

  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t pack = row / kLanes;
    const auto l = static_cast<int>(row % kLanes);
    const PersonState<Lanes>& s = block.pack[pack];
    const DaySummary<Lanes>& d = scratch.result.summary[pack];
    const double event = d.event[l];
    const double control = mean_control_belief(s.controllability, parameters.controllability, l);
    const double general = parameters.memory.general_weight;
    constexpr std::size_t kEfficacy = index_of(Factor::self_efficacy);
    constexpr std::size_t kEfficacyDelta = malleable_position(Factor::self_efficacy);
    const std::pair<Series, double> values[] = {
        {Series::hassles, d.hassles[l]},
        {Series::encounters, d.encounters[l]},
        {Series::mastered, d.mastered[l]},
        {Series::avoided, d.avoided[l]},
        {Series::strain, d.strain[l]},
        {Series::traumatic_event, event == static_cast<double>(EventKind::traumatic) ? 1.0 : 0.0},
        {Series::life_event, event > 0.0 ? 1.0 : 0.0},
        {Series::cortisol, d.cortisol[l]},
        {Series::noradrenaline, d.noradrenaline[l]},
        {Series::energy, s.energy.store[l]},
        {Series::distress, s.mental_health.distress[l]},
        {Series::symptoms, s.mental_health.symptoms[l]},
        {Series::latent, s.mental_health.latent[l]},
        {Series::depressed, s.mental_health.depressed_days[l] >= kDepressionDays ? 1.0 : 0.0},
        {Series::ptsd, s.mental_health.ptsd_days[l] >= kPtsdDays ? 1.0 : 0.0},
        {Series::self_control, s.self_control.w[l]},
        {Series::control_belief, control},
        {Series::predicted_threat, mean_of(s.memory.threat, l)},
        {Series::safety_memory, mean_of(s.memory.safety, l) + general * s.memory.safety_general[l]},
        {Series::success_memory,
         mean_of(s.memory.success, l) + general * s.memory.success_general[l]},
        {Series::engage_value, mean_of(s.reinforcement.engage, l)},
        {Series::allostatic_load, s.allostasis.load[l]},
        {Series::self_efficacy,
         s.traits.factor[kEfficacy][l] + s.malleability.delta[kEfficacyDelta][l]},
    };
    const Assessment<Lanes>& a = scratch.result.assessment[pack];
    const double assessed[kAssessedCount] = {a.ghq12[l],
                                             a.ghq28[l],
                                             a.hassles_7d[l],
                                             a.life_events_13w[l],
                                             s.mental_health.symptoms[l],
                                             s.mental_health.latent[l]};

    const std::size_t own = scratch.stratum[row];
    for (std::size_t stratum = 0;; stratum = own) {
      for (const auto& [quantity, value] : values) sums.add_series(time, stratum, quantity, value);
      if (d.predictions[l] > 0.0) {
        sums.add_series(time, stratum, Series::prediction_error,
                        d.prediction_error[l] / d.predictions[l]);
      }
      if (assess) {
        for (std::size_t q = 0; q < kAssessedCount; ++q) {
          sums.add_assessed(assessment, stratum, q, assessed[q]);
        }
      }
      if (stratum == own) break;
    }

    if (record == nullptr) continue;
    if (assess) {
      for (std::size_t q = 0; q < kAssessedCount; ++q) {
        record_at(kAssessedColumn + q, row, layout_.assessment_days.size(), assessment) =
            assessed[q];
      }
    }
    if (day + 1 == study_.days) {
      record_at(kFinalColumn, row, 1, 0) = s.mental_health.symptoms[l];
      record_at(kFinalColumn + 1, row, 1, 0) = s.self_control.w[l];
      record_at(kFinalColumn + 2, row, 1, 0) = control;
    }
  }

  const std::size_t first_sample_column = kExposureColumn + study_.exposure_columns.size();
  for (std::size_t p = 0; p < study_.probes.size(); ++p) {
    const Probe& probe = study_.probes[p];
    if (probe.day != day) continue;
    const auto& samples =
        probe.kind == ProbeKind::stressor ? scratch.stressor_samples : scratch.crh_samples;
    const std::size_t n_samples = probe.samples_min.size();
    for (std::size_t n = 0; n < n_samples; ++n) {
      for (std::size_t row = 0; row < rows; ++row) {
        const SampleLanes& sample = samples[n * kPacksPerBlock + row / kLanes];
        const auto l = static_cast<int>(row % kLanes);
        const double analytes[kSampledCount] = {sample.cortisol[l], sample.acth[l],
                                                sample.noradrenaline[l], sample.adrenaline[l]};
        for (std::size_t q = 0; q < kSampledCount; ++q) {
          sums.add_sample(p, n, 0, q, analytes[q]);
          if (scratch.stratum[row] > 0) {
            sums.add_sample(p, n, scratch.stratum[row], q, analytes[q]);
          }
          if (record != nullptr) {
            record_at(first_sample_column + p * kSampledCount + q, row, n_samples, n) = analytes[q];
          }
        }
      }
    }
  }
}

void Simulation::check_finite(int day, std::size_t arm, const Scratch& scratch) const {
  for (int pack = 0; pack * kLanes < scratch.rows; ++pack) {
    const auto* column = reinterpret_cast<const Lanes*>(&scratch.block.pack[pack]);
    Lanes sum{};  // 0, or NaN where any column is not finite
    for (std::size_t c = 0; c < kPersonColumns; ++c) {
      for (int l = 0; l < kLanes; ++l) sum[l] += 0.0 * column[c][l];
    }
    // What becomes of the padding is nobody's business.
    const int people = std::min(kLanes, scratch.rows - pack * kLanes);
    for (int l = 0; l < people; ++l) {
      if (sum[l] == 0.0) continue;
      std::size_t c = 0;
      while (c + 1 < kPersonColumns && std::isfinite(column[c][l])) ++c;
      const std::uint64_t id = scratch.first_id + static_cast<std::uint64_t>(pack * kLanes + l);
      throw Error(ErrorKind::numerical,
                  "individual " + std::to_string(id) + ", day " + std::to_string(day) + ", arm '" +
                      study_.arms[arm].name + "': " + person_columns()[c].name +
                      " is no longer finite. Check the parameters of the study that differ from "
                      "the defaults, or use a smaller numerics.dt_min.");
    }
  }
}

}  // namespace eustress
