#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/study_source.hpp"
#include "app/verbs.hpp"
#include "core/engine/block.hpp"
#include "core/population/synthesis_report.hpp"
#include "core/text/number.hpp"
#include "io/files/atomic_file.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app {

namespace {

constexpr std::uint64_t kMostCompared = 1000000;
constexpr std::uint64_t kChunk = 8192;  // individuals that one thread draws in one go
constexpr std::size_t kShownPairs = 10;

SynthesisSums compared_people(const Synthesis& synthesis, std::uint64_t people, int threads) {
  const parallel::ThreadTeam team(threads);
  std::vector<SynthesisSums> chunks((people + kChunk - 1) / kChunk);
  team.for_each(0, static_cast<std::int64_t>(chunks.size()), [&](std::int64_t chunk, int) {
    const std::uint64_t first = static_cast<std::uint64_t>(chunk) * kChunk;
    chunks[static_cast<std::size_t>(chunk)] =
        sums_of(synthesis, first, std::min(first + kChunk, people));
  });
  SynthesisSums all;
  for (const SynthesisSums& chunk : chunks) all.merge(chunk);
  return all;
}

struct Pair {
  std::size_t a, b;
  double asked, obtained;

  [[nodiscard]] double distance() const { return std::abs(obtained - asked); }
};

std::vector<Pair> pairs_of(const Synthesis& synthesis, const SynthesisSums& people) {
  const Eigen::MatrixXd& asked = synthesis.asked_correlations();
  const Eigen::MatrixXd obtained = people.correlations();
  std::vector<Pair> pairs;
  for (std::size_t a = 0; a < kFactors; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const auto i = static_cast<Eigen::Index>(a);
      const auto j = static_cast<Eigen::Index>(b);
      pairs.push_back({a, b, asked(i, j), obtained(i, j)});
    }
  }
  return pairs;
}

std::string comparison_csv(const Synthesis& synthesis, const SynthesisSums& people,
                           const std::vector<Pair>& pairs) {
  std::string csv = "quantity,factor,with,asked,obtained\n";
  const auto add = [&](std::string_view quantity, std::size_t factor, std::string_view with,
                       double asked, double obtained) {
    csv += fmt::format("{},{},{},{},{}\n", quantity, kFactorNames[factor], with, number_text(asked),
                       number_text(obtained));
  };
  for (std::size_t f = 0; f < kFactors; ++f) {
    const AskedMarginal& asked = synthesis.asked()[f];
    const SynthesisSums::Shape got = people.shape(f);
    add("mean", f, "", asked.mean, got.mean);
    add("sd", f, "", asked.sd, got.sd);
    add("skewness", f, "", asked.skewness, got.skewness);
    csv += fmt::format("missing_cells,{},,{},0\n", kFactorNames[f], asked.missing);
  }
  for (const Pair& p : pairs) add("correlation", p.a, kFactorNames[p.b], p.asked, p.obtained);
  return csv;
}

std::string both(double asked, double obtained) {
  const auto without_sign_of_zero = [](double x) { return std::abs(x) < 0.0005 ? 0.0 : x; };
  return fmt::format("{:.3f} /{:7.3f}", without_sign_of_zero(asked),
                     without_sign_of_zero(obtained));
}

void print_comparison(const Synthesis& synthesis, const SynthesisSums& people,
                      std::vector<Pair> pairs) {
  fmt::print("\nsynthesis of {} individuals", people.count());
  if (synthesis.rows() > 0) fmt::print(" from {} rows", synthesis.rows());
  fmt::print(": asked / obtained, in units of the reference population\n");
  fmt::print("{:<25}{:>17}{:>17}{:>17}{:>9}  {}\n", "factor", "mean", "sd", "skewness", "missing",
             "column");
  for (std::size_t f = 0; f < kFactors; ++f) {
    const AskedMarginal& asked = synthesis.asked()[f];
    const SynthesisSums::Shape got = people.shape(f);
    const bool has_column = !asked.column.empty();
    fmt::print("{:<25}{:>17}{:>17}{:>17}{:>9}  {}\n", kFactorNames[f], both(asked.mean, got.mean),
               both(asked.sd, got.sd), both(asked.skewness, got.skewness),
               has_column ? fmt::to_string(asked.missing) : "-", has_column ? asked.column : "-");
  }
  double squares = 0.0;
  for (const Pair& p : pairs) squares += p.distance() * p.distance();
  std::ranges::stable_sort(pairs, std::greater<>(), &Pair::distance);
  fmt::print(
      "\n{} correlations: root mean square difference {:.4f}, largest {:.4f}; the {} with the "
      "largest:\n",
      pairs.size(), std::sqrt(squares / static_cast<double>(pairs.size())),
      pairs.front().distance(), kShownPairs);
  for (std::size_t i = 0; i < kShownPairs; ++i) {
    const Pair& p = pairs[i];
    fmt::print("{:<25}{:<25}{:>17}\n", kFactorNames[p.a], kFactorNames[p.b],
               both(p.asked, p.obtained));
  }
}

}  // namespace

void check(const Options& options) {
  if (!options.output.empty() && !options.force) io::refuse_to_replace(options.output, "-o");
  const auto alone = parallel::make_local_communicator();
  const std::string text = shared_text(*alone, options.path, ErrorKind::usage);
  const LoadedStudy loaded =
      load_study(*alone, text, options.path, directory_of(options.path), options.overrides);
  show_warnings(loaded.warnings);
  const Study& study = loaded.study;
  fmt::print("{}: no errors\n", options.path);
  fmt::print("study {}: {} individuals, {} days, {} arm{}, {} blocks of {}\n", study.name,
             study.population.individuals, study.days, study.arms.size(),
             study.arms.size() == 1 ? "" : "s", block_count(study.population.individuals),
             kBlockSize);
  if (!options.synthesis) return;
  const SynthesisSums people = compared_people(
      loaded.synthesis, std::min(study.population.individuals, kMostCompared), options.threads);
  const std::vector<Pair> pairs = pairs_of(loaded.synthesis, people);
  print_comparison(loaded.synthesis, people, pairs);
  if (options.output.empty()) return;
  io::write_file(options.output, comparison_csv(loaded.synthesis, people, pairs));
}

}  // namespace eustress::app
