// The block kernel against the scalar reference, for whole days and all columns of state; the same
// bits on every instruction set; every individual independent of the others in the block.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/engine/block.hpp"
#include "core/engine/day.hpp"
#include "core/engine/replay.hpp"

namespace eustress {
namespace {

// The kernel's feedback of cortisol is within 1e-10 of the exact one (fast_reciprocal). The
// hormones forget that within hours, learning and symptoms sum it up over the days: about 1e-9
// after 120 days. Relative to |x| + .001, since many states start at 0.
constexpr double kTolerance = 1e-7;
constexpr std::uint64_t kSeed = 42;
constexpr std::uint64_t kFirstId = 0xFFFFFFE0ULL;  // the ids of the block cross 2^32
constexpr int kReplicate = 3;

using Row = std::array<double, kPersonColumns>;

Row row_of(const Block& block, int i) {
  const auto* columns = reinterpret_cast<const Lanes*>(&block.pack[i / kLanes]);
  Row row;
  for (std::size_t c = 0; c < row.size(); ++c) row[c] = columns[c][i % kLanes];
  return row;
}

::testing::AssertionResult close(double reference, double kernel) {
  const double error = std::abs(reference - kernel) / (1e-3 + std::abs(reference));
  if (std::isfinite(reference) && error <= kTolerance) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << "reference " << reference << ", kernel " << kernel << ", relative difference " << error;
}

bool same_bits(const Row& a, const Row& b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

/// A small study without arms and outputs.
struct Setting {
  ModelParameters parameters = default_parameters();
  double dt_min = 5.0;
  int days = 30;
  std::vector<Regime> regimes;
  std::vector<Wave> waves;
  std::vector<Probe> probes;
  InterventionSlots interventions;
  ReplayPlan replay;
};

constexpr DrawKeys kKeys{kSeed, kReplicate};

/// None, or one of two groups.
std::int32_t group_of(int i) {
  return i % 3 - 1;
}
/// With these groups, and cohort columns that act on the hassle rate.
std::vector<IndividualDraw> draws() {
  const Synthesis synthesis(SynthesisOptions{.seed = kSeed, .replicate = kReplicate});
  std::vector<IndividualDraw> all;
  for (int i = 0; i < kBlockSize; ++i) {
    all.push_back(synthesis.draw(kFirstId + static_cast<std::uint64_t>(i)));
    all.back().group = group_of(i);
  }
  return all;
}
double extra_log_rate(int i) {
  return 0.01 * (i % 11 - 5);
}

std::vector<PersonStart> starts() {
  std::vector<PersonStart> all(kBlockSize);
  const auto people = draws();
  for (int i = 0; i < kBlockSize; ++i) {
    auto& start = all[static_cast<std::size_t>(i)];
    const auto& draw = people[static_cast<std::size_t>(i)];
    std::copy(draw.z.begin(), draw.z.end(), start.factor);
    start.extra_log_rate = extra_log_rate(i);
    start.group = draw.group;
    start.stratum = i % 4;
  }
  return all;
}

/// The reference: 64 people one by one.
class Reference {
 public:
  explicit Reference(const Setting& setting) : setting_(setting) {
    const auto people = draws();
    for (int i = 0; i < kBlockSize; ++i) {
      people_.push_back(reference_person(setting.parameters, kKeys, id(i),
                                         people[static_cast<std::size_t>(i)], extra_log_rate(i)));
      people_.back().stratum = i % 4;
    }
    study_.regimes = setting.regimes;
  }
  DaySummary<double> live(int i, int day, std::vector<ProbeSample>& samples) {
    DayPlan plan;
    plan.day = day;
    plan.modifiers = modifiers(i, day);
    const auto rows = replay_on(rows_of(i), day);
    const ReplayDay<double> recorded =
        replay_day(rows, setting_.parameters.exposure, setting_.dt_min);
    if (!rows.empty()) plan.replay = &recorded;
    plan.waves = setting_.waves;
    plan.interventions = &setting_.interventions;
    std::size_t n = 0;
    for (const Probe& probe : setting_.probes) {
      if (probe.day != day) continue;
      (probe.kind == ProbeKind::stressor ? plan.stressor_probe
       : probe.kind == ProbeKind::crh    ? plan.crh_probe
                                         : plan.rest_probe) = &probe;
      n += probe.samples_min.size();
    }
    samples.resize(n);
    return reference_day(person(i), setting_.parameters, kKeys, id(i), plan, setting_.dt_min,
                         samples);
  }
  [[nodiscard]] Assessment<double> assess(int i, int day) {
    return reference_assessment(person(i), setting_.parameters, kKeys, id(i), day);
  }
  PersonState<double>& person(int i) { return people_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] Row row(int i) { return std::bit_cast<Row>(person(i)); }
  [[nodiscard]] DayModifiers modifiers(int i, int day) {
    const Membership who{.group = group_of(i), .sex = i % 2};
    const DayModifiers m = day_modifiers(study_, day, who);
    return replayed_modifiers(m, setting_.replay, rows_of(i), replay_on(rows_of(i), day));
  }
  [[nodiscard]] std::span<const ReplayRow> rows_of(int i) const {
    return replay_of(setting_.replay.rows, id(i), id(i) + 1);
  }

 private:
  static std::uint64_t id(int i) { return kFirstId + static_cast<std::uint64_t>(i); }
  const Setting& setting_;
  Study study_;
  std::vector<PersonState<double>> people_;
};

/// The block kernel of one instruction set.
class Walker {
 public:
  using Modifiers = std::array<ModifierLanes, kPacksPerBlock>;

  Walker(Isa isa, const Setting& setting, const std::vector<PersonStart>& people = starts())
      : setting_(setting),
        kernel_(make_kernel(isa, setting.parameters, setting.dt_min, kKeys, setting.interventions)),
        block_(std::make_unique<Block>()),
        result_(std::make_unique<BlockDayResult>()) {
    // Not zero: nothing may survive from what was in the memory before.
    std::memset(static_cast<void*>(block_.get()), 0x5A, sizeof(Block));
    block_->first_id = kFirstId;
    kernel_->initialise(*block_, people);
  }

  void live(int day, const Modifiers& modifiers) {
    std::memset(static_cast<void*>(result_.get()), 0, sizeof *result_);
    BlockDay today;
    today.day = day;
    today.modifiers = modifiers.data();
    today.assess = assessed(day);
    std::vector<WaveToday> waves;
    for (std::size_t w = 0; w < setting_.waves.size(); ++w) {
      const Wave& wave = setting_.waves[w];
      if (wave.day != day) continue;
      waves.push_back({static_cast<std::uint32_t>(w), wave.fraction, wave.severity,
                       wave.controllability, wave.stressor});
    }
    today.waves = waves;
    stressor_.clear();
    crh_.clear();
    rest_.clear();
    for (const Probe& probe : setting_.probes) {
      if (probe.day != day) continue;
      const bool is_stressor = probe.kind == ProbeKind::stressor;
      const bool is_crh = probe.kind == ProbeKind::crh;
      (is_stressor ? today.stressor_probe : is_crh ? today.crh_probe : today.rest_probe) = &probe;
      (is_stressor ? stressor_
       : is_crh    ? crh_
                   : rest_)
          .resize(probe.samples_min.size() * kPacksPerBlock);
    }
    result_->stressor_samples = stressor_.data();
    result_->crh_samples = crh_.data();
    result_->rest_samples = rest_.data();
    const std::vector<ReplayDay<Lanes>> replay = replay_on_day(day);
    if (!replay.empty()) today.replay = replay.data();
    kernel_->walk_day(*block_, today, *result_);
  }

  static bool assessed(int day) { return day % 7 == 6; }
  [[nodiscard]] const Block& block() const { return *block_; }
  [[nodiscard]] Row row(int i) const { return row_of(*block_, i); }
  [[nodiscard]] const BlockDayResult& result() const { return *result_; }
  [[nodiscard]] ProbeSample sample(std::size_t n, int i) const {
    const std::size_t pack = static_cast<std::size_t>(i / kLanes);
    std::vector<SampleLanes> all = stressor_;
    all.insert(all.end(), crh_.begin(), crh_.end());
    all.insert(all.end(), rest_.begin(), rest_.end());
    const SampleLanes& s = all[n * kPacksPerBlock + pack];
    const int l = i % kLanes;
    return {s.cortisol[l], s.acth[l], s.noradrenaline[l], s.adrenaline[l]};
  }
  [[nodiscard]] bool has_the_bits_of(const Walker& other) const {
    const auto equal = [](const auto& a, const auto& b) {
      return a.size() == b.size() &&
             (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof a[0]) == 0);
    };
    return std::memcmp(block_->pack, other.block_->pack, sizeof block_->pack) == 0 &&
           std::memcmp(result_->summary, other.result_->summary, sizeof result_->summary) == 0 &&
           std::memcmp(result_->assessment, other.result_->assessment,
                       sizeof result_->assessment) == 0 &&
           equal(stressor_, other.stressor_) && equal(crh_, other.crh_) &&
           equal(rest_, other.rest_);
  }

 private:
  /// Empty if nobody has a row.
  [[nodiscard]] std::vector<ReplayDay<Lanes>> replay_on_day(int day) const {
    std::vector<ReplayDay<Lanes>> all(kPacksPerBlock);
    bool any = false;
    for (int i = 0; i < kBlockSize; ++i) {
      const std::uint64_t id = kFirstId + static_cast<std::uint64_t>(i);
      const auto rows = replay_on(replay_of(setting_.replay.rows, id, id + 1), day);
      any |= !rows.empty();
      // A field after the other, as eight lanes lie.
      const auto one = std::bit_cast<std::array<double, sizeof(ReplayDay<double>) / 8>>(
          replay_day(rows, setting_.parameters.exposure, setting_.dt_min));
      auto* lanes = reinterpret_cast<Lanes*>(&all[static_cast<std::size_t>(i / kLanes)]);
      for (std::size_t c = 0; c < one.size(); ++c) lanes[c][i % kLanes] = one[c];
    }
    return any ? all : std::vector<ReplayDay<Lanes>>{};
  }

  const Setting& setting_;
  std::unique_ptr<BlockKernel> kernel_;
  std::unique_ptr<Block> block_;
  std::unique_ptr<BlockDayResult> result_;
  std::vector<SampleLanes> stressor_, crh_, rest_;
};

Walker::Modifiers uniform_modifiers() {
  Walker::Modifiers all;
  for (ModifierLanes& m : all) {
    for (int l = 0; l < kLanes; ++l) {
      m.log_hassle_rate[l] = 0.0;
      m.event_rate[l] = m.severity[l] = m.controllability[l] = 1.0;
    }
  }
  return all;
}

/// What happened in a run, so that a test can require that it was not an idle one.
struct Seen {
  double encounters = 0.0, mastered = 0.0, avoided = 0.0, events = 0.0, traumas = 0.0;
  int lost = 0;  ///< people whose state left what numbers can hold
};

/// At the ends of their ranges a few parameters of the variation between persons, times a trait
/// three standard deviations out, ask for a drive beyond e^600 or for hormones that turn over many
/// times in a step, where the explicit scheme swings up without bound, the reference and the kernel
/// each in its own way. Simulation ends such a run.
bool is_lost(const PersonState<double>& s) {
  const double sum = std::abs(s.hpa.crh) + std::abs(s.hpa.acth) + std::abs(s.hpa.cortisol);
  return !(sum < 1e5 && s.drive.log_daily_mean < 600.0);
}

template <template <class> class T>
using Fields = std::array<double, sizeof(T<double>) / sizeof(double)>;
template <template <class> class T>
Fields<T> fields(const T<double>& x) {
  return std::bit_cast<Fields<T>>(x);
}
template <template <class> class T>
Fields<T> fields(const T<Lanes>& x, int lane) {
  const auto* columns = reinterpret_cast<const Lanes*>(&x);
  Fields<T> row;
  for (std::size_t c = 0; c < row.size(); ++c) row[c] = columns[c][lane];
  return row;
}

/// Walks the setting with the reference and on the given instruction sets. Stops at the first
/// difference.
void expect_equal(const Setting& setting, const std::vector<Isa>& isas, Seen& seen) {
  Reference reference(setting);
  std::vector<Walker> walkers;
  walkers.reserve(isas.size());
  for (const Isa isa : isas) walkers.emplace_back(isa, setting);
  const Walker& kernel = walkers.back();
  const auto& columns = person_columns();
  std::array<bool, kBlockSize> lost{};

  for (int day = -1; day < setting.days; ++day) {  // -1: the start
    if (day >= 0) {
      Walker::Modifiers modifiers;
      for (int i = 0; i < kBlockSize; ++i) {
        const DayModifiers m = reference.modifiers(i, day);
        ModifierLanes& lanes = modifiers[static_cast<std::size_t>(i / kLanes)];
        lanes.log_hassle_rate[i % kLanes] = m.log_hassle_rate;
        lanes.event_rate[i % kLanes] = m.event_rate;
        lanes.severity[i % kLanes] = m.severity;
        lanes.controllability[i % kLanes] = m.controllability;
      }
      for (Walker& w : walkers) w.live(day, modifiers);
    }
    for (const Walker& w : walkers) {
      ASSERT_TRUE(w.has_the_bits_of(kernel))
          << "instruction set " << (&w - walkers.data()) << ", day " << day;
    }
    for (int i = 0; i < kBlockSize; ++i) {
      SCOPED_TRACE("day " + std::to_string(day) + ", person " + std::to_string(i));
      std::vector<ProbeSample> samples;
      DaySummary<double> summary{};
      if (day >= 0) summary = reference.live(i, day, samples);
      bool& gone = lost[static_cast<std::size_t>(i)];
      if (!gone && is_lost(reference.person(i))) {
        gone = true;
        ++seen.lost;
        ASSERT_TRUE(is_lost(std::bit_cast<PersonState<double>>(kernel.row(i))));
      }
      if (gone) continue;
      const Row expected = reference.row(i), got = kernel.row(i);
      for (std::size_t c = 0; c < expected.size(); ++c) {
        ASSERT_TRUE(close(expected[c], got[c])) << columns[c].name;
      }
      if (day < 0) continue;
      const auto& result = kernel.result();
      const auto a = fields(summary), b = fields(result.summary[i / kLanes], i % kLanes);
      for (std::size_t f = 0; f < a.size(); ++f) ASSERT_TRUE(close(a[f], b[f])) << "summary " << f;
      if (Walker::assessed(day)) {
        ASSERT_EQ(fields(reference.assess(i, day)),
                  fields(result.assessment[i / kLanes], i % kLanes));
      }
      for (std::size_t n = 0; n < samples.size(); ++n) {
        const ProbeSample s = kernel.sample(n, i);
        ASSERT_TRUE(close(samples[n].cortisol, s.cortisol)) << "sample " << n;
        ASSERT_TRUE(close(samples[n].acth, s.acth)) << "sample " << n;
        ASSERT_TRUE(close(samples[n].noradrenaline, s.noradrenaline)) << "sample " << n;
        ASSERT_TRUE(close(samples[n].adrenaline, s.adrenaline)) << "sample " << n;
      }
      seen.encounters += summary.encounters;
      seen.mastered += summary.mastered;
      seen.avoided += summary.avoided;
      seen.events += summary.event > 0.0;
      seen.traumas += summary.event == static_cast<double>(EventKind::traumatic);
    }
  }
}
Seen expect_equal(const Setting& setting) {
  Seen seen;
  expect_equal(setting, available_isas(), seen);
  EXPECT_EQ(seen.lost, 0);
  return seen;
}

/// Events that take years, within weeks.
ModelParameters eventful() {
  ModelParameters p = default_parameters();
  p.exposure.hassles_per_day = 15.0;
  p.exposure.minor_events_per_y = 60.0;
  p.exposure.severe_events_per_y = 20.0;
  p.exposure.traumatic_events_per_y = 15.0;
  return p;
}

Probe stress_test(int day) {
  Probe probe;
  probe.name = "tsst";
  probe.day = day;
  probe.samples_min = {-30, 0, 15, 30, 45, 60, 90, 120};
  return probe;
}
Probe crh_test(int day) {
  Probe probe;
  probe.name = "crh";
  probe.kind = ProbeKind::crh;
  probe.day = day;
  probe.minute = 14 * 60;
  probe.samples_min = {0, 15, 30, 60};
  return probe;
}
Probe day_at_rest(int day) {
  Probe probe;
  probe.name = "diurnal";
  probe.kind = ProbeKind::rest;
  probe.day = day;
  probe.minute = 7 * 60;
  probe.samples_min = {-60, 0, 30, 240, 840};
  return probe;
}

// --- against the reference -------------------------------------------------------------------

TEST(Walk, DefaultParametersForAThirdOfAYear) {
  Setting setting;
  setting.days = 120;
  const Seen seen = expect_equal(setting);
  EXPECT_GT(seen.encounters, 3000.0);
  EXPECT_GT(seen.mastered, 500.0);
  EXPECT_GT(seen.avoided, 500.0);
  EXPECT_GT(seen.events, 100.0);
}

TEST(Walk, SlowHormonesWithoutBrainLag) {
  Setting setting;
  setting.parameters = eventful();
  ASSERT_TRUE(apply_hpa_preset("karin2020", setting.parameters.hpa));
  ASSERT_EQ(setting.parameters.hpa.brain_rate_per_min, 0.0);
  setting.probes = {stress_test(3), crh_test(4)};
  setting.days = 60;
  expect_equal(setting);
}

TEST(Walk, EverySwitch) {
  Setting usual;
  usual.parameters = eventful();
  int switches = 0;
  for_each_parameter(usual.parameters, [&](const ParameterInfo& info, double*, bool* is_on) {
    if (is_on == nullptr || HasFatalFailure()) return;
    SCOPED_TRACE(std::string(info.section) + "." + std::string(info.key));
    *is_on = !*is_on;
    Setting setting = usual;
    *is_on = !*is_on;
    setting.days = 21;
    const Seen seen = expect_equal(setting);
    EXPECT_GT(seen.mastered, 200.0);
    EXPECT_GT(seen.traumas, 10.0);
    ++switches;
  });
  EXPECT_GE(switches, 13);  // yoked and noradrenaline_active among them
}

TEST(Walk, EveryLegalKindOfStep) {
  for (const double dt_min : {6.0, 30.0 / 13.0, 2.5, 1.0}) {
    SCOPED_TRACE("dt_min " + std::to_string(dt_min));
    Setting setting;
    setting.parameters = eventful();
    setting.dt_min = dt_min;
    setting.days = 14;
    setting.probes = {stress_test(2), crh_test(2), day_at_rest(2), day_at_rest(4)};
    expect_equal(setting);
  }
}

/// Hassles and events at all hours for every second person of the block, on most days.
ReplayPlan recorded(ReplayReplaces replaces, int days) {
  ReplayPlan plan;
  plan.file = "events.csv";
  plan.replaces = replaces;
  for (int i = 0; i < kBlockSize; i += 2) {
    for (int day = i % 3; day < days; day += 1 + i % 2 + day % 2) {
      ReplayRow row;
      row.individual = kFirstId + static_cast<std::uint64_t>(i);
      row.day = day;
      for (int n = 0; n < (i + day) % 5; ++n) {
        row.minute = 360 + 60 * n + 5 * (i % 12);
        row.stressor = static_cast<StressorClass>((i + n) % kStressorClasses);
        row.severity = 0.3 + 0.2 * n;
        if (n == 1) row.controllability = 0.9;
        if (n == 2) row.duration_min = 7.0;
        if (n == 3) row.predictability = 1.0;
        plan.rows.push_back(row);
      }
      if ((i + day) % 7 != 0) continue;
      row.minute = 1200;
      row.kind = static_cast<EventKind>(1 + (i + day) / 7 % 3);
      row.severity = 2.0;
      plan.rows.push_back(row);
    }
  }
  return plan;
}

TEST(Walk, ReplayInEveryMode) {
  for (const ReplayReplaces replaces : {ReplayReplaces::all, ReplayReplaces::encounters,
                                        ReplayReplaces::events, ReplayReplaces::nothing}) {
    SCOPED_TRACE(static_cast<int>(replaces));
    Setting setting;
    setting.parameters = eventful();
    setting.parameters.exposure.event_excitation = 2.0;
    setting.days = 25;
    setting.replay = recorded(replaces, setting.days);
    setting.replay.who =
        replaces == ReplayReplaces::events ? ReplayWho::everybody : ReplayWho::listed;
    Wave wave;
    wave.day = 7;
    setting.waves = {wave};
    const Seen seen = expect_equal(setting);
    EXPECT_GT(seen.encounters, 300.0);
    EXPECT_GT(seen.traumas, 20.0);
  }
}

TEST(Walk, RegimesOfASex) {
  Setting setting;
  Regime women;
  women.end_day = 20;
  women.severity = 3.0;
  women.hassle_rate = 2.0;
  women.sex = 1;
  setting.regimes = {women};
  setting.days = 20;
  expect_equal(setting);
}

TEST(Walk, RegimesOfAllAndOfAGroup) {
  Setting setting;
  Regime all, group;
  all.start_day = 5;
  all.end_day = 20;
  all.hassle_rate = 1.7;
  all.severity = 1.4;
  group.start_day = 10;
  group.end_day = 30;
  group.life_event_rate = 20.0;
  group.controllability = 0.5;
  group.group = 1;
  setting.regimes = {all, group};
  setting.days = 35;
  expect_equal(setting);
}

TEST(Walk, WavesAlsoSeveralOnOneDay) {
  Setting setting;
  Wave first, second, later;
  first.day = second.day = 4;
  first.fraction = 0.4;
  first.severity = 1.3;
  first.stressor = StressorClass::interpersonal_loss;
  second.fraction = 0.5;
  second.controllability = 0.3;
  later.day = 9;
  setting.waves = {later, first, second};  // the order of days does not matter
  const Seen seen = expect_equal(setting);
  EXPECT_NEAR(seen.traumas, 64.0 * (1.0 - 0.6 * 0.5 + 1.0), 20.0);  // 5 sd of a share of 64
}

TEST(Walk, ProbesWithSamples) {
  Setting setting;
  Probe both = crh_test(6);  // on the day of a stress test
  both.minute = 15 * 60 + 10;
  both.bolus = 30.0;
  Probe other = stress_test(9);
  other.stressor = StressorClass::threat;
  other.minute = 23 * 60;  // some samples fall into the next day, and are not taken
  other.duration_min = 60;
  setting.probes = {stress_test(2), crh_test(3), both, stress_test(6), other};
  setting.days = 14;
  expect_equal(setting);
}

// A choice of coping needs its time even if the stressor is over before.
TEST(Walk, AProbeShorterThanTheDelayOfTheChoice) {
  Setting setting;
  Probe brief = stress_test(1);
  brief.duration_min = 5;
  ASSERT_LT(brief.duration_min, setting.parameters.coping.decision_delay_min);
  setting.probes = {brief};
  setting.days = 3;
  expect_equal(setting);
}

// One parameter at a time at the ends of its admissible range, the others as they are in an
// eventful week.
TEST(Walk, EveryParameterAtTheEndsOfItsRange) {
  Setting setting;
  setting.parameters = eventful();
  setting.probes = {stress_test(1)};
  setting.days = 4;
  const std::vector<Isa> best = {best_isa()};
  for_each_parameter(setting.parameters, [&](const ParameterInfo& info, double* number, bool*) {
    if (number == nullptr || HasFatalFailure()) return;
    const double usual = *number;
    for (const double end : {info.low, info.high}) {
      SCOPED_TRACE(std::string(info.section) + "." + std::string(info.key) + " = " +
                   std::to_string(end));
      *number = end;
      Seen seen;
      expect_equal(setting, best, seen);
      EXPECT_EQ(seen.lost, 0);
    }
    *number = usual;
  });
}

// --- interventions ----------------------------------------------------------------------------

/// Of a kind, from day 2 to day 17, half followed, with all that a slot can hold.
InterventionSlot some_intervention(InterventionKind kind, std::uint32_t place) {
  InterventionSlot slot{};
  slot.kind = kind;
  slot.target = InterventionTarget::all;
  slot.place = place;
  slot.start_day = 2;
  slot.end_day = 18;
  slot.dose = 1.5;
  slot.fraction = 0.6;
  slot.threshold = 0.2;
  slot.adherence = 0.7;
  slot.dropout = 0.03;
  slot.build_up = 0.3;
  slot.decay = 0.9;
  slot.booster = 0.1;
  slot.every_days = 2;
  slot.sessions = 8;
  slot.stressor = StressorClass::demand;
  slot.severity_from = 0.3;
  slot.severity_to = 2.0;
  slot.controllability = 0.8;
  slot.minute = 14 * 60;
  slot.duration_min = 180.0;
  if (is_drug(kind) || kind == InterventionKind::inoculation) {
    slot.build_up = 1.0;
    slot.decay = slot.booster = 0.0;
  }
  return slot;
}

Setting with_interventions(int first_kind) {
  Setting setting;
  setting.parameters = eventful();
  setting.probes = {stress_test(5), crh_test(6)};
  setting.days = 24;
  for (int i = 0; i < kInterventionSlots; ++i) {
    const auto kind = static_cast<InterventionKind>((first_kind + i) % kInterventionKinds);
    InterventionSlot& slot = setting.interventions.slot[setting.interventions.count++];
    slot = some_intervention(kind, static_cast<std::uint32_t>(7 * i + first_kind));
    slot.target = static_cast<InterventionTarget>((first_kind + i) % 7);
    slot.weight[index_of(Factor::optimism)] = 1.0;
    slot.weight[index_of(Factor::fitness)] = -0.5;
    slot.stratum = 2.0;
    slot.stepped = slot.target == InterventionTarget::symptoms;
  }
  return setting;
}

TEST(Walk, InterventionsOfEveryKindAndTarget) {
  for (int first = 0; first < kInterventionKinds; ++first) {
    SCOPED_TRACE(first);
    expect_equal(with_interventions(first));
    if (HasFatalFailure()) return;
  }
}

TEST(Walk, InterventionsWithTheirParametersAtTheEndsOfTheirRanges) {
  const std::vector<Isa> best = {best_isa()};
  for (const int first : {0, 6}) {
    Setting setting = with_interventions(first);
    for (InterventionSlot& slot : setting.interventions.slot) {
      slot.target = InterventionTarget::all;
      slot.dose = 20.0;
    }
    setting.days = 6;
    for_each_parameter(setting.parameters, [&](const ParameterInfo& info, double* number, bool*) {
      if (number == nullptr || info.section != "interventions" || HasFatalFailure()) return;
      const double usual = *number;
      for (const double end : {info.low, info.high}) {
        SCOPED_TRACE(std::string(info.key) + " = " + std::to_string(end));
        *number = end;
        Seen seen;
        expect_equal(setting, best, seen);
      }
      *number = usual;
    });
  }
}

// Any number of interventions that do nothing leave the bits as they are: dose 0, or for nobody.
TEST(Walk, InterventionsThatDoNothingLeaveEveryBit) {
  for (const bool nobody : {false, true}) {
    for (int first = 0; first < kInterventionKinds; ++first) {
      const Setting idle = [&] {
        Setting setting = with_interventions(first);
        for (InterventionSlot& slot : setting.interventions.slot) {
          slot.target = nobody ? InterventionTarget::fraction : InterventionTarget::all;
          slot.fraction = 0.0;
          if (!nobody) slot.dose = 0.0;
        }
        return setting;
      }();
      Setting without = idle;
      without.interventions.count = 0;
      const auto modifiers = uniform_modifiers();
      for (const Isa isa : available_isas()) {
        Walker a(isa, idle), b(isa, without);
        for (int day = 0; day < 10; ++day) {
          a.live(day, modifiers);
          b.live(day, modifiers);
          for (int i = 0; i < kBlockSize; ++i) {
            auto x = std::bit_cast<PersonState<double>>(a.row(i));
            const auto y = std::bit_cast<PersonState<double>>(b.row(i));
            x.interventions = y.interventions;
            ASSERT_EQ(std::memcmp(&x, &y, sizeof x), 0)
                << to_string(isa) << ", day " << day << ", person " << i << ", kinds from "
                << first;
          }
        }
      }
    }
  }
}

// --- individuals do not see each other --------------------------------------------------------

TEST(Walk, ChangingAllOthersLeavesAPersonsBits) {
  Setting setting;
  setting.parameters = eventful();
  setting.probes = {stress_test(5)};
  const auto people = starts();
  for (const Isa isa : available_isas()) {
    for (const int kept : {0, 13, 63}) {
      SCOPED_TRACE(std::string(to_string(isa)) + ", person " + std::to_string(kept));
      auto others = people;
      for (int i = 0; i < kBlockSize; ++i) {
        if (i == kept) continue;
        PersonStart& start = others[static_cast<std::size_t>(i)];
        for (double& z : start.factor) z = -z + 0.1 * i;
        start.extra_log_rate += i % 2 == 0 ? 1.0 : -3.0;
      }
      Walker a(isa, setting, people), b(isa, setting, others);
      auto modifiers = uniform_modifiers();
      for (int day = 0; day < 20; ++day) {
        a.live(day, modifiers);
        b.live(day, modifiers);
        ASSERT_TRUE(same_bits(a.row(kept), b.row(kept))) << "day " << day;
        const int pack = kept / kLanes, lane = kept % kLanes;
        ASSERT_EQ(fields(a.result().summary[pack], lane), fields(b.result().summary[pack], lane));
        ASSERT_EQ(fields(a.result().assessment[pack], lane),
                  fields(b.result().assessment[pack], lane));
      }
      const int other = kept ^ 1;
      EXPECT_FALSE(same_bits(a.row(other), b.row(other)));
    }
  }
}

// The kernel skips the encounters of a pack in which nobody has one; who rests must not notice.
TEST(Walk, EncountersOfNeighboursLeaveARestingPersonsBits) {
  Setting setting;
  setting.parameters = eventful();
  const auto rests = [](int i) { return i % 5 == 2; };
  for (const Isa isa : available_isas()) {
    SCOPED_TRACE(to_string(isa));
    auto nobody = uniform_modifiers();
    for (ModifierLanes& m : nobody) {
      for (int l = 0; l < kLanes; ++l) m.log_hassle_rate[l] = -600.0, m.event_rate[l] = 0.0;
    }
    auto some = nobody;
    for (int i = 0; i < kBlockSize; ++i) {
      if (rests(i)) continue;
      some[static_cast<std::size_t>(i / kLanes)].log_hassle_rate[i % kLanes] = 1.0;
      some[static_cast<std::size_t>(i / kLanes)].event_rate[i % kLanes] = 1.0;
    }
    Walker quiet(isa, setting), busy(isa, setting);
    double encounters = 0.0;
    for (int day = 0; day < 20; ++day) {
      quiet.live(day, nobody);
      busy.live(day, some);
      for (int i = 0; i < kBlockSize; ++i) {
        const double n = busy.result().summary[i / kLanes].encounters[i % kLanes];
        encounters += n;
        if (!rests(i)) continue;
        ASSERT_EQ(n, 0.0);
        ASSERT_TRUE(same_bits(quiet.row(i), busy.row(i))) << "day " << day << ", person " << i;
      }
    }
    EXPECT_GT(encounters, 2000.0);
  }
}

// The same the other way: who has encounters does not depend on whether the others have.
TEST(Walk, RestOfNeighboursLeavesABusyPersonsBits) {
  Setting setting;
  setting.parameters = eventful();
  const auto all = uniform_modifiers();
  for (const Isa isa : available_isas()) {
    for (const int busy : {2, 40}) {
      auto alone = all;
      for (int i = 0; i < kBlockSize; ++i) {
        if (i == busy) continue;
        alone[static_cast<std::size_t>(i / kLanes)].log_hassle_rate[i % kLanes] = -600.0;
        alone[static_cast<std::size_t>(i / kLanes)].event_rate[i % kLanes] = 0.0;
      }
      Walker a(isa, setting), b(isa, setting);
      for (int day = 0; day < 20; ++day) {
        a.live(day, all);
        b.live(day, alone);
        ASSERT_TRUE(same_bits(a.row(busy), b.row(busy)))
            << to_string(isa) << ", day " << day << ", person " << busy;
      }
    }
  }
}

// --- the columns of a person ------------------------------------------------------------------

TEST(PersonColumns, DescribeEveryNumberOfTheState) {
  const auto& columns = person_columns();
  ASSERT_EQ(columns.size(), kPersonColumns);
  std::set<std::string> names;
  for (const PersonColumn& c : columns) {
    EXPECT_TRUE(names.insert(c.name).second) << c.name << " twice";
    EXPECT_NE(c.name.find('.'), std::string::npos) << c.name;
    EXPECT_FALSE(c.unit.empty()) << c.name;
    EXPECT_FALSE(c.doc.empty()) << c.name;
  }
}

TEST(PersonColumns, AreInTheOrderOfTheState) {
  PersonState<double> s{};
  s.traits.factor[index_of(Factor::optimism)] = 1.0;
  s.hpa.cortisol = 2.0;
  s.receptors.genomic = 3.0;
  s.exposure.event_weeks = 4.0;
  s.reinforcement.avoid[3] = 5.0;
  s.controllability.omega_general = 6.0;
  s.memory.threat[1] = 7.0;
  s.habituation.response[2] = 8.0;
  s.malleability.delta[0] = 9.0;
  s.mental_health.ptsd_days = 10.0;
  s.extra_log_rate = 11.0;
  s.stratum = 12.0;
  const std::string names[] = {"traits.optimism",
                               "hpa.cortisol",
                               "receptors.genomic",
                               "exposure.event_weeks",
                               "reinforcement.avoid_threat",
                               "controllability.omega_general",
                               "memory.threat_demand",
                               "habituation.interpersonal_loss",
                               "malleability.social_support",
                               "mental_health.ptsd_days",
                               "person.extra_log_rate",
                               "person.stratum"};
  const Row row = std::bit_cast<Row>(s);
  double value = 0.0;
  for (const std::string& name : names) {
    value += 1.0;
    for (std::size_t c = 0; c < row.size(); ++c) {
      EXPECT_EQ(row[c] == value, person_columns()[c].name == name) << name << ", column " << c;
    }
  }
}

}  // namespace
}  // namespace eustress
