#include "app/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/stop_request.hpp"
#include "core/error.hpp"
#include "core/text/did_you_mean.hpp"
#include "io/provenance/provenance.hpp"

namespace eustress::app {

namespace {

constexpr const char* kFooter = R"(
Exit codes: 0 done, 2 usage or study file, 3 unreadable input or checkpoint, 4 input/output,
            5 numerical (not finite), 70 internal or ranks that hang, 85 stopped early and
            saved: start it again. Of verify: 0 all the same, 6 something differs or failed,
            7 nothing differs, but rows were skipped as there is no launcher. Of rerun: 6 other
            numbers than before. Of validate: 0 the rows that fail are exactly the known ones, 8
            they are not.

SIGTERM, SIGUSR1 and --max-walltime stop a run after a checkpoint. The same command again, or
eustress resume DIRECTORY, goes on from there, on any number of ranks and threads.

With [study] replicates = R a run makes R repetitions, on groups of ranks, and merges them.

On several ranks: mpirun -n 4 eustress run STUDY. Results are the same bytes for any number
of ranks and threads.)";

std::string no_option(const CLI::App& app, const std::string& word, const char* where = "") {
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  const std::string name = word.substr(0, word.find('='));
  return fmt::format("there is no option '{}'{}.{}", name, where, did_you_mean(name, known));
}

std::string no_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::App* verb : app.get_subcommands({})) known.push_back(verb->get_name());
  return fmt::format("there is no command '{}'.{}", word, did_you_mean(word, known));
}

/// What is wrong: a word that the program does not know, from which all else may follow, or what
/// the parser says.
std::string message_of(const CLI::App& app, const CLI::ParseError& error) {
  const auto is_option = [](const std::string& word) {
    return word.size() > 1 && word.starts_with('-') && word != "--";
  };
  const std::vector<std::string> before = app.remaining();
  const std::vector<CLI::App*> verbs = app.get_subcommands();
  if (!before.empty() && is_option(before.front())) {
    return fmt::format("{} See eustress --help.",
                       no_option(app, before.front(), " before the command"));
  }
  if (verbs.empty() && !before.empty()) {
    return fmt::format("{} See eustress --help.", no_command(app, before.front()));
  }
  if (!verbs.empty()) {
    const CLI::App& verb = *verbs.front();
    const std::vector<std::string> rest = verb.remaining();
    const auto word = std::ranges::find_if(rest, is_option);
    if (word != rest.end()) {
      const std::string& name = verb.get_name();
      return fmt::format("{}: {} See eustress {} --help.", name, no_option(verb, *word), name);
    }
  }
  return fmt::format("{}. See eustress --help.", error.what());
}

}  // namespace

std::optional<Options> parse_command_line(int argc, char** argv) {
  Options options;
  options.command.assign(argv, argv + argc);
  CLI::App app{"eustress: stress, plasticity and resilience in large virtual cohorts", "eustress"};
  const io::Provenance& program = io::this_program();
  app.set_version_flag("--version", fmt::format("eustress {} ({}, {})", program.version,
                                                program.commit, program.compiler));
  app.require_subcommand(1);
  app.footer(kFooter);

  std::string isa;
  const auto verb = [&](const char* name, const char* help, Verb value) {
    CLI::App* sub = app.add_subcommand(name, help);
    sub->callback([&options, value] { options.verb = value; });
    return sub;
  };
  std::string walltime, collective_timeout;
  const auto computes = [&](CLI::App* sub) {
    sub->add_option("--threads", options.threads,
                    "threads per rank (default: the CPUs that the process may use)")
        ->check(CLI::Range(1, 4096));
    sub->add_option("--isa", isa, "instruction set: baseline, avx2 or avx512 (default: best)")
        ->check(CLI::IsMember({"baseline", "avx2", "avx512"}));
    sub->add_option("--log-json", options.log_json,
                    "file for times and layout (default: log.json in the results)");
    sub->add_option("--max-walltime", walltime,
                    "stop with a checkpoint before so much time has passed: minutes, 1h30m or "
                    "HH:MM:SS");
    sub->add_option("--collective-timeout", collective_timeout,
                    "a rank that waits longer for the others ends the job with exit code 70, as "
                    "--max-walltime; 0: wait for ever (default: 30m)");
    sub->add_flag("--quiet", options.quiet, "no progress and no tables");
  };
  const auto simulates = [&](CLI::App* sub) {
    sub->add_option("-o,--output", options.output,
                    "directory for the results (default: the name of the study)");
    sub->add_option("--set", options.overrides, "change a key of the study: section.key=value")
        ->expected(1)
        ->take_all();
    computes(sub);
    sub->add_option("--dry-run-ranks", options.dry_run_ranks,
                    "do the work of rank 0 of this many ranks and write no results")
        ->check(CLI::Range(1, 100000000));
    sub->add_flag("--force", options.force,
                  "replace the results and checkpoints of an earlier run, and start anew");
  };

  simulates(verb("demo", "run the demonstration study and write its report", Verb::demo));
  CLI::App* init = verb("init", "write a commented study file to start from", Verb::init);
  init->add_option("file", options.path, "the file to write")->required();
  init->add_flag("--force", options.force, "replace the file if it is there");
  CLI::App* check = verb("check", "show everything that is wrong with a study", Verb::check);
  check->add_option("study", options.path, "study file (TOML)")->required();
  CLI::Option* synthesis = check->add_flag(
      "--synthesis", options.synthesis,
      "also compare the people that are made, up to a million, with what was asked for");
  check->add_option("-o,--output", options.output, "file for the whole comparison (CSV)")
      ->needs(synthesis);
  check->add_flag("--force", options.force, "replace the file of -o");
  check->add_option("--threads", options.threads, "threads (default: all CPUs that it may use)")
      ->needs(synthesis);
  check->add_option("--set", options.overrides, "change a key: section.key=value")
      ->expected(1)
      ->take_all();
  CLI::App* plan =
      verb("plan", "tell what memory, disk and time a study takes, with a header for its job",
           Verb::plan);
  plan->add_option("study", options.path, "study file (TOML)")->required();
  plan->add_option("--ranks", options.ranks, "MPI ranks (default: 1)")
      ->check(CLI::Range(1, 100000000));
  plan->add_option("--threads", options.threads,
                   "threads per rank (default: the CPUs that the process may use)")
      ->check(CLI::Range(1, 4096));
  plan->add_option("--set", options.overrides, "change a key: section.key=value")
      ->expected(1)
      ->take_all();
  plan->add_option("--isa", isa, "instruction set: baseline, avx2 or avx512 (default: best)")
      ->check(CLI::IsMember({"baseline", "avx2", "avx512"}));
  plan->add_option("--json", options.json, "write the numbers to this file too");
  plan->add_flag("--force", options.force, "replace the file of --json");
  CLI::App* run = verb("run", "run a study", Verb::run);
  CLI::Option* study = run->add_option("study", options.path, "study file (TOML)");
  CLI::Option* from = run->add_option(
      "--from", options.from,
      "start another run from this checkpoint and the study in it, with the changes of --set");
  run->add_option("--arm", options.arm, "continue only this arm of the checkpoint")->needs(from);
  study->excludes(from);
  simulates(run);
  CLI::App* resume =
      verb("resume", "go on with an unfinished run from its newest checkpoint", Verb::resume);
  resume->add_option("directory", options.path, "directory of the run")->required();
  computes(resume);
  CLI::App* rerun =
      verb("rerun", "run the study that stands in a results file again, and compare", Verb::rerun);
  rerun
      ->add_option("file", options.path, "results.nc, individuals.h5, traces.nc or a run directory")
      ->required();
  rerun->add_option(
      "--directory", options.directory,
      "from which the paths of its tables start (default: where they are found: here, "
      "beside the file, above it)");
  simulates(rerun);
  CLI::App* merge = verb(
      "merge", "put runs of a study that differ in seed or replicate into one file", Verb::merge);
  merge->add_option("directories", options.directories, "directories of finished runs")->required();
  merge->add_option("-o,--output", options.output, "directory for the merged results")->required();
  merge->add_flag("--force", options.force, "replace the results that are there");
  CLI::App* report = verb("report", "write the report of a run as one HTML page", Verb::report);
  report->add_option("directory", options.path, "results of a run")->required();
  report->add_option("-o,--output", options.output, "the page (default: report.html in there)");
  CLI::App* compare =
      verb("compare", "effects of the arms of a run, or of one run against another", Verb::compare);
  compare
      ->add_option("directories", options.directories,
                   "directory of a run; or of two, whose persons are paired")
      ->required()
      ->expected(1, 2);
  compare->add_option("--outcome", options.outcomes, "only this outcome; may be repeated")
      ->expected(1)
      ->take_all();
  compare->add_option("--stratum", options.stratum, "among these people (default: everybody)");
  compare->add_option("--reference", options.reference,
                      "arm to compare with (default: the reference arm)");
  compare->add_option("--json", options.json, "write the numbers to this file too");
  compare->add_flag("--force", options.force, "replace the file of --json");
  CLI::App* tables =
      verb("export", "write the results of a run as tables in CSV", Verb::export_run);
  tables->add_option("directory", options.path, "directory of a finished run")->required();
  tables->add_option("-o,--output", options.output,
                     "directory for the tables (default: csv in there)");
  tables->add_flag("--long", options.is_long, "a row per number instead of a column per statistic");
  tables->add_flag("--force", options.force, "replace tables that are there");
  verb("info", "show what a results file holds", Verb::info)
      ->add_option("file", options.path, "results.nc, individuals.h5, traces.nc or a run directory")
      ->required();
  CLI::App* verify = verb("verify",
                          "prove on this machine that results do not depend on ranks, threads, "
                          "instruction set, stops and kills",
                          Verb::verify);
  verify->add_flag("--full", options.full, "ranks 1, 2, 3, 4, 7 x threads 1, 2, 4 and all else");
  verify
      ->add_option("--launcher", options.launcher, "how to start ranks; \"none\": on one rank only")
      ->default_val("mpirun -n {ranks}");
  verify->add_option("-o,--output", options.output,
                     "new directory that keeps all files, for several hosts on a file system that "
                     "all of them see (default: a temporary one)");
  CLI::App* validate =
      verb("validate", "compare the simulator with published results, row by row", Verb::validate);
  validate->add_option("rows", options.rows,
                       "ids of rows or letters of themes, such as E4 S (default: all)");
  validate->add_flag("--full", options.full, "at least 10,000 people and bands as they are");
  validate
      ->add_option("--scale", options.scale,
                   "people relative to that size, for a quick look or small errors (default: 1)")
      ->check(CLI::Range(0.01, 1000.0));
  validate->add_option("--json", options.json, "file for the table as JSON");
  validate->add_flag("--force", options.force, "replace the file of --json");
  validate->add_option("--page", options.page,
                       "directory for the page validation.md and its figures");
  validate->add_option("--set", options.overrides, "change a key of every study: section.key=value")
      ->expected(1)
      ->take_all();
  validate
      ->add_option("--threads", options.threads,
                   "threads per rank (default: the CPUs that the process may use)")
      ->check(CLI::Range(1, 4096));
  validate->add_option("--isa", isa, "instruction set: baseline, avx2 or avx512 (default: best)")
      ->check(CLI::IsMember({"baseline", "avx2", "avx512"}));
  validate->add_flag("--quiet", options.quiet, "no table");
  const auto designed = [&](CLI::App* sub, const char* set_help) {
    sub->add_option("-o,--output", options.output, "directory for the results")->required();
    sub->add_option("--set", options.overrides, set_help)->expected(1)->take_all();
    sub->add_option("--threads", options.threads,
                    "threads per rank (default: the CPUs that the process may use)")
        ->check(CLI::Range(1, 4096));
    sub->add_option("--isa", isa, "instruction set: baseline, avx2 or avx512 (default: best)")
        ->check(CLI::IsMember({"baseline", "avx2", "avx512"}));
    sub->add_option("--collective-timeout", collective_timeout,
                    "a rank that waits longer for the others ends the job (default: 30m)");
    sub->add_flag("--quiet", options.quiet, "no progress and no tables");
    sub->add_flag("--force", options.force, "drop what an earlier call has computed");
  };
  CLI::App* sweep =
      verb("sweep", "run a study over a grid or a design, and tell what its results depend on",
           Verb::sweep);
  sweep->add_option("design", options.path, "design file (TOML)")->required();
  designed(sweep, "change a key of the study at all points: section.key=value");
  CLI::App* calibrate =
      verb("calibrate", "fit parameters to rows of validate, and tell which they constrain",
           Verb::calibrate);
  calibrate->add_option("file", options.path, "calibration file (TOML)")->required();
  designed(calibrate, "change a key of every study: section.key=value");
  verb("parameters", "print the reference of all keys and parameters (Markdown)", Verb::parameters);
  verb("schema", "print the JSON schema of study files", Verb::schema);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& e) {
    app.exit(e);
    return std::nullopt;
  } catch (const CLI::CallForVersion& e) {
    app.exit(e);
    return std::nullopt;
  } catch (const CLI::ParseError& e) {
    throw Error(ErrorKind::usage, message_of(app, e));
  }
  if (!walltime.empty()) options.max_walltime_s = parse_duration(walltime);
  if (!collective_timeout.empty()) {
    options.collective_timeout_s =
        collective_timeout == "0" ? 0.0 : parse_duration(collective_timeout);
  }
  if (options.verb == Verb::run && options.path.empty() && options.from.empty()) {
    throw Error(ErrorKind::usage, "run: a study file or --from is required. See eustress --help.");
  }
  if (!options.from.empty() && options.output.empty()) {
    throw Error(ErrorKind::usage,
                "run --from: name a directory for the results of the new run with -o");
  }
  if (options.verb == Verb::rerun && options.output.empty()) {
    throw Error(ErrorKind::usage, "rerun: name a directory for the results with -o");
  }
  for (const Isa known : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    if (isa == to_string(known)) options.isa = known;
  }
  return options;
}

}  // namespace eustress::app
