#include "parallel/agree.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "core/error.hpp"
#include "tests/support/world.hpp"

namespace eustress::parallel {
namespace {

using test::world;

template <class Work>
AgreedError agreed_error_of(Work work) {
  try {
    work();
  } catch (const AgreedError& error) {
    return error;
  }
  ADD_FAILURE() << "no agreed error on rank " << world().rank();
  return {ErrorKind::internal, "none"};
}

TEST(Agree, SuccessGivesEachRankItsOwnResult) {
  EXPECT_EQ(on_all(world(), [] { return world().rank() + 100; }), world().rank() + 100);
  int calls = 0;
  on_all(world(), [&] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST(Agree, EveryRankAloneCanFailAndAllThrowItsError) {
  for (int failing = 0; failing < world().size(); ++failing) {
    const AgreedError error = agreed_error_of([&] {
      on_all(world(), [&] {
        if (world().rank() == failing) {
          throw Error(ErrorKind::input, "table of rank " + std::to_string(failing));
        }
      });
    });
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_EQ(error.what(), "table of rank " + std::to_string(failing));
  }
}

TEST(Agree, LowestFailingRankWins) {
  const int lowest = world().size() > 1 ? 1 : 0;
  const AgreedError error = agreed_error_of([&] {
    on_all(world(), [&]() -> int {
      if (world().rank() < lowest) return 0;
      throw Error(world().rank() == lowest ? ErrorKind::io : ErrorKind::numerical,
                  std::to_string(world().rank()));
    });
  });
  EXPECT_EQ(error.kind(), ErrorKind::io);
  EXPECT_EQ(error.what(), std::to_string(lowest));
}

TEST(Agree, WorkGoesOnAfterAnAgreedError) {
  (void)agreed_error_of([] { on_all(world(), [] { throw Error(ErrorKind::io, "once"); }); });
  EXPECT_EQ(world().sum(std::int64_t{1}), world().size());
}

TEST(Agree, AgreedErrorPassesThroughAnOuterAgreement) {
  const AgreedError error = agreed_error_of([] {
    on_all(world(), [] { on_root(world(), [] { throw Error(ErrorKind::usage, "inner"); }); });
  });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_STREQ(error.what(), "inner");
}

TEST(Agree, RootAloneWorksAndAllGetItsResult) {
  int calls = 0;
  const std::string text = on_root(world(), [&] {
    ++calls;
    return std::string("study of rank ") + std::to_string(world().rank());
  });
  EXPECT_EQ(text, "study of rank 0");
  EXPECT_EQ(calls, world().is_root() ? 1 : 0);

  const std::vector<std::byte> bytes =
      on_root(world(), [] { return std::vector<std::byte>(70, std::byte{3}); });
  EXPECT_EQ(bytes, std::vector<std::byte>(70, std::byte{3}));

  on_root(world(), [&] { ++calls; });
  EXPECT_EQ(calls, world().is_root() ? 2 : 0);
}

TEST(Agree, FailureOfTheRootReachesAllWithAnEmptyText) {
  const AgreedError error = agreed_error_of(
      [] { on_root(world(), []() -> std::string { throw Error(ErrorKind::io, ""); }); });
  EXPECT_EQ(error.kind(), ErrorKind::io);
  EXPECT_STREQ(error.what(), "");
}

TEST(FailureOf, NamesTheKindOfForeignExceptions) {
  EXPECT_FALSE(failure_of([] {}).has_value());
  const auto system = failure_of([] {
    throw std::filesystem::filesystem_error("cannot open", "data.csv",
                                            std::make_error_code(std::errc::permission_denied));
  });
  ASSERT_TRUE(system.has_value());
  EXPECT_EQ(system->kind(), ErrorKind::io);
  EXPECT_NE(std::string(system->what()).find("data.csv"), std::string::npos);

  const auto memory = failure_of([] { throw std::bad_alloc(); });
  ASSERT_TRUE(memory.has_value());
  EXPECT_EQ(memory->kind(), ErrorKind::internal);

  const auto other = failure_of([] { throw 7; });
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ(other->kind(), ErrorKind::internal);
}

}  // namespace
}  // namespace eustress::parallel
