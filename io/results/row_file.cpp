#include "io/results/row_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "core/error.hpp"
#include "io/results/checksum.hpp"
#include "io/results/results_file.hpp"
#include "parallel/agree.hpp"

namespace eustress::io {

// Rows are written as they are in memory; their place in the file says little-endian.
static_assert(std::endian::native == std::endian::little);

RowFile::RowFile(const parallel::Communicator& comm, std::string path,
                 std::span<const RowColumn> columns, LayOut lay_out)
    : comm_(comm), path_(std::move(path)), lay_out_(std::move(lay_out)) {
  for (const RowColumn& column : columns) columns_.emplace_back(column);

  // The name of the file, then the offsets of its columns and its size.
  std::string temporary;
  const std::vector<std::byte> numbers = parallel::on_root(comm_, [&] {
    const Frame frame = framed({});
    std::vector<std::uint64_t> offsets(columns_.size());
    for (const Place& variable : frame.variables) {
      if (variable.column) offsets[*variable.column] = variable.offset;
    }
    offsets.push_back(frame.image.size());
    target_.emplace(path_);
    target_->file().reserve(frame.image.size());
    temporary = target_->temporary_path();
    const std::span<const std::byte> bytes = std::as_bytes(std::span(offsets));
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  });
  comm_.broadcast(temporary);
  std::vector<std::uint64_t> offsets(columns_.size() + 1);
  std::memcpy(offsets.data(), numbers.data(), numbers.size());
  size_ = offsets.back();
  for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].offset = offsets[c];
  parallel::on_all(comm_, [&] { rows_.emplace(temporary, File::Mode::write); });
}

RowFile::Frame RowFile::framed(std::vector<std::uint64_t> checksums) const {
  NetcdfWriter content(path_);
  const std::vector<RowVariable> variables = lay_out_(content);
  // The place of everything depends on their number, not on their values.
  checksums.resize(variables.size());
  content.add_attribute({kChecksumName, std::move(checksums)});
  add_complete_mark(content);

  Frame frame;
  for (const RowVariable& variable : variables) {
    frame.variables.push_back(
        {content.offset_of(variable.name), variable.bytes, variable.column, variable.rows});
  }
  frame.image = content.finish();
  return frame;
}

void RowFile::write(std::size_t column, std::uint64_t first_row, std::span<const std::byte> bytes) {
  Column& c = columns_[column];
  const std::uint64_t row_bytes = c.shape.bytes_per_row;
  if (row_bytes == 0 && bytes.empty()) return;
  if (row_bytes == 0 || bytes.size() % row_bytes != 0 || first_row > c.shape.rows ||
      bytes.size() / row_bytes > c.shape.rows - first_row) {
    throw Error(
        ErrorKind::internal,
        fmt::format("{} bytes from row {} on are no rows of the {} of {} bytes in column {} "
                    "of '{}'",
                    bytes.size(), first_row, c.shape.rows, row_bytes, column, path_));
  }
  rows_->write_at(c.offset + first_row * row_bytes, bytes);
  c.checksum += row_checksum(first_row, row_bytes, bytes);
  if (column == 0) written_ += static_cast<std::int64_t>(bytes.size() / row_bytes);
}

std::vector<std::uint64_t> RowFile::sum_checksums() const {
  // In halves, whose sums over the ranks fit in 64 bits.
  constexpr std::uint64_t kHalf = 0xFFFFFFFF;
  std::vector<std::int64_t> halves;
  for (const Column& column : columns_) {
    const std::uint64_t sum = column.checksum.load();
    halves.push_back(static_cast<std::int64_t>(sum & kHalf));
    halves.push_back(static_cast<std::int64_t>(sum >> 32));
  }
  comm_.sum(std::span(halves));
  std::vector<std::uint64_t> sums;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    sums.push_back(static_cast<std::uint64_t>(halves[2 * c]) +
                   (static_cast<std::uint64_t>(halves[2 * c + 1]) << 32));
  }
  return sums;
}

void RowFile::publish() {
  const std::int64_t written = comm_.sum(written_.load());
  const std::vector<std::uint64_t> of_columns = sum_checksums();
  parallel::on_all(comm_, [&] {
    const std::uint64_t expected = columns_.front().shape.rows;
    if (static_cast<std::uint64_t>(written) != expected) {
      throw Error(ErrorKind::internal,
                  fmt::format("{} rows of {} were written to '{}'", written, expected, path_));
    }
    rows_->sync();
    rows_->close();
  });
  parallel::on_root(comm_, [&] {
    const Frame draft = framed({});
    std::vector<std::uint64_t> checksums;
    for (const Place& variable : draft.variables) {
      if (variable.column) {
        checksums.push_back(of_columns[*variable.column]);
        continue;
      }
      std::vector<std::byte> bytes(variable.bytes);
      draft.image.read(variable.offset, bytes);
      checksums.push_back(row_checksum(0, variable.bytes / variable.rows, bytes));
    }
    const Frame frame = framed(std::move(checksums));
    if (frame.image.size() != size_ ||
        !std::ranges::equal(frame.variables, draft.variables, {}, &Place::offset, &Place::offset)) {
      throw Error(ErrorKind::internal, fmt::format("the variables of '{}' have moved", path_));
    }
    frame.image.write_to(target_->file());
    target_->file().sync();
    require_intact(path_, target_->temporary_path());
    target_->publish();
  });
}

}  // namespace eustress::io
