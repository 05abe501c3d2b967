#pragma once

#include "app/command_line.hpp"
#include "parallel/communicator.hpp"

namespace eustress::app {

extern const char* const kDemoStudy;

// One function per verb, one file each. They throw Error; returning means success.
void demo(const Options& options, const parallel::Communicator& comm);
void init(const Options& options);
void check(const Options& options);
void run(const Options& options, const parallel::Communicator& comm);
void report(const Options& options);
void info(const Options& options);

/// Runs a study that is given as text. `directory`: of the study file, for the paths in it.
void run_study(const Options& options, const parallel::Communicator& comm,
               const std::string& study_text, const std::string& study_name,
               const std::string& directory);
/// Where run_study writes: -o, or the name of the study.
std::string output_directory(const Options& options, const std::string& study_name);

}  // namespace eustress::app
