// Any bytes as a cohort in arrays (netCDF-4, HDF5): a table, or an error of input. HDF5 crashes on
// about one of twenty of what the fuzzer makes, in the process where it reads: this one must go on.

#include "io/tables/cohort_arrays.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/error.hpp"
#include "tests/fuzz/other_process.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eustress;
  eustress::test::keep_out_of_other_processes();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto attempt = [&](const io::CohortRequest& request) {
    try {
      const CohortTable table = io::parse_cohort_arrays(bytes, "people.nc", request);
      if (table.cells.size() != table.columns.size() * table.lines.size()) std::abort();
      if (!request.id_column.empty() && table.ids.size() != table.lines.size()) std::abort();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) std::abort();
    }
  };
  attempt({});
  attempt({"id", {}});
  attempt({"person", {"x", "y"}});
  return 0;
}
