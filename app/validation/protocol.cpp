#include "app/validation/protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "core/error.hpp"
#include "io/study/reader.hpp"
#include "io/tables/cohort_csv.hpp"
#include "parallel/agree.hpp"
#include "parallel/decomposition.hpp"

namespace eustress::app::validation {

namespace {

Synthesis synthesis_of(const Study& study) {
  const PopulationPlan& population = study.population;
  SynthesisOptions options;
  options.seed = study.seed;
  options.replicate = study.replicate;
  options.age_min = population.age_min;
  options.age_max = population.age_max;
  options.share_sex_one = population.share_female;
  if (population.cohort.empty()) return Synthesis(options);
  const std::size_t slash = population.cohort.rfind('/');
  const std::string name =
      slash == std::string::npos ? population.cohort : population.cohort.substr(slash + 1);
  return {options,
          io::parse_cohort_table(embedded_file(name), name,
                                 {population.id_column, mapped_columns(population.mapping)}),
          population.mapping};
}

/// Everything that one replicate keeps, of the blocks of this rank.
void walk(const parallel::Communicator& comm, const parallel::ThreadTeam& team,
          const Protocol& protocol, const Study& study, const Isa isa, std::size_t first_person,
          People& people) {
  const Synthesis synthesis = synthesis_of(study);
  const Simulation simulation(study, synthesis, isa);
  std::vector<ObservationSums> unused(static_cast<std::size_t>(team.size()),
                                      ObservationSums(simulation.layout()));
  const parallel::BlockRange mine = parallel::blocks_of_rank(
      static_cast<std::int64_t>(simulation.blocks()), comm.rank(), comm.size());
  team.for_each(mine.begin, mine.end, [&](std::int64_t block, int thread) {
    Block state;
    for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
      const DayWatch watch = [&](int day, const Block& seen, const BlockDayResult& result) {
        for (int i = 0; i < kBlockSize; ++i) {
          const std::uint64_t id = seen.first_id + static_cast<std::uint64_t>(i);
          if (id >= study.population.individuals) break;
          const int pack = i / kLanes;
          const auto at = static_cast<std::size_t>(pack);
          protocol.keep({day, study, study.arms[arm].parameters, seen.pack[at], result.summary[at],
                         result.assessment[at], result, pack, i % kLanes, id},
                        people.of(first_person + id, arm));
        }
      };
      std::vector<float> course(kBlockSize * simulation.outcome_numbers());
      simulation.start(static_cast<std::uint64_t>(block), arm, state);
      simulation.walk(arm, 0, study.days, state, unused[static_cast<std::size_t>(thread)], course,
                      &watch);
    }
  });
}

/// Adds up what ranks have, each of its own people: bit patterns, all but one of them 0.
void collect(const parallel::Communicator& comm, People& people) {
  if (comm.size() == 1) return;
  constexpr std::size_t kPiece = 1 << 20;
  std::vector<std::int64_t> piece;
  const std::span<float> all = people.all();
  for (std::size_t first = 0; first < all.size(); first += kPiece) {
    const std::size_t count = std::min(kPiece, all.size() - first);
    piece.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      piece[i] = std::bit_cast<std::uint32_t>(all[first + i]);
    }
    comm.sum_to_root(piece);
    for (std::size_t i = 0; i < count && comm.is_root(); ++i) {
      all[first + i] = std::bit_cast<float>(static_cast<std::uint32_t>(piece[i]));
    }
  }
}

}  // namespace

Run run_protocol(const parallel::Communicator& comm, const parallel::ThreadTeam& team,
                 const Protocol& protocol, const RunPlan& plan) {
  Run run;
  run.study = parallel::on_all(comm, [&] {
    std::vector<std::string> warnings;
    Study study = io::read_study(embedded_file(protocol.file), std::string(protocol.file),
                                 plan.overrides, warnings);
    if (protocol.vary != nullptr) protocol.vary(study);
    return study;
  });
  const std::uint64_t usual = plan.full ? protocol.full : protocol.quick;
  if (usual == 0) return run;
  auto size = static_cast<std::uint64_t>(plan.scale * static_cast<double>(usual));
  if (plan.people) {
    size = protocol.replicated ? *plan.people / run.study.population.individuals : *plan.people;
  }
  // At least two groups of the jackknife.
  size = std::max<std::uint64_t>(protocol.replicated ? 2 : 2 * kBlockSize, size);

  if (protocol.replicated) {
    run.replicates = size;
  } else {
    run.study.population.individuals = size;
  }
  const std::size_t individuals = run.study.population.individuals;
  run.people =
      People(individuals * run.replicates, run.study.arms.size(), protocol.numbers(run.study));
  for (std::size_t r = 0; r < run.replicates; ++r) {
    Study replicate = run.study;
    replicate.replicate = static_cast<std::uint32_t>(r);
    parallel::on_all(comm, [&] {
      walk(comm, team, protocol, replicate, plan.isa.value_or(best_isa()), r * individuals,
           run.people);
    });
  }
  collect(comm, run.people);
  return run;
}

}  // namespace eustress::app::validation
