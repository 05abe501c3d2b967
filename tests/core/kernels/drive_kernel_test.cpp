#include "core/mechanisms/drive_kernel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/engine/block.hpp"
#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

// The logarithm of the rhythm reaches 25 (amplitude 4 e^1, and its daily mean): its rounding is
// 2e-15 of that, times the ten operations that add up.
constexpr double kTolerance = 5e-13;

struct Traits {
  Numbers amplitude, phase_h, awakening;
  explicit Traits(Random& random)
      : amplitude(eight([&] { return random.within(-1.0, 1.0); })),
        phase_h(eight([&] { return random.within(-3.0, 3.0); })),
        awakening(eight([&] { return random.within(-2.0, 2.0); })) {}
};

TEST(DriveKernel, DailyMeanEqualsTheReference) {
  for_each_parameter_set(12, 200, [](const ModelParameters& m, Random& random) {
    const Traits t(random);
    const DriveCoefficients c(m.drive);
    const DriveShape shape(c, packed(t.amplitude), packed(t.phase_h));
    const Numbers kernel = unpacked(drive_log_daily_mean(c, shape));
    for (std::size_t l = 0; l < kLanes; ++l) {
      // A logarithm that may vanish: relative to 1.
      ASSERT_TRUE(close(drive_log_daily_mean_reference(m.drive, t.amplitude[l], t.phase_h[l]),
                        kernel[l], kTolerance, 1.0));
    }
  });
}

TEST(DriveKernel, DaysEqualTheReference) {
  for_each_parameter_set(13, 60, [](const ModelParameters& m, Random& random) {
    const DriveParameters& p = m.drive;
    const Traits t(random);
    const DriveCoefficients c(p);
    const DriveShape shape(c, packed(t.amplitude), packed(t.phase_h));
    Eight<DriveState> people;
    Numbers awakening, wake_half_hour;
    for (std::size_t l = 0; l < kLanes; ++l) {
      people[l] = {random.within(0.0, 1.0),
                   drive_log_daily_mean_reference(p, t.amplitude[l], t.phase_h[l])};
      awakening[l] = p.awakening * std::exp(t.awakening[l]);
      wake_half_hour[l] = std::nearbyint(2.0 * (p.wake_h + t.phase_h[l]));
    }
    auto kernel = packed(people);
    for (int day = 0; day < 3; ++day) {
      for (int j = 0; j < kHalfHours; ++j) {
        const Numbers random_u = eight([&] { return random.within(0.0, 1.0); });
        const Numbers u = unpacked(drive_half_hour(kernel, c, shape, packed(awakening),
                                                   packed(wake_half_hour), j, packed(random_u)));
        const auto after = unpacked(kernel);
        for (std::size_t l = 0; l < kLanes; ++l) {
          const double reference = drive_reference(people[l], p, t.amplitude[l], t.phase_h[l],
                                                   t.awakening[l], j, random_u[l]);
          ASSERT_TRUE(close(reference, u[l], kTolerance)) << "half-hour " << j;
          ASSERT_TRUE(close(people[l], after[l], kDriveColumns, kTolerance, 1.0));
          people[l] = after[l];  // step by step: the phase carries rounding on
        }
      }
    }
  });
}

TEST(DriveKernel, IsTheSameOnEveryInstructionSetAndEqualsTheReference) {
  constexpr std::size_t kDays = 4;
  constexpr std::uint64_t kFirst = 0xFFFFFFE0ULL;  // across 2^32
  const StreamKey key{77, 2, Purpose::ultradian};
  for_each_parameter_set(14, 10, [&](const ModelParameters& m, Random& random) {
    DriveState<Lanes> start[kPacksPerBlock];
    Eight<DriveState> people[kPacksPerBlock];
    const double log_mean = drive_log_daily_mean_reference(m.drive, 0.0, 0.0);
    for (int i = 0; i < kPacksPerBlock; ++i) {
      for (auto& s : people[i]) s = {random.within(0.0, 1.0), log_mean};
      const auto s = packed(people[i]);
      std::memcpy(&start[i], &s, sizeof s);
    }
    std::vector<double> first;
    DriveState<Lanes> first_states[kPacksPerBlock];
    for (const Isa isa : available_isas()) {
      DriveState<Lanes> states[kPacksPerBlock];
      std::memcpy(states, start, sizeof states);
      std::vector<double> u(kDays * kHalfHours * kBlockSize);
      primitives(isa).drive(states, m.drive, key, kFirst, u.data(), kDays);
      if (first.empty()) {
        first = u;
        std::memcpy(first_states, states, sizeof states);
      }
      EXPECT_EQ(std::memcmp(u.data(), first.data(), u.size() * sizeof(double)), 0)
          << to_string(isa);
      EXPECT_EQ(std::memcmp(states, first_states, sizeof states), 0) << to_string(isa);
    }
    // Against the reference, without the awakening pulse, which the primitive leaves out. The phase
    // adds up the rounding of its steps; none of these draws comes that close to a pulse.
    DriveParameters p = m.drive;
    p.awakening = 0.0;
    for (std::size_t i = 0; i < kBlockSize; ++i) {
      DriveState<double>& s = people[i / kLanes][i % kLanes];
      for (std::size_t d = 0; d < kDays; ++d) {
        for (int j = 0; j < kHalfHours; ++j) {
          const UniformPair random_u = uniform_pair(key, kFirst + i, static_cast<std::uint32_t>(d),
                                                    static_cast<std::uint32_t>(j / 2));
          const double u = drive_reference(s, p, 0.0, 0.0, 0.0, j,
                                           j % 2 == 0 ? random_u.first : random_u.second);
          const std::size_t at = (d * kHalfHours + static_cast<std::size_t>(j)) * kBlockSize + i;
          ASSERT_TRUE(close(u, first[at], kTolerance)) << "individual " << i << ", half-hour " << j;
        }
      }
    }
  });
}

}  // namespace
}  // namespace eustress
