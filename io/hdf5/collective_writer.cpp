#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>

#include "io/hdf5/library.hpp"

namespace eustress::io {

#ifdef H5_HAVE_PARALLEL

struct CollectiveWriter::State {
  struct Target {
    Handle dataset;
    hid_t type;
    std::size_t element_size;
    std::vector<hsize_t> shape;
  };

  std::string path;
  Handle file, transfer;
  std::map<std::string, Target, std::less<>> targets;

  [[nodiscard]] Task task(std::string_view action) const {
    return {ErrorKind::io, fmt::format("{} '{}'", action, path)};
  }
  void open_target(const std::string& variable);
  Handle selection(const Task& task, const Target& target, hsize_t first, hsize_t count) const;
};

void CollectiveWriter::State::open_target(const std::string& variable) {
  const Task opening = task(fmt::format("open variable '{}' of", variable));
  Handle dataset =
      open_handle(opening, H5Dopen2(file.id(), variable.c_str(), H5P_DEFAULT), H5Dclose);
  const Handle type = open_handle(opening, H5Dget_type(dataset.id()), H5Tclose);
  const std::optional<NumberType> numbers = recognised_type(type.id());
  if (!numbers) opening.fail("it is not of a type that eustress writes");
  const Handle space = open_handle(opening, H5Dget_space(dataset.id()), H5Sclose);
  const int rank = opening.check(H5Sget_simple_extent_ndims(space.id()));
  std::vector<hsize_t> shape(static_cast<std::size_t>(rank));
  opening.check(H5Sget_simple_extent_dims(space.id(), shape.data(), nullptr));
  Target found{std::move(dataset), file_type(*numbers), size_of(*numbers), std::move(shape)};
  targets.emplace(variable, std::move(found));
}

/// The space of the file with `count` elements selected.
Handle CollectiveWriter::State::selection(const Task& task, const Target& target, hsize_t first,
                                          hsize_t count) const {
  Handle space = open_handle(task, H5Dget_space(target.dataset.id()), H5Sclose);
  if (count == 0) {
    task.check(H5Sselect_none(space.id()));
    return space;
  }
  const std::size_t rank = target.shape.size();
  const hsize_t row = target.shape.back();
  const bool is_within_row = first % row + count <= row;
  if (rank > 2 || (rank == 1 && !is_within_row) ||
      (!is_within_row && (first % row != 0 || count % row != 0))) {
    task.fail("what is to be written is neither whole rows nor part of one");
  }
  std::vector<hsize_t> starts = {first % row}, counts = {count};
  if (rank == 2) {
    starts = {first / row, first % row};
    counts =
        is_within_row ? std::vector<hsize_t>{1, count} : std::vector<hsize_t>{count / row, row};
  }
  task.check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, starts.data(), nullptr, counts.data(),
                                 nullptr));
  return space;
}

CollectiveWriter::CollectiveWriter(const std::string& path, std::span<const std::string> variables,
                                   const void* communicator)
    : state_(std::make_unique<State>()) {
  silence_library();
  state_->path = path;
  const Task opening = state_->task("open for all ranks");
  if (communicator == nullptr) {
    throw Error(ErrorKind::usage,
                fmt::format("cannot write '{}' by collective HDF5: the program was not started by "
                            "mpirun or srun; use the writer \"pwrite\"",
                            path));
  }
  const Handle access = open_handle(opening, H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  opening.check(H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_V18));
  opening.check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG));
  opening.check(H5Pset_file_locking(access.id(), false, true));
  opening.check(
      H5Pset_fapl_mpio(access.id(), *static_cast<const MPI_Comm*>(communicator), MPI_INFO_NULL));
  state_->transfer = open_handle(opening, H5Pcreate(H5P_DATASET_XFER), H5Pclose);
  opening.check(H5Pset_dxpl_mpio(state_->transfer.id(), H5FD_MPIO_COLLECTIVE));
  state_->file = open_handle(opening, H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose);
  for (const std::string& variable : variables) state_->open_target(variable);
}

CollectiveWriter::~CollectiveWriter() = default;

void CollectiveWriter::write(const std::string& variable, std::uint64_t first,
                             std::span<const std::byte> bytes) {
  const Task writing = state_->task(fmt::format("write variable '{}' of", variable));
  const auto found = state_->targets.find(variable);
  if (found == state_->targets.end()) writing.fail("it was not opened");
  const State::Target& target = found->second;
  // MPI-IO counts bytes in an int; a whole GiB stays far from its end.
  constexpr std::size_t kLargestPiece = std::size_t{1} << 30;
  if (bytes.size() > kLargestPiece || bytes.size() % target.element_size != 0) {
    writing.fail(fmt::format("{} bytes cannot be written at once", bytes.size()));
  }
  const hsize_t count = bytes.size() / target.element_size;
  const Handle space = state_->selection(writing, target, first, count);
  const hsize_t length = std::max<hsize_t>(count, 1);
  const Handle memory = open_handle(writing, H5Screate_simple(1, &length, nullptr), H5Sclose);
  if (count == 0) writing.check(H5Sselect_none(memory.id()));
  // Never a null pointer, which HDF5 takes for a mistake.
  const std::byte nothing{};
  writing.check(H5Dwrite(target.dataset.id(), target.type, memory.id(), space.id(),
                         state_->transfer.id(), bytes.empty() ? &nothing : bytes.data()));
}

void CollectiveWriter::close() {
  const Task closing = state_->task("finish writing");
  for (auto& [name, target] : state_->targets) target.dataset.close(closing);
  state_->targets.clear();
  state_->transfer.close(closing);
  state_->file.close(closing);
}

#else

struct CollectiveWriter::State {};
CollectiveWriter::CollectiveWriter(const std::string& path, std::span<const std::string>,
                                   const void*) {
  throw Error(
      ErrorKind::usage,
      fmt::format("cannot write '{}' by collective HDF5: this HDF5 library was built without "
                  "MPI; use the writer \"pwrite\"",
                  path));
}
CollectiveWriter::~CollectiveWriter() = default;
void CollectiveWriter::write(const std::string&, std::uint64_t, std::span<const std::byte>) {}
void CollectiveWriter::close() {}

#endif

}  // namespace eustress::io
