#include <hdf5.h>  // two files in io: a breach in each

#include "app/main.hpp"
#include "parallel/communicator.hpp"  // right
