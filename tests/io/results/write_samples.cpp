// write_samples DIRECTORY: the sample files, for readers other than ours.

#include <cstdio>
#include <string>

#include "core/engine/block.hpp"
#include "core/error.hpp"
#include "io/results/individuals_file.hpp"
#include "io/results/results_file.hpp"
#include "tests/io/results/samples.hpp"

int main(int argc, char** argv) {
  using namespace eustress;
  try {
    if (argc != 2) throw Error(ErrorKind::usage, "which directory?");
    const std::string directory = argv[1];
    const ObservationLayout layout = testing::sample_layout();
    const io::RunDescription run = testing::sample_run();
    io::write_results(directory + "/results.nc", run, layout, testing::sample_sums(layout));
    const auto comm = parallel::make_local_communicator();
    io::IndividualsFile individuals(*comm, directory + "/individuals.h5", run, layout);
    for (std::uint64_t block = block_count(run.individuals); block-- > 0;) {
      individuals.write(testing::sample_record(layout, block));
    }
    individuals.publish();
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.exit_code();
  }
}
