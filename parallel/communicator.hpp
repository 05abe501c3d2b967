#pragma once

// How ranks talk. The program is written once against this class; local, dry-run and MPI versions
// differ only in who answers.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parallel/watchdog.hpp"

namespace eustress::parallel {

/// The group of ranks of a run, and what they can say to each other.
///
/// Every operation except rank(), size() and abort() is collective: all ranks call it, in the same
/// order, with the same root and the same sizes where sizes are not sent along. The rank that
/// collects is always rank 0.
///
/// Sums exist for integers only, because only they are exact in any order: no result may depend on
/// how many ranks computed it. Real numbers are summed as fixed point by their owner. Maxima and
/// minima of doubles use the IEEE total order (-0 < +0, NaN beyond infinity), so they too are the
/// same in any order.
///
/// Errors: Error(internal) with the failed call when the transport fails, which one rank alone may
/// see: the program must then end by abort().
class Communicator {
 public:
  Communicator() = default;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  virtual ~Communicator() = default;

  [[nodiscard]] virtual int rank() const noexcept = 0;
  [[nodiscard]] virtual int size() const noexcept = 0;
  [[nodiscard]] bool is_root() const noexcept { return rank() == 0; }

  virtual void barrier() const = 0;

  /// Gives every rank the bytes of `root`; the others' old content and size are dropped.
  void broadcast(std::vector<std::byte>& bytes, int root = 0) const;
  void broadcast(std::string& text, int root = 0) const;
  void broadcast(std::int64_t& value, int root = 0) const;

  /// Replaces each element by its sum over the ranks; the sum must fit in 64 bits.
  virtual void sum(std::span<std::int64_t> values) const = 0;
  [[nodiscard]] std::int64_t sum(std::int64_t value) const;
  /// The same on rank 0 only; the other ranks keep what they gave.
  virtual void sum_to_root(std::span<std::int64_t> values) const = 0;

  [[nodiscard]] virtual std::int64_t max(std::int64_t value) const = 0;
  [[nodiscard]] std::uint64_t max(std::uint64_t value) const;
  [[nodiscard]] double max(double value) const;
  [[nodiscard]] std::int64_t min(std::int64_t value) const;
  [[nodiscard]] std::uint64_t min(std::uint64_t value) const;
  [[nodiscard]] double min(double value) const;

  /// On rank 0 the value of each rank in the order of ranks, elsewhere nothing.
  [[nodiscard]] virtual std::vector<std::string> gather(std::string_view text) const = 0;
  [[nodiscard]] std::vector<double> gather(double value) const;

  /// The ranks that gave the same number, in the order of this communicator, as a group of their
  /// own. This one must outlive it. In a dry run and on its own, all ranks are in the group.
  [[nodiscard]] virtual std::unique_ptr<Communicator> split(int group) const = 0;

  // Between groups, whose ranks do not wait for those of others. Not collective but for settle().

  /// Sends a word to a rank, without waiting for it.
  virtual void notify(int rank) const = 0;
  /// Whether a word has come since the last settle().
  [[nodiscard]] virtual bool is_notified() const = 0;
  /// Collective: waits for all ranks as long as it takes, watched by nobody and without burning
  /// time; calls `meanwhile` many times a second. No word is on its way afterwards.
  virtual void settle(const std::function<void()>& meanwhile) const = 0;

  /// Ends all ranks at once with this exit code, without clean-up; for errors that the other ranks
  /// do not know of. Of a group too it ends all ranks of the program. Output must have been
  /// flushed.
  [[noreturn]] virtual void abort(int exit_code) const = 0;

  /// The MPI_Comm of these ranks, as a pointer to it, for libraries that talk over MPI themselves;
  /// nullptr where there is no MPI. What they send on it must be matched within one of their calls.
  [[nodiscard]] virtual const void* native() const noexcept { return nullptr; }

  /// Watches the operations of this class. Whoever waits for ranks in a library that talks over
  /// native() says so by a Waiting. nullptr if nobody watches.
  [[nodiscard]] virtual Watchdog* watchdog() const noexcept { return nullptr; }

 protected:
  /// Sends bytes of a size known everywhere; root is a valid rank.
  virtual void broadcast_bytes(std::span<std::byte> bytes, int root) const = 0;

 private:
  void require_rank(int root) const;
};

/// The communicator of a run on its own.
[[nodiscard]] std::unique_ptr<Communicator> make_local_communicator();

/// Rank 0 of `n_ranks`, the others being imagined: each is taken to have given what this one gave.
/// So sums are multiplied by `n_ranks` and gathers are copied; it serves to plan and to test large
/// runs on one process. Errors: Error(usage) if n_ranks < 1, Error(internal) if a sum overflows.
[[nodiscard]] std::unique_ptr<Communicator> make_dry_run_communicator(int n_ranks);

}  // namespace eustress::parallel
