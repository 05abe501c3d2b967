#include "io/hdf5/memory_driver.hpp"

#include <algorithm>
#include <cstddef>
#include <new>

namespace eustress::io {
namespace {

struct MemoryFile {
  H5FD_t base;  // first: HDF5 sees only this
  FileImage* image;
  haddr_t end_of_allocation;
};

MemoryFile& memory_file(H5FD_t* file) {
  return *reinterpret_cast<MemoryFile*>(file);
}
const MemoryFile& memory_file(const H5FD_t* file) {
  return *reinterpret_cast<const MemoryFile*>(file);
}

H5FD_t* memory_open(const char*, unsigned flags, hid_t access, haddr_t) {
  const auto* info = static_cast<const MemoryDriverInfo*>(H5Pget_driver_info(access));
  if (info == nullptr) return nullptr;
  if ((flags & H5F_ACC_TRUNC) != 0) info->image->set_size(0);
  auto* file = new (std::nothrow) MemoryFile{};
  if (file == nullptr) return nullptr;
  file->image = info->image;
  return &file->base;
}

herr_t memory_close(H5FD_t* file) {
  delete &memory_file(file);
  return 0;
}

int memory_compare(const H5FD_t* a, const H5FD_t* b) {
  const std::less<const FileImage*> before;
  const FileImage* first = memory_file(a).image;
  const FileImage* second = memory_file(b).image;
  return before(first, second) ? -1 : (before(second, first) ? 1 : 0);
}

herr_t memory_query(const H5FD_t*, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_AGGREGATE_SMALLDATA |
           H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t memory_get_eoa(const H5FD_t* file, H5FD_mem_t) {
  return memory_file(file).end_of_allocation;
}

herr_t memory_set_eoa(H5FD_t* file, H5FD_mem_t, haddr_t end) {
  memory_file(file).end_of_allocation = end;
  return 0;
}

haddr_t memory_get_eof(const H5FD_t* file, H5FD_mem_t) {
  return memory_file(file).image->size();
}

herr_t memory_read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size,
                   void* buffer) {
  memory_file(file).image->read(address, {static_cast<std::byte*>(buffer), size});
  return 0;
}

herr_t memory_write(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size,
                    const void* buffer) {
  try {
    memory_file(file).image->write(address, {static_cast<const std::byte*>(buffer), size});
    return 0;
  } catch (...) {  // out of memory; exceptions must not cross the library
    return -1;
  }
}

herr_t memory_truncate(H5FD_t* file, hid_t, hbool_t) {
  MemoryFile& memory = memory_file(file);
  memory.image->set_size(memory.end_of_allocation);
  return 0;
}

}  // namespace

hid_t memory_driver(const Task& task) {
  static const H5FD_class_t description = [] {
    H5FD_class_t driver = driver_class("eustress_memory", sizeof(MemoryDriverInfo));
    driver.open = memory_open;
    driver.close = memory_close;
    driver.cmp = memory_compare;
    driver.query = memory_query;
    driver.get_eoa = memory_get_eoa;
    driver.set_eoa = memory_set_eoa;
    driver.get_eof = memory_get_eof;
    driver.read = memory_read;
    driver.write = memory_write;
    driver.truncate = memory_truncate;
    return driver;
  }();
  static const hid_t driver = H5FDregister(&description);
  return task.check(driver);
}

}  // namespace eustress::io
