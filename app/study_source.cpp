#include "app/study_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "core/engine/day.hpp"
#include "core/engine/interventions.hpp"
#include "core/error.hpp"
#include "io/study/difference.hpp"
#include "io/study/reader.hpp"
#include "io/tables/cohort_arrays.hpp"
#include "io/tables/correlation_csv.hpp"
#include "io/tables/replay_csv.hpp"
#include "parallel/agree.hpp"

namespace eustress::app {

namespace fs = std::filesystem;

std::string directory_of(const std::string& path) {
  const fs::path parent = fs::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

std::string shared_text(const parallel::Communicator& comm, const std::string& path,
                        ErrorKind kind) {
  return parallel::on_root(comm, [&]() -> std::string {
    std::error_code unknown;  // opening it fails then
    if (fs::is_directory(path, unknown)) {
      throw Error(kind, fmt::format("{}: is a directory, a file is needed", path));
    }
    std::ifstream in(path, std::ios::binary);
    if (!in)
      throw Error(kind, fmt::format("{}: cannot be opened: no such file, or no permission", path));
    std::ostringstream text;
    text << in.rdbuf();
    if (in.bad()) throw Error(kind, fmt::format("{}: reading failed", path));
    return text.str();
  });
}

namespace {

std::string resolved(const std::string& path, const std::string& directory) {
  return fs::path(path).is_absolute() ? path
                                      : (fs::path(directory) / path).lexically_normal().string();
}

}  // namespace

std::string LoadedStudy::text() const {
  return io::dump_study(study) + input_marks;
}

std::string LoadedStudy::results_text() const {
  return io::dump_results_study(study) + input_marks;
}

LoadedStudy load_study(const parallel::Communicator& comm, const std::string& text,
                       const std::string& name, const std::string& directory,
                       const std::vector<std::string>& overrides) {
  std::vector<std::string> warnings;
  Study study =
      parallel::on_all(comm, [&] { return io::read_study(text, name, overrides, warnings); });

  const PopulationPlan& population = study.population;
  std::string marks;
  SynthesisOptions options;
  options.seed = study.seed;
  options.replicate = study.replicate;
  options.age_min = population.age_min;
  options.age_max = population.age_max;
  options.share_sex_one = population.share_female;
  if (!population.correlations.empty()) {
    const std::string path = resolved(population.correlations, directory);
    const std::string csv = shared_text(comm, path, ErrorKind::input);
    marks += io::input_mark("population.correlations", csv);
    options.correlation = parallel::on_all(
        comm, [&] { return CorrelationMatrix::with(io::parse_correlations(csv, path)); });
    if (options.correlation.block_distance() > 0.0) {
      warnings.push_back(fmt::format(
          "{}: not positive semi-definite; the nearest correlation matrix is used, at a Frobenius "
          "distance of {:.4g}",
          path, options.correlation.block_distance()));
    }
  }
  std::vector<std::string> ids;
  Synthesis synthesis = [&] {
    if (population.cohort.empty()) {
      return parallel::on_all(comm, [&] { return Synthesis(options); });
    }
    const std::string path = resolved(population.cohort, directory);
    const std::string content = shared_text(comm, path, ErrorKind::input);
    marks += io::input_mark("population.cohort", content);
    return parallel::on_all(comm, [&] {
      const io::CohortRequest request{population.id_column, mapped_columns(population.mapping)};
      const CohortTable table = io::parse_cohort(content, path, request);
      ids = table.ids;
      return Synthesis(options, table, population.mapping);
    });
  }();
  if (!study.replay.file.empty()) {
    const std::string path = resolved(study.replay.file, directory);
    const std::string csv = shared_text(comm, path, ErrorKind::input);
    marks += io::input_mark("replay.file", csv);
    study.replay.rows = parallel::on_all(comm, [&] {
      return io::parse_replay(csv, path, {population.individuals, study.days, study.dt_min, ids});
    });
    if (study.replay.rows.empty() && study.replay.who == ReplayWho::listed) {
      warnings.push_back(fmt::format("{}: the table has no rows, so nobody is replayed", path));
    }
  }
  for (const std::string& warning : synthesis.warnings()) warnings.push_back(warning);
  if (synthesis.rows() > 0 && study.population.individuals < synthesis.rows()) {
    warnings.push_back(fmt::format(
        "population.individuals = {} uses only the first of the {} rows of the cohort table",
        study.population.individuals, synthesis.rows()));
  }
  parallel::on_all(comm, [&] {
    const Strata strata(study.output, synthesis.groups());
    check_regime_strata(study, strata);
    constexpr std::uint64_t kMostCounted = 20000;
    const std::uint64_t people = std::min(study.population.individuals, kMostCounted);
    for (const Regime& regime : study.regimes) {
      if (!regime.group && !regime.sex && regime.stratum.empty()) continue;
      std::uint64_t id = 0;
      for (; id < people; ++id) {
        const IndividualDraw draw = synthesis.draw(id);
        const std::string& stratum = strata.names()[strata.of(draw)];
        if (concerns(regime, {.group = draw.group, .sex = draw.sex, .stratum = stratum})) break;
      }
      if (id < people) continue;
      warnings.push_back(fmt::format("{}: regime '{}' concerns 0 of {}{} people", name, regime.name,
                                     people < study.population.individuals ? "the first " : "",
                                     people));
    }
    for (std::size_t i = 0; i < study.interventions.size(); ++i) {
      const auto count = count_targets(study, i, synthesis, people);
      if (!count || *count > 0) continue;
      warnings.push_back(fmt::format(
          "{}: intervention '{}' targets 0 of {}{} people", name, study.interventions[i].name,
          people < study.population.individuals ? "the first " : "", people));
    }
  });
  return {std::move(study), std::move(synthesis), std::move(warnings), std::move(marks)};
}

}  // namespace eustress::app
