// Checkpoints beside a plain sequential write with fsync of as many bytes on the same disk:
//   bench_checkpoint DIRECTORY [INDIVIDUALS [THREADS]]
//   mpirun -n R bench_checkpoint ...
// The time of a checkpoint has everything in it: layout, transposing, hashing, writing, fsync,
// reading back, publishing. The two alternate, so that both meet the same disk.

#include "io/checkpoint/checkpoint.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/person.hpp"
#include "core/error.hpp"
#include "io/checkpoint/checkpoint_directory.hpp"
#include "io/checkpoint/checkpoint_writer.hpp"
#include "parallel/agree.hpp"
#include "parallel/decomposition.hpp"
#include "parallel/launcher.hpp"
#include "parallel/mpi_communicator.hpp"

namespace {

using namespace eustress;

constexpr int kRounds = 5;

double since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Seconds that all threads of this process have computed, in the kernel too.
double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// Seconds for `bytes` bytes in pieces of 8 MiB, which are as good as random.
double plain_write(const std::string& path, std::uint64_t bytes) {
  std::vector<std::uint64_t> piece(std::size_t{1} << 20);
  std::uint64_t x = 1;
  for (std::uint64_t& word : piece) word = x = x * 6364136223846793005u + 1442695040888963407u;
  const auto start = std::chrono::steady_clock::now();
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  bool done = file >= 0;
  while (done && bytes > 0) {
    const auto length = static_cast<std::size_t>(
        std::min<std::uint64_t>(bytes, piece.size() * sizeof(std::uint64_t)));
    done = ::write(file, piece.data(), length) == static_cast<ssize_t>(length);
    bytes -= length;
  }
  done = done && ::fsync(file) == 0 && ::close(file) == 0;
  const double seconds = since(start);
  if (!done) throw Error(ErrorKind::io, "cannot write " + path);
  ::unlink(path.c_str());
  return seconds;
}

/// This rank's blocks, of numbers as good as random.
std::vector<Block> some_state(const parallel::BlockRange& mine) {
  std::vector<Block> blocks(static_cast<std::size_t>(mine.size()));
  std::uint64_t x = static_cast<std::uint64_t>(mine.begin) + 1;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    blocks[b].first_id = (static_cast<std::uint64_t>(mine.begin) + b) * kBlockSize;
    auto* values = reinterpret_cast<double*>(blocks[b].pack);
    for (std::size_t i = 0; i < kPersonColumns * kBlockSize; ++i) {
      x = x * 6364136223846793005u + 1442695040888963407u;
      values[i] = static_cast<double>(x >> 11) * 0x1p-53;
    }
  }
  return blocks;
}

void measure(const parallel::Communicator& comm, const std::string& directory,
             std::uint64_t individuals, int threads) {
  io::CheckpointHeader header;
  header.study = "[study]\n";
  header.arms = {"reference"};
  header.individuals = individuals;
  header.blocks = block_count(individuals);
  header.cells = 50000;
  const auto mine =
      parallel::blocks_of_rank(static_cast<std::int64_t>(header.blocks), comm.rank(), comm.size());
  const std::vector<Block> state = some_state(mine);
  const io::CheckpointPart part{static_cast<std::uint64_t>(mine.begin), {state}, {}};
  const std::vector<std::int64_t> cells(header.cells, 1);
  const std::vector<std::span<const std::int64_t>> sums = {cells};
  const std::string place = directory + "/bench-checkpoints";

  struct Contestant {
    const char* name;
    CheckpointWriter writer;
    std::vector<double> seconds, cpu, ratios;
  };
  std::vector<Contestant> contestants = {{"pwrite", CheckpointWriter::pwrite, {}, {}, {}}};
  if (comm.native() != nullptr) {
    contestants.push_back({"collective HDF5", CheckpointWriter::collective, {}, {}, {}});
  }
  std::vector<double> plain, plain_cpu, reading, reading_cpu;
  std::uint64_t bytes = io::checkpoint_size(header);
  for (int round = 0; round < kRounds; ++round) {
    for (Contestant& c : contestants) {
      double alone = 0;
      double computed = cpu_seconds();
      parallel::on_root(comm, [&] { alone = plain_write(directory + "/bench-plain", bytes); });
      plain_cpu.push_back(cpu_seconds() - computed);
      header.days_done = round;
      computed = cpu_seconds();
      const auto written =
          io::write_checkpoint(comm, place, header, part, sums, {c.writer, 1, threads});
      c.cpu.push_back(cpu_seconds() - computed);
      bytes = written.bytes;
      plain.push_back(alone);
      c.seconds.push_back(written.seconds);
      c.ratios.push_back(alone / written.seconds);
    }
    std::vector<Block> restored(state.size());
    const std::vector<std::span<Block>> room = {restored};
    comm.barrier();
    const auto start = std::chrono::steady_clock::now();
    const double computed = cpu_seconds();
    (void)io::find_checkpoint(comm, place, [&](const io::Checkpoint& checkpoint) {
      checkpoint.read_part(part.first_block, room, {}, threads);
      (void)checkpoint.read_sums();
    });
    reading.push_back(comm.max(since(start)));
    reading_cpu.push_back(cpu_seconds() - computed);
  }
  parallel::on_root(comm, [&] {
    io::remove_checkpoints(place);
    ::rmdir(place.c_str());
  });
  if (!comm.is_root()) return;
  const double megabytes = static_cast<double>(bytes) * 1e-6;
  std::printf("Checkpoint of %llu individuals, %.0f MB, %d ranks with %d threads, %d rounds\n\n",
              static_cast<unsigned long long>(individuals), megabytes, comm.size(), threads,
              kRounds);
  std::printf("Medians; CPU: of rank 0, all threads together.\n\n");
  std::printf("| | s | CPU s | MB/s | share of the plain rate (all rounds) |\n");
  std::printf("|---|---|---|---|---|\n");
  std::printf("| plain sequential write and fsync | %.2f | %.2f | %.0f | 1 |\n", median(plain),
              median(plain_cpu), megabytes / median(plain));
  for (const Contestant& c : contestants) {
    std::printf("| checkpoint, %s, with reading back | %.2f | %.2f | %.0f | %.2f (", c.name,
                median(c.seconds), median(c.cpu), megabytes / median(c.seconds), median(c.ratios));
    for (std::size_t i = 0; i < c.ratios.size(); ++i) {
      std::printf("%s%.2f", i == 0 ? "" : ", ", c.ratios[i]);
    }
    std::printf(") |\n");
  }
  std::printf("| finding and loading it again, page cache warm | %.2f | %.2f | %.0f | |\n",
              median(reading), median(reading_cpu), megabytes / median(reading));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_checkpoint DIRECTORY [INDIVIDUALS [THREADS]]\n");
    return 2;
  }
  std::optional<parallel::MpiSession> session;
  std::unique_ptr<parallel::Communicator> comm;
  if (parallel::launched_by_mpi()) {
    session.emplace();
    comm = session->world();
  } else {
    comm = parallel::make_local_communicator();
  }
  try {
    measure(*comm, argv[1], argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200'000,
            argc > 3 ? std::atoi(argv[3]) : 1);
  } catch (const parallel::AgreedError& error) {
    if (comm->is_root()) std::fprintf(stderr, "bench_checkpoint: %s\n", error.what());
    return error.exit_code();
  } catch (const Error& error) {
    std::fprintf(stderr, "bench_checkpoint: %s\n", error.what());
    comm->abort(error.exit_code());
  }
  return 0;
}
