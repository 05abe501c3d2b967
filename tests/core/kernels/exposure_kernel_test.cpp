#include "core/mechanisms/exposure_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// Rounding of exponents of up to about 30 (rates, severities).
constexpr double kTolerance = 1e-13;
constexpr double kSteps_min[] = {0.25, 0.5, 1.0, 2.5, 5.0, 6.0};

/// The draws of one person and day, by the table of core/engine/day.hpp.
ExposureDraws draws_of(const DrawKeys& keys, std::uint64_t id, std::uint32_t day) {
  ExposureDraws d{};
  const UniformPair rate = normal_pair(keys(Purpose::hassle_rate), id, day, 0);
  d.n_week = rate.first;
  d.n_month = rate.second;
  const UniformPair count = uniform_pair(keys(Purpose::hassles), id, day, 0);
  d.u_count = count.first;
  d.u_encounters = count.second;
  const StreamKey key = keys(Purpose::encounters);
  for (std::uint32_t e = 0; e < kHassleSlots; ++e) {
    const UniformPair first = uniform_pair(key, id, day, 4 * e);
    const UniformPair second = normal_pair(key, id, day, 4 * e + 1);
    d.encounter[e] = {first.first,
                      first.second,
                      second.first,
                      second.second,
                      normal_pair(key, id, day, 4 * e + 2).first,
                      uniform_pair(key, id, day, 4 * e + 3).first};
  }
  const StreamKey events = keys(Purpose::life_events);
  const UniformPair event = uniform_pair(events, id, day, 0);
  d.u_event = event.first;
  d.u_event_class = event.second;
  d.u_event_onset = uniform_pair(events, id, day, 1).first;
  d.n_event_severity = normal_pair(events, id, day, 2).first;
  d.n_traumatic = normal_pair(keys(Purpose::traits), id, 0, kTraumaticRatePair).first;
  return d;
}

/// What a day of eight people is made of, besides parameters.
struct Setting {
  Eight<ExposureState> people;
  Numbers x_hassles, x_events, extra, latent;
  Numbers log_rate, event_rate, severity, controllability;
  Chosen hit;
  Numbers wave_severity, wave_controllability, wave_class;

  explicit Setting(Random& random, bool usual)
      : hit(usual ? Chosen{} : random_choice(random)), wave_class(random_classes(random)) {
    const double wide = usual ? 0.3 : 1.0;
    for (auto& s : people) {
      s = {random.normal(),
           random.normal(),
           random.within(0.0, 2.0 * wide),
           0.0,
           0.0,
           static_cast<double>(random.below(4))};
    }
    x_hassles = eight([&] { return wide * random.normal(); });
    x_events = eight([&] { return wide * random.normal(); });
    extra = eight([&] { return 0.3 * wide * random.normal(); });
    latent = eight([&] { return random.within(-4.0, 8.0); });
    log_rate = eight([&] { return usual ? 0.0 : random.within(-3.0, 3.0); });
    event_rate = eight([&] { return usual ? 1.0 : random.within(0.0, 20.0); });
    severity = eight([&] { return usual ? 1.0 : random.within(0.0, 4.0); });
    controllability = eight([&] { return usual ? 1.0 : random.within(0.0, 4.0); });
    wave_severity = eight([&] { return random.within(0.0, 4.0); });
    wave_controllability = eight([&] { return random.within(0.0, 1.0); });
  }
  [[nodiscard]] DayModifiers modifiers(std::size_t l) const {
    return {log_rate[l], event_rate[l], severity[l], controllability[l]};
  }
  [[nodiscard]] WaveHit wave(std::size_t l) const {
    return {hit[l], wave_severity[l], wave_controllability[l], class_of_code(wave_class[l])};
  }
};

constexpr std::array kDayNames = {
    Column{"onset_step", "", ""},      Column{"stressor", "", ""},       Column{"severity", "", ""},
    Column{"controllability", "", ""}, Column{"predictability", "", ""}, Column{"steps", "", ""}};

struct Seen {
  int hassles = 0, encounters[kHassleSlots + 1] = {}, events[4] = {}, capped = 0, longest = 0;
};

/// Compares one day of eight people.
void compare_day(const ModelParameters& m, Setting setting, double dt_min, const DrawKeys& keys,
                 std::uint64_t first_id, std::uint32_t day, Seen& seen) {
  const double omega = m.traits.omega[static_cast<std::size_t>(Trait::life_event_rate)];
  const double decision_steps = std::ceil(m.coping.decision_delay_min / dt_min);
  const ExposureCoefficients c(m.exposure, dt_min, decision_steps);
  auto state = packed(setting.people);
  DayExposure<Pack> out{};
  draw_exposure(out, state, m.exposure, c, omega, packed(setting.x_hassles),
                packed(setting.x_events), packed(setting.extra), packed(setting.latent),
                {packed(setting.log_rate), packed(setting.event_rate), packed(setting.severity),
                 packed(setting.controllability)},
                {setting.hit.mask(), packed(setting.wave_severity),
                 packed(setting.wave_controllability), packed(setting.wave_class)},
                keys.seed, keys.replicate, lane_ids(first_id), day);
  const auto kernel = unpacked(out);
  const auto after = unpacked(state);

  for (std::size_t l = 0; l < kLanes; ++l) {
    SCOPED_TRACE("individual " + std::to_string(first_id + l) + ", day " + std::to_string(day));
    ExposureState<double>& s = setting.people[l];
    const auto reference =
        exposure_reference(s, m.exposure, omega, setting.x_hassles[l], setting.x_events[l],
                           setting.extra[l], setting.latent[l], setting.modifiers(l),
                           setting.wave(l), draws_of(keys, first_id + l, day), dt_min);
    // fluctuations and open problems may be near 0: relative to 1
    ASSERT_TRUE(close(s, after[l], kExposureColumns, kTolerance, 1.0));
    ASSERT_EQ(reference.hassles, kernel[l].hassles);
    ASSERT_EQ(reference.event, kernel[l].event);
    ++seen.events[static_cast<int>(reference.event)];
    seen.capped += reference.hassles > 60.0;
    int encounters = 0;
    for (int slot = 0; slot < kProbeSlot; ++slot) {
      auto expected = reference.encounter[slot];
      const auto& got = kernel[l].encounter[slot];
      ASSERT_EQ(expected.onset_step, got.onset_step) << "slot " << slot;
      if (expected.onset_step == kNever) continue;
      encounters += slot < kHassleSlots;
      // the kernel makes room for the choice of coping, the reference day does
      expected.steps = std::max(expected.steps, decision_steps + 1.0);
      seen.longest += expected.steps == 240.0 / dt_min;
      using Row = std::array<double, 6>;
      const Row a = std::bit_cast<Row>(expected), b = std::bit_cast<Row>(got);
      for (std::size_t i = 0; i < a.size(); ++i) {
        ASSERT_TRUE(close(a[i], b[i], kTolerance)) << kDayNames[i].name << " of slot " << slot;
      }
      ASSERT_EQ(expected.stressor, got.stressor);
      ASSERT_EQ(expected.steps, got.steps);
    }
    ++seen.encounters[encounters];
    seen.hassles += static_cast<int>(reference.hassles);
  }
}

TEST(ExposureKernel, UsualDaysEqualTheReference) {
  Random random(23);
  const ModelParameters m = default_parameters();
  Seen seen;
  for (std::uint32_t day = 0; day < 3000; ++day) {
    compare_day(m, Setting(random, true), 5.0, {1234567, 3}, 4 * kLanes, day, seen);
    if (HasFailure()) return;
  }
  // So many days see everything that a usual day can be.
  for (const int n : seen.encounters) EXPECT_GT(n, 10);
  for (const int n : seen.events) EXPECT_GT(n, 0);
}

TEST(ExposureKernel, DaysUnderAnyParametersEqualTheReference) {
  Seen seen;
  for_each_parameter_set(24, 400, [&](const ModelParameters& m, Random& random) {
    for (const double dt_min : kSteps_min) {
      for (int i = 0; i < 3; ++i) {
        compare_day(m, Setting(random, false), dt_min,
                    {static_cast<std::uint64_t>(random.below(1 << 30)) << 20, 0},
                    0xFFFFFFF8ULL + static_cast<std::uint64_t>(random.below(100)),
                    static_cast<std::uint32_t>(random.below(20000)), seen);
        if (::testing::Test::HasFailure()) return;
      }
    }
  });
  for (const int n : seen.encounters) EXPECT_GT(n, 500);
  for (const int n : seen.events) EXPECT_GT(n, 500);
  EXPECT_GT(seen.capped, 500);
  EXPECT_GT(seen.longest, 500);
}

// Every hassle an encounter: as many as there are slots.
TEST(ExposureKernel, AShareOfOneMakesEveryHassleAnEncounter) {
  ModelParameters m = default_parameters();
  m.exposure.encounter_share = 1.0;
  Random random(25);
  Seen seen;
  for (std::uint32_t day = 0; day < 300; ++day) {
    compare_day(m, Setting(random, true), 5.0, {99, 0}, 0, day, seen);
    if (HasFailure()) return;
  }
  EXPECT_GT(seen.encounters[kHassleSlots], 1500);
}

// The step grid does not always lie exactly on floating-point numbers: 30/13 min is a legal step.
TEST(ExposureKernel, OnsetsStayInTheWakingHoursOnEveryStepGrid) {
  const ModelParameters m = default_parameters();
  for (int n = 5; n <= 120; ++n) {
    const ExposureCoefficients c(m.exposure, 30.0 / n, 0.0);
    EXPECT_EQ(c.first_step, 15.0 * n) << n;         // 07:30
    EXPECT_EQ(c.onset_steps, 30.0 * n + 1.0) << n;  // to 22:30
    EXPECT_EQ(c.longest, 8.0 * n) << n;             // 240 min
  }
}

}  // namespace
}  // namespace eustress
