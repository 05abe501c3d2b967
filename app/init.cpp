#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "app/verbs.hpp"
#include "core/error.hpp"
#include "io/files/atomic_file.hpp"
#include "io/study/reader.hpp"

namespace eustress::app {

void init(const Options& options) {
  std::error_code unknown;  // writing tells of it
  if (std::filesystem::exists(options.path, unknown) && !options.force) {
    throw Error(ErrorKind::usage,
                fmt::format("{}: is there already; --force replaces it", options.path));
  }
  io::write_file(options.path, io::starter_study());
  fmt::print("{} written. Edit it, then: eustress check {} && eustress run {}\n", options.path,
             options.path, options.path);
}

}  // namespace eustress::app
