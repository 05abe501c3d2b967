#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <optional>

#include "app/progress.hpp"
#include "app/study_source.hpp"
#include "app/timings.hpp"
#include "app/verbs.hpp"
#include "core/engine/simulation.hpp"
#include "core/error.hpp"
#include "io/files/run_directory.hpp"
#include "io/provenance/run_log.hpp"
#include "io/results/individuals_file.hpp"
#include "io/results/results_file.hpp"
#include "io/study/reader.hpp"
#include "parallel/agree.hpp"
#include "parallel/decomposition.hpp"
#include "parallel/layout.hpp"
#include "parallel/thread_team.hpp"

namespace eustress::app {
}
