#pragma once

// HDF5 with checked calls, for the files of this folder only: the one place that includes hdf5.h.

#include <fmt/format.h>
#include <hdf5.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/error.hpp"
#include "io/hdf5/hdf5.hpp"

namespace eustress::io {

/// The messages of the last failed call, from what was asked for down to the cause.
std::string take_library_message();

/// What is being done to what, for messages.
struct Task {
  ErrorKind kind;
  std::string what;  ///< "write variable 'arm' of 'results.nc'"

  [[noreturn]] void fail(std::string_view reason) const {
    throw Error(kind, fmt::format("cannot {}: {}", what, reason));
  }
  template <class Result>
  Result check(Result result) const {
    if (result < 0) fail("HDF5: " + take_library_message());
    return result;
  }
};

using CloseCall = herr_t (*)(hid_t);

/// An open object of HDF5.
class Handle {
 public:
  Handle() = default;
  Handle(hid_t id, CloseCall close_call) : id_(id), close_(close_call) {}
  Handle(Handle&& other) noexcept
      : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  [[nodiscard]] hid_t id() const { return id_; }
  void close(const Task& task) {
    if (id_ >= 0) task.check(close_(std::exchange(id_, H5I_INVALID_HID)));
  }

 private:
  hid_t id_ = H5I_INVALID_HID;
  CloseCall close_ = nullptr;
};

inline Handle open_handle(const Task& task, hid_t id, CloseCall close_call) {
  return {task.check(id), close_call};
}

/// Errors reach the user by exceptions, not by the library's own printing.
void silence_library();

/// What our file drivers have in common. info_size: of the struct that is given to H5Pset_driver.
H5FD_class_t driver_class(const char* name, std::size_t info_size);

hid_t file_type(NumberType type);

template <class Number>
constexpr NumberType number_type() {
  if constexpr (std::is_same_v<Number, double>) return NumberType::float64;
  if constexpr (std::is_same_v<Number, float>) return NumberType::float32;
  if constexpr (std::is_same_v<Number, std::int64_t>) return NumberType::int64;
  if constexpr (std::is_same_v<Number, std::uint64_t>) return NumberType::uint64;
  if constexpr (std::is_same_v<Number, std::int32_t>) return NumberType::int32;
  if constexpr (std::is_same_v<Number, std::int16_t>) return NumberType::int16;
}

template <class Number>
hid_t memory_type() {
  if constexpr (std::is_same_v<Number, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_same_v<Number, float>) return H5T_NATIVE_FLOAT;
  if constexpr (std::is_same_v<Number, std::int64_t>) return H5T_NATIVE_INT64;
  if constexpr (std::is_same_v<Number, std::uint64_t>) return H5T_NATIVE_UINT64;
  if constexpr (std::is_same_v<Number, std::int32_t>) return H5T_NATIVE_INT32;
  if constexpr (std::is_same_v<Number, std::int16_t>) return H5T_NATIVE_INT16;
}

/// The type of numbers in a file, if it is one of ours.
std::optional<NumberType> recognised_type(hid_t type);

// How netCDF-4 numbers the dimensions, and which of them a variable has.
inline constexpr const char* kDimensionNumber = "_Netcdf4Dimid";
inline constexpr const char* kDimensionNumbers = "_Netcdf4Coordinates";
// How the high-level library of HDF5 marks a dimension scale, and who uses it. Written here,
// because that library leaves random bytes in the file and rewrites the lists for each variable.
inline constexpr const char* kScaleClass = "CLASS";
inline constexpr const char* kScaleName = "NAME";
inline constexpr const char* kScaleUsers = "REFERENCE_LIST";
inline constexpr const char* kScalesOfVariable = "DIMENSION_LIST";

}  // namespace eustress::io
