#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace eustress::io {

/// SHA-256 of what was added so far (FIPS 180-4).
class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  ~Sha256();
  void add(std::span<const std::byte> bytes);
  /// 64 hexadecimal digits in lower case. Nothing may be added afterwards.
  [[nodiscard]] std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

[[nodiscard]] std::string sha256(std::string_view text);
/// Errors: Error(io) if the file cannot be read.
[[nodiscard]] std::string sha256_of_file(const std::string& path);

}  // namespace eustress::io
