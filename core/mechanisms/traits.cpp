#include "core/mechanisms/traits.hpp"

#include <string>

namespace eustress {

namespace {

constexpr bool rows_in_order() {
  for (std::size_t j = 0; j < kTraitTable.size(); ++j) {
    if (static_cast<std::size_t>(kTraitTable[j].trait) != j) return false;
  }
  return true;
}
static_assert(rows_in_order(), "the rows of kTraitTable are in the order of the enumeration");

}  // namespace

const std::array<Column, kTraits + kFactors>& trait_columns() {
  // Columns refer to these strings, which therefore live as long as the program.
  static const auto names = [] {
    std::array<std::string, kTraits> n;
    for (std::size_t j = 0; j < n.size(); ++j) n[j] = "x_" + std::string(kTraitTable[j].name);
    return n;
  }();
  static const auto columns = [] {
    std::array<Column, kTraits + kFactors> c;
    for (std::size_t j = 0; j < kTraits; ++j) {
      c[j] = {names[j], kTraitTable[j].unit, "trait on its link scale, without the malleable part"};
    }
    for (std::size_t f = 0; f < kFactors; ++f) {
      c[kTraits + f] = {kFactorTable[f].name, "sd", kFactorTable[f].doc};
    }
    return c;
  }();
  return columns;
}

void traits_reference(const TraitParameters& parameters, const double* factors, const double* eta,
                      double* x) {
  for (std::size_t j = 0; j < kTraits; ++j) x[j] = parameters.omega[j] * eta[j];
  for (std::size_t i = 0; i < kLoadingTable.size(); ++i) {  // (R1)
    const LoadingRow& row = kLoadingTable[i];
    x[static_cast<std::size_t>(row.trait)] += parameters.loading[i] * factors[index_of(row.factor)];
  }
}

}  // namespace eustress
