// Run with PMI_SIZE=3 and no launcher: what a process sees that the launcher of another MPI
// started.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "parallel/mpi_communicator.hpp"

namespace eustress::parallel {
namespace {

TEST(MpiMismatch, IsRefusedWithBothNumbers) {
  try {
    const MpiSession session;
    FAIL() << "a session started";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), testing::HasSubstr("started 3 processes"));
    EXPECT_THAT(error.what(), testing::HasSubstr("MPI connects 1"));
  }
}

}  // namespace
}  // namespace eustress::parallel
