// Compiled without code generation with the flags of a layer: PERMITTED must be found there. With
// FORBIDDEN or NEEDS_OPENMP besides, the same source must not compile.

#include PERMITTED

#ifdef FORBIDDEN
#include FORBIDDEN
#endif

#if defined(NEEDS_OPENMP) && !defined(_OPENMP)
#error "OpenMP is off here"
#endif
