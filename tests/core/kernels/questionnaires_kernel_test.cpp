#include "core/mechanisms/questionnaires_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

TEST(QuestionnairesKernel, ScoresEqualTheReference) {
  constexpr std::uint32_t kFirstIndex[] = {0, kGhqShortItems / 2};
  constexpr int kItems[] = {kGhqShortItems, kGhqLongItems};
  std::array<int, 3 * kGhqLongItems + 1> seen{};
  for_each_parameter_set(35, 200, [&](const ModelParameters& m, Random& random) {
    const StreamKey key{static_cast<std::uint64_t>(random.below(1 << 30)), 1,
                        Purpose::questionnaire};
    const std::uint64_t first_id = 0xFFFFFFFCULL;  // across 2^32
    for (std::uint32_t day = 6; day < 60; day += 7) {
      const Numbers latent = eight([&] { return random.within(-6.0, 12.0); });
      for (int form = 0; form < 2; ++form) {
        const Numbers kernel = unpacked(ghq(m.questionnaires, packed(latent), kItems[form], key,
                                            lane_ids(first_id), day, kFirstIndex[form]));
        for (std::size_t l = 0; l < kLanes; ++l) {
          double u[kGhqLongItems];
          for (int i = 0; i < kItems[form]; i += 2) {
            const UniformPair pair = uniform_pair(
                key, first_id + l, day, kFirstIndex[form] + static_cast<std::uint32_t>(i / 2));
            u[i] = pair.first;
            u[i + 1] = pair.second;
          }
          const int score = ghq_reference(m.questionnaires, latent[l], u, kItems[form]);
          ASSERT_EQ(kernel[l], score) << "latent " << latent[l] << ", day " << day;
          ++seen[static_cast<std::size_t>(score)];
        }
      }
    }
  });
  EXPECT_GT(seen.front(), 10);
  EXPECT_GT(seen.back(), 10);
}

TEST(QuestionnairesKernel, LifeEventsAreTheSumOfThirteenDigits) {
  Random random(36);
  for (int i = 0; i < 500; ++i) {
    Numbers code, sum;
    for (std::size_t l = 0; l < kLanes; ++l) {
      code[l] = sum[l] = 0.0;
      for (int week = 0; week < 13; ++week) {
        const int digit = random.coin() ? 0 : random.below(16);
        code[l] = 16.0 * code[l] + digit;
        sum[l] += digit;
      }
    }
    if (i == 0) {
      code.fill(0x1p52 - 1.0);
      sum.fill(13.0 * 15.0);
    }
    const Numbers kernel = unpacked(life_events(packed(code)));
    for (std::size_t l = 0; l < kLanes; ++l) {
      EXPECT_EQ(kernel[l], sum[l]);
      EXPECT_EQ(life_events_reference(code[l]), static_cast<int>(sum[l]));
    }
  }
}

}  // namespace
}  // namespace eustress
