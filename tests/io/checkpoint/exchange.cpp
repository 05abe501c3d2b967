// exchange write|read DIRECTORY [pwrite|collective]: the sample checkpoint, on however many ranks
// this is started. `read` compares every bit.

#include <cstdio>
#include <optional>
#include <string_view>

#include "io/checkpoint/checkpoint.hpp"
#include "parallel/launcher.hpp"
#include "parallel/mpi_communicator.hpp"
#include "tests/io/checkpoint/samples.hpp"

namespace eustress::io {
namespace {

bool read_sample(const parallel::Communicator& comm, const std::string& directory) {
  const CheckpointHeader header = sample_header();
  const FoundCheckpoint found = find_checkpoint(comm, directory);
  if (!found.checkpoint || found.checkpoint->header() != header) return false;
  const auto mine = range_of(header, comm);
  const auto first = static_cast<std::uint64_t>(mine.begin);
  const auto blocks = static_cast<std::uint64_t>(mine.size());
  SamplePart part = empty_part(header, first, blocks);
  found.checkpoint->read_part(first, part.room(), part.records, 1);
  std::vector<std::int64_t> sums;
  for (const auto& of_arm : sample_sums(header))
    sums.insert(sums.end(), of_arm.begin(), of_arm.end());
  const bool same_sums = found.checkpoint->read_sums() == sums || !comm.is_root();
  return same_bits(part, sample_part(header, first, blocks)) && same_sums;
}

int run(std::string_view verb, const std::string& directory, std::string_view writer) {
  std::optional<parallel::MpiSession> session;
  std::unique_ptr<parallel::Communicator> comm;
  if (parallel::launched_by_mpi()) {
    session.emplace();
    comm = session->world();
  } else {
    comm = parallel::make_local_communicator();
  }
  bool done = true;
  try {
    if (verb == "write") {
      const auto kind =
          writer == "collective" ? CheckpointWriter::collective : CheckpointWriter::pwrite;
      write_sample(*comm, directory, sample_header(), {kind, 1, 2});
    } else {
      done = read_sample(*comm, directory);
    }
  } catch (const Error& error) {
    std::fprintf(stderr, "rank %d: %s\n", comm->rank(), error.what());
    done = false;
  }
  if (!done) std::fprintf(stderr, "rank %d of %d failed\n", comm->rank(), comm->size());
  comm.reset();
  return done ? 0 : 1;
}

}  // namespace
}  // namespace eustress::io

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  return eustress::io::run(argv[1], argv[2], argc > 3 ? argv[3] : "pwrite");
}
