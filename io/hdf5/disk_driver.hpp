#pragma once

// A driver of HDF5 that reads an open file. With the library's own one a close that fails, as on a
// network file system, crashes the process when it ends.

#include "io/files/file.hpp"
#include "io/hdf5/library.hpp"

namespace eustress::io {

struct DiskDriverInfo {
  const File* file;  ///< must outlive what HDF5 opens
  haddr_t size;
};

/// For H5Pset_driver, with a DiskDriverInfo.
hid_t disk_driver(const Task& task);

}  // namespace eustress::io
