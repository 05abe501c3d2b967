#include "core/mechanisms/perseveration.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace eustress {
namespace {

constexpr PerseverationParameters kHalf{.share = 0.5, .tau_min = 20.0};

TEST(Perseveration, NothingIsAddedWhileAnEncounterGoesOn) {
  double worry = 0.0;
  for (int step = 0; step < 5; ++step) {
    EXPECT_EQ(perseveration_reference(worry, kHalf, 3.0, 5.0), 3.0);
    EXPECT_EQ(worry, 1.5);
  }
}

TEST(Perseveration, GoesOnWithItsShareAndFadesWithTau) {
  double worry = 0.0;
  perseveration_reference(worry, kHalf, 3.0, 5.0);
  for (int step = 0; step < 8; ++step) perseveration_reference(worry, kHalf, 0.0, 5.0);
  EXPECT_NEAR(worry, 1.5 * std::exp(-40.0 / 20.0), 1e-14);
}

// The integral of the drive that goes on is share s tau, whatever the step, up to what lies below
// the floor.
TEST(Perseveration, TheWholeOfItDoesNotDependOnTheStep) {
  for (const double dt : {0.25, 1.0, 5.0, 30.0}) {
    double worry = 0.0, whole = 0.0;
    perseveration_reference(worry, kHalf, 100.0, dt);
    while (worry > 0.0) whole += dt * perseveration_reference(worry, kHalf, 0.0, dt);
    EXPECT_NEAR(whole, 0.5 * 100.0 * 20.0, kWorryFloor * 20.0) << dt;
  }
}

TEST(Perseveration, AMilderStressorIsFeltOnlyAboveTheWorryThatIsLeft) {
  double worry = 2.0;
  EXPECT_NEAR(perseveration_reference(worry, kHalf, 0.5, 1.0), 2.0 * (1.0 - std::exp(-0.05)) / 0.05,
              1e-14);
  EXPECT_NEAR(worry, 2.0 * std::exp(-0.05), 1e-14);
  EXPECT_EQ(perseveration_reference(worry, kHalf, 2.5, 1.0), 2.5);
  EXPECT_NEAR(worry, 2.0 * std::exp(-0.1), 1e-14);  // more than half of 2.5
}

TEST(Perseveration, EndsBelowTheFloor) {
  double worry = 1.01 * kWorryFloor;
  perseveration_reference(worry, kHalf, 0.0, 5.0);
  EXPECT_EQ(worry, 0.0);
  EXPECT_EQ(perseveration_reference(worry, kHalf, 0.0, 5.0), 0.0);
}

TEST(Perseveration, WithoutAShareTheDriveEndsWithTheEncounter) {
  double worry = 0.0;
  EXPECT_EQ(perseveration_reference(worry, {.share = 0.0, .tau_min = 20.0}, 3.0, 5.0), 3.0);
  EXPECT_EQ(worry, 0.0);
}

}  // namespace
}  // namespace eustress
