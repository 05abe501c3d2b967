#pragma once

// A driver of HDF5 that keeps the file in memory.

#include "io/hdf5/file_image.hpp"
#include "io/hdf5/library.hpp"

namespace eustress::io {

struct MemoryDriverInfo {
  FileImage* image;
};

/// For H5Pset_driver, with a MemoryDriverInfo.
hid_t memory_driver(const Task& task);

}  // namespace eustress::io
