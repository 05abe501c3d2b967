#include "core/mechanisms/memory_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

constexpr double kTolerance = 1e-13;  // rounding only
/// Traces and values of either sign may cancel; their magnitude is up to 10 e0.
constexpr double kScale = 1.0;

struct Names {
  std::string_view name;
};
constexpr std::array<Names, 3 * kStressorClasses> kTraceNames = {{{"threat 0"},
                                                                  {"threat 1"},
                                                                  {"threat 2"},
                                                                  {"threat 3"},
                                                                  {"safety 0"},
                                                                  {"safety 1"},
                                                                  {"safety 2"},
                                                                  {"safety 3"},
                                                                  {"success 0"},
                                                                  {"success 1"},
                                                                  {"success 2"},
                                                                  {"success 3"}}};

Eight<MemoryState> random_states(Random& random) {
  Eight<MemoryState> people;
  for (auto& s : people) {
    for (int k = 0; k < kStressorClasses; ++k) {
      s.threat[k] = random.within(0.0, 2.0);
      s.safety[k] = random.within(0.0, 1.0);
      s.success[k] = random.within(0.0, 1.0);
    }
    s.safety_general = random.within(0.0, 1.0);
    s.success_general = random.within(0.0, 1.0);
  }
  return people;
}
Eight<MemoryTraces> random_traces(Random& random) {
  Eight<MemoryTraces> people;
  for (auto& t : people) {
    for (int k = 0; k < kStressorClasses; ++k) {
      t.threat[k] = random.coin() ? 0.0 : random.within(-3.0, 3.0);
      t.safety[k] = random.coin() ? 0.0 : random.within(0.0, 3.0);
      t.success[k] = random.coin() ? 0.0 : random.within(0.0, 3.0);
    }
  }
  return people;
}

TEST(MemoryKernel, EncodingStrengthAndAversivenessEqualTheReference) {
  for_each_parameter_set(19, 200, [](const ModelParameters& m, Random& random) {
    for (int pack = 0; pack < 10; ++pack) {
      const Numbers mean = eight([&] { return random.within(0.0, 1.0); });
      const Numbers before = eight([&] { return random.within(0.0, 1.0); });
      const Numbers genomic = eight([&] { return random.within(0.0, 1.0); });
      const Numbers severity = eight([&] { return random.within(0.0, 60.0); });
      const Numbers share = eight([&] { return random.within(0.0, 1.0); });
      const Numbers strength =
          unpacked(encoding_strength(m.memory, packed(mean), packed(before), packed(genomic)));
      const Numbers aversiveness = unpacked(realised_aversiveness(packed(severity), packed(share)));
      for (std::size_t l = 0; l < kLanes; ++l) {
        // 1 - before_loss may be 0: relative to 1
        ASSERT_TRUE(close(encoding_strength_reference(m.memory, mean[l], before[l], genomic[l]),
                          strength[l], kTolerance, 1.0));
        ASSERT_TRUE(close(realised_aversiveness_reference(severity[l], share[l]), aversiveness[l],
                          kTolerance));
      }
    }
  });
}

TEST(MemoryKernel, EncodingEqualsTheReferenceAndLeavesTheOthersAlone) {
  for_each_parameter_set(20, 200, [](const ModelParameters& m, Random& random) {
    for (int pack = 0; pack < 20; ++pack) {
      const auto people = random_states(random);
      const auto traces = random_traces(random);
      const Chosen who = random_choice(random);
      const Numbers k = random_classes(random);
      const Numbers strength = eight([&] { return random.within(0.0, 10.0); });
      const Numbers arousal = eight([&] { return random.within(0.0, 1.0); });
      const Numbers aversiveness = eight([&] { return random.within(0.0, 2.0); });
      const Numbers success = eight([&] { return random.coin() ? 1.0 : 0.0; });
      auto kernel = packed(traces);
      const Numbers error =
          unpacked(encode(kernel, packed(people), m.memory, who.mask(), packed(k), packed(strength),
                          packed(arousal), packed(aversiveness), packed(success)));
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        if (!who[l]) {
          ASSERT_TRUE(same_bits(traces[l], after[l])) << "lane " << l << " took no part";
          ASSERT_EQ(error[l], 0.0);
          continue;
        }
        auto t = traces[l];
        const double e =
            memory_encode_reference(t, people[l], m.memory, class_of_code(k[l]), strength[l],
                                    arousal[l], aversiveness[l], success[l] == 1.0);
        ASSERT_TRUE(close(e, error[l], kTolerance, kScale));
        ASSERT_TRUE(close(t, after[l], kTraceNames, kTolerance, kScale));
      }
    }
  });
}

TEST(MemoryKernel, ConsolidationEqualsTheReferenceForEverySwitch) {
  std::array<int, 32> seen{};
  for_each_parameter_set(21, 400, [&](const ModelParameters& m, Random& random) {
    const MemoryParameters& p = m.memory;
    ++seen[static_cast<std::size_t>(p.threat_active + 2 * p.safety_active + 4 * p.success_active +
                                    8 * p.generalisation + 16 * p.glucocorticoids_at_night)];
    for (int pack = 0; pack < 10; ++pack) {
      const auto people = random_states(random);
      const auto traces = random_traces(random);
      const Numbers quality = eight([&] { return random.within(0.0, 1.0); });
      const Numbers genomic = eight([&] { return random.within(0.0, 1.0); });
      auto kernel = packed(people);
      consolidate(kernel, packed(traces), p, packed(quality), packed(genomic));
      const auto after = unpacked(kernel);
      for (std::size_t l = 0; l < kLanes; ++l) {
        auto s = people[l];
        memory_consolidate_reference(s, traces[l], p, quality[l], genomic[l]);
        ASSERT_TRUE(close(s, after[l], kMemoryColumns, kTolerance, kScale))
            << "threat " << p.threat_active << ", safety " << p.safety_active << ", success "
            << p.success_active << ", generalisation " << p.generalisation;
      }
    }
  });
  for (const int n : seen) EXPECT_GT(n, 0);
}

TEST(MemoryKernel, RecallTakesTheClassAndTheGeneralPart) {
  for_each_parameter_set(22, 50, [](const ModelParameters& m, Random& random) {
    const auto people = random_states(random);
    const Numbers k = random_classes(random);
    const auto s = packed(people);
    const Numbers safety = unpacked(recalled(m.memory, packed(k), s.safety, s.safety_general));
    for (std::size_t l = 0; l < kLanes; ++l) {
      const double expected = people[l].safety[static_cast<int>(k[l])] +
                              m.memory.general_weight * people[l].safety_general;  // (E6)
      ASSERT_TRUE(close(expected, safety[l], kTolerance));
    }
  });
}

}  // namespace
}  // namespace eustress
