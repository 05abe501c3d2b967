#pragma once

namespace eustress::bench {

/// Floating-point operations per second of one thread that does nothing but multiply and add, in
/// the widest registers that this processor has; 0 where it is not known how (not x86-64).
double arithmetic_peak();

}  // namespace eustress::bench
