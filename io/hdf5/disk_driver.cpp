#include "io/hdf5/disk_driver.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <new>
#include <span>

namespace eustress::io {
namespace {

struct DiskFile {
  H5FD_t base;  // first: HDF5 sees only this
  DiskDriverInfo info;
  haddr_t end_of_allocation;
};

DiskFile& disk_file(H5FD_t* file) {
  return *reinterpret_cast<DiskFile*>(file);
}
const DiskFile& disk_file(const H5FD_t* file) {
  return *reinterpret_cast<const DiskFile*>(file);
}

H5FD_t* disk_open(const char*, unsigned, hid_t access, haddr_t) {
  const auto* info = static_cast<const DiskDriverInfo*>(H5Pget_driver_info(access));
  if (info == nullptr) return nullptr;
  auto* file = new (std::nothrow) DiskFile{};
  if (file == nullptr) return nullptr;
  file->info = *info;
  return &file->base;
}

herr_t disk_close(H5FD_t* file) {
  delete &disk_file(file);
  return 0;
}

int disk_compare(const H5FD_t* a, const H5FD_t* b) {
  const std::less<const File*> before;
  const File* first = disk_file(a).info.file;
  const File* second = disk_file(b).info.file;
  return before(first, second) ? -1 : (before(second, first) ? 1 : 0);
}

herr_t disk_query(const H5FD_t*, unsigned long* flags) {
  *flags = H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t disk_get_eoa(const H5FD_t* file, H5FD_mem_t) {
  return disk_file(file).end_of_allocation;
}

herr_t disk_set_eoa(H5FD_t* file, H5FD_mem_t, haddr_t end) {
  disk_file(file).end_of_allocation = end;
  return 0;
}

haddr_t disk_get_eof(const H5FD_t* file, H5FD_mem_t) {
  return disk_file(file).info.size;
}

/// The library asks beyond the end where it does not know the size of something; zeros are there.
herr_t disk_read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, void* buffer) {
  const DiskDriverInfo& info = disk_file(file).info;
  const std::span<std::byte> bytes(static_cast<std::byte*>(buffer), size);
  const haddr_t present = address < info.size ? std::min<haddr_t>(size, info.size - address) : 0;
  try {
    info.file->read_at(address, bytes.first(present));
  } catch (const Error& error) {  // exceptions must not cross the library
    H5Epush2(H5E_DEFAULT, "disk_read", __FILE__, __LINE__, H5E_ERR_CLS, H5E_IO, H5E_READERROR, "%s",
             error.what());
    return -1;
  } catch (...) {
    return -1;
  }
  std::ranges::fill(bytes.subspan(present), std::byte{0});
  return 0;
}

/// Is never called, as files are opened for reading.
herr_t disk_write(H5FD_t*, H5FD_mem_t, hid_t, haddr_t, std::size_t, const void*) {
  return -1;
}

}  // namespace

hid_t disk_driver(const Task& task) {
  static const H5FD_class_t description = [] {
    H5FD_class_t driver = driver_class("eustress_disk", sizeof(DiskDriverInfo));
    driver.open = disk_open;
    driver.close = disk_close;
    driver.cmp = disk_compare;
    driver.query = disk_query;
    driver.get_eoa = disk_get_eoa;
    driver.set_eoa = disk_set_eoa;
    driver.get_eof = disk_get_eof;
    driver.read = disk_read;
    driver.write = disk_write;
    return driver;
  }();
  static const hid_t driver = H5FDregister(&description);
  return task.check(driver);
}

}  // namespace eustress::io
