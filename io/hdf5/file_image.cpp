#include "io/hdf5/file_image.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace eustress::io {

void FileImage::write(std::uint64_t offset, std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  const std::uint64_t end = offset + bytes.size();
  size_ = std::max(size_, end);

  auto first = extents_.upper_bound(offset);
  if (first != extents_.begin()) {
    const auto before = std::prev(first);
    if (before->first + before->second.size() > offset) first = before;
  }
  auto last = first;
  std::uint64_t merged_end = end;
  while (last != extents_.end() && last->first < end) {
    merged_end = std::max(merged_end, last->first + last->second.size());
    ++last;
  }
  if (first == last) {
    extents_.emplace(offset, std::vector<std::byte>(bytes.begin(), bytes.end()));
    return;
  }
  if (std::next(first) != last || first->first > offset ||
      first->first + first->second.size() < end) {
    const std::uint64_t start = std::min(offset, first->first);
    std::vector<std::byte> merged(static_cast<std::size_t>(merged_end - start));
    for (auto extent = first; extent != last; ++extent) {
      std::ranges::copy(extent->second,
                        merged.begin() + static_cast<std::ptrdiff_t>(extent->first - start));
    }
    extents_.erase(first, last);
    first = extents_.emplace(start, std::move(merged)).first;
  }
  std::ranges::copy(bytes,
                    first->second.begin() + static_cast<std::ptrdiff_t>(offset - first->first));
}

void FileImage::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  std::ranges::fill(bytes, std::byte{0});
  const std::uint64_t end = offset + bytes.size();
  auto extent = extents_.upper_bound(offset);
  if (extent != extents_.begin()) --extent;
  for (; extent != extents_.end() && extent->first < end; ++extent) {
    const std::uint64_t extent_end = extent->first + extent->second.size();
    const std::uint64_t from = std::max(offset, extent->first);
    const std::uint64_t to = std::min(end, extent_end);
    if (from >= to) continue;
    std::copy_n(extent->second.begin() + static_cast<std::ptrdiff_t>(from - extent->first),
                static_cast<std::ptrdiff_t>(to - from),
                bytes.begin() + static_cast<std::ptrdiff_t>(from - offset));
  }
}

void FileImage::set_size(std::uint64_t size) {
  extents_.erase(extents_.lower_bound(size), extents_.end());
  if (!extents_.empty()) {
    auto& [start, bytes] = *extents_.rbegin();
    if (start + bytes.size() > size) bytes.resize(static_cast<std::size_t>(size - start));
  }
  size_ = size;
}

void FileImage::write_to(const File& file) const {
  for (const auto& [offset, bytes] : extents_) file.write_at(offset, bytes);
  file.set_size(size_);
}

}  // namespace eustress::io
