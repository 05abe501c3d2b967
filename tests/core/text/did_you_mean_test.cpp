#include "core/text/did_you_mean.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace eustress {
namespace {

constexpr std::array<std::string_view, 4> kWords = {"individuals", "days", "seed", "age_min"};

TEST(EditDistance, CountsSingleEdits) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("seed", "seed"), 0u);
  EXPECT_EQ(edit_distance("", "days"), 4u);
  EXPECT_EQ(edit_distance("days", ""), 4u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("sede", "seed"), 1u) << "a swap of neighbours is one edit";
  EXPECT_EQ(edit_distance("ca", "abc"), 3u) << "optimal string alignment, not full Damerau";
}

TEST(DidYouMean, FindsTheNearestWord) {
  EXPECT_EQ(did_you_mean("indivduals", kWords), " Did you mean 'individuals'?");
  EXPECT_EQ(did_you_mean("Age-Min", kWords), " Did you mean 'age_min'?");
  EXPECT_EQ(nearest_word("dyas", kWords), "days");
}

TEST(DidYouMean, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(did_you_mean("colour", kWords), "");
  EXPECT_EQ(did_you_mean("", kWords), "");
  EXPECT_EQ(did_you_mean("seed", std::span<const std::string_view>()), "");
  EXPECT_EQ(did_you_mean(std::string(1000000, 'x'), kWords), "");
}

TEST(DidYouMean, TiesGoToTheEarlierCandidate) {
  const std::vector<std::string> words = {"rate_b", "rate_a"};
  EXPECT_EQ(nearest_word("rate_c", words), "rate_b");
}

}  // namespace
}  // namespace eustress
