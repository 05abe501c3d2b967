#include "parallel/mpi_communicator.hpp"

#include <mpi.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "parallel/launcher.hpp"

namespace eustress::parallel {

namespace {

std::string failure_text(int code, const char* call) {
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  if (MPI_Error_string(code, text, &length) != MPI_SUCCESS) length = 0;
  return std::string(call) + " failed with code " + std::to_string(code) + ": " +
         (length > 0 ? std::string(text, static_cast<std::size_t>(length))
                     : std::string("MPI has no text for it"));
}

void check(int code, const char* call) {
  if (code != MPI_SUCCESS) throw Error(ErrorKind::internal, failure_text(code, call));
}

/// For destructors, which cannot throw.
void report(int code, const char* call) noexcept {
  if (code != MPI_SUCCESS) std::fprintf(stderr, "eustress: %s failed with code %d\n", call, code);
}

class MpiCommunicator final : public Communicator {
 public:
  /// The ranks of `parent` that give the same `group`, in its order.
  MpiCommunicator(MPI_Comm parent, int group, const WorldOptions& options)
      : options_(options), max_count_(options.max_count) {
    if (max_count_ < 1 || max_count_ > std::numeric_limits<int>::max()) {
      throw Error(ErrorKind::internal, "an MPI call cannot carry " + std::to_string(max_count_) +
                                           " elements; legal are 1 to 2147483647");
    }
    // One of our own, so that no message of another library that uses MPI is ever taken for one of
    // ours.
    check(MPI_Comm_split(parent, group, 0, &comm_), "MPI_Comm_split");
    check(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    check(MPI_Comm_rank(comm_, &rank_), "MPI_Comm_rank");
    check(MPI_Comm_size(comm_, &size_), "MPI_Comm_size");
    char name[MPI_MAX_PROCESSOR_NAME] = "";
    int length = 0;
    check(MPI_Get_processor_name(name, &length), "MPI_Get_processor_name");
    host_.assign(name, static_cast<std::size_t>(length));
    if (options.wait_limit_s <= 0.0 || size_ == 1) return;
    // One after the other, as one message is enough: the first one ends the job.
    watchdog_ = std::make_unique<Watchdog>(
        options.wait_limit_s + 0.1 * rank_,
        [this](const char* operation, double waited_s) { give_up(operation, waited_s); });
  }
  ~MpiCommunicator() override {
    watchdog_.reset();
    // With an error under way that others of the group do not know of, they would not come to this.
    if (std::uncaught_exceptions() > exceptions_) return;
    report(MPI_Comm_free(&comm_), "MPI_Comm_free");
  }

  using Communicator::gather;
  using Communicator::max;
  using Communicator::sum;

  [[nodiscard]] int rank() const noexcept override { return rank_; }
  [[nodiscard]] int size() const noexcept override { return size_; }
  void barrier() const override {
    wait_in("MPI_Barrier", [&] { return MPI_Barrier(comm_); });
  }

  void sum(std::span<std::int64_t> values) const override {
    in_pieces(values, [&](std::int64_t* data, int count) {
      wait_in("MPI_Allreduce", [&] {
        return MPI_Allreduce(MPI_IN_PLACE, data, count, MPI_INT64_T, MPI_SUM, comm_);
      });
    });
  }

  void sum_to_root(std::span<std::int64_t> values) const override {
    in_pieces(values, [&](std::int64_t* data, int count) {
      wait_in("MPI_Reduce", [&] {
        return MPI_Reduce(rank_ == 0 ? MPI_IN_PLACE : data, rank_ == 0 ? data : nullptr, count,
                          MPI_INT64_T, MPI_SUM, 0, comm_);
      });
    });
  }

  [[nodiscard]] std::int64_t max(std::int64_t value) const override {
    wait_in("MPI_Allreduce",
            [&] { return MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT64_T, MPI_MAX, comm_); });
    return value;
  }

  // Point to point rather than MPI_Gatherv, whose displacements end at 2 GiB.
  [[nodiscard]] std::vector<std::string> gather(std::string_view text) const override {
    const auto n_bytes = static_cast<std::int64_t>(text.size());
    std::vector<std::int64_t> all_n_bytes(rank_ == 0 ? static_cast<std::size_t>(size_) : 0);
    wait_in("MPI_Gather", [&] {
      return MPI_Gather(&n_bytes, 1, MPI_INT64_T, all_n_bytes.data(), 1, MPI_INT64_T, 0, comm_);
    });
    if (rank_ != 0) {
      in_pieces(std::span(text), [&](const char* data, int count) {
        wait_in("MPI_Send", [&] { return MPI_Send(data, count, MPI_BYTE, 0, kGatherTag, comm_); });
      });
      return {};
    }
    std::vector<std::string> all;
    all.reserve(all_n_bytes.size());
    all.emplace_back(text);
    for (int source = 1; source < size_; ++source) {
      std::string received(static_cast<std::size_t>(all_n_bytes[static_cast<std::size_t>(source)]),
                           '\0');
      in_pieces(std::span(received), [&](char* data, int count) {
        wait_in("MPI_Recv", [&] {
          return MPI_Recv(data, count, MPI_BYTE, source, kGatherTag, comm_, MPI_STATUS_IGNORE);
        });
      });
      all.push_back(std::move(received));
    }
    return all;
  }

  [[nodiscard]] std::unique_ptr<Communicator> split(int group) const override {
    const Waiting waiting(watchdog_.get(), "MPI_Comm_split");
    return std::make_unique<MpiCommunicator>(comm_, group, options_);
  }

  void notify(int rank) const override {
    sent_.resize(static_cast<std::size_t>(size_));
    ++sent_[static_cast<std::size_t>(rank)];
    check(MPI_Isend(nullptr, 0, MPI_BYTE, rank, kNoticeTag, comm_, &notices_.emplace_back()),
          "MPI_Isend");
  }

  [[nodiscard]] bool is_notified() const override {
    for (int is_there = 1; is_there != 0;) {
      check(MPI_Iprobe(MPI_ANY_SOURCE, kNoticeTag, comm_, &is_there, MPI_STATUS_IGNORE),
            "MPI_Iprobe");
      if (is_there != 0) receive_notice();
    }
    return received_ > 0;
  }

  void settle(const std::function<void()>& meanwhile) const override {
    MPI_Request all_here = MPI_REQUEST_NULL;
    check(MPI_Ibarrier(comm_, &all_here), "MPI_Ibarrier");
    for (int is_done = 0; is_done == 0;) {
      meanwhile();
      check(MPI_Test(&all_here, &is_done, MPI_STATUS_IGNORE), "MPI_Test");
      if (is_done == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    // Nobody sends any more; what was sent must be received before MPI may end.
    std::vector<std::int64_t> expected = sent_;
    expected.resize(static_cast<std::size_t>(size_));
    sum(std::span(expected));
    while (received_ < expected[static_cast<std::size_t>(rank_)]) receive_notice();
    check(MPI_Waitall(static_cast<int>(notices_.size()), notices_.data(), MPI_STATUSES_IGNORE),
          "MPI_Waitall");
    notices_.clear();
    sent_.clear();
    received_ = 0;
  }

  // Of all ranks, as those of other groups would wait for this one.
  [[noreturn]] void abort(int exit_code) const override {
    report(MPI_Abort(MPI_COMM_WORLD, exit_code), "MPI_Abort");
    std::_Exit(exit_code);
  }

  [[nodiscard]] const void* native() const noexcept override { return &comm_; }
  [[nodiscard]] Watchdog* watchdog() const noexcept override { return watchdog_.get(); }

 protected:
  void broadcast_bytes(std::span<std::byte> bytes, int root) const override {
    in_pieces(bytes, [&](std::byte* data, int count) {
      wait_in("MPI_Bcast", [&] { return MPI_Bcast(data, count, MPI_BYTE, root, comm_); });
    });
  }

 private:
  static constexpr int kGatherTag = 1;
  static constexpr int kNoticeTag = 2;

  void receive_notice() const {
    wait_in("MPI_Recv", [&] {
      return MPI_Recv(nullptr, 0, MPI_BYTE, MPI_ANY_SOURCE, kNoticeTag, comm_, MPI_STATUS_IGNORE);
    });
    ++received_;
  }

  /// Makes the call of that name, in which other ranks are waited for.
  template <class Call>
  void wait_in(const char* name, Call call) const {
    const Waiting waiting(watchdog_.get(), name);
    check(call(), name);
  }

  /// On the thread of the watchdog. MPI was told that only the main thread calls it, which will not
  /// come back from its call; MPI_Abort only sends a word to the launcher.
  [[noreturn]] void give_up(const char* operation, double waited_s) const {
    std::fprintf(stderr,
                 "eustress[%d]: rank %d on %s has waited %.0f s for other ranks in %s: one of them "
                 "hangs, its node or the network is gone, or it is very slow. The job ends; the "
                 "same command goes on from the last checkpoint. More patience: "
                 "--collective-timeout\n",
                 rank_, rank_, host_.c_str(), waited_s, operation);
    std::fflush(stderr);
    // Should even that not return.
    std::signal(SIGALRM, [](int) { std::_Exit(static_cast<int>(ErrorKind::internal)); });
    ::alarm(30);
    abort(static_cast<int>(ErrorKind::internal));
  }

  template <class T, class Call>
  void in_pieces(std::span<T> values, Call call) const {
    const auto piece = static_cast<std::size_t>(max_count_);
    for (std::size_t first = 0; first < values.size(); first += piece) {
      call(values.data() + first, static_cast<int>(std::min(piece, values.size() - first)));
    }
  }

  MPI_Comm comm_ = MPI_COMM_NULL;
  int exceptions_ = std::uncaught_exceptions();  ///< when it was made
  int rank_ = 0;
  int size_ = 1;
  WorldOptions options_;
  std::int64_t max_count_;
  std::string host_;
  std::unique_ptr<Watchdog> watchdog_;
  mutable std::vector<MPI_Request> notices_;  ///< on their way from here
  mutable std::vector<std::int64_t> sent_;    ///< notices, per rank; empty: none
  mutable std::int64_t received_ = 0;
};

}  // namespace

MpiSession::MpiSession(Initialised) {
  int used = 0;
  check(MPI_Initialized(&used), "MPI_Initialized");
  if (used != 0) {
    throw Error(ErrorKind::internal,
                "a second MPI session was asked for; MPI starts once in the life of a process");
  }
  int provided = MPI_THREAD_SINGLE;
  check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
}

// Delegation makes the object complete before the checks, so that MPI is finalised if they throw.
MpiSession::MpiSession() : MpiSession(Initialised{}) {
  check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check(MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  int thread_level = MPI_THREAD_SINGLE;
  check(MPI_Query_thread(&thread_level), "MPI_Query_thread");
  if (thread_level < MPI_THREAD_FUNNELED) {
    throw Error(ErrorKind::usage,
                "this MPI library was built without support for threads (MPI_THREAD_FUNNELED), "
                "which eustress needs; use an MPI built with it");
  }
  int n_ranks = 0;
  check(MPI_Comm_size(MPI_COMM_WORLD, &n_ranks), "MPI_Comm_size");
  char library[MPI_MAX_LIBRARY_VERSION_STRING] = "";
  int length = 0;
  check(MPI_Get_library_version(library, &length), "MPI_Get_library_version");
  const std::string version(library, static_cast<std::size_t>(length));
  require_world_size(find_launcher(), n_ranks, version.substr(0, version.find_first_of(",\n")));
}

MpiSession::~MpiSession() {
  report(MPI_Finalize(), "MPI_Finalize");
}

std::unique_ptr<Communicator> MpiSession::world(const WorldOptions& options) const {
  return std::make_unique<MpiCommunicator>(MPI_COMM_WORLD, 0, options);
}

}  // namespace eustress::parallel
