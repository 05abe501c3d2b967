#include "io/files/xxh3.hpp"

#include <xxhash.h>

#include <new>

#include "core/error.hpp"

namespace eustress::io {
namespace {

void require(bool done) {
  if (!done) throw Error(ErrorKind::internal, "the XXH3 of libxxhash failed");
}

}  // namespace

struct Xxh3::State {
  XXH3_state_t* digest = XXH3_createState();
  State() {
    if (digest == nullptr) throw std::bad_alloc();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { XXH3_freeState(digest); }
};

Xxh3::Xxh3() : state_(std::make_unique<State>()) {
  restart();
}
Xxh3::Xxh3(Xxh3&&) noexcept = default;
Xxh3& Xxh3::operator=(Xxh3&&) noexcept = default;
Xxh3::~Xxh3() = default;

void Xxh3::add(std::span<const std::byte> bytes) {
  require(XXH3_64bits_update(state_->digest, bytes.data(), bytes.size()) == XXH_OK);
}

std::uint64_t Xxh3::value() const {
  return XXH3_64bits_digest(state_->digest);
}

void Xxh3::restart() {
  require(XXH3_64bits_reset(state_->digest) == XXH_OK);
}

}  // namespace eustress::io
