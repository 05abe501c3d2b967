#include "parallel/groups.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace eustress::parallel {
namespace {

int groups(std::int64_t tasks, std::int64_t blocks, int ranks) {
  return groups_for(tasks, blocks, ranks).groups;
}

TEST(RankGroups, AsManyAsTasksIfNoRankIsIdleThen) {
  EXPECT_EQ(groups(4, 1000, 4), 4);
  EXPECT_EQ(groups(8, 1000, 4), 4);
  EXPECT_EQ(groups(4, 1000, 8), 4);
  EXPECT_EQ(groups(6, 1200, 4), 2);
}

TEST(RankGroups, OneGroupRatherThanIdleRanks) {
  EXPECT_EQ(groups(3, 1000, 2), 1);
  EXPECT_EQ(groups(1, 1000, 5), 1);
  EXPECT_EQ(groups(5, 1000, 1), 1);
}

TEST(RankGroups, SmallCohortsCannotUseMoreRanks) {
  EXPECT_EQ(groups(3, 1, 2), 2);  // two rounds of one replicate each rather than three
  EXPECT_EQ(groups(2, 1, 8), 2);
}

TEST(RankGroups, NeverMoreThanTasksOrRanks) {
  for (int tasks = 1; tasks < 8; ++tasks) {
    for (int ranks = 1; ranks < 12; ++ranks) {
      for (const int blocks : {1, 3, 100}) {
        const RankGroups g = groups_for(tasks, blocks, ranks);
        EXPECT_GE(g.groups, 1);
        EXPECT_LE(g.groups, std::min(tasks, ranks));
        int members = 0;
        for (int group = 0; group < g.groups; ++group) {
          EXPECT_GE(g.size_of(group), 1);
          EXPECT_EQ(g.group_of(g.first_rank(group)), group);
          members += g.size_of(group);
        }
        EXPECT_EQ(members, ranks);
      }
    }
  }
}

}  // namespace
}  // namespace eustress::parallel
