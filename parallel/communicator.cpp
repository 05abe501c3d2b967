#include "parallel/communicator.hpp"

#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "core/error.hpp"

namespace eustress::parallel {

namespace {

// Order-preserving maps of 64-bit values to int64, so that one integer maximum serves all types.
// Both are their own inverse in the sense given by the pairs below.
std::int64_t ordered(std::uint64_t value) {
  return std::bit_cast<std::int64_t>(value ^ (std::uint64_t{1} << 63));
}
std::uint64_t unsigned_from_ordered(std::int64_t value) {
  return std::bit_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63);
}
// Negative doubles grow in magnitude with their bits: their 63 lower bits are inverted.
std::int64_t flip_magnitude_if_negative(std::int64_t bits) {
  return bits < 0 ? bits ^ std::numeric_limits<std::int64_t>::max() : bits;
}
std::int64_t ordered(double value) {
  return flip_magnitude_if_negative(std::bit_cast<std::int64_t>(value));
}
double double_from_ordered(std::int64_t value) {
  return std::bit_cast<double>(flip_magnitude_if_negative(value));
}

/// Rank 0 of n ranks that all do the same; n = 1 is the local communicator.
class ReplicatedCommunicator final : public Communicator {
 public:
  explicit ReplicatedCommunicator(int n_ranks) : n_ranks_(n_ranks) {}

  using Communicator::gather;
  using Communicator::max;
  using Communicator::sum;

  [[nodiscard]] int rank() const noexcept override { return 0; }
  [[nodiscard]] int size() const noexcept override { return n_ranks_; }
  void barrier() const override {}

  void sum(std::span<std::int64_t> values) const override {
    for (std::int64_t& value : values) {
      const std::int64_t term = value;
      if (__builtin_mul_overflow(term, std::int64_t{n_ranks_}, &value)) {
        throw Error(ErrorKind::internal, "the sum of " + std::to_string(term) + " over " +
                                             std::to_string(n_ranks_) +
                                             " dry-run ranks does not fit in 64 bits");
      }
    }
  }
  void sum_to_root(std::span<std::int64_t> values) const override { sum(values); }
  [[nodiscard]] std::int64_t max(std::int64_t value) const override { return value; }

  [[nodiscard]] std::vector<std::string> gather(std::string_view text) const override {
    return std::vector<std::string>(static_cast<std::size_t>(n_ranks_), std::string(text));
  }

  [[nodiscard]] std::unique_ptr<Communicator> split(int /*group*/) const override {
    return std::make_unique<ReplicatedCommunicator>(n_ranks_);
  }
  void notify(int /*rank*/) const override {}
  [[nodiscard]] bool is_notified() const override { return false; }
  void settle(const std::function<void()>& /*meanwhile*/) const override {}

  [[noreturn]] void abort(int exit_code) const override { std::_Exit(exit_code); }

 protected:
  void broadcast_bytes(std::span<std::byte> /*bytes*/, int /*root*/) const override {}

 private:
  int n_ranks_;
};

}  // namespace

void Communicator::require_rank(int root) const {
  if (root < 0 || root >= size()) {
    throw Error(ErrorKind::internal, "broadcast from rank " + std::to_string(root) +
                                         ", but ranks are 0 to " + std::to_string(size() - 1));
  }
}

void Communicator::broadcast(std::vector<std::byte>& bytes, int root) const {
  auto n_bytes = static_cast<std::int64_t>(bytes.size());
  broadcast(n_bytes, root);
  bytes.resize(static_cast<std::size_t>(n_bytes));
  broadcast_bytes(bytes, root);
}

void Communicator::broadcast(std::string& text, int root) const {
  auto n_bytes = static_cast<std::int64_t>(text.size());
  broadcast(n_bytes, root);
  text.resize(static_cast<std::size_t>(n_bytes));
  broadcast_bytes(std::as_writable_bytes(std::span(text)), root);
}

void Communicator::broadcast(std::int64_t& value, int root) const {
  require_rank(root);
  broadcast_bytes(std::as_writable_bytes(std::span(&value, 1)), root);
}

std::int64_t Communicator::sum(std::int64_t value) const {
  sum(std::span(&value, 1));
  return value;
}

std::uint64_t Communicator::max(std::uint64_t value) const {
  return unsigned_from_ordered(max(ordered(value)));
}
double Communicator::max(double value) const {
  return double_from_ordered(max(ordered(value)));
}

// Complementing an integer reverses the order, without the overflow that negation has.
std::int64_t Communicator::min(std::int64_t value) const {
  return ~max(~value);
}
std::uint64_t Communicator::min(std::uint64_t value) const {
  return ~max(~value);
}
double Communicator::min(double value) const {
  return double_from_ordered(min(ordered(value)));
}

std::vector<double> Communicator::gather(double value) const {
  std::array<char, sizeof value> bytes{};
  std::memcpy(bytes.data(), &value, sizeof value);
  std::vector<double> values;
  for (const std::string& text : gather(std::string_view(bytes.data(), bytes.size()))) {
    std::memcpy(&values.emplace_back(), text.data(), sizeof value);
  }
  return values;
}

std::unique_ptr<Communicator> make_local_communicator() {
  return std::make_unique<ReplicatedCommunicator>(1);
}

std::unique_ptr<Communicator> make_dry_run_communicator(int n_ranks) {
  if (n_ranks < 1) {
    throw Error(ErrorKind::usage, "a dry run of " + std::to_string(n_ranks) +
                                      " ranks was asked for; at least 1 is needed");
  }
  return std::make_unique<ReplicatedCommunicator>(n_ranks);
}

}  // namespace eustress::parallel
