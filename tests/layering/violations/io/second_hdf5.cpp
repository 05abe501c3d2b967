#include <hdf5_hl.h>
