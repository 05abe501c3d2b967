// Any text as a cohort table and as a table of correlations: a table, or an error of input.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/error.hpp"
#include "core/population/correlation.hpp"
#include "io/tables/cohort_csv.hpp"
#include "io/tables/correlation_csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eustress;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto attempt = [](auto&& work) {
    try {
      work();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input && error.kind() != ErrorKind::usage) std::abort();
    }
  };
  attempt([&] { (void)io::parse_cohort_table(text, "people.csv"); });
  attempt([&] { (void)io::parse_cohort_table(text, "people.csv", {"id", {"x"}}); });
  attempt([&] { (void)CorrelationMatrix::with(io::parse_correlations(text, "r.csv")); });
  return 0;
}
