#include "app/study_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <span>
#include <sstream>
#include <string_view>
#include <system_error>

#include "core/engine/day.hpp"
#include "core/engine/interventions.hpp"
#include "core/engine/strata.hpp"
#include "core/error.hpp"
#include "core/text/did_you_mean.hpp"
#include "io/study/difference.hpp"
#include "io/study/placed_messages.hpp"
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

namespace {

/// The content of a file; or nothing, and in `reason` why it cannot be read.
std::optional<std::string> content_of(const std::string& path, std::string& reason) {
  std::error_code unknown;  // opening it fails then
  if (fs::is_directory(path, unknown)) {
    reason = "is a directory, a file is needed";
    return std::nullopt;
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    reason = fmt::format("cannot be opened: {}", std::generic_category().message(errno));
    return std::nullopt;
  }
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) {
    reason = "reading failed";
    return std::nullopt;
  }
  return text.str();
}

std::string resolved(const std::string& path, const std::string& directory) {
  return fs::path(path).is_absolute() ? path
                                      : (fs::path(directory) / path).lexically_normal().string();
}

/// Of cohorts whose groups are known only now.
void check_strata(const Study& study, const Strata& strata, io::PlacedMessages& messages) {
  const std::vector<std::string>& names = strata.names();
  const auto check = [&](std::string_view section, const std::string& element,
                         const std::string& stratum, std::size_t first) {
    const auto legal = std::span(names).subspan(first);
    if (stratum.empty() || std::ranges::find(legal, stratum) != legal.end()) return;
    constexpr std::size_t kMostListed = 12;
    std::string advice = did_you_mean(stratum, legal);
    if (advice.empty() && legal.size() <= kMostListed) {
      advice = fmt::format(" There are: {}", fmt::join(legal, ", "));
    }
    messages.error(section, element, "stratum",
                   fmt::format("there is no stratum \"{}\" in the cohort.{}", stratum, advice));
  };
  for (const Regime& regime : study.regimes) check("regime", regime.name, regime.stratum, 0);
  for (const Intervention& intervention : study.interventions) {
    if (intervention.target != InterventionTarget::stratum) continue;
    check("intervention", intervention.name, intervention.stratum, 1);
  }
}

/// Warns of what concerns nobody.
void count_people(const Study& study, const Strata& strata, const Synthesis& synthesis,
                  io::PlacedMessages& messages) {
  constexpr std::uint64_t kMostCounted = 20000;
  const std::uint64_t people = std::min(study.population.individuals, kMostCounted);
  const std::string of_all = fmt::format(
      "0 of {}{} people", people < study.population.individuals ? "the first " : "", people);
  for (const Regime& regime : study.regimes) {
    if (!regime.group && !regime.sex && regime.stratum.empty()) continue;
    std::uint64_t id = 0;
    for (; id < people; ++id) {
      const IndividualDraw draw = synthesis.draw(id);
      const std::string& stratum = strata.names()[strata.of(draw)];
      if (concerns(regime, {.group = draw.group, .sex = draw.sex, .stratum = stratum})) break;
    }
    if (id < people) continue;
    messages.warning("regime", regime.name,
                     regime.group              ? "group"
                     : !regime.stratum.empty() ? "stratum"
                                               : "sex",
                     fmt::format("regime '{}' concerns {}", regime.name, of_all));
  }
  for (std::size_t i = 0; i < study.interventions.size(); ++i) {
    const auto count = count_targets(study, i, synthesis, people);
    if (!count || *count > 0) continue;
    messages.warning(
        "intervention", study.interventions[i].name, "target",
        fmt::format("intervention '{}' targets {}", study.interventions[i].name, of_all));
  }
}

}  // namespace

std::string shared_text(const parallel::Communicator& comm, const std::string& path,
                        ErrorKind kind) {
  return parallel::on_root(comm, [&]() -> std::string {
    std::string reason;
    if (auto content = content_of(path, reason)) return *std::move(content);
    throw Error(kind, fmt::format("{}: {}", path, reason));
  });
}

void show_warnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) {
    // Those with a place say what they are.
    const bool is_told = warning.find(": warning: ") != std::string::npos;
    fmt::print(stderr, "{}{}\n", is_told ? "" : "warning: ", warning);
  }
}

std::string LoadedStudy::text() const {
  return io::dump_study(study) + input_marks;
}

std::string LoadedStudy::results_text() const {
  return io::dump_results_study(study) + input_marks;
}

LoadedStudy load_study(const parallel::Communicator& comm, const std::string& text,
                       const std::string& name, const std::string& directory,
                       const std::vector<std::string>& overrides,
                       const std::vector<std::string>& origins) {
  std::vector<std::string> warnings;
  Study study = parallel::on_all(
      comm, [&] { return io::read_study(text, name, overrides, warnings, origins); });

  const PopulationPlan& population = study.population;
  std::string marks, mistakes;
  // What is wrong with one table does not hide what is wrong with the next. The same on all ranks.
  const auto try_table = [&](const std::function<void()>& read) {
    try {
      read();
    } catch (const parallel::AgreedError& error) {
      if (error.kind() != ErrorKind::input) throw;
      mistakes += fmt::format("{}{}", mistakes.empty() ? "" : "\n", error.what());
    }
  };
  const auto table_text = [&](std::string_view section, std::string_view key,
                              const std::string& written) {
    return parallel::on_root(comm, [&]() -> std::string {
      const std::string path = resolved(written, directory);
      std::string reason;
      if (auto content = content_of(path, reason)) return *std::move(content);
      const bool is_whole = fs::path(written).is_absolute();
      io::PlacedMessages messages(text, name, overrides, origins);
      messages.error(section, "", key,
                     fmt::format("{} = \"{}\": '{}' {}{}", key, written, path, reason,
                                 is_whole ? "" : " (paths start at the study file)"));
      throw Error(ErrorKind::input, messages.errors());
    });
  };
  SynthesisOptions options;
  options.seed = study.seed;
  options.replicate = study.replicate;
  options.age_min = population.age_min;
  options.age_max = population.age_max;
  options.share_sex_one = population.share_female;
  if (!population.correlations.empty()) {
    const std::string path = resolved(population.correlations, directory);
    try_table([&] {
      const std::string csv = table_text("population", "correlations", population.correlations);
      marks += io::input_mark("population.correlations", csv);
      options.correlation = parallel::on_all(
          comm, [&] { return CorrelationMatrix::with(io::parse_correlations(csv, path)); });
    });
    if (options.correlation.block_distance() > 0.0) {
      warnings.push_back(fmt::format(
          "{}: not positive semi-definite; the nearest correlation matrix is used, at a Frobenius "
          "distance of {:.4g}",
          path, options.correlation.block_distance()));
    }
  }
  std::vector<std::string> ids;
  std::optional<Synthesis> made;
  try_table([&] {
    if (population.cohort.empty()) {
      made = parallel::on_all(comm, [&] { return Synthesis(options); });
      return;
    }
    const std::string path = resolved(population.cohort, directory);
    const std::string content = table_text("population", "cohort", population.cohort);
    marks += io::input_mark("population.cohort", content);
    made = parallel::on_all(comm, [&] {
      const auto asked_at = [&](const std::string& column) {
        const io::PlacedMessages messages(text, name, overrides, origins);
        return column == population.id_column
                   ? messages.where("population", "", "id_column")
                   : messages.where("population.column", column, "column");
      };
      const io::CohortRequest request{population.id_column, mapped_columns(population.mapping),
                                      asked_at};
      const CohortTable table = io::parse_cohort(content, path, request);
      ids = table.ids;
      return Synthesis(options, table, population.mapping);
    });
  });
  // Without the cohort its names are unknown.
  const bool has_ids = made || population.id_column.empty();
  if (!study.replay.file.empty() && has_ids) {
    const std::string path = resolved(study.replay.file, directory);
    try_table([&] {
      const std::string csv = table_text("replay", "file", study.replay.file);
      marks += io::input_mark("replay.file", csv);
      study.replay.rows = parallel::on_all(comm, [&] {
        return io::parse_replay(csv, path, {population.individuals, study.days, study.dt_min, ids});
      });
    });
    if (study.replay.rows.empty() && study.replay.who == ReplayWho::listed) {
      warnings.push_back(fmt::format("{}: the table has no rows, so nobody is replayed", path));
    }
  }
  if (!mistakes.empty()) throw parallel::AgreedError(ErrorKind::input, mistakes);
  Synthesis& synthesis = *made;
  for (const std::string& warning : synthesis.warnings()) warnings.push_back(warning);
  if (synthesis.rows() > 0 && study.population.individuals < synthesis.rows()) {
    warnings.push_back(fmt::format(
        "population.individuals = {} uses only the first of the {} rows of the cohort table",
        study.population.individuals, synthesis.rows()));
  }
  parallel::on_all(comm, [&] {
    io::PlacedMessages messages(text, name, overrides, origins);
    const Strata strata(study.output, synthesis.groups());
    check_strata(study, strata, messages);
    messages.throw_if_errors();
    count_people(study, strata, synthesis, messages);
    for (const std::string& warning : messages.warnings()) warnings.push_back(warning);
  });
  return {std::move(study), std::move(synthesis), std::move(warnings), std::move(marks)};
}

}  // namespace eustress::app
