#include "io/checkpoint/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <type_traits>

#include "core/engine/person.hpp"
#include "core/error.hpp"
#include "io/files/xxh3.hpp"

namespace eustress::io {
namespace {

// Numbers are written as they are in memory; their place in the file says little-endian.
static_assert(std::endian::native == std::endian::little);
// A pack of people is its columns one after the other.
static_assert(std::is_trivially_copyable_v<PersonState<Lanes>> &&
              sizeof(PersonState<Lanes>) == kPersonColumns * sizeof(Lanes));

constexpr std::uint64_t kBytesPerBlock = kPersonColumns * kBlockSize * sizeof(double);
constexpr std::uint64_t kLeastAtOnce = 16;
constexpr std::uint64_t kMostAtOnce = (std::uint64_t{8} << 20) / kBytesPerBlock;
constexpr std::uint64_t kShareAtOnce = 32;

template <class Number>
std::span<const std::byte> as_bytes(const std::vector<Number>& numbers) {
  return std::as_bytes(std::span(numbers));
}

/// Some consecutive blocks: the columns of one arm at a time, and the hashes over all arms.
class Rows {
 public:
  Rows(const CheckpointHeader& header, std::uint64_t capacity)
      : header_(header), hashes_(capacity) {
    numbers_.reserve(capacity);
    ids_.reserve(capacity * kBlockSize);
    values_.resize(capacity * kBlockSize * kPersonColumns);
  }

  void start(std::uint64_t first_block, std::uint64_t blocks) {
    numbers_.resize(blocks);
    std::iota(numbers_.begin(), numbers_.end(), first_block);
    ids_.resize(header_.individuals_in(first_block, blocks));
    std::iota(ids_.begin(), ids_.end(), first_block * kBlockSize);
    for_each_block([&](std::size_t b, std::size_t first, std::size_t n) {
      hashes_[b].restart();
      hashes_[b].add(std::as_bytes(std::span(&numbers_[b], 1)));
      hashes_[b].add(std::as_bytes(std::span(ids_).subspan(first, n)));
    });
  }

  /// Columns from blocks.
  void gather(std::span<const Block> blocks) {
    for_each_block([&](std::size_t b, std::size_t first, std::size_t n) {
      for (std::size_t c = 0; c < kPersonColumns; ++c) {
        std::byte* to = reinterpret_cast<std::byte*>(&values_[c * ids_.size() + first]);
        for (std::size_t i = 0; i < n; i += kLanes) {
          std::memcpy(to + i * sizeof(double), lanes(blocks[b], i / kLanes, c),
                      std::min<std::size_t>(kLanes, n - i) * sizeof(double));
        }
      }
    });
  }

  /// Blocks from columns.
  void scatter(std::span<Block> blocks) const {
    for_each_block([&](std::size_t b, std::size_t first, std::size_t n) {
      blocks[b].first_id = ids_[first];
      for (std::size_t c = 0; c < kPersonColumns; ++c) {
        const double* from = &values_[c * ids_.size() + first];
        for (std::size_t pack = 0; pack < kPacksPerBlock; ++pack) {
          Lanes restored;
          for (std::size_t lane = 0; lane < kLanes; ++lane) {
            restored.value[lane] = from[std::min(pack * kLanes + lane, n - 1)];
          }
          std::memcpy(lanes(blocks[b], pack, c), &restored, sizeof restored);
        }
      }
    });
  }

  void hash_columns() {
    for_each_block([&](std::size_t b, std::size_t first, std::size_t n) {
      for (std::size_t c = 0; c < kPersonColumns; ++c) {
        hashes_[b].add(std::as_bytes(std::span(&values_[c * ids_.size() + first], n)));
      }
    });
  }

  void hash_records(std::span<const double> records) {
    const std::size_t width = header_.record_numbers;
    for (std::size_t b = 0; b < numbers_.size(); ++b) {
      hashes_[b].add(std::as_bytes(records.subspan(b * width, width)));
    }
  }

  [[nodiscard]] const std::vector<std::uint64_t>& numbers() const { return numbers_; }
  [[nodiscard]] const std::vector<std::uint64_t>& ids() const { return ids_; }
  [[nodiscard]] std::span<double> column(std::size_t c) {
    return std::span(values_).subspan(c * ids_.size(), ids_.size());
  }
  [[nodiscard]] std::uint64_t hash(std::size_t b) const { return hashes_[b].value(); }

 private:
  static const std::byte* lanes(const Block& block, std::size_t pack, std::size_t column) {
    return reinterpret_cast<const std::byte*>(&block.pack[pack]) + column * sizeof(Lanes);
  }
  static std::byte* lanes(Block& block, std::size_t pack, std::size_t column) {
    return reinterpret_cast<std::byte*>(&block.pack[pack]) + column * sizeof(Lanes);
  }

  /// work(block, its first individual, number of its individuals), all counted from the start.
  template <class Work>
  void for_each_block(Work&& work) const {
    for (std::size_t b = 0; b < numbers_.size(); ++b) {
      const std::size_t first = b * kBlockSize;
      work(b, first, std::min<std::size_t>(kBlockSize, ids_.size() - first));
    }
  }

  const CheckpointHeader& header_;
  std::vector<Xxh3> hashes_;
  std::vector<std::uint64_t> numbers_, ids_;  // of blocks and individuals in the cohort
  std::vector<double> values_;                // of one arm, [column][individual]
};

/// One per thread.
std::vector<Rows> rows_of_threads(const CheckpointHeader& header, std::uint64_t at_once,
                                  const parallel::ThreadTeam& team) {
  std::vector<Rows> rows;
  for (int thread = 0; thread < team.size(); ++thread) rows.emplace_back(header, at_once);
  return rows;
}

}  // namespace

std::uint64_t blocks_at_once(std::uint64_t blocks, std::size_t arms, int threads) {
  const std::uint64_t share =
      blocks * arms / (kShareAtOnce * static_cast<std::uint64_t>(std::max(threads, 1)));
  return std::min(std::clamp(share, kLeastAtOnce, kMostAtOnce), std::max<std::uint64_t>(blocks, 1));
}

std::uint64_t rounds_of(std::uint64_t blocks, std::size_t arms, int threads) {
  const std::uint64_t at_once = blocks_at_once(blocks, arms, threads);
  return (blocks + at_once - 1) / at_once;
}

std::vector<std::uint64_t> write_rows(const Manifest& manifest, const CheckpointPart& part,
                                      std::uint64_t rounds, RowSink& sink,
                                      const parallel::ThreadTeam& team) {
  const CheckpointHeader& header = manifest.header;
  const std::uint64_t individuals = header.slice_individuals();
  const std::uint64_t at_once = blocks_at_once(part.blocks(), header.arms.size(), team.size());
  const StoredArray* record = manifest.find("record");
  std::vector<std::uint64_t> hashes(part.blocks());
  const auto write_round = [&](std::uint64_t round, Rows& rows) {
    const std::uint64_t begin = std::min(round * at_once, part.blocks());
    const std::uint64_t n = std::min(at_once, part.blocks() - begin);
    const std::uint64_t first_block = part.first_block + begin;
    rows.start(first_block, n);
    // Counted in the slice.
    const std::uint64_t block = n == 0 ? 0 : first_block - header.first_block;
    const std::uint64_t individual = block * kBlockSize;
    sink.write(manifest.individual(), individual, as_bytes(rows.ids()));
    sink.write(manifest.block(), block, as_bytes(rows.numbers()));
    for (std::size_t arm = 0; arm < header.arms.size(); ++arm) {
      rows.gather(part.states[arm].subspan(begin, n));
      rows.hash_columns();
      for (std::size_t c = 0; c < kPersonColumns; ++c) {
        sink.write(manifest.column(c), arm * individuals + individual,
                   std::as_bytes(rows.column(c)));
      }
    }
    if (record != nullptr) {
      const std::span<const double> records =
          part.records.subspan(begin * header.record_numbers, n * header.record_numbers);
      rows.hash_records(records);
      sink.write(*record, block * header.record_numbers, std::as_bytes(records));
    }
    for (std::size_t b = 0; b < n; ++b) hashes[begin + b] = rows.hash(b);
    sink.end_round();
  };
  if (sink.takes_threads()) {
    std::vector<Rows> rows = rows_of_threads(header, at_once, team);
    team.for_each(0, static_cast<std::int64_t>(rounds), [&](std::int64_t round, int thread) {
      write_round(static_cast<std::uint64_t>(round), rows[static_cast<std::size_t>(thread)]);
    });
  } else {
    Rows rows(header, at_once);
    for (std::uint64_t round = 0; round < rounds; ++round) write_round(round, rows);
  }
  const std::uint64_t first = part.blocks() == 0 ? 0 : part.first_block - header.first_block;
  sink.write(manifest.block_hash(), first, as_bytes(hashes));
  return hashes;
}

std::vector<std::uint64_t> read_rows(const Manifest& manifest, const File& file,
                                     std::uint64_t first_block, std::uint64_t blocks,
                                     std::span<const std::span<Block>> states,
                                     std::span<double> records, const parallel::ThreadTeam& team) {
  const CheckpointHeader& header = manifest.header;
  const std::uint64_t individuals = header.slice_individuals();
  const std::uint64_t at_once = blocks_at_once(blocks, header.arms.size(), team.size());
  const std::uint64_t rounds = rounds_of(blocks, header.arms.size(), team.size());
  const StoredArray* record = manifest.find("record");
  const std::size_t width = header.record_numbers;
  std::vector<std::uint64_t> hashes(blocks);
  // The numbers themselves are known: what is in the file must be just these.
  const auto require = [&](const StoredArray& array, std::uint64_t first,
                           const std::vector<std::uint64_t>& expected) {
    std::vector<std::uint64_t> found(expected.size());
    file.read_at(array.offset + first * sizeof(std::uint64_t),
                 std::as_writable_bytes(std::span(found)));
    const auto [wrong, right] = std::ranges::mismatch(found, expected);
    if (wrong == found.end()) return;
    throw Error(ErrorKind::input,
                fmt::format("cannot use the checkpoint '{}': '{}' is damaged, {} is there instead "
                            "of {}",
                            file.path(), array.name, *wrong, *right));
  };
  std::vector<Rows> rows_of_thread = rows_of_threads(header, at_once, team);
  team.for_each(0, static_cast<std::int64_t>(rounds), [&](std::int64_t round, int thread) {
    Rows& rows = rows_of_thread[static_cast<std::size_t>(thread)];
    const std::uint64_t begin = static_cast<std::uint64_t>(round) * at_once;
    const std::uint64_t n = std::min(at_once, blocks - begin);
    rows.start(first_block + begin, n);
    const std::uint64_t block = first_block + begin - header.first_block;
    const std::uint64_t individual = block * kBlockSize;
    require(manifest.individual(), individual, rows.ids());
    require(manifest.block(), block, rows.numbers());
    for (std::size_t arm = 0; arm < header.arms.size(); ++arm) {
      for (std::size_t c = 0; c < kPersonColumns; ++c) {
        file.read_at(manifest.column(c).offset + (arm * individuals + individual) * sizeof(double),
                     std::as_writable_bytes(rows.column(c)));
      }
      rows.hash_columns();
      if (!states.empty()) rows.scatter(states[arm].subspan(begin, n));
    }
    if (record != nullptr) {
      std::vector<double> found(records.empty() ? n * width : 0);
      const std::span<double> target =
          records.empty() ? std::span(found) : records.subspan(begin * width, n * width);
      file.read_at(record->offset + block * width * sizeof(double), std::as_writable_bytes(target));
      rows.hash_records(target);
    }
    for (std::size_t b = 0; b < n; ++b) hashes[begin + b] = rows.hash(b);
  });
  return hashes;
}

std::vector<std::uint64_t> stored_hashes(const Manifest& manifest, const File& file,
                                         std::uint64_t first_block, std::uint64_t blocks) {
  std::vector<std::uint64_t> hashes(blocks);
  const std::uint64_t first = blocks == 0 ? 0 : first_block - manifest.header.first_block;
  file.read_at(manifest.block_hash().offset + first * sizeof(std::uint64_t),
               std::as_writable_bytes(std::span(hashes)));
  return hashes;
}

}  // namespace eustress::io
