#include "io/provenance/run_log.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "io/files/atomic_file.hpp"
#include "io/files/file.hpp"
#include "io/files/sha256.hpp"
#include "io/provenance/provenance.hpp"

namespace eustress::io {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

}  // namespace

std::string utc_text(std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  const auto second = floor<seconds>(time);
  const auto day = floor<days>(second);
  const year_month_day date(day);
  const hh_mm_ss clock(second - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

void write_run_log(const std::string& path, const RunLog& log) {
  using Json = nlohmann::ordered_json;
  const auto end = std::chrono::system_clock::now();
  const Provenance& program = this_program();
  Json json;
  json["program"] = {{"name", "eustress"},
                     {"version", program.version},
                     {"git_commit", program.commit},
                     {"compiler", program.compiler},
                     {"compiler_flags", program.flags},
                     {"build_type", program.build_type}};
  if (!log.command.empty()) json["command"] = log.command;
  json["host"] = host_name();
  json["ranks"] = log.ranks;
  json["threads_per_rank"] = log.threads;
  json["instruction_set"] = log.isa;
  json["start"] = utc_text(log.start);
  json["end"] = utc_text(end);
  json["wall_s"] = std::chrono::duration<double>(end - log.start).count();
  json["individual_days_per_s"] = log.individual_days_per_s;
  json["phases"] = Json::array();
  for (const RunLog::Phase& phase : log.phases) {
    json["phases"].push_back({{"name", phase.name},
                              {"least_s", phase.least_s},
                              {"mean_s", phase.mean_s},
                              {"most_s", phase.most_s}});
  }
  json["warnings"] = log.warnings;
  if (!log.checkpoints.empty()) json["checkpoints"] = log.checkpoints;
  json["files"] = Json::array();
  for (const std::string& file : log.files) {
    json["files"].push_back({{"path", file},
                             {"bytes", File(file, File::Mode::read).size()},
                             {"sha256", sha256_of_file(file)}});
  }
  // Texts from the command line or the host need not be UTF-8.
  write_file(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace eustress::io
