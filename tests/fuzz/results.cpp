// Any bytes as results.nc or individuals.h5: refused as an error of input, or read as a whole.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/error.hpp"
#include "io/files/file.hpp"
#include "io/results/results_file.hpp"
#include "tests/fuzz/other_process.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eustress;
  eustress::test::keep_out_of_other_processes();
  constexpr std::uint64_t kMostElements = std::uint64_t{1} << 20;
  static const std::string path =
      (std::filesystem::temp_directory_path() / "eustress-fuzz-").string() +
      std::to_string(::getpid()) + ".nc";
  ::unlink(path.c_str());
  io::File file(path, io::File::Mode::create_new);
  file.write_at(0, std::as_bytes(std::span(data, size)));
  file.close();
  try {
    const io::ResultsFile results(path);
    results.verify();
    for (const auto& variable : results.variables()) {
      if (variable.elements() <= kMostElements) (void)results.read(variable.name);
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) std::abort();
  }
  ::unlink(path.c_str());
  return 0;
}
