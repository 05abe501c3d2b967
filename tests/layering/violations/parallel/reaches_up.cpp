#include <hdf5.h>
#include <iostream>  // right

#include "core/right.hpp"  // right
#include "io/study.hpp"
