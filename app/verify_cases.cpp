#include "app/verify_cases.hpp"

namespace eustress::app {

namespace {

// Everything that a checkpoint must hold is at work on every day: a learning arm beside a frozen
// one, a wave, a regime, samples of a probe, questionnaires, one row per individual. Checkpoints
// are frequent, so that a run can be met between any two. 11 blocks, the last one not full.
constexpr const char* kPeople = R"([study]
name = "people"
days = 32
seed = 11
[population]
individuals = 700
[[wave]]
name = "flood"
day = 9
fraction = 0.5
[[regime]]
name = "lockdown"
start_day = 12
end_day = 30
hassle_rate = 1.5
[[probe]]
name = "test"
kind = "tsst"
day = 20
[[arm]]
name = "frozen"
set = { "reinforcement.active" = false, "memory.threat_active" = false }
[output]
individuals = true
strata = ["sex"]
[traces]
individuals = [5, 350, 699]
[checkpoint]
every_days = 4
)";

// Individual output needs the whole cohort at once; without it a cohort can be walked in slices.
constexpr const char* kCounts = R"([study]
name = "counts"
days = 24
seed = 12
[population]
individuals = 3000
[[wave]]
name = "flood"
day = 9
fraction = 0.5
[[probe]]
name = "test"
kind = "crh"
day = 20
samples_min = [0, 15, 30, 60]
[[arm]]
name = "frozen"
set = { "reinforcement.active" = false }
[output]
strata = ["optimism"]
[checkpoint]
every_days = 4
)";

constexpr const char* kPwrite = "checkpoint.writer=\"pwrite\"";
constexpr const char* kCollective = "checkpoint.writer=\"collective\"";
/// Room for eight blocks per rank, of 47.
constexpr const char* kSmall = "numerics.memory_gib=0.001";

VerifyLayout layout(int ranks, int threads, std::optional<Isa> isa = {}) {
  return {ranks, threads, isa, ranks > 1};
}

io::CheckpointName after_day(std::int64_t day) {
  return {0, day, 1};
}

VerifyCase reference_of(const std::string& study) {
  VerifyCase reference;
  reference.what = "straight";
  reference.study = study;
  reference.expected = VerifyCase::Expected::reference;
  return reference;
}

VerifyCase straight(const std::string& study, const VerifyLayout& on) {
  VerifyCase one;
  one.what = "straight";
  one.study = study;
  one.layout = on;
  return one;
}

VerifyCase stopped(const std::string& study, VerifyStop stop, const io::CheckpointName& after,
                   const VerifyLayout& first, const VerifyLayout& second) {
  VerifyCase one;
  one.what = stop == VerifyStop::kill     ? "SIGKILL, resumed"
             : stop == VerifyStop::signal ? "SIGUSR1, resumed"
                                          : "--max-walltime, resumed";
  one.study = study;
  one.layout = first;
  one.stop = stop;
  one.after = after;
  one.second_layout = second;
  return one;
}

/// With the collective writer before the stop, after it, or both.
VerifyCase collective(VerifyCase one, bool before, bool after) {
  // Hundreds of collective calls for each checkpoint: fewer of them.
  one.overrides.emplace_back("checkpoint.every_days=8");
  one.second_overrides.emplace_back("checkpoint.every_days=8");
  if (before) one.overrides.emplace_back(kCollective);
  // Said again, as it is part of the checkpoint.
  one.second_overrides.emplace_back(after ? kCollective : kPwrite);
  one.what += before && after ? ", collective" : before ? ", from collective" : ", to collective";
  return one;
}

VerifyCase in_slices(VerifyCase one) {
  one.what += ", slices";
  one.overrides.emplace_back(kSmall);
  one.second_overrides.emplace_back(kSmall);
  return one;
}

VerifyCase other_seed() {
  VerifyCase one = straight("people", layout(1, 1));
  one.what = "another seed";
  one.overrides = {"study.seed=13"};
  one.expected = VerifyCase::Expected::different;
  return one;
}

std::vector<VerifyCase> quick_cases() {
  using enum VerifyStop;
  std::vector<VerifyCase> cases = {
      reference_of("people"),
      other_seed(),
      straight("people", layout(1, 2)),
  };
  for (const Isa isa : available_isas()) {
    if (isa != best_isa()) cases.push_back(straight("people", layout(1, 1, isa)));
  }
  const io::CheckpointName second_slice{1, 4, 1};
  const std::vector<VerifyCase> rest = {
      straight("people", {1, 1, {}, true}),
      straight("people", layout(2, 1)),
      straight("people", layout(3, 2)),
      stopped("people", signal, after_day(4), layout(1, 2), layout(1, 1)),
      stopped("people", signal, after_day(8), layout(2, 1), layout(3, 1)),
      stopped("people", walltime, after_day(1), layout(1, 1), layout(2, 2)),
      stopped("people", kill, after_day(12), layout(1, 1), layout(1, 2)),
      stopped("people", kill, after_day(4), layout(2, 1), layout(1, 2)),
      stopped("people", kill, after_day(20), layout(3, 1), layout(2, 1)),
      collective(stopped("people", kill, after_day(8), layout(2, 1), layout(3, 1)), true, true),
      collective(stopped("people", signal, after_day(8), layout(2, 1), layout(3, 1)), false, true),
      collective(stopped("people", signal, after_day(8), layout(3, 1), layout(1, 2)), true, false),
      reference_of("counts"),
      in_slices(straight("counts", layout(1, 2))),
      in_slices(straight("counts", layout(3, 1))),
      in_slices(stopped("counts", signal, second_slice, layout(1, 1), layout(1, 2))),
      in_slices(stopped("counts", kill, second_slice, layout(1, 2), layout(2, 1))),
  };
  cases.insert(cases.end(), rest.begin(), rest.end());
  return cases;
}

std::vector<VerifyCase> full_cases() {
  std::vector<VerifyLayout> layouts;
  for (const int ranks : {1, 2, 3, 4, 7}) {
    for (const int threads : {1, 2, 4}) layouts.push_back(layout(ranks, threads));
  }
  const std::vector<Isa> isas = available_isas();
  std::vector<VerifyCase> cases = quick_cases();
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    for (std::size_t k = 0; k < isas.size(); ++k) {
      VerifyLayout first = layouts[i];
      first.isa = isas[k];
      cases.push_back(straight("people", first));
      // 4 and 15 have no common factor: every layout is once the second one.
      VerifyLayout second = layouts[(i + 4) % layouts.size()];
      second.isa = isas[(k + 1) % isas.size()];
      const auto day = static_cast<std::int64_t>(4 + 4 * ((i + k) % 5));
      cases.push_back(stopped("people", (i + k) % 2 == 0 ? VerifyStop::kill : VerifyStop::signal,
                              after_day(day), first, second));
    }
  }
  for (const int ranks : {2, 3, 4, 7}) {
    const VerifyLayout others = layout(ranks == 7 ? 2 : ranks + 1, 2);
    cases.push_back(collective(
        stopped("people", VerifyStop::kill, after_day(8), layout(ranks, 1), others), true, true));
    cases.push_back(in_slices(straight("counts", layout(ranks, 1))));
    cases.push_back(
        in_slices(stopped("counts", VerifyStop::kill, after_day(8), layout(ranks, 2), others)));
  }
  return cases;
}

}  // namespace

const std::vector<VerifyStudy>& verify_studies() {
  static const std::vector<VerifyStudy> studies = {{"people", kPeople}, {"counts", kCounts}};
  return studies;
}

std::vector<VerifyCase> verify_cases(bool full, bool with_launcher) {
  std::vector<VerifyCase> cases = full ? full_cases() : quick_cases();
  if (!with_launcher) std::erase_if(cases, [](const VerifyCase& c) { return c.needs_launcher(); });
  return cases;
}

}  // namespace eustress::app
