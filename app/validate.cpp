#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "app/validation/summary.hpp"
#include "app/validation/targets.hpp"
#include "app/verbs.hpp"
#include "core/error.hpp"
#include "core/text/did_you_mean.hpp"
#include "io/files/atomic_file.hpp"
#include "parallel/agree.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app {

namespace {

using validation::Target;
using validation::Verdict;

/// Bands of the quick size are wider by so many standard errors of the simulation.
constexpr double kQuickSlack = 2.0;

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// The rows that were asked for, by id or by the letter of their theme, in the order of the table.
std::vector<const Target*> chosen(const std::vector<std::string>& ids) {
  std::vector<std::string> names;
  for (const Target& target : validation::all_targets()) names.emplace_back(target.id);
  const auto means = [](const std::string& wanted, std::string_view id) {
    return wanted == id || (wanted.size() == 1 && id.starts_with(wanted));
  };
  for (const std::string& id : ids) {
    const std::string wanted = upper(id);
    if (std::any_of(names.begin(), names.end(),
                    [&](const std::string& name) { return means(wanted, name); })) {
      continue;
    }
    throw Error(
        ErrorKind::usage,
        fmt::format("validate: there is no row '{}'.{} Rows are E1 to E18, S1 to S15, T1 to "
                    "T12 and R1 to R4; E, S, T and R are all of a theme",
                    id, did_you_mean(wanted, names)));
  }
  std::vector<const Target*> rows;
  for (const Target& target : validation::all_targets()) {
    if (ids.empty() || std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
          return means(upper(id), target.id);
        })) {
      rows.push_back(&target);
    }
  }
  return rows;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int validate(const Options& options, const parallel::Communicator& comm) {
  const std::vector<const Target*> rows =
      parallel::on_all(comm, [&] { return chosen(options.rows); });
  parallel::on_root(comm, [&] {
    if (!options.json.empty() && !options.force) io::refuse_to_replace(options.json, "--json");
  });
  const parallel::ThreadTeam team(options.threads);
  const validation::RunPlan plan{options.overrides, options.full, options.scale, options.isa};
  const validation::Circumstances circumstances{options.full, options.full ? 0.0 : kQuickSlack,
                                                options.scale, options.overrides};
  const bool is_shown = comm.is_root() && !options.quiet;

  validation::Runs runs;
  std::vector<Verdict> verdicts;
  if (is_shown) fmt::print("{}", validation::table_head());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const std::string_view name : rows[r]->runs) {
      if (runs.contains(name)) continue;
      const auto begin = std::chrono::steady_clock::now();
      runs.emplace(name,
                   validation::run_protocol(comm, team, validation::protocol_named(name), plan));
      if (is_shown) {
        std::fflush(stdout);
        fmt::print(stderr, "{}: {} people, {:.1f} s\n", name, runs.at(name).people.size(),
                   seconds_since(begin));
      }
    }
    parallel::on_root(comm, [&] {
      verdicts.push_back(validation::judge(*rows[r], rows[r]->measure(runs), circumstances.slack));
      if (!is_shown) return;
      fmt::print("{}", validation::table_rows(verdicts.back()));
      std::fflush(stdout);
    });
    // What no later row looks at is in the way.
    std::erase_if(runs, [&](const auto& run) {
      return std::none_of(rows.begin() + static_cast<std::ptrdiff_t>(r) + 1, rows.end(),
                          [&](const Target* later) {
                            return std::find(later->runs.begin(), later->runs.end(), run.first) !=
                                   later->runs.end();
                          });
    });
  }

  const std::string outcome = parallel::on_root(comm, [&]() -> std::string {
    const std::vector<validation::KnownFailure> known = validation::known_failures();
    const validation::Tally tally = validation::tally_of(verdicts, known);
    if (is_shown) fmt::print("{}", validation::tally_text(tally));
    if (!options.json.empty()) {
      io::write_file(options.json, validation::verdicts_json(verdicts, tally, circumstances));
    }
    if (!options.page.empty()) {
      validation::write_page(options.page, verdicts, known, circumstances);
    }
    return tally.is_as_known() ? "" : "different";
  });
  return outcome.empty() ? 0 : kNotAsKnown;
}

}  // namespace eustress::app
