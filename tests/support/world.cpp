#include "tests/support/world.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <optional>

#include "parallel/launcher.hpp"
#include "parallel/mpi_communicator.hpp"

namespace eustress::test {

namespace {

std::unique_ptr<parallel::Communicator> the_world;

/// Names the rank of each failure, as all ranks print to one terminal.
class RankOfFailure final : public testing::EmptyTestEventListener {
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (result.failed()) {
      std::cerr << "rank " << the_world->rank() << ": " << result.file_name() << ":"
                << result.line_number() << ": " << result.message() << std::endl;
    }
  }
};

int run(int* argc, char** argv) {
  std::optional<parallel::MpiSession> session;
  if (parallel::launched_by_mpi()) {
    session.emplace();
    the_world = session->world();
  } else {
    the_world = parallel::make_local_communicator();
  }
  testing::InitGoogleTest(argc, argv);
  testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
  if (!the_world->is_root()) delete listeners.Release(listeners.default_result_printer());
  if (the_world->size() > 1) listeners.Append(new RankOfFailure);
  const int result = RUN_ALL_TESTS();
  the_world.reset();
  return result;
}

}  // namespace

const parallel::Communicator& world() {
  return *the_world;
}

}  // namespace eustress::test

int main(int argc, char** argv) {
  return eustress::test::run(&argc, argv);
}
