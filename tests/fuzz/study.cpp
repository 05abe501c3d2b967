// Any text as a study file: it is a study that is the same after writing and reading it, or it is
// refused as an error of usage.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "io/study/difference.hpp"
#include "io/study/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eustress;
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> warnings;
  std::string written;
  try {
    written = io::dump_study(io::read_study(text, "study.toml", {}, warnings));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) std::abort();
  }
  if (!written.empty()) {
    const std::string again = io::dump_study(io::read_study(written, "again.toml", {}, warnings));
    if (again != written) std::abort();
  }
  // The study of a checkpoint is compared as it is.
  (void)io::changed_keys(text, written);
  return 0;
}
