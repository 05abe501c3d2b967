#include "io/files/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "core/error.hpp"
#include "io/files/file.hpp"

namespace eustress::io {
namespace {

void require(bool done) {
  if (!done) throw Error(ErrorKind::internal, "the SHA-256 of OpenSSL failed");
}

}  // namespace

struct Sha256::Context {
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(digest); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  require(context_->digest != nullptr &&
          EVP_DigestInit_ex(context_->digest, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(context_->digest, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
  unsigned int length = 0;
  require(EVP_DigestFinal_ex(context_->digest, value.data(), &length) == 1);
  std::string text;
  for (unsigned int i = 0; i < length; ++i) text += fmt::format("{:02x}", value[i]);
  return text;
}

std::string sha256(std::string_view text) {
  Sha256 digest;
  digest.add(bytes_of(text));
  return digest.finish();
}

std::string sha256_of_file(const std::string& path) {
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
  const File file(path, File::Mode::read);
  const std::uint64_t size = file.size();
  std::vector<std::byte> piece(static_cast<std::size_t>(std::min(size, kPiece)));
  Sha256 digest;
  for (std::uint64_t offset = 0; offset < size; offset += kPiece) {
    const auto length = static_cast<std::size_t>(std::min(kPiece, size - offset));
    file.read_at(offset, std::span(piece).first(length));
    digest.add(std::span(piece).first(length));
  }
  return digest.finish();
}

}  // namespace eustress::io
