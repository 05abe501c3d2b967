#include "parallel/decomposition.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "core/error.hpp"

namespace eustress::parallel {
namespace {

static_assert(blocks_of_rank(10, 0, 3) == BlockRange{0, 4});
static_assert(blocks_of_rank(10, 1, 3) == BlockRange{4, 7});
static_assert(blocks_of_rank(10, 2, 3) == BlockRange{7, 10});
static_assert(blocks_of_rank(2, 5, 7).empty());
static_assert(rank_of_block(6, 10, 3) == 1);

// Partition, order and balance for one size; every block, unless there are too many to visit.
void check_decomposition(std::int64_t n_blocks, int n_ranks) {
  SCOPED_TRACE(testing::Message() << n_blocks << " blocks on " << n_ranks << " ranks");
  std::int64_t next = 0;
  std::int64_t previous_size = std::numeric_limits<std::int64_t>::max();
  for (int rank = 0; rank < n_ranks; ++rank) {
    const BlockRange range = blocks_of_rank(n_blocks, rank, n_ranks);
    ASSERT_EQ(range.begin, next);
    ASSERT_GE(range.size(), n_blocks / n_ranks);
    ASSERT_LE(range.size(), n_blocks / n_ranks + 1);
    ASSERT_LE(range.size(), previous_size);
    ASSERT_EQ(range.empty(), range.size() == 0);
    if (!range.empty()) {
      ASSERT_EQ(rank_of_block(range.begin, n_blocks, n_ranks), rank);
      ASSERT_EQ(rank_of_block(range.end - 1, n_blocks, n_ranks), rank);
      ASSERT_TRUE(range.contains(range.begin));
      ASSERT_TRUE(range.contains(range.end - 1));
    }
    ASSERT_FALSE(range.contains(range.end));
    ASSERT_FALSE(range.contains(range.begin - 1));
    next = range.end;
    previous_size = range.size();
  }
  ASSERT_EQ(next, n_blocks);
}

TEST(Decomposition, PartitionsInOrderAndInBalance) {
  for (int n_ranks = 1; n_ranks <= 40; ++n_ranks) {
    for (std::int64_t n_blocks = 0; n_blocks <= 130; ++n_blocks) {
      check_decomposition(n_blocks, n_ranks);
    }
  }
}

TEST(Decomposition, HoldsForHugeCohorts) {
  for (const std::int64_t n_blocks : {std::int64_t{1} << 34, (std::int64_t{1} << 58) - 1}) {
    for (const int n_ranks : {1, 2, 3, 7, 1024, 100'003}) check_decomposition(n_blocks, n_ranks);
  }
}

TEST(Decomposition, RefusesWhatDoesNotExist) {
  EXPECT_THROW((void)blocks_of_rank(-1, 0, 1), Error);
  EXPECT_THROW((void)blocks_of_rank(1, 1, 1), Error);
  EXPECT_THROW((void)blocks_of_rank(1, -1, 1), Error);
  EXPECT_THROW((void)blocks_of_rank(1, 0, 0), Error);
  EXPECT_THROW((void)rank_of_block(3, 3, 2), Error);
  EXPECT_THROW((void)rank_of_block(-1, 3, 2), Error);
  EXPECT_THROW((void)rank_of_block(0, 3, 0), Error);
}

}  // namespace
}  // namespace eustress::parallel
