// Data longer than one MPI call can carry, tried with calls that carry 7 elements.

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "parallel/launcher.hpp"
#include "parallel/mpi_communicator.hpp"

namespace eustress::parallel {
namespace {

// MPI can start once in a process, so the cases share it; without launcher it is a world of one.
class MpiPieces : public testing::Test {
 protected:
  static void SetUpTestSuite() { session_.emplace(); }
  static void TearDownTestSuite() { session_.reset(); }

  std::unique_ptr<Communicator> comm_ = session_->world({.max_count = 7});

  static std::optional<MpiSession> session_;
};

std::optional<MpiSession> MpiPieces::session_;

TEST_F(MpiPieces, LongBroadcast) {
  std::string expected;
  for (int i = 0; i < 1000; ++i) expected += static_cast<char>('a' + i % 26);
  std::string text = comm_->is_root() ? expected : "";
  comm_->broadcast(text);
  EXPECT_EQ(text, expected);
}

TEST_F(MpiPieces, LongSums) {
  for (const std::size_t length : {6u, 7u, 8u, 14u, 100u}) {
    std::vector<std::int64_t> all(length);
    for (std::size_t i = 0; i < length; ++i) all[i] = static_cast<std::int64_t>(i) + comm_->rank();
    std::vector<std::int64_t> at_root = all;
    std::vector<std::int64_t> expected(length);
    const std::int64_t n = comm_->size();
    for (std::size_t i = 0; i < length; ++i) {
      expected[i] = n * static_cast<std::int64_t>(i) + n * (n - 1) / 2;
    }
    const std::vector<std::int64_t> given = all;
    comm_->sum(all);
    comm_->sum_to_root(at_root);
    EXPECT_EQ(all, expected);
    EXPECT_EQ(at_root, comm_->is_root() ? expected : given);
  }
}

TEST_F(MpiPieces, LongGather) {
  const auto text_of = [](int rank) {
    return std::string(static_cast<std::size_t>(13 + rank), static_cast<char>('a' + rank));
  };
  const std::vector<std::string> texts = comm_->gather(text_of(comm_->rank()));
  ASSERT_EQ(texts.size(), comm_->is_root() ? static_cast<std::size_t>(comm_->size()) : 0u);
  for (std::size_t rank = 0; rank < texts.size(); ++rank) {
    EXPECT_EQ(texts[rank], text_of(static_cast<int>(rank)));
  }
}

TEST_F(MpiPieces, WorldIsTheLaunchers) {
  const auto launcher = find_launcher();
  EXPECT_EQ(comm_->size(), launcher ? launcher->n_ranks.value_or(1) : 1);
}

TEST_F(MpiPieces, PieceSizeMustFitAnMpiCount) {
  EXPECT_THROW((void)session_->world({.max_count = 0}), Error);
  EXPECT_THROW((void)session_->world({.max_count = std::int64_t{1} << 31}), Error);
}

TEST_F(MpiPieces, SecondSessionIsRefused) {
  EXPECT_THROW(MpiSession(), Error);
  comm_->barrier();  // the first one still works
}

}  // namespace
}  // namespace eustress::parallel
