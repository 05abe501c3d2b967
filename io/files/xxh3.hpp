#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace eustress::io {

/// XXH3-64 (seed 0) of what was added so far: finds damage at the speed of memory, does not protect
/// against forgery.
class Xxh3 {
 public:
  Xxh3();
  Xxh3(Xxh3&&) noexcept;
  Xxh3& operator=(Xxh3&&) noexcept;
  ~Xxh3();

  void add(std::span<const std::byte> bytes);
  [[nodiscard]] std::uint64_t value() const;
  /// Forgets what was added.
  void restart();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace eustress::io
