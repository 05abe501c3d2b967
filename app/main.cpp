#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "app/verbs.hpp"
#include "core/error.hpp"
#include "io/study/reader.hpp"
#include "parallel/agree.hpp"
#include "parallel/launcher.hpp"
#include "parallel/mpi_communicator.hpp"

namespace {

using namespace eustress;

void perform_on_root(const app::Options& options) {
  switch (options.verb) {
    case app::Verb::init:
      return app::init(options);
    case app::Verb::check:
      return app::check(options);
    case app::Verb::plan:
      return app::plan(options);
    case app::Verb::report:
      return app::report(options);
    case app::Verb::info:
      return app::info(options);
    case app::Verb::merge:
      return app::merge(options);
    case app::Verb::export_run:
      return app::export_run(options);
    case app::Verb::compare:
      return app::compare(options);
    case app::Verb::parameters:
      fmt::print("{}", io::parameter_reference_markdown());
      return;
    case app::Verb::schema:
      fmt::print("{}", io::study_json_schema());
      return;
    case app::Verb::demo:
    case app::Verb::run:
    case app::Verb::resume:
    case app::Verb::rerun:
    case app::Verb::verify:
    case app::Verb::validate:
    case app::Verb::sweep:
    case app::Verb::calibrate:
      return;
  }
}

/// Returns the exit code.
int perform(const app::Options& options, const parallel::Communicator& comm) {
  switch (options.verb) {
    case app::Verb::demo:
      return app::demo(options, comm);
    case app::Verb::run:
      return app::run(options, comm);
    case app::Verb::resume:
      return app::resume(options, comm);
    case app::Verb::rerun:
      return app::rerun(options, comm);
    case app::Verb::verify:
      parallel::on_all(comm, [] {
        if (!parallel::launched_by_mpi()) return;
        throw Error(ErrorKind::usage,
                    "verify starts its runs itself, on several ranks too: call it without mpirun "
                    "or srun, and say with --launcher how ranks are started");
      });
      return app::verify(options);
    case app::Verb::validate:
      return app::validate(options, comm);
    case app::Verb::sweep:
      return app::sweep(options, comm);
    case app::Verb::calibrate:
      return app::calibrate(options, comm);
    default:
      if (comm.is_root()) perform_on_root(options);
      return 0;
  }
}

void show(const char* text) {
  std::fflush(stdout);
  fmt::print(stderr, "eustress: {}\n", text);
  std::fflush(stderr);
}

/// What this rank alone knows.
void show(const parallel::Communicator& comm, const std::string& text) {
  if (comm.size() == 1) return show(text.c_str());
  std::fflush(stdout);
  fmt::print(stderr, "eustress[{}]: {}\n", comm.rank(), text);
  std::fflush(stderr);
}

/// Errors that all ranks know of are shown once; those of one rank end the others.
int perform_on_ranks(const app::Options& options, const parallel::Communicator& comm) {
  try {
    return perform(options, comm);
  } catch (const parallel::AgreedError& e) {
    if (comm.is_root()) show(e.what());
    return e.exit_code();
  } catch (const Error& e) {
    show(comm, e.what());
    if (comm.size() > 1) comm.abort(e.exit_code());
    return e.exit_code();
  } catch (const std::exception& e) {
    show(comm, fmt::format("internal error, please report it: {}", e.what()));
    if (comm.size() > 1) comm.abort(static_cast<int>(ErrorKind::internal));
    return static_cast<int>(ErrorKind::internal);
  }
}

}  // namespace

int main(int argc, char** argv) {
  // A file size limit is then an error of the write that meets it, told and cleaned up like any
  // other.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const std::optional<app::Options> options = app::parse_command_line(argc, argv);
    if (!options) return 0;
    if (options->dry_run_ranks > 0) {
      return perform_on_ranks(*options,
                              *parallel::make_dry_run_communicator(options->dry_run_ranks));
    }
    if (!parallel::launched_by_mpi()) {
      return perform_on_ranks(*options, *parallel::make_local_communicator());
    }
    const parallel::MpiSession session;
    return perform_on_ranks(*options,
                            *session.world({.wait_limit_s = options->collective_timeout_s}));
  } catch (const Error& e) {
    show(e.what());
    return e.exit_code();
  }
}
