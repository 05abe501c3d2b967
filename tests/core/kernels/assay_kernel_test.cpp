#include "core/mechanisms/assay_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/packs.hpp"

namespace eustress {
namespace {

using namespace testing;

TEST(AssayKernel, EqualsTheReference) {
  for_each_parameter_set(41, 100, [](const ModelParameters& m, Random& random) {
    const Numbers person = eight([&] { return random.normal(); });
    const Numbers sample = eight([&] { return random.normal(); });
    const Numbers measured = unpacked(assay(m.assay, packed(person), packed(sample)));
    for (std::size_t l = 0; l < kLanes; ++l) {
      ASSERT_TRUE(close(assay_reference(m.assay, person[l], sample[l]), measured[l], 1e-13));
    }
  });
}

}  // namespace
}  // namespace eustress
