#include "core/mechanisms/mental_health_kernel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

constexpr double kTolerance = 1e-13;  // rounding of exponents of up to about 30
/// Distress, symptoms, mood and latent distress are sums of terms of either sign.
constexpr double kScale = 1.0;

Eight<MentalHealthState> random_states(Random& random) {
  Eight<MentalHealthState> people;
  for (auto& s : people) {
    s.distress = random.within(-3.0, 6.0);
    s.symptoms = random.coin() ? 0.0 : random.within(0.0, 30.0);
    s.mood = random.normal();
    s.latent = random.normal();
    s.depressed_days = random.below(20);
    s.ptsd_days = random.below(40);
  }
  return people;
}

TEST(MentalHealthKernel, SleepQualityEqualsTheReference) {
  for_each_parameter_set(30, 300, [](const ModelParameters& m, Random& random) {
    const auto people = random_states(random);
    const Numbers x = eight([&] { return random.within(-3.0, 3.0); });
    const Numbers kernel = unpacked(sleep_quality(m.mental_health, packed(x), packed(people)));
    for (std::size_t l = 0; l < kLanes; ++l) {
      ASSERT_TRUE(close(
          sleep_quality_reference(m.mental_health, x[l], people[l].symptoms, people[l].distress),
          kernel[l], kTolerance, 1e-30));
    }
  });
}

TEST(MentalHealthKernel, NightsEqualTheReference) {
  std::array<int, 4> events{};
  int depressed = 0, ptsd = 0;
  for_each_parameter_set(31, 300, [&](const ModelParameters& m, Random& random) {
    const MentalHealthParameters& p = m.mental_health;
    const double base = m.exposure.hassles_per_day;
    const MentalHealthCoefficients c(p, base);
    for (int pack = 0; pack < 20; ++pack) {
      const auto people = random_states(random);
      Eight<DayStrain> day;
      for (auto& d : day) {
        d.hassles = random.below(40);
        d.strain = random.coin() ? 0.0 : random.within(0.0, 30.0);
        d.event = random.below(4);
        d.event_appraisal = random.within(0.0, 3.0);
        d.event_success = random.coin() ? 1.0 : 0.0;
        ++events[static_cast<std::size_t>(d.event)];
      }
      const auto unit = [&] { return random.within(0.0, 1.0); };
      const Numbers self_control = eight(unit), safety = eight(unit), support = eight(unit),
                    energy = eight(unit), quality = eight(unit), steeling = eight(unit);
      const Numbers load = eight([&] { return random.within(0.0, 20.0); });
      const Numbers traumas = eight([&] { return static_cast<double>(random.below(5)); });
      const auto trait = [&] { return random.within(-3.0, 3.0); };
      const Numbers x_distress = eight(trait), x_reactivity = eight(trait),
                    x_recovery = eight(trait);
      const auto normal = [&] { return random.normal(); };
      const Numbers n_jump = eight(normal), n_mood = eight(normal), adversity = eight(normal);
      Numbers reactivity, recovery_rate;
      for (std::size_t l = 0; l < kLanes; ++l) {
        reactivity[l] = std::exp(x_reactivity[l]);
        recovery_rate[l] = p.recovery_rate_per_d * std::exp(x_recovery[l]);
      }

      auto kernel = packed(people);
      const DayStrain<Pack> strain = packed(day);
      const Pack jump = symptom_jump(p, strain, packed(reactivity), packed(traumas),
                                     packed(adversity), packed(steeling), packed(n_jump));
      mental_health_night(kernel, p, c, packed(x_distress), packed(reactivity),
                          packed(recovery_rate), packed(traumas), strain,
                          {packed(self_control), packed(safety), packed(support), packed(energy),
                           packed(load), packed(quality), packed(steeling)},
                          jump, packed(n_mood));
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        auto s = people[l];
        mental_health_reference(
            s, p, base, x_distress[l], x_reactivity[l], x_recovery[l], traumas[l], adversity[l],
            day[l],
            {self_control[l], safety[l], support[l], energy[l], load[l], quality[l], steeling[l]},
            n_jump[l], n_mood[l]);
        // P is a sum whose parts may cancel, and of which steeling is a steep function: relative to
        // the parts, times the steepest slope.
        const double parts = std::abs(x_distress[l]) + p.distress_weight * std::abs(s.distress) +
                             s.symptoms + p.mood_weight * std::abs(s.mood);
        const double slope = 1.0 + 1.1 * p.steeled_distress * steeling[l] / p.steeled_reach;
        ASSERT_TRUE(close(s.latent, after[l].latent, kTolerance, std::max(kScale, parts * slope)));
        s.latent = after[l].latent;
        ASSERT_TRUE(close(s, after[l], kMentalHealthColumns, kTolerance, kScale))
            << "event " << day[l].event << ", symptoms " << people[l].symptoms << ", traumas "
            << traumas[l];
        depressed += s.depressed_days > 0.0;
        ptsd += s.ptsd_days > 0.0;
        if (day[l].event == 0.0) {
          ASSERT_EQ(unpacked(jump)[l], 0.0);
        }
      }
    }
  });
  for (const int n : events) EXPECT_GT(n, 1000);
  EXPECT_GT(depressed, 1000);
  EXPECT_GT(ptsd, 1000);
}

}  // namespace
}  // namespace eustress
