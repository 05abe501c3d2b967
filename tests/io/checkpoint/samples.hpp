#pragma once

// A small cohort whose every number says where it belongs.

#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/engine/person.hpp"
#include "io/checkpoint/checkpoint_header.hpp"
#include "io/checkpoint/checkpoint_writer.hpp"
#include "parallel/communicator.hpp"
#include "parallel/decomposition.hpp"

namespace eustress::io {

/// 5 blocks, the last with 3 people, two arms.
inline CheckpointHeader sample_header() {
  CheckpointHeader header;
  header.study = "[study]\nname = \"sample\"  # \u00b5\n";
  header.arms = {"reference", "early training"};
  header.individuals = 4 * kBlockSize + 3;
  header.blocks = 5;
  header.days_done = 12;
  header.record_numbers = 7;
  header.cells = 11;
  return header;
}

inline double& value_at(Block& block, std::size_t person, std::size_t column) {
  auto* lanes = reinterpret_cast<Lanes*>(&block.pack[person / kLanes]);
  return lanes[column].value[person % kLanes];
}

inline double sample_value(std::size_t arm, std::uint64_t id, std::size_t column, int day) {
  if (column == 3 && id % 10 == 1) return std::numeric_limits<double>::quiet_NaN();
  if (column == 4 && id % 10 == 2) return -0.0;
  if (column == 5 && id % 10 == 3) return std::numeric_limits<double>::denorm_min();
  return static_cast<double>(arm) * 1e9 + static_cast<double>(id) * 1e3 +
         static_cast<double>(column) + day / 1024.0;
}

/// What one rank, or all of them, hold.
struct SamplePart {
  std::uint64_t first_block = 0;
  std::vector<std::vector<Block>> states;  ///< [arm][block]
  std::vector<float> records;

  [[nodiscard]] CheckpointPart view() const {
    CheckpointPart part{first_block, {}, records};
    for (const auto& of_arm : states) part.states.emplace_back(of_arm);
    return part;
  }
  [[nodiscard]] std::vector<std::span<Block>> room() {
    std::vector<std::span<Block>> spans;
    for (auto& of_arm : states) spans.emplace_back(of_arm);
    return spans;
  }
};

/// Blocks without content.
inline SamplePart empty_part(const CheckpointHeader& header, std::uint64_t first_block,
                             std::uint64_t blocks) {
  SamplePart part{first_block, {}, std::vector<float>(blocks * header.record_numbers, -1.0F)};
  part.states.assign(header.arms.size(), std::vector<Block>(blocks));
  return part;
}

/// Content by the formulas. The padding repeats the last individual, or holds `padding`.
inline SamplePart sample_part(const CheckpointHeader& header, std::uint64_t first_block,
                              std::uint64_t blocks, const double* padding = nullptr) {
  SamplePart part = empty_part(header, first_block, blocks);
  for (std::size_t arm = 0; arm < header.arms.size(); ++arm) {
    for (std::uint64_t b = 0; b < blocks; ++b) {
      Block& block = part.states[arm][b];
      block.first_id = (first_block + b) * kBlockSize;
      for (std::size_t person = 0; person < kBlockSize; ++person) {
        const std::uint64_t id = block.first_id + person;
        const std::uint64_t last = header.individuals - 1;
        for (std::size_t c = 0; c < kPersonColumns; ++c) {
          value_at(block, person, c) =
              id > last && padding != nullptr
                  ? *padding
                  : sample_value(arm, id < last ? id : last, c, header.days_done);
        }
      }
    }
  }
  for (std::size_t i = 0; i < part.records.size(); ++i) {
    part.records[i] = static_cast<float>(first_block * header.record_numbers + i) + 0.25F;
  }
  return part;
}

/// This rank's blocks of the slice.
inline parallel::BlockRange range_of(const CheckpointHeader& header,
                                     const parallel::Communicator& comm) {
  const auto range =
      parallel::blocks_of_rank(static_cast<std::int64_t>(header.blocks), comm.rank(), comm.size());
  const auto first = static_cast<std::int64_t>(header.first_block);
  return {first + range.begin, first + range.end};
}

inline std::vector<std::vector<std::int64_t>> sample_sums(const CheckpointHeader& header) {
  std::vector<std::vector<std::int64_t>> sums(header.arms.size());
  std::int64_t next = std::numeric_limits<std::int64_t>::min();
  for (auto& of_arm : sums) {
    for (std::size_t c = 0; c < header.cells; ++c) of_arm.push_back(next += 12345678901);
  }
  return sums;
}

/// Writes the sample, each rank its part.
inline WrittenCheckpoint write_sample(const parallel::Communicator& comm,
                                      const std::string& directory, const CheckpointHeader& header,
                                      const CheckpointOptions& options = {}) {
  const double garbage = 1e77 * (comm.size() + options.threads);
  const auto mine = range_of(header, comm);
  const SamplePart part = sample_part(header, static_cast<std::uint64_t>(mine.begin),
                                      static_cast<std::uint64_t>(mine.size()), &garbage);
  const auto sums = sample_sums(header);
  const std::vector<std::span<const std::int64_t>> views(sums.begin(), sums.end());
  return write_checkpoint(comm, directory, header, part.view(), views, options);
}

inline bool same_bits(const SamplePart& a, const SamplePart& b) {
  bool same = a.states.size() == b.states.size() && a.records.size() == b.records.size() &&
              (a.records.empty() || std::memcmp(a.records.data(), b.records.data(),
                                                a.records.size() * sizeof(float)) == 0);
  for (std::size_t arm = 0; same && arm < a.states.size(); ++arm) {
    same = a.states[arm].size() == b.states[arm].size();
    for (std::size_t i = 0; same && i < a.states[arm].size(); ++i) {
      const Block &x = a.states[arm][i], &y = b.states[arm][i];
      same = x.first_id == y.first_id && std::memcmp(x.pack, y.pack, sizeof x.pack) == 0;
    }
  }
  return same;
}

}  // namespace eustress::io
