#include "io/checkpoint/checkpoint_writer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "core/engine/person.hpp"
#include "core/error.hpp"
#include "io/checkpoint/checkpoint_directory.hpp"
#include "io/checkpoint/manifest.hpp"
#include "io/checkpoint/rows.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/file.hpp"
#include "io/files/sha256.hpp"
#include "io/files/xxh3.hpp"
#include "io/hdf5/hdf5.hpp"
#include "io/results/run_description.hpp"
#include "parallel/agree.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::io {
namespace {

using Sums = std::span<const std::span<const std::int64_t>>;

// --- what is to be written -------------------------------------------------------------------

void require(bool fits, const std::string& reason) {
  if (!fits) throw Error(ErrorKind::internal, "no checkpoint can be made: " + reason);
}

void check_part(const CheckpointHeader& header, const CheckpointPart& part) {
  const std::uint64_t all_blocks = block_count(header.individuals);
  require(header.blocks > 0 && header.first_block < all_blocks &&
              header.blocks <= all_blocks - header.first_block,
          fmt::format("blocks {} to {} are no slice of {} individuals", header.first_block,
                      header.first_block + header.blocks, header.individuals));
  require(header.days_done >= 0, fmt::format("{} days are done", header.days_done));
  require(!header.arms.empty() && part.states.size() == header.arms.size(),
          fmt::format("states of {} arms for {} arms", part.states.size(), header.arms.size()));
  for (const std::span<const Block> states : part.states) {
    require(states.size() == part.blocks(), "the arms have different blocks");
  }
  require(part.records.size() == part.blocks() * header.record_numbers,
          fmt::format("{} numbers are recorded of {} blocks with {} numbers each",
                      part.records.size(), part.blocks(), header.record_numbers));
  for (std::size_t b = 0; b < part.blocks(); ++b) {
    for (const std::span<const Block> states : part.states) {
      require(states[b].first_id == (part.first_block + b) * kBlockSize,
              fmt::format("the block of individual {} is in place of that of {}",
                          states[b].first_id, (part.first_block + b) * kBlockSize));
    }
  }
}

/// Collective: the parts are the slice, in the order of ranks.
void check_parts(const parallel::Communicator& comm, const CheckpointHeader& header,
                 const CheckpointPart& part) {
  const std::vector<std::string> ranges =
      comm.gather(fmt::format("{} {}", part.blocks() == 0 ? 0 : part.first_block, part.blocks()));
  parallel::on_root(comm, [&] {
    std::uint64_t next = header.first_block;
    for (const std::string& range : ranges) {
      std::size_t end = 0;
      const std::uint64_t first = std::stoull(range, &end);
      const std::uint64_t count = std::stoull(range.substr(end));
      require(count == 0 || first == next,
              fmt::format("a rank has the blocks from {} on, expected were those from {} on", first,
                          next));
      next += count;
    }
    require(next == header.first_block + header.blocks,
            fmt::format("the ranks have the blocks up to {}, the slice ends at {}", next,
                        header.first_block + header.blocks));
  });
}

void check_sums(const CheckpointHeader& header, Sums sums) {
  require(sums.size() == header.arms.size(),
          fmt::format("sums of {} arms for {} arms", sums.size(), header.arms.size()));
  for (const auto& of_arm : sums) {
    require(of_arm.size() == header.cells,
            fmt::format("{} sums for {} cells", of_arm.size(), header.cells));
  }
}

// --- the frame -------------------------------------------------------------------------------

void add_numbers(NetcdfWriter& file, const std::string& name, std::string_view doc,
                 std::uint64_t length) {
  file.add_dimension({name, NumberType::int64, {}, described_as("1", doc)}, length);
  std::vector<std::int64_t> numbers(length);
  std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
  file.write(name, numbers);
}

/// The file without its rows. Sets the places of the arrays in `manifest` and its size.
FileImage lay_out(const std::string& path, Manifest& manifest) {
  const CheckpointHeader& header = manifest.header;
  const auto whole = [](std::uint64_t n) {
    return std::vector<std::int64_t>{static_cast<std::int64_t>(n)};
  };
  std::string arms;
  for (const std::string& arm : header.arms) arms += (arms.empty() ? "" : ", ") + arm;
  NetcdfWriter file(path);
  for (const Attribute& attribute : std::vector<Attribute>{
           {"Conventions", "CF-1.11"},
           {"title", fmt::format("checkpoint after {} days", header.days_done)},
           {"source", fmt::format("eustress {}", manifest.program.version)},
           {"eustress_content", "checkpoint"},
           {"format_version", std::vector<std::int32_t>{kCheckpointVersion}},
           {"eustress_version", manifest.program.version},
           {"git_commit", manifest.program.commit},
           {"compiler", manifest.program.compiler},
           {"days_done", whole(static_cast<std::uint64_t>(header.days_done))},
           {"individuals", whole(header.individuals)},
           {"slice", whole(header.slice)},
           {"first_block", whole(header.first_block)},
           {"blocks", whole(header.blocks)},
           {"arm_names", arms},
           {"study_directory", header.directory},
           {"lineage", header.lineage},
           {"study_sha256", sha256(header.study)},
           {"study", header.study},
       }) {
    file.add_attribute(attribute);
  }
  file.add_dimension({"individual",
                      NumberType::uint64,
                      {},
                      described_as("1", "number of the individual in the cohort")},
                     header.slice_individuals());
  add_codes(file, "arm", "arm of the study", header.arms);
  file.add_dimension(
      {"block", NumberType::uint64, {}, described_as("1", "number of the block in the cohort")},
      header.blocks);
  if (header.record_numbers > 0) {
    add_numbers(file, "number", "place in the record of a block", header.record_numbers);
  }
  if (header.cells > 0) {
    add_numbers(file, "cell", "place in the observation sums", header.cells);
  }
  for (const PersonColumn& column : person_columns()) {
    file.add_variable({array_name(column.name),
                       NumberType::float64,
                       {"arm", "individual"},
                       described_as(column.unit, column.doc)});
  }
  if (header.record_numbers > 0) {
    file.add_variable({"record",
                       NumberType::float32,
                       {"block", "number"},
                       described_as("1", "what was recorded of the individuals of a block")});
  }
  if (header.cells > 0) {
    file.add_variable({"sums",
                       NumberType::int64,
                       {"arm", "cell"},
                       described_as("1", "observation sums of the cohort")});
  }
  file.add_variable({"block_hash",
                     NumberType::uint64,
                     {"block"},
                     described_as("1", "XXH3-64 of all that belongs to a block")});
  add_complete_mark(file);
  for (StoredArray& array : manifest.arrays) array.offset = file.offset_of(array.name);
  FileImage image = file.finish();
  manifest.bytes = image.size();
  return image;
}

std::uint64_t hash_of(const FileImage& image, std::span<const Extent> extents) {
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
  std::vector<std::byte> piece;
  Xxh3 hash;
  for (const Extent& extent : extents) {
    for (std::uint64_t done = 0; done < extent.bytes; done += kPiece) {
      piece.resize(static_cast<std::size_t>(std::min(kPiece, extent.bytes - done)));
      image.read(extent.offset + done, piece);
      hash.add(piece);
    }
  }
  return hash.value();
}

// --- where it goes ---------------------------------------------------------------------------

class PwriteSink final : public RowSink {
 public:
  explicit PwriteSink(const File& file) : file_(file) {}
  void write(const StoredArray& array, std::uint64_t first,
             std::span<const std::byte> bytes) override {
    file_.write_at(array.offset + first * size_of(array.type), bytes);
    unsent_ += bytes.size();
  }
  /// The disk works while the next blocks are prepared.
  void end_round() override {
    constexpr std::uint64_t kSendAfter = std::uint64_t{32} << 20;
    if (unsent_.load() < kSendAfter) return;
    unsent_ = 0;
    file_.start_sync();
  }
  [[nodiscard]] bool takes_threads() const override { return true; }

 private:
  const File& file_;
  std::atomic<std::uint64_t> unsent_ = 0;
};

/// All ranks make the same calls, also those that have failed: the others wait for them.
class CollectiveSink final : public RowSink {
 public:
  CollectiveSink(CollectiveWriter& file, parallel::Watchdog* watchdog)
      : file_(file), watchdog_(watchdog) {}
  void write(const StoredArray& array, std::uint64_t first,
             std::span<const std::byte> bytes) override {
    const parallel::Waiting waiting(watchdog_, "H5Dwrite, collective");
    std::optional<Error> failure =
        parallel::failure_of([&] { file_.write(array.name, first, bytes); });
    if (failure && !failure_) failure_ = std::move(failure);
  }
  [[nodiscard]] bool takes_threads() const override { return false; }
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  CollectiveWriter& file_;
  parallel::Watchdog* watchdog_;
  std::optional<Error> failure_;
};

/// One checkpoint on its way to the disk. Destroyed before the end, it leaves nothing behind.
class Publication {
 public:
  Publication(const parallel::Communicator& comm, const std::string& directory,
              const CheckpointPart& part, Sums sums, const CheckpointOptions& options)
      : comm_(comm), directory_(directory), part_(part), sums_(sums), team_(options.threads) {}
  Publication(const Publication&) = delete;
  Publication& operator=(const Publication&) = delete;
  ~Publication() {
    target_.reset();
    if (made_directory_) ::rmdir(directory_.c_str());  // refused if it holds anything
  }

  /// All steps are collective.
  void prepare(const CheckpointHeader& header);
  void write_by_pwrite();
  void write_collectively();
  void read_back();
  WrittenCheckpoint publish();

 private:
  void write_sums(RowSink& sink) const;
  [[noreturn]] void lost(std::string_view what) const {
    throw Error(ErrorKind::io,
                fmt::format("cannot make a checkpoint in '{}': {} reads back other than it was "
                            "written, so the disk is full or the file system does not keep what it "
                            "is given",
                            directory_, what));
  }

  const parallel::Communicator& comm_;
  const std::string& directory_;
  const CheckpointPart& part_;
  Sums sums_;  // rank 0
  parallel::ThreadTeam team_;

  Manifest manifest_;                  // its hashes on rank 0 only
  std::string temporary_;              // path
  std::vector<std::uint64_t> hashes_;  // of this rank's blocks
  // Rank 0.
  CheckpointName name_;
  std::optional<AtomicFile> target_;
  FileImage frame_;
  bool made_directory_ = false;
};

void Publication::prepare(const CheckpointHeader& header) {
  manifest_.header = header;
  manifest_.header.study = as_utf8(header.study);
  manifest_.header.directory = as_utf8(header.directory);
  manifest_.header.lineage = as_utf8(header.lineage);
  for (std::string& arm : manifest_.header.arms) arm = as_utf8(arm);
  manifest_.program = this_program();
  manifest_.arrays = arrays_of(manifest_.header);

  // The size of the file and the places of its arrays.
  const std::vector<std::byte> numbers = parallel::on_root(comm_, [&] {
    check_sums(header, sums_);
    made_directory_ = create_directory(directory_);
    remove_unfinished(directory_);
    name_ = {header.slice, header.days_done, 1};
    // Behind all of the same day, also if the first ones are gone: the new one is the newest.
    for (const CheckpointName& known : checkpoint_names(directory_)) {
      if (known.slice == name_.slice && known.day == name_.day) {
        name_.copy = std::max(name_.copy, known.copy + 1);
      }
    }
    const std::string path = data_path(directory_, name_);
    manifest_.file = name_.text() + ".h5";
    frame_ = lay_out(path, manifest_);
    manifest_.frame_hash = hash_of(frame_, manifest_.frame());
    target_.emplace(path);
    temporary_ = target_->temporary_path();
    target_->file().reserve(manifest_.bytes);
    std::vector<std::uint64_t> places = {manifest_.bytes};
    for (const StoredArray& array : manifest_.arrays) places.push_back(array.offset);
    const std::span<const std::byte> bytes = std::as_bytes(std::span(places));
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  });
  comm_.broadcast(temporary_);
  std::vector<std::uint64_t> places(numbers.size() / sizeof(std::uint64_t));
  std::memcpy(places.data(), numbers.data(), numbers.size());
  manifest_.bytes = places[0];
  for (std::size_t a = 0; a < manifest_.arrays.size(); ++a) {
    manifest_.arrays[a].offset = places[a + 1];
  }
}

void Publication::write_sums(RowSink& sink) const {
  const StoredArray* array = manifest_.find("sums");
  if (array == nullptr) return;
  for (std::size_t arm = 0; arm < manifest_.header.arms.size(); ++arm) {
    sink.write(*array, arm * manifest_.header.cells,
               comm_.is_root() ? std::as_bytes(sums_[arm]) : std::span<const std::byte>());
  }
}

void Publication::write_by_pwrite() {
  parallel::on_all(comm_, [&] {
    File file(temporary_, File::Mode::write);
    PwriteSink sink(file);
    hashes_ = write_rows(manifest_, part_,
                         rounds_of(part_.blocks(), manifest_.header.arms.size(), team_.size()),
                         sink, team_);
    write_sums(sink);
    file.sync();
    file.close();
  });
  // Only now is it an HDF5 file.
  parallel::on_root(comm_, [&] {
    frame_.write_to(target_->file());
    target_->file().sync();
  });
}

void Publication::write_collectively() {
  parallel::on_root(comm_, [&] {
    frame_.write_to(target_->file());
    target_->file().sync();
  });
  const std::uint64_t rounds =
      comm_.max(rounds_of(part_.blocks(), manifest_.header.arms.size(), team_.size()));
  std::vector<std::string> names;
  for (const StoredArray& array : manifest_.arrays) names.push_back(array.name);
  std::optional<CollectiveWriter> file;
  parallel::on_all(comm_, [&] {
    const parallel::Waiting waiting(comm_.watchdog(), "H5Fopen, collective");
    file.emplace(temporary_, names, comm_.native());
  });
  CollectiveSink sink(*file, comm_.watchdog());
  hashes_ = write_rows(manifest_, part_, rounds, sink, team_);
  write_sums(sink);
  parallel::agree(comm_, sink.failure());
  parallel::on_all(comm_, [&] {
    const parallel::Waiting waiting(comm_.watchdog(), "H5Fclose, collective");
    file->close();
  });
  parallel::on_all(comm_, [&] {
    File written(temporary_, File::Mode::write);
    written.sync();
    written.close();
  });
}

/// What is wrong when own files are read back is no input: the file system is.
void throw_as_io(const std::optional<Error>& failure) {
  if (!failure) return;
  if (failure->kind() == ErrorKind::input) throw Error(ErrorKind::io, failure->what());
  throw *failure;
}

void Publication::read_back() {
  const std::uint64_t first = part_.blocks() == 0 ? 0 : part_.first_block;
  parallel::on_all(comm_, [&] {
    const std::optional<Error> failure = parallel::failure_of([&] {
      const File file(temporary_, File::Mode::read);
      if (file.size() != manifest_.bytes) lost("the size of the file");
      if (part_.blocks() == 0) return;
      if (stored_hashes(manifest_, file, first, part_.blocks()) != hashes_) lost("'block_hash'");
      const std::vector<std::uint64_t> found =
          read_rows(manifest_, file, first, part_.blocks(), {}, {}, team_);
      const auto [wrong, right] = std::ranges::mismatch(found, hashes_);
      if (wrong == found.end()) return;
      lost(fmt::format("block {}", first + static_cast<std::uint64_t>(wrong - found.begin())));
    });
    throw_as_io(failure);
  });
  parallel::on_root(comm_, [&] {
    target_->finish();
    const File file(temporary_, File::Mode::read);
    Xxh3 sums;
    for (const auto& of_arm : sums_) sums.add(std::as_bytes(of_arm));
    manifest_.sums_hash = sums.value();
    manifest_.block_hashes_hash = hash_of(file, manifest_.block_hash());
    const auto failure = parallel::failure_of([&] {
      check_against(manifest_, file);
      // And as HDF5 sees it.
      const NetcdfReader reader(temporary_);
      for (const StoredArray& array : manifest_.arrays) {
        const NetcdfReader::Content* found = reader.find(array.name);
        if (found == nullptr ||
            StoredArray{found->name, found->type, found->shape, found->offset} != array) {
          lost(fmt::format("the description of '{}'", array.name));
        }
      }
    });
    if (failure && failure->kind() == ErrorKind::input) {
      lost(fmt::format("the file ({})", failure->what()));
    }
    if (failure) throw *failure;
  });
}

WrittenCheckpoint Publication::publish() {
  WrittenCheckpoint written;
  written.bytes = manifest_.bytes;
  written.path = parallel::on_root(comm_, [&] {
    const std::string manifest = manifest_path(directory_, name_);
    const std::string data = data_path(directory_, name_);
    try {
      const std::string text = manifest_.text();
      AtomicFile file(manifest);
      file.append(text);
      file.finish();
      throw_as_io(parallel::failure_of([&] {
        if (read_manifest_text(file.temporary_path()) != text) lost("the manifest");
      }));
      file.publish();
      target_->publish();
    } catch (...) {
      ::unlink(data.c_str());
      ::unlink(manifest.c_str());
      throw;
    }
    made_directory_ = false;
    return data;
  });
  return written;
}

}  // namespace

WrittenCheckpoint write_checkpoint(const parallel::Communicator& comm, const std::string& directory,
                                   const CheckpointHeader& header, const CheckpointPart& part,
                                   Sums sums, const CheckpointOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  parallel::on_all(comm, [&] {
    if (options.keep == 0) {
      throw Error(ErrorKind::usage, "0 checkpoints are to be kept; at least 1 is needed");
    }
    check_part(header, part);
  });
  check_parts(comm, header, part);

  std::optional<Publication> publication;
  parallel::on_all(comm, [&] { publication.emplace(comm, directory, part, sums, options); });
  publication->prepare(header);
  if (options.writer == CheckpointWriter::pwrite) {
    publication->write_by_pwrite();
  } else {
    publication->write_collectively();
  }
  publication->read_back();
  WrittenCheckpoint written = publication->publish();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  written.seconds = comm.max(elapsed.count());

  // What is published stays published, whatever happens to older ones.
  const std::string file = written.path.substr(written.path.rfind('/') + 1);
  const CheckpointName name = *CheckpointName::parse(file.substr(0, file.rfind('.')));
  ExaminedCheckpoints of_this_call;
  ExaminedCheckpoints& examined = options.examined == nullptr ? of_this_call : *options.examined;
  if (comm.is_root()) {
    examined.remember(name, ExaminedCheckpoints::files_of(directory, name), true);
  }
  written.warning = remove_older(comm, directory, name, options.keep, options.threads, examined);
  return written;
}

std::uint64_t checkpoint_size(const CheckpointHeader& header) {
  std::uint64_t bytes = 0;
  for (const StoredArray& array : arrays_of(header)) bytes += array.bytes();
  return bytes + (header.record_numbers + header.cells) * sizeof(std::int64_t);
}

}  // namespace eustress::io
