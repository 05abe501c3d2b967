#include "core/engine/simulation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/engine/day.hpp"
#include "core/engine/interventions.hpp"
#include "core/engine/replay.hpp"
#include "core/error.hpp"

namespace eustress {

namespace {

// Columns of BlockRecord, in the order of record_columns().
constexpr std::size_t kAgeColumn = 1, kSexColumn = 2, kGroupColumn = 3, kStratumColumn = 4,
                      kFactorColumn = 5, kReportedColumn = kFactorColumn + kFactors,
                      kAssessedColumn = kReportedColumn + 1,
                      kFinalColumn = kAssessedColumn + kAssessedCount,
                      kDaysColumn = kFinalColumn + 3,
                      kExposureColumn = kDaysColumn + 1 + 2 * kDisorders;

constexpr auto kPhase = static_cast<std::size_t>(Trait::circadian_phase);

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

}  // namespace

/// What one thread needs while it walks one block.
struct Simulation::Scratch {
  std::vector<ModifierLanes> modifiers;
  std::vector<WaveToday> waves;
  BlockDayResult result;
  SeriesDay series;
  std::array<std::vector<SampleLanes>, 3> samples;  ///< by kind of probe
  std::array<Membership, kBlockSize> who;           ///< as far as regimes ask
  std::span<const ReplayRow> recorded;              ///< of the people of the block
  std::vector<ReplayDay<Lanes>> replay;
  bool is_replayed_today = false;
  const TraceLayout* trace = nullptr;  ///< null: no moments are taken
  std::vector<MomentLanes> moments;
  std::array<Lanes, kPacksPerBlock> sleep_quality;

  [[nodiscard]] std::vector<SampleLanes>& samples_of(ProbeKind kind) {
    return samples[static_cast<std::size_t>(kind)];
  }
  [[nodiscard]] const std::vector<SampleLanes>& samples_of(ProbeKind kind) const {
    return samples[static_cast<std::size_t>(kind)];
  }
};

Simulation::Simulation(const Study& study, const Synthesis& synthesis, Isa isa)
    : study_(study),
      synthesis_(synthesis),
      strata_(study.output, synthesis.groups()),
      layout_(observation_layout(study, synthesis.groups())),
      outcomes_(study, layout_.outcomes) {
  check_regime_strata(study, strata_);
  course_numbers_ = outcome_numbers() + kAssessedCount * layout_.assessment_days.size();
  for (const auto& probe : layout_.probes) {
    first_sample_.push_back(course_numbers_);
    course_numbers_ += kSampledCount * probe.minutes.size();
  }
  const DrawKeys keys{study.seed, study.replicate};
  for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
    kernels_.push_back(make_kernel(isa, study.arms[arm].parameters, study.dt_min, keys,
                                   interventions_of(study, arm, synthesis)));
  }
}

int Simulation::people_in(std::uint64_t block) const {
  const std::uint64_t first_id = block * kBlockSize;
  return static_cast<int>(
      std::min<std::uint64_t>(kBlockSize, study_.population.individuals - first_id));
}

void Simulation::start(std::uint64_t block, std::size_t arm, Block& state) const {
  state.first_id = block * kBlockSize;
  std::vector<PersonStart> starts(kBlockSize);
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    const IndividualDraw draw = synthesis_.draw(state.first_id + i);
    PersonStart& person = starts[i];
    std::copy(draw.z.begin(), draw.z.end(), person.factor);
    person.extra_log_rate = 0.0;
    for (std::size_t e = 0; e < study_.exposure_columns.size(); ++e) {
      person.extra_log_rate += study_.exposure_columns[e].effect * draw.extra[e];
    }
    person.group = draw.group;
    person.stratum = static_cast<double>(strata_.of(draw));
  }
  kernels_[arm]->initialise(state, starts);
}

void Simulation::meet(const Block& state, Scratch& scratch) const {
  scratch.recorded =
      replay_of(study_.replay.rows, state.first_id, state.first_id + std::uint64_t{kBlockSize});
  const bool of_table = std::ranges::any_of(
      study_.regimes, [](const Regime& regime) { return regime.group || regime.sex; });
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    Membership& who = scratch.who[i] = {};
    const auto stratum =
        static_cast<std::size_t>(state.pack[i / kLanes].stratum[static_cast<int>(i % kLanes)]);
    if (stratum > 0) who.stratum = strata_.names()[stratum];
    if (!of_table) continue;
    const IndividualDraw draw = synthesis_.draw(state.first_id + i);
    who.group = draw.group;
    who.sex = draw.sex;
  }
}

void Simulation::modifiers_of(int day, std::size_t arm, const Block& state,
                              Scratch& scratch) const {
  scratch.modifiers.resize(kPacksPerBlock);
  scratch.is_replayed_today = false;
  Membership last;
  DayModifiers of_last = day_modifiers(study_, day, last);
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    const std::size_t pack = i / kLanes;
    const auto lane = static_cast<int>(i % kLanes);
    const Membership& who = scratch.who[i];
    if (who != last) {
      of_last = day_modifiers(study_, day, who);
      last = who;
    }
    DayModifiers m = of_last;
    if (!study_.replay.file.empty()) {
      const auto mine = replay_of(scratch.recorded, state.first_id + i, state.first_id + i + 1);
      const auto today = replay_on(mine, day);
      m = replayed_modifiers(m, study_.replay, mine, today);
      if (!today.empty()) place_replay(i, today, study_.arms[arm].parameters.exposure, scratch);
    }
    ModifierLanes& lanes = scratch.modifiers[pack];
    lanes.log_hassle_rate[lane] = m.log_hassle_rate;
    lanes.event_rate[lane] = m.event_rate;
    lanes.severity[lane] = m.severity;
    lanes.controllability[lane] = m.controllability;
  }
}

void Simulation::place_replay(std::size_t person, std::span<const ReplayRow> rows,
                              const ExposureParameters& parameters, Scratch& scratch) const {
  if (!scratch.is_replayed_today) {
    scratch.replay.assign(kPacksPerBlock, {});
    for (auto& pack : scratch.replay) {
      for (auto& slot : pack.encounter) std::ranges::fill(slot.onset_step.value, kNever);
    }
    scratch.is_replayed_today = true;
  }
  const ReplayDay<double> day = replay_day(rows, parameters, study_.dt_min);
  ReplayDay<Lanes>& pack = scratch.replay[person / kLanes];
  const auto lane = static_cast<int>(person % kLanes);
  pack.hassles[lane] = day.hassles;
  pack.event[lane] = day.event;
  for (int slot = 0; slot <= kEventSlot; ++slot) {
    const auto& from = day.encounter[slot];
    auto& to = pack.encounter[slot];
    to.onset_step[lane] = from.onset_step;
    to.stressor[lane] = from.stressor;
    to.severity[lane] = from.severity;
    to.controllability[lane] = from.controllability;
    to.predictability[lane] = from.predictability;
    to.steps[lane] = from.steps;
  }
}

void Simulation::walk(std::size_t arm, int first_day, int end_day, Block& state,
                      ObservationSums& sums, std::span<float> course, const DayWatch* watch) const {
  Scratch scratch;
  live(arm, first_day, end_day, state, scratch, [&](int day) {
    observe(day, arm, state, scratch, sums, course);
    if (watch != nullptr) (*watch)(day, state, scratch.result);
  });
}

void Simulation::trace(std::size_t arm, int first_day, int end_day, Block& state,
                       const TraceLayout& layout, std::span<PersonTrace> people) const {
  const TraceRecorder recorder(layout, study_.arms[arm].parameters);
  Scratch scratch;
  scratch.trace = &layout;
  live(arm, first_day, end_day, state, scratch, [&](int day) {
    if (day < layout.from_day) return;
    for (PersonTrace& person : people) recorder.add_day(day, state, scratch.result, person);
  });
}

void Simulation::live(std::size_t arm, int first_day, int end_day, Block& state, Scratch& scratch,
                      const Evening& evening) const {
  meet(state, scratch);
  modifiers_of(first_day, arm, state, scratch);
  for (int day = first_day; day < end_day; ++day) {
    if (!study_.regimes.empty() || !scratch.recorded.empty()) {
      modifiers_of(day, arm, state, scratch);
    }
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
    today.replay = scratch.is_replayed_today ? scratch.replay.data() : nullptr;
    for (const Probe& probe : study_.probes) {
      if (probe.day != day) continue;
      scratch.samples_of(probe.kind).resize(probe.samples_min.size() * kPacksPerBlock);
      switch (probe.kind) {
        case ProbeKind::stressor:
          today.stressor_probe = &probe;
          break;
        case ProbeKind::crh:
          today.crh_probe = &probe;
          break;
        case ProbeKind::rest:
          today.rest_probe = &probe;
          break;
      }
    }
    scratch.result.stressor_samples = scratch.samples_of(ProbeKind::stressor).data();
    scratch.result.crh_samples = scratch.samples_of(ProbeKind::crh).data();
    scratch.result.rest_samples = scratch.samples_of(ProbeKind::rest).data();
    today.assess = (day + 1) % study_.output.questionnaire_every_days == 0;
    if (scratch.trace != nullptr && day >= scratch.trace->from_day) {
      const MomentsOfDay moments = scratch.trace->moments_of(day);
      today.first_moment = moments.first_step;
      today.moment_steps = moments.every_steps;
      scratch.moments.resize(moments.count * kPacksPerBlock);
      scratch.result.moments = scratch.moments.data();
      scratch.result.sleep_quality = scratch.sleep_quality.data();
    }
    kernels_[arm]->walk_day(state, today, scratch.result);
    check_finite(day, arm, state, scratch.result);
    evening(day);
  }
}

void Simulation::run_block(std::uint64_t block, std::vector<ObservationSums>& sums,
                           BlockRecord* record) const {
  std::vector<Block> states(study_.arms.size());
  std::vector<std::vector<float>> courses(study_.arms.size());
  std::vector<const Block*> at_end;
  std::vector<std::span<const float>> seen;
  for (std::size_t arm = 0; arm < states.size(); ++arm) {
    courses[arm].resize(kBlockSize * (record != nullptr ? course_numbers() : outcome_numbers()));
    start(block, arm, states[arm]);
    walk(arm, 0, study_.days, states[arm], sums[arm], courses[arm]);
    at_end.push_back(&states[arm]);
    seen.emplace_back(courses[arm]);
  }
  finish(block, at_end, seen, sums);
  if (record != nullptr) *record = record_of(block, at_end, seen);
}

void Simulation::finish(std::uint64_t block, std::span<const Block* const> at_end,
                        std::span<const std::span<const float>> courses,
                        std::span<ObservationSums> sums) const {
  const auto people = static_cast<std::size_t>(people_in(block));
  std::vector<std::vector<double>> control_belief(at_end.size());
  std::vector<BlockEnd> arms;
  for (std::size_t arm = 0; arm < at_end.size(); ++arm) {
    const ControllabilityParameters& control = study_.arms[arm].parameters.controllability;
    for (std::size_t row = 0; row < people; ++row) {
      control_belief[arm].push_back(
          mean_control_belief(at_end[arm]->pack[row / kLanes].controllability, control,
                              static_cast<int>(row % kLanes)));
    }
    arms.push_back({at_end[arm], courses[arm], control_belief[arm], sums[arm].outcomes()});
  }
  outcomes_.finish(people, arms);
}

BlockRecord Simulation::record_of(std::uint64_t block, std::span<const Block* const> at_end,
                                  std::span<const std::span<const float>> courses) const {
  const std::size_t arms = study_.arms.size();
  const auto columns = record_columns(layout_);
  BlockRecord record;
  record.first_id = block * kBlockSize;
  record.rows = static_cast<std::size_t>(people_in(block));
  record.values.resize(columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    record.values[c].assign((columns[c].per_arm ? arms : 1) * record.rows * columns[c].width, 0.0);
  }
  auto& values = record.values;
  for (std::size_t row = 0; row < record.rows; ++row) {
    const std::uint64_t id = record.first_id + row;
    const IndividualDraw draw = synthesis_.draw(id);
    values[0][row] = static_cast<double>(id);
    values[kAgeColumn][row] = draw.age;
    values[kSexColumn][row] = draw.sex;
    values[kGroupColumn][row] = draw.group;
    values[kStratumColumn][row] = static_cast<double>(strata_.of(draw));
    for (std::size_t f = 0; f < kFactors; ++f) values[kFactorColumn + f][row] = draw.z[f];
    values[kReportedColumn][row] = draw.outcome;
    for (std::size_t e = 0; e < study_.exposure_columns.size(); ++e) {
      values[kExposureColumn + e][row] = draw.extra[e];
    }
  }
  const std::size_t first_sample_column = kExposureColumn + study_.exposure_columns.size();
  for (std::size_t arm = 0; arm < arms; ++arm) {
    const ControllabilityParameters& control = study_.arms[arm].parameters.controllability;
    for (std::size_t row = 0; row < record.rows; ++row) {
      const auto copy = [&](std::size_t column, std::size_t first) {
        const std::size_t width = columns[column].width;
        double* to = &values[column][(arm * record.rows + row) * width];
        for (std::size_t i = 0; i < width; ++i) {
          to[i] = courses[arm][(first + i) * kBlockSize + row];
        }
      };
      const std::size_t assessments = layout_.assessment_days.size();
      for (std::size_t q = 0; q < kAssessedCount && assessments > 0; ++q) {
        copy(kAssessedColumn + q, outcome_numbers() + q * assessments);
      }
      for (std::size_t p = 0; p < layout_.probes.size(); ++p) {
        for (std::size_t a = 0; a < kSampledCount; ++a) {
          copy(first_sample_column + p * kSampledCount + a,
               first_sample_[p] + a * layout_.probes[p].minutes.size());
        }
      }
      const PersonState<Lanes>& s = at_end[arm]->pack[row / kLanes];
      const auto l = static_cast<int>(row % kLanes);
      const std::size_t at = arm * record.rows + row;
      const OutcomeLayout::Numbers& n = layout_.outcomes.number;
      const auto day_at = [&](std::size_t number) {  // counted from 1, 0: never
        return static_cast<double>(courses[arm][number * kBlockSize + row]) - 1.0;
      };
      std::size_t next = kDaysColumn;
      values[next++][at] = layout_.outcomes.bins > 0 ? day_at(n.event) : -1.0;
      for (std::size_t disorder = 0; disorder < kDisorders; ++disorder) {
        values[next++][at] = day_at(n.disorder + 3 * disorder + 1);
        values[next++][at] = day_at(n.disorder + 3 * disorder + 2);
      }
      values[kFinalColumn][at] = s.mental_health.symptoms[l];
      values[kFinalColumn + 1][at] = s.self_control.w[l];
      values[kFinalColumn + 2][at] = mean_control_belief(s.controllability, control, l);
    }
  }
  return record;
}

void Simulation::observe(int day, std::size_t arm, const Block& block, Scratch& scratch,
                         ObservationSums& sums, std::span<float> course) const {
  const auto time = static_cast<std::size_t>(day / layout_.series_every);
  const auto rows = static_cast<std::size_t>(people_in(block.first_id / kBlockSize));
  kernels_[arm]->see_day(block, scratch.result, scratch.series);
  std::size_t strata[kBlockSize];
  for (std::size_t row = 0; row < rows; ++row) {
    const auto lane = static_cast<int>(row % kLanes);
    strata[row] = static_cast<std::size_t>(block.pack[row / kLanes].stratum[lane]);
  }
  sums.add_series(time, scratch.series, std::span(strata).first(rows));

  outcomes_.observe_day(day, rows, block, scratch.result, course);
  const bool is_recorded = course.size() == kBlockSize * course_numbers();
  if ((day + 1) % study_.output.questionnaire_every_days == 0) {
    const auto assessment = static_cast<std::size_t>(day / study_.output.questionnaire_every_days);
    outcomes_.observe_assessment(assessment, rows, block, scratch.result, course, sums.outcomes());
    for (std::size_t row = 0; row < rows; ++row) {
      const PersonState<Lanes>& s = block.pack[row / kLanes];
      const Assessment<Lanes>& a = scratch.result.assessment[row / kLanes];
      const auto l = static_cast<int>(row % kLanes);
      const double assessed[kAssessedCount] = {a.ghq12[l],
                                               a.ghq28[l],
                                               a.hassles_7d[l],
                                               a.life_events_13w[l],
                                               s.mental_health.symptoms[l],
                                               s.mental_health.latent[l]};
      const auto own = static_cast<std::size_t>(s.stratum[l]);
      for (std::size_t q = 0; q < kAssessedCount; ++q) {
        sums.add_assessed(assessment, 0, q, assessed[q]);
        if (own > 0) sums.add_assessed(assessment, own, q, assessed[q]);
        if (!is_recorded) continue;
        const std::size_t number =
            outcome_numbers() + q * layout_.assessment_days.size() + assessment;
        course[number * kBlockSize + row] = static_cast<float>(assessed[q]);
      }
    }
  }
  for (std::size_t p = 0; p < study_.probes.size(); ++p) {
    if (study_.probes[p].day == day) observe_probe(p, arm, block, scratch, sums, course);
  }
}

void Simulation::observe_probe(std::size_t p, std::size_t arm, const Block& block,
                               const Scratch& scratch, ObservationSums& sums,
                               std::span<float> course) const {
  const Probe& probe = study_.probes[p];
  const DriveParameters& drive = study_.arms[arm].parameters.drive;
  const ReceptorParameters& receptors = study_.arms[arm].parameters.receptors;
  const double free_cortisol = receptors.free_fraction * receptors.total_cortisol_nmol_l;
  const auto& samples = scratch.samples_of(probe.kind);
  const std::size_t n_samples = probe.samples_min.size();
  const auto rows = static_cast<std::size_t>(people_in(block.first_id / kBlockSize));
  const bool is_recorded = course.size() == kBlockSize * course_numbers();
  std::vector<double> cortisol(n_samples);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto l = static_cast<int>(row % kLanes);
    const auto own = static_cast<std::size_t>(block.pack[row / kLanes].stratum[l]);
    for (std::size_t n = 0; n < n_samples; ++n) {
      const SampleLanes& sample = samples[n * kPacksPerBlock + row / kLanes];
      const double analytes[kSampledCount] = {sample.cortisol[l], sample.acth[l],
                                              sample.noradrenaline[l], sample.adrenaline[l]};
      cortisol[n] = analytes[0];
      for (std::size_t q = 0; q < kSampledCount; ++q) {
        sums.add_sample(p, n, 0, q, analytes[q]);
        if (own > 0) sums.add_sample(p, n, own, q, analytes[q]);
        if (!is_recorded) continue;
        const std::size_t number = first_sample_[p] + q * n_samples + n;
        course[number * kBlockSize + row] = static_cast<float>(analytes[q]);
      }
    }
    const double waking_min =
        30.0 * waking_half_hour(drive, block.pack[row / kLanes].traits.x[kPhase][l]);
    const auto indices = layout_.probes[p].index_values(cortisol, waking_min);
    sums.add_indices(p, 0, indices, free_cortisol);
    if (own > 0) sums.add_indices(p, own, indices, free_cortisol);
  }
}

void Simulation::check_finite(int day, std::size_t arm, const Block& block,
                              const BlockDayResult& result) const {
  const int rows = people_in(block.first_id / kBlockSize);
  for (int pack = 0; pack * kLanes < rows; ++pack) {
    const auto* column = reinterpret_cast<const Lanes*>(&block.pack[pack]);
    const Lanes& sum = result.zero_if_finite[pack];
    // What becomes of the padding is nobody's business.
    const int people = std::min(kLanes, rows - pack * kLanes);
    for (int l = 0; l < people; ++l) {
      if (sum[l] == 0.0) continue;
      std::size_t c = 0;
      while (c + 1 < kPersonColumns && std::isfinite(column[c][l])) ++c;
      const std::uint64_t id = block.first_id + static_cast<std::uint64_t>(pack * kLanes + l);
      throw Error(ErrorKind::numerical,
                  "individual " + std::to_string(id) + ", day " + std::to_string(day) + ", arm '" +
                      study_.arms[arm].name + "': " + person_columns()[c].name +
                      " is no longer finite. Check the parameters of the study that differ from "
                      "the defaults, or use a smaller numerics.dt_min.");
    }
  }
}

}  // namespace eustress
