#pragma once

// Protocols: studies that the validation runs, each as the published study was done, and what is
// kept of every person. Several rows of the table may look at the same run.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/simulation.hpp"
#include "core/study.hpp"
#include "parallel/communicator.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app::validation {

/// A file of jobs/validation, or a data table, that is part of the program. Errors:
/// Error(internal) if there is none of that name.
std::string embedded_file(std::string_view name);

/// The evening of one person.
struct Evening {
  int day;
  const Study& study;
  const ModelParameters& parameters;  ///< of the arm
  const PersonState<Lanes>& state;
  const DaySummary<Lanes>& today;
  const Assessment<Lanes>& assessment;  ///< of today if it is a questionnaire day
  const BlockDayResult& block;
  int pack, lane;
  std::uint64_t person;

  [[nodiscard]] bool is_questionnaire_day() const {
    return (day + 1) % study.output.questionnaire_every_days == 0;
  }
  [[nodiscard]] float value(const Lanes& column) const { return static_cast<float>(column[lane]); }
  /// Of today's probe of either kind, as core/engine/block.hpp has them.
  [[nodiscard]] const SampleLanes& stressor_sample(std::size_t n) const {
    return block.stressor_samples[n * kPacksPerBlock + static_cast<std::size_t>(pack)];
  }
  [[nodiscard]] const SampleLanes& crh_sample(std::size_t n) const {
    return block.crh_samples[n * kPacksPerBlock + static_cast<std::size_t>(pack)];
  }
};

struct Protocol {
  std::string_view name;  ///< for messages and the page
  std::string_view file;  ///< study file in jobs/validation
  /// Individuals, or replicates of the individuals of the study file (`replicated`). 0: only the
  /// parameters are used.
  std::uint64_t quick, full;
  /// Numbers kept of each person and arm.
  std::size_t (*numbers)(const Study&) = nullptr;
  /// Called every evening of every person and arm, with the numbers of that person and arm, which
  /// begin as 0.
  void (*keep)(const Evening&, std::span<float> numbers) = nullptr;
  /// Makes a variant of the study of the file, before it is run. May be null.
  void (*vary)(Study&) = nullptr;
  bool replicated = false;
};

/// What was kept: everything on rank 0, nothing on other ranks. With replicates of n individuals
/// person i is individual i mod n of replicate i / n.
class People {
 public:
  People() = default;
  People(std::size_t people, std::size_t arms, std::size_t width)
      : people_(people), arms_(arms), width_(width), values_(people * arms * width, 0.0F) {}

  [[nodiscard]] std::size_t size() const { return people_; }
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::size_t arms() const { return arms_; }
  [[nodiscard]] std::span<const float> of(std::size_t person, std::size_t arm = 0) const {
    return std::span(values_).subspan((person * arms_ + arm) * width_, width_);
  }
  [[nodiscard]] std::span<float> of(std::size_t person, std::size_t arm = 0) {
    return std::span(values_).subspan((person * arms_ + arm) * width_, width_);
  }
  [[nodiscard]] std::span<float> all() { return values_; }

 private:
  std::size_t people_ = 0, arms_ = 0, width_ = 0;
  std::vector<float> values_;
};

/// A protocol that was run.
struct Run {
  Study study;
  People people;
  std::size_t replicates = 1;
};

/// How protocols are run.
struct RunPlan {
  std::vector<std::string> overrides;  ///< --set, on every study
  bool full = false;
  double scale = 1.0;  ///< of the number of people or replicates
  std::optional<Isa> isa;
  /// Instead of the individuals of a protocol; of a replicated one, as many replicates as make
  /// about so many.
  std::optional<std::uint64_t> people = std::nullopt;
};
/// Collective. The same numbers on any ranks and threads. Errors: AgreedError(usage) if an override
/// does not fit.
Run run_protocol(const parallel::Communicator& comm, const parallel::ThreadTeam& team,
                 const Protocol& protocol, const RunPlan& plan);

/// The runs that rows measure on, by name of the protocol.
using Runs = std::map<std::string_view, Run>;

}  // namespace eustress::app::validation
